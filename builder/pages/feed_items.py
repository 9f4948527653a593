"""Feed items made from entries: their ids, texts, files and links. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter

import msgspec

from builder.catalogue.bodies import Resolved
from builder.catalogue.catalogue import LiveEntry, path_of
from builder.formats.feeds import EPOCH, Category, FeedItem, Origin, Person, tag_uri
from builder.model.media import published_at
from builder.model.site_map import FEED_FORMATS
from builder.model.stubs import Listed, Stub, by_feed_date, digest_of, last_change
from builder.model.values import Entry
from builder.pages.context import Context
from builder.pages.feed_text import enclosures, facts_line, html_sources, item_html
from builder.pages.kinds import PAGES

_KEPT = 1024
# Not MessagePack, to which equal times in different zones are the same.
_ENCODER = msgspec.json.Encoder(order="deterministic")


def entry_id(ctx: Context, entry: Entry) -> str:
    """Returns the permanent feed id of an entry: ``id``, else a tag URI (RFC 4151) from the path it was first at."""
    ids = ctx.catalogue.feed_ids
    if entry.ref in ids.written:
        return entry.id
    path = ids.moved.get(entry.ref) or ctx.catalogue.names.first_path(entry.ref)
    if path != entry.ref and path in ctx.catalogue.entries:
        # Something else lives there: in a folder that was renamed and is there still.
        path = entry.ref
    return tag_uri(ctx.organization.authority, path)


def newest(lives: Iterable[LiveEntry]) -> list[LiveEntry]:
    """Sorts entries as feeds do: newest first by date, then by ref; pins do not count."""
    return by_feed_date(live for live in lives if live.listed)


def told_change(live: LiveEntry | Stub) -> datetime:
    """Returns when an entry last changed, as feeds tell it."""
    return last_change(live) if isinstance(live, LiveEntry) else live.told


def own_items(
    ctx: Context, bodies: Mapping[str, Resolved], wanted: Callable[[str], bool] = lambda ref: True
) -> Mapping[str, FeedItem]:
    """Makes the feed items, by ref, of all the branch's entries that any feed, its own or another site's, may hold.

    These are the newest of every list that has a feed, as many as a feed holds.
    """
    most = ctx.organization.feeds.items
    counted: dict[tuple[str, ...], int] = {}
    found: dict[str, FeedItem] = {}
    for live in newest(ctx.catalogue.live_sites[ctx.site].entries):
        lists = list(_lists(live.entry))
        for name in lists:
            counted[name] = counted.get(name, 0) + 1
        if wanted(live.entry.ref) and any(counted[name] <= most for name in lists):
            found[live.entry.ref] = _item(ctx, live, bodies.get(live.entry.path))
    return found


def _lists(entry: Entry) -> Iterator[tuple[str, ...]]:
    """Returns the names of the lists that hold an entry, in its own branch and others."""
    yield "section", entry.section
    if entry.hub:
        yield "hub", entry.section
        yield from (("topic", topic) for topic in entry.topics)
    yield from (("share", name, entry.section) for name in entry.share_with)


class Items:
    """The feed items of a site's feeds, each with a digest that says whether it changed.

    ``items`` are finished ones by ref, ``bodies`` the texts of the site's own entries by source path. An entry that has
    neither is given with its summary. One of another branch names the feed it comes from.
    """

    def __init__(self, ctx: Context, items: Mapping[str, FeedItem], bodies: Mapping[str, Resolved]) -> None:
        self._ctx, self._items, self._bodies = ctx, items, bodies
        self._placed: dict[str, FeedItem] = {}
        self._brief: dict[str, FeedItem] = {}
        self._digests: dict[tuple[str, bool], str] = {}
        self._owner_digests = _OwnerDigests(ctx)
        self._origins: dict[str, Origin] = {}
        self._stub_digests: dict[str, Mapping[str, str]] = {}

    def for_site(self, ctx: Context) -> Items:
        """Returns the items of another site's feeds, made from the same finished ones."""
        return Items(ctx, self._items, self._bodies)

    def digests(self, lives: Sequence[Listed], *, brief: bool) -> list[str]:
        """Returns texts for items of which some are others when anything is that the items' bytes are made of."""
        if not brief:
            return [self._digest(live, brief=False) for live in lives]
        # Most items of the hub's archives: what they are made of need not be loaded.
        if set(map(type, lives)) == {Stub} and not any(map(attrgetter("names"), lives)):
            owners = map(self._owner_digests.__getitem__, map(attrgetter("branch"), lives))
            return ["".join(map(attrgetter("digest"), lives)), "".join(owners)]
        return [
            live.digest + self._owner_digests[live.branch]
            if isinstance(live, Stub) and not live.names
            else self._digest(live, brief=True)
            for live in lives
        ]

    def _digest(self, live: Listed, *, brief: bool) -> str:
        key = live.entry.ref, brief
        if key not in self._digests:
            whole = self._ctx.catalogue.entries.whole(live)
            made = self._sources(whole) if brief else self._whole(whole)
            self._digests[key] = hashlib.sha256(_ENCODER.encode(made)).hexdigest()[:24]
        return self._digests[key]

    def item(self, entry: Listed, *, brief: bool) -> FeedItem:
        """Returns the item of an entry; a ``brief`` one has its summary only."""
        live = self._ctx.catalogue.entries.whole(entry)
        ref = live.entry.ref
        kept = self._brief if brief else self._placed
        if ref in kept:
            return kept[ref]
        finished = None if brief else self._items.get(ref)
        body = None if brief else self._bodies.get(live.entry.path)
        item = self._origin(live, finished or _item(self._ctx, live, body))
        # Older ones are many, and few are asked for again, soon: those alone are kept.
        if brief and len(kept) >= _KEPT:
            del kept[next(iter(kept))]
        if brief or finished is not None:
            kept[ref] = item
        return item

    def _sources(self, live: LiveEntry) -> object:
        """Returns what the item of an entry is made of, without its text: cheaper than making the item."""
        entry = live.entry
        explained = self._ctx.catalogue.entries_called(entry.interprets)
        named = [each.entry.ref for each in explained], list(_topics(self._ctx, entry))
        return self._digest_of(live), self._owner_digests[entry.branch], named

    def _digest_of(self, live: LiveEntry) -> str:
        """Returns the hash of an entry, as its stub has it."""
        entry = live.entry
        if self._ctx.site:
            # Few of a large branch, and its stubs are of no other use there.
            return digest_of(live, self._ctx.catalogue.live_sites[entry.branch].bundles)
        if entry.branch not in self._stub_digests:
            self._stub_digests[entry.branch] = {
                stub.ref: stub.digest for stub in self._ctx.catalogue.stubs[entry.branch]
            }
        return self._stub_digests[entry.branch][entry.ref]

    def _whole(self, live: LiveEntry) -> object:
        """Returns the item of an entry, or what it is made of with its text: older ones are many, and need not be made to see
        that they are the same."""
        if live.entry.ref in self._items:
            return self.item(live, brief=False)
        ctx, body = self._ctx, self._bodies.get(live.entry.path)
        text = html_sources(ctx, live, body, _file_address(ctx, live.entry.branch))
        return self._sources(live), entry_id(ctx, live.entry), text

    def _feed_of(self, slug: str) -> Origin:
        """Returns a branch's feed without a time."""
        if slug not in self._origins:
            ctx, home = self._ctx, f"/{slug}/"
            self._origins[slug] = Origin(
                title=ctx.catalogue.branches[slug].name,
                url=ctx.addresses.absolute(home),
                feed_url=ctx.addresses.absolute(home + FEED_FORMATS[0].file),
                id=tag_uri(ctx.organization.authority, ctx.catalogue.names.first_name(slug)),
                updated=EPOCH,
            )
        return self._origins[slug]

    def _origin(self, live: LiveEntry, item: FeedItem) -> FeedItem:
        """Returns the feed that an entry of another branch comes from, as of the entry's last change: whatever is
        published there later changes no byte of the item."""
        owner = live.entry.branch
        if owner == self._ctx.site:
            return item
        origin = msgspec.structs.replace(self._feed_of(owner), updated=item.updated)
        return msgspec.structs.replace(item, origin=origin)


