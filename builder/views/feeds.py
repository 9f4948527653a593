"""Feeds and calendars of a site: which entries they hold, under which ids, with what text. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from builder.bodies import Resolved, html
from builder.catalogue import LiveEntry, entry_path
from builder.feeds import (
    Calendar,
    CalendarEvent,
    Category,
    Enclosure,
    Feed,
    FeedItem,
    Origin,
    Outline,
    Person,
    tag_uri,
)
from builder.media import is_picture, media_type, published_at
from builder.model import Branch, Entry, Section
from builder.views.branch import below
from builder.views.common import Context
from builder.views.hub import hub_entries, hub_sections
from builder.views.lists import by_section, listed, visible_sections


def entry_id(ctx: Context, entry: Entry) -> str:
    """The feed id that an entry keeps for ever: ``id``, else a tag URI (RFC 4151) from the path it was first at."""
    if entry.id and ctx.catalogue.ids.get(entry.id) == entry.ref:
        return entry.id
    authority = ctx.organization.authority
    if entry.moved_from:
        return tag_uri(authority, entry.moved_from)
    section = ctx.catalogue.branches[entry.branch].section(entry.section)
    first = section.formerly[0] if section is not None and section.formerly else entry.section
    return tag_uri(authority, f"{entry.branch}/{first}/{entry.slug}")


def newest(lives: Iterable[LiveEntry]) -> list[LiveEntry]:
    """The order of feeds: newest first by date, then by ref; pins do not count."""
    by_ref = sorted((live for live in lives if live.listed), key=lambda live: live.entry.ref)
    return sorted(by_ref, key=lambda live: live.entry.date, reverse=True)


def own_items(
    ctx: Context, bodies: Mapping[str, Resolved], wanted: Callable[[str], bool] = lambda ref: True
) -> Mapping[str, FeedItem]:
    """The feed items of the branch's newest entries by ref: of every section as many as a feed holds."""
    most = ctx.organization.feeds.items
    counted: dict[str, int] = {}
    found: dict[str, FeedItem] = {}
    for live in newest(ctx.catalogue.slices[ctx.site].entries):
        counted[live.entry.section] = counted.get(live.entry.section, 0) + 1
        if counted[live.entry.section] <= most and wanted(live.entry.ref):
            found[live.entry.ref] = _item(ctx, live, bodies.get(live.entry.path))
    return found


def brief_item(ctx: Context, live: LiveEntry) -> FeedItem:
    """The feed item of an entry whose text is not at hand: with its summary."""
    return _item(ctx, live, None)


def _item(ctx: Context, live: LiveEntry, body: Resolved | None) -> FeedItem:
    entry = live.entry
    absolute = ctx.addresses.absolute
    bundles = ctx.catalogue.slices[entry.branch].bundles
    branch = ctx.catalogue.branches[entry.branch]

    def file(source: str) -> str:
        return absolute(published_at(source, entry.branch, bundles)) if source in ctx.sizes else ""

    text = ""
    if ctx.organization.feeds.full_text and body is not None:
        text = html(body, absolute, file, outside=True)
    section = branch.section(entry.section)
    path, _, fragment = entry_path(entry).partition("#")
    return FeedItem(
        id=entry_id(ctx, entry),
        url=absolute(path) + (f"#{fragment}" if fragment else ""),
        title=entry.title,
        published=entry.date,
        updated=entry.updated or entry.date,
        summary=entry.voice.text if entry.voice else _question(entry) or entry.summary,
        html=text,
        authors=(Person(name=entry.author or branch.name),),
        categories=(
            Category(term=entry.section, label=section.title if section else entry.section),
            *(Category(term=tag, label=tag) for tag in entry.tags),
        ),
        enclosure=_enclosure(ctx, live, file),
        related=tuple(
            absolute(entry_path(ctx.catalogue.entries[ref].entry))
            for ref in entry.interprets
            if ref in ctx.catalogue.entries
        ),
        language=entry.lang,
    )


