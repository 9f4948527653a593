"""All shards of an index at once, by arrays: the same files as :mod:`builder.formats.search.postings` makes one by one, in a
tenth of the time.

Importing this loads NumPy, which takes less than a tenth of a second and 15 MB; whoever only updates an index does without.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TypeAlias

# There is no linear algebra here that would want threads of its own, which cost a worker memory.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from builder.formats.search.documents import Document
from builder.formats.search.tokens import FIRST, MIX, PRIME, Tokens, cjk_bounds

Numbers: TypeAlias = NDArray[np.uint64]
Words: TypeAlias = NDArray[np.uint32]

_FIELDS = 4
_CHUNK = 100_000
_DOCUMENT, _KEY = 22, 24
"""Bits of a document's place and of a key in the number that stands for one posting."""


def shard_files(numbers: Sequence[int], documents: deque[Document], shards: int) -> Iterator[tuple[str, bytes]]:
    """Returns path and content of each shard, one after the other. The documents, which are taken, have these rising numbers."""
    files = max(1, shards // 4)
    postings = _joined([_postings(*chunk, shards, files) for chunk in _chunks(documents)])
    # No two chunks have one posting, since no document is in both.
    postings.sort()
    known = np.array(numbers, np.uint64)
    for part in _parts(postings):
        yield from _files(part, known, shards)


def _joined(parts: list[Numbers]) -> Numbers:
    """Returns all parts in one; each is let go when it is copied, so that there is never twice as much."""
    found = np.empty(sum(map(len, parts)), np.uint64)
    end = len(found)
    while parts:
        part = parts.pop()
        found[end - len(part) : end] = part
        end -= len(part)
    return found


def _parts(postings: Numbers) -> Iterator[Numbers]:
    """Returns sorted postings in parts of whole files, since each step of writing them takes as much memory as they have."""
    begin = 0
    while begin < len(postings):
        last = postings[min(begin + _CHUNK, len(postings)) - 1]
        above = (last >> np.uint64(_KEY + _DOCUMENT)) + np.uint64(1) << np.uint64(_KEY + _DOCUMENT)
        end = int(np.searchsorted(postings, above))
        yield postings[begin:end]
        begin = end


def _chunks(documents: deque[Document]) -> Iterator[tuple[int, list[str], list[tuple[int, int]]]]:
    """Returns the first document, folded texts and marks of as many documents as are looked at together: four texts a document,
    one a field; a mark has the place of its document."""
    tokens = Tokens()
    texts: list[str] = []
    marks: list[tuple[int, int]] = []
    first = size = place = 0
    while documents:
        document = documents.popleft()
        place += 1
        texts += map(tokens.fold, document.texts)
        marks += ((place - 1, mark) for mark in document.marks)
        size += sum(map(len, texts[-_FIELDS:]))
        if size > _CHUNK:
            yield first, texts, marks
            texts, marks, first, size = [], [], place, 0
    if texts:
        yield first, texts, marks


def _postings(first: int, texts: list[str], marks: list[tuple[int, int]], shards: int, files: int) -> Numbers:
    """Returns a number for each piece of each document: its file, its key, and the place of the document."""
    whole = " ".join(texts) + " "
    codes = np.frombuffer(whole.encode("utf-32-le", "surrogatepass"), np.uint32)
    lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + 1
    owners = np.repeat(np.arange(len(texts), dtype=np.uint64), lengths)
    pieces, places = _pieces(codes)
    # The hash, then the document, then the field, of which the first counts.
    keys = pieces.astype(np.uint64) << np.uint64(32) | owners[places]
    marked = np.array([mark << 32 | place - first << 2 for place, mark in marks], np.uint64)
    keys = _distinct(np.concatenate((keys, marked)), 2)
    piece = keys >> np.uint64(32)
    field, document = keys & np.uint64(3), (keys >> np.uint64(2) & np.uint64((1 << 30) - 1)) + np.uint64(first)
    single = (piece & np.uint64(1)).astype(bool)
    half = piece >> np.uint64(1)
    file = np.where(single, np.uint64(shards) + half % np.uint64(files), half % np.uint64(shards))
    key = piece >> np.uint64(10) << np.uint64(2) | field
    return _distinct((file << np.uint64(_KEY) | key) << np.uint64(_DOCUMENT) | document)


def _pieces(codes: Words) -> tuple[Words, NDArray[np.int64]]:
    """Returns the hash of each piece of a folded text, and where it begins: what :func:`builder.formats.search.tokens.grams` and
    :func:`builder.formats.search.tokens.hashed` make."""
    dense = (np.searchsorted(np.array(cjk_bounds(), np.uint32), codes, side="right") & 1).astype(bool)
    letter = ~dense & (codes != 32)
    two, three = letter[:-1] & letter[1:], letter[:-2] & letter[1:-1] & letter[2:]
    # The text ends with a blank.
    alone = letter.copy()
    alone[:-1] &= ~letter[1:]
    alone[1:] &= ~letter[:-1]
    prime = np.uint32(PRIME)
    one_hash = (codes ^ np.uint32(FIRST)) * prime
    two_hash = (one_hash[:-1] ^ codes[1:]) * prime
    three_hash = (two_hash[:-1] ^ codes[2:]) * prime
    singles = np.flatnonzero(dense | alone)
    pairs = np.flatnonzero(dense[:-1] & dense[1:] | two)
    triples = np.flatnonzero(three)
    mixed = _mixed(np.concatenate((one_hash[singles], two_hash[pairs], three_hash[triples]))) & ~np.uint32(1)
    mixed[: len(singles)] |= np.uint32(1)
    return mixed, np.concatenate((singles, pairs, triples))


def _distinct(numbers: Numbers, bits: int = 0) -> Numbers:
    """Returns rising numbers without repetition, the least of those that differ in their last bits only."""
    # np.unique keeps a table of hashes, which takes ten times as long.
    numbers.sort()
    return numbers[_changes(numbers >> np.uint64(bits) if bits else numbers)]


def _changes(numbers: Numbers) -> NDArray[np.bool_]:
    """Tells of each number whether it is another one than that before it."""
    found = np.ones(len(numbers), bool)
    np.not_equal(numbers[1:], numbers[:-1], out=found[1:])
    return found


def _mixed(value: Words) -> Words:
    one, other = (np.uint32(factor) for factor in MIX)
    value = (value ^ value >> np.uint32(15)) * one
    value = (value ^ value >> np.uint32(12)) * other
    return value ^ value >> np.uint32(15)


def _files(postings: Numbers, numbers: Numbers, shards: int) -> Iterator[tuple[str, bytes]]:
    if not len(postings):
        return
    places = (postings & np.uint64((1 << _DOCUMENT) - 1)).astype(np.int64)
    rows = postings >> np.uint64(_DOCUMENT)
    starts = np.flatnonzero(_changes(rows))
    gaps = np.diff(numbers[places], prepend=np.uint64(0))
    gaps[starts] = numbers[places[starts]]
    content, ends = _written(gaps)
    ends_of_rows = ends[np.append(starts[1:], len(gaps)) - 1]
    lengths, ends_of_lengths = _written(np.diff(ends_of_rows, prepend=0).astype(np.uint64))
    heads = rows[starts]
    keys = (heads & np.uint64((1 << _KEY) - 1)).astype(">u4").view(np.uint8).reshape(-1, 4)[:, 1:]
    owners = heads >> np.uint64(_KEY)
    cuts = np.flatnonzero(_changes(owners))
    for begin, end in zip(cuts.tolist(), [*cuts[1:].tolist(), len(heads)], strict=True):
        number = int(owners[begin])
        path = f"grams/{number}.bin" if number < shards else f"marks/{number - shards}.bin"
        count, _ = _written(np.array([end - begin], np.uint64))
        parts = (
            count,
            keys[begin:end],
            lengths[ends_of_lengths[begin - 1] if begin else 0 : ends_of_lengths[end - 1]],
            content[ends_of_rows[begin - 1] if begin else 0 : ends_of_rows[end - 1]],
        )
        yield path, b"".join(part.tobytes() for part in parts)


def _written(numbers: Numbers) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Returns numbers as LEB128, and where each ends."""
    sizes = np.ones(len(numbers), np.int64)
    left = numbers >> np.uint64(7)
    while left.any():
        sizes += left != 0
        left = left >> np.uint64(7)
    ends = np.cumsum(sizes)
    found = np.zeros(int(ends[-1]) if len(ends) else 0, np.uint8)
    starts, most = ends - sizes, int(sizes.max(initial=0))
    for place in range(most):
        chosen = sizes > place
        values = (numbers[chosen] >> np.uint64(7 * place) & np.uint64(127)).astype(np.uint8)
        values |= ((sizes[chosen] > place + 1) << 7).astype(np.uint8)
        found[starts[chosen] + place] = values
    return found, ends
