"""Near-duplicates: texts that were copied although they should have been shared.

Texts are compared by the pairs of Han characters and the words in them (shingles). MinHash and locality-sensitive hashing
(Broder 1997; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3) find the few that may be alike; those
are compared exactly. The cost is linear in the texts, however often one was copied.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from html import unescape
from struct import Struct

import msgspec

from builder.content.documents import Document
from builder.content.markdown.body import Body

ALIKE = 0.8
"""Texts are near-duplicates if they share this part of all their shingles, or one holds this part of the other's."""
SHORTEST = 120
"""Texts with fewer shingles are not compared: forms that everybody fills in are alike because they have to be."""
_LONGER = 2.5
"""The most times that a text may be longer than another that it holds."""
_PERMUTATIONS, _BANDS, _SEED = 128, 32, 1
_CANDIDATES, _CROWD, _MOST_COMPARED = 16, 128, 20_000
_HOPELESS = 0.25
"""Texts whose sketches are less alike than this need not be compared: what holds 0.9 of a text 2.5 times shorter shares 0.34."""
_HAN = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff]+)")
_WORD = re.compile(r"[^\W_\u3400-\u4dbf\u4e00-\u9fff]+")
_PAIRS = Struct("6s" * 64)
_BETWEEN = "\u3000"
_QUOTED = re.compile(r"<blockquote[^>]*>(?:(?!<blockquote).)*?</blockquote>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


class Text(msgspec.Struct, frozen=True, omit_defaults=True):
    """A text with its place: the source file and the line where it begins. ``digest`` is the hash of the source, ``sketch``
    the result of :func:`sketch_of` for the text, if it was computed; ``text`` itself may be left out then."""

    path: str
    line: int
    branch: str
    date: datetime
    text: str = ""
    digest: str = ""
    sketch: bytes | None = None


class Pair(msgspec.Struct, frozen=True):
    """Two texts that are alike; ``first`` is the older one. ``similarity`` is between 0 and 1."""

    first: Text
    second: Text
    similarity: float


class Compared(msgspec.Struct, frozen=True):
    """The result of comparing texts: the pairs that are alike, and the similarity of any two that were compared, by the
    hashes of their sources with a space between."""

    pairs: tuple[Pair, ...] = ()
    rated: Mapping[str, float] = {}


def texts_of(
    documents: Iterable[Document], known: Mapping[str, bytes] | None = None, *, bare: bool = False
) -> Iterator[Text]:
    """Returns the texts of entries, without quotations: an interpretation may quote its policy.

    With ``known``, the sketches of sources by their hash, each text has its sketch; if they are to be ``bare``, they have
    nothing else.
    """
    for document in documents:
        entry = document.entry
        if entry is not None and document.body is not None:
            sketch = known.get(document.sha256) if known is not None else None
            text = "" if bare and sketch is not None else _text(document.body)
            if sketch is None and known is not None:
                sketch = sketch_of(text)
            line = document.places.get("title", (1, 1))[0]
            shown = "" if bare else text
            yield Text(document.path, line, entry.branch, entry.date, shown, document.sha256, sketch)


def text_of(document: Document) -> str:
    """Returns the words of a document as they are compared; empty if it has no body."""
    return _text(document.body) if document.body is not None else ""


def _text(body: Body) -> str:
    html, left = "".join(body.segments), 1
    while left:
        html, left = _QUOTED.subn(" ", html)
    return unescape(_TAG.sub(" ", html))


def sketch_of(text: str) -> bytes:
    """Returns the MinHash of a text; empty if it is too short to be compared."""
    from rensa import RMinHash

    pieces = _pieces(text)
    if len(set(pieces)) < SHORTEST:
        return b""
    sketch = RMinHash(_PERMUTATIONS, _SEED)
    sketch.update(pieces)
    return bytes(sketch.__getstate__())


def duplicates(texts: Iterable[Text]) -> tuple[Pair, ...]:
    """Returns for each text that is a near-duplicate the older one that it is most like, by its own path."""
    return compare(texts).pairs


Candidate = tuple[Text, Text]
"""A text, and an older one that it may be like."""
Load = Callable[[Collection[Text]], Mapping[str, str]]


def rate(load: Load, candidates: Sequence[Sequence[Candidate]]) -> list[list[float | None]]:
    """Returns the similarity of texts; ``load`` gives the words of texts that were left out, by path. A text that cannot be
    loaded is like nothing, and its similarity is None."""
    return [_rate_all(load, some) for some in candidates]


def compare(
    texts: Iterable[Text],
    rated: Mapping[str, float] = {},
    rate_all: Callable[[Sequence[Sequence[Candidate]]], Iterable[Sequence[float | None]]] | None = None,
) -> Compared:
    """Compares ``texts``; the pairs are those that :func:`duplicates` returns.

    Pairs that are already ``rated`` are not compared again. ``rate_all`` compares the others, those of each site together, as
    :func:`rate` does, which compares them here. Of each site so many are compared (_MOST_COMPARED), the oldest first.
    """
    likely = [(_key(text, other), text, other) for text, others in _candidates(texts) for other in others]
    known = {key: 1.0 if text.digest and text.digest == other.digest else rated.get(key) for key, text, other in likely}
    unknown: dict[str, list[Candidate]] = {}
    for key, text, other in likely:
        some = unknown.setdefault(text.branch, [])
        if known[key] is None and len(some) < _MOST_COMPARED:
            some.append((text, other))
    work = [some for some in unknown.values() if some]
    for some, found in zip(work, rate_all(work) if rate_all is not None else rate(lambda _: {}, work), strict=True):
        known |= {_key(*pair): alike for pair, alike in zip(some, found, strict=True)}
    best: dict[str, Pair] = {}
    for key, text, other in likely:
        alike = known[key] or 0.0
        if alike >= ALIKE and (text.path not in best or alike > best[text.path].similarity):
            best[text.path] = Pair(other, text, alike)
    pairs = sorted(best.values(), key=lambda pair: (pair.second.path, pair.first.path))
    return Compared(tuple(pairs), {key: alike for key, alike in known.items() if alike is not None})


def _rate_all(load: Load, candidates: Sequence[Candidate]) -> list[float | None]:
    at_hand = {text.path: text.text for pair in candidates for text in pair if text.text}
    at_hand |= load({text.path: text for pair in candidates for text in pair if not text.text}.values())
    pieces: dict[str, frozenset[bytes]] = {}
    return [
        _rate(one.path, other.path, at_hand, pieces) if one.path in at_hand and other.path in at_hand else None
        for one, other in candidates
    ]


def _key(one: Text, other: Text) -> str:
    return f"{one.digest or one.path} {other.digest or other.path}"


def _candidates(texts: Iterable[Text]) -> Iterator[tuple[Text, list[Text]]]:
    """Returns each text with the older ones that it may be like, the oldest first."""
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(0.5, _PERMUTATIONS, _BANDS)
    known: list[Text] = []
    sketches: list[RMinHash] = []
    same: dict[bytes, int] = {}
    for text in sorted(texts, key=lambda text: (text.date, text.path)):
        state = sketch_of(text.text) if text.sketch is None else text.sketch
        if not state:
            continue
        # However often a text was copied, each copy is compared with the first.
        if state in same:
            yield text, [known[same[state]]]
            continue
        sketch = RMinHash(_PERMUTATIONS, _SEED)
        sketch.__setstate__(state)
        found = index.query(sketch)
        near = (place for place in sorted(found) if sketch.jaccard(sketches[place]) >= _HOPELESS)
        yield text, [known[place] for place in itertools.islice(near, _CANDIDATES)]
        if len(found) < _CROWD:
            # What is like very many is found by the older ones of them; so each question has a bounded answer.
            index.insert(len(known), sketch)
        same[state] = len(known)
        known.append(text)
        sketches.append(sketch)


def _rate(one: str, other: str, texts: Mapping[str, str], pieces: dict[str, frozenset[bytes]]) -> float:
    """Returns the similarity of two texts, by their paths."""
    if texts[one] == texts[other]:
        return 1.0
    for path in (one, other):
        if path not in pieces:
            pieces[path] = shingles(texts[path])
    return _similarity(pieces[one], pieces[other])


def shingles(text: str) -> frozenset[bytes]:
    """Returns the pairs of Han characters in a text, and its words in lower case, in UTF-8."""
    return frozenset(_pieces(text))


def _pieces(text: str) -> list[bytes]:
    """Returns the shingles of a text, some of them more than once."""
    parts = _HAN.split(text)
    runs = parts[1::2]
    pieces = [word.lower().encode() for word in _WORD.findall("\n".join(parts[::2]))]
    pair = next((run[:2] for run in runs if len(run) > 1), None)
    if pair is None:
        return pieces
    # Each of these characters has three bytes in UTF-8, so that the pairs of all runs are cut out at once: those that begin at
    # every second character, and those between. Pairs with the sign between two runs are overwritten.
    row = _BETWEEN.join(runs).encode()
    even, odd = _cut(row), _cut(row[3:])
    known = pair.encode()
    for end in itertools.accumulate([len(run) + 1 for run in runs[:-1]]):
        even[(end - 1) // 2] = odd[(end - 2) // 2] = known
    pieces += even
    pieces += odd
    return pieces


def _cut(row: bytes) -> list[bytes]:
    """Returns the bytes six by six, without a rest."""
    pieces = list(itertools.chain.from_iterable(_PAIRS.iter_unpack(row + bytes(-len(row) % _PAIRS.size))))
    del pieces[len(row) // 6 :]
    return pieces


def _similarity(one: frozenset[bytes], other: frozenset[bytes]) -> float:
    """Returns the share of all shingles that both have, or of the shorter text's if the other is not much longer."""
    both = len(one & other)
    short, long = sorted((len(one), len(other)))
    contained = both / short if long <= _LONGER * short else 0.0
    return max(both / (short + long - both), contained if contained >= 0.9 else 0.0)
