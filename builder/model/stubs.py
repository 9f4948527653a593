"""Stubs: published entries without their texts, by which lists over many branches choose what they show."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Protocol, TypeVar

import msgspec

from builder.model.kinds import AnyKind, Event
from builder.model.published import LiveEntry, LiveSite

# Not MessagePack, to which equal times in different zones are the same.
_ENCODER = msgspec.json.Encoder(order="deterministic")


class EntryHead(Protocol):
    """The part that entries are chosen by, of an ``Entry`` and of a :class:`Stub`."""

    @property
    def ref(self) -> str:
        """``<branch>/<section>/<slug>``."""

    @property
    def branch(self) -> str:
        """The slug of its branch."""

    @property
    def section(self) -> str:
        """The slug of its section."""

    @property
    def kind(self) -> AnyKind:
        """The part that only entries of its kind have."""

    @property
    def date(self) -> datetime:
        """The moment of its publication."""

    @property
    def date_explicit(self) -> bool:
        """True if its date is written in it."""

    @property
    def tags(self) -> tuple[str, ...]:
        """Its tags as they are written."""

    @property
    def topics(self) -> tuple[str, ...]:
        """The slugs of the topics that it belongs to."""

    @property
    def event(self) -> Event | None:
        """The part that only an event has."""


class Listed(Protocol):
    """A published entry or its stub, as far as lists choose by it."""

    @property
    def entry(self) -> EntryHead:
        """The entry."""

    @property
    def listed(self) -> bool:
        """False while it is in no list by date."""

    @property
    def feed_date(self) -> datetime:
        """The date that it has in feeds."""


L = TypeVar("L", bound=Listed)


class Stub(msgspec.Struct, frozen=True, array_like=True):
    """A published entry without its texts. ``digest`` is the hash of all of it, and of where its files are published: what
    lists show of it is the same while that is.

    ``changed`` is when it last changed, ``told`` when feeds say that it did; ``names`` says that what it shows depends on
    other things by their names: topics, policies, branches that it is shared with.
    """

    branch: str
    section: str
    ref: str
    kind: AnyKind
    date: datetime
    feed_date: datetime
    changed: datetime
    told: datetime
    digest: str
    date_explicit: bool = True
    tags: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    hub: bool = True
    listed: bool = True
    names: bool = False

    @property
    def entry(self) -> Stub:
        """Itself: of the entry it has no more than what is chosen by."""
        return self

    @property
    def event(self) -> Event | None:
        """The part that only an event has."""
        return self.kind if isinstance(self.kind, Event) else None


def stubs_of(part: LiveSite) -> tuple[Stub, ...]:
    """Returns the stubs of a site's entries, in their order."""
    return tuple(_stub(live, part.bundles) for live in part.entries)


def _stub(live: LiveEntry, bundles: Mapping[str, str]) -> Stub:
    entry = live.entry
    names = bool(entry.topics or entry.interprets or entry.kind.replaces or entry.share_with)
    return Stub(
        branch=entry.branch,
        section=entry.section,
        ref=entry.ref,
        kind=entry.kind,
        date=entry.date,
        feed_date=live.feed_date,
        changed=entry.updated or entry.date,
        told=last_change(live),
        digest=digest_of(live, bundles),
        date_explicit=entry.date_explicit,
        tags=entry.tags,
        topics=entry.topics,
        hub=entry.hub,
        listed=live.listed,
        names=names,
    )


def digest_of(live: LiveEntry, bundles: Mapping[str, str]) -> str:
    """Returns the hash of a published entry and of where its files are published: ``bundles`` are its site's."""
    entry = live.entry
    files = live.picture or entry.image or entry.attachments or entry.kind.portrait
    told = _ENCODER.encode((live, bundles if files else ()))
    return hashlib.sha256(told).hexdigest()[:24]


def last_change(live: LiveEntry) -> datetime:
    """Returns when an entry last changed, as feeds tell it."""
    entry = live.entry
    return max(entry.updated or live.feed_date, live.feed_date) if live.announced else entry.updated or entry.date


def by_ref(lives: Iterable[L]) -> list[L]:
    """Sorts entries by ref, in code-point order."""
    return sorted(lives, key=attrgetter("entry.ref"))


def by_feed_date(lives: Iterable[L]) -> list[L]:
    """Sorts entries newest first by the date that they have in feeds, then by ref."""
    return sorted(by_ref(lives), key=attrgetter("feed_date"), reverse=True)
