"""What a feed is made of: frozen values, nothing that reads files or clocks."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Literal
from urllib.parse import quote, urlsplit

import msgspec


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all values."""


class Person(Value, frozen=True):
    """An author."""

    name: str
    email: str = ""
    url: str = ""


class Category(Value, frozen=True):
    """A section or a tag: ``term`` for programs, ``label`` for people, ``scheme`` the taxonomy's address."""

    term: str
    label: str = ""
    scheme: str = ""


class Enclosure(Value, frozen=True):
    """A file that goes with an item; ``length`` is in bytes."""

    url: str
    type: str
    length: int


class Origin(Value, frozen=True):
    """The feed that an item of an aggregate was first in: its title, page, RSS address, Atom id and last change."""

    title: str
    url: str
    feed_url: str
    id: str
    updated: datetime


class FeedItem(Value, frozen=True):
    """One entry in a feed. Texts are plain but for ``html``, whose addresses are absolute. Times have a zone."""

    id: str
    url: str
    title: str
    published: datetime
    updated: datetime
    summary: str = ""
    html: str = ""
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    enclosure: Enclosure | None = None
    related: tuple[str, ...] = ()
    origin: Origin | None = None
    language: str = ""


class Feed(Value, frozen=True):
    """A feed, its items in order. ``url`` is the page that it follows; ``updated`` defaults to the newest item's."""

    id: str
    title: str
    url: str
    rss_url: str
    atom_url: str
    author: Person
    subtitle: str = ""
    language: str = "zh"
    updated: datetime | None = None
    items: tuple[FeedItem, ...] = ()
    hubs: tuple[str, ...] = ()
    full_text: bool = True

    @property
    def changed(self) -> datetime:
        """The last change of anything in the feed; the format's birthday for an empty one, never the clock."""
        return self.updated or max((item.updated for item in self.items), default=EPOCH)


class Outline(Value, frozen=True):
    """A feed, or a folder of feeds, in an OPML document."""

    title: str
    rss_url: str = ""
    html_url: str = ""
    description: str = ""
    language: str = ""
    children: tuple[Outline, ...] = ()


class CalendarEvent(Value, frozen=True):
    """An event. ``ends`` of an all-day event is its last day. ``stamp`` is the last change of its content."""

    uid: str
    url: str
    title: str
    starts: datetime | date
    stamp: datetime
    ends: datetime | date | None = None
    all_day: bool = False
    location: str = ""
    online: str = ""
    organizer_name: str = ""
    description: str = ""
    status: Literal["CONFIRMED", "TENTATIVE", "CANCELLED"] = "CONFIRMED"
    sequence: int = 0


class Calendar(Value, frozen=True):
    """A calendar; ``timezone`` is the IANA name of the zone that its times are written in."""

    name: str
    url: str
    timezone: str
    events: tuple[CalendarEvent, ...] = ()


EPOCH = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    """``text`` on one line, without what XML 1.0 cannot hold or discourages."""
    return " ".join(_FORBIDDEN.sub("", text).split())


def clean_html(html: str) -> str:
    """``html`` without the characters that XML 1.0 cannot hold; its lines stay."""
    return _FORBIDDEN.sub("", html)


def tag_uri(authority: str, path: str) -> str:
    """A tag URI (RFC 4151) for ``path``: UTF-8, NFC, percent-encoded but for RFC 3986's unreserved characters and ``/``."""
    return f"tag:{authority},2026:{quote(unicodedata.normalize('NFC', path), safe='/-._~')}"


def authority(url: str) -> str:
    """The host of ``url`` in IDNA form, lower case."""
    host = urlsplit(url).hostname or ""
    return host.encode("idna").decode("ascii").lower()
