"""The preparation of a text for the engine, each character in its place: lines and columns stay the same.

Where a sign does not mean what the engine takes it for, another stands for it until the engine is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import NamedTuple
from urllib.parse import quote

from builder.content.markdown.masking import holds, without_code

HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u31c0-\u31ef\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
WIDE = "\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff01-\uff60\U00020000-\U0003fffd"
GONE, BLANK = "", " "
# Punctuation of scripts that nobody has written for two thousand years: to the engine it is like "~" and "$".
_STAND_INS = tuple(map(chr, (*range(0x12470, 0x12475), *range(0x10A50, 0x10A59), *range(0x11FF2, 0x11FFF))))
_TILDE = re.compile(r"\\.|~++", re.DOTALL)
_DOLLARS = re.compile(r"\\.|\$++|[\n|]", re.DOTALL)
DELIMITERS = re.compile(r"[ \t>]*+\|?[ \t]*+:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+")
_ROW_START = re.compile(r"\n[ \t]*+([-+=>#*|~])")
_DESTINATION = re.compile(r"(?<=\]\()(?:[^()\n<>\[\]]++|\([^()\n<>\[\]]*+\))++(?=\))")
_TITLE = re.compile(r"[ \t]++(?:\"[^\"]*+\"|'[^']*+')[ \t]*+$")
_FILE = re.compile(r"(?:https?://)?[^\s:?\"“”'‘’][^:?\"“”'‘’]*\.[A-Za-z0-9]{1,5}(?:#\S*)?")
_NUMBER = "一二三四五六七八九十百"
_ITEM = re.compile(
    rf"[ \t>]*+(?:\d{{1,3}}[、．]|[{_NUMBER}]{{1,4}}、|[（(](?:\d{{1,3}}|[{_NUMBER}]{{1,4}})[）)]|[\u2460-\u2473\u2474-\u2487"
    rf"\u3220-\u3229]|[·•●▪■◆○]|(?:[-+]|\d{{1,3}}\.)(?=[{WIDE}]))"
)


class Prepared(NamedTuple):
    """A source as the engine takes it, and the characters that other ones stand for in it."""

    text: str
    stand_ins: Mapping[str, str]

    def restored(self, html: str) -> str:
        """Returns what the engine made of it with every character that was written in place of its stand-in."""
        for stand_in, written in self.stand_ins.items():
            if stand_in in html:
                html = html.replace(stand_in, written)
            encoded = quote(stand_in)
            if encoded in html:
                html = html.replace(encoded, quote(written, safe="~$"))
        return html


class _Changes:
    """Characters to be replaced, by their positions, each by the stand-in of what was written."""

    def __init__(self, text: str) -> None:
        taken = text + (unescape(text) if holds(text, "&#") else "")
        self._text = text
        self._free = _unused(taken)
        self._stand_ins: dict[str, str] = {}
        self._at: dict[int, str] = {}
        self._behind: set[int] = set()

    def stand_in(self, positions: Iterable[int], written: str | None = None) -> None:
        """Lets other characters stand at ``positions`` for what is there, or for ``written``."""
        for position in positions:
            sign = self._text[position] if written is None else written
            if sign not in self._stand_ins:
                free = next(self._free, None)
                if free is None:
                    return
                self._stand_ins[sign] = free
            self._at[position] = self._stand_ins[sign]

    def break_line(self, position: int) -> None:
        """Lets the line that ends at ``position`` stay a line of its own."""
        self._behind.add(position)

    def prepared(self) -> Prepared:
        parts: list[str] = []
        done = 0
        for position in sorted({*self._at, *self._behind}):
            parts += [self._text[done:position], "  " if position in self._behind else self._at[position]]
            done = position if position in self._behind else position + 1
        parts.append(self._text[done:])
        return Prepared("".join(parts), {free: sign for sign, free in self._stand_ins.items()})


def _unused(text: str) -> Iterator[str]:
    """Yields the stand-ins that are in no form in a text."""
    upper = text.upper()
    yield from (sign for sign in _STAND_INS if sign not in text and quote(sign) not in upper)


def prepare(text: str, indented: Iterable[tuple[int, int]] = ()) -> Prepared:
    """Returns ``text`` as the engine takes it; ``indented`` are positions of blanks that are no indentation."""
    changes = _Changes(text)
    masked = without_code(text)
    if "~" in masked:
        changes.stand_in(_single_tildes(masked))
    if "$" in masked:
        _prepare_dollars(masked, changes)
    if holds(masked, "]("):
        for match in _DESTINATION.finditer(masked):
            changes.stand_in(_blanks_in_name(match), BLANK)
    for end in _ends_before_items(masked):
        changes.break_line(end)
    for start, end in indented:
        changes.stand_in(range(start, end), GONE)
    return changes.prepared()


def _single_tildes(masked: str) -> Iterator[int]:
    """Leaves single tildes alone: one tilde marks a range, 3~5; only two strike out."""
    return (match.start() for match in _TILDE.finditer(masked) if match[0] == "~")


def without_formulas(masked: str) -> str:
    """Returns a text without code (see without_code) with its formulas replaced by backticks, too."""
    if "$" not in masked:
        return masked
    parts: list[str] = []
    done = 0
    for start, part, _, formulas in _dollars(masked):
        for opening, closing in formulas:
            parts.append(masked[done : start + opening])
            parts += ("\n" if sign == "\n" else "`" for sign in part[opening:closing])
            done = start + closing
    return "".join((*parts, masked[done:]))


def _prepare_dollars(masked: str, changes: _Changes) -> None:
    """Leaves a dollar to the engine only where a formula begins or ends."""
    for start, part, runs, formulas in _dollars(masked):
        ends = {position for each in formulas for position in each}
        for position, sign in runs:
            if sign[0] == "$" and position not in ends:
                changes.stand_in(range(start + position, start + position + len(sign)))
        for opening, closing in formulas:
            # What stands first in a row of a formula begins no list, quote or heading.
            for match in _ROW_START.finditer(part, opening, closing):
                changes.stand_in([start + match.start(1)])


def _dollars(masked: str) -> Iterator[tuple[int, str, list[tuple[int, str]], list[tuple[int, int]]]]:
    """Yields, for each paragraph with a dollar, its place and text, its dollars and borders, and the ends of its
    formulas.
    """
    for start, end in _paragraphs(masked):
        part = masked[start:end]
        if "$" in part:
            table = any("|" in line and DELIMITERS.fullmatch(line) for line in part.split("\n") if "-" in line)
            runs = [(match.start(), match[0]) for match in _DOLLARS.finditer(part) if match[0][0] != "\\"]
            yield start, part, runs, list(_formulas(part, runs, table))


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in re.finditer(r"\n(?=[ \t>]*+(?:\n|$))", text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _formulas(part: str, runs: list[tuple[int, str]], table: bool) -> Iterator[tuple[int, int]]:
    """Yields the positions of the dollars that open and close each formula of a paragraph, by GitHub's rules: a dollar
    opens one if the next dollar closes it.
    """
    opened: tuple[int, str] | None = None
    for position, sign in runs:
        if sign[0] != "$":
            if opened is not None and ((sign == "\n" and opened[1] == "$") or (table and sign in "\n|")):
                opened = None
            continue
        if opened is not None and opened[1] == sign and _closes(part, opened[0], position, sign):
            yield opened[0], position
            opened = None
        elif len(sign) <= 2 and _opens(part, position, sign):
            opened = position, sign
        elif opened is not None and len(opened[1]) == 1:
            opened = None


def _opens(part: str, position: int, sign: str) -> bool:
    before, after = part[position - 1 : position], part[position + len(sign) : position + len(sign) + 1]
    if len(sign) == 2:
        return True
    return bool(after.strip()) and (not before.isalnum() or re.match(f"[{WIDE}]", before) is not None) and before != "_"


def _closes(part: str, opening: int, position: int, sign: str) -> bool:
    inner = part[opening + len(sign) : position]
    if not inner.strip() or "](" in inner:
        return False
    if len(sign) == 2:
        return True
    after = part[position + 1 : position + 2]
    word = after.isalnum() and re.match(f"[{WIDE}]", after) is None
    return not inner[-1].isspace() and not word and after not in ("{", "\\", "_")


def _blanks_in_name(match: re.Match[str]) -> Iterator[int]:
    """Finds the blanks in a file name: an address ends at a blank, a name does not."""
    name = _TITLE.sub("", match[0])
    if " " not in name.strip() or not _FILE.fullmatch(name.strip()):
        return
    first = len(name) - len(name.lstrip())
    yield from (match.start() + place for place, sign in enumerate(name.rstrip()) if place >= first and sign in " \t")


def _ends_before_items(masked: str) -> Iterator[int]:
    """Yields the ends of lines after which a line begins with a number or a dot that makes no list here."""
    end, written = -1, ""
    position = 0
    for line in masked.split("\n"):
        item = written.strip() and _ITEM.match(line) is not None
        if (
            item
            and not written.endswith(("  ", "\\"))
            and written.strip("`")
            and not written.lstrip(" >").startswith(("|", "#"))
        ):
            yield end
        position += len(line)
        end, written = position, line
        position += 1