class _OwnerDigests(dict[str, str]):
    """The hash of all that a branch's items say about the branch, by slug."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx

    def __missing__(self, slug: str) -> str:
        ctx = self._ctx
        organization = ctx.organization.url, ctx.organization.authority
        settings = ctx.organization.feeds.full_text, str(ctx.organization.zone)
        made = _ENCODER.encode((organization, settings, ctx.catalogue.branches[slug]))
        digest = self[slug] = hashlib.sha256(made).hexdigest()[:24]
        return digest


def _topics(ctx: Context, entry: Entry) -> Iterator[tuple[str, str]]:
    """Returns the slug and the title of each published topic of an entry."""
    known = ctx.catalogue.topics if entry.topics else {}
    return ((slug, known[slug].title) for slug in entry.topics if slug in known)


def _authors(entry: Entry) -> tuple[str, ...]:
    speaker = PAGES[entry.type].author(entry.kind)
    return (speaker,) if speaker else entry.authors


def _file_address(ctx: Context, slug: str) -> Callable[[str], str]:
    """Returns a function that gives the full address of a branch's source file, empty if it is not published."""
    bundles = ctx.catalogue.live_sites[slug].bundles

    def file(source: str) -> str:
        return ctx.addresses.absolute(published_at(source, slug, bundles)) if source in ctx.sizes else ""

    return file


def _item(ctx: Context, live: LiveEntry, body: Resolved | None) -> FeedItem:
    entry = live.entry
    absolute = ctx.addresses.absolute
    branch = ctx.catalogue.branches[entry.branch]
    authority = ctx.organization.authority
    of_sections, of_tags, of_topics = (tag_uri(authority, name) for name in ("sections", "tags", "topics"))

    file = _file_address(ctx, entry.branch)
    text = ""
    if ctx.organization.feeds.full_text and body is not None:
        text = item_html(ctx, live, body, file)
    section = branch.section(entry.section)
    path, _, fragment = path_of(entry).partition("#")
    return FeedItem(
        id=entry_id(ctx, entry),
        url=absolute(path) + (f"#{fragment}" if fragment else ""),
        title=entry.title,
        published=live.feed_date,
        updated=last_change(live),
        summary=PAGES[entry.type].said(entry.kind) or entry.summary or facts_line(ctx, live),
        html=text,
        authors=tuple(Person(name=name) for name in _authors(entry) or (branch.name,)),
        categories=(
            Category(
                term=entry.section,
                label=section.title if section else entry.section,
                scheme=of_sections,
            ),
            *(Category(term=tag, label=tag, scheme=of_tags) for tag in entry.tags),
            *(Category(term=slug, label=title, scheme=of_topics) for slug, title in _topics(ctx, entry)),
        ),
        enclosures=enclosures(ctx, live, body, file),
        related=tuple(absolute(path_of(each.entry)) for each in ctx.catalogue.entries_called(entry.interprets)),
        via=entry.credit.url if entry.credit else "",
        language=entry.lang,
    )
