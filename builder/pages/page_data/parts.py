"""The parts that pages are made of, and the base of all pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The base of everything that templates read."""


class Link(Part, frozen=True, kw_only=True):
    """A title and the address that it leads to; ``lang`` is the title's language where it is not the site's."""

    title: str
    url: str = ""
    lang: str = ""


class Translation(Link, frozen=True, kw_only=True):
    """A way to another language, under the language's own name ``title``; ``canonical`` is the full address of the page, where
    it is this very one in the language ``lang``."""

    canonical: str = ""


class SectionLink(Link, frozen=True, kw_only=True):
    """A section, by the page that lists it."""

    slug: str
    description: str = ""


class Choice(Link, frozen=True, kw_only=True):
    """One of several lists to choose from; ``current`` is the one that is shown."""

    current: bool = False


class ContactLines(Part, frozen=True, kw_only=True):
    """A way to reach somebody."""

    person: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""


class Unit(Link, frozen=True, kw_only=True):
    """A branch to choose, ``depth`` levels below the first; ``words`` are its other names, ``below`` those under an uppermost
    one."""

    words: str = ""
    note: str = ""
    contact: ContactLines | None = None
    depth: int = 0
    below: tuple[Unit, ...] = ()


class Choices(Part, frozen=True, kw_only=True):
    """Lists to choose from, or parts of the organization, under a title; ``many`` parts are folded."""

    title: str
    links: tuple[Choice, ...] = ()
    units: tuple[Unit, ...] = ()
    many: bool = False


class TagCount(Link, frozen=True, kw_only=True):
    """A tag, and how many entries have it."""

    count: int


class FeedLink(Part, frozen=True, kw_only=True):
    """A feed or a calendar, with its media type."""

    title: str
    url: str
    type: str


class Picture(Part, frozen=True, kw_only=True):
    """A picture; ``srcset`` and ``webp`` are rows of its versions with their widths."""

    url: str
    alt: str = ""
    width: int = 0
    height: int = 0
    srcset: str = ""
    webp: str = ""


class Attachment(Part, frozen=True, kw_only=True):
    """A file to download; ``type`` is like PDF."""

    title: str
    url: str
    type: str = ""
    size_text: str = ""


class Heading(Part, frozen=True, kw_only=True):
    """A heading of the text, with those below it."""

    level: int
    title: str
    url: str
    children: tuple[Heading, ...] = ()


class OpenGraph(Part, frozen=True, kw_only=True):
    """The data that other sites show when somebody links to the page (Open Graph)."""

    type: str
    image: str = ""
    image_alt: str = ""


class Pager(Part, frozen=True, kw_only=True):
    """The pages of a list: the first, the last, and those near the current one; where the list ends before its end,
    ``search_url`` leads to the rest."""

    current: int
    total: int
    prev_url: str = ""
    next_url: str = ""
    search_url: str = ""
    links: tuple[Choice, ...] = ()


class DayEvent(Link, frozen=True, kw_only=True):
    """An event on a day of a month's table."""

    branch: Link | None = None
    cancelled: bool = False


class Day(Part, frozen=True, kw_only=True):
    """A day of a month's table; ``rest`` is how many more events it has than are shown."""

    day: int
    date: str
    events: tuple[DayEvent, ...] = ()
    rest: int = 0


class MonthTable(Part, frozen=True, kw_only=True):
    """A month as weeks; days of other months are None. ``days`` are the names of the days of the week, ``before`` and ``after``
    the nearest months with events."""

    title: str
    days: tuple[str, ...]
    weeks: tuple[tuple[Day | None, ...], ...]
    before: Link | None = None
    after: Link | None = None


class Quarter(Part, frozen=True, kw_only=True):
    """The letters of a quarter: how many were answered, and after how many days on average."""

    title: str
    replied: int
    days: str


class Fact(Part, frozen=True, kw_only=True):
    """A fact about an entry, with its label."""

    label: str
    text: str


class FeedFact(Part, frozen=True, kw_only=True):
    """A fact about an entry in the text of its feed item: the msgid of its label, its text, and where that leads."""

    label: str
    text: str
    url: str = ""


class Code(Part, frozen=True, kw_only=True):
    """An address to be shown as a QR code, and the code's description."""

    address: str
    text: str


class TakePart(Part, frozen=True, kw_only=True):
    """The ways of a reader to take part: the addresses of a ``mail`` with subject and text, of a ``form`` and of an ``issue``;
    ``address`` is the plain one that the mail goes to. ``note`` is in the language ``lang``."""

    mail: str = ""
    address: str = ""
    form: str = ""
    issue: str = ""
    note: str = ""
    lang: str = ""
    reply_text: str = ""
    qr: Code | None = None


class PageData(Part, frozen=True, kw_only=True):
    """The data that the template of every page reads. ``title`` and ``headings`` come with the page: nobody sets them here."""

    TEMPLATE: ClassVar[str]

    title: str = ""
    headings: tuple[Heading, ...] = ()
    root: str | None = None
    canonical: str = ""
    description: str = ""
    noindex: bool = False
    lang: str = ""
    crumbs: tuple[Link, ...] = ()
    alternates: tuple[FeedLink, ...] = ()
    translations: tuple[Translation, ...] = ()
    labels: Mapping[str, str] = {}
    og: OpenGraph | None = None
    og_locale: str = ""
    published: str = ""
    modified: str = ""
    edit_url: str = ""
    ld_html: str = ""
