"""The values that feeds and calendars are made of: frozen, and independent of files and clocks."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from functools import lru_cache
from typing import Literal
from urllib.parse import quote, urlsplit, urlunsplit

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
    """A file that is attached to an item; ``length`` is in bytes."""

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
    """One entry in a feed. RSS has the first of ``enclosures`` alone. Texts are plain except ``html``, whose addresses are
    absolute. Times have a zone. ``via`` is the original publication."""

    id: str
    url: str
    title: str
    published: datetime
    updated: datetime
    summary: str = ""
    html: str = ""
    authors: tuple[Person, ...] = ()
    categories: tuple[Category, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    related: tuple[str, ...] = ()
    via: str = ""
    origin: Origin | None = None
    language: str = ""


class Feed(Value, frozen=True):
    """A feed, its items in order, newest first.

    ``url`` is the page that shows its list, ``self_url`` the address that this document is published at. ``updated``
    defaults to the newest item's. ``icon`` is a small square picture; ``logo`` a GIF, JPEG or PNG of at most 144 × 400
    pixels (RSS Advisory Board profile). ``older`` is the document with the next older items (RFC 5005, ``prev-archive``;
    JSON Feed, ``next_url``), ``behind`` the number of items in all older ones; ``archive`` is true for a document that no
    longer changes, ``current`` then is the current feed. ``stylesheet`` is the address of the style sheet for browsers;
    ``note`` is a text for people who open the feed, ``note_link`` the text of the link to its page.
    """

    id: str
    title: str
    url: str
    self_url: str
    author: Person
    subtitle: str = ""
    language: str = "zh"
    updated: datetime | None = None
    items: tuple[FeedItem, ...] = ()
    icon: str = ""
    logo: str = ""
    hubs: tuple[str, ...] = ()
    older: str = ""
    behind: int = 0
    current: str = ""
    archive: bool = False
    stylesheet: str = ""
    note: str = ""
    note_link: str = ""

    @property
    def written(self) -> tuple[FeedItem, ...]:
        """Returns the items that can be written, each id once."""
        found: dict[str, FeedItem] = {}
        for item in self.items:
            if not usable(item):
                found.setdefault(item.id, item)
        return tuple(found.values())

    @property
    def changed(self) -> datetime:
        """Returns the last change of anything in the feed; for an empty one a fixed date, never the clock."""
        return self.updated or max((item.updated for item in self.written), default=EPOCH)


class Outline(Value, frozen=True):
    """A feed, or a folder of feeds, in an OPML document."""

    title: str
    rss_url: str = ""
    html_url: str = ""
    description: str = ""
    language: str = ""
    children: tuple[Outline, ...] = ()


class CalendarEvent(Value, frozen=True):
    """An event. ``ends`` of an all-day event is its last day. ``stamp`` is the last change of its content.

    ``sequence`` grows whenever it is changed (RFC 5545, 3.8.7.4).
    """

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
    categories: tuple[str, ...] = ()


class Calendar(Value, frozen=True):
    """A calendar. ``timezone`` is the IANA name of the zone that its times are written in, ``refresh`` the hours after
    which a program should fetch it again."""

    name: str
    url: str
    timezone: str = "Asia/Shanghai"
    events: tuple[CalendarEvent, ...] = ()
    description: str = ""
    refresh: int = 12


EPOCH = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][\w.+-]*/[\w.+-]+(; ?[\w-]+=[\w.-]+)*", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """Returns ``text`` on one line, without characters that XML 1.0 forbids or discourages."""
    return " ".join(_FORBIDDEN.sub("", text).split())


def clean_html(html: str) -> str:
    """Returns ``html`` without the characters that XML 1.0 forbids; its lines stay."""
    return _FORBIDDEN.sub("", html).replace("\r\n", "\n").replace("\r", "\n")


@lru_cache(maxsize=4096)
def address(url: str) -> str:
    """Returns ``url`` as a URI (RFC 3986): the host in IDNA form, the rest percent-encoded where needed; empty if it is
    not a web address."""
    if _ADDRESS.fullmatch(url):
        return url
    try:
        parts = urlsplit(clean(url))
        host = authority(url)
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    rest = urlunsplit(("", "", parts.path, parts.query, parts.fragment))
    made = f"{parts.scheme}://{host}{port}" + quote(rest, safe="%/:=&?~#+!$,;'@()*[]-._")
    return made if _ADDRESS.fullmatch(made) else ""


def email(text: str) -> str:
    """Returns ``text`` if it is an e-mail address, else empty."""
    return text if _EMAIL.fullmatch(text) else ""


def language(text: str) -> str:
    """Returns ``text`` if it is a language tag (BCP 47), else empty."""
    return text if _LANGUAGE.fullmatch(text) else ""


def media_type(text: str) -> str:
    """Returns ``text`` if it is a media type (RFC 2045), else the type of arbitrary bytes."""
    return text if _MEDIA_TYPE.fullmatch(text) else "application/octet-stream"


@lru_cache(maxsize=1024)
def usable(item: FeedItem) -> str:
    """Returns why an item cannot be in a feed: ``id`` (no absolute IRI), ``url`` (no web address), ``time`` (without a
    zone); empty if it can. The writers leave such an item out."""
    if not _ID.fullmatch(item.id) or clean(item.id) != item.id:
        return "id"
    if not address(item.url):
        return "url"
    return "time" if item.published.utcoffset() is None or item.updated.utcoffset() is None else ""


def item_summary(item: FeedItem) -> str:
    """Returns the summary of an item, its title if it has none: feed readers show nothing for an empty one."""
    return clean(item.summary) or item_title(item)


def item_title(item: FeedItem) -> str:
    """Returns the title of an item, its address if it has none."""
    return clean(item.title) or address(item.url)


@lru_cache(maxsize=1024)
def people(persons: tuple[Person, ...]) -> tuple[Person, ...]:
    """Returns the authors that have a name, on one line each."""
    named = (Person(name=clean(each.name), email=email(each.email), url=address(each.url)) for each in persons)
    return tuple(each for each in named if each.name)


@lru_cache(maxsize=1024)
def tag_uri(authority: str, path: str) -> str:
    """Returns a tag URI (RFC 4151) for ``path``: UTF-8, NFC, percent-encoded except RFC 3986's unreserved characters and
    ``/``."""
    return f"tag:{authority},2026:{quote(unicodedata.normalize('NFC', path), safe='/-._~', errors='replace')}"


def authority(url: str) -> str:
    """Returns the host of ``url`` in IDNA form, in lower case. Raises ValueError for one that cannot be a DNS name."""
    host = urlsplit(url).hostname or ""
    return host.encode("idna").decode("ascii").lower()
