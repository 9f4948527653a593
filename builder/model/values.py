"""What the content became: the organization, its branches, entries, pages and topics, all frozen.

Nothing here reads, checks or formats: :mod:`builder.content` makes these values from files, everything after it only
reads them. All structs are :class:`msgspec.Struct`, so that a manifest can hold them as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any, Literal, TypeVar

import msgspec

from builder.model.zones import zone_of

AnyStruct = TypeVar("AnyStruct", bound=msgspec.Struct)
EntryType = Literal["article", "notice", "policy", "event", "letter", "voice"]


class Struct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all values: immutable, compared by value, written as JSON without its defaults."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Defaults are told from other values by identity, which pickling would lose: equal values would be written, and
        # hashed, in one way here and in another by a worker.
        return _restored, (type(self), msgspec.json.encode(self))


def canonical(value: AnyStruct) -> AnyStruct:
    """``value`` as it is once it was written and read: what equals a default is that default, and is not written."""
    return msgspec.json.decode(msgspec.json.encode(value), type=type(value))


def _restored(kind: type[Struct], content: bytes) -> Struct:
    return msgspec.json.decode(content, type=kind)


class Moment(Struct, frozen=True):
    """A written date or time and what it covers.

    ``at`` is the instant written (00:00 in the organization's zone for a date alone), ``end`` the first instant after
    what it covers: the next midnight for a date alone, ``at`` itself for a time. ``day`` is true for a date alone.
    """

    at: datetime
    end: datetime
    day: bool = False

    def over(self, now: datetime) -> bool:
        """True from the first instant after the moment: a date alone includes its whole day."""
        return now >= self.end if self.day else now > self.at


class Span(Struct, frozen=True):
    """A length of time as written: ``6 months``, ``5 working days``."""

    amount: int
    unit: Literal["days", "weeks", "months", "years", "working days"]


class Section(Struct, frozen=True):
    """A section (栏目) that every branch has, or that one branch adds."""

    slug: str
    title: str
    type: EntryType = "article"
    dated: bool = True
    description: str = ""
    update_within: Span | None = None
    interpret_within: Span | None = None
    reply_within: Span | None = None
    formerly: tuple[str, ...] = ()


class Contact(Struct, frozen=True):
    """How a branch or the organization is reached; every part is shown as written."""

    person: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""


class FeedSettings(Struct, frozen=True):
    """``feeds:`` of organization.yml."""

    items: int = 50
    full_text: bool = True
    websub: tuple[str, ...] = ()


class MarkdownSettings(Struct, frozen=True):
    """``markdown:`` of organization.yml."""

    raw_html: Literal["sanitize", "allow"] = "sanitize"
    frames_from: tuple[str, ...] = ()


class Limits(Struct, frozen=True):
    """``limits:`` of organization.yml; sizes in bytes, time in seconds."""

    page_bytes: int = 2_000_000
    image_bytes: int = 20_000_000
    branch_pages: int = 20_000
    branch_seconds: int = 120
    worker_memory: int = 1_000_000_000


class RuleSetting(Struct, frozen=True):
    """What a profile says of one rule of the audit: how grave a breach is, the limit, and what it costs of 100 points.

    ``cap`` is the most that all breaches of the rule in one branch cost together (0: no bound), ``source`` tells where the
    numbers come from.
    """

    severity: Literal["veto", "deduction", "advice"]
    within: Span | None = None
    most: int = 0
    points: float = 0
    cap: float = 0
    source: str = ""


class Profile(Struct, frozen=True):
    """The thresholds of an audit. ``rules`` holds those that apply, by name; ``update_within`` the limits of sections that
    have none of their own, by slug or type."""

    name: str = "none"
    title: Mapping[str, str] = {}
    rules: Mapping[str, RuleSetting] = {}
    update_within: Mapping[str, Span] = {}
    reply_within: Span | None = None
    interpret_within: Span | None = None


class Organization(Struct, frozen=True):
    """organization.yml. ``url`` ends with a slash; ``authority`` is what feed ids carry for ever."""

    name: str
    url: str
    authority: str
    short_name: str = ""
    language: str = "zh"
    timezone: str = "Asia/Shanghai"
    description: str = ""
    contact: Contact | None = None
    logo: str = ""
    site_id: str = ""
    edit_url: str = ""
    sections: tuple[Section, ...] = ()
    feeds: FeedSettings = FeedSettings()
    markdown: MarkdownSettings = MarkdownSettings()
    limits: Limits = Limits()
    redirects: tuple[tuple[str, str], ...] = ()
    holidays: tuple[tuple[date, date], ...] = ()
    health_public: bool = True
    profile: Profile = Profile()

    @property
    def zone(self) -> tzinfo:
        """The zone of its dates."""
        return zone_of(self.timezone) or UTC


class Member(Struct, frozen=True):
    """One member of a branch's committee; ``photo`` is a source path under content/."""

    name: str
    role: str = ""
    photo: str = ""
    since: str = ""


class Branch(Struct, frozen=True):
    """branch.yml, with the branch's sections worked out: the organization's, plus the added, in its order.

    ``hidden`` are the slugs of those it does not show. ``defaults`` are the lines that say what every entry's front matter
    starts from: they hold on while a later branch.yml is broken.
    """

    slug: str
    name: str
    short_name: str = ""
    parent: str = ""
    description: str = ""
    contact: Contact | None = None
    committee: tuple[Member, ...] = ()
    url: str = ""
    language: str = "zh"
    accent: str = ""
    sections: tuple[Section, ...] = ()
    hidden: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    defaults: str = ""
    accept: Literal["all", "none"] | tuple[str, ...] = "all"
    refuse: tuple[str, ...] = ()
    place: tuple[tuple[str, str], ...] = ()
    order: int | None = None
    status: Literal["active", "closed"] = "active"
    closed: Moment | None = None

    @property
    def title(self) -> str:
        """The name for narrow places."""
        return self.short_name or self.name

    def section(self, slug: str) -> Section | None:
        """The section of that slug, or None."""
        return next((section for section in self.sections if section.slug == slug), None)

    @property
    def visible_sections(self) -> tuple[Section, ...]:
        """The sections that are not hidden."""
        return tuple(section for section in self.sections if section.slug not in self.hidden)


class Credit(Struct, frozen=True):
    """``source:`` of an entry, where it was taken from."""

    name: str
    url: str = ""


class File(Struct, frozen=True):
    """An attachment or picture: its source path under the root (``content/…``), and what to call it."""

    path: str
    title: str = ""


class Period(Struct, frozen=True):
    """``period:`` of a public notice (公示)."""

    start: Moment | None = None
    to: Moment | None = None


class Policy(Struct, frozen=True):
    """What a policy adds."""

    number: str = ""
    issuer: str = ""
    issued: Moment | None = None
    effective: Moment | None = None
    status: Literal["in force", "amended", "repealed"] = "in force"
    replaces: tuple[str, ...] = ()


class Event(Struct, frozen=True):
    """What an event adds. ``ends`` is None where none is written."""

    starts: Moment
    ends: Moment | None = None
    all_day: bool = False
    location: str = ""
    online: str = ""
    organizer: str = ""
    status: Literal["confirmed", "tentative", "cancelled"] = "confirmed"


class Letter(Struct, frozen=True):
    """What a letter adds; ``replied`` is None while it waits, or when only the reply's text is there."""

    question: str
    received: Moment
    replied: Moment | None = None
    sender: str = ""
    answered: bool = False


class Voice(Struct, frozen=True):
    """What a voice adds; ``portrait`` is a source path under the root."""

    text: str
    person: str = ""
    portrait: str = ""


class Entry(Struct, frozen=True):
    """One entry without its body. ``ref`` is ``<branch>/<section>/<slug>``; ``path`` its source under the root."""

    branch: str
    section: str
    slug: str
    path: str
    type: EntryType
    title: str
    date: datetime
    date_explicit: bool = True
    updated: datetime | None = None
    summary: str = ""
    summary_written: bool = False
    author: str = ""
    credit: Credit | None = None
    tags: tuple[str, ...] = ()
    image: str = ""
    image_alt: str = ""
    attachments: tuple[File, ...] = ()
    draft: bool = False
    expires: Moment | None = None
    pinned: bool = False
    pinned_until: Moment | None = None
    topics: tuple[str, ...] = ()
    share_with: tuple[str, ...] = ()
    hub: bool = True
    moved_from: str = ""
    aliases: tuple[str, ...] = ()
    id: str = ""
    lang: str = "zh"
    interprets: tuple[str, ...] = ()
    period: Period | None = None
    policy: Policy | None = None
    event: Event | None = None
    letter: Letter | None = None
    voice: Voice | None = None
    anchors: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        """``<branch>/<section>/<slug>``, the entry's name everywhere."""
        return f"{self.branch}/{self.section}/{self.slug}"

    @property
    def waiting(self) -> bool:
        """A letter without a reply: counted, never published."""
        return self.letter is not None and not self.letter.answered


class Page(Struct, frozen=True):
    """An undated page of a branch, or of the hub (``branch`` is then empty). ``slug`` may hold slashes: ``guide/start``."""

    branch: str
    slug: str
    path: str
    title: str
    summary: str = ""
    image: str = ""
    image_alt: str = ""
    attachments: tuple[File, ...] = ()
    draft: bool = False
    date: datetime | None = None
    updated: datetime | None = None
    expires: Moment | None = None
    aliases: tuple[str, ...] = ()
    lang: str = "zh"
    order: int | None = None
    anchors: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        """``<branch>/<page>``; for the hub's own pages ``hub/<page>``."""
        return f"{self.branch or 'hub'}/{self.slug}"


class Discussion(Struct, frozen=True):
    """``discussion:`` of a topic."""

    question: str = ""
    opens: Moment | None = None
    closes: Moment | None = None


class Topic(Struct, frozen=True):
    """A special topic (专题) under hub/topics."""

    slug: str
    path: str
    title: str
    summary: str = ""
    image: str = ""
    image_alt: str = ""
    closed: Moment | None = None
    discussion: Discussion | None = None
    draft: bool = False
    expires: Moment | None = None
    lang: str = "zh"
    anchors: tuple[str, ...] = ()
