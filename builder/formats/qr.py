"""QR codes (ISO/IEC 18004), made when the site is built.

Nearly every page shows the code of its address, so drawing one must cost next to nothing. What all codes of one version and
level have in common, patterns and places, is taken from segno once; a code's own bits are then put there by tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, NamedTuple

_BORDER = 4
_MASK = 2
_ROW = "0\n"
_BYTES = re.compile(r"[\x21-\x7e]*[a-z][\x21-\x7e]*")
"""Texts that a code holds byte by byte: one small letter, and there is no shorter way."""
_PADDING = (0xEC, 0x11)


class Code(NamedTuple):
    """A QR code: ``path`` is the data of an SVG path, a line per row of modules, one unit wide; ``size`` is the width of
    its view box, the quiet zone included."""

    path: str
    size: int


def qr_code(text: str) -> Code:
    """The code of a text, with error correction M or better.

    The mask is given, not chosen: any of the eight can be read, and trying them all takes many times as long.
    """
    if not _BYTES.fullmatch(text):
        return _drawn(_rows(_made(text)))
    kind = _kind(len(text))
    return _drawn(kind.rows(text.encode()))


def _made(text: str) -> Any:
    return import_module("segno").make_qr(text, error="m", mask=_MASK)


def _rows(made: Any) -> list[str]:
    return ["".join("1" if module else "0" for module in row) for row in made.matrix]


class _Runs(dict[str, str]):
    """The part of a path for each run of light and then dark modules, as it is written; made when it is first asked for. A run
    may begin in the rows before: where it goes on follows from the ``size`` of a row."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size

    def __missing__(self, run: str) -> str:
        above, below, own = run.rpartition("\n")
        light = own.index("1")
        right = light - self._size + above.partition("\n")[0].count("0") - 1 if below else light
        part = self[run] = f"m{right} {run.count(_ROW)}h{len(own) - light}"
        return part


def _drawn(rows: list[str]) -> Code:
    # Every row ends with one more light module, so that every run ends where a light one comes.
    first, *others = _ROW.join(rows).rstrip("0").replace("10", "1 0").split(" ")
    own = first.rpartition("\n")[2]
    light = own.index("1")
    start = f"M{light + _BORDER} {first.count(_ROW) + _BORDER + 0.5}h{len(own) - light}"
    return Code(start + "".join(map(_runs(len(rows[0])).__getitem__, others)), len(rows) + 2 * _BORDER)


@cache
def _runs(size: int) -> _Runs:
    return _Runs(size)


@lru_cache(maxsize=512)
def _kind(length: int) -> _Kind:
    consts: Any = import_module("segno.consts")
    for version in range(1, 41):
        # The smallest version that holds it, with as much correction as fits into that.
        fitting = [level for level in "HQM" if length <= _room(consts, version, level)]
        if fitting:
            return _kind_of(version, fitting[0])
    raise ValueError("too long for a QR code")


@lru_cache(maxsize=64)
def _kind_of(version: int, level: str) -> _Kind:
    return _Kind(version, level)


def _room(consts: Any, version: int, level: str) -> int:
    """Returns the number of bytes that a code of a version and a level has room for."""
    data = sum(info.num_data * info.num_blocks for info in _infos(consts, version, level))
    return int(8 * data - _header(version)) // 8


def _infos(consts: Any, version: int, level: str) -> Any:
    return consts.ECC[version][getattr(consts, f"ERROR_LEVEL_{level}")]


def _header(version: int) -> int:
    """Returns the bits before the content: its mode and its length."""
    return 4 + (8 if version < 10 else 16)


