"""Lists of entries: sections with their pages and years, tags, shared entries, a branch's subtree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from operator import attrgetter

from msgspec.structs import replace

from builder.catalogue.catalogue import LiveEntry, newest_first
from builder.catalogue.tags import loose, tag_slug
from builder.formats.html.site import SitePage
from builder.messages.date_texts import month_text
from builder.model.addresses import encoded
from builder.model.stubs import L, Listed, by_ref
from builder.model.values import Section
from builder.pages.context import Context, coming, over, section_language
from builder.pages.frame import alternates, feed_links
from builder.pages.items import items
from builder.pages.known_lists import known_page, rows_digest
from builder.pages.letters import quarters
from builder.pages.months import month_grid, month_to_show, months_of, whole_month
from builder.pages.page_data.pages import ArchivePage, ListPage, SectionPage, TagPage, TagsPage
from builder.pages.page_data.parts import Choice, Link, MonthTable, SectionLink, TagCount
from builder.pages.page_data.rows import Month
from builder.pages.paging import MOST_AT_ONCE, PAGE, numbered, pagination, parts_of
from builder.pages.schema_org import column_labels
from builder.pages.ways import to_write

MOST_IN_TAG = 200
"""The newest entries with a tag that have a place on its pages; the others are found by searching."""
_TAGS = 100
"""The tags that are seen at once, those used most."""


def by_section(ctx: Context) -> Mapping[str, list[LiveEntry]]:
    """Returns the entries that each section of the branch lists, its own and shared ones, newest first."""
    found: dict[str, list[LiveEntry]] = {}
    for live in ctx.catalogue.live_sites[ctx.site].entries:
        found.setdefault(live.entry.section, []).append(live)
    for live in ctx.catalogue.shared(ctx.site):
        found.setdefault(ctx.catalogue.section_for(ctx.site, live), []).append(live)
    return {slug: newest_first(lives, ctx.now, ctx.site) for slug, lives in found.items()}


def listed(lives: Iterable[L]) -> list[L]:
    """Returns the entries that lists by date show."""
    return [live for live in lives if live.listed]


def ordered(section: Section, lives: Sequence[L], now: datetime) -> list[L]:
    """Sorts the entries of a section's list: coming events first by start, undated entries by title."""
    if section.kind.takes_place:
        ahead = coming(lives, now)
        past = [live for live in lives if over(live.entry, now)]
        past.sort(key=lambda live: live.entry.ref)
        past.sort(key=filing_moment, reverse=True)
        return ahead + past
    if not section.dated:
        return sorted(lives, key=lambda live: (live.entry.ref.rpartition("/")[2], live.entry.ref))
    return listed(lives)


