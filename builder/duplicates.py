"""Near-duplicates: texts that were copied where they should have been shared.

Texts are compared by the pairs of Han characters and the words in them (shingles). MinHash and locality-sensitive hashing
(Broder 1997; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3) find the few that may be alike; those
are compared exactly. The cost is linear in the texts, however often one was copied.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from html import unescape

import msgspec

from builder.documents import Document

ALIKE = 0.8
"""Texts are near-duplicates if they share this part of all their shingles, or one holds this part of the other's."""
SHORTEST = 120
"""Texts with fewer shingles are not compared: forms that everybody fills in are alike because they have to be."""
_LONGER = 2.5
"""How much longer than the other a text may be that holds it."""
_PERMUTATIONS, _BANDS, _SEED = 128, 32, 1
_CANDIDATES = 16
_UNIT = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff]+)|[^\W_]+")
_QUOTED = re.compile(r"<blockquote[^>]*>(?:(?!<blockquote).)*?</blockquote>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


class Text(msgspec.Struct, frozen=True):
    """A text with its place: the source file and the line where it begins."""

    path: str
    line: int
    branch: str
    date: datetime
    text: str


class Pair(msgspec.Struct, frozen=True):
    """Two texts that are alike; ``first`` is the older one. ``similarity`` is between 0 and 1."""

    first: Text
    second: Text
    similarity: float


def texts_of(documents: Iterable[Document]) -> Iterator[Text]:
    """The texts of entries, without what they quote: an interpretation may quote its policy."""
    for document in documents:
        entry = document.entry
        if entry is not None and document.body is not None:
            html, left = "".join(document.body.segments), 1
            while left:
                html, left = _QUOTED.subn(" ", html)
            text = unescape(_TAG.sub(" ", html))
            yield Text(document.path, document.places.get("title", (1, 1))[0], entry.branch, entry.date, text)


def duplicates(texts: Iterable[Text]) -> tuple[Pair, ...]:
    """For each text the older one that it is most like, if it is a near-duplicate of any; by the path of the second."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(0.5, _PERMUTATIONS, _BANDS)
    known: list[tuple[Text, frozenset[str]]] = []
    same: dict[frozenset[str], Text] = {}
    found: list[Pair] = []
    for text in sorted(texts, key=lambda text: (text.date, text.path)):
        pieces = shingles(text.text)
        if len(pieces) < SHORTEST:
            continue
        if pieces in same:
            found.append(Pair(same[pieces], text, 1.0))
            continue
        same[pieces] = text
        sketch = RMinHash(_PERMUTATIONS, _SEED)
        sketch.update(sorted(pieces))
        candidates = sorted(index.query(sketch))[:_CANDIDATES]
        rated = [(_similarity(pieces, known[place][1]), -place) for place in candidates]
        best = max(rated, default=(0.0, 0))
        if best[0] >= ALIKE:
            found.append(Pair(known[-best[1]][0], text, best[0]))
        index.insert(len(known), sketch)
        known.append((text, pieces))
    return tuple(sorted(found, key=lambda pair: (pair.second.path, pair.first.path)))


def shingles(text: str) -> frozenset[str]:
    """The pairs of Han characters in a text, and its words in small letters."""
    found: set[str] = set()
    for match in _UNIT.finditer(text):
        run = match[0]
        if match[1]:
            found.update(map("".join, itertools.pairwise(run)))
        else:
            found.add(run.lower())
    return frozenset(found)


def _similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """The part of all shingles that both have, or of the shorter text's if the other is not much longer (containment)."""
    both = len(one & other)
    short, long = sorted((len(one), len(other)))
    contained = both / short if long <= _LONGER * short else 0.0
    return max(both / (short + long - both), contained if contained >= 0.9 else 0.0)
