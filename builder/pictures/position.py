"""The place at which a picture was taken, as its file records it (Exif 2.32, GPS IFD; XMP, namespace exif)."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from builder.model.media_types import extension
from builder.model.reading import open_file, read_file
from builder.pictures.refusal import decoding

if TYPE_CHECKING:
    from PIL.Image import Exif

_GPS_IFD = 0x8825
_LATITUDE = 2
_KINDS = frozenset("jpg jpeg jpe jfif jif pjpeg pjp mpo png webp avif tif tiff jp2 dng nef arw pef cr2".split())
_UNOPENED = frozenset("heic heif heics heifs hif".split())
"""Formats that telephones write and Pillow does not open: their Exif data is searched for in the file's bytes."""
_EXIF = b"Exif\0\0"
_LONGEST = 1 << 16
_MOST_BYTES = 50_000_000


def tells_position(file: Path, content: bytes | None = None) -> bool:
    """Tells whether the file holds a place. False for what is no picture, and for what cannot be read. With
    ``content`` that is what it holds: only its name is taken from ``file``.
    """
    kind = extension(file.name)
    if kind not in _KINDS and kind not in _UNOPENED:
        return False
    from PIL import Image

    try:
        if kind in _UNOPENED:
            exif = Image.Exif()
            exif.load(_extract_embedded(read_file(file, _MOST_BYTES, file.parent) if content is None else content))
            return _has_place(exif)
        with (
            decoding(),
            open_file(file, file.parent) if content is None else BytesIO(content) as stream,
            Image.open(stream) as picture,
        ):
            if _has_place(picture.getexif()):
                return True
            told = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    # A damaged file may fail in any way, and says nothing then.
    except Exception:
        return False
    return "GPSLatitude" in (told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told))


def _has_place(exif: Exif) -> bool:
    return exif.get_ifd(_GPS_IFD).get(_LATITUDE) is not None


def _extract_embedded(content: bytes) -> bytes:
    place = content.find(_EXIF)
    return content[place : place + _LONGEST] if place >= 0 else b""
