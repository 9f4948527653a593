"""The pass over a document before the converter: what it shows in Word is then what the converter reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec
from lxml import etree

from builder.edit.imports.imported import ImportRefusedError, Note
from builder.edit.imports.marks import CAPTION, HEADING, ITEM, MARK_SIGNS, TEXT, mark
from builder.edit.imports.package import damaged, open_package, pack, read_xml
from builder.edit.imports.word.flow import (
    PICTURES,
    choose_alternates,
    count_drawings,
    drop_contents,
    pull_out_boxes,
    settle_fields,
    spell_signs,
)
from builder.edit.imports.word.look import Look, look_of
from builder.edit.imports.word.numbering import Label, Numbering
from builder.edit.imports.word.parts import Parts, parts_of
from builder.edit.imports.word.revisions import accept_changes, drop, drop_hidden, text_of
from builder.edit.imports.word.styles import Styles, W, value
from builder.messages.translation import N_

MOST_PAGES = 500
_SIGNS_OF_PAGE = 1_600
"""Characters on a page of A4 that is full of Chinese in the usual size."""
_MAIN = ("wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml")
_QUOTED = ("quote", "intense quote", "block text", "引用", "明显引用", "source code", "html preformatted")
"""Styles that converters know, and that mean something."""
_LIST_LEVEL = re.compile(r"(?:list|列表|列出)\D*([2-5])$")
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"


class PreparedDocument(msgspec.Struct, frozen=True):
    """A document for the converter, what was taken out of it for the front matter, and its pictures by their names.

    ``words`` and ``pictures`` are what the converter has to find in it.
    """

    content: bytes
    parts: Mapping[str, bytes]
    folder: str
    words: str = ""
    pictures: int = 0
    title: str = ""
    issuer: str = ""
    number: str = ""
    issued: date | None = None
    notes: tuple[Note, ...] = ()


def prepare_document(content: bytes, name: str, *, official: bool) -> PreparedDocument:
    """Returns a .docx made ready. ``official``: red head and document number go into the front matter. Raises
    ImportRefusedError."""
    parts = open_package(content, name)
    main = _main_part(parts, name)
    folder = main.rpartition("/")[0]
    document = _Document(parts, main, name)
    notes = list(document.clean())
    if not document.has_words() and not document.has_pictures():
        raise ImportRefusedError(N_("{name} has no text that can be seen."), name=name)
    kept = document.structured(official=official)
    notes += document.notes
    changed = {**parts, **document.written()}
    return msgspec.structs.replace(
        kept,
        content=pack(changed),
        parts=parts,
        folder=folder,
        words=document.words(),
        pictures=document.pictures(),
        notes=tuple(notes),
    )


def _main_part(parts: Mapping[str, bytes], name: str) -> str:
    types = parts.get("[Content_Types].xml", b"")
    named = read_xml(types, name).iter("{*}Override") if types else ()
    kinds = ((each.get("PartName", "").removeprefix("/"), each.get("ContentType", "")) for each in named)
    main = next((path for path, kind in kinds if kind.endswith(_MAIN)), "")
    if main in parts:
        return main
    if b"spreadsheetml" in types:
        raise ImportRefusedError(N_("{name} is a spreadsheet; use “branchpress import sheet”."), name=name)
    if b"presentationml" in types:
        raise ImportRefusedError(
            N_("{name} is a presentation; copy its text into a document, and import that."), name=name
        )
    raise damaged(name)


class _Document:
    """The parts of a document that are read and changed."""

    def __init__(self, parts: Mapping[str, bytes], main: str, name: str) -> None:
        folder = main.rpartition("/")[0]
        self._main, self._parts = main, parts

        def part(file: str) -> Any:
            path = f"{folder}/{file}" if folder else file
            return read_xml(parts[path], name) if path in parts else None

        self.root = read_xml(parts[main], name)
        self._notes_roots = {
            f"{folder}/{file}": root for file in ("footnotes.xml", "endnotes.xml") if (root := part(file)) is not None
        }
        self.styles = Styles(part("styles.xml"))
        self._numbering = Numbering(part("numbering.xml"), self.styles)
        self._theme = _theme_font(part("theme/theme1.xml"))
        self.paragraphs: list[Any] = []
        self.notes: list[Note] = []
        self._name = name
        _require_pages(self.root, name)

    def clean(self) -> Iterator[Note]:
        """Takes out what nobody sees, and settles what is shown in two ways."""
        for root in (self.root, *self._notes_roots.values()):
            for text in root.iter(f"{W}t"):
                if text.text and not MARK_SIGNS.isdisjoint(text.text):
                    text.text = "".join(sign for sign in text.text if sign not in MARK_SIGNS)
            choose_alternates(root)
            yield from accept_changes(root)
            yield from drop_hidden(root, self.styles)
            yield from pull_out_boxes(root)
            settle_fields(root)
            yield from spell_signs(root)
        yield from drop_contents(self.root, self.styles)
        yield from count_drawings(self.root)
        yield from self._aside()
        self.paragraphs = list(self.root.iter(f"{W}p"))

    def has_words(self) -> bool:
        """Tells whether there is any text, be it in a note."""
        return any(text_of(root).strip() for root in (self.root, *self._notes_roots.values()))

    def words(self) -> str:
        """Returns all words as they are given to the converter, without marks."""
        text = "".join(text_of(root) for root in (self.root, *self._notes_roots.values()))
        return "".join(part.rpartition("\ufdd1")[2] for part in text.split("\ufdd0"))

    def pictures(self) -> int:
        """Returns the number of pictures."""
        return sum(1 for root in (self.root, *self._notes_roots.values()) for _ in root.iter(*PICTURES))

    def has_pictures(self) -> bool:
        """Tells whether there is a picture or a formula anywhere."""
        return any(True for _ in self.root.iter(f"{W}drawing", f"{W}pict", f"{W}object"))

    def _aside(self) -> Iterator[Note]:
        words = [
            " ".join(text_of(read_xml(content, self._name)).split())
            for path, content in sorted(self._parts.items())
            if re.fullmatch(r"word/(?:header|footer)\d*\.xml", path)
        ]
        # A page's number by itself is nothing to miss.
        said = [each for each in dict.fromkeys(words) if re.search(r"[^\W\d_]{2}", each)]
        if said:
            yield Note(
                "moved",
                N_("Page headers and footers were left out: {words}."),
                {"words": "; ".join(each[:40] for each in said[:3])},
            )
        core = self._parts.get("docProps/core.xml", b"")
        author = (read_xml(core, self._name).findtext(_CREATOR) or "").strip() if core else ""
        if author and author not in ("python-docx", "Administrator", "admin", "User", "Windows User"):
            yield Note(
                "told", N_("The file names “{author}” as its author; that is not published."), {"author": author[:40]}
            )

    def structured(self, *, official: bool) -> PreparedDocument:
        """Marks headings, lists and captions, writes out numbers, and takes out what goes into the front matter."""
        labels = [self._numbering.label(each) for each in self.paragraphs]
        body = next(self.root.iter(f"{W}body"), self.root)
        looks = [
            self._look(paragraph, label) if paragraph.getparent() is body else Look("")
            for paragraph, label in zip(self.paragraphs, labels, strict=True)
        ]
        found = parts_of(looks)
        gone = set(found.title)
        if official:
            gone |= {*found.head, *([found.number_at] if found.number_at is not None else [])}
        for place, (paragraph, label) in enumerate(zip(self.paragraphs, labels, strict=True)):
            self._mark(paragraph, label, found, place)
        for place in gone:
            self._take_out(self.paragraphs[place])
        if official and (found.head or found.number):
            self.notes.append(
                Note(
                    "moved",
                    N_("Red head and document number went into the front matter: {issuer} {number}"),
                    {"issuer": found.issuer, "number": found.number},
                )
            )
        return PreparedDocument(
            b"",
            {},
            "",
            title=_joined([looks[place].text for place in found.title]),
            issuer=found.issuer if official else "",
            number=found.number if official else "",
            issued=found.issued,
        )

    def _look(self, paragraph: Any, label: Label | None) -> Look:
        return look_of(
            paragraph, label.text if label is not None and label.form != "bullet" else "", self.styles, self._theme
        )

    def _take_out(self, paragraph: Any) -> None:
        """Drops a line of text, and keeps what else hangs on it."""
        for run in list(paragraph.iter(f"{W}r")):
            if run.find(f".//{W}drawing") is None and run.find(f".//{W}pict") is None:
                drop(run)
        if paragraph.find(f".//{W}drawing") is None and paragraph.find(f".//{W}pict") is None:
            drop(paragraph)

    def _mark(self, paragraph: Any, label: Label | None, found: Parts, place: int) -> None:
        level = found.headings.get(place, 0)
        properties = paragraph.find(f"{W}pPr")
        depth = label.level if label is not None else 0
        if not depth:
            # “List Bullet 3” is the third level, though its numbering is the first of another list.
            named = (_LIST_LEVEL.search(name) for name in self.styles.names(paragraph)[:1])
            depth = next((int(match[1]) - 1 for match in named if match is not None), 0)
        if properties is not None:
            quoted = any(name in _QUOTED for name in self.styles.names(paragraph))
            for name in ("numPr", "outlineLvl", "ind", "framePr", *(() if quoted else ("pStyle",))):
                for each in properties.findall(W + name):
                    properties.remove(each)
        if label is not None and (level or not label.plain):
            _put_first(paragraph, label.text + ("" if label.text.endswith(("、", "）")) else " "))
        if level:
            _put_first(paragraph, mark(HEADING, level))
        elif place in found.captions:
            _put_first(paragraph, mark(CAPTION))
        elif label is not None and label.plain:
            _put_first(paragraph, mark(ITEM, depth, label.number if label.form == "decimal" else -1))
        elif label is not None:
            _put_first(paragraph, mark(TEXT, depth))

    def written(self) -> dict[str, bytes]:
        """Returns the parts that have changed."""
        changed = {self._main: self.root, **self._notes_roots}
        return {path: etree.tostring(root, encoding="UTF-8", standalone=True) for path, root in changed.items()}


def _put_first(paragraph: Any, text: str) -> None:
    run = etree.Element(f"{W}r")
    words = etree.SubElement(run, f"{W}t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    paragraph.insert(1 if paragraph.find(f"{W}pPr") is not None else 0, run)


def _joined(lines: list[str]) -> str:
    """Joins the lines of a title: with a blank only between Latin words, and without the blanks that space it out."""
    text = lines[0] if lines else ""
    for line in lines[1:]:
        text += (" " if text[-1:].isascii() and line[:1].isascii() else "") + line
    return re.sub(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+(?=[\u3000-\u9fff\uff00-\uffef])", "", text)


def _theme_font(theme: Any) -> str:
    main = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    if theme is None:
        return ""
    minor = theme.find(f".//{main}minorFont")
    hans = minor.find(f"{main}font[@script='Hans']") if minor is not None else None
    east = minor.find(f"{main}ea") if minor is not None else None
    return (
        (east.get("typeface") if east is not None else "") or (hans.get("typeface") if hans is not None else "") or ""
    )


def _require_pages(root: Any, name: str) -> None:
    """Raises ImportRefusedError for a document that is longer than an entry can be; what it says of itself is not asked."""
    breaks = sum(1 for each in root.iter(f"{W}lastRenderedPageBreak"))
    written = sum(1 for each in root.iter(f"{W}br") if value(each, "type") == "page")
    signs = sum(len(each.text or "") for each in root.iter(f"{W}t"))
    pages = max(breaks, written, signs // _SIGNS_OF_PAGE)
    if pages > MOST_PAGES:
        raise ImportRefusedError(
            N_(
                "{name} has about {pages} pages; at most {most} make one entry. Divide it, or publish it as an attachment."
            ),
            name=name,
            pages=str(pages),
            most=str(MOST_PAGES),
        )