class _Kind:
    """All codes of one version and level of error correction.

    A code is linear: each half of a byte of its data makes dark what it makes dark, itself and by its share in the bytes of
    error correction, whatever the others are. What codes share that have one length and begin alike is kept.
    """

    def __init__(self, version: int, level: str) -> None:
        consts: Any = import_module("segno.consts")
        encoder: Any = import_module("segno.encoder")
        self._size = size = 17 + 4 * version
        infos = _infos(consts, version, level)
        blocks = [info.num_data for info in infos for _ in range(info.num_blocks)]
        self._room = sum(blocks)
        self._header = _header(version)
        correction = infos[0].num_total - infos[0].num_data
        matrix = encoder.make_matrix(size, size)
        encoder.add_finder_patterns(matrix, size, size)
        encoder.add_alignment_patterns(matrix, size, size)
        places = iter(
            [size * size - 1 - (row * size + column) for row, column in _way(size) if matrix[row][column] == 2]
        )
        bits = [[1 << next(places) for _ in range(8)] for _ in range(self._room + correction * len(blocks))]
        self._halves = _halves(blocks, correction, bits)
        self._begun = lru_cache(maxsize=64)(self._begin)
        self._base = 0
        sample = b"a" * ((self._room * 8 - self._header) // 8)
        made = import_module("segno").make_qr(
            sample.decode(), version=version, error=level, mask=_MASK, boost_error=False
        )
        self._base = int("".join(_rows(made)), 2) ^ self._number(sample)
        self._begun.cache_clear()

    def rows(self, content: bytes) -> list[str]:
        """Returns the modules of the code, a row each."""
        size = self._size
        text = f"{self._number(content):0{size * size}b}"
        return [text[start : start + size] for start in range(0, size * size, size)]

    def _number(self, content: bytes) -> int:
        """Returns the modules as one number, row by row."""
        # Addresses of a folder begin alike, and end with a slash.
        shared = content.rfind(b"/", 0, -1) + 1
        found = self._begun(len(content), content[:shared])
        start = self._header // 4 + 2 * shared
        for half, digit in zip(self._halves[start:], content[shared:].hex(), strict=False):
            found ^= half[digit]
        return found

    def _begin(self, length: int, begin: bytes) -> int:
        """Returns the modules of a content of that length that goes on after its beginning with zeros."""
        width = self._header - 4
        # Mode (bytes), length, content, terminator, filled up to whole bytes and to the end.
        bits = ((4 << width | length) << 8 * length) | int.from_bytes(begin.ljust(length, b"\0"), "big")
        size = self._header + 8 * length
        filled = min(4, 8 * self._room - size)
        # As segno has it: what ends with a whole byte gets one more, of zeros.
        filled += 8 - (size + filled) % 8
        data = (bits << filled).to_bytes((size + filled) // 8, "big")
        data += bytes(_PADDING[place % 2] for place in range(self._room - len(data)))
        found = self._base
        for half, digit in zip(self._halves, data[: self._room].hex(), strict=True):
            found ^= half[digit]
        return found


def _halves(blocks: list[int], correction: int, bits: list[list[int]]) -> list[Mapping[str, int]]:
    """Returns what each half of a byte of the data makes dark. ``bits`` are the places of each byte of a message, in which
    blocks are told byte by byte in turn, and then their bytes of error correction."""
    turns = sorted((place, block) for block, size in enumerate(blocks) for place in range(size))
    at = {(block, place): bits[number] for number, (place, block) in enumerate(turns)}
    tables, top, most = _remainders(correction), 8 * (correction - 1), (1 << 8 * correction) - 1
    found = []
    for block, size in enumerate(blocks):
        ends = bits[len(turns) + block :: len(blocks)]
        ending = [_values(each[start : start + 4]) for each in ends for start in (0, 4)]
        darkened = []
        # The remainder of one bit, from the block's last byte on to its first.
        rests = [tables[1 << bit] for bit in range(7, -1, -1)]
        for place in range(size - 1, -1, -1):
            made = []
            for bit, rest in zip(at[block, place], rests, strict=True):
                for half, digit in zip(ending, f"{rest:0{2 * correction}x}", strict=True):
                    bit ^= half[digit]
                made.append(bit)
            darkened.append((_values(made[:4]), _values(made[4:])))
            rests = [(rest << 8 & most) ^ tables[rest >> top] for rest in rests]
        found += [half for both in reversed(darkened) for half in both]
    return found


def _way(size: int) -> list[tuple[int, int]]:
    """Returns rows and columns in the order in which the bits of a message fill a code (7.7.3)."""
    found = []
    up = True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        rows = range(size - 1, -1, -1) if up else range(size)
        found += [(row, column) for row in rows for column in (right, right - 1)]
        up = not up
    return found


def _values(places: list[int]) -> Mapping[str, int]:
    """Returns the modules that each half of a byte, as a hexadecimal digit, makes dark, its first bit at the first place."""
    found = [0]
    for place in places:
        found = [value ^ bit for value in found for bit in (0, place)]
    return {f"{digit:x}": modules for digit, modules in enumerate(found)}


@lru_cache(maxsize=32)
def _remainders(length: int) -> list[int]:
    """Returns what each first byte of a message adds to the remainder of the division by the generator of that length."""
    generator = [1]
    root = 1
    for _ in range(length):
        multiplied = [_times(factor, root) for factor in generator]
        generator = [one ^ two for one, two in zip([*generator, 0], [0, *multiplied], strict=True)]
        root = _times(root, 2)
    return [int.from_bytes(bytes(_times(byte, factor) for factor in generator[1:]), "big") for byte in range(256)]


def _times(one: int, other: int) -> int:
    """Multiplies in GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1."""
    found = 0
    while other:
        if other & 1:
            found ^= one
        one = one << 1 ^ (0x11D if one & 0x80 else 0)
        other >>= 1
    return found
