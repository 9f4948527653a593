"""The look of the paragraphs of a pasted text, and the headings that are headings by their look alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from builder.edit.imports.html.css import declarations, is_bold, points
from builder.edit.imports.marks import CAPTION, mark, split_mark
from builder.edit.imports.word.look import FIRST, SECOND

_LEVELS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LEAVES = ("p", "div", "section", *_LEVELS)
_BLOCKS = frozenset(
    (
        *_LEAVES,
        "ul",
        "ol",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "blockquote",
        "pre",
        "hr",
        "figure",
        "article",
        "dl",
        "center",
    )
)
_ENCLOSED = ("table", "ul", "ol", "blockquote", "pre", "figure")
_HEAVY = re.compile(r"黑体|simhei|小标宋|heiti")
_CAPTION = re.compile(r"[▲△↑⬆◎▼]\s*|(?=图\s*[\d一二三四五六七八九十]+)")
_ENDS = "。；;，,：:！!？?…、."
_TITLE_POINTS = 15.0
_LONGEST_HEADING, _LONGEST_TITLE = 36, 64


class Line(NamedTuple):
    """A paragraph: its element, its words, and whether all of them are bold, in a font for headings, centred; ``size`` in
    points, 0 if not said."""

    element: Any
    words: str
    bold: bool
    heavy: bool
    centred: bool
    size: float

    @property
    def short(self) -> bool:
        """True for words that may be a heading."""
        return 0 < len(self.words) <= _LONGEST_HEADING and not self.words.endswith(tuple(_ENDS))


class _Style(NamedTuple):
    bold: bool = False
    heavy: bool = False
    size: float = 0.0


def lines_of(root: Any) -> list[Line]:
    """Returns the paragraphs with words that stand in no table, list or quotation, in order."""
    return [line for element in _leaves(root) if (line := _line(element)).words]


def _leaves(element: Any) -> Iterator[Any]:
    for child in element:
        if child.tag in _ENCLOSED:
            continue
        if child.tag in _LEAVES and not any(each.tag in _BLOCKS for each in child.iterdescendants()):
            yield child
        else:
            yield from _leaves(child)


def _line(element: Any) -> Line:
    pieces = [(words, style) for words, style in _pieces(element, _inherited(element)) if words.strip()]
    words = " ".join(split_mark("".join(words for words, _ in pieces).lstrip())[1].split())
    holders = [element, *element.iterancestors()][:4]
    centred = any(
        declarations(each).get("text-align", "") == "center"
        or (each.get("align") or "").lower() == "center"
        or each.tag == "center"
        for each in holders
    )
    return Line(
        element,
        words,
        bool(pieces) and all(style.bold for _, style in pieces),
        bool(pieces) and all(style.heavy for _, style in pieces),
        centred,
        max((style.size for _, style in pieces), default=0.0),
    )


def _inherited(element: Any) -> _Style:
    style = _Style()
    for each in reversed([*element.iterancestors()]):
        style = _styled(each, style)
    return style


def _styled(element: Any, style: _Style) -> _Style:
    written, bold = declarations(element), is_bold(element)
    fonts = f"{written.get('mso-fareast-font-family', '')} {written.get('font-family', '')}"
    return _Style(
        style.bold if bold is None else bold,
        _HEAVY.search(fonts) is not None if fonts.strip() else style.heavy,
        points(written.get("font-size", "")) or style.size,
    )


def _pieces(element: Any, outer: _Style) -> Iterator[tuple[str, _Style]]:
    style = _styled(element, outer)
    yield element.text or "", style
    for child in element:
        yield from _pieces(child, style)
        yield child.tail or "", style


def find_title(lines: list[Line], title: str) -> Line | None:
    """Returns the paragraph that is the title: a heading at the very beginning, or large and centred words. Where the page
    has a ``title``, what is found is part of it."""
    first = lines[0] if lines else None
    if (
        first is None
        or len(first.words) > _LONGEST_TITLE
        or len(lines) < 2
        or first.words not in (title or first.words)
    ):
        return None
    if first.element.tag == "h1" or "MsoTitle" in (first.element.get("class") or ""):
        return first
    if title and first.element.tag in _LEVELS:
        return first
    marked = first.bold or first.heavy or first.size >= _TITLE_POINTS
    return first if first.centred and marked and not FIRST.match(first.words) else None


def mark_captions(lines: list[Line]) -> None:
    """Marks what stands right behind a picture and begins like a caption."""
    for line in lines:
        element = line.element
        before = element.getprevious()
        while before is None and element.getparent() is not None and element.getparent().tag in ("section", "div"):
            element = element.getparent()
            before = element.getprevious()
        match = _CAPTION.match(line.words)
        if (
            match is None
            or before is None
            or not line.short
            or "".join(before.itertext()).strip()
            or before.find(".//img") is None
        ):
            continue
        holder = line.element
        for child in list(holder):
            holder.remove(child)
        holder.text = mark(CAPTION) + line.words[match.end() :]
        if before is not holder.getprevious():
            before.addnext(holder)


def mark_headings(lines: list[Line]) -> None:
    """Makes headings of short paragraphs that stand out: bold, in a font for headings, or numbered 一、 and （一）."""
    rest = [line for line in lines if line.element.tag not in _LEVELS]
    signs = sum(len(line.words) for line in rest) or 1
    # Where nearly everything is bold, bold says nothing.
    bold_says = sum(len(line.words) for line in rest if line.bold) < signs / 2
    heavy_says = sum(len(line.words) for line in rest if line.heavy) < signs / 2
    for place, line in enumerate(rest):
        stands_out = (line.bold and bold_says) or (line.heavy and heavy_says)
        last = place == len(rest) - 1
        if SECOND.match(line.words) and line.short:
            line.element.tag = "h3"
        elif line.short and (FIRST.match(line.words) or (stands_out and not last)):
            line.element.tag = "h2"
