"""Events on the calendar: a month as a table of weeks."""

from __future__ import annotations

import calendar
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TypeVar

from msgspec.structs import replace

from builder.catalogue.catalogue import LiveEntry
from builder.messages.date_texts import date_text, month_text, weekday_name
from builder.pages.context import Context, branch_link, coming, place
from builder.pages.items import items
from builder.pages.page_data.parts import Day, DayEvent, Link, MonthTable
from builder.pages.page_data.rows import EventDay

T = TypeVar("T", int, tuple[int, int])
_AHEAD = 3
_LONGEST = 31
_ON_A_DAY = 3
"""So many events of a day stand in a month's table; a list has all."""
FEW = 20
"""So many events are one list; more are in one for each day."""


def month_grids(ctx: Context, lives: Iterable[LiveEntry], *, mixed: bool = False) -> tuple[MonthTable, ...]:
    """Returns the next months that have events of ``lives`` to come, three at most."""
    ahead = coming(lives, ctx.now)
    months = sorted({_month(live) for live in ahead})[:_AHEAD]
    return tuple(month_grid(ctx, year, month, ahead, mixed=mixed) for year, month in months)


def month_grid(ctx: Context, year: int, month: int, lives: Sequence[LiveEntry], *, mixed: bool = False) -> MonthTable:
    """Returns one month as weeks from Monday, each day with its events among ``lives``; ``None`` outside the month."""
    on: dict[date, list[DayEvent]] = {}
    for live in (live for live in lives if _touches(live, year, month)):
        first, last = days_of(live)
        shown = _shown(ctx, live, mixed=mixed)
        for number in range(min(_LONGEST, (last - first).days + 1)):
            on.setdefault(first + timedelta(days=number), []).append(shown)
    weeks = calendar.Calendar().monthdatescalendar(year, month)
    return MonthTable(
        title=month_text(year, month, ctx.language),
        days=tuple(weekday_name(day, ctx.language) for day in weeks[0]),
        weeks=tuple(
            tuple(_day(day, on.get(day, ())) if day.month == month else None for day in week) for week in weeks
        ),
    )


def _day(day: date, events: Sequence[DayEvent]) -> Day:
    # One that is left out alone would not make room for its number.
    shown = events if len(events) <= _ON_A_DAY + 1 else events[:_ON_A_DAY]
    return Day(day=day.day, date=day.isoformat(), events=tuple(shown), rest=len(events) - len(shown))


def by_day(ctx: Context, lives: Iterable[LiveEntry], prefix: str) -> Iterator[EventDay]:
    """Yields the events of each day on which some begin, in the order of ``lives``; ``prefix`` begins the days' ids."""
    for day, part in groupby(lives, key=lambda live: days_of(live)[0]):
        yield EventDay(
            title=f"{date_text(day, ctx.language)} {weekday_name(day, ctx.language)}",
            anchor=f"{prefix}-{day.isoformat()}",
            entries=items(ctx, part, mixed=True),
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
    return event.days if event is not None else (live.entry.date.date(), live.entry.date.date())


def months_of(lives: Iterable[LiveEntry]) -> list[tuple[int, int]]:
    """Returns the months in which events begin, in order."""
    return sorted({_month(live) for live in lives})


def month_to_show(lives: Sequence[LiveEntry], now: datetime) -> tuple[int, int] | None:
    """Returns the month that a page of these events shows: this one if something takes place in it, else the next one in
    which something will, else the last one in which something did. None without events."""
    present = [month for live in lives if (month := live.entry.kind.month_at(now)) is not None]
    ahead = coming(lives, now)
    return min(present, default=None) or (
        _month(ahead[0]) if ahead else max((_month(live) for live in lives), default=None)
    )


def whole_month(
    ctx: Context,
    lives: Sequence[LiveEntry],
    month: tuple[int, int],
    place: Callable[[tuple[int, int]], str],
    *,
    mixed: bool = False,
) -> MonthTable:
    """Returns a month with all that takes place in it, past days too, and the way to the months before and after it in
    which something does; ``place`` gives the address of a month."""
    months = months_of(lives)
    before = max((each for each in months if each < month), default=None)
    after = min((each for each in months if each > month), default=None)
    grid = month_grid(ctx, *month, lives, mixed=mixed)
    return replace(grid, before=_way(ctx, before, place), after=_way(ctx, after, place))


def _way(ctx: Context, month: tuple[int, int] | None, place: Callable[[tuple[int, int]], str]) -> Link | None:
    return Link(title=month_text(*month, ctx.language), url=place(month)) if month is not None else None


def _month(live: LiveEntry) -> tuple[int, int]:
    first, _ = days_of(live)
    return first.year, first.month


def _touches(live: LiveEntry, year: int, month: int) -> bool:
    first, last = days_of(live)
    return (first.year, first.month) <= (year, month) <= (last.year, last.month)
