"""Events: what takes place at a time and a place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, Literal

from builder.model.dates import Moment
from builder.model.kinds.kind import Kind


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

    def instants(self) -> Iterator[datetime]:
        """Returns its start, and its end."""
        yield self.starts.at
        yield (self.ends or self.starts).end

    def state_at(self, now: datetime) -> bool:
        """Tells whether it has ended."""
        return self.over(now)
