"""Dates in forms that are not read: what each of them probably means, for the line that an author is to write instead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from builder.model.dates import halved
from builder.model.patterns import pattern_of

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATES = tuple(
    pattern_of(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        r"(?<!\d)(?P<y>\d{4})\s*[-./年,，、 ]\s*(?P<m>\d{1,2})\s*[-./月,，、 ]\s*(?P<d>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<y>(?:19|20|21)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)",
        r"(?<!\d)(?P<d>\d{1,2})\.\s*(?P<m>\d{1,2})\.\s*(?P<y>\d{4})(?!\d)",
        r"(?P<m>[a-z]{3})[a-z]*\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>\d{4})(?!\d)",
        r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+(?P<m>[a-z]{3})[a-z]*\.?,?\s+(?P<y>\d{4})(?!\d)",
        r"(?<!\d)(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})",
    )
)
_TIME = pattern_of(
    r"(?P<part>凌晨|早上|上午|中午|下午|傍晚|晚上|晚)?\s*(?<!\d)(?P<h>\d{1,2})\s*(?:[:：](?P<min>\d{2})|[点时](?:(?P<cm>\d{1,2})分?|(?P<half>半))?)"
    r"(?::\d{2})?\s*(?P<half_day>am|pm)?",
    re.ASCII | re.IGNORECASE,
)
_DIGITS = {sign: number for number, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "О": 0, "元": 1}
_NUMBER = pattern_of(r"[〇零○一二三四五六七八九]{4}(?=年)|[一二三四五六七八九十廿卅]{1,3}(?=[月日号])")
_BETWEEN = pattern_of(r"\s*(?:至|到|~|～|—+|–|-|to|until)\s*", re.IGNORECASE)


def probable_dates(text: str, year: int | None) -> list[str]:
    """Returns the moments, at most two, that a text probably names, each as it is to be written.

    ``year`` is that of the file's own date: for one that has none.
    """
    plain = _in_digits(halved(text))
    days = list(_days(plain, year))
    if not days:
        return []
    _, end, day = days[0]
    first = _at(day, plain[end:])
    if len(days) > 1:
        _, end_of_second, second = days[1]
        return [first, _at(second, plain[end_of_second:])]
    times = list(_TIME.finditer(plain, end))
    if len(times) == 2 and _BETWEEN.fullmatch(plain[times[0].end() : times[1].start()]):
        return [first, _at(day, times[1][0], times[0]["part"] or "")]
    return [first]


def _in_digits(text: str) -> str:
    """Returns a text with the numbers that Chinese documents write in characters as digits: 二〇二六年十一月二十日."""
    if "年" not in text and "月" not in text:
        return text
    return _NUMBER.sub(lambda match: _number_of(match[0]), text)


def _number_of(written: str) -> str:
    if len(written) > 3 or not any(sign in "十廿卅" for sign in written):
        return "".join(str(_DIGITS[sign]) for sign in written if sign in _DIGITS)
    plain = written.replace("廿", "二十").replace("卅", "三十")
    tens, _, ones = plain.partition("十")
    return str((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0))


def _days(plain: str, year: int | None) -> Iterator[tuple[int, int, date]]:
    """Yields the first two days of a text with their places; those written in the same way."""
    for pattern in _DATES:
        found = []
        for match in pattern.finditer(plain):
            parts = match.groupdict()
            written = int(parts["y"]) if parts.get("y") else year
            month = parts["m"].lower()
            number = int(month) if month.isdecimal() else _MONTHS.index(month) + 1 if month in _MONTHS else 0
            if written is None:
                return
            try:
                found.append((match.start(), match.end(), date(written, number, int(parts["d"]))))
            except ValueError:
                continue
        if found:
            yield from found[:2]
            return


def _at(day: date, text: str, part: str = "") -> str:
    """Returns a day with the first time in a text behind it, if there is one; midnight that ends a day begins the next."""
    match = _TIME.search(text)
    if match is None:
        return day.isoformat()
    hour, part = int(match["h"]), match["part"] or part
    half_day = (match["half_day"] or "").lower()
    minute = 30 if match["half"] else int(match["min"] or match["cm"] or 0)
    if hour < 12 and (half_day == "pm" or part in ("下午", "傍晚", "晚上", "晚")):
        hour += 12
    elif hour == 12 and (half_day == "am" or part == "凌晨"):
        hour = 0
    elif hour == 12 and part in ("晚上", "晚"):
        hour = 24
    try:
        moment = datetime.combine(day, time(hour % 24 if hour == 24 else hour, minute))
        return f"{moment + timedelta(days=hour // 24):%Y-%m-%d %H:%M}"
    except (ValueError, OverflowError):
        return day.isoformat()
