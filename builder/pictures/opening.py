"""Opening a file that may be anything: nothing is decoded before its format and its size are known to be fine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from builder.model.media import UNSHOWN
from builder.model.media_types import extension
from builder.model.patterns import pattern_of
from builder.model.reading import open_file, read_file
from builder.pictures.refusal import Refused, decoding

if TYPE_CHECKING:
    from PIL import ImageFile

FORMATS = {
    "jpg": ("JPEG", "MPO"),
    "jpeg": ("JPEG", "MPO"),
    "png": ("PNG",),
    "gif": ("GIF",),
    "webp": ("WEBP",),
    "avif": ("AVIF",),
    "bmp": ("BMP", "DIB"),
    "ico": ("ICO",),
}
"""Pillow's names of the formats that are published, by ending; the first is the one that is written."""
_CONVERTED = ("HEIF", "TIFF", "JPEG2000")
"""Formats that browsers do not show; they become JPEG, or PNG where there is transparency."""
_TRUE_NAMES = {
    "JPEG": "jpg jpeg jpe jfif jif pjpeg pjp",
    "MPO": "jpg jpeg jpe jfif jif pjpeg pjp mpo",
    "PNG": "png apng",
    "AVIF": "avif avifs",
    "BMP": "bmp dib",
    "DIB": "bmp dib",
    "HEIF": "heic heif heics heifs hif",
    "TIFF": "tif tiff",
    "JPEG2000": "jp2 j2k jpx jpf jpc",
}
"""The endings under which nobody is surprised to find a format; else its name in small letters."""
_SPOKEN = {"MPO": "JPEG", "DIB": "BMP", "HEIF": "HEIC", "WEBP": "WebP", "JPEG2000": "JPEG 2000"}
MOST_PIXELS = 64_000_000
"""Of formats that are decoded as a whole."""
MOST_JPEG = 128_000_000
"""Of JPEG, which can be scaled while it is read; today's telephones take up to 108 million."""
_DNG_VERSION, _SUBFILE_TYPE, _REDUCED = 50706, 254, 1
"""Tags of TIFF 6.0 and DNG 1.7, and the value that says that a first picture is only a preview of what a camera saw."""

_UNKNOWN = "unknown"
_MANY = pattern_of(r"\((\d+) pixels\)")
_SIGNS = (
    (4, b"ftyphei", ""),
    (4, b"ftyphev", ""),
    (4, b"ftypmif1", ""),
    (4, b"ftypmsf1", ""),
    (4, b"ftypavi", ""),
    (4, b"ftypqt", "MOV"),
    (4, b"ftypcrx", "RAW"),
    (4, b"ftyp", "MP4"),
    (0, b"IIRO", "RAW"),
    (0, b"IIU\0", "RAW"),
    (0, b"FUJIFILMCCD-RAW", "RAW"),
    (0, b"\xff\x0a", "JPEG XL"),
    (4, b"JXL ", "JPEG XL"),
    (0, b"%PDF", "PDF"),
    (0, b"%!PS", "PostScript"),
    (0, b"8BPS", "Photoshop"),
    (0, b"PK\3\4", "ZIP"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"<svg", "SVG"),
    (0, b"<!DOC", "HTML"),
    (0, b"<!doc", "HTML"),
    (0, b"<html", "HTML"),
)
"""Formats of uploads, recognized by the bytes at a place; empty for damaged files of a readable format."""
_UNSHOWN_SIGNS = frozenset(("RAW", "JPEG XL", "Photoshop", "PostScript", "MOV", "MP4"))
_DRAWING = pattern_of(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE svg.*?>\s*)*<(?:\w+:)?svg[\s>]", re.DOTALL
)


