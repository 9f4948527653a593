"""The organization's logo as others show it, always PNG: an icon for browsers, one for feed readers, a card for links."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from builder.model.reading import read_file
from builder.pictures.drawing import cleaned, extent
from builder.pictures.opening import is_drawing, opened
from builder.pictures.recipe import embedded_cleaner
from builder.pictures.refusal import Refused, decoding

if TYPE_CHECKING:
    from PIL import Image

MARKS = {"icon": (192, 192, 192), "feed": (144, 144, 144), "card": (1200, 630, 420)}
"""By name the width and height of each, and how large the logo is on it at most. RSS takes 144 pixels (RSS Advisory Board
profile); cards have the proportions that Open Graph's readers show."""
_DRAWN = 512
_SECONDS, _MEGABYTES = 20, 1500
_DRAW = f"""
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, ({_SECONDS}, {_SECONDS}))
    resource.setrlimit(resource.RLIMIT_AS, ({_MEGABYTES}_000_000,) * 2)
except (ImportError, ValueError, OSError):
    pass
import resvg_py
side = {{sys.argv[1]: {_DRAWN}}}
drawing = sys.stdin.buffer.read().decode()
sys.stdout.buffer.write(bytes(resvg_py.svg_to_bytes(svg_string=drawing, skip_system_fonts=True, **side)))
"""


def draw_marks(file: Path, limit: int) -> dict[str, bytes]:
    """Returns the marks of a logo by file name; of a drawing at most ``limit`` bytes are read. Raises Refused, and OSError
    if it cannot be read."""
    with decoding():
        logo = _opened_logo(file, limit)
        return {f"{name}.png": _mark(logo, *size, opaque=name == "card") for name, size in MARKS.items()}


def _opened_logo(file: Path, limit: int) -> Image.Image:
    from PIL import Image

    if is_drawing(file):
        # Not with the machine's fonts: the same logo has the same bytes everywhere.
        drawing = cleaned(read_file(file, limit, file.parent), embedded_cleaner()).decode("utf-8")
        content = _drawn(drawing)
        with Image.open(io.BytesIO(content), formats=["PNG"]) as picture:
            return picture.convert("RGBA")
    with opened(file) as picture:
        picture.thumbnail((2 * _DRAWN, 2 * _DRAWN))
        return picture.convert("RGBA")


def _drawn(drawing: str) -> bytes:
    """Returns a drawing as PNG. It is drawn by a process of its own: there are drawings over which the library takes hours,
    or ends its process for want of memory."""
    content = drawing.encode()
    width, height = extent(content)
    command = [sys.executable, "-P", "-c", _DRAW, "height" if height > width else "width"]
    try:
        return subprocess.run(command, input=content, capture_output=True, timeout=3 * _SECONDS, check=True).stdout
    except subprocess.SubprocessError as error:
        raise Refused("logo-undrawn") from error


def _mark(logo: Image.Image, width: int, height: int, most: int, *, opaque: bool) -> bytes:
    from PIL import Image

    scale = min(most / logo.width, most / logo.height)
    size = max(1, round(logo.width * scale)), max(1, round(logo.height * scale))
    placed = logo.resize(size, Image.Resampling.LANCZOS)
    made = Image.new("RGBA", (width, height), (255, 255, 255, 255 if opaque else 0))
    made.alpha_composite(placed, ((width - size[0]) // 2, (height - size[1]) // 2))
    content = io.BytesIO()
    (made.convert("RGB") if opaque else made).save(content, "PNG", optimize=True)
    return content.getvalue()
