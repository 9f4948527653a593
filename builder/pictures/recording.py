"""Films and sound recordings in the ISO base media format (MP4, MOV, M4A, 3GP; ISO/IEC 14496-12), without what cameras add:
place, device, dates of their own, sensors. Pictures and sound stay bit for bit, and where they are.

What is taken out becomes a ``free`` box of the same length, so that no offset in the file changes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from builder.model.media import extension

_KINDS = frozenset("mp4 m4v m4a m4b mov qt 3gp 3g2".split())
_FIRST = frozenset((b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"))
_CONTAINERS = frozenset((b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf"))
_DETAILS = frozenset((b"udta", b"meta", b"uuid", b"free", b"skip"))
_SHOWN = frozenset((b"vide", b"soun", b"text", b"sbtl", b"subt", b"clcp", b"hint", b"tmcd"))
"""Handlers of the tracks that players use; the others hold what sensors measured, places among it."""
_DEEPEST = 8


class _Box(NamedTuple):
    name: bytes
    start: int
    payload: int
    end: int


def is_recording(name: str) -> bool:
    """Tells whether a file is called like a recording in this format."""
    return extension(name) in _KINDS


def cleaned_recording(content: bytes) -> bytes:
    """Returns a recording of the same length that plays the same, and tells nothing else. What is in another format, or
    breaks off, is cleaned as far as it can be read.
    """
    if content[4:8] not in _FIRST:
        return content
    pieces: list[bytes | memoryview] = []
    view, at = memoryview(content), 0
    for first, end, name in sorted(_removals(content)):
        start = first
        if start < at:
            start, name = at, b""
        if end <= at:
            continue
        pieces += [view[at:start], name, bytes(end - start - len(name))]
        at = end
    return b"".join([*pieces, view[at:]]) if at else content


def _removals(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yields the parts to overwrite: from, to, and the bytes at their beginning."""
    places: list[tuple[int, int, bytes]] = []
    _search(content, 0, len(content), 0, places)
    yield from places


def _search(content: bytes, start: int, end: int, depth: int, places: list[tuple[int, int, bytes]]) -> None:
    for box in _boxes(content, start, end):
        if box.name in _DETAILS:
            places.append((box.start + 4, box.payload, b"free" + content[box.start + 8 : box.payload]))
            places.append((box.payload, box.end, b""))
        elif box.name == b"trak" and not _is_shown(content, box):
            places += [(*place, b"") for place in _samples(content, box)]
            places.append((box.start + 4, box.payload, b"free" + content[box.start + 8 : box.payload]))
            places.append((box.payload, box.end, b""))
        elif box.name in _CONTAINERS and depth < _DEEPEST:
            _search(content, box.payload, box.end, depth + 1, places)


def _boxes(content: bytes, at: int, end: int) -> Iterator[_Box]:
    while at + 8 <= end:
        (size,) = struct.unpack_from(">I", content, at)
        payload = at + 8
        if size == 1 and at + 16 <= end:
            (size,) = struct.unpack_from(">Q", content, at + 8)
            payload = at + 16
        stop = end if size == 0 else min(at + size, end)
        if stop < payload:
            return
        yield _Box(content[at + 4 : at + 8], at, payload, stop)
        at = stop


def _find(content: bytes, box: _Box, *names: bytes) -> _Box | None:
    for name in names:
        found = next((each for each in _boxes(content, box.payload, box.end) if each.name == name), None)
        if found is None:
            return None
        box = found
    return box


def _is_shown(content: bytes, track: _Box) -> bool:
    handler = _find(content, track, b"mdia", b"hdlr")
    return handler is None or content[handler.payload + 8 : handler.payload + 12] in _SHOWN


def _samples(content: bytes, track: _Box) -> Iterator[tuple[int, int]]:
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
    (same,) = struct.unpack_from(">I", content, sizes.payload + 4)
    row = iter(()) if same else (size for (size,) in _numbers(content, sizes, "I", 8))
    run = 0
    for number, (offset,) in enumerate(offsets, 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= number:
            run += 1
        count = min(runs[run][1], len(content)) if runs else 0
        length = same * count if same else sum(next(row, 0) for _ in range(count))
        start = min(offset, len(content))
        yield start, min(start + length, len(content))


def _numbers(content: bytes, box: _Box | None, form: str, at: int) -> list[tuple[int, ...]]:
    """Returns the rows of a table of numbers whose count stands ``at`` bytes into the box."""
    if box is None or box.end < box.payload + at + 4:
        return []
    width = struct.calcsize(f">{form}")
    start = box.payload + at + 4
    (count,) = struct.unpack_from(">I", content, box.payload + at)
    count = min(count, (box.end - start) // width)
    return list(struct.iter_unpack(f">{form}", content[start : start + count * width]))
