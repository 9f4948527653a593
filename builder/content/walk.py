"""The files of a folder under content/, and those that may not be opened."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import itemgetter
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec

from builder.messages.diagnostics import Diagnostic
from builder.model.media import located
from builder.model.reading import lies_in
from builder.model.signature import Signature, signature_of

JUNK = frozenset({"thumbs.db", "desktop.ini", "node_modules"})
_DEEPEST = 12
_OF_FILE = 6
"""Members of the row of a file in a listing."""
_ALWAYS = 1 << 63
"""The time of what is looked at each time."""
_MOST_LINKED = 10_000


Refusal = Literal[
    "",
    "symlink-outside",
    "not-regular",
    "file-unreadable",
    "folder-too-deep",
    "folder-linked-often",
    "name-undecodable",
]
"""Why a file is not opened; empty for one that is."""


class FoundFile(NamedTuple):
    """A file: its path under the root, its parts below the folder that was walked, its signature, or why it is refused."""

    path: str
    parts: tuple[str, ...]
    signature: Signature
    refused: Refusal = ""


class _Links:
    """The links to folders of one walk: how many names may still be found through them, and whether that was told to be over."""

    def __init__(self) -> None:
        self.left = _MOST_LINKED
        self.told = False


def walk(root: Path, folder: str) -> Iterator[FoundFile]:
    """Lists every file below ``folder`` (``content/<branch>``), by path; names that start with ``_`` or ``.`` are ignored.

    Symbolic links are followed as long as they stay inside content/; a folder is entered once on each way, and links to
    folders are followed until :data:`_MOST_LINKED` names were found through them: a dozen folders that lead to each other
    have hundreds of millions of ways. Devices, sockets and FIFOs are refused unopened.
    """
    home, real = os.path.realpath(root / "content"), os.path.realpath(root / folder)
    if not lies_in(real, home):
        yield FoundFile(folder, (), Signature(0, 0, 0, 0), "symlink-outside")
        return
    yield from _walk(os.fspath(root), folder, (), home, (real,), _Links(), linked=False)


def _walk(
    root: str, folder: str, parts: tuple[str, ...], home: str, above: tuple[str, ...], links: _Links, *, linked: bool
) -> Iterator[FoundFile]:
    """Lists a folder; ``linked`` says that it was found through a link."""
    place = f"{root}/{folder}"
    try:
        entries = sorted(os.scandir(place), key=lambda entry: entry.name)
    except OSError:
        yield FoundFile(folder, parts, Signature(0, 0, 0, 0), "file-unreadable")
        return
    if linked:
        links.left -= len(entries) + 1
    for entry in entries:
        name = entry.name
        if name.startswith(("_", ".")) or name.lower() in JUNK:
            continue
        path, inner = f"{folder}/{name}", (*parts, name)
        nothing = Signature(0, 0, 0, 0)
        if not name.isascii() and any("\udc80" <= character <= "\udcff" for character in name):
            shown = name.encode("utf-8", "replace").decode()
            yield FoundFile(f"{folder}/{shown}", (*parts, shown), nothing, "name-undecodable")
            continue
        try:
            real = os.path.realpath(f"{above[-1]}/{name}") if entry.is_symlink() else ""
            if real and not lies_in(real, home):
                yield FoundFile(path, inner, nothing, "symlink-outside")
                continue
            status = entry.stat()
        except OSError:
            yield FoundFile(path, inner, nothing, "file-unreadable")
            continue
        if stat.S_ISDIR(status.st_mode):
            here = real or f"{above[-1]}/{name}"
            if len(inner) > _DEEPEST or here in above:
                yield FoundFile(path, inner, nothing, "folder-too-deep")
            elif real and links.left <= 0:
                # One is enough to tell of.
                if not links.told:
                    links.told = True
                    yield FoundFile(path, inner, nothing, "folder-linked-often")
            else:
                yield from _walk(root, path, inner, home, (*above, here), links, linked=linked or bool(real))
        elif stat.S_ISREG(status.st_mode):
            yield FoundFile(path, inner, signature_of(status))
        else:
            yield FoundFile(path, inner, nothing, "not-regular")


Row = tuple[Any, ...]


class Listing(NamedTuple):
    """A listing of what :func:`walk` would find below a folder: its hash, empty if there is none, and the newest of all times in
    nanoseconds. ``rows`` have what is hashed; those of files are path, mode, size, times and inode."""

    digest: str
    newest: int
    rows: list[Row]

    def files(self, root: Path) -> Mapping[str, tuple[int, ...]]:
        """Returns the members of the signature of each file, by its path under the root."""
        start = len(f"{root}/")
        return {row[0][start:]: row[2:] for row in self.rows if len(row) == _OF_FILE}

    def apart_from(self, root: Path, paths: Collection[str]) -> tuple[str, int]:
        """Returns the hash of the listing, and the newest of all times, but for those of the files at ``paths`` under the root,
        of which only the names count."""
        if self.newest >= _ALWAYS:
            return "", _ALWAYS
        names = {f"{root}/{path}" for path in paths}
        rows = [row if len(row) != _OF_FILE or row[0] not in names else row[:1] for row in self.rows]
        times = (max(row[-3:-1]) for row in rows if len(row) >= _OF_FILE - 1)
        return hashlib.sha256(_packed(rows)).hexdigest(), max(times, default=0)


def listing(root: Path, folder: str, outside: Iterable[str] = ()) -> Listing:
    """Lists what :func:`walk` would find below ``folder``.

    Nothing in the folder is opened. ``outside`` are further files, by path under the root, that count too.
    """
    rows: list[Row] = []
    newest = 0
    places = [f"{root}/{folder}"]
    if os.path.islink(places[0]):  # noqa: PTH114 - many folders
        # It may lead anywhere: the walk looks where, each time.
        return Listing("", _ALWAYS, [])
    while places:
        place = places.pop()
        try:
            entries = list(os.scandir(place))
        except OSError:
            rows.append((place, "?"))
            continue
        for entry in entries:
            if entry.name.startswith((".", "_")):
                continue
            try:
                linked = entry.is_symlink()
                if not linked and entry.is_dir():
                    # Only what it holds counts.
                    rows.append((entry.path,))
                    places.append(entry.path)
                    continue
                status = entry.stat()
            except OSError:
                rows.append((entry.path, "?"))
                continue
            if linked:
                rows.append((entry.path, "", os.path.realpath(entry.path)))
            if stat.S_ISDIR(status.st_mode):
                rows.append((entry.path,))
                # Rare, and it may lead anywhere: such a folder is always walked again.
                newest = _ALWAYS
                continue
            written, touched = status.st_mtime_ns, status.st_ctime_ns
            rows.append((entry.path, status.st_mode, status.st_size, written, touched, status.st_ino))
            if written > newest:
                newest = written
            if touched > newest:
                newest = touched
    for path in outside:
        try:
            status = located(root, path).stat()
        except OSError:
            rows.append((path, "?"))
            continue
        rows.append((path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino))
        newest = max(newest, status.st_mtime_ns, status.st_ctime_ns)
    rows.sort(key=itemgetter(0))
    return Listing(hashlib.sha256(_packed(rows)).hexdigest(), newest, rows)


def _packed(rows: list[Row]) -> bytes:
    """Returns rows as bytes; a name that is no text, as the system gives it."""
    try:
        return msgspec.msgpack.encode(rows)
    except UnicodeEncodeError:
        return repr(rows).encode("utf-8", "surrogateescape")


def diagnostic_of(found: FoundFile) -> Diagnostic:
    """Returns the diagnostic of a file that is refused."""
    return Diagnostic(
        found.refused, arguments={"name": found.parts[-1] if found.parts else found.path.rpartition("/")[2]}
    )
