"""The conversion of an original picture into its published files."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from builder.model.media import Shape
from builder.model.media_types import extension
from builder.model.reading import read_file
from builder.pictures.drawing import cleaned
from builder.pictures.opening import FORMATS, form_of, is_drawing, open_stream, opened
from builder.pictures.refusal import Refused, decoding
from builder.pictures.strip import stripped
from builder.pictures.variants import widths_of

if TYPE_CHECKING:
    from PIL import Image

RECIPE = 2
"""To be raised with every change of what is made."""
LONGEST = 2560
"""Pixels of the longer side of what is published."""
_STRIP, _STRIP_WIDTH, _STRIP_HEIGHT = 2.5, 1600, 16_000
MOVING = 2_000_000
"""Bytes of what moves, at most; more than that becomes a still picture."""
FULL = "full"
"""The name of what is published under the picture's own name."""
_EMBEDDED = ("JPEG", "PNG", "GIF", "WEBP")
_MOST_EMBEDDED = 150_000_000
"""Pixels that all pictures in one drawing or text may have together."""
_TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
"""Image.Transpose by the orientation of Exif 2.32, 4.6.4 A."""
_QUALITIES = {"jpeg": (80, 70, 55, 40), "webp": (75, 65, 50, 35)}
"""The first is used unless that takes more bytes than are allowed; to the eye those of both formats are the same."""