def section_pages(
    ctx: Context, section: Section, lives: Sequence[LiveEntry], crumbs: tuple[Link, ...]
) -> Iterator[SitePage]:
    """Makes the pages of one section: the first at its address, further ones, and one for each year."""
    home = f"/{ctx.site}/{section.slug}/"
    link = SectionLink(
        title=section.title,
        url=ctx.link(home),
        lang=ctx.spoken(section_language(ctx, ctx.branch, section)),
        slug=section.slug,
        description=section.description,
    )
    shown = ordered(section, lives, ctx.now)
    ahead = {live.entry.ref for live in shown if section.kind.takes_place and not over(live.entry, ctx.now)}
    # A year of events has those ahead, too: its months are whole.
    filed = shown
    years = sorted({filing_moment(live).year for live in filed}, reverse=True) if section.dated else []
    common = SectionPage(
        section=link,
        type=section.type,
        dated=section.dated,
        feeds=feed_links(ctx, home, section.title),
        alternates=alternates(ctx, (home, f"{ctx.title} · {section.title}")),
        description=section.description,
        labels=column_labels(ctx, section),
    )
    first = common
    if section.kind.takes_place:
        first = replace(common, grids=tuple(_this_month(ctx, home, lives)))
    elif section.kind.gets_replies:
        waiting = ctx.catalogue.live_sites[ctx.site].waiting
        first = replace(common, statistics=quarters(ctx, shown), waiting=waiting, write=to_write(ctx, home))
    for number, total, part in parts_of(shown):
        passed = {live.entry.ref for live in part if section.kind.takes_place} - ahead
        data = replace(
            first if number == 1 else common,
            crumbs=crumbs if number == 1 else (*crumbs, link),
            entries=items(ctx, [live for live in part if live.entry.ref not in passed]),
            past=items(ctx, [live for live in part if live.entry.ref in passed]),
            years=_years(ctx, home, years, None),
            pages=pagination(ctx, home, number, total),
        )
        yield ctx.page(numbered(home, number), section.title, data)
    for year in years:
        of_year = [live for live in filed if filing_moment(live).year == year]
        archive = ArchivePage(
            section=link,
            type=section.type,
            dated=section.dated,
            feeds=common.feeds,
            alternates=common.alternates,
            description=section.description,
            labels=common.labels,
            crumbs=(*crumbs, link),
            year=str(year),
            years=_years(ctx, home, years, year),
            months=tuple(_with_grids(ctx, of_year, lives)) if section.kind.takes_place else months(ctx, of_year),
            folded=len(of_year) > MOST_AT_ONCE,
        )
        title = ctx.text.gettext("{section} in {year}", section=section.title, year=year)
        yield ctx.page(f"{home}archive/{year}/", title, archive)


def _month_place(ctx: Context, home: str) -> Callable[[tuple[int, int]], str]:
    return lambda month: f"{ctx.link(f'{home}archive/{month[0]}/')}#{_anchor(*month)}"


def _anchor(year: int, month: int) -> str:
    return f"month-{year}-{month:02d}"


def _this_month(ctx: Context, home: str, lives: Sequence[LiveEntry]) -> Iterator[MonthTable]:
    """Returns the month that a section of events begins with, if it has any."""
    month = month_to_show(lives, ctx.now)
    if month is not None:
        yield whole_month(ctx, lives, month, _month_place(ctx, home))


def _with_grids(ctx: Context, of_year: Sequence[LiveEntry], lives: Sequence[LiveEntry]) -> Iterator[Month]:
    """Returns the months of a year of events, each as a table and as a list, newest first."""
    for month, row in zip(reversed(months_of(of_year)), months(ctx, of_year, day=filing_moment), strict=True):
        yield replace(row, anchor=_anchor(*month), grid=month_grid(ctx, *month, lives))


def filing_moment(live: Listed) -> datetime:
    """Returns the moment by which an archive sorts an entry: its start if it takes place, else its date."""
    starts = live.entry.kind.starts
    return starts.at if starts is not None else live.entry.date


def months(
    ctx: Context,
    lives: Iterable[L],
    *,
    mixed: bool = False,
    day: Callable[[L], datetime] = lambda live: live.entry.date,
) -> tuple[Month, ...]:
    """Groups entries by the month of their dates, or of each one's ``day``, newest month first."""
    found: dict[tuple[int, int], list[L]] = {}
    for live in sorted(by_ref(lives), key=day, reverse=True):
        found.setdefault((day(live).year, day(live).month), []).append(live)
    return tuple(
        Month(
            title=month_text(year, month, ctx.language),
            entries=items(ctx, part, mixed=mixed),
        )
        for (year, month), part in sorted(found.items(), reverse=True)
    )


def _years(ctx: Context, home: str, years: Sequence[int], current: int | None) -> tuple[Choice, ...]:
    return tuple(
        Choice(title=str(year), url=ctx.link(f"{home}archive/{year}/"), current=year == current) for year in years
    )