@contextmanager
def opened(file: Path) -> Iterator[ImageFile.ImageFile]:
    """Returns the picture, its header read and nothing else. Raises Refused, and OSError if the file cannot be read."""
    ending = extension(file.name)
    try:
        with open_file(file, file.parent) as stream, open_stream(stream, (*_every(), *_CONVERTED), _UNKNOWN) as picture:
            if picture.format == "TIFF" and (ending in UNSHOWN or _is_preview(picture)):
                raise Refused("picture-unshown", ending.upper() if ending in UNSHOWN else "RAW")
            yield picture
    except Refused as refused:
        if refused.code not in ("picture-unreadable", _UNKNOWN):
            raise
        if ending in UNSHOWN:
            raise Refused("picture-unshown", ending.upper()) from refused.__cause__
        other = _sign(file) if refused.code == _UNKNOWN else ""
        if other in _UNSHOWN_SIGNS:
            raise Refused("picture-unshown", other) from refused.__cause__
        raise Refused("picture-format" if other else "picture-unreadable", other) from refused.__cause__


@contextmanager
def open_stream(stream: object, formats: tuple[str, ...], unknown: str) -> Iterator[ImageFile.ImageFile]:
    """Returns the picture that a stream of bytes is, if it has one of the formats and is not too large. Raises Refused, with
    the code ``unknown`` for what is in none of them."""
    from PIL import Image, UnidentifiedImageError

    if "HEIF" in formats:
        from pillow_heif import register_heif_opener

        register_heif_opener(thumbnails=False)
    try:
        with decoding():
            picture = Image.open(stream, formats=list(formats))  # type: ignore[arg-type]
    except Refused as refused:
        cause = refused.__cause__
        if isinstance(cause, Image.DecompressionBombError):
            told = _MANY.search(str(cause))
            raise Refused("picture-too-many-pixels", _millions(int(told[1]) if told else 2 * MOST_JPEG)) from refused
        if isinstance(cause, UnidentifiedImageError):
            raise Refused(unknown) from cause
        raise
    with picture:
        most = MOST_JPEG if picture.format in ("JPEG", "MPO") else MOST_PIXELS
        if picture.width * picture.height > most:
            raise Refused("picture-too-many-pixels", _millions(picture.width * picture.height))
        yield picture


def is_drawing(file: Path) -> bool:
    """Tells whether a file is SVG, whatever it is called; what is called so and is nothing else counts as a damaged one.
    Raises OSError if it cannot be read."""
    if _DRAWING.match(read_file(file, 4095, file.parent)) is not None:
        return True
    if extension(file.name) != "svg":
        return False
    try:
        with opened(file):
            return False
    except Refused:
        return True


def form_of(ending: str, picture: ImageFile.ImageFile) -> str:
    """Returns the ending under which a picture is published: its own if that is true and browsers know it."""
    name = str(picture.format)
    if name in FORMATS.get(ending, ()):
        return ending
    if name in _CONVERTED:
        return "png" if picture.mode in ("LA", "RGBA", "PA", "La", "RGBa") or "transparency" in picture.info else "jpg"
    return next(form for form, names in FORMATS.items() if name in names)


def spoken_format(ending: str, picture: ImageFile.ImageFile) -> str:
    """Returns the name of what a file really is if its ending says something else; empty if it says the truth."""
    name = str(picture.format)
    return "" if ending in _TRUE_NAMES.get(name, name.lower()).split() else _SPOKEN.get(name, name)


def _every() -> tuple[str, ...]:
    # MPO comes by way of JPEG.
    return tuple(dict.fromkeys(name for names in FORMATS.values() for name in names if name != "MPO"))


def _is_preview(picture: ImageFile.ImageFile) -> bool:
    """Tells whether a TIFF is what a camera saw (DNG, NEF, ARW …), of which the first picture is only a preview."""
    tags = getattr(picture, "tag_v2", {})
    return _DNG_VERSION in tags or tags.get(_SUBFILE_TYPE, 0) & _REDUCED == _REDUCED


def _millions(pixels: int) -> str:
    return str(round(pixels / 1_000_000))


def _sign(file: Path) -> str:
    head = read_file(file, 63, file.parent)
    return next((name for start, sign, name in _SIGNS if head[start:].lstrip(b"\xef\xbb\xbf \n").startswith(sign)), "")
