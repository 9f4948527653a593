"""Dates as readers of a language write them. Pure."""

from __future__ import annotations

from datetime import date

from builder.model.dates import Moment

_DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
_MONTHS = "January February March April May June July August September October November December".split()


def date_text(day: date, language: str) -> str:
    """Returns a date as readers of a language write it."""
    if language.startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_text(year: int, month: int, language: str) -> str:
    """Returns a month of a year."""
    return f"{year}年{month}月" if language.startswith("zh") else f"{_MONTHS[month - 1]} {year}"


def moment_text(moment: Moment | None, language: str, *, weekday: bool = False) -> str:
    """Returns a moment, with its time where one was written, and its day of the week if that is wanted; empty for None."""
    if moment is None:
        return ""
    text = date_text(moment.at.date(), language)
    if weekday:
        day = weekday_name(moment.at, language)
        text = f"{text} {day}" if language.startswith("zh") else f"{day} {text}"
    return text if moment.day else f"{text} {moment.at:%H:%M}"


def weekday_name(day: date, language: str) -> str:
    """Returns the day of the week, short."""
    return f"周{'一二三四五六日'[day.weekday()]}" if language.startswith("zh") else _DAYS[day.weekday()]


def iso(moment: Moment | None) -> str:
    """Returns a moment for ``datetime=``: a date alone, or RFC 3339."""
    if moment is None:
        return ""
    return moment.at.date().isoformat() if moment.day else moment.at.isoformat()


def month_name(month: int, language: str) -> str:
    """Returns a month alone, short."""
    return f"{month}月" if language.startswith("zh") else _MONTHS[month - 1][:3]