def _question(entry: Entry) -> str:
    return entry.letter.question if entry.letter is not None else ""


def _enclosure(ctx: Context, live: LiveEntry, file: Callable[[str], str]) -> Enclosure | None:
    """The cover picture, else the first audio file or PDF that is attached."""
    entry = live.entry
    cover = entry.image or live.picture
    attached = [each.path for each in entry.attachments if media_type(each.path).split("/")[0] == "audio"]
    attached += [each.path for each in entry.attachments if media_type(each.path) == "application/pdf"]
    for source in ([cover] if cover and is_picture(cover) else []) + attached[:1]:
        address = file(source)
        if address:
            return Enclosure(url=address, type=media_type(source), length=ctx.sizes[source])
    return None


def site_feeds(ctx: Context, items: Mapping[str, FeedItem]) -> Iterator[tuple[str, Feed]]:
    """The path (a folder) and the content of every feed of a branch or of the hub.

    ``items`` are finished items by ref; an entry that has none there is told by its summary.
    """
    branch = ctx.branch
    if branch is None:
        yield from _hub_feeds(ctx, items)
        return
    sections = by_section(ctx)
    home = f"/{branch.slug}/"
    everything = [live for lives in sections.values() for live in listed(lives)]
    yield home, _feed(ctx, items, home, branch.name, branch.description, everything, home)
    for section in visible_sections(branch):
        path = f"{home}{section.slug}/"
        title = f"{branch.title} · {section.title}"
        yield path, _feed(ctx, items, path, title, section.description, sections.get(section.slug, ()), path)
    if ctx.catalogue.children.get(branch.slug):
        own = [live for live in ctx.catalogue.slices[branch.slug].entries if live.listed]
        title = ctx.text.gettext("{name} and its branches", name=branch.title)
        path = f"{home}all/"
        yield path, _feed(ctx, items, path, title, branch.description, [*own, *below(ctx, branch.slug)], path)


def _hub_feeds(ctx: Context, items: Mapping[str, FeedItem]) -> Iterator[tuple[str, Feed]]:
    organization = ctx.organization
    lives = [live for live in hub_entries(ctx) if live.listed]
    yield "/", _feed(ctx, items, "/", organization.name, organization.description, lives, "/")
    for section in hub_sections(ctx):
        part = [live for live in lives if live.entry.section == section.slug]
        title = f"{ctx.title} · {section.title}"
        path = f"/feeds/{section.slug}/"
        yield path, _feed(ctx, items, path, title, section.description, part, f"/sections/{section.slug}/")
    for slug, topic in sorted(ctx.catalogue.topics.items()):
        part = [live for live in lives if slug in live.entry.topics]
        path = f"/topics/{slug}/"
        yield path, _feed(ctx, items, path, f"{ctx.title} · {topic.title}", topic.summary, part, path)


def _feed(
    ctx: Context,
    items: Mapping[str, FeedItem],
    path: str,
    title: str,
    subtitle: str,
    lives: Sequence[LiveEntry],
    page: str,
) -> Feed:
    absolute = ctx.addresses.absolute
    organization = ctx.organization
    branch = ctx.branch
    shown = newest(lives)[: organization.feeds.items]
    return Feed(
        id=tag_uri(organization.authority, path.strip("/") or "hub"),
        title=title,
        subtitle=subtitle or title,
        url=absolute(page),
        rss_url=absolute(f"{path}feed.xml"),
        atom_url=absolute(f"{path}atom.xml"),
        language=ctx.language,
        author=Person(name=branch.name if branch else organization.name),
        updated=None,
        items=tuple(_placed(ctx, live, items) for live in shown),
        hubs=organization.feeds.websub,
        full_text=organization.feeds.full_text,
    )


