"""Dates as readers of a language write them, and as machines do. Pure."""

from __future__ import annotations

from datetime import date

from builder.model import Moment

_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()


def date_text(day: date, language: str) -> str:
    """A date."""
    if language.startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_text(year: int, month: int, language: str) -> str:
    """A month of a year."""
    return f"{year}年{month}月" if language.startswith("zh") else f"{_MONTHS[month - 1]} {year}"


def month_name(month: int, language: str) -> str:
    """A month, short."""
    return f"{month}月" if language.startswith("zh") else _MONTHS[month - 1][:3]


def weekday_name(day: date, language: str) -> str:
    """The day of the week, short."""
    return f"周{'一二三四五六日'[day.weekday()]}" if language.startswith("zh") else _DAYS[day.weekday()]


def moment_text(moment: Moment | None, language: str) -> str:
    """A moment, with its time where one was written; empty for None."""
    if moment is None:
        return ""
    text = date_text(moment.at.date(), language)
    return text if moment.day else f"{text} {moment.at:%H:%M}"


def occasion_text(moment: Moment | None, language: str) -> str:
    """A moment that people have to be free for: with the day of the week, and its time where one was written; empty for
    None."""
    if moment is None:
        return ""
    day, text = weekday_name(moment.at, language), date_text(moment.at.date(), language)
    text = f"{text}（{day}）" if language.startswith("zh") else f"{day} {text}"
    if moment.day:
        return text
    return f"{text}{'' if language.startswith('zh') else ', '}{moment.at:%H:%M}"


def iso(moment: Moment | None) -> str:
    """A moment for ``datetime=``: a date alone, or RFC 3339."""
    if moment is None:
        return ""
    return moment.at.date().isoformat() if moment.day else moment.at.isoformat()
