"""comrak, and the bounds that keep every input's cost in proportion to its length."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import comrak

from builder.content.markdown.body import TooComplex

MOST_DEPTH = 100
MOST_CELLS = 50_000
MOST_HTML = 1_000_000, 20

_CONTAINERS = re.compile(r"[ \t]*(?:>|[-+*](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$))")
_RULE = re.compile(r"[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*")
_DELIMITERS = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)([^<>]*)>")
_POSITION = re.compile(r'data-sourcepos="(\d+):')
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())


def to_html(text: str, first_line: int) -> str:
    """The HTML of a Markdown text, with ``data-sourcepos`` on what comrak has made. Raises TooComplex."""
    _check_source(text, first_line)
    extensions, parsing, rendering = _settings()
    html: str = comrak.render_markdown(
        text, extension_options=extensions, parse_options=parsing, render_options=rendering
    )
    _check_html(html, text, first_line)
    return html


@cache
def _settings() -> tuple[Any, Any, Any]:
    extensions, parsing, rendering = comrak.ExtensionOptions(), comrak.ParseOptions(), comrak.RenderOptions()
    for name in "alerts autolink cjk_friendly_emphasis footnotes math_dollars strikethrough table tasklist".split():
        setattr(extensions, name, True)
    rendering.sourcepos = True
    rendering.unsafe_ = True
    return extensions, parsing, rendering


def _check_source(text: str, first_line: int) -> None:
    """Nesting of quotes and lists, and cells of tables, counted on the source: the parser would take too long."""
    cells = columns = 0
    stack: list[int] = []
    for number, line in enumerate(text.split("\n"), first_line):
        depth = _depth(line, stack)
        if depth > MOST_DEPTH:
            raise TooComplex(number, "depth")
        if not line.strip():
            columns = 0
        elif "-" in line and "|" in line and _DELIMITERS.fullmatch(line):
            columns = line.strip(" \t>").strip("|").count("|") + 1
            cells += columns
        else:
            cells += columns
        if cells > MOST_CELLS:
            raise TooComplex(number, "cells")


def _depth(line: str, stack: list[int]) -> int:
    """How many quotes and lists a line lies in; ``stack`` holds the indentations of the lists that are open."""
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
    """Size and nesting of the result, before the sanitizer, whose cost is quadratic in nesting, sees it."""
    most = MOST_HTML[0] + MOST_HTML[1] * len(text)
    if len(html) > most:
        raise TooComplex(_line_at(html, most, first_line), "html")
    depth = 0
    for match in _TAG.finditer(html):
        if match[2].lower() in _VOID or match[3].endswith("/"):
            continue
        depth += -1 if match[1] else 1
        if depth > 3 * MOST_DEPTH:
            raise TooComplex(_line_at(html, match.start(), first_line), "depth")
        depth = max(depth, 0)


def _line_at(html: str, position: int, first_line: int) -> int:
    """The line of the source that made a place of the result."""
    before = html.rfind("data-sourcepos=", 0, position)
    match = _POSITION.match(html, before) if before >= 0 else None
    return int(match[1]) + first_line - 1 if match is not None else first_line
