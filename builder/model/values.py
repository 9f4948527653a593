"""The values made from the content: the organization, its branches, entries, pages and topics, all frozen.

Nothing here reads, checks or formats: :mod:`builder.content` makes these values from files, everything after it only
reads them. All structs are :class:`msgspec.Struct`, so that a manifest can hold them as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Literal

import msgspec

from builder.model.card import CardFont
from builder.model.dates import Moment, Span
from builder.model.kinds import KINDS, AnyKind, Event, KindClass, Letter, Notice, Period, Policy, Voice
from builder.model.struct import Struct
from builder.model.ways import Ways
from builder.model.zones import zone_of


def _title_in(language: str, title: str, own: str, english: str) -> tuple[str, str]:
    foreign = english and language != own and language.partition("-")[0] == "en"
    return (english, "en") if foreign else (title, own)


class Section(Struct, frozen=True):
    """A section (栏目) that every branch has, or that one branch adds; ``titles`` are its titles in other languages."""

    slug: str
    title: str
    type: str = "article"
    dated: bool = True
    description: str = ""
    update_within: Span | None = None
    interpret_within: Span | None = None
    reply_within: Span | None = None
    formerly: tuple[str, ...] = ()
    titles: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> KindClass:
        """The kind of its entries."""
        return KINDS[self.type]

    def in_language(self, language: str) -> Section:
        """Returns the section as a site in ``language`` shows it: under its title in that language, if it has one."""
        title = dict(self.titles).get(language)
        return self if title is None else msgspec.structs.replace(self, title=title)


class Contact(Struct, frozen=True):
    """The contact details of a branch or the organization; every part is shown as written."""

    person: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""


class FeedSettings(Struct, frozen=True):
    """``feeds:`` of organization.yml."""

    items: int = 50
    full_text: bool = True
    websub: tuple[str, ...] = ()
    mail: str = ""


class MarkdownSettings(Struct, frozen=True):
    """``markdown:`` of organization.yml."""

    raw_html: Literal["sanitize", "allow"] = "sanitize"
    frames_from: tuple[str, ...] = ()


class Limits(Struct, frozen=True):
    """``limits:`` of organization.yml; sizes in bytes, time in seconds."""

    page_bytes: int = 2_000_000
    image_bytes: int = 20_000_000
    file_bytes: int = 100_000_000
    branch_pages: int = 20_000
    branch_seconds: int = 120
    worker_memory: int = 1_000_000_000


class Editing(Struct, frozen=True):
    """``editing:`` of organization.yml: how people edit with forms in the browser, and the Git host on which they do; ``host``
    and ``repo`` are empty where Branchpress itself serves the forms.

    ``url`` is the address of a host of one's own; empty for github.com and gitlab.com. ``app_id`` is the id under which the
    forms are registered there for signing in.
    """

    host: Literal["", "github", "gitlab", "gitea", "forgejo"] = ""
    repo: str = ""
    branch: str = "main"
    url: str = ""
    app_id: str = ""
    review: bool = False


class RuleSetting(Struct, frozen=True):
    """The setting of one audit rule in a profile: its severity, its limit, and the points of 100 that a breach costs.

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


class Terms(Struct, frozen=True):
    """``terms:`` of organization.yml in one language: what the organization calls its parts. ``branch`` is one of them,
    ``branches`` all, ``committee`` those who lead one, ``members`` those who belong to one; empty where nothing is written."""

    branch: str = ""
    branches: str = ""
    committee: str = ""
    members: str = ""


