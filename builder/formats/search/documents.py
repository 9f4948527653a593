"""The documents of a search index, in parts that change together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Literal

import msgspec

from builder.formats.search.tokens import Tokens, hashed, mark

SLOTS = (8, 11, 14, 17, 20)
"""Bits of a number's place in its day: the first that leaves a quarter of the places free on every day."""
_END = date(2400, 1, 1).toordinal()
_SPREAD = 1 << 11
_UNDATED = 1 << 20
_REPEALED = _UNDATED + _SPREAD
"""Days that are none: branches have the first ones, before every date; behind all dates come undated documents, and then what
holds no more, by its date. The script of the search page tells them apart by these numbers."""
_ENCODER = msgspec.json.Encoder(order="deterministic")


class Document(msgspec.Struct, frozen=True, array_like=True):
    """A search document: the data of one thing that can be found.

    ``url`` is its address as pages of the site write it, one for each document; ``date`` is ``YYYY-MM-DD`` or empty,
    ``branch`` and ``section`` are slugs, ``keywords`` its tags and names. ``part`` names the part that it belongs to, if
    that is not its branch. ``above`` are the slugs of the branches above its own, for searches in a whole subtree.
    ``standing`` is "branch" for a branch itself, which comes first, and "repealed" for what holds no more, which comes last.
    """

    url: str
    date: str
    branch: str
    section: str
    title: str
    keywords: tuple[str, ...] = ()
    summary: str = ""
    text: str = ""
    part: str = ""
    above: tuple[str, ...] = ()
    standing: Literal["", "branch", "repealed"] = ""

    @property
    def weight(self) -> int:
        """Returns its approximate size in a block, in bytes."""
        return len(_ENCODER.encode(self)) + 12

    @property
    def day(self) -> int:
        """Returns the days back from one far in the future, so that newer documents come first, undated ones later; branches
        come before all, and what holds no more behind."""
        spread = hashed(self.url) // 2 % _SPREAD
        if self.standing == "branch":
            return spread
        first = _REPEALED if self.standing == "repealed" else 0
        if self.date:
            back = _END - date.fromisoformat(self.date).toordinal()
            if back >= _SPREAD:
                return first + back
        return (first or _UNDATED) + spread

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of each field: title, keywords, summary, text."""
        return self.title, "\n·\n".join(self.keywords), self.summary, self.text

    @property
    def marks(self) -> set[int]:
        """The pieces that stand for its part, branch, section and the branches above, in the first field."""
        found = {part_mark(self.part, self.branch), mark("branch", self.branch), mark("section", self.section)}
        return found.union(mark("above", each) for each in self.above)

    def pieces(self, tokens: Tokens) -> tuple[frozenset[int], ...]:
        """Returns the pieces by the field that first has them: title with the marks, keywords, summary, text."""
        seen: frozenset[int] = frozenset()
        rows = []
        for place, text in enumerate(self.texts):
            new = (tokens.pieces(text) | self.marks if not place else tokens.pieces(text)) - seen
            seen |= new
            rows.append(new)
        return tuple(rows)


def part_mark(part: str, branch: str) -> int:
    """Returns the piece that stands for a part of an index."""
    return mark("part", part) if part else mark("branch", branch)


class Part(msgspec.Struct, frozen=True):
    """Documents that are read together: the hash of what they are made of, and a function that returns them."""

    digest: str
    documents: Callable[[], Iterable[Document]]


def numbered(day: int, documents: Iterable[Document], slots: int) -> dict[int, Document]:
    """Numbers the documents of one day: the day, then the hash of the address, then the next free place."""
    size = 1 << slots
    found: dict[int, Document] = {}
    for place, document in sorted(((hashed(each.url) // 2 % size, each) for each in documents), key=_order):
        while day * size + place in found:
            place = (place + 1) % size
        found[day * size + place] = document
    return dict(sorted(found.items()))


def _order(placed: tuple[int, Document]) -> tuple[int, str]:
    return placed[0], placed[1].url


def crowds(count: int) -> tuple[int, ...]:
    """Returns 1 for each number of bits that leaves too little room for a day of so many documents, else 0."""
    return tuple(int(4 * count > 3 << slots) for slots in SLOTS[:-1])


def slots_for(crowded: Iterable[int]) -> int:
    """Returns the bits that a place takes, by the number of days that are too crowded for each."""
    return SLOTS[sum(map(bool, crowded))]
