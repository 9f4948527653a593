"""The feeds of a site: their lists, the entries in each, and the archives behind them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from operator import attrgetter

import msgspec

from builder.catalogue.catalogue import LiveEntry
from builder.formats.feeds import ARCHIVED, EPOCH, Feed, FeedItem, Person, tag_uri
from builder.model.site_map import FEED_FORMATS, FEED_STYLESHEET, FeedFormat
from builder.model.stubs import Stub, by_feed_date
from builder.model.values import Branch
from builder.pages.context import Context, undated
from builder.pages.feed_items import told_change
from builder.pages.feed_places import FeedPlace, every_feed_place
from builder.pages.hub_lists import hub_entries_of, in_sections
from builder.pages.lists import by_section


class FeedList(msgspec.Struct, frozen=True):
    """A list with feeds and its entries: ``lives``, newest first, those included that no list by date shows.

    ``several`` is true if they are of several branches, ``ended`` if nothing will be added any more. Its files are
    written in each of the ``folders``. ``timed`` are those that take place, in any order, if these are known.
    """

    place: FeedPlace
    lives: Sequence[LiveEntry | Stub]
    several: bool = False
    ended: bool = False
    former: tuple[str, ...] | None = None
    timed: Sequence[LiveEntry | Stub] | None = None

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that its files are written in: its own and former ones, or only those of a former branch."""
        return (self.path, *self.place.former) if self.former is None else self.former

    @property
    def path(self) -> str:
        """The folder that the feeds are in."""
        return self.place.path


class FeedDocument(msgspec.Struct, frozen=True):
    """A feed, or one archive document behind it, before the items of its entries are made.

    ``number`` is that of an archive, 0 for the feed itself. The items of a ``brief`` one have summaries
    only. ``older`` is the number of the archive behind it, 0 if there is none. ``site`` is the site that it is of, ``folders``
    are those that it is written in; its addresses are those of ``path`` in all of them.
    """

    site: str
    path: str
    folders: tuple[str, ...]
    number: int
    head: Feed
    lives: Sequence[LiveEntry | Stub]
    brief: bool = False
    older: int = 0


def followed(ctx: Context) -> Iterator[FeedList]:
    """Returns every list of the site that has feeds."""
    branch = ctx.branch
    if "feeds" not in ctx.kept_lists:
        ctx.kept_lists["feeds"] = tuple(_hub_lists(ctx) if branch is None else _branch_lists(ctx, branch))
    lists: tuple[FeedList, ...] = ctx.kept_lists["feeds"]
    yield from lists


def _branch_lists(ctx: Context, branch: Branch) -> Iterator[FeedList]:
    sections = by_section(ctx)
    closed = branch.status == "closed"
    for place in every_feed_place(ctx, branch):
        if place.subtree:
            slugs = [each.slug for each in ctx.catalogue.descendants(branch.slug)]
            own = ctx.catalogue.live_sites[branch.slug].entries
            below = chain.from_iterable(ctx.catalogue.stubs[slug] for slug in slugs)
            lives: list[LiveEntry | Stub] = [*own, *below]
            yield FeedList(place, by_feed_date(lives), several=True, ended=not ctx.catalogue.is_open(branch))
        elif place.section:
            yield FeedList(place, by_feed_date(sections.get(place.section, ())), ended=closed)
        else:
            yield FeedList(place, by_feed_date(live for lives in sections.values() for live in lives), ended=closed)


def _hub_lists(ctx: Context) -> Iterator[FeedList]:
    every = (stub for stub in ctx.catalogue.stubs.all if stub.hub)
    lives = sorted(every, key=attrgetter("feed_date"), reverse=True)
    timed = hub_entries_of(ctx, lambda kind: kind.takes_place)
    sections, timed_sections = in_sections(ctx, lives), in_sections(ctx, timed)
    for place in every_feed_place(ctx, None):
        part, events = lives, timed
        if place.section:
            part, events = sections.get(place.section, []), timed_sections.get(place.section, [])
        elif place.topic:
            part, events = (_of_topic(each, place.topic) for each in (lives, timed))
        yield FeedList(place, part, several=True, timed=events)


def _of_topic(lives: Iterable[Stub], topic: str) -> list[Stub]:
    return [live for live in lives if topic in live.topics]


def written_lists(ctx: Context) -> Iterator[tuple[Context, Iterator[FeedList]]]:
    """Returns the lists whose feeds are in the site's folder, with the context that each is made in: its own and, in the
    hub, those of branches that were renamed, in the folders that they had."""
    yield ctx, followed(ctx)
    for slug in sorted(set(ctx.catalogue.names.former.values())) if not ctx.site else ():
        own = replace(ctx, site=slug)
        yield own, (_at_former_names(own, what) for what in followed(own))


def _at_former_names(ctx: Context, what: FeedList) -> FeedList:
    names = ctx.catalogue.names.former_names(ctx.site)
    folders = (f"/{name}/{folder[len(ctx.home) :]}" for name in names for folder in what.folders)
    return msgspec.structs.replace(what, former=tuple(folders))


def told_changes(ctx: Context) -> Mapping[str, datetime]:
    """Returns the last change that each feed in the site's folder tells, by the end of its id."""
    found: dict[str, datetime] = {}
    for own, lists in written_lists(ctx):
        for what in lists:
            updated = next(documents(own, what)).head.updated
            if updated is not None:
                found[what.place.name] = updated
    return dict(sorted(found.items()))


