"""Feeds and calendars: frozen values in, bytes out. Nothing heavy is loaded before the first one is written.

The writers take items in the order given, each id once, and leave out those that :func:`usable` gives a reason against. A
feed that is larger than its limit loses the full text of its older items. An item is written once for all feeds that it
is in. The same values always give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from builder.formats.feeds.items import (
    EPOCH,
    Calendar,
    CalendarEvent,
    Category,
    Enclosure,
    Feed,
    FeedItem,
    Origin,
    Outline,
    Person,
    authority,
    clean,
    tag_uri,
    usable,
)

MOST_BYTES = 1_000_000
"""The size below which readers take a feed whole."""
ARCHIVED = 50
"""The number of items in an archive document: so many always fit into one, in whatever length they are written."""


def rss(feed: Feed, limit: int = MOST_BYTES) -> bytes:
    """Writes the feed as RSS 2.0 after the RSS Advisory Board's profile. Raises ValueError if its page is no web address."""
    from builder.formats.feeds.rss_writer import rss_bytes

    return rss_bytes(feed, limit)


def atom(feed: Feed, limit: int = MOST_BYTES) -> bytes:
    """Writes the feed as Atom 1.0 (RFC 4287). Raises ValueError if its page is no web address."""
    from builder.formats.feeds.atom_writer import atom_bytes

    return atom_bytes(feed, limit)


def json_feed(feed: Feed, limit: int = MOST_BYTES) -> bytes:
    """Writes the feed as JSON Feed 1.1."""
    from builder.formats.feeds.json_writer import json_bytes

    return json_bytes(feed, limit)


def opml(
    title: str,
    outlines: Iterable[Outline],
    *,
    updated: datetime | None,
    owner_name: str = "",
    owner_id: str = "",
) -> bytes:
    """Writes feeds as OPML 2.0. ``owner_id`` is a web address, ``updated`` the last change of the content."""
    from builder.formats.feeds.outlines import opml_bytes

    return opml_bytes(title, outlines, updated, owner_name, owner_id)


def calendar(events: Calendar, limit: int = MOST_BYTES) -> bytes:
    """Writes the calendar as iCalendar (RFC 5545), without its oldest events where it would be larger than ``limit`` bytes.

    Raises KeyError for a zone that the time zone database does not know.
    """
    from builder.formats.feeds.ical import calendar_bytes

    return calendar_bytes(events, limit)


def stylesheet() -> bytes:
    """Returns the style sheet that makes a feed readable in a browser."""
    from builder.formats.feeds.css import CSS

    return CSS.encode()


def feed_html(html: str) -> str:
    """Cleans HTML for feed readers: no scripts or styles; links in place of frames and players, formulas as
    text. Addresses stay as they are."""
    from builder.formats.feeds.content import feed_html as cleaned

    return cleaned(html)


__all__ = [
    "ARCHIVED",
    "EPOCH",
    "MOST_BYTES",
    "Calendar",
    "CalendarEvent",
    "Category",
    "Enclosure",
    "Feed",
    "FeedItem",
    "Origin",
    "Outline",
    "Person",
    "atom",
    "authority",
    "calendar",
    "clean",
    "feed_html",
    "json_feed",
    "opml",
    "rss",
    "stylesheet",
    "tag_uri",
    "usable",
]
