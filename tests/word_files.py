"""Word documents for tests, made when they are needed: no binary files in the repository."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor

SONG, HEI, KAI, TITLE_FONT = "仿宋", "黑体", "楷体", "方正小标宋简体"
SPACES = (
    ("wps", "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"),
    ("mc", "http://schemas.openxmlformats.org/markup-compatibility/2006"),
    ("v", "urn:schemas-microsoft-com:vml"),
    ("m", "http://schemas.openxmlformats.org/officeDocument/2006/math"),
)
CENTER, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


class WordFile:
    """A document that is written line by line as staff write: fonts and sizes instead of styles."""

    def __init__(self) -> None:
        self.document = Document()
        self._numbering = self.document.part.numbering_part.element

    def line(self, text: str, font: str = SONG, size: float = 16, align: Any = None, **look: Any) -> Any:
        """Adds a paragraph. ``look``: bold, red, hidden, style."""
        paragraph = self.document.add_paragraph(style=look.get("style"))
        run = paragraph.add_run(text)
        run.font.name, run.font.size = font, Pt(size)
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        if look.get("bold"):
            run.bold = True
        if look.get("hidden"):
            run.font.hidden = True
        if look.get("red"):
            run.font.color.rgb = RGBColor(0xFF, 0, 0)
        paragraph.alignment = align
        return paragraph

    def numbering(self, number: int, *levels: tuple[str, str], start: Mapping[int, int] = {}) -> None:
        """Defines a list with the id ``number``: for each level the form of its number and its text (``第%1条``)."""
        rows = "".join(
            f'<w:lvl w:ilvl="{place}"><w:start w:val="{start.get(place, 1)}"/><w:numFmt w:val="{form}"/>'
            f'<w:lvlText w:val="{text}"/></w:lvl>'
            for place, (form, text) in enumerate(levels)
        )
        space = nsdecls("w")
        self._numbering.insert(
            0, parse_xml(f'<w:abstractNum {space} w:abstractNumId="{number}">{rows}</w:abstractNum>')
        )
        self._numbering.append(
            parse_xml(f'<w:num {space} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>')
        )

    def number_properties(self, number: int, level: int = 0) -> Any:
        """The properties that give a paragraph, or a style, the numbers of a list."""
        return parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')

    def mark_deleted(self, paragraph: Any) -> None:
        """Marks the end of a paragraph as deleted in a tracked change."""
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:rPr {nsdecls("w")}><w:del w:author="张三" w:id="9"/></w:rPr>')
        )

    def hide_row(self, row: Any) -> None:
        """Hides a row of a table."""
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:hidden {nsdecls('w')}/>"))

    def delete_row(self, row: Any) -> None:
        """Deletes a row of a table in a tracked change."""
        row._tr.get_or_add_trPr().append(parse_xml(f'<w:del {nsdecls("w")} w:author="张三" w:id="8"/>'))

    def numbered(self, paragraph: Any, number: int, level: int = 0) -> Any:
        """Gives a paragraph the next number of a list."""
        paragraph._p.get_or_add_pPr().append(self.number_properties(number, level))
        return paragraph

    def xml(self, paragraph: Any, content: str) -> Any:
        """Appends raw WordprocessingML to a paragraph."""
        spaces = nsdecls("w", "wp", "a", "pic", "r") + "".join(f' xmlns:{name}="{space}"' for name, space in SPACES)
        for each in parse_xml(f"<w:p {spaces}>{content}</w:p>"):
            paragraph._p.append(each)
        return paragraph

    def content(self) -> bytes:
        """The bytes of the file."""
        file = io.BytesIO()
        self.document.save(file)
        return file.getvalue()


def repacked(content: bytes, **parts: bytes) -> bytes:
    """A package with other parts in it; ``__`` in a name stands for a slash, ``_`` before the ending for a dot."""
    return with_parts(content, {name.replace("__", "/").replace("_", "."): part for name, part in parts.items()})


def with_parts(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """A package in which these parts stand in the place of others of their name."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return made.getvalue()