def _tagged(ctx: Context, lives: Sequence[L]) -> Mapping[str, tuple[int, list[L]]]:
    """Returns for each tag, in its preferred spelling, how many entries have it, and the first ones, which its pages show."""
    alike = defaultdict[tuple[str, ...], list[int]](list)
    for place, tags in enumerate(map(attrgetter("tags" if not ctx.site else "entry.tags"), lives)):
        alike[tags].append(place)
    # Many entries have the same tags: those are looked at once.
    found: dict[str, list[list[int]]] = {}
    for tags, places in alike.items():
        known = (ctx.tags.get(loose(tag)) for tag in tags)
        for tag in dict.fromkeys(tag for tag in known if tag is not None):
            found.setdefault(tag, []).append(places)
    return {
        tag: (
            sum(map(len, rows)),
            [lives[place] for place in sorted(chain.from_iterable(row[:MOST_IN_TAG] for row in rows))[:MOST_IN_TAG]],
        )
        for tag, rows in sorted(found.items())
    }


def tag_pages(ctx: Context, lives: Sequence[Listed], home: str, crumbs: tuple[Link, ...]) -> Iterator[SitePage]:
    """Makes a page for each tag, and one that lists all tags."""
    tags = _tagged(ctx, lives)
    if not tags:
        return
    text = ctx.text.gettext
    addresses = {tag: ctx.link(f"{home}tags/{tag_slug(tag)}/") for tag in tags}
    often = set(sorted(tags, key=lambda tag: -tags[tag][0])[:_TAGS])
    counts = [TagCount(title=tag, url=addresses[tag], count=count) for tag, (count, _) in tags.items()]
    index = TagsPage(
        crumbs=crumbs,
        alternates=alternates(ctx),
        tags=tuple(each for each in counts if each.title in often),
        others=tuple(each for each in counts if each.title not in often),
    )
    yield ctx.page(f"{home}tags/", text("Tags"), index)
    above = (*crumbs, Link(title=text("Tags"), url=ctx.link(f"{home}tags/")))
    for tag, (count, part) in tags.items():
        place = f"{home}tags/{tag_slug(tag)}/"
        search = f"{ctx.link(f'{home}search/')}?q={encoded(tag)}" if count > MOST_IN_TAG else ""
        for number, total, shown in parts_of(part):
            inputs = rows_digest(ctx, shown, place, tag, above, number, total, search) if not ctx.site else ""
            if (page := known_page(ctx, numbered(place, number), inputs)) is not None:
                yield page
                continue
            data = TagPage(
                crumbs=above,
                alternates=alternates(ctx),
                tag=tag,
                entries=items(ctx, shown, mixed=not ctx.site),
                pages=pagination(ctx, place, number, total, search),
            )
            yield ctx.page(numbered(place, number), tag, data, inputs=inputs)


def list_pages(
    ctx: Context,
    home: str,
    title: str,
    lead: str,
    lives: Sequence[L],
    crumbs: tuple[Link, ...],
    *,
    feed: bool = False,
    first: ListPage | None = None,
    opening: int = PAGE,
) -> Iterator[SitePage]:
    """Makes the pages of a list with its own title; ``first`` is the data that only the first page shows, which has ``opening``
    entries."""
    near = ((home, f"{ctx.title} · {title}"),) if feed else ()
    feeds = feed_links(ctx, home, title) if feed else ()
    for number, total, part in parts_of(lives, opening):
        # The first page shows more than its rows.
        only = first is None or number > 1
        inputs = rows_digest(ctx, part, home, title, lead, crumbs, feed, number, total) if only else ""
        if (page := known_page(ctx, numbered(home, number), inputs)) is not None:
            yield page
            continue
        data = replace(
            first if first is not None and number == 1 else ListPage(),
            crumbs=crumbs,
            lead=lead,
            alternates=alternates(ctx, *near),
            feeds=feeds,
            entries=items(ctx, part, mixed=True),
            pages=pagination(ctx, home, number, total),
        )
        yield ctx.page(numbered(home, number), title, data, inputs=inputs)
