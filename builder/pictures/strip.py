"""Animations without metadata: frames stay bit for bit; camera, place and program are removed."""

from __future__ import annotations

import struct

from builder.pictures.refusal import Refused

_PNG_KEPT = frozenset(
    (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"acTL", b"fcTL", b"fdAT", b"gAMA", b"sRGB", b"cHRM")
)
_WEBP_KEPT = frozenset((b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"))
_WEBP_FLAGS = 0x20 | 0x08 | 0x04
"""Of VP8X: a colour profile, EXIF and XMP follow (WebP Container Specification)."""


_ROUNDS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def stripped(content: bytes, form: str) -> bytes:
    """Returns an animation in GIF, WEBP or PNG without metadata. Raises Refused if it is cut off."""
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
    body = b"WEBP" + _webp_chunks(content[12 : whole + 8])
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _webp_chunks(content: bytes) -> bytes:
    kept, at = list[bytes](), 0
    while at < len(content):
        name, (size,) = content[at : at + 4], struct.unpack_from("<I", content, at + 4)
        payload = content[at + 8 : at + 8 + size]
        if name == b"VP8X":
            payload = bytes([payload[0] & ~_WEBP_FLAGS]) + payload[1:]
        elif name == b"ANMF":
            # The place and time of a frame, then chunks of its own.
            payload = payload[:16] + _webp_chunks(payload[16:])
        if name in _WEBP_KEPT:
            kept.append(name + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2))
        at += 8 + size + size % 2
    return b"".join(kept)


def _gif(content: bytes) -> bytes:
    """Strips GIF89a, block by block: of extensions only timing (F9) and the number of rounds stay."""

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
            if content[start + 1] == 0xFF and content[start + 3 : start + 14] in _ROUNDS and content[start + 15] == 1:
                kept.append(b"\x21\xff\x0bNETSCAPE2.0\x03" + content[start + 15 : start + 18] + b"\0")
                continue
            if content[start + 1] != 0xF9:
                continue
        else:
            raise Refused("picture-unreadable")
        kept.append(content[start:at])
