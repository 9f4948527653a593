"""Cards for links: a title on the organization's paper, with its colour and logo."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from builder.model.card import FONT_FOLDERS, Card, CardFont

if TYPE_CHECKING:
    from PIL import Image, ImageFont

_FONTS: Mapping[str, int] = {
    "NotoSansCJK-Bold.ttc": 2,
    "NotoSansCJKsc-Bold.otf": 0,
    "NotoSansSC-Bold.otf": 0,
    "NotoSansSC-Bold.ttf": 0,
    "SourceHanSansSC-Bold.otf": 0,
    "SourceHanSansCN-Bold.otf": 0,
    "SourceHanSans-Bold.ttc": 2,
    "NotoSerifCJK-Bold.ttc": 2,
    "NotoSansCJK-Regular.ttc": 2,
    "NotoSansCJK-Medium.ttc": 2,
    "NotoSerifCJK-Regular.ttc": 2,
    "wqy-microhei.ttc": 0,
    "wqy-zenhei.ttc": 0,
    "PingFang.ttc": 0,
    "Hiragino Sans GB.ttc": 0,
    "msyhbd.ttc": 0,
    "msyh.ttc": 0,
    "simhei.ttf": 0,
    "DroidSansFallbackFull.ttf": 0,
}
"""Fonts with simplified Chinese by the name of their file, the best first, and the number of that script in each."""
_HEAD = 65_536
COLOURS: Mapping[str, str] = {
    "red": "#a8201a",
    "pink": "#a3195b",
    "purple": "#7b1fa2",
    "deep-purple": "#512da8",
    "indigo": "#303f9f",
    "blue": "#0d56a8",
    "light-blue": "#01579b",
    "cyan": "#00606b",
    "teal": "#00594f",
    "green": "#22662a",
    "light-green": "#3d6418",
    "lime": "#5b5f0b",
    "yellow": "#735c00",
    "amber": "#7a5200",
    "orange": "#8f4700",
    "deep-orange": "#9c3412",
    "brown": "#5d4037",
    "grey": "#4a4a4a",
    "blue-grey": "#3c515c",
    "black": "#1d1d1f",
}
"""The colours of the theme by name, as pages on light paper have them (``site.css``)."""
_WIDTH, _HEIGHT, _MARGIN, _BAND, _LOGO = 1200, 630, 90, 20, 110
_GREY, _STEPS, _COLOURED = "#55565c", 80, 96
"""The colour of the upper line, the steps from paper to ink, and the colours of a logo at most: a palette has 256."""
_LONGEST = 120
_SIZES, _LINES, _NAME = (84, 72, 60, 50), 3, 36
_NEVER_FIRST = frozenset("，。、；：！？）》」』】”’…,.;:!?)]}%")


def find_font(folders: Iterable[Path] = FONT_FOLDERS) -> CardFont | None:
    """Returns the best font for Chinese in some folders, None if there is none."""
    found: dict[str, str] = {}
    for folder in folders:
        for place, below, names in os.walk(folder):
            below.sort()
            for name in names:
                if name in _FONTS:
                    found.setdefault(name, os.path.join(place, name))  # noqa: PTH118 - many files
    for name, number in _FONTS.items():
        if name in found:
            try:
                with open(found[name], "rb") as file:  # noqa: PTH123
                    # The directory of a font has the sums of its tables (OpenType 1.9).
                    head = file.read(_HEAD)
            except OSError:
                continue
            return CardFont(found[name], number, f"{name} {hashlib.sha256(head).hexdigest()}")
    return None


def draw_card(card: Card, font: CardFont, logo: bytes = b"") -> bytes:
    """Returns a card as PNG; ``logo`` is the organization's as PNG. Raises OSError if the font is away."""
    from PIL import Image, ImageDraw

    # Drawn in steps between two colours, which become a palette: a quarter of the time that full colours take.
    made = Image.new("L", (_WIDTH, _HEIGHT), 0)
    pen = ImageDraw.Draw(made)
    pen.rectangle((0, 0, _WIDTH, _BAND), fill=_STEPS - 1)
    palette = _ramp(COLOURS.get(card.accent, COLOURS["red"])) + _ramp(_GREY)
    left = _MARGIN
    if logo:
        mark, colours = _placed_logo(logo)
        made.paste(mark, (_MARGIN, _MARGIN))
        palette += colours
        left += _LOGO + _MARGIN // 3
    if card.name:
        small = _opened(font, _NAME)
        room = _WIDTH - _MARGIN - left
        strip = Image.new("L", (room + _MARGIN // 2, _LOGO), 0)
        line = next(_lines(card.name, small, room, 1))
        ImageDraw.Draw(strip).text((0, _LOGO // 2), line, font=small, fill=_STEPS - 1, anchor="lm")
        made.paste(strip.point([value + _STEPS if value else 0 for value in range(256)]), (left, _MARGIN))
    for size in _SIZES:
        large = _opened(font, size)
        lines = list(_lines(card.title, large, _WIDTH - 2 * _MARGIN, _LINES))
        if not lines[-1].endswith("…") and (len(lines) == 1 or len(lines[-1]) > 2):
            break
    below = _HEIGHT - _MARGIN - (len(lines) - 1) * size * 13 // 10
    for number, line in enumerate(lines):
        pen.text((_MARGIN, below + number * size * 13 // 10), line, font=large, fill=_STEPS - 1, anchor="ls")
    made.putpalette(palette)
    content = io.BytesIO()
    made.save(content, "PNG", compress_level=3)
    return content.getvalue()


def _ramp(colour: str) -> list[int]:
    """Returns the palette's entries from white to a colour."""
    ends = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return [255 + (end - 255) * step // (_STEPS - 1) for step in range(_STEPS) for end in ends]


def _placed_logo(logo: bytes) -> tuple[Image.Image, list[int]]:
    """Returns a logo on white, as numbers of the palette behind both ramps, with its colours."""
    from PIL import Image

    with Image.open(io.BytesIO(logo), formats=["PNG"]) as picture:
        mark = picture.convert("RGBA").resize((_LOGO, _LOGO), Image.Resampling.LANCZOS)
    paper = Image.new("RGBA", mark.size, "#ffffff")
    paper.alpha_composite(mark)
    few = paper.convert("RGB").quantize(_COLOURED, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    shifted = Image.frombytes("L", few.size, few.tobytes()).point(
        [min(255, value + 2 * _STEPS) for value in range(256)]
    )
    return shifted, list(few.getpalette() or [])[: 3 * _COLOURED]


@lru_cache(maxsize=16)
def _opened(font: CardFont, size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(font.file, size, font.number, layout_engine=ImageFont.Layout.BASIC)


def _lines(text: str, font: ImageFont.FreeTypeFont, room: int, most: int) -> Iterator[str]:
    """Yields a text in lines that fit; the last one ends with an ellipsis where there are more than so many."""
    pieces = list(_pieces(" ".join(text[:_LONGEST].split())))
    for number in range(most):
        line = ""
        while pieces and (not line or font.getlength((line + pieces[0]).rstrip()) <= room):
            line += pieces.pop(0)
        last = number == most - 1
        while (
            ((last and pieces) or font.getlength(line.rstrip()) > room)
            and line.rstrip("…")
            and (font.getlength(line.rstrip().rstrip("…") + "…") > room or not line.endswith("…"))
        ):
            shorter = line.rstrip().rstrip("…")
            line = shorter + "…" if font.getlength(shorter + "…") <= room else shorter[:-1] + "…"
        yield line.strip()
        if not pieces or line.endswith("…"):
            return


def _pieces(text: str) -> Iterator[str]:
    """Yields what stays together: a word with the blank behind it, a Han character with the signs that begin no line."""
    piece = ""
    for sign in text:
        joins = (
            sign in _NEVER_FIRST
            or (sign == " " and piece)
            or (sign.isascii() and piece.isascii() and not piece.endswith(" "))
        )
        if piece and not joins:
            yield piece
            piece = ""
        piece += sign
    if piece:
        yield piece
