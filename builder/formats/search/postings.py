"""Shard files: for each piece of text and field, the numbers of the documents that contain it.

A shard is the number of its rows; their keys by rising order, three bytes each: the upper 22 bits of the piece's hash, then
two of the field; the length in bytes of each row; the rows: rising numbers as differences. Whatever is not a key is
written as LEB128.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Mapping
from itertools import accumulate, chain, islice
from operator import sub

_KEY = 3
_FIRST = 1000
_NUMBER = re.compile(rb"[\x80-\xff]*[\x00-\x7f]")
_LAST = re.compile(rb"[\x00-\x7f]")


def place_of(piece: int, shards: int) -> tuple[str, int]:
    """Returns the path of the shard that holds a piece, and the piece's key in the first field. There is one file of marks for
    four of grams."""
    folder = "marks" if piece & 1 else "grams"
    files = max(1, shards // 4) if piece & 1 else shards
    return f"{folder}/{(piece >> 1) % files}.bin", piece >> 10 << 2


class Postings:
    """The encoder and decoder of shards. It caches the encoding of each difference."""

    def __init__(self) -> None:
        self._written = _Written()
        self._read = _Read()

    def encode(self, numbers: Collection[int]) -> bytes:
        """Encodes rising numbers as differences."""
        return b"".join(map(self._written.__getitem__, map(sub, numbers, chain((0,), numbers))))

    def decode(self, data: bytes) -> list[int]:
        """Decodes what :meth:`encode` was given."""
        return list(accumulate(map(self._read.__getitem__, _NUMBER.findall(data))))

    def shard(self, rows: Mapping[int, bytes]) -> bytes:
        """Returns the file that holds these rows by key."""
        keys = sorted(rows)
        heads = b"".join([key.to_bytes(_KEY, "big") for key in keys])
        contents = [rows[key] for key in keys]
        lengths = map(self._written.__getitem__, map(len, contents))
        return b"".join((self._written[len(keys)], heads, *lengths, *contents))

    def open(self, data: bytes) -> Shard:
        """Opens a file for reading. Raises ValueError if it is cut short."""
        first = _NUMBER.match(data)
        if first is None:
            raise ValueError("no rows")
        body = first.end() + _KEY * self._read[first[0]]
        heads = data[first.end() : body]
        lengths = list(islice((found[0] for found in _NUMBER.finditer(data, body)), len(heads) // _KEY))
        ends = list(accumulate(map(self._read.__getitem__, lengths), initial=body + sum(map(len, lengths))))
        if len(lengths) * _KEY != len(heads) or ends[-1] != len(data):
            raise ValueError("cut short")
        return Shard(data, heads, lengths, ends)

    def edited(self, shard: Shard, edits: Mapping[int, tuple[Collection[int], Collection[int]]]) -> bytes:
        """Returns a shard with numbers removed from and added to the rows of these keys; empty if no row is left."""
        heads: list[bytes] = []
        lengths: list[bytes] = []
        contents: list[bytes] = []
        done = 0
        for key in sorted(edits):
            place, there = shard.find(key)
            row = self._edit_row(shard.row(place) if there else b"", *edits[key])
            heads.append(shard.heads[_KEY * done : _KEY * place])
            lengths += shard.lengths[done:place]
            contents.append(shard.data[shard.ends[done] : shard.ends[place]])
            done = place + there
            if row:
                heads.append(key.to_bytes(_KEY, "big"))
                lengths.append(self._written[len(row)])
                contents.append(row)
        heads.append(shard.heads[_KEY * done :])
        lengths += shard.lengths[done:]
        contents.append(shard.data[shard.ends[done] :])
        return b"".join((self._written[len(lengths)], *heads, *lengths, *contents)) if lengths else b""

    def _edit_row(self, row: bytes, less: Collection[int], more: Collection[int]) -> bytes:
        last = max((*less, *more))
        cut = 0
        while True:
            # What is new stands in front: most of a long row need not be looked at.
            cut = _end(row, 4 * cut + _FIRST)
            gaps = _NUMBER.findall(row[:cut])
            numbers = list(accumulate(map(self._read.__getitem__, gaps)))
            if cut == len(row) or numbers[-1] > last:
                break
        for number in less:
            place = bisect_left(numbers, number)
            following = numbers[place + 1 : place + 2]
            before = numbers[place - 1] if place else 0
            gaps[place : place + 2] = [self._written[each - before] for each in following]
            del numbers[place]
        for number in more:
            place = bisect_left(numbers, number)
            following = numbers[place : place + 1]
            before = numbers[place - 1] if place else 0
            gaps[place : place + 1] = [self._written[number - before], *(self._written[n - number] for n in following)]
            numbers.insert(place, number)
        return b"".join((*gaps, row[cut:]))


def _end(row: bytes, place: int) -> int:
    """Returns the first end of a number at or after a place."""
    found = _LAST.search(row, place)
    return found.end() if found is not None else len(row)


EMPTY = b"\0"
"""A shard without rows."""


class Shard:
    """An opened file: its keys, the lengths of its rows as written, and the start of each row."""

    def __init__(self, data: bytes, heads: bytes, lengths: list[bytes], ends: list[int]) -> None:
        self.data, self.heads, self.lengths, self.ends = data, heads, lengths, ends

    def find(self, key: int) -> tuple[int, bool]:
        """Returns the place of a row, or where it would be, and True if it exists."""
        wanted = key.to_bytes(_KEY, "big")
        low, high = 0, len(self.lengths)
        while low < high:
            middle = (low + high) // 2
            if self.heads[_KEY * middle : _KEY * middle + _KEY] < wanted:
                low = middle + 1
            else:
                high = middle
        return low, self.heads[_KEY * low : _KEY * low + _KEY] == wanted

    def row(self, place: int) -> bytes:
        """Returns the row at a place."""
        return self.data[self.ends[place] : self.ends[place + 1]]


class _Written(dict[int, bytes]):
    def __missing__(self, number: int) -> bytes:
        out = bytearray()
        left = number
        while left > 127:
            out.append(left & 127 | 128)
            left >>= 7
        out.append(left)
        if number < 1 << 14:
            self[number] = bytes(out)
        return bytes(out)


class _Read(dict[bytes, int]):
    def __missing__(self, data: bytes) -> int:
        number = 0
        for byte in reversed(data):
            number = number << 7 | byte & 127
        if len(data) < 3:
            self[data] = number
        return number
