"""Lengths of time on the calendar: until when something is in time, and how long something took. Whole days throughout."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo

from builder.model.dates import Span

Holidays = Iterable[tuple[date, date]]


def day_of(moment: datetime, zone: tzinfo) -> date:
    """Returns the day that a moment falls on in a zone."""
    return moment.astimezone(zone).date()


def last_day(start: date, span: Span, holidays: Holidays = ()) -> date:
    """Returns the last day that is still within ``span`` of ``start``.

    Months and years end on the day of the same number, or on the month's last. Working days are Monday to Friday less the
    ``holidays`` (first and last day of each); the day of ``start`` does not count.
    """
    if span.unit == "working days":
        return _after_working_days(start, span.amount, holidays)
    if span.unit in ("days", "weeks"):
        days = span.amount * (7 if span.unit == "weeks" else 1)
        return start + timedelta(days=min(days, (date.max - start).days))
    months = span.amount * (12 if span.unit == "years" else 1)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def first_day(end: date, span: Span) -> date:
    """Returns the day that lies ``span`` before ``end``; working days count as days of the week."""
    if span.unit in ("months", "years"):
        months = span.amount * (12 if span.unit == "years" else 1)
        year, month = divmod(end.year * 12 + end.month - 1 - months, 12)
        if year < 1:
            return date.min
        return date(year, month + 1, min(end.day, calendar.monthrange(year, month + 1)[1]))
    days = span.amount * (7 if span.unit == "weeks" else 1)
    return end - timedelta(days=min(days, (end - date.min).days))


def days_between(start: date, end: date, span: Span | None = None, holidays: Holidays = ()) -> int:
    """Counts the days from ``start`` to ``end``: working days if ``span`` counts those."""
    if span is None or span.unit != "working days":
        return (end - start).days
    return sum(1 for day in _days(start, end) if _works(day, holidays))


def _days(start: date, end: date) -> Iterable[date]:
    return (start + timedelta(days=number) for number in range(1, (end - start).days + 1))


def _works(day: date, holidays: Holidays) -> bool:
    return day.weekday() < 5 and not any(first <= day <= last for first, last in holidays)


def _after_working_days(start: date, amount: int, holidays: Holidays) -> date:
    day, left = start, amount
    known = tuple(holidays)
    while left and day < date.max:
        day += timedelta(days=1)
        left -= _works(day, known)
    return day
