"""The examination of a picture's file before anything is made from it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from builder.model.media import Picture
from builder.model.media_types import extension
from builder.model.reading import hash_file, read_file
from builder.model.signature import signature_of
from builder.pictures.drawing import cleaned, extent
from builder.pictures.opening import form_of, is_drawing, opened, spoken_format
from builder.pictures.recipe import MOVING, count_pages, embedded_cleaner, moves, shape_of
from builder.pictures.refusal import Refused, decoding
from builder.pictures.strip import stripped


def look_at(file: Path, limit: int, known: Picture | None = None, *, trusted: bool = True) -> Picture:
    """Examines a picture's file: size, shape and trouble. ``known`` is what an earlier build found, taken over if the
    file was not touched, or its bytes are the same. Its signature alone counts only if it is ``trusted``: a file may
    change once more in the instant in which it was read. ``limit`` is the most that a drawing may have, in bytes.

    Whatever is decoded here is decoded small, to see whether it is whole. Raises OSError if the file cannot be read.
    """
    signature = signature_of(file.stat())
    if known is not None and trusted and known.signature == signature:
        return known
    sha256 = hash_file(file)
    if known is not None and known.sha256 == sha256:
        return msgspec.structs.replace(known, signature=signature)
    picture = Picture(signature, sha256)
    try:
        if is_drawing(file):
            return _look_at_drawing(file, picture, limit)
        return _look_at_raster(file, picture)
    except Refused as refused:
        return msgspec.structs.replace(picture, trouble=refused.code, detail=refused.detail)
    except (OSError, MemoryError):
        raise
    except Exception:
        # Whatever a decoder stumbles over: that picture is refused, and no other.
        return msgspec.structs.replace(picture, trouble="picture-unreadable")


def _look_at_drawing(file: Path, picture: Picture, limit: int) -> Picture:
    content = read_file(file, limit, file.parent)
    if len(content) > limit:
        raise Refused("picture-too-large", str(max(len(content), picture.signature.size)))
    width, height = extent(content)
    if b"data:image" in content:
        cleaned(content, embedded_cleaner())
    notes = () if extension(file.name) == "svg" else (("picture-misnamed", "SVG"),)
    return msgspec.structs.replace(picture, width=width, height=height, form="svg", notes=notes)


def _look_at_raster(file: Path, picture: Picture) -> Picture:
    size, ending = picture.signature.size, extension(file.name)
    with opened(file) as image, decoding():
        form = form_of(ending, image)
        width, height, widths = shape_of(image, form, size)
        told = spoken_format(ending, image)
        notes = [("picture-misnamed", told)] if told else []
        pages = count_pages(image)
        if pages > 1:
            notes.append(("picture-pages", str(pages)))
        frames = getattr(image, "n_frames", 1)
        if image.format in ("GIF", "WEBP", "PNG", "AVIF") and frames > 1 and not moves(image, size):
            notes.append(("picture-still", "AVIF" if image.format == "AVIF" else str(MOVING)))
        image.seek(0)
        if image.format in ("JPEG", "MPO"):
            image.draft(image.mode, (1, 1))
        image.load()
        if moves(image, size):
            stripped(read_file(file, MOVING, file.parent), image.format or "")
    return msgspec.structs.replace(picture, width=width, height=height, widths=widths, form=form, notes=tuple(notes))
