"""Positions in a Markdown source: columns in characters, and the blocks that hold raw HTML."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from html import escape

_BEFORE_VALUES = ('="', "='", "=")


class Columns:
    """Columns in characters. The engine gives bytes, since counting characters costs it the square of a line's length;
    here each line is counted once, from left to right."""

    def __init__(self, source: str) -> None:
        self.lines = source.split("\n")
        self.counted = (0, b"", 0, 0)

    def line(self, number: int) -> str:
        """Returns a line of the source by its 1-based number."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def column(self, number: int, byte: int) -> int:
        """Returns the 1-based column of a 1-based byte of a line."""
        at, content, bytes_done, characters = self.counted
        if at != number or byte - 1 < bytes_done:
            content, bytes_done, characters = self.line(number).encode("utf-8", "surrogatepass"), 0, 0
        characters += len(content[bytes_done : byte - 1].decode("utf-8", "ignore"))
        self.counted = (number, content, byte - 1, characters)
        return characters + 1


class Searcher:
    """A search for raw HTML in the source: targets are looked for in order, each from the place of the last one."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._position = 0
        # What is written in another way than it is read is not found; so much may be read in vain.
        self._vain = 10 * len(source)

    @cached_property
    def _lines(self) -> list[int]:
        return [match.end() for match in re.finditer("\n", self._source)]

    @cached_property
    def _blocks(self) -> list[int]:
        return [0, *(match.end() + 1 for match in re.finditer("\n(?=\n)", self._source))]

    def block_of(self, target: str) -> int:
        """Returns the 1-based line on which the block begins that holds ``target`` next."""
        found = -1
        # First as the value of an attribute: texts, and pictures in Markdown, may name the same file before.
        for before in (*_BEFORE_VALUES, ""):
            for form in dict.fromkeys((target, escape(target))):
                if found < 0 <= self._vain:
                    found = self._source.find(before + form, self._position)
                    self._vain -= len(self._source) - self._position if found < 0 else 0
        self._position = max(found, self._position)
        start = self._blocks[bisect_right(self._blocks, self._position) - 1]
        return bisect_right(self._lines, start) + 1
