"""The look of a paragraph: where it stands, how large and in which font, and what that says of its part in the document."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

from builder.edit.imports.word.revisions import text_of
from builder.edit.imports.word.styles import Styles, W, is_on, value

NUMBER = "一二三四五六七八九十百"
FIRST = re.compile(rf"第?[{NUMBER}]{{1,4}}(?:、|[章编篇](?=\s|\u3000|$|\S))")
SECOND = re.compile(rf"[（(][{NUMBER}]{{1,4}}[）)]|第[{NUMBER}]{{1,4}}节")
_HEAVY = re.compile(r"黑体|SimHei|Hei|小标宋|大标宋|Black", re.IGNORECASE)
_REGULAR = re.compile(r"楷体|KaiTi|Kai", re.IGNORECASE)
_ENDS = "。；;，,：:！!？?…、."
_LATIN_DEFAULT = 20
"""Half points: what Word takes where nothing is said."""


class Look(msgspec.Struct, frozen=True):
    """A paragraph as it looks: ``text`` with its number, ``size`` in points, ``font`` the East Asian one of most of it."""

    text: str
    level: int = 0
    align: str = ""
    size: float = 10.0
    font: str = ""
    bold: bool = False
    red: bool = False
    title: bool = False
    caption: bool = False
    picture: bool = False

    @property
    def short(self) -> bool:
        """True for words that may be a heading: on one line, and no sentence."""
        return 0 < len(self.text) <= 40 and not self.text.rstrip().endswith(tuple(_ENDS)) and "\n" not in self.text

    @property
    def heavy(self) -> bool:
        """True in a font that official documents keep for headings of the first level."""
        return _HEAVY.search(self.font) is not None

    @property
    def regular_script(self) -> bool:
        """True in the font that official documents keep for headings of the second level."""
        return _REGULAR.search(self.font) is not None


def look_of(paragraph: Any, label: str, styles: Styles, theme: str = "") -> Look:
    """Returns the look of a paragraph before which ``label`` stands; ``theme`` is the theme's East Asian font."""
    runs = [run for run in paragraph.iter(f"{W}r") if text_of(run).strip()]
    weights = [(run, len(text_of(run).strip())) for run in runs]
    names = styles.names(paragraph)
    text = " ".join(text_of(paragraph).replace("\u3000", " ").split())
    joint = "" if not label or label.endswith(("、", "）")) else " "
    return Look(
        text=f"{label}{joint}{text}" if text else "",
        level=styles.heading_level(paragraph),
        align=value(styles.of_paragraphs(paragraph, "jc")),
        size=_most((_size(run, paragraph, styles), weight) for run, weight in weights) or 10.0,
        font=str(_most((_font(run, paragraph, styles, theme), weight) for run, weight in weights) or ""),
        bold=bool(runs) and all(is_on(styles.of_run(run, paragraph, "b")) for run in runs),
        red=bool(runs) and all(_is_red(value(styles.of_run(run, paragraph, "color"))) for run in runs),
        title=names[:1] in (["title"], ["标题"]) or "title" in names,
        caption=any(name in ("caption", "题注") for name in names),
        picture=not text and any(True for _ in paragraph.iter(f"{W}drawing", f"{W}pict", f"{W}object")),
    )


def body_font(looks: Iterable[Look]) -> str:
    """Returns the font of most of the text."""
    fonts: Counter[str] = Counter()
    for look in looks:
        fonts[look.font] += len(look.text)
    return fonts.most_common(1)[0][0] if fonts else ""


def _most(pairs: Iterable[tuple[Any, int]]) -> Any:
    counts: Counter[Any] = Counter()
    for each, weight in pairs:
        counts[each] += weight
    return counts.most_common(1)[0][0] if counts else None


def _size(run: Any, paragraph: Any, styles: Styles) -> float:
    half = value(styles.of_run(run, paragraph, "sz"))
    return int(half) / 2 if half.isascii() and half.isdigit() and len(half) < 5 else _LATIN_DEFAULT / 2


def _font(run: Any, paragraph: Any, styles: Styles, theme: str) -> str:
    fonts = styles.of_run(run, paragraph, "rFonts")
    return value(fonts, "eastAsia") or (theme if value(fonts, "eastAsiaTheme") else "") or value(fonts, "ascii")


def _is_red(colour: str) -> bool:
    match = re.fullmatch(r"([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})", colour)
    return match is not None and int(match[1], 16) >= 0xB0 and int(match[2], 16) < 0x50 and int(match[3], 16) < 0x50