def foreign_feeds(ctx: Context) -> Iterator[FeedDocument]:
    """Returns the site's feeds and archives that hold the full text of other branches' entries."""
    for feed in (each for own, lists in written_lists(ctx) for what in lists for each in documents(own, what)):
        if not feed.brief and any(live.entry.branch != ctx.site for live in feed.lives):
            yield feed


def documents(ctx: Context, what: FeedList) -> Iterator[FeedDocument]:
    """Returns the feed of a list and its archives, which hold the entries that do not fit in the feed.

    Archives hold 50 entries each, or as many as the feed if that is fewer, counted from the oldest: a new entry fills up the
    last and changes no other. In lists over several branches archives hold summaries only. Entries without dates, in sections
    without dates, are not news and are in no feed.
    """
    lives = _news(ctx, what)
    most = ctx.organization.feeds.items
    size = min(most, ARCHIVED)
    # As if the feed held no more than an archive: its oldest may have had to go for its size.
    count = -(-(len(lives) - size) // size) if len(lives) > most else 0
    head = _head(ctx, what)
    last = (_last_item(ctx, lives),) if what.ended else ()
    folders = what.folders
    changes = [told_change(live) for live in lives[:most]] + [item.updated for item in last]
    # What its readers were told stays true when the newest entry is withdrawn.
    told = [ctx.told[what.place.name]] if what.place.name in ctx.told else []
    updated = max((*changes, *told), default=None)
    feed = msgspec.structs.replace(head, items=last, behind=max(0, len(lives) - most), updated=updated)
    yield FeedDocument(ctx.site, what.path, folders, 0, feed, lives[:most], older=count)
    for number in range(1, count + 1):
        end = len(lives) - (number - 1) * size
        archive = msgspec.structs.replace(head, archive=True, hubs=(), behind=(number - 1) * size)
        part = lives[end - size : end]
        yield FeedDocument(ctx.site, what.path, folders, number, archive, part, brief=what.several, older=number - 1)


def _news(ctx: Context, what: FeedList) -> Sequence[LiveEntry | Stub]:
    """Returns the entries of a list that its feeds have."""
    key = f"news {what.path}"
    if key not in ctx.kept_lists:
        shown = [live for live in what.lives if live.listed]
        some = bool(ctx.catalogue.undated_sections)
        ctx.kept_lists[key] = [live for live in shown if not undated(ctx, live.entry)] if some else shown
    lives: Sequence[LiveEntry | Stub] = ctx.kept_lists[key]
    return lives


def _last_item(ctx: Context, lives: Sequence[LiveEntry | Stub]) -> FeedItem:
    """Returns the item that ends the feeds of a closed branch. No entry can have its id."""
    branch, text = ctx.catalogue.branches[ctx.site], ctx.text.gettext
    newest = max((ctx.catalogue.entries.whole(live).entry.updated or live.feed_date for live in lives), default=EPOCH)
    moment = branch.closed.at if branch.closed is not None else newest
    return FeedItem(
        id=tag_uri(ctx.organization.authority, f"{ctx.catalogue.names.first_name(branch.slug)}/-/closed"),
        url=ctx.addresses.absolute(ctx.home),
        title=text("{name} has been closed", name=branch.name),
        published=moment,
        updated=moment,
        summary=text("Its pages stay readable and are no longer updated. Nothing more will come in this feed."),
        authors=(Person(name=branch.name),),
        language=ctx.language,
    )


def addressed(ctx: Context, document: FeedDocument, feed_format: FeedFormat) -> Feed:
    """Returns the head of a feed document with its addresses in one format; a format without archives points to those of
    the first that has them."""
    absolute, head, number = ctx.addresses.absolute, document.head, document.number
    kept = feed_format if feed_format.archive else next((each for each in FEED_FORMATS if each.archive), feed_format)
    older = document.older
    return msgspec.structs.replace(
        head,
        self_url=absolute(document.path + (feed_format.archive_file(number) if number else feed_format.file)),
        older=absolute(document.path + kept.archive_file(older)) if older else "",
        current=absolute(document.path + kept.file) if number else "",
    )


def stylesheet_from(ctx: Context, folder: str) -> str:
    """Returns the address of the style sheet for feeds in a folder."""
    return f"{ctx.addresses.root(folder)}/{FEED_STYLESHEET}"


def _head(ctx: Context, what: FeedList) -> Feed:
    absolute = ctx.addresses.absolute
    organization, place = ctx.organization, what.place
    text = ctx.text.gettext
    return Feed(
        id=tag_uri(organization.authority, place.name),
        title=place.title,
        subtitle=place.subtitle or place.title,
        url=absolute(place.page),
        self_url=absolute(place.path),
        language=ctx.language,
        author=Person(name=ctx.branch.name if ctx.branch else organization.name),
        icon=_mark(ctx, place, "icon"),
        logo=_mark(ctx, place, "feed"),
        hubs=organization.feeds.websub,
        stylesheet=stylesheet_from(ctx, place.path),
        note=text("This is a feed: copy its address into a feed reader, and you will be told of everything new."),
        note_link=text("Read it as a page instead"),
    )


def _mark(ctx: Context, place: FeedPlace, name: str) -> str:
    path = ctx.addresses.mark(place.path, ctx.organization, name)
    return ctx.addresses.absolute(path) if path else ""