def fitted(width: int, height: int) -> tuple[int, int]:
    """Returns the size in which a picture of that size is published. Strips that are much higher than wide are for
    reading: their width counts.
    """
    if height > _STRIP * width:
        scale = min(1.0, _STRIP_WIDTH / width, _STRIP_HEIGHT / height)
    else:
        scale = min(1.0, LONGEST / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def shape_of(picture: Image.Image, form: str, size: int) -> tuple[int, int, tuple[int, ...]]:
    """Returns width, height and offered widths of an opened picture of ``size`` bytes, as published."""
    width, height = _upright(picture)
    if form == "ico" or moves(picture, size):
        return width, height, ()
    width, height = fitted(width, height)
    return width, height, () if form == "gif" else widths_of(width)


def _upright(picture: Image.Image) -> tuple[int, int]:
    width, height = picture.size
    return (height, width) if turn_of(picture) >= 5 else (width, height)


def turn_of(picture: Image.Image) -> int:
    """Returns the orientation that the camera wrote down."""
    if picture.format == "TIFF":
        # Pillow turns it while it reads it.
        return 1
    try:
        turn = picture.getexif().get(0x0112, 1)
    except Exception:
        # Broken EXIF is as good as none.
        return 1
    return turn if turn in _TURNS else 1


def moves(picture: Image.Image, size: int) -> bool:
    """Tells whether a picture stays an animation."""
    # Other formats hold further pictures that nobody sees: bursts, depth maps, the pages of a fax. An animation in AVIF
    # becomes its first frame: it cannot be cleaned without being made anew, which takes minutes.
    return picture.format in ("GIF", "WEBP", "PNG") and getattr(picture, "n_frames", 1) > 1 and size <= MOVING


def count_pages(picture: Image.Image) -> int:
    """Returns the number of pages in a TIFF, such as a scanned document; 1 for everything else."""
    tags = getattr(picture, "tag_v2", None)
    if picture.format != "TIFF" or tags is None or getattr(picture, "n_frames", 1) < 2:
        return 1
    picture.seek(1)
    # Tag 254, NewSubfileType: the first bit says that it is the same picture in a smaller size (TIFF 6.0).
    reduced = picture.tag_v2.get(254, 0) & 1  # type: ignore[attr-defined]
    picture.seek(0)
    return 1 if reduced else int(getattr(picture, "n_frames", 1))


def develop(file: Path, limit: int) -> dict[str, bytes]:
    """Returns the files that are published of a picture: its name is ``full`` for what has the picture's own name, else
    width and ending (``800.webp``). None has more than ``limit`` bytes. Raises Refused, and OSError if it cannot be
    read.
    """
    ending = extension(file.name)
    if is_drawing(file):
        return {
            FULL: _require_bound(
                cleaned(_require_bound(read_file(file, limit, file.parent), limit), embedded_cleaner()), limit
            )
        }
    with decoding():
        return dict(_develop_files(file, ending, limit))


def original_without_traces(content: bytes, name: str, limit: int) -> tuple[str, bytes]:
    """Returns a picture as content keeps it: turned, in its largest published size, with nothing in it but what is seen; and the
    ending that it should have. ``name`` says what it was called. Raises Refused."""
    with tempfile.TemporaryDirectory(prefix="branchpress-") as scratch:
        file = Path(scratch) / f"picture.{extension(name) or 'bin'}"
        file.write_bytes(content)
        if is_drawing(file):
            return "svg", _require_bound(cleaned(_require_bound(content, limit), embedded_cleaner()), limit)
        with decoding():
            with opened(file) as picture:
                form = form_of(extension(name), picture)
            return form, next(made for _, made in _develop_files(file, extension(name), limit))


def clean_embedded(content: bytes) -> tuple[str, bytes]:
    """Returns the media type and the bytes of a picture that lies in a text, with nothing in it but what is seen. Raises
    Refused."""
    return _clean_embedded(content, lambda _: None)


def embedded_cleaner() -> Callable[[bytes], tuple[str, bytes]]:
    """Returns what cleans the pictures that lie in one drawing or text, and refuses those with which they would have too many
    pixels together."""
    used = 0

    def count(pixels: int) -> None:
        nonlocal used
        if used + pixels > _MOST_EMBEDDED:
            raise Refused("picture-too-many-pixels", str(round((used + pixels) / 1_000_000)))
        used += pixels

    return lambda content: _clean_embedded(content, count)


def _clean_embedded(content: bytes, count: Callable[[int], None]) -> tuple[str, bytes]:
    with decoding(), open_stream(io.BytesIO(content), _EMBEDDED, "picture-unreadable") as picture:
        count(picture.width * picture.height)
        image = _clean(picture, *_upright(picture))
        form = "jpg" if picture.format in ("JPEG", "MPO") else "png"
        made = _encode(image, form, **({"quality": 85} if form == "jpg" else {}))
    return ("image/jpeg" if form == "jpg" else "image/png"), made


def _develop_files(file: Path, ending: str, limit: int) -> Iterator[tuple[str, bytes]]:
    with opened(file) as picture:
        size = file.stat().st_size
        form = form_of(ending, picture)
        width, height, widths = shape_of(picture, form, size)
        if moves(picture, size) and size <= limit:
            yield FULL, stripped(read_file(file, MOVING, file.parent), picture.format or "")
            return
        if form == "ico":
            sizes = sorted(picture.info.get("sizes", {picture.size}))
            picture.load()
            picture.info = {}
            yield FULL, _require_bound(_encode(picture, form, sizes=sizes), limit)
            return
        whole = _clean(picture, width, height)
    yield FULL, _smallest(whole, form, limit)
    shape = Shape(width, height, widths)
    for step in reversed(shape.widths):
        scaled = whole
        if step != width:
            scaled = whole.resize((step, max(1, round(height * step / width))), _lanczos(), reducing_gap=3.0)
            if form != "webp":
                yield f"{step}.{form}", _smallest(scaled, form, limit)
        if form != "webp" or step != width:
            yield f"{step}.webp", _smallest(scaled, "webp", limit)


def _lanczos() -> Image.Resampling:
    from PIL import Image

    return Image.Resampling.LANCZOS


def _clean(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Returns the picture turned, in its published size, in sRGB, and with nothing else in it.

    It is scaled first, while it is read if the format can: so 48 megapixels take no more memory than 12.
    """
    from PIL import Image

    turn = turn_of(picture)
    size = (height, width) if turn >= 5 else (width, height)
    profile = picture.info.get("icc_profile")
    if picture.format in ("JPEG", "MPO"):
        picture.draft(picture.mode, size)
    picture.load()
    image = _reduce(_plain(picture), size)
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    if profile:
        image = _in_srgb(image, profile)
    if image.mode not in ("L", "RGB", "RGBA", "P"):
        image = image.convert("RGB")
    if turn != 1:
        image = image.transpose(Image.Transpose(_TURNS[turn]))
    image.info = {}
    return image


def _plain(picture: Image.Image) -> Image.Image:
    """Returns the picture in a mode that can be scaled: no palettes, no 16 bits; transparency only where there is some."""
    if picture.mode.startswith("I"):
        return picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("LA", "La", "PA", "RGBa") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    elif picture.mode in ("P", "1", "F"):
        picture = picture.convert("RGB" if picture.mode == "P" else "L")
    return picture


def _reduce(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Returns a picture with transparency, brought near the size that is wanted: a strip at a time, since scaling such
    a picture takes a copy of it.
    """
    from PIL import Image

    factor = min(image.width // size[0], image.height // size[1])
    if image.mode != "RGBA" or factor < 2:
        return image
    made = Image.new(image.mode, (image.width // factor, image.height // factor))
    rows = 64 * factor
    for top in range(0, made.height * factor, rows):
        bottom = min(top + rows, made.height * factor)
        made.paste(image.crop((0, top, made.width * factor, bottom)).reduce(factor), (0, top // factor))
    return made


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    from PIL import ImageCms

    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    source = image.convert("RGB") if alpha is not None else image
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "L" if source.mode == "L" else "RGB"
        if mode == "L":
            return image
        made = ImageCms.profileToProfile(source, given, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        # A profile that cannot be used is as good as none.
        return image
    if made is None:
        return image
    if alpha is not None:
        made.putalpha(alpha)
    return made


def _smallest(image: Image.Image, form: str, limit: int) -> bytes:
    """Returns the picture in a format, in no more than ``limit`` bytes."""
    if form in ("jpg", "jpeg"):
        flat = image if image.mode in ("L", "RGB") else image.convert("RGB")
        made = (_encode(flat, form, quality=each, optimize=True, progressive=True) for each in _QUALITIES["jpeg"])
        return _first(made, limit)
    if form == "webp":
        return _first((_encode(image, form, quality=each, method=4) for each in _QUALITIES["webp"]), limit)
    if form == "avif":
        return _require_bound(_encode(image, form, quality=65, speed=8, max_threads=1), limit)
    if form == "bmp" and image.mode == "RGBA":
        image = image.convert("RGB")
    content = _encode(_few_colours(image), form)
    if form == "png" and len(content) > limit:
        content = _encode(image.quantize(256) if image.mode != "L" else image, form, optimize=True)
    return _require_bound(content, limit)


def _few_colours(image: Image.Image) -> Image.Image:
    """Returns a drawing of few colours with a palette, which is much smaller and the same to the eye."""
    from PIL import Image

    if image.mode != "RGB" or image.getcolors(256) is None:
        return image
    made = image.quantize(256, dither=Image.Dither.NONE)
    return made if made.convert("RGB").tobytes() == image.tobytes() else image


def _encode(image: Image.Image, form: str, **settings: object) -> bytes:
    content = io.BytesIO()
    image.save(content, FORMATS[form][0], **settings)
    return content.getvalue()


def _first(made: Iterator[bytes], limit: int) -> bytes:
    """Returns the first that is small enough."""
    content = b""
    for content in made:
        if len(content) <= limit:
            break
    return _require_bound(content, limit)


def _require_bound(content: bytes, limit: int) -> bytes:
    if len(content) > limit:
        raise Refused("picture-too-large", str(len(content)))
    return content