def _placed(ctx: Context, live: LiveEntry, items: Mapping[str, FeedItem]) -> FeedItem:
    item = items.get(live.entry.ref) or brief_item(ctx, live)
    if live.entry.branch == ctx.site:
        return item
    home = f"/{live.entry.branch}/"
    branch = ctx.catalogue.branches[live.entry.branch]
    latest = newest(ctx.catalogue.slices[live.entry.branch].entries)
    moments = [each.entry.updated or each.entry.date for each in latest[: ctx.organization.feeds.items]]
    origin = Origin(
        title=branch.name,
        url=ctx.addresses.absolute(home),
        feed_url=ctx.addresses.absolute(f"{home}feed.xml"),
        id=tag_uri(ctx.organization.authority, live.entry.branch),
        updated=max(moments, default=live.entry.date),
    )
    return msgspec.structs.replace(item, origin=origin)


def outlines(ctx: Context) -> tuple[Outline, ...]:
    """All feeds as the tree of branches, for OPML."""
    absolute = ctx.addresses.absolute
    over_all = tuple(
        Outline(
            title=f"{ctx.title} · {section.title}",
            rss_url=absolute(f"/feeds/{section.slug}/feed.xml"),
            html_url=absolute(f"/sections/{section.slug}/"),
            language=ctx.language,
        )
        for section in hub_sections(ctx)
    )
    top = Outline(
        title=ctx.organization.name,
        rss_url=absolute("/feed.xml"),
        html_url=absolute("/"),
        description=ctx.organization.description,
        language=ctx.language,
    )
    return (top, *over_all, *(_outline(ctx, branch) for branch in ctx.catalogue.children.get("", ())))


def _outline(ctx: Context, branch: Branch) -> Outline:
    absolute = ctx.addresses.absolute
    home = f"/{branch.slug}/"

    def of(section: Section) -> Outline:
        return Outline(
            title=f"{branch.title} · {section.title}",
            rss_url=absolute(f"{home}{section.slug}/feed.xml"),
            html_url=absolute(f"{home}{section.slug}/"),
            language=branch.language,
        )

    own = Outline(
        title=branch.name,
        rss_url=absolute(f"{home}feed.xml"),
        html_url=absolute(home),
        description=branch.description,
        language=branch.language,
    )
    below_it = tuple(_outline(ctx, child) for child in ctx.catalogue.children.get(branch.slug, ()))
    return Outline(
        title=branch.title, children=(own, *(of(section) for section in visible_sections(branch)), *below_it)
    )


def site_calendar(ctx: Context) -> Calendar | None:
    """The calendar of a branch, or of the hub; None for a branch without events."""
    if ctx.branch is None:
        lives: Sequence[LiveEntry] = hub_entries(ctx)
        name = ctx.organization.name
    else:
        lives = ctx.catalogue.slices[ctx.site].entries
        name = ctx.branch.name
    events = tuple(
        _event(ctx, live.entry) for live in sorted(lives, key=lambda live: live.entry.ref) if live.entry.event
    )
    if not events and ctx.branch is not None:
        return None
    return Calendar(
        name=ctx.text.gettext("{name}: events", name=name),
        url=ctx.addresses.absolute(ctx.home),
        timezone=ctx.organization.timezone,
        events=events,
    )


def _event(ctx: Context, entry: Entry) -> CalendarEvent:
    event = entry.event
    assert event is not None
    whole = event.all_day or event.starts.day
    starts = event.starts.at
    ends = event.ends if event.ends is not None and event.ends.at >= starts else None
    return CalendarEvent(
        uid=entry_id(ctx, entry),
        url=ctx.addresses.absolute(entry_path(entry)),
        title=entry.title,
        starts=starts.date() if whole else starts,
        ends=None if ends is None else ends.at.date() if whole else ends.at,
        all_day=whole,
        location=event.location,
        online=event.online,
        organizer_name=event.organizer or ctx.catalogue.branches[entry.branch].name,
        description=entry.summary,
        status=event.status.upper(),  # type: ignore[arg-type]
        stamp=entry.updated or entry.date,
    )
