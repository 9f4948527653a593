"""Hidden data of documents for download: names of authors, changes that were tracked, comments, places.

Everything is read within bounds: no file of more than :data:`MOST_BYTES`, of an archive only so many pieces of so many bytes.
What cannot be read tells nothing here.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import msgspec

from builder.model.media import is_picture
from builder.model.media_types import extension
from builder.model.reading import open_file, read_file
from builder.pictures import tells_position

MOST_BYTES = 50_000_000
_MOST_PIECES, _MOST_PIECE, _MOST_UNPACKED, _MOST_PAGES = 2_000, 8_000_000, 200_000_000, 100
_OFFICE = frozenset("docx docm dotx xlsx xlsm pptx pptm ppsx odt ods odp odg".split())
_AUTHOR = re.compile(
    rb"<(?:dc:creator|cp:lastModifiedBy|meta:initial-creator|Manager)(?:\s[^>]*)?>([^<]+)</", re.IGNORECASE
)
_XMP_AUTHOR = re.compile(rb"<dc:creator[^>]*>.{0,200}?<rdf:li[^>]*>([^<]+)</", re.IGNORECASE | re.DOTALL)
_CHANGES = re.compile(
    rb"<(?:w:(?:ins|del|moveFrom|moveTo)\s|text:(?:insertion|deletion|format-change)\b|rrc\s|rcc\s)", re.IGNORECASE
)
_COMMENTS = re.compile(
    rb"<(?:w:comment\s|comment\s|threadedComment\s|p:cm\s|p188:cm\s|office:annotation[\s>])", re.IGNORECASE
)
_TEXTS = re.compile(
    r"(?:docProps/(?:core|app)\.xml|meta\.xml|content\.xml|word/(?:document|comments\w*|header\d*|footer\d*|footnotes)\.xml|"
    r"xl/(?:comments\d*|threadedComments/\w+|revisions/\w+)\.xml|ppt/comments/\w+\.xml)"
)
_PROGRAMS = re.compile(
    r"(?:microsoft|openpyxl|python|libreoffice|openoffice|adobe|acrobat|apache|wps)\b|"
    r"(?:admin|administrator|user|用户|un-named|unknown|author|作者|\W*)$",
    re.IGNORECASE,
)
"""Placeholders in the author's field that name nobody."""


class DocumentDetails(msgspec.Struct, frozen=True, array_like=True):
    """The hidden data of one document."""

    authors: tuple[str, ...] = ()
    changes: bool = False
    comments: bool = False
    position: bool = False


def document_details(file: Path) -> DocumentDetails:
    """Return what a document tells; nothing for a file of another kind, and for one that cannot be read."""
    kind = extension(file.name)
    try:
        if (kind not in _OFFICE and kind != "pdf") or file.stat().st_size > MOST_BYTES:
            return DocumentDetails()
        return _pdf(file) if kind == "pdf" else _office(file)
    # A damaged or hostile file may fail in any way, and tells nothing then.
    except Exception:
        return DocumentDetails()


def _office(file: Path) -> DocumentDetails:
    authors: list[str] = []
    changes = comments = position = False
    left = _MOST_UNPACKED
    with open_file(file, file.parent) as opened, zipfile.ZipFile(opened) as archive:
        for piece in archive.infolist()[:_MOST_PIECES]:
            picture = is_picture(piece.filename)
            if not picture and not _TEXTS.fullmatch(piece.filename):
                continue
            with archive.open(piece) as stream:
                content = stream.read(min(_MOST_PIECE, left))
            left -= len(content)
            if picture:
                position = position or tells_position(Path(piece.filename), content)
                continue
            authors += (unescape(found.decode("utf-8", "replace")) for found in _AUTHOR.findall(content))
            changes = changes or _CHANGES.search(content) is not None
            comments = comments or _COMMENTS.search(content) is not None
    return DocumentDetails(_names(authors), changes, comments, position)


def _pdf(file: Path) -> DocumentDetails:
    from pypdf import PdfReader

    # What it finds wrong with a file is no affair of whoever builds.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    content = read_file(file, MOST_BYTES, file.parent)
    authors = [unescape(found.decode("utf-8", "replace")) for found in _XMP_AUTHOR.findall(content)]
    reader = PdfReader(io.BytesIO(content))
    if reader.metadata is not None and reader.metadata.author:
        authors.append(str(reader.metadata.author))
    return DocumentDetails(_names(authors), comments=any(_notes(reader)))


def _notes(reader: object) -> Iterator[bool]:
    pages = reader.pages  # type: ignore[attr-defined]
    for number in range(min(len(pages), _MOST_PAGES)):
        for note in pages[number].get("/Annots") or ():
            if note.get_object().get("/Subtype") in ("/Text", "/FreeText", "/Highlight", "/StrikeOut"):
                yield True


def _names(found: list[str]) -> tuple[str, ...]:
    """Return names of persons, once each; those of programs are none."""
    names = (" ".join(each.split())[:80] for each in found)
    return tuple(dict.fromkeys(each for each in names if each and not _PROGRAMS.match(each)))[:5]
