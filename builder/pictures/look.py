"""What can be said of a picture's file without making anything of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from builder.model.media import Picture, extension
from builder.pictures.drawing import extent
from builder.pictures.opening import opened
from builder.pictures.recipe import moves, shape_of
from builder.pictures.refusal import Refused, decoding
from builder.pictures.strip import stripped


def look_at(file: Path, limit: int, known: Picture | None = None) -> Picture:
    """Size, shape and trouble of a picture. ``known`` is what an earlier build found, taken over if bytes and time are the
    same: it costs one look at the file then. ``limit`` is the most that a drawing may have, in bytes.

    Whatever is decoded here is decoded small, to see whether it is whole. Raises OSError if the file cannot be read.
    """
    status = file.stat()
    if known is not None and (known.size, known.mtime_ns) == (status.st_size, status.st_mtime_ns):
        return known
    sha256 = digest(file)
    size, mtime_ns = status.st_size, status.st_mtime_ns
    try:
        if extension(file.name) == "svg":
            if size > limit:
                raise Refused("picture-too-large", str(size))
            width, height = extent(file.read_bytes())
            return Picture(size, mtime_ns, sha256, width, height)
        return Picture(size, mtime_ns, sha256, *_raster(file, size))
    except Refused as refused:
        return Picture(size, mtime_ns, sha256, trouble=refused.code, detail=refused.detail)


def digest(file: Path) -> str:
    """The SHA-256 of a file's bytes. Raises OSError."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _raster(file: Path, size: int) -> tuple[int, int, tuple[int, ...]]:
    with opened(file) as picture, decoding():
        shape = shape_of(picture, extension(file.name), size)
        if picture.format in ("JPEG", "MPO"):
            picture.draft(picture.mode, (1, 1))
        picture.load()
        if moves(picture, size):
            stripped(file.read_bytes(), picture.format or "")
        return shape
