"""Marks at the beginning of paragraphs that tell what they are, through a converter that does not know it.

They are made of noncharacters (Unicode 16.0, 23.7), which no text holds and XML allows.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
MARK_SIGNS = frozenset((_OPEN, _CLOSE))
HEADING, ITEM, TEXT, CAPTION = "heading", "item", "text", "caption"
"""A heading and its level; an item of a list with its level and number (-1: a dot); a text with a number written out, and its
level; a caption."""
_MARK = re.compile(f"{_OPEN}([a-z]+) (-?\\d+) (-?\\d+){_CLOSE}")


class Mark(NamedTuple):
    """A mark as it was written."""

    name: str
    level: int
    number: int


def mark(name: str, level: int = 0, number: int = 0) -> str:
    """Returns a mark as text."""
    return f"{_OPEN}{name} {level} {number}{_CLOSE}"


def split_mark(text: str) -> tuple[Mark | None, str]:
    """Returns the mark at the beginning of a text, and the rest of it."""
    match = _MARK.match(text)
    if match is None:
        return None, text
    return Mark(match[1], int(match[2]), int(match[3])), text[match.end() :]
