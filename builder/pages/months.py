"""Events on the calendar: a month as a table of weeks."""

from __future__ import annotations

import calendar
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TypeVar

from builder.catalogue.catalogue import LiveEntry
from builder.messages.date_texts import month_text, weekday_name
from builder.pages.context import Context, branch_link, coming, place
from builder.pages.page_data.parts import Day, DayEvent, MonthTable

T = TypeVar("T", int, tuple[int, int])
_AHEAD = 3
_LONGEST = 31


def month_grids(ctx: Context, lives: Iterable[LiveEntry], *, mixed: bool = False) -> tuple[MonthTable, ...]:
    """Returns the next months that have events of ``lives`` to come, three at most."""
    ahead = coming(lives, ctx.now)
    months = sorted({_month(live) for live in ahead})[:_AHEAD]
    return tuple(
        month_grid(ctx, year, month, [live for live in ahead if _touches(live, year, month)], mixed=mixed)
        for year, month in months
    )


def month_grid(ctx: Context, year: int, month: int, lives: Sequence[LiveEntry], *, mixed: bool = False) -> MonthTable:
    """Returns one month as weeks from Monday, each day with its events; ``None`` outside the month."""
    on: dict[date, list[DayEvent]] = {}
    for live in lives:
        first, last = days_of(live)
        shown = _shown(ctx, live, mixed=mixed)
        for number in range(min(_LONGEST, (last - first).days + 1)):
            on.setdefault(first + timedelta(days=number), []).append(shown)
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    return MonthTable(
        title=month_text(year, month, ctx.language),
        days=tuple(weekday_name(day, ctx.language) for day in weeks[0]),
        weeks=tuple(
            tuple(
                Day(day=day.day, date=day.isoformat(), events=tuple(on.get(day, ()))) if day.month == month else None
                for day in week
            )
            for week in weeks
        ),
    )


def near(values: Sequence[T], middle: T, most: int) -> Sequence[T]:
    """Returns at most so many of sorted values, as many before ``middle`` as after it where there are as many."""
    start = bisect_left(values, middle) - most // 2
    start = max(0, min(start, len(values) - most))
    return values[start : start + most]


def _shown(ctx: Context, live: LiveEntry, *, mixed: bool) -> DayEvent:
    entry = live.entry
    return DayEvent(
        title=entry.title,
        url=place(ctx, entry),
        lang=ctx.spoken(entry.lang),
        branch=branch_link(ctx, ctx.catalogue.branches[entry.branch]) if mixed else None,
        cancelled=entry.event is not None and entry.event.status == "cancelled",
    )


def days_of(live: LiveEntry) -> tuple[date, date]:
    """Returns the first and the last day of an event, in the zone that its times were written in."""
    event = live.entry.event
    if event is None:
        return live.entry.date.date(), live.entry.date.date()
    first = event.starts.at.date()
    last = (event.ends or event.starts).at
    # What ends at midnight ends on the day before.
    ended = last - timedelta(seconds=1) if event.ends is not None and not event.ends.day else last
    return first, max(first, ended.date())


def _month(live: LiveEntry) -> tuple[int, int]:
    first, _ = days_of(live)
    return first.year, first.month


def _touches(live: LiveEntry, year: int, month: int) -> bool:
    first, last = days_of(live)
    return (first.year, first.month) <= (year, month) <= (last.year, last.month)
