"""Films and sound recordings in the ISO base media format (MP4, MOV, M4A, 3GP; ISO/IEC 14496-12), without what cameras add:
place, device, dates of their own, sensors. Pictures and sound stay bit for bit, and where they are.

What is taken out becomes a ``free`` box of the same length, so that no offset in the file changes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO, NamedTuple

from builder.model.media_types import extension
from builder.model.reading import PIECE, pieces

CLEANER = 1
"""To be raised with every change of what is taken out."""
_KINDS = frozenset("mp4 m4v m4a m4b mov qt 3gp 3g2".split())
_FIRST = frozenset((b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"))
_CONTAINERS = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf"))
_DETAILS = frozenset((b"udta", b"meta", b"uuid", b"free", b"skip"))
_SHOWN = frozenset((b"vide", b"soun", b"text", b"sbtl", b"subt", b"clcp", b"hint", b"tmcd"))
"""Handlers of the tracks that players use; the others hold what sensors measured, places among it."""
_DEEPEST = 8
_MOST_ROWS = 1_000_000
"""Of boxes in one, and of a table: sensors measure for days before they write more."""


class _TooManyError(Exception):
    """More boxes or rows than a camera writes."""


class _Box(NamedTuple):
    name: bytes
    start: int
    payload: int
    end: int


def is_recording(name: str) -> bool:
    """Tells whether a file is called like a recording in this format."""
    return extension(name) in _KINDS


class _Window:
    """The bytes of a recording, of which only what is asked for is read."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self._size = stream, size

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, place: slice) -> bytes:
        start = min(place.start or 0, self._size)
        self._stream.seek(start)
        return self._stream.read(max(0, min(place.stop, self._size) - start))


def cleaned_recording(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """Yields the first ``size`` bytes of a recording, in pieces: as many as there were, playing the same, and telling
    nothing else. What is in another format, or breaks off, is cleaned as far as it can be read.
    """
    content, at = _Window(stream, size), 0
    removals = _removals(content) if content[4:8] in _FIRST else ()
    for first, end, name in removals:
        start = first
        if start < at:
            start, name = at, b""
        if end <= at:
            continue
        yield from _unchanged(stream, at, start)
        yield name
        yield from _blank(end - start - len(name))
        at = end
    yield from _unchanged(stream, at, size)


def _unchanged(stream: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    stream.seek(start)
    yield from pieces(stream, end - start)


def _blank(size: int) -> Iterator[bytes]:
    for start in range(0, size, PIECE):
        yield bytes(min(PIECE, size - start))


def _removals(content: _Window) -> Sequence[tuple[int, int, bytes]]:
    """Returns the parts to overwrite, in order: from, to, and the bytes at their beginning. Where they are too many, as no
    camera writes them, that is everything."""
    places: list[tuple[int, int, bytes]] = []
    try:
        _search(content, 0, len(content), 0, places)
    except _TooManyError:
        return [(0, len(content), b"")]
    return sorted(places)


def _search(content: _Window, start: int, end: int, depth: int, places: list[tuple[int, int, bytes]]) -> None:
    for number, box in enumerate(_boxes(content, start, end)):
        if number > _MOST_ROWS or len(places) > _MOST_ROWS:
            raise _TooManyError
        if box.name in _DETAILS:
            places.append((box.start + 4, box.payload, b"free" + content[box.start + 8 : box.payload]))
            places.append((box.payload, box.end, b""))
        elif box.name == b"trak" and not _is_shown(content, box):
            places += [(*place, b"") for place in _samples(content, box)]
            places.append((box.start + 4, box.payload, b"free" + content[box.start + 8 : box.payload]))
            places.append((box.payload, box.end, b""))
        elif box.name in _CONTAINERS and depth < _DEEPEST:
            _search(content, box.payload, box.end, depth + 1, places)


def _boxes(content: _Window, at: int, end: int) -> Iterator[_Box]:
    while at + 8 <= end:
        head = content[at : at + 16]
        if len(head) < 8:
            return
        (size,) = struct.unpack_from(">I", head)
        payload = at + 8
        if size == 1 and at + 16 <= end and len(head) == 16:
            (size,) = struct.unpack_from(">Q", head, 8)
            payload = at + 16
        stop = end if size == 0 else min(at + size, end)
        if stop < payload:
            return
        yield _Box(head[4:8], at, payload, stop)
        at = stop


def _find(content: _Window, box: _Box, *names: bytes) -> _Box | None:
    for name in names:
        boxes = islice(_boxes(content, box.payload, box.end), _MOST_ROWS)
        found = next((each for each in boxes if each.name == name), None)
        if found is None:
            return None
        box = found
    return box


def _is_shown(content: _Window, track: _Box) -> bool:
    handler = _find(content, track, b"mdia", b"hdlr")
    return handler is None or content[handler.payload + 8 : handler.payload + 12] in _SHOWN


def _samples(content: _Window, track: _Box) -> Iterator[tuple[int, int]]:
    """Yields the places of a track's samples in the file, chunk by chunk (14496-12, 8.7)."""
    table = _find(content, track, b"mdia", b"minf", b"stbl")
    if table is None:
        return
    offsets = _numbers(content, _find(content, table, b"stco"), "I", 4)
    offsets = offsets or _numbers(content, _find(content, table, b"co64"), "Q", 4)
    runs = _numbers(content, _find(content, table, b"stsc"), "III", 4)
    sizes = _find(content, table, b"stsz")
    if sizes is None or sizes.end < sizes.payload + 12:
        return
    (same,) = struct.unpack(">I", content[sizes.payload + 4 : sizes.payload + 8])
    row = iter(()) if same else (size for (size,) in _numbers(content, sizes, "I", 8))
    run = 0
    for number, (offset,) in enumerate(offsets, 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= number:
            run += 1
        count = min(runs[run][1], len(content)) if runs else 0
        length = same * count if same else sum(islice(row, count), 0)
        start = min(offset, len(content))
        yield start, min(start + length, len(content))


def _numbers(content: _Window, box: _Box | None, form: str, at: int) -> list[tuple[int, ...]]:
    """Returns the rows of a table of numbers whose count stands ``at`` bytes into the box."""
    if box is None or box.end < box.payload + at + 4:
        return []
    width = struct.calcsize(f">{form}")
    start = box.payload + at + 4
    (count,) = struct.unpack(">I", content[start - 4 : start])
    count = min(count, (box.end - start) // width)
    if count > _MOST_ROWS:
        raise _TooManyError
    return list(struct.iter_unpack(f">{form}", content[start : start + count * width]))
