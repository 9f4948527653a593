"""The pages of an event: its time, its place, and its status."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta, tzinfo
from typing import Literal

from builder.catalogue.catalogue import LiveEntry
from builder.messages.date_texts import date_text, iso, moment_text, month_name, weekday_name
from builder.messages.translation import N_, Translator
from builder.model import kinds as model
from builder.model.values import Entry
from builder.pages import data_types
from builder.pages.context import Context, event_file
from builder.pages.kinds.kind_pages import JsonLd, KindPages
from builder.pages.page_data.parts import FeedFact, Part

_STATES = {
    "confirmed": N_("confirmed"),
    "tentative": N_("tentative"),
    "cancelled": N_("cancelled"),
}
_SCHEMA_ORG = {"confirmed": "EventScheduled", "tentative": "EventScheduled", "cancelled": "EventCancelled"}


_MOST_DAYS = 31
"""The days of a long event by which the search finds it."""


class EventFacts(Part, frozen=True, kw_only=True):
    """The facts about an event. The day, the month and the day of the week are those of its start; ``_short`` texts leave out the
    day of the week. ``calendar_url`` is the calendar of it alone, while it lies ahead."""

    starts: str
    starts_text: str
    starts_short: str
    day: str
    weekday_text: str
    month_text: str
    ends: str = ""
    ends_text: str = ""
    ends_short: str = ""
    all_day: bool = False
    location: str = ""
    online: str = ""
    organizer: str = ""
    status: str
    status_text: str
    over: bool = False
    calendar_url: str = ""


class EventCard(Part, frozen=True, kw_only=True):
    """The data that only an event has."""

    event: EventFacts | None = None


class Event(data_types.Data, frozen=True, kw_only=True):
    """The fields that only an event has."""

    starts: data_types.Moment
    ends: data_types.Moment = ""
    all_day: bool = False
    location: str = ""
    online: str = ""
    organizer: str = ""
    status: Literal["confirmed", "tentative", "cancelled"]


class EventPages(KindPages[model.Event]):
    """Events, as readers see them."""

    column_type = N_("Events")
    card_type = EventCard
    data_key = "event"
    data_type = Event

    def card(self, ctx: Context, live: LiveEntry, kind: model.Event) -> Part:
        """Return its facts."""
        language, at = ctx.language, kind.starts.at
        ahead = not kind.over(ctx.now) and kind.status != "cancelled"
        calendar = event_file(ctx, live.entry) if ahead else ""
        facts = EventFacts(
            starts=iso(kind.starts),
            starts_text=moment_text(kind.starts, language, weekday=True),
            starts_short=moment_text(kind.starts, language),
            day=str(at.day),
            weekday_text=weekday_name(at, language),
            month_text=month_name(at.month, language),
            ends=iso(kind.ends),
            ends_text=moment_text(kind.ends, language, weekday=True),
            ends_short=moment_text(kind.ends, language),
            all_day=kind.all_day,
            location=kind.location,
            online=kind.online,
            organizer=kind.organizer,
            status=kind.status,
            status_text=ctx.text.gettext(_STATES[kind.status]),
            over=kind.over(ctx.now),
            calendar_url=ctx.link(calendar) if calendar else "",
        )
        return EventCard(event=facts)

    def json_ld(self, ctx: Context, entry: Entry, kind: model.Event, owner: JsonLd) -> JsonLd:
        """Return it as ``Event``."""
        places: list[JsonLd] = []
        if kind.location:
            # An address is what schema.org asks of a place; people write one line for both.
            places.append({"@type": "Place", "name": kind.location, "address": kind.location})
        if kind.online:
            places.append({"@type": "VirtualLocation", "url": kind.online})
        if not places:
            # schema.org knows no event without a place: one that is not known yet is said to be so.
            places.append({"@type": "Place", "name": ctx.text.gettext(N_("to be announced"))})
        return {
            "@type": "Event",
            "name": entry.title,
            "startDate": iso(kind.starts),
            "endDate": iso(kind.ends),
            "eventStatus": f"https://schema.org/{_SCHEMA_ORG[kind.status]}",
            "eventAttendanceMode": f"https://schema.org/{_mode(kind.location, kind.online)}",
            "location": places[0] if len(places) == 1 else places,
            "organizer": {"@type": "Organization", "name": kind.organizer} if kind.organizer else owner,
        }

    def data(self, ctx: Context, kind: model.Event, file: Callable[[str], str]) -> Event:
        """Return its facts."""
        return Event(
            starts=iso(kind.starts),
            ends=iso(kind.ends),
            all_day=kind.all_day,
            location=kind.location,
            online=kind.online,
            organizer=kind.organizer,
            status=kind.status,
        )

    def feed_facts(self, text: Translator, zone: tzinfo, kind: model.Event) -> Iterator[FeedFact]:
        """Return whether it takes place, when, and where."""
        if kind.status != "confirmed":
            yield FeedFact(label=N_("Status"), text=text.gettext(_STATES[kind.status]))
        when = _when(text, kind)
        if not (kind.all_day or kind.starts.day):
            # Readers of feeds are anywhere.
            offset = kind.starts.at.astimezone(zone).isoformat()[-6:]
            when += f" ({zone}, UTC{offset})"
        yield FeedFact(label=N_("Time"), text=when)
        yield FeedFact(label=N_("Place"), text=kind.location)
        yield FeedFact(label=N_("Online"), text=kind.online, url=kind.online)
        yield FeedFact(label=N_("Organizer"), text=kind.organizer)

    def keywords(self, kind: model.Event) -> Iterator[str]:
        """Return its place, its organizer and its days."""
        yield from (kind.location, kind.organizer)
        yield " ".join(_spellings(kind))


def _spellings(kind: model.Event) -> Iterator[str]:
    """Return each of its days as readers may type it: in figures, in Chinese and in English."""
    first = kind.starts.at.date()
    last = kind.ends.at.date() if kind.ends is not None else first
    for number in range(min(_MOST_DAYS, max(0, (last - first).days) + 1)):
        day = first + timedelta(number)
        short = f"{day.year}-{day.month}-{day.day}"
        yield from dict.fromkeys((day.isoformat(), short, date_text(day, "zh"), date_text(day, "en")))


def _when(text: Translator, kind: model.Event) -> str:
    starts, ends = iso(kind.starts), iso(kind.ends)
    when = moment_text(kind.starts, text.language, weekday=True)
    if not ends or ends == starts:
        return when
    same_day = "T" in ends and ends[:10] == starts[:10]
    end = ends[11:16] if same_day else moment_text(kind.ends, text.language, weekday=True)
    return text.gettext("{start} to {end}", start=when, end=end)


def _mode(location: str, online: str) -> str:
    if location and online:
        return "MixedEventAttendanceMode"
    return "OnlineEventAttendanceMode" if online else "OfflineEventAttendanceMode"


PAGES = EventPages()
