"""Time zone definitions for calendars (RFC 5545, 3.6.5).

The icalendar library writes the start of summer time an hour late (7.3.0: ``Timezone.from_tzinfo`` takes the clock after
the change, the RFC the one before it), so the rules are made here from the time zone database. A change that comes back
each year on the same day of the week in the same month is a rule (RRULE); any other has an RDATE of its own, since some
programs read only the first of several in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import msgspec

_STEP = timedelta(days=7)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FEWEST = 3
"""The number of years in a row that make a rule: fewer are written one by one."""


class Change(msgspec.Struct, frozen=True):
    """A change of a zone's clock: ``onset`` is told by the clock that holds until then; ``before`` and ``after`` are
    offsets."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool

    @property
    def kind(self) -> tuple[object, ...]:
        """Returns the key that changes share if one rule can say them all."""
        return self.before, self.after, self.name, self.summer


def rules(zone: ZoneInfo, first: int, last: int) -> icalendar.Timezone:
    """Return the zone's definition from the start of the year ``first`` to the end of ``last``."""
    made = icalendar.Timezone()
    made.add("tzid", zone.key)
    start, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 12, 31, 23, 59, 59, tzinfo=UTC)
    opening = start.replace(tzinfo=zone)
    made.add_component(_observance([_change(opening, opening, start.replace(tzinfo=None))]))
    groups: dict[tuple[object, ...], list[Change]] = {}
    for before, after in _changes(zone, opening.astimezone(UTC), end):
        change = _change(before, after, before.replace(tzinfo=None) + timedelta(seconds=1))
        groups.setdefault(change.kind, []).append(change)
    for changes in groups.values():
        for run, rule in _runs(changes):
            made.add_component(_observance(run, rule))
    return made


def _change(before: datetime, after: datetime, onset: datetime) -> Change:
    none = timedelta()
    summer = (after.dst() or none) > none
    return Change(onset, before.utcoffset() or none, after.utcoffset() or none, after.tzname() or "", summer)


def _runs(changes: list[Change]) -> Iterator[tuple[list[Change], dict[str, Any] | None]]:
    """Return the changes in runs, each with the rule that it follows; those that follow none together, without one."""
    rest: list[Change] = []
    place = 0
    while place < len(changes):
        length, by_day = max(
            ((_follow(changes[place:], by_day), by_day) for by_day in _by_day(changes[place].onset)),
            key=lambda found: found[0],
        )
        if length < _FEWEST:
            rest.append(changes[place])
            place += 1
            continue
        run = changes[place : place + length]
        # Until a day after the last onset: some programs compare it with the clock there instead of with UTC.
        until = (run[-1].onset - run[-1].before).replace(tzinfo=UTC) + timedelta(days=1)
        yield run, {"freq": "yearly", "bymonth": run[0].onset.month, **by_day, "until": until}
        place += length
    if rest:
        yield rest, None


def _by_day(onset: datetime) -> Iterator[dict[str, Any]]:
    """Return the rules that could name the day of an onset: the last such day of the week in the month, the n-th, the first
    after a day of the month (whose number ``bymonthday`` gives as a week), and the day itself."""
    day = _DAYS[onset.weekday()]
    if (onset + timedelta(days=7)).month != onset.month:
        yield {"byday": f"-1{day}"}
    yield {"byday": f"{(onset.day - 1) // 7 + 1}{day}"}
    for first in range(max(1, onset.day - 6), onset.day + 1):
        if first <= 22:
            yield {"byday": day, "bymonthday": list(range(first, first + 7))}
    yield {"bymonthday": onset.day}


def _follow(changes: list[Change], by_day: dict[str, Any]) -> int:
    """Return how many changes, from the first on, follow a rule year by year."""
    first = changes[0].onset
    for number, change in enumerate(changes):
        onset = change.onset
        same = (onset.year, onset.month, onset.time()) == (first.year + number, first.month, first.time())
        if not same or not any(each == by_day for each in _by_day(onset)):
            return number
    return len(changes)


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Return the last second before and the first one after each change of the zone's offset or name."""
    while start < end:
        later = min(start + _STEP, end)
        if _state(start, zone) != _state(later, zone):
            low, high = start, later
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
                low, high = (middle, high) if _state(middle, zone) == _state(start, zone) else (low, middle)
            yield low.astimezone(zone), high.astimezone(zone)
        start = later


def _state(moment: datetime, zone: ZoneInfo) -> tuple[timedelta | None, str | None]:
    local = moment.astimezone(zone)
    return local.utcoffset(), local.tzname()


def _observance(changes: Iterable[Change], rule: dict[str, Any] | None = None) -> icalendar.Component:
    """Return one part of a zone's definition, that begins at each of the changes."""
    first, *others = changes
    made = icalendar.TimezoneDaylight() if first.summer else icalendar.TimezoneStandard()
    made.add("dtstart", first.onset)
    if rule is not None:
        made.add("rrule", rule)
    elif others:
        # The start among them: to some programs it is no onset by itself once there is an RDATE.
        for change in (first, *others):
            made.add("rdate", change.onset)
    made.add("tzoffsetfrom", first.before)
    made.add("tzoffsetto", first.after)
    made.add("tzname", first.name)
    return made
