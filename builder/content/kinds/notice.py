"""Keys of a notice: the period of a public one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta, tzinfo
from typing import Any

from builder.content.kinds.reader import Context, KindReader
from builder.content.schema.compound import Field, Fields
from builder.content.schema.types import Date
from builder.messages.translation import N_
from builder.model.dates import Moment, moment_of
from builder.model.kinds import AnyKind, Notice, Period

_PERIOD = Fields(
    (
        Field("from", Date(), N_("From"), N_("First day of the public notice.")),
        Field("to", Date(), N_("To"), N_("Last day of the public notice."), required=True),
    ),
    ends=("from", "to"),
)
_SHOWN_AFTER = timedelta(days=30)


class NoticeReader(KindReader):
    """The reader of notices."""

    title = N_("A notice")
    fields = (Field("period", _PERIOD, N_("Period"), N_("First and last day of a public notice.")),)

    def read(self, values: Mapping[str, Any], context: Context) -> AnyKind:
        """Returns a notice. A period that ends before it begins is reported."""
        period = values.get("period", {})
        if "to" not in period:
            return Notice()
        start, to = period.get("from"), period["to"]
        if start is not None and start.at > to.at:
            context.report("period.to", "ends-before-starts", key="period")
        return Notice(period=Period(start=start, to=to))

    def expires(self, values: Mapping[str, Any], zone: tzinfo) -> Moment | None:
        """Returns the thirtieth day after the last one of a public notice."""
        to: Moment | None = values.get("period", {}).get("to")
        return moment_of(to.at.astimezone(zone).date() + _SHOWN_AFTER, zone) if to is not None else None


READER = NoticeReader()
