"""Notices, among them public notices, which run for a period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from builder.model.dates import Moment, over_at
from builder.model.kinds.kind import Kind
from builder.model.struct import Struct


class Period(Struct, frozen=True):
    """``period:`` of a public notice (公示)."""

    start: Moment | None = None
    to: Moment | None = None


class Notice(Kind, frozen=True):
    """The part of an entry that only a notice has."""

    needs_text: ClassVar[bool] = True
    is_news: ClassVar[bool] = False
    is_duty: ClassVar[bool] = True

    period: Period | None = None

    def runs(self, now: datetime) -> bool:
        """Tells whether it is a public notice whose period has not ended."""
        return self.period is not None and self.period.to is not None and not self.period.to.over(now)

    def instants(self) -> Iterator[datetime]:
        """Returns the begin of its period and the first instant after it."""
        if self.period is not None:
            yield from over_at(self.period.to)
            if self.period.start is not None:
                yield self.period.start.at

    def state_at(self, now: datetime) -> int:
        """Returns 1 while its period has not ended, else 0."""
        return int(self.runs(now))
