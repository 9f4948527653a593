"""Code in a Markdown source, found by one pass from left to right: nothing in it means anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r"(?:[ \t>]|[-+*][ \t]|\d{1,9}[.)][ \t])*+(`{3,}+|~{3,}+)([^\n]*)")
_TICKS = re.compile(r"\\.|`++", re.DOTALL)
_CODE = "`"


def holds(text: str, signs: str) -> bool:
    """Tells whether a text holds several signs in a row; to find none of the first is quick."""
    return signs[0] in text and signs in text


def without_code(text: str) -> str:
    """Returns ``text`` with code blocks and code spans replaced by backticks, every other sign where it was."""
    if "`" not in text and not holds(text, "~~~"):
        return text
    rows: list[str] = []
    paragraph: list[str] = []
    for line, code in _lines(text):
        if code or not line.strip(" \t>"):
            rows += _without_spans(paragraph)
            paragraph = []
            rows.append(_CODE * len(line) if code else line)
        else:
            paragraph.append(line)
    rows += _without_spans(paragraph)
    return "\n".join(rows)


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Yields each line, and whether it is in a fenced block or fences one."""
    fence = ""
    for line in text.split("\n"):
        match = _FENCE.match(line)
        if fence:
            yield line, True
            if match is not None and match[1].startswith(fence) and not match[2].strip():
                fence = ""
        elif match is not None and not (match[1][0] == "`" and "`" in match[2]):
            fence = match[1]
            yield line, True
        else:
            yield line, False


def _without_spans(lines: list[str]) -> list[str]:
    """Returns the lines of a paragraph with its code spans replaced."""
    text = "\n".join(lines)
    if "`" not in text:
        return lines
    runs = [match for match in _TICKS.finditer(text) if match[0][0] == "`"]
    following: dict[int, int] = {}
    closers: dict[int, int | None] = {}
    for number, run in reversed(list(enumerate(runs))):
        closers[number] = following.get(len(run[0]))
        following[len(run[0])] = number
    parts: list[str] = []
    position = number = 0
    while number < len(runs):
        closer = closers[number]
        if closer is None:
            number += 1
            continue
        start, end = runs[number].start(), runs[closer].end()
        code = text[start:end]
        parts += [text[position:start], *("\n" if sign == "\n" else _CODE for sign in code)]
        position, number = end, closer + 1
    return "".join((*parts, text[position:])).split("\n")
