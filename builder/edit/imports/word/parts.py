"""The parts of a document by style or by look: red head, document number, title, headings, captions, signature. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from builder.edit.imports.word.look import FIRST, SECOND, Look, body_font
from builder.edit.imports.word.number_forms import chinese
from builder.model.dates import parse_day

_SEARCHED = 16
"""Paragraphs among which the title is looked for."""
_MOST_LINES = 3
"""Lines of a title after its first."""
_TITLE_SIZE, _HEAD_SIZE = 18.0, 22.0
_DOCUMENT_NUMBER = re.compile(
    r"(?P<number>[\u4e00-\u9fff]{1,20}(?:\s*[\u4e00-\u9fff]{1,12})?\s*[〔\[［（(【]\s*(?:19|20)\d{2}\s*[〕\]］）)】]\s*第?\s*\d{1,5}\s*号)"
    r"(?P<rest>\s+(?:签发人|签发)[:：]?.*)?"
)
_CAPTION = re.compile(
    r"(?:图|表|Figure|Fig\.|Table)\s*[\d一二三四五六七八九十]+(?:[-－.．]\d+)*(?:[\s\u3000:：.．、]|$)", re.IGNORECASE
)
_CHINESE_DATE = re.compile(
    r"[二一][〇○零O0一二三四五六七八九]{3}\s*年\s*[一二三四五六七八九十]{1,3}\s*月\s*[一二三四五六七八九十]{1,3}\s*日"
)
_DIGITS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {"○": 0, "零": 0, "O": 0, "0": 0}
_DAYS = {chinese(number): number for number in range(1, 32)}
_END_OF_HEAD = re.compile(r"\s*(?:文\s*件|令|公\s*告)\s*$")


class Parts(msgspec.Struct, frozen=True):
    """The parts that paragraphs of a document are, by their numbers: ``title`` those of the title, ``headings`` the level of each
    heading, ``captions`` those of pictures, ``head`` and ``number_at`` the red head and the line with the document number."""

    title: tuple[int, ...] = ()
    headings: Mapping[int, int] = {}
    captions: frozenset[int] = frozenset()
    head: tuple[int, ...] = ()
    issuer: str = ""
    number_at: int | None = None
    number: str = ""
    issued: date | None = None


def parts_of(looks: Sequence[Look]) -> Parts:
    """Returns the parts of a document whose paragraphs, in order, look like this; an empty look is one without text."""
    filled = [place for place, look in enumerate(looks) if look.text]
    first = filled[:_SEARCHED]
    head = _red_head(looks, first)
    number_at, number = _document_number(looks, first)
    title = _title(looks, [place for place in first if place not in head and place != number_at])
    taken = {*head, *title, *([number_at] if number_at is not None else [])}
    captions = frozenset(_captions(looks, filled))
    return Parts(
        title=title,
        headings=_headings(looks, [place for place in filled if place not in taken and place not in captions], title),
        captions=captions,
        head=head,
        issuer=_issuer(looks, head),
        number_at=number_at,
        number=number,
        issued=_signed(looks, filled),
    )


def _red_head(looks: Sequence[Look], first: Sequence[int]) -> tuple[int, ...]:
    """Returns the lines of a letterhead: large and red, above everything else."""
    found: list[int] = []
    for place in first:
        look = looks[place]
        if not look.red or (look.size < _HEAD_SIZE and look.align != "center"):
            if found or not look.text.isdigit():
                break
            continue
        found.append(place)
    return tuple(found)


def _issuer(looks: Sequence[Look], head: Sequence[int]) -> str:
    lines = [_END_OF_HEAD.sub("", looks[place].text) for place in head]
    names = ["".join(line.split()) if re.search(r"[\u4e00-\u9fff]", line) else line for line in lines]
    return "、".join(name for name in names if name)


def _document_number(looks: Sequence[Look], first: Sequence[int]) -> tuple[int | None, str]:
    for place in first:
        match = _DOCUMENT_NUMBER.fullmatch(looks[place].text)
        if match is not None:
            return place, re.sub(r"\s+", "", match["number"])
    return None, ""


def _title(looks: Sequence[Look], places: Sequence[int]) -> tuple[int, ...]:
    styled = [place for place in places if looks[place].title]
    if styled:
        return _lines(styled[0], styled)
    firsts = [place for place in places if looks[place].level == 1]
    if firsts and firsts[0] == places[0] and sum(look.level == 1 for look in looks) == 1:
        return (firsts[0],)
    for place in places:
        look = looks[place]
        if look.align == "center" and look.size >= _TITLE_SIZE and not look.caption and len(look.text) <= 120:
            return _lines(
                place, [each for each in places if (looks[each].align, looks[each].size) == ("center", look.size)]
            )
        if len(look.text) > 60:
            break
    opening = looks[places[0]] if places else None
    if opening is None or len(places) < 2 or not opening.short or opening.level or FIRST.match(opening.text):
        return ()
    larger = opening.size > looks[places[1]].size
    return (places[0],) if opening.align == "center" or opening.bold or opening.heavy or larger else ()


def _lines(start: int, same: Sequence[int]) -> tuple[int, ...]:
    """Returns a title that goes on over the next lines which look the ``same``."""
    end = start
    while end + 1 in same and end - start < _MOST_LINES:
        end += 1
    return tuple(range(start, end + 1))


def _captions(looks: Sequence[Look], filled: Sequence[int]) -> list[int]:
    """Returns the captions of pictures: what stands right behind a picture and says that it is one."""
    found = []
    for place in filled:
        look = looks[place]
        says = look.caption or (_CAPTION.match(look.text) is not None and (look.align == "center" or look.short))
        if says and place and looks[place - 1].picture and len(look.text) <= 120:
            found.append(place)
    return found


def _headings(looks: Sequence[Look], places: Sequence[int], title: tuple[int, ...]) -> Mapping[int, int]:
    styled = {place: looks[place].level for place in places if looks[place].level}
    top = min(styled.values(), default=1)
    found = {place: min(6, level - top + 2) for place, level in styled.items()}
    body = body_font(looks[place] for place in places if place not in styled)
    for number, place in enumerate(places):
        look = looks[place]
        if place in styled or look.align in ("right", "end") or look.caption or look.title:
            continue
        level = _level_by_look(look, body, last=number == len(places) - 1)
        if level:
            found[place] = level
    return found


def _level_by_look(look: Look, body: str, *, last: bool) -> int:
    heavy = look.heavy and look.font != body
    script = look.regular_script and look.font != body
    # A whole line in a font of its own may end like a sentence, and still be a heading.
    line = look.short or ((heavy or script or look.bold) and len(look.text) <= 50 and look.text.endswith("。"))
    if FIRST.match(look.text):
        return 2 if line else 0
    if SECOND.match(look.text):
        return 3 if line else 0
    if not look.short or last:
        return 0
    if heavy:
        return 2
    return (
        3 if (script and look.bold) or (look.bold and len(look.text) <= 30 and not look.text.startswith("附件")) else 0
    )


def _signed(looks: Sequence[Look], filled: Sequence[int]) -> date | None:
    """Returns the last date that stands by itself at the right, as a signature has it."""
    for place in reversed(filled):
        look = looks[place]
        text = "".join(look.text.split())
        if look.align in ("right", "end") and len(text) <= 40:
            day = day_in(text)
            if day is not None:
                return day
    return None


def day_in(text: str) -> date | None:
    """Returns the date at the end of a short text, in digits or as Chinese counts: 二〇二六年三月五日."""
    match = re.search(r"(\d{4}\s*(?:年|[-/.])\s*\d{1,2}\s*(?:月|[-/.])\s*\d{1,2}日?)$", text)
    if match is not None:
        return parse_day(match[1])
    spelled = _CHINESE_DATE.search(text)
    if spelled is None:
        return None
    year, _, rest = "".join(spelled[0].split()).partition("年")
    month, _, day = rest.partition("月")
    numbers = _DAYS.get(month), _DAYS.get(day.rstrip("日"))
    if None in numbers:
        return None
    return parse_day(f"{''.join(str(_DIGITS[sign]) for sign in year)}-{numbers[0]}-{numbers[1]}")
