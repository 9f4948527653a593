"""Opening a file that may be anything: nothing is decoded before its format and its size are known to be fine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from builder.model.media import extension
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
"""Pillow's names of the formats that a name may stand for; the first is the one that is written."""
MOST_PIXELS = 64_000_000
"""Of formats that are decoded as a whole."""
MOST_JPEG = 128_000_000
"""Of JPEG, which can be scaled while it is read; today's telephones take up to 108 million."""

_MANY = re.compile(r"\((\d+) pixels\)")
_SIGNS = (
    (4, b"ftyphei", "HEIC"),
    (4, b"ftyphev", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"%PDF", "PDF"),
    (0, b"8BPS", "Photoshop"),
    (0, b"PK\3\4", "ZIP"),
    (0, b"<svg", "SVG"),
    (0, b"<!DOC", "HTML"),
    (0, b"<html", "HTML"),
)
"""What uploads turn out to be, by the bytes at a place."""


@contextmanager
def opened(file: Path) -> Iterator[ImageFile.ImageFile]:
    """The picture, its header read and nothing else. Raises Refused, and OSError if the file cannot be read."""
    from PIL import Image, UnidentifiedImageError

    wanted = FORMATS[extension(file.name)]
    # MPO comes by way of JPEG.
    every = dict.fromkeys(name for names in FORMATS.values() for name in names if name != "MPO")
    with file.open("rb") as stream:
        try:
            with decoding():
                picture = Image.open(stream, formats=list(every))
        except Refused as refused:
            if isinstance(refused.__cause__, Image.DecompressionBombError):
                told = _MANY.search(str(refused.__cause__))
                raise Refused(
                    "picture-too-many-pixels", _millions(int(told[1]) if told else 2 * MOST_JPEG)
                ) from refused
            other = _sign(file) if isinstance(refused.__cause__, UnidentifiedImageError) else ""
            raise Refused("picture-format", other) if other else refused from refused.__cause__
        with picture:
            if picture.format not in wanted:
                raise Refused("picture-format", "JPEG" if picture.format == "MPO" else str(picture.format))
            most = MOST_JPEG if picture.format in ("JPEG", "MPO") else MOST_PIXELS
            if picture.width * picture.height > most:
                raise Refused("picture-too-many-pixels", _millions(picture.width * picture.height))
            yield picture


def _millions(pixels: int) -> str:
    return str(round(pixels / 1_000_000))


def _sign(file: Path) -> str:
    with file.open("rb") as stream:
        head = stream.read(64)
    return next((name for start, sign, name in _SIGNS if head[start:].lstrip(b"\xef\xbb\xbf \n").startswith(sign)), "")
