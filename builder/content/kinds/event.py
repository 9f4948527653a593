"""Keys of an event: its time and its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from builder.content.kinds.reader import Context, KindReader
from builder.content.schema.compound import TEXT, Field
from builder.content.schema.types import Date, Flag, OneOf, Url
from builder.messages.translation import N_
from builder.model.kinds import AnyKind, Event


class EventReader(KindReader):
    """The reader of events."""

    title = N_("An event")
    fields = (
        Field("starts", Date(), N_("Starts"), N_("Beginning of the event."), required=True),
        Field("ends", Date(), N_("Ends"), N_("End of the event.")),
        Field("all_day", Flag(), N_("All day"), N_("true: without times.")),
        Field("location", TEXT, N_("Place"), N_("The place of the event.")),
        Field("online", Url(), N_("Online"), N_("Web address for online participants.")),
        Field("organizer", TEXT, N_("Organizer"), N_("The organizer of the event.")),
        Field(
            "status",
            OneOf(
                ("confirmed", "tentative", "cancelled"),
                {
                    "canceled": "cancelled",
                    "取消": "cancelled",
                    "已取消": "cancelled",
                    "暂定": "tentative",
                    "待定": "tentative",
                    "确定": "confirmed",
                    "已确定": "confirmed",
                },
            ),
            N_("Status"),
            N_("The state of the event: confirmed, tentative or cancelled."),
        ),
    )
    is_yaml = True
    examples: ClassVar[Mapping[str, str]] = {"starts": "{date} 14:00"}

    def read(self, values: Mapping[str, Any], context: Context) -> AnyKind:
        """Returns an event. An end before its start is reported, and counts as not written."""
        starts, ends = values["starts"], values.get("ends")
        if ends is not None and (ends.end <= starts.at if ends.day else ends.at < starts.at):
            context.report("ends", "ends-before-starts", key="ends")
            ends = None
        return Event(
            starts=starts,
            ends=ends,
            all_day=values.get("all_day", False),
            location=values.get("location", ""),
            online=values.get("online", ""),
            organizer=values.get("organizer", ""),
            status=values.get("status", "confirmed"),
        )


READER = EventReader()
