"""The contribution of one site to the catalogue: a :class:`LiveSite` of all that is live, and its :class:`SiteSummary`,
the little of
it that has to be known of every site before any page is derived."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

import msgspec

from builder.model.media import Shape
from builder.model.site_id import SiteId
from builder.model.values import Branch, Entry, Page, Topic


class LiveEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A published entry with what lists show of it; ``picture`` is the source path of its picture, or empty.

    ``picture_shape`` is its size and the widths that it is offered in, ``portrait_shape`` that of a voice's portrait.
    ``listed`` is false while it is in no list by date. ``revised`` is when an event was seen to have changed after what it says
    itself, ``announced`` the day as of which feeds have an entry whose own date is earlier.
    """

    entry: Entry
    picture: str = ""
    picture_alt: str = ""
    picture_shape: Shape = Shape()
    portrait_shape: Shape = Shape()
    held: bool = False
    listed: bool = True
    revised: datetime | None = None
    announced: datetime | None = None

    @property
    def feed_date(self) -> datetime:
        """The date that the entry has in feeds."""
        return self.announced or self.entry.date


class Withdrawal(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why something is no longer published: its publisher set an end, or the period of a public notice is over. ``since`` is the
    day as YYYY-MM-DD, empty if it is not known; ``home`` the path of the list that it was in."""

    home: str
    since: str = ""
    period: bool = False


class LiveSite(msgspec.Struct, frozen=True, omit_defaults=True):
    """The published content of one branch (or of the hub, whose slug is empty).

    ``unpublished`` are sources that exist unseen, ``withdrawn`` the paths of what has expired, ``withdrawals`` the reasons by
    path, ``bundles`` the published path of each entry's folder, by folder, and of each file that is published under another
    name, by its source; ``waiting`` counts letters without a reply, ``asked`` says in which section and when each of them came.
    """

    slug: str
    branch: Branch | None = None
    entries: tuple[LiveEntry, ...] = ()
    pages: tuple[Page, ...] = ()
    topics: tuple[Topic, ...] = ()
    unpublished: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    withdrawals: Mapping[str, Withdrawal] = {}
    files: tuple[str, ...] = ()
    bundles: Mapping[str, str] = {}
    waiting: int = 0
    asked: tuple[tuple[str, datetime], ...] = ()

    @property
    def subjects(self) -> tuple[Entry | Page | Topic, ...]:
        """All that it publishes: entries, undated pages, topics."""
        return (*(live.entry for live in self.entries), *self.pages, *self.topics)


def stored(part: LiveSite) -> LiveSite:
    """Returns a slice as it is once it was stored and read again."""
    return msgspec.json.decode(msgspec.json.encode(part), type=LiveSite)


def live_site_digest(part: LiveSite) -> str:
    """Returns the hash of a slice, the same whether it was just read or comes from a manifest.

    Defaults are left out of what is stored by identity, so that a text equal to a default may stand there or not: what
    is hashed has been stored and read once.
    """
    return digest_of_stored(stored(part))


def digest_of_stored(stored: LiveSite) -> str:
    """Returns the hash of a slice that has been stored and read, or whose entries have."""
    return hashlib.sha256(msgspec.json.encode(stored, order="deterministic")).hexdigest()


class IdClaim(msgspec.Struct, frozen=True, array_like=True):
    """The feed id in an entry's front matter: ``id``, or the path ``moved_from``; ``date`` is the entry's, in
    UTC.
    """

    ref: str
    id: str
    moved_from: str
    date: str


class SiteSummary(msgspec.Struct, frozen=True, omit_defaults=True):
    """The summary of a site, known without reading its slice.

    ``claims`` are what entries say of their feed ids, ``offers`` refs with their ``share_with``, ``pairs`` refs with what they
    interpret and what they replace, ``moves`` refs with an old path and the new one, ``page_moves`` the same of undated
    pages. ``tags`` counts each spelling, ``aliases`` says that old addresses are claimed, ``latest`` is the newest listed
    date of each section, ``filled`` are the sections in which there is anything. ``listed`` is the hash of what lists over all
    branches show of it, the same while one of its texts is held as when it is fine. ``waiting`` and ``withdrawn`` are those of
    its slice, ``places`` the paths of its undated pages and topics.
    """

    slug: str
    branch: Branch | None = None
    entries: int = 0
    claims: tuple[IdClaim, ...] = ()
    offers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    pairs: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()
    moves: tuple[tuple[str, str, str], ...] = ()
    page_moves: tuple[tuple[str, str], ...] = ()
    tags: Mapping[str, int] = {}
    aliases: bool = False
    latest: Mapping[str, datetime] = {}
    filled: tuple[str, ...] = ()
    listed: str = ""
    waiting: int = 0
    withdrawn: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


def summary_of(part: LiveSite, *, is_stored: bool = False) -> SiteSummary:
    """Returns the summary of a site's slice; of one that ``is_stored``, and was read, it costs less."""
    tags: dict[str, int] = {}
    latest: dict[str, datetime] = {}
    for live in part.entries:
        for tag in live.entry.tags:
            tags[tag] = tags.get(tag, 0) + 1
        if live.listed:
            latest[live.entry.section] = max(live.entry.date, latest.get(live.entry.section, live.entry.date))
    entries = [live.entry for live in part.entries]
    return SiteSummary(
        slug=part.slug,
        branch=part.branch,
        entries=len(entries),
        claims=tuple(
            IdClaim(entry.ref, entry.id, entry.moved_from, entry.date.astimezone(UTC).isoformat())
            for entry in entries
            if entry.id or entry.moved_from
        ),
        offers=tuple((entry.ref, entry.share_with) for entry in entries if entry.share_with),
        pairs=tuple(
            (entry.ref, entry.interprets, entry.kind.replaces)
            for entry in entries
            if entry.interprets or entry.kind.replaces
        ),
        moves=tuple((entry.ref, old, path_of(entry)) for entry in entries for old in _old_paths(entry, part.branch)),
        page_moves=tuple((alias, path_of(page)) for page in part.pages for alias in page.aliases),
        tags=tags,
        aliases=any(entry.aliases for entry in entries) or any(page.aliases for page in part.pages),
        latest=latest,
        filled=tuple(sorted({entry.section for entry in entries})),
        listed=(digest_of_stored if is_stored else live_site_digest)(_listed(part)),
        waiting=part.waiting,
        withdrawn=part.withdrawn,
        places=(*map(path_of, part.pages), *map(path_of, part.topics)),
    )


def _listed(part: LiveSite) -> LiveSite:
    """Returns what lists over all branches show of a site, however it came to be published."""
    entries = tuple(LiveEntry(entry=live.entry) for live in part.entries if live.entry.hub)
    return LiveSite(part.slug, part.branch, entries, part.pages)


def _old_paths(entry: Entry, branch: Branch | None) -> Iterator[str]:
    """Yields the addresses that an entry had before: its aliases, where it was moved from, its section's former names."""
    if not entry.has_page:
        return
    yield from entry.aliases
    if entry.moved_from:
        yield f"/{entry.moved_from}/"
    section = branch.section(entry.section) if branch is not None else None
    for old in section.formerly if section else ():
        yield f"/{entry.branch}/{old}/{entry.slug}/"


def newest_first(entries: Iterable[LiveEntry], now: datetime, home: str = "") -> list[LiveEntry]:
    """Returns the order of lists: pinned ones first, then newest first by instant, then by ref in code-point order.

    In the lists of the branch ``home`` only its own entries are pinned: what others share does not push them down.
    """
    by_ref = sorted(entries, key=lambda live: live.entry.ref)
    by_date = sorted(by_ref, key=lambda live: live.entry.date, reverse=True)
    return sorted(
        by_date, key=lambda live: not (pinned(live.entry, now) and live.entry.branch == (home or live.entry.branch))
    )


def pinned(entry: Entry, now: datetime) -> bool:
    """Tells whether the entry stays on top."""
    return entry.pinned or (entry.pinned_until is not None and not entry.pinned_until.over(now))


def path_of(what: Entry | Page | Topic) -> str:
    """Returns the path of the page of an entry, an undated page or a topic; a voice is found in its section's list."""
    if isinstance(what, Entry):
        end = f"{what.slug}/" if what.has_page else f"#{what.slug}"
        return f"/{what.branch}/{what.section}/{end}"
    return f"{SiteId(what.branch).home}{what.slug}/" if isinstance(what, Page) else f"/topics/{what.slug}/"


def withdrew_from(last: LiveSite | None, now: LiveSite) -> bool:
    """Tells whether something that was published is not any more."""
    return last is not None and bool({what.path for what in last.subjects} - {what.path for what in now.subjects})
