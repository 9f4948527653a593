"""A Word document as a text for an entry."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from builder.content.yaml.quoting import quoted
from builder.edit.imports.entry import ImportedText
from builder.edit.imports.imported import ImportRefusedError, Note
from builder.edit.imports.marked import structured
from builder.edit.imports.package import is_compound, require_size
from builder.edit.imports.programs import Programs, to_docx, to_html
from builder.edit.imports.word.prepare import PreparedDocument, prepare_document
from builder.messages.translation import N_

_SPACES = re.compile(r"\s+")
_FEW = 3
"""Signs that a converter may write in another way, such as quotation marks."""
BY_OFFICE = ("doc", "wps", "wpt", "dot", "odt", "rtf")
"""Kinds of documents that LibreOffice makes a .docx of."""
BY_PANDOC = ("docx", "docm", "dotx", "dotm")


def read_word(content: bytes, name: str, programs: Programs, *, official: bool) -> ImportedText:
    """Returns what a Word document holds; ``official``: a policy, whose red head and number go into the front matter. Raises
    ImportRefusedError."""
    ending = name.rpartition(".")[2].lower()
    if ending not in (*BY_OFFICE, *BY_PANDOC):
        raise ImportRefusedError(
            N_("{name} is no document that can be read; these can: {kinds}."),
            name=name,
            kinds=tuple(f".{each}" for each in ("docx", *BY_OFFICE[:2], *BY_OFFICE[4:])),
        )
    require_size(content, name)
    notes: list[Note] = []
    # Whatever it is called: a binary file is an old one, and a package a new one.
    if is_compound(content) or (ending in BY_OFFICE and not content.startswith(b"PK\x03\x04")) or ending == "odt":
        file = name if ending in BY_OFFICE else f"{name}.doc"
        content = to_docx(content, file, programs)
        notes.append(Note("told", N_("The document was converted by LibreOffice first; compare it with the original.")))
    made = prepare_document(content, name, official=official)
    root = structured(to_html(made.content, programs, name))
    notes += _missing(root, made)
    keys = {"number": made.number, "issuer": made.issuer}
    written = {key: quoted(value) for key, value in keys.items() if value}
    if official and made.issued is not None:
        written["issued"] = made.issued.isoformat()
        notes.append(
            Note(
                "moved", N_("The date of the signature became the date of issue: {date}."), {"date": written["issued"]}
            )
        )
    return ImportedText(root, made.title, written, _Pictures(made.parts, made.folder), notes=(*made.notes, *notes))


def _missing(root: Any, made: PreparedDocument) -> Iterator[Note]:
    """Yields a note of pictures and words that the converter did not find: nothing gets lost without one."""
    pictures = made.pictures - sum(1 for _ in root.iter("img"))
    if pictures > 0:
        yield Note(
            "unreadable",
            N_(
                "Pictures ({count}) could not be taken out of the document, perhaps since they are only linked; add them."
            ),
            {"count": str(pictures)},
        )
    # A caption is the title of its picture.
    captions = "".join(picture.get("title") or "" for picture in root.iter("img"))
    lost = Counter(_SPACES.sub("", made.words)) - Counter(_SPACES.sub("", root.text_content() + captions))
    count = sum(lost.values())
    if count > max(_FEW, len(made.words) // 200):
        yield Note(
            "unreadable",
            N_("About {count} characters of the document are not in the entry; compare the two."),
            {"count": str(count)},
        )


class _Pictures:
    """The pictures in a package, by the addresses that the converter writes."""

    def __init__(self, parts: Mapping[str, bytes], folder: str) -> None:
        self._parts, self._folder = parts, folder

    def __call__(self, address: str) -> Any:
        path = posixpath.normpath(posixpath.join(self._folder, unquote(address)))
        return self._parts.get(path) or self._parts.get(unquote(address).lstrip("/"))
