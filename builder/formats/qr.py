"""QR codes (ISO/IEC 18004), made when the site is built.

Nearly every page shows the code of its address, so drawing one must cost next to nothing. What all codes of one version and
level have in common, patterns and places, is taken from segno once; a code's own bits are then put there by tables.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import import_module
from itertools import chain, zip_longest
from typing import Any, NamedTuple

_BORDER = 4
_MASK = 2
_RUN = re.compile("0*1+")
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
    """The part of a path for each run of light and then dark modules, as it is written; made when it is first asked for."""

    def __missing__(self, run: str) -> str:
        light = run.index("1")
        part = self[run] = f"m{light} 0h{len(run) - light}"
        return part


def _drawn(rows: list[str]) -> Code:
    # Of a row only the first run begins where it does because of the row above: all others are looked up.
    part = _runs().__getitem__
    lines: list[str] = []
    at, above = 0, -_BORDER - 0.5
    for number, row in enumerate(rows):
        found = _RUN.findall(row)
        if not found:
            continue
        first = found[0]
        start = first.index("1")
        if lines:
            lines.append(f"m{start - at} {number - above:g}h{len(first) - start}")
        else:
            lines.append(f"M{start + _BORDER} {number + _BORDER + 0.5}h{len(first) - start}")
        lines.extend(map(part, found[1:]))
        at, above = len(row.rstrip("0")), number
    return Code("".join(lines), len(rows) + 2 * _BORDER)


@cache
def _runs() -> _Runs:
    return _Runs()


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
    """All codes of one version and level of error correction."""

    def __init__(self, version: int, level: str) -> None:
        consts: Any = import_module("segno.consts")
        encoder: Any = import_module("segno.encoder")
        self._size = size = 17 + 4 * version
        infos = _infos(consts, version, level)
        self._blocks = [info.num_data for info in infos for _ in range(info.num_blocks)]
        self._header = _header(version)
        self._correction = infos[0].num_total - infos[0].num_data
        self._tables = _remainders(self._correction)
        matrix = encoder.make_matrix(size, size)
        encoder.add_finder_patterns(matrix, size, size)
        encoder.add_alignment_patterns(matrix, size, size)
        places = iter(
            [size * size - 1 - (row * size + column) for row, column in _way(size) if matrix[row][column] == 2]
        )
        count = sum(self._blocks) + self._correction * len(self._blocks)
        # Of each half of a byte, since tables of whole ones are eight times as large.
        self._places = [_values([1 << next(places) for _ in range(4)]) for _ in range(2 * count)]
        self._base = 0
        sample = b"a" * ((sum(self._blocks) * 8 - self._header) // 8)
        made = import_module("segno").make_qr(
            sample.decode(), version=version, error=level, mask=_MASK, boost_error=False
        )
        self._base = int("".join(_rows(made)), 2) ^ self._number(sample)

    def rows(self, content: bytes) -> list[str]:
        """Returns the modules of the code, a row each."""
        size = self._size
        text = f"{self._number(content):0{size * size}b}"
        return [text[start : start + size] for start in range(0, size * size, size)]

    def _number(self, content: bytes) -> int:
        """Returns the modules as one number, row by row."""
        room = sum(self._blocks)
        width = self._header - 4
        # Mode (bytes), length, content, terminator, filled up to whole bytes and to the end.
        bits = ((4 << width | len(content)) << 8 * len(content)) | int.from_bytes(content, "big")
        length = self._header + 8 * len(content)
        filled = min(4, 8 * room - length)
        # As segno has it: what ends with a whole byte gets one more, of zeros.
        filled += 8 - (length + filled) % 8
        data = (bits << filled).to_bytes((length + filled) // 8, "big")
        data += bytes(_PADDING[place % 2] for place in range(room - len(data)))
        data = data[:room]
        blocks, start = [], 0
        for each in self._blocks:
            blocks.append(data[start : start + each])
            start += each
        ends = [self._remainder(block) for block in blocks]
        ordered = (byte for byte in chain(*zip_longest(*blocks), *zip(*ends, strict=True)) if byte is not None)
        found = self._base
        halves = bytes(ordered).hex()
        for places, half in zip(self._places, halves, strict=True):
            found ^= places[half]
        return found

    def _remainder(self, block: bytes) -> bytes:
        """Returns the bytes of error correction: the remainder of a division over GF(256)."""
        tables, top, most, rest = self._tables, 8 * (self._correction - 1), (1 << 8 * self._correction) - 1, 0
        for byte in block:
            rest = (rest << 8 & most) ^ tables[(rest >> top) ^ byte]
        return rest.to_bytes(self._correction, "big")


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
        found = [value | bit for value in found for bit in (0, place)]
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
