"""What moves, without what is not seen: frames stay bit for bit, everything that tells of camera, place or program goes."""

from __future__ import annotations

import struct

from builder.pictures.refusal import Refused

_PNG_KEPT = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT", b"gAMA", b"sRGB", b"cHRM")
)
_WEBP_DROPPED = frozenset((b"EXIF", b"XMP ", b"ICCP"))
_WEBP_FLAGS = 0x20 | 0x08 | 0x04
"""Of VP8X: a colour profile, EXIF and XMP follow (WebP Container Specification)."""


def stripped(content: bytes, form: str) -> bytes:
    """An animation in GIF, WEBP or PNG without metadata. Raises Refused if it is cut off."""
    try:
        return {"GIF": _gif, "WEBP": _webp, "PNG": _png}[form](content)
    except (IndexError, struct.error, KeyError) as error:
        raise Refused("picture-unreadable") from error


def _png(content: bytes) -> bytes:
    kept, at = [content[:8]], 8
    while True:
        (size,) = struct.unpack_from(">I", content, at)
        name, end = content[at + 4 : at + 8], at + 12 + size
        if end > len(content):
            raise Refused("picture-unreadable")
        if name in _PNG_KEPT:
            kept.append(content[at:end])
        if name == b"IEND":
            return b"".join(kept)
        at = end


def _webp(content: bytes) -> bytes:
    (whole,) = struct.unpack_from("<I", content, 4)
    if whole + 8 > len(content):
        raise Refused("picture-unreadable")
    kept, at = list[bytes](), 12
    while at < whole + 8:
        name, (size,) = content[at : at + 4], struct.unpack_from("<I", content, at + 4)
        end = at + 8 + size + size % 2
        chunk = content[at:end]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        if name not in _WEBP_DROPPED:
            kept.append(chunk)
        at = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _gif(content: bytes) -> bytes:
    """GIF89a, block by block: of extensions only timing (F9), drawn text (01) and the number of rounds stay."""

    def table(flags: int) -> int:
        return 3 << ((flags & 7) + 1) if flags & 0x80 else 0

    def behind_blocks(at: int) -> int:
        while content[at]:
            at += content[at] + 1
        return at + 1

    at = 13 + table(content[10])
    kept = [content[:at]]
    while True:
        start, mark = at, content[at]
        if mark == 0x3B:
            return b"".join([*kept, b"\x3b"])
        if mark == 0x2C:
            at = behind_blocks(at + 10 + table(content[at + 9]) + 1)
        elif mark == 0x21:
            at = behind_blocks(at + 2)
            application = content[start + 3 : start + 14]
            if content[start + 1] in (0xFE,) or (
                content[start + 1] == 0xFF and application not in (b"NETSCAPE2.0", b"ANIMEXTS1.0")
            ):
                continue
        else:
            raise Refused("picture-unreadable")
        kept.append(content[start:at])
