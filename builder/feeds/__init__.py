"""Feeds and calendars: frozen values in, bytes out. Nothing heavy is loaded before the first one is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from builder.feeds.items import (
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
    tag_uri,
)

MOST_BYTES = 1_000_000


def rss(feed: Feed) -> bytes:
    """The feed as RSS 2.0."""
    from builder.feeds.xml import rss_bytes

    return rss_bytes(feed)


def atom(feed: Feed) -> bytes:
    """The feed as Atom 1.0."""
    from builder.feeds.xml import atom_bytes

    return atom_bytes(feed)


def opml(title: str, outlines: Iterable[Outline], *, updated: datetime | None, owner_id: str = "") -> bytes:
    """Feeds as OPML 2.0."""
    from builder.feeds.opml import opml_bytes

    return opml_bytes(title, outlines, updated, owner_id)


def calendar(events: Calendar) -> bytes:
    """The calendar as iCalendar."""
    from builder.feeds.ical import calendar_bytes

    return calendar_bytes(events)


def fit(feed: Feed, limit: int = MOST_BYTES) -> Feed:
    """The feed with as much of its items as keeps each format below ``limit`` bytes: the oldest lose their text first,
    then go; the newest stays with its summary whatever happens."""
    # Escaped in XML no character takes more than five bytes beyond its own; most take none.
    sizes = [len(item.html.encode("utf-8", "replace")) * 5 // 4 + 3_000 for item in feed.items]
    if sum(sizes) <= limit:
        return feed
    kept: list[FeedItem] = []
    room = limit - 2_000
    for item, size in zip(feed.items, sizes, strict=True):
        brief = msgspec.structs.replace(item, html="")
        need = size if size <= room else 3_000
        if need > room and kept:
            break
        kept.append(item if size <= room else brief)
        room -= need
    return msgspec.structs.replace(feed, items=tuple(kept))


__all__ = [
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
    "fit",
    "opml",
    "rss",
    "tag_uri",
]
