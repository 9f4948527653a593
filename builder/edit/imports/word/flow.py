"""The one flow of text that a page needs: text boxes beside the text, fields, signs of symbol fonts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from builder.edit.imports.imported import Note
from builder.edit.imports.word.revisions import drop, unwrap
from builder.edit.imports.word.styles import Styles, W, value
from builder.messages.translation import N_

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GRAPHIC = "{http://schemas.openxmlformats.org/drawingml/2006/main}graphicData"
PICTURES = (
    "{http://schemas.openxmlformats.org/drawingml/2006/main}blip",
    "{urn:schemas-microsoft-com:vml}imagedata",
)
"""The elements that show a picture, today's and the older one."""
_KEPT_FIELDS = ("HYPERLINK",)
_CONTENTS = ("toc ", "目录 ", "table of figures")
_SIGNS: Mapping[int, str] = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x75: "◆", 0x76: "❖", 0x9F: "•", 0xA1: "○", 0xA3: "□", 0xA7: "▪", 0xA8: "□",
    0xB7: "•", 0xD8: "➢", 0xE0: "→", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0x52: "☑", 0x53: "☒", 0x50: "✓",
}  # fmt: skip
"""The signs that Wingdings and Wingdings 2 show at some of their places."""


def choose_alternates(root: Any) -> None:
    """Keeps one of what is written in two ways, for newer and older programs."""
    for alternate in list(root.iter(f"{_COMPATIBILITY}AlternateContent")):
        choice = alternate.find(f"{_COMPATIBILITY}Choice")
        kept = choice if choice is not None else alternate.find(f"{_COMPATIBILITY}Fallback")
        for other in list(alternate):
            if other is not kept:
                alternate.remove(other)
        if kept is not None:
            unwrap(kept)
        unwrap(alternate)


def pull_out_boxes(root: Any) -> Iterator[Note]:
    """Puts the text of boxes behind the paragraph that they hang on."""
    count = 0
    for box in list(root.iter(f"{W}txbxContent")):
        anchor = next((each for each in box.iterancestors(f"{W}p")), None)
        if anchor is None:
            continue
        count += 1
        for child in reversed(list(box)):
            anchor.addnext(child)
        drawing = next(box.iterancestors(f"{W}drawing", f"{W}pict", f"{W}object"), None)
        drop(box)
        if drawing is not None and not _holds(drawing, *PICTURES) and not _holds(drawing, f"{W}txbxContent"):
            drop(drawing)
    if count:
        yield Note(
            "moved", N_("Text boxes ({count}) stand behind the paragraph that they hung on."), {"count": str(count)}
        )


def count_drawings(root: Any) -> Iterator[Note]:
    """Yields a note of charts, diagrams and drawn shapes, which no converter takes over."""
    count = sum(
        1
        for drawing in root.iter(f"{W}drawing", f"{W}pict", f"{W}object")
        if not _holds(drawing, *PICTURES) and (drawing.tag != f"{W}pict" or _holds(drawing, _GRAPHIC))
    )
    if count:
        yield Note(
            "unreadable",
            N_(
                "Charts, diagrams and drawn shapes ({count}) cannot be taken over; save them as pictures and add those."
            ),
            {"count": str(count)},
        )


def _holds(element: Any, *names: str) -> bool:
    return next(element.iter(*names), None) is not None


def settle_fields(root: Any) -> None:
    """Leaves of each field what it shows; links stay fields."""
    for field in list(root.iter(f"{W}fldSimple")):
        if not (value(field, "instr").strip().upper().startswith(_KEPT_FIELDS)):
            unwrap(field)
    opened: list[dict[str, Any]] = []
    for run in list(root.iter(f"{W}r")):
        mark = run.find(f"{W}fldChar")
        kind = value(mark, "fldCharType")
        if kind == "begin":
            opened.append({"marks": [run], "words": "", "shows": False})
        elif opened and kind == "separate":
            opened[-1]["shows"] = True
            opened[-1]["marks"].append(run)
        elif opened and kind == "end":
            field = opened.pop()
            if not field["words"].strip().upper().startswith(_KEPT_FIELDS):
                for each in (*field["marks"], run):
                    drop(each)
        elif opened and not opened[-1]["shows"]:
            opened[-1]["words"] += "".join(each.text or "" for each in run.iter(f"{W}instrText"))
            opened[-1]["marks"].append(run)


def drop_contents(root: Any, styles: Styles) -> Iterator[Note]:
    """Takes out the lines of a table of contents."""
    lines = [
        paragraph
        for paragraph in root.iter(f"{W}p")
        if any(name.startswith(_CONTENTS) and name != "toc heading" for name in styles.names(paragraph)[:1])
    ]
    for line in lines:
        before = line.getprevious()
        words = "".join("".join(before.itertext(f"{W}t")).split()) if before is not None else ""
        if words in ("目录", "目次", "Contents"):
            drop(before)
        drop(line)
    if lines:
        yield Note("moved", N_("The table of contents was left out; pages make their own from the headings."))


def spell_signs(root: Any) -> Iterator[Note]:
    """Writes the signs of symbol fonts as the characters that they look like; a note tells of those that are not known."""
    unknown = 0
    for sign in list(root.iter(f"{W}sym")):
        code, font = value(sign, "char"), value(sign, "font")
        try:
            number = int(code, 16)
        except ValueError:
            number = 0
        shown = (
            _SIGNS.get(number & 0xFF, "")
            if number >= 0xF000 or "dings" in font.lower()
            else chr(number)
            if number > 31
            else ""
        )
        unknown += not shown
        text = etree.SubElement(sign.getparent(), f"{W}t")
        text.text = shown
        sign.getparent().replace(sign, text)
    for ruby in list(root.iter(f"{W}ruby")):
        base, read = ruby.find(f"{W}rubyBase"), ruby.find(f"{W}rt")
        words = "".join(base.itertext(f"{W}t")) if base is not None else ""
        spoken = "".join(read.itertext(f"{W}t")) if read is not None else ""
        text = etree.SubElement(ruby.getparent(), f"{W}t")
        text.text = f"{words}（{spoken}）" if spoken else words
        ruby.getparent().replace(ruby, text)
    if unknown:
        yield Note(
            "unreadable",
            N_("Signs of a symbol font ({count}) are not known and were left out."),
            {"count": str(unknown)},
        )
