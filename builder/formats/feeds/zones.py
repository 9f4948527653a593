"""Time zone definitions for calendars (RFC 5545, 3.6.5).

The icalendar library writes the start of summer time an hour late (7.3.0: ``Timezone.from_tzinfo`` takes the clock after
the change, the RFC the one before it), so the rules are made here from the time zone database.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

_STEP = timedelta(days=7)


def rules(zone: ZoneInfo, first: int, last: int) -> icalendar.Timezone:
    """Returns the zone's definition from the start of the year ``first`` to the end of ``last``."""
    made = icalendar.Timezone()
    made.add("tzid", zone.key)
    start, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 12, 31, tzinfo=UTC)
    opening = start.replace(tzinfo=zone)
    made.add_component(_observance(opening, opening, [start.replace(tzinfo=None)]))
    onsets: dict[tuple[object, ...], list[tuple[datetime, datetime]]] = {}
    for before, after in _changes(zone, opening.astimezone(UTC), end):
        kind = before.utcoffset(), after.utcoffset(), after.tzname(), after.dst()
        onsets.setdefault(kind, []).append((before, after))
    for changes in onsets.values():
        # The onset is told by the clock that holds until then.
        clocks = [before.replace(tzinfo=None) + timedelta(seconds=1) for before, _ in changes]
        made.add_component(_observance(*changes[0], clocks))
    return made


def _changes(zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Returns the last second before and the first one after each change of the zone's offset or name."""
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


def _observance(before: datetime, after: datetime, clocks: list[datetime]) -> icalendar.Component:
    summer = (after.dst() or timedelta()) > timedelta()
    made = icalendar.TimezoneDaylight() if summer else icalendar.TimezoneStandard()
    made.add("dtstart", clocks[0])
    if clocks[1:]:
        made.add("rdate", clocks[1:])
    made.add("tzoffsetfrom", before.utcoffset())
    made.add("tzoffsetto", after.utcoffset())
    made.add("tzname", after.tzname() or "")
    return made
