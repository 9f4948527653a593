"""The numbers that Word writes before paragraphs and no converter reads: computed from numbering.xml as Word shows them."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from builder.edit.imports.word.number_forms import written
from builder.edit.imports.word.styles import Styles, W, is_on, value, whole_number

_LEVELS = 9
_PLACE = re.compile(r"%([1-9])")
_NO_NUMBER = "0"


class Label(NamedTuple):
    """The number or dot before a paragraph: ``form`` is that of Word (``bullet`` for a dot), ``text`` what is shown,
    ``number`` the value of its own level."""

    level: int
    form: str
    text: str
    number: int

    @property
    def plain(self) -> bool:
        """True for a dot or a ``1.``, which are what a list in Markdown shows."""
        return self.form == "bullet" or (self.form == "decimal" and self.text == f"{self.number}.")


class _Level(NamedTuple):
    form: str
    text: str
    start: int
    restart: int
    legal: bool


class Numbering:
    """The numbers of a document; :meth:`label` is asked for each paragraph, in the order of the document."""

    def __init__(self, root: Any, styles: Styles) -> None:
        """``root`` is the root element of the part, None for a document without one."""
        self._styles = styles
        abstract = root.findall(f"{W}abstractNum") if root is not None else []
        self._abstract = {value(each, "abstractNumId"): each for each in abstract}
        numbers = root.findall(f"{W}num") if root is not None else []
        self._numbers = {value(each, "numId"): each for each in numbers}
        self._counts: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()

    def label(self, paragraph: Any) -> Label | None:
        """Counts a paragraph, and returns what stands before it; None for one without a number."""
        place = self._place(paragraph)
        if place is None:
            return None
        number, abstract, level = place
        levels = [self._level(number, abstract, each) for each in range(_LEVELS)]
        counts = self._counts.setdefault(value(abstract, "abstractNumId"), [None] * _LEVELS)
        self._count(counts, levels, number, level)
        own = levels[level]
        if own.form == "none" or (not own.text and own.form != "bullet"):
            return None
        shown = _PLACE.sub(lambda match: _shown(counts, levels, int(match[1]) - 1, own.legal), own.text)
        return Label(level, own.form, shown.strip(), counts[level] or 0)

    def _count(self, counts: list[int | None], levels: list[_Level], number: str, level: int) -> None:
        override = self._override(number, level)
        if override is not None and (number, level) not in self._started:
            counts[level] = None
        start = levels[level].start if override is None or (number, level) in self._started else override
        self._started.add((number, level))
        before = counts[level]
        counts[level] = start if before is None else before + 1
        for above in range(level):
            # What is shown of a level that had no paragraph yet is its first number.
            if counts[above] is None:
                counts[above] = levels[above].start
        for below in range(level + 1, _LEVELS):
            restart = levels[below].restart
            if restart and level < restart:
                counts[below] = None

    def _place(self, paragraph: Any) -> tuple[str, Any, int] | None:
        own = paragraph.find(f"{W}pPr/{W}numPr")
        number, level = value(_find(own, "numId")), value(_find(own, "ilvl"))
        style = self._styles.of_paragraph(paragraph)
        if not number:
            number = self._styles.numbering_of_style(style)
            level = level or self._level_of_style(style, number)
        if number in ("", _NO_NUMBER) or number not in self._numbers:
            return None
        abstract = self._abstract_of(number)
        if abstract is None:
            return None
        return number, abstract, min(whole_number(level, 0), _LEVELS - 1)

    def _level_of_style(self, style: str, number: str) -> str:
        """Returns the level that names a style as its own, else the one that the style names."""
        abstract = self._abstract_of(number)
        names = [value(each, "styleId") for each in self._styles.chain(style)]
        for level in abstract.findall(f"{W}lvl") if abstract is not None else []:
            if value(level.find(f"{W}pStyle")) in names:
                return value(level, "ilvl")
        found = (value(each.find(f"{W}pPr/{W}numPr/{W}ilvl")) for each in self._styles.chain(style))
        return next((each for each in found if each), "0")

    def _abstract_of(self, number: str) -> Any:
        for _ in range(3):
            abstract = self._abstract.get(value(_find(self._numbers.get(number), "abstractNumId")))
            link = value(_find(abstract, "numStyleLink"))
            if not link:
                return abstract
            number = self._styles.numbering_of_style(link)
        return None

    def _override(self, number: str, level: int) -> int | None:
        element = self._numbers[number].find(f"{W}lvlOverride[@{W}ilvl='{level}']/{W}startOverride")
        return whole_number(value(element), 0) if element is not None else None

    def _level(self, number: str, abstract: Any, level: int) -> _Level:
        element = self._numbers[number].find(f"{W}lvlOverride[@{W}ilvl='{level}']/{W}lvl")
        if element is None:
            element = abstract.find(f"{W}lvl[@{W}ilvl='{level}']")
        if element is None:
            return _Level("none", "", 1, level, False)
        form = element.find(f".//{W}numFmt")
        restart = element.find(f"{W}lvlRestart")
        return _Level(
            value(form) or "decimal",
            value(element.find(f"{W}lvlText")),
            whole_number(value(element.find(f"{W}start")), 0),
            min(whole_number(value(restart), level), level) if restart is not None else level,
            is_on(element.find(f"{W}isLgl")),
        )


def _find(element: Any, name: str) -> Any:
    return element.find(W + name) if element is not None else None


def _shown(counts: list[int | None], levels: list[_Level], level: int, legal: bool) -> str:
    count = counts[level]
    number = count if count is not None else levels[level].start
    form = levels[level].form
    if form in ("none", "bullet"):
        return ""
    return written(number, "decimal" if legal and form != "decimalZero" else form)
