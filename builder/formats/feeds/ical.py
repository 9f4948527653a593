"""Calendars (RFC 5545, RFC 7986), by the icalendar library."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import icalendar

from builder.formats.feeds.items import EPOCH, Calendar, CalendarEvent, address, clean
from builder.formats.feeds.zones import rules

_FRAME = 20_000  # what a calendar takes besides its events, the rules of a hundred years of summer time included
_SPECIAL = re.compile(r"[\\;,]")
_END = b"END:VCALENDAR\r\n"


def calendar_bytes(calendar: Calendar, limit: int) -> bytes:
    """Writes what :func:`builder.formats.feeds.calendar` returns: lines folded at 75 octets and ended by CRLF, and
    the rules of the times' zone."""
    zone = ZoneInfo(calendar.timezone)
    made = icalendar.Calendar()
    made.add("prodid", "-//Branchpress//Branchpress//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    name, text = clean(calendar.name), clean(calendar.description)
    # RFC 7986 has names of its own for these; most programs know the older ones only.
    for key, value in (("name", name), ("x-wr-calname", name), ("description", text), ("x-wr-caldesc", text)):
        if value:
            # As a text, which it escapes: of properties that it does not know it writes the value as it stands.
            made.add(key, _Text(value))
    made.add("x-wr-timezone", calendar.timezone)
    if address(calendar.url):
        made.add("url", address(calendar.url))
    refresh = timedelta(hours=max(1, calendar.refresh))
    made.add("refresh-interval", refresh, parameters={"value": "DURATION"})
    made.add("x-published-ttl", f"PT{max(1, calendar.refresh)}H")
    events = {event.uid: event for event in reversed(calendar.events) if _usable(event)}
    written = _fitting([_written(event, zone, _folds(event)) for event in reversed(events.values())], limit - _FRAME)
    # An empty one too has the zone that its times will be in; its rules are of any year that never changes.
    years = sorted(year for event in written for year in event.years) if written else [EPOCH.year]
    if years and zone.key != "UTC":
        made.add_component(rules(zone, years[0], years[-1] + 1))
    content: bytes = made.to_ical()
    return b"".join((content.removesuffix(_END), *(event.content for event in written), _END))


class _Text(icalendar.vText):
    """A text, escaped by RFC 5545, 3.3.11: of ``\\N``, as in paths, the library would make the end of a line."""

    def to_ical(self) -> bytes:
        return _SPECIAL.sub(r"\\\g<0>", self).replace("\n", r"\n").encode()


class _Written(NamedTuple):
    """An event as it stands in calendars, when it begins, and the years of its times."""

    content: bytes
    begins: str
    years: tuple[int, ...]


@lru_cache(maxsize=4096)
def _written(event: CalendarEvent, zone: ZoneInfo, _: tuple[int, ...]) -> _Written:
    """Writes an event, once for all calendars that have it: its own, and those of its branch, section, tags, topics and so on.

    Python says of times that differ in their folds alone, in the first or second of an hour that comes twice, that they are
    equal: so these are told, too.
    """
    made = _event(event, zone)
    return _Written(made.to_ical(), str(made["dtstart"].to_ical()), tuple(_years(made)))


def _folds(event: CalendarEvent) -> tuple[int, ...]:
    return tuple(moment.fold for moment in (event.starts, event.ends, event.stamp) if isinstance(moment, datetime))


def _fitting(events: list[_Written], room: int) -> list[_Written]:
    """Drops the events that began longest ago if all would take more than ``room`` bytes."""
    over = sum(len(event.content) for event in events) - room
    if over <= 0:
        return events
    gone: set[int] = set()
    for place in sorted(range(len(events)), key=lambda place: events[place].begins):
        if over <= 0:
            break
        over -= len(events[place].content)
        gone.add(place)
    return [event for place, event in enumerate(events) if place not in gone]


def _usable(event: CalendarEvent) -> bool:
    """Tells whether an event has a UID, and a year that programs can calculate with in any zone."""
    return bool(clean(event.uid)) and all(
        1900 <= moment.year <= 9998 for moment in (event.starts, event.stamp, event.ends) if moment is not None
    )


def _event(event: CalendarEvent, zone: ZoneInfo) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", _Text(clean(event.uid)))
    # Without a METHOD the time stamp is that of the last change (RFC 5545, 3.8.7.2): never the clock.
    stamp = _at(event.stamp, UTC)
    made.add("dtstamp", stamp)
    made.add("last-modified", stamp)
    made.add("sequence", max(0, event.sequence))
    link = address(event.url)
    made.add("summary", _Text(clean(event.title) or link or clean(event.uid)))
    if link:
        made.add("url", link)
    made.add("status", event.status)
    if event.all_day or not isinstance(event.starts, datetime):
        first = _day(event.starts, zone)
        last = first if event.ends is None else max(first, _day(event.ends, zone))
        made.add("dtstart", first)
        # The end of an all-day event is the day after its last one.
        made.add("dtend", last + timedelta(days=1))
    else:
        starts = _at(event.starts, zone)
        made.add("dtstart", starts)
        ends = _end(event.ends, zone)
        if ends is not None and ends > starts:
            made.add("dtend", ends)
    online = address(event.online)
    if online:
        made.add("conference", online, parameters={"value": "URI", "feature": "VIDEO"})
    # Few programs show a CONFERENCE.
    description = "\n".join(text for text in (clean(event.description), clean(event.online)) if text)
    # An ORGANIZER is an address to reply to (3.8.4.3); who organizes an event is a CONTACT.
    contact = clean(event.organizer_name)
    # Of an event that is only online, programs show the address where they show a room.
    for key, value in (
        ("location", clean(event.location) or clean(event.online)),
        ("contact", contact),
        ("description", description),
    ):
        if value:
            made.add(key, _Text(value))
    categories = icalendar.vCategory([])
    categories.cats = [_Text(clean(category)) for category in event.categories if clean(category)]
    if categories.cats:
        made.add("categories", categories)
    return made


def _end(ends: datetime | date | None, zone: ZoneInfo) -> datetime | None:
    """Returns when an event with a time ends; a day without a time ends at the next midnight."""
    if ends is None or isinstance(ends, datetime):
        return None if ends is None else _at(ends, zone)
    after = ends + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=zone)


def _at(moment: datetime, zone: tzinfo) -> datetime:
    """Returns ``moment`` in ``zone``; one without a zone is taken to be in it.

    When clocks go back, an hour comes twice, and RFC 5545 (3.3.5) has only the first: times in the second are in UTC.
    """
    local = (moment.replace(tzinfo=zone) if moment.utcoffset() is None else moment).astimezone(UTC).astimezone(zone)
    return local.astimezone(UTC) if local.fold else local


def _day(moment: datetime | date, zone: tzinfo) -> date:
    return _at(moment, zone).astimezone(zone).date() if isinstance(moment, datetime) else moment


def _years(event: icalendar.Event) -> list[int]:
    """Returns the years of the times of an event; days without a time need no zone."""
    moments = [event.decoded(name) for name in ("dtstart", "dtend") if name in event]
    return [moment.year for moment in moments if isinstance(moment, datetime)]
