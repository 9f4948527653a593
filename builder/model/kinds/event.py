"""Events: what takes place at a time and a place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar, Literal

from builder.model.dates import Moment, midnight
from builder.model.kinds.kind import Kind

SOON = timedelta(days=7)
"""The days ahead within which an event is soon."""
_MOST_MONTHS = 36


class Event(Kind, frozen=True):
    """The part of an entry that only an event has. ``ends`` is None where none is written."""

    takes_place: ClassVar[bool] = True
    is_news: ClassVar[bool] = False
    needs_summary: ClassVar[bool] = False

    starts: Moment
    ends: Moment | None = None
    all_day: bool = False
    location: str = ""
    online: str = ""
    organizer: str = ""
    status: Literal["confirmed", "tentative", "cancelled"] = "confirmed"

    def over(self, now: datetime) -> bool:
        """Tells whether it has ended; its start counts if no end is written."""
        return (self.ends or self.starts).end <= now

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day, in the zone that the times were written in."""
        first, last = self.starts.at.date(), (self.ends or self.starts).at
        # What ends at midnight ends on the day before.
        ended = last - timedelta(seconds=1) if self.ends is not None and not self.ends.day else last
        return first, max(first, ended.date())

    def soon(self, now: datetime) -> bool:
        """Tells whether it begins within seven days, or has begun and not ended."""
        return self._soon_from() <= now and not self.over(now)

    def month_at(self, now: datetime) -> tuple[int, int] | None:
        """Returns the year and the month of ``now``, if one of its days is in it."""
        begun = [day for day in self._month_starts() if self._midnight(day) <= now]
        return (begun[-1].year, begun[-1].month) if begun and begun[-1] <= self.days[1] else None

    def instants(self) -> Iterator[datetime]:
        """Returns its start and its end, the instant from which it is soon, and the beginnings of its months and of the one
        after."""
        yield self.starts.at
        yield (self.ends or self.starts).end
        yield self._soon_from()
        yield from map(self._midnight, self._month_starts())

    def state_at(self, now: datetime) -> int:
        """Returns how many of its instants have passed."""
        return sum(each <= now for each in self.instants())

    def _soon_from(self) -> datetime:
        return self._midnight(self.days[0] - SOON)

    def _month_starts(self) -> Iterator[date]:
        """Yields the first day of each month that it takes place in, and of the month after."""
        first, last = self.days
        for number in range(_MOST_MONTHS):
            years, month = divmod(first.month - 1 + number, 12)
            day = date(first.year + years, month + 1, 1)
            yield day
            if day > last:
                return

    def _midnight(self, day: date) -> datetime:
        return midnight(day, self.starts.at.tzinfo or UTC)
