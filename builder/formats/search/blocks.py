"""Blocks: the data that results show of the documents, in files small enough to be fetched for one result.

Numbers are cut at round places, in halves, until what lies in one range fits into a block; so a document that comes,
goes or grows changes its own block and at times a neighbour's.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

import msgspec

from builder.formats.search.documents import Document

_TOP = 1 << 41
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_ENCODER = msgspec.json.Encoder(order="deterministic")


class Leaf(msgspec.Struct, frozen=True, array_like=True):
    """A block: the first number that it may hold, and the weight of its documents."""

    start: int
    weight: int


def partition(items: Sequence[Leaf], most: int) -> Iterator[tuple[int, Sequence[Leaf]]]:
    """Divides these documents or smaller blocks into blocks, by rising start: each one's start and contents.

    None weighs more than ``most`` unless it holds a single document.
    """
    starts = [item.start for item in items]
    sums = [0, *accumulate(item.weight for item in items)]

    def split(low: int, size: int, first: int, end: int) -> Iterator[tuple[int, Sequence[Leaf]]]:
        while end - first > 1 and sums[end] - sums[first] > most:
            size //= 2
            middle = bisect_left(starts, low + size, first, end)
            if middle == first:
                low += size
            else:
                if middle < end:
                    yield from split(low, size, first, middle)
                    low, first = low + size, middle
        if end > first:
            yield low, items[first:end]

    yield from split(0, _TOP, 0, len(items))


def covering(leaves: Sequence[Leaf], number: int) -> Leaf | None:
    """Returns the block that holds ``number`` if any does."""
    place = bisect_right(leaves, number, key=lambda leaf: leaf.start)
    return leaves[place - 1] if place else None


def block_path(start: int) -> str:
    """Returns the path of a block."""
    digits = ""
    while start:
        start, digit = divmod(start, 36)
        digits = _DIGITS[digit] + digits
    return f"blocks/{digits or '0'}.json"


def encode_block(documents: Mapping[int, Document]) -> bytes:
    """Encodes the file of a block: its documents by rising number, one a line."""
    rows = (_ENCODER.encode((number, documents[number])) for number in sorted(documents))
    return b"[" + b",\n".join(rows) + b"]\n"


def decode_block(content: bytes) -> dict[int, Document]:
    """Decodes what :func:`encode_block` was given. Raises msgspec.MsgspecError."""
    return dict(msgspec.json.decode(content, type=list[tuple[int, Document]]))
