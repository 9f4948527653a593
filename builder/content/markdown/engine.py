"""comrak, and the bounds that keep every input's cost in proportion to its length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from typing import Any, NamedTuple

import comrak

from builder.content.markdown.body import TooComplex
from builder.content.markdown.prepare import DELIMITERS, WIDE, Prepared, prepare
from builder.content.markdown.sanitize import TAG

MOST_DEPTH = 100
MOST_CELLS = 50_000
MOST_HTML = 1_000_000, 20

_CONTAINERS = re.compile(r"[ \t]*+(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))")
_MARKERS = ">-+*.)"
"""The signs of which a line's beginning has one for each quote or list around it."""
_RULE = re.compile(r"[ \t]*+([-*_])(?:[ \t]*+\1){2,}+[ \t]*+")
_POSITION = re.compile(r'data-sourcepos="(\d+):')
_CODE = re.compile(r'<pre data-sourcepos="(\d+):(\d+)-(\d+):\d+"><code>[^<]*+</code></pre>')
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())


class Rendered(NamedTuple):
    """The engine's output for a text: HTML with ``data-sourcepos``, the text as the engine took it, and the lines on which
    prose begins that was indented like code."""

    html: str
    source: str
    indented: tuple[int, ...]


def to_html(text: str, first_line: int) -> Rendered:
    """Returns the HTML of a Markdown text. Raises TooComplex."""
    _check_source(text, first_line)
    prepared = prepare(text)
    html = _html(prepared)
    _check_html(html, text, first_line)
    blocks = list(_indented_prose(html, text, prepared.text))
    if blocks:
        # Only the engine knows what is indented like code: what it took for code, and is prose, is given to it once more.
        prepared = prepare(text, [blanks for _, row in blocks for blanks in row])
        html = _html(prepared)
        _check_html(html, text, first_line)
    return Rendered(html, prepared.text, tuple(line + first_line - 1 for line, _ in blocks))


def _html(prepared: Prepared) -> str:
    extensions, parsing, rendering = _settings()
    html: str = comrak.render_markdown(
        prepared.text, extension_options=extensions, parse_options=parsing, render_options=rendering
    )
    return prepared.restored(html)


@cache
def _settings() -> tuple[Any, Any, Any]:
    extensions, parsing, rendering = comrak.ExtensionOptions(), comrak.ParseOptions(), comrak.RenderOptions()
    names = "alerts autolink cjk_friendly_emphasis footnotes math_code math_dollars strikethrough table tasklist"
    for name in names.split():
        setattr(extensions, name, True)
    rendering.sourcepos = True
    rendering.unsafe_ = True
    return extensions, parsing, rendering


def _indented_prose(html: str, text: str, prepared: str) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Yields the blocks of code that are Chinese prose: the first line of each, and where the blanks stand that indent
    its lines.
    """
    if "<pre data-sourcepos" not in html:
        return
    lines, taken = text.split("\n"), prepared.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    for match in _CODE.finditer(html):
        first, last = int(match[1]), int(match[3])
        column = len(taken[first - 1].encode()[: int(match[2]) - 1].decode("utf-8", "ignore"))
        if lines[first - 1][column : column + 3] in ("```", "~~~"):
            continue
        left = column - (1 if lines[first - 1][column - 1 : column] == "\t" else 4)
        for numbers in _groups(lines, range(first - 1, last)):
            if _is_prose([lines[number][column:].strip() for number in numbers]):
                row = [number for number in numbers if not lines[number][left:column].strip()]
                yield numbers[0] + 1, [(starts[number] + left, starts[number] + column) for number in row]


def _groups(lines: list[str], numbers: range) -> Iterator[list[int]]:
    """Yields the lines that stand together, by their numbers."""
    group: list[int] = []
    for number in numbers:
        if lines[number].strip(" \t>"):
            group.append(number)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _is_prose(rows: list[str]) -> bool:
    """Returns true for lines most of whose letters are Chinese, and which all begin like sentences."""
    text = "".join(rows)
    if not all(re.match(rf"[{WIDE}“‘\d(\[*]", row) for row in rows):
        return False
    return 2 * len(re.findall(f"[{WIDE}]", text)) > len(re.findall(r"[^\W\d_]", text))


def _check_source(text: str, first_line: int) -> None:
    """Checks the nesting of quotes and lists, and the number of table cells, in the source: the parser would take too
    long.
    """
    if "|" not in text and sum(map(text.count, _MARKERS)) <= MOST_DEPTH:
        return
    cells = columns = 0
    stack: list[int] = []
    for number, line in enumerate(text.split("\n"), first_line):
        depth = _depth(line, stack)
        if depth > MOST_DEPTH:
            raise TooComplex(number, "depth")
        if not line.strip():
            columns = 0
        elif "-" in line and "|" in line and DELIMITERS.fullmatch(line):
            columns = line.strip(" \t>").strip("|").count("|") + 1
            cells += columns
        else:
            cells += columns
        if cells > MOST_CELLS:
            raise TooComplex(number, "cells")


def _depth(line: str, stack: list[int]) -> int:
    """Counts the quotes and lists around a line; ``stack`` holds the indentations of the open lists."""
    if not line.strip() or _RULE.fullmatch(line):
        return 0
    position = markers = 0
    indent = len(line) - len(line.lstrip(" \t"))
    listed = False
    while (match := _CONTAINERS.match(line, position)) is not None:
        listed = listed or line[match.end() - 1] != ">"
        markers += 1
        position = match.end()
        if markers > MOST_DEPTH:
            return markers
    while stack and stack[-1] >= indent and (listed or indent == 0):
        stack.pop()
    if listed:
        stack.append(indent)
    return max(markers, len(stack))


def _check_html(html: str, text: str, first_line: int) -> None:
    """Checks size and nesting of the result before the sanitizer, whose cost is quadratic in nesting, sees it."""
    most = MOST_HTML[0] + MOST_HTML[1] * len(text)
    if len(html) > most:
        raise TooComplex(_line_at(html, most, first_line), "html")
    if html.count("<") <= 3 * MOST_DEPTH:
        return
    depth = 0
    for match in TAG.finditer(html):
        if match[2].lower() in _VOID or match[3].endswith("/"):
            continue
        depth += -1 if match[1] else 1
        if depth > 3 * MOST_DEPTH:
            raise TooComplex(_line_at(html, match.start(), first_line), "depth")
        depth = max(depth, 0)


def _line_at(html: str, position: int, first_line: int) -> int:
    """Returns the line of the source that made a place of the result."""
    before = html.rfind("data-sourcepos=", 0, position)
    match = _POSITION.match(html, before) if before >= 0 else None
    return int(match[1]) + first_line - 1 if match is not None else first_line
