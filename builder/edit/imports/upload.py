"""One file in, one new entry out; and the writing of new entries."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from builder.edit.imports.destination import Destination, require_free
from builder.edit.imports.entry import make_entry
from builder.edit.imports.html.document import read_html
from builder.edit.imports.imported import Imported, ImportRefusedError
from builder.edit.imports.programs import Programs
from builder.edit.imports.sheet.table import read_attachment, read_table
from builder.edit.imports.word.document import BY_OFFICE, BY_PANDOC, read_word
from builder.messages.translation import N_
from builder.model.reading import BINARY


def nothing_beside(address: str) -> bytes | None:
    """Stands for a file that came by itself: nothing lies beside it."""
    return None


def import_file(
    content: bytes,
    name: str,
    place: Destination,
    programs: Programs,
    beside: Callable[[str], bytes | None] = nothing_beside,
    *,
    taken: Collection[str] = (),
) -> Imported:
    """Returns the entry that a file becomes at a place, with a report; nothing is written.

    ``name`` is what the file was called: its ending says what it is. ``beside`` gives the bytes of a file that lies beside
    it, by its relative address, None for one that does not. ``taken`` are paths of texts beside which it gets a number. Raises
    ImportRefusedError with one sentence for whatever cannot become an entry there.
    """
    ending = name.rpartition(".")[2].lower()
    if ending in (*BY_OFFICE, *BY_PANDOC):
        text = read_word(content, name, programs, official=place.section.type == "policy")
    elif ending in ("html", "htm"):
        text = read_html(content, name, beside)
    elif ending in ("xlsx", "xlsm", "xltx", "csv", "tsv"):
        text = read_table(content, name)
    else:
        text = None
    if text is not None:
        return make_entry(text, place, name, programs, taken=taken)
    raise ImportRefusedError(
        N_("{name} is of no kind that can be imported; these are: {kinds}."),
        name=name,
        kinds=".docx, .doc, .wps, .odt, .rtf, .xlsx, .csv, .html",
    )


def import_as_attachment(content: bytes, name: str, place: Destination) -> Imported:
    """Returns an entry with a spreadsheet to download: a copy in which nothing is hidden. Nothing is written. Raises
    ImportRefusedError."""
    return make_entry(read_attachment(content, name, place.now, place.text), place, name, Programs())


def write_files(root: Path, entries: Iterable[Imported]) -> list[Path]:
    """Writes new entries into the content, all or none; returns the paths of their texts. Raises ImportRefusedError where
    something lies already."""
    found = list(entries)
    for entry in found:
        require_free(root, entry.path.rpartition("/")[0])
    paths = [path for entry in found for path in entry.files]
    twice = next((path for path in paths if paths.count(path) > 1), None)
    if twice is not None:
        raise ImportRefusedError(N_("Two of the files have the same title ({file}); nothing was written."), file=twice)
    done: list[Path] = []
    try:
        for entry in found:
            for path, content in entry.files.items():
                _write(root / path, content, done)
    except OSError as error:
        for file in reversed(done):
            file.unlink() if file.is_file() else file.rmdir()
        raise ImportRefusedError(
            N_("{name} could not be written: {reason}."),
            name=str(error.filename or root),
            reason=error.strerror or str(error),
        ) from error
    return [root / entry.path for entry in found]


def _write(file: Path, content: bytes, done: list[Path]) -> None:
    """Writes a file that is not there yet; what was made is added to ``done``."""
    for folder in reversed([each for each in file.parents if not each.exists()]):
        folder.mkdir()
        done.append(folder)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o644)
    done.append(file)
    with open(handle, "wb") as stream:  # noqa: PTH123 - a descriptor
        stream.write(content)
