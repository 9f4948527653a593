"""The feeds of a site: their lists, the entries in each, and the archives behind them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from builder.catalogue.catalogue import LiveEntry
from builder.formats.feeds import ARCHIVED, EPOCH, Feed, FeedItem, Person, tag_uri
from builder.model.values import Branch
from builder.pages.context import Context, undated
from builder.pages.feed_items import by_date, first_section
from builder.pages.hub import hub_entries, hub_sections
from builder.pages.lists import by_section

STYLESHEET = "feeds/feed.css"
"""Where the style sheet of feeds lies, in a site that has an address of its own."""


class FeedList(msgspec.Struct, frozen=True):
    """A list of entries that has feeds and a calendar.

    ``path`` is the folder that they lie in, ``page`` the page that shows the list, ``lives`` its entries newest first, those
    included that no list by date shows; ``several`` is true if they are of several branches, ``ended`` if nothing will be
    added any more.
    """

    path: str
    page: str
    title: str
    subtitle: str
    name: str
    lives: Sequence[LiveEntry]
    several: bool = False
    ended: bool = False


class FeedDocument(msgspec.Struct, frozen=True):
    """A feed, or one archive document behind it, before the items of its entries are made.

    ``number`` is that of an archive, 0 for the feed itself. The items of a ``brief`` one have summaries only.
    """

    path: str
    number: int
    head: Feed
    lives: Sequence[LiveEntry]
    brief: bool = False


def followed(ctx: Context) -> Iterator[FeedList]:
    """Returns every list of the site that has feeds."""
    branch = ctx.branch
    yield from _hub_lists(ctx) if branch is None else _branch_lists(ctx, branch)


def _branch_lists(ctx: Context, branch: Branch) -> Iterator[FeedList]:
    sections = by_section(ctx)
    home = f"/{branch.slug}/"
    everything = by_date(live for lives in sections.values() for live in lives)
    ended = branch.status == "closed"
    yield FeedList(home, home, branch.name, branch.description, branch.slug, everything, ended=ended)
    for section in branch.visible_sections:
        path = f"{home}{section.slug}/"
        title = f"{branch.title} · {section.title}"
        name = f"{branch.slug}/{first_section(ctx, branch.slug, section.slug)}"
        part = by_date(sections.get(section.slug, ()))
        yield FeedList(path, path, title, section.description, name, part, ended=ended)
    if ctx.catalogue.children.get(branch.slug):
        slugs = (branch.slug, *(each.slug for each in ctx.catalogue.descendants(branch.slug)))
        lives = by_date(live for slug in slugs for live in ctx.catalogue.live_sites[slug].entries)
        title = ctx.text.gettext("{name} and its branches", name=branch.title)
        path, name = f"{home}all/", f"{branch.slug}/all"
        ended = not ctx.catalogue.is_open(branch)
        yield FeedList(path, path, title, branch.description, name, lives, several=True, ended=ended)


def _hub_lists(ctx: Context) -> Iterator[FeedList]:
    organization = ctx.organization
    lives = hub_entries(ctx)
    yield FeedList("/", "/", organization.name, organization.description, "hub", lives, several=True)
    parts: dict[str, list[LiveEntry]] = {}
    for live in lives:
        parts.setdefault(live.entry.section, []).append(live)
    for section in hub_sections(ctx):
        title = f"{ctx.title} · {section.title}"
        path, page = f"/feeds/{section.slug}/", f"/sections/{section.slug}/"
        first = section.formerly[0] if section.formerly else section.slug
        part = parts.get(section.slug, ())
        yield FeedList(path, page, title, section.description, f"feeds/{first}", part, several=True)
    for slug, topic in sorted(ctx.catalogue.topics.items()):
        part = [live for live in lives if slug in live.entry.topics]
        path = f"/topics/{slug}/"
        yield FeedList(path, path, f"{ctx.title} · {topic.title}", topic.summary, path.strip("/"), part, several=True)


def foreign_feeds(ctx: Context) -> Iterator[FeedDocument]:
    """Returns the site's feeds (not archives) that hold the full text of other branches' entries."""
    for what in followed(ctx):
        feed = next(documents(ctx, what))
        if any(live.entry.branch != ctx.site for live in feed.lives):
            yield feed


def documents(ctx: Context, what: FeedList) -> Iterator[FeedDocument]:
    """Returns the feed of a list and its archives, which hold the entries that do not fit in the feed.

    Archives hold 50 entries each, or as many as the feed if that is fewer, counted from the oldest: a new entry fills up the
    last and changes no other. In lists over several branches archives hold summaries only. Entries without dates, in sections
    without dates, are not news and are in no feed.
    """
    lives = [live for live in what.lives if live.listed and not undated(ctx, live.entry)]
    most = ctx.organization.feeds.items
    size = min(most, ARCHIVED)
    # As if the feed held no more than an archive: its oldest may have had to go for its size.
    count = -(-(len(lives) - size) // size) if len(lives) > most else 0
    head = _head(ctx, what)
    last = (_last_item(ctx, lives),) if what.ended else ()
    feed = msgspec.structs.replace(_behind(ctx, what, head, count), items=last)
    yield FeedDocument(what.path, 0, feed, lives[:most])
    for number in range(1, count + 1):
        end = len(lives) - (number - 1) * size
        archive = msgspec.structs.replace(
            _behind(ctx, what, head, number - 1),
            atom_url=ctx.addresses.absolute(f"{what.path}archive-{number}.xml"),
            json_url=ctx.addresses.absolute(f"{what.path}archive-{number}.json"),
            current=head.atom_url,
            archive=True,
            hubs=(),
        )
        yield FeedDocument(what.path, number, archive, lives[end - size : end], brief=what.several)


def _last_item(ctx: Context, lives: Sequence[LiveEntry]) -> FeedItem:
    """Returns the item that ends the feeds of a closed branch. No entry can have its id."""
    branch, text = ctx.catalogue.branches[ctx.site], ctx.text.gettext
    newest = max((live.entry.updated or live.entry.date for live in lives), default=EPOCH)
    moment = branch.closed.at if branch.closed is not None else newest
    return FeedItem(
        id=tag_uri(ctx.organization.authority, f"{branch.slug}/-/closed"),
        url=ctx.addresses.absolute(ctx.home),
        title=text("{name} has been closed", name=branch.name),
        published=moment,
        updated=moment,
        summary=text("Its pages stay readable and are no longer updated. Nothing more will come in this feed."),
        authors=(Person(name=branch.name),),
        language=ctx.language,
    )


def _behind(ctx: Context, what: FeedList, head: Feed, number: int) -> Feed:
    """Returns ``head`` with links to the next older archive; unchanged for 0."""
    if not number:
        return head
    absolute = ctx.addresses.absolute
    return msgspec.structs.replace(
        head,
        prev_archive=absolute(f"{what.path}archive-{number}.xml"),
        next_json=absolute(f"{what.path}archive-{number}.json"),
    )


def _head(ctx: Context, what: FeedList) -> Feed:
    absolute = ctx.addresses.absolute
    organization = ctx.organization
    text = ctx.text.gettext
    return Feed(
        id=tag_uri(organization.authority, what.name),
        title=what.title,
        subtitle=what.subtitle or what.title,
        url=absolute(what.page),
        rss_url=absolute(f"{what.path}feed.xml"),
        atom_url=absolute(f"{what.path}atom.xml"),
        json_url=absolute(f"{what.path}feed.json"),
        language=ctx.language,
        author=Person(name=ctx.branch.name if ctx.branch else organization.name),
        hubs=organization.feeds.websub,
        stylesheet=f"{ctx.addresses.root(what.path)}/{STYLESHEET}",
        note=text("This is a feed: copy its address into a feed reader, and you will be told of everything new."),
        note_link=text("Read it as a page instead"),
    )
