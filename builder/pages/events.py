"""The hub's events: one page with the present month, and a page for each month in which something takes place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from builder.catalogue.catalogue import LiveEntry
from builder.formats.html.site import SitePage
from builder.messages.date_texts import month_text
from builder.model.stubs import Listed
from builder.pages.context import Context, coming, over
from builder.pages.feed_places import webcal
from builder.pages.frame import alternates, feed_links
from builder.pages.items import items
from builder.pages.lists import filing_moment
from builder.pages.months import FEW, by_day, days_of, month_to_show, months_of, near, whole_month
from builder.pages.page_data.pages import EventsPage
from builder.pages.page_data.parts import Choice, Choices, Link

MOST, _PAST = 100, 20
"""The coming and the past events of the page without a month; the others are on the pages of their months."""
_MONTHS, _YEARS = 24, 10
"""The months and further years that a page of events leads to."""
_HOME = "/events/"
Month = tuple[int, int]


def events_pages(
    ctx: Context,
    every: Sequence[Listed],
    crumbs: tuple[Link, ...],
    filters: Callable[[str], tuple[Choices, ...]],
) -> Iterator[SitePage]:
    """Makes the page of all events of ``every``, and one for each month; ``filters`` gives the other lists for an address."""
    events = [ctx.catalogue.entries.whole(live) for live in every if live.entry.kind.takes_place]
    months = months_of(events)
    section = next((each for each in ctx.organization.sections if each.kind.takes_place), None)
    title = section.title if section is not None else ctx.text.gettext("Events")
    now = month_to_show(events, ctx.now)
    past = sorted((live for live in events if over(live.entry, ctx.now)), key=_start, reverse=True)
    place = _place(ctx)
    data = EventsPage(
        alternates=alternates(ctx),
        calendar_url=webcal(ctx, "/"),
        crumbs=crumbs,
        lead=section.description if section is not None else "",
        filters=filters(ctx.link(_HOME)),
        feeds=feed_links(ctx, f"/feeds/{section.slug}/", section.title) if section is not None else (),
        past=items(ctx, past[:_PAST], mixed=True),
    )
    if now is not None:
        data = replace(
            data,
            months=_months(ctx, months, now, shown=False),
            years=_years(ctx, months, now),
            grids=(whole_month(ctx, events, now, place, mixed=True),),
        )
    yield ctx.page(_HOME, title, _with_coming(ctx, data, coming(events, ctx.now)[:MOST]))
    above = (*crumbs, Link(title=title, url=ctx.link(_HOME)))
    for month in months:
        lives = sorted((live for live in events if days_of(live)[0].timetuple()[:2] == month), key=_start)
        data = EventsPage(
            alternates=alternates(ctx),
            calendar_url=webcal(ctx, "/"),
            crumbs=above,
            months=_months(ctx, months, month, shown=True),
            years=_years(ctx, months, month),
            grids=(whole_month(ctx, events, month, place, mixed=True),),
        )
        data = _with_coming(ctx, data, coming(lives, ctx.now))
        gone = [live for live in lives if over(live.entry, ctx.now)]
        if len(gone) > FEW:
            data = replace(data, past_days=tuple(by_day(ctx, gone, "past")))
        else:
            data = replace(data, past=items(ctx, gone, mixed=True))
        name = ctx.text.gettext("Events in {month}", month=month_text(*month, ctx.language))
        yield ctx.page(f"{_HOME}{month[0]}-{month[1]:02d}/", name, data)


def _with_coming(ctx: Context, data: EventsPage, lives: Sequence[LiveEntry]) -> EventsPage:
    """Returns a page with the events to come: as one list, or of many as one for each day."""
    if len(lives) > FEW:
        return replace(data, coming_days=tuple(by_day(ctx, lives, "day")))
    return replace(data, coming=items(ctx, lives, mixed=True))


def _place(ctx: Context) -> Callable[[Month], str]:
    return lambda month: ctx.link(f"{_HOME}{month[0]}-{month[1]:02d}/")


def _months(ctx: Context, months: Sequence[Month], month: Month, *, shown: bool) -> tuple[Choice, ...]:
    """Returns the months near one, newest first; ``shown``: it has the page's own address."""
    place = _place(ctx)
    return tuple(
        Choice(title=month_text(*each, ctx.language), url=place(each), current=shown and each == month)
        for each in reversed(near(months, month, _MONTHS))
    )


def _years(ctx: Context, months: Sequence[Month], month: Month) -> tuple[Choice, ...]:
    """Returns the other years near that of a month, each with its last month that has events."""
    listed = {year for year, _ in near(months, month, _MONTHS)}
    years = near(sorted({year for year, _ in months} - listed), month[0], _YEARS)
    place = _place(ctx)
    return tuple(
        Choice(title=str(year), url=place(max(each for each in months if each[0] == year))) for year in reversed(years)
    )


def _start(live: LiveEntry) -> tuple[float, str]:
    return filing_moment(live).timestamp(), live.entry.ref
