"""Whether a picture's file says where it was taken (Exif 2.32, GPS IFD; XMP, namespace exif)."""

from __future__ import annotations

from pathlib import Path

from builder.media import extension

_GPS_IFD = 0x8825
_LATITUDE = 2
_KINDS = frozenset("jpg jpeg png webp avif tif tiff".split())


def tells_position(file: Path) -> bool:
    """True if the file holds a place. False for what is no picture, and for what cannot be read."""
    if extension(file.name) not in _KINDS:
        return False
    from PIL import Image

    try:
        with Image.open(file) as picture:
            if picture.getexif().get_ifd(_GPS_IFD).get(_LATITUDE) is not None:
                return True
            told = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
    # A damaged file may fail in any way, and says nothing then.
    except Exception:
        return False
    return "GPSLatitude" in (told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told))