class Organization(Struct, frozen=True):
    """organization.yml, which lies at ``source``. ``url`` ends with a slash; ``authority`` is what feed ids carry for ever; it is
    ``fixed`` if it is written there, else the host of ``url``. ``terms`` are by language."""

    name: str
    url: str
    authority: str
    fixed: bool = False
    short_name: str = ""
    name_en: str = ""
    language: str = "zh"
    timezone: str = "Asia/Shanghai"
    description: str = ""
    contact: Contact | None = None
    logo: str = ""
    logo_key: str = ""
    logo_trouble: str = ""
    card_font: CardFont | None = None
    site_id: str = ""
    edit_url: str = ""
    sections: tuple[Section, ...] = ()
    feeds: FeedSettings = FeedSettings()
    markdown: MarkdownSettings = MarkdownSettings()
    limits: Limits = Limits()
    redirects: tuple[tuple[str, str], ...] = ()
    holidays: tuple[tuple[date, date], ...] = ()
    health_public: bool = False
    editing: Editing | None = None
    ways: Ways = Ways()
    terms: Mapping[str, Terms] = {}
    profile: Profile = Profile()
    source: str = "content/organization.yml"

    def title_in(self, language: str) -> tuple[str, str]:
        """Returns its name for narrow places on pages in ``language``, and the language of that name."""
        return _title_in(language, self.short_name or self.name, self.language, self.name_en)

    @property
    def forms_host(self) -> Editing | None:
        """The Git host on which people edit with forms; None where there is none, or Branchpress itself serves them."""
        return self.editing if self.editing is not None and self.editing.host else None

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

    ``members`` is how many people belong to it, 0 if it is not said. ``hidden`` are the slugs of those it does not show,
    ``formerly`` the names that its folder had before, the first first.
    ``translations`` are the languages and slugs of the branches that are the same unit in another language.
    ``defaults`` are the lines that say what every entry's front matter
    starts from: they hold on while a later branch.yml is broken.
    """

    slug: str
    name: str
    short_name: str = ""
    name_en: str = ""
    parent: str = ""
    description: str = ""
    contact: Contact | None = None
    committee: tuple[Member, ...] = ()
    members: int = 0
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
    formerly: tuple[str, ...] = ()
    translations: tuple[tuple[str, str], ...] = ()
    ways: Ways = Ways()

    @property
    def title(self) -> str:
        """The name for narrow places."""
        return self.short_name or self.name

    def title_in(self, language: str) -> tuple[str, str]:
        """Returns its name for narrow places on pages in ``language``, and the language of that name."""
        return _title_in(language, self.title, self.language, self.name_en)

    def section(self, slug: str) -> Section | None:
        """Returns the section of that slug, or None."""
        # Asked for thousands of times.
        for section in self.sections:
            if section.slug == slug:
                return section
        return None

    def section_called(self, name: str) -> Section | None:
        """Returns the section that has this name, else the one that had it; None if there is none."""
        return self.section(name) or next((each for each in self.sections if name in each.formerly), None)

    def former_names(self, section: Section) -> tuple[str, ...]:
        """Returns the names that a section had before and no section has now, the first first."""
        return tuple(name for name in section.formerly if self.section_called(name) == section)

    def first_name(self, section: Section) -> str:
        """Returns the first name that a section had, which feed ids keep."""
        return next(iter(self.former_names(section)), section.slug)

    @property
    def visible_sections(self) -> tuple[Section, ...]:
        """The sections that are not hidden."""
        return tuple(section for section in self.sections if section.slug not in self.hidden)


class Credit(Struct, frozen=True):
    """``source:`` of an entry, where it was taken from."""

    name: str
    url: str = ""


class File(Struct, frozen=True):
    """An attachment or picture: its source path under the root (``content/…``), and what to call it.

    An attachment on another host has a ``url`` and no path: it is a link.
    """

    path: str = ""
    title: str = ""
    url: str = ""


class Entry(Struct, frozen=True):
    """One entry without its body. ``ref`` is ``<branch>/<section>/<slug>``; ``path`` its source under the root."""

    branch: str
    section: str
    slug: str
    path: str
    kind: AnyKind
    title: str
    date: datetime
    date_explicit: bool = True
    updated: datetime | None = None
    summary: str = ""
    summary_written: bool = False
    authors: tuple[str, ...] = ()
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
    announce: bool = False
    moved_from: str = ""
    aliases: tuple[str, ...] = ()
    id: str = ""
    lang: str = "zh"
    interprets: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()

    @property
    def ref(self) -> str:
        """``<branch>/<section>/<slug>``, the entry's name everywhere."""
        return f"{self.branch}/{self.section}/{self.slug}"

    @property
    def type(self) -> str:
        """The name of its kind."""
        return self.kind.type_name()

    @property
    def has_page(self) -> bool:
        """False for an entry that is found in its section's list alone."""
        return self.kind.has_page

    @property
    def waiting(self) -> bool:
        """True while a reply is missing: counted, never published."""
        return self.kind.waiting

    @property
    def period(self) -> Period | None:
        """The period of a public notice."""
        return self.kind.period if isinstance(self.kind, Notice) else None

    @property
    def policy(self) -> Policy | None:
        """The part of the entry that only a policy has."""
        return self.kind if isinstance(self.kind, Policy) else None

    @property
    def event(self) -> Event | None:
        """The part of the entry that only an event has."""
        return self.kind if isinstance(self.kind, Event) else None

    @property
    def letter(self) -> Letter | None:
        """The part of the entry that only a letter has."""
        return self.kind if isinstance(self.kind, Letter) else None

    @property
    def voice(self) -> Voice | None:
        """The part of the entry that only a voice has."""
        return self.kind if isinstance(self.kind, Voice) else None


class Page(Struct, frozen=True):
    """An undated page of a branch, or of the hub (``branch`` is then empty). ``slug`` may hold slashes: ``guide/start``.
    One that is ``for_editors`` is in no navigation and no search."""

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
    for_editors: bool = False

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
    date: datetime | None = None
    closed: Moment | None = None
    discussion: Discussion | None = None
    draft: bool = False
    expires: Moment | None = None
    lang: str = "zh"
    anchors: tuple[str, ...] = ()
