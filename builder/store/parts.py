"""The documents of a large site, stored in parts that change one by one: each is a file that is known by the hash of its bytes.

A release that follows another links the parts in which nothing has changed, and writes the others: one edited text costs its
part, however large the site is.
"""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from operator import is_
from pathlib import Path
from types import MappingProxyType
from zlib import crc32

import msgspec

from builder.content.documents import Document

APART = 64
"""So many documents lie in a part on average; a site that has no more has none, its record holds them."""
DOCUMENTS = "documents"
"""The folder of a release in which they lie."""
Parts = Mapping[str, tuple[Document, ...]]
"""Documents in parts, in order, by the names of their files."""
Names = Mapping[str, str]
"""The names of parts, in order, by the path of the first document of each."""
NO_PARTS: Parts = MappingProxyType({})


def write_parts(
    folder: Path, documents: tuple[Document, ...], size: int, known: Parts = NO_PARTS, places: Iterable[Path] = ()
) -> Parts:
    """Writes documents into a folder in parts of about ``size``, unless they are no more than that. A part that is ``known``, and
    has the very same documents, is linked from one of the ``places`` where it may lie. Raises OSError."""
    if len(documents) <= size:
        return {}
    folder.mkdir(parents=True, exist_ok=True)
    by_first = {part[0].path: (name, part) for name, part in known.items()}
    made: dict[str, tuple[Document, ...]] = {}
    for part in _cut(documents, size):
        name, last = by_first.get(part[0].path, ("", ()))
        same = len(last) == len(part) and all(map(is_, last, part))
        if not same or not any(_is_linked(place / name, folder / name) for place in places):
            name = _write_part(folder, part)
        made[name] = part
    return made


def read_parts(folder: Path, names: Iterable[str], known: Parts = NO_PARTS) -> Parts | None:
    """Returns the documents that were written into a folder under these names, unless they are ``known``; None if any part is
    gone or not as it was written."""
    found: dict[str, tuple[Document, ...]] = {}
    for name in names:
        part = known.get(name) or _read_part(folder / name)
        if part is None:
            return None
        found[name] = part
    return found


def _read_part(file: Path) -> tuple[Document, ...] | None:
    try:
        content = file.read_bytes()
        if hashlib.sha256(content).hexdigest() == file.name:
            return msgspec.json.decode(content, type=tuple[Document, ...])
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError):
        pass
    return None


def replace_documents(
    folder: Path, names: Names, replaced: Mapping[str, Document], known: Parts, place: Path
) -> Parts | None:
    """Writes the parts that lie at a place into a folder, with some documents in the place of those at the same paths; only their
    parts are read. Returns all parts, those that were not read without documents; None if one is gone or not as it was written.
    Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    inside = {name for path in replaced if (name := part_of(names, path))}
    read = read_parts(place, sorted(inside), known)
    if read is None:
        return None
    made: dict[str, tuple[Document, ...]] = {}
    for name in names.values():
        if name in inside:
            part = tuple(replaced.get(document.path, document) for document in read[name])
            made[_write_part(folder, part)] = part
        elif _is_linked(place / name, folder / name):
            made[name] = ()
        else:
            return None
    return made


def part_of(names: Names, path: str) -> str:
    """Returns the name of the part that has a path, if any has; empty if none can."""
    firsts = list(names)
    number = bisect_right(firsts, path)
    return names[firsts[number - 1]] if number else ""


def names_of(parts: Parts) -> Names:
    """Returns the names of parts, all of which have their documents."""
    return {documents[0].path: name for name, documents in parts.items()}


def link_parts(place: Path, folder: Path) -> None:
    """Links all parts that lie at a place into a folder. Raises OSError."""
    for part in place.iterdir() if place.is_dir() else ():
        folder.mkdir(exist_ok=True)
        os.link(part, folder / part.name)


def joined(parts: Parts) -> tuple[Document, ...]:
    """Returns the documents of all parts."""
    return tuple(chain.from_iterable(parts.values()))


def _write_part(folder: Path, part: tuple[Document, ...]) -> str:
    content = msgspec.json.encode(part)
    name = hashlib.sha256(content).hexdigest()
    # Not in its place: it may be linked from elsewhere.
    (folder / name).unlink(missing_ok=True)
    (folder / name).write_bytes(content)
    return name


def _cut(documents: Iterable[Document], size: int) -> Iterator[tuple[Document, ...]]:
    """Cuts documents into parts behind those whose paths say so: one that comes or goes moves no other to another part."""
    part: list[Document] = []
    for document in documents:
        part.append(document)
        if crc32(document.path.encode()) % size == 0:
            yield tuple(part)
            part = []
    if part:
        yield tuple(part)


def _is_linked(there: Path, here: Path) -> bool:
    """Links a file, if it is there."""
    try:
        here.unlink(missing_ok=True)
        os.link(there, here)
    except OSError:
        return False
    return True
