"""Calendars of a site: one for each list that has feeds and holds an event, and one for each event. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, cast

from builder.catalogue.catalogue import LiveEntry, path_of
from builder.formats.feeds import EPOCH, Calendar, CalendarEvent
from builder.pages.context import Context
from builder.pages.feed_items import entry_id
from builder.pages.feed_lists import FeedList

MOST = 1_000
"""The most events in a calendar: the latest by their start."""
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)


def calendar_of(ctx: Context, what: FeedList) -> Calendar | None:
    """Returns the calendar of a list; None for one without events in which events are not to be expected."""
    timed = what.timed if what.timed is not None else [live for live in what.lives if live.entry.kind.takes_place]
    lives = [ctx.catalogue.entries.whole(live) for live in timed]
    if not lives and not what.place.calendar:
        return None
    # By ref: where an event stands in the file does not change with time.
    latest = sorted(sorted(lives, key=_start)[-MOST:], key=lambda live: live.entry.ref)
    return Calendar(
        name=ctx.text.gettext("{name}: events", name=what.place.title),
        url=ctx.addresses.absolute(what.place.page),
        timezone=ctx.organization.timezone,
        description=what.place.subtitle,
        events=tuple(_event(ctx, live) for live in latest),
    )


def event_calendar(ctx: Context, live: LiveEntry) -> Calendar:
    """Returns the calendar of one event, which keeps its UID: programs that know it from a list know it here."""
    return Calendar(
        name=live.entry.title,
        url=ctx.addresses.absolute(path_of(live.entry)),
        timezone=ctx.organization.timezone,
        events=(_event(ctx, live),),
    )


def _start(live: LiveEntry) -> tuple[datetime, str]:
    event = live.entry.event
    assert event is not None
    return event.starts.at, live.entry.ref


def _event(ctx: Context, live: LiveEntry) -> CalendarEvent:
    entry = live.entry
    event = entry.event
    assert event is not None
    whole = event.all_day or event.starts.day
    starts = event.starts.at
    ends = event.ends if event.ends is not None and event.ends.at >= starts else None
    branch = ctx.catalogue.branches[entry.branch]
    section = branch.section(entry.section)
    status = cast(Literal["CONFIRMED", "TENTATIVE", "CANCELLED"], event.status.upper())
    return CalendarEvent(
        uid=entry_id(ctx, entry),
        url=ctx.addresses.absolute(path_of(entry)),
        title=entry.title,
        starts=starts.date() if whole else starts,
        ends=None if ends is None else ends.at.date() if whole or ends.day else ends.at,
        all_day=whole,
        location=event.location,
        online=event.online,
        organizer_name=event.organizer or branch.name,
        description=entry.summary,
        status=status,
        stamp=_stamp(live),
        sequence=_sequence(live),
        categories=(section.title if section else entry.section, *entry.tags),
    )


def _revised(live: LiveEntry) -> datetime | None:
    """Returns when an event was last revised, by its own word or as seen by a build."""
    return max((moment for moment in (live.entry.updated, live.revised) if moment is not None), default=None)


def _stamp(live: LiveEntry) -> datetime:
    """Returns when an event last changed; the epoch if its date was only derived from its start."""
    entry, revised = live.entry, _revised(live)
    starts = entry.event.starts.at if entry.event is not None else None
    unknown = not entry.date_explicit and entry.date == starts
    return revised or (EPOCH if unknown else entry.date)


def _sequence(live: LiveEntry) -> int:
    """Returns an event's revision number, which only grows (RFC 5545, 3.8.7.4): twice the minutes until it was last revised,
    plus one for a cancellation. What the state knows counts on the scale of ``updated``: the next change is above it even if the
    state is lost."""
    revised, event = _revised(live), live.entry.event
    minutes = 0 if revised is None else max(0, int((revised - _FIRST).total_seconds()) // 60)
    return 2 * minutes + (event is not None and event.status == "cancelled")
