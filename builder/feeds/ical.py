"""Calendars (RFC 5545, RFC 7986), by the icalendar library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

from builder.feeds.items import Calendar, CalendarEvent, clean


def calendar_bytes(calendar: Calendar) -> bytes:
    """The calendar with the definition of its time zone; lines folded at 75 octets, CRLF."""
    made = icalendar.Calendar()
    made.add("prodid", "-//Branchpress//Branchpress//EN")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    name = clean(calendar.name)
    made.add("name", name)
    made.add("x-wr-calname", name)
    made.add("url", calendar.url)
    made.add("refresh-interval", timedelta(hours=12), parameters={"value": "DURATION"})
    made.add("x-published-ttl", "PT12H")
    zone = ZoneInfo(calendar.timezone)
    for event in calendar.events:
        made.add_component(_event(event, zone))
    if any(not event.all_day for event in calendar.events):
        made.add_missing_timezones()
    content: bytes = made.to_ical()
    return content


def _event(event: CalendarEvent, zone: ZoneInfo) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", event.uid)
    made.add("dtstamp", event.stamp.astimezone(UTC))
    made.add("last-modified", event.stamp.astimezone(UTC))
    made.add("sequence", event.sequence)
    made.add("summary", clean(event.title))
    made.add("url", event.url)
    made.add("status", event.status)
    if event.all_day:
        first = event.starts.date() if isinstance(event.starts, datetime) else event.starts
        last = event.ends.date() if isinstance(event.ends, datetime) else event.ends or first
        made.add("dtstart", first)
        # The end of an all-day event is the day after its last one.
        made.add("dtend", max(first, last) + timedelta(days=1))
    elif isinstance(event.starts, datetime):
        made.add("dtstart", event.starts.astimezone(zone))
        if isinstance(event.ends, datetime) and event.ends >= event.starts:
            made.add("dtend", event.ends.astimezone(zone))
    for key, value in (("location", event.location), ("description", event.description)):
        if value:
            made.add(key, clean(value))
    if event.online:
        made.add("conference", event.online, parameters={"value": "URI", "feature": "VIDEO"})
    return made
