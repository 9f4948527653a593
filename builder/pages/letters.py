"""Letters: the hub's page of them, the number of replies and the time they took."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from builder.catalogue.catalogue import LiveEntry
from builder.formats.html.site import SitePage
from builder.model.addresses import encoded
from builder.model.stubs import Listed
from builder.pages.context import Context
from builder.pages.frame import alternates, feed_links
from builder.pages.items import items
from builder.pages.page_data.pages import LettersPage
from builder.pages.page_data.parts import Choices, Link, Quarter
from builder.pages.paging import numbered, pagination, parts_of
from builder.pages.ways import to_write

MOST = 100


def letters_pages(
    ctx: Context,
    shown: Sequence[Listed],
    crumbs: tuple[Link, ...],
    filters: Callable[[str], tuple[Choices, ...]],
) -> Iterator[SitePage]:
    """Makes the hub's pages of the letters among ``shown``; ``filters`` gives the other lists for an address."""
    lives = [ctx.catalogue.entries.whole(live) for live in shown if live.entry.kind.gets_replies]
    section = next((each for each in ctx.organization.sections if each.kind.gets_replies), None)
    title = section.title if section is not None else ctx.text.gettext("Letters and replies")
    home = ctx.link("/letters/")
    common = LettersPage(
        crumbs=crumbs,
        alternates=alternates(ctx),
        lead=section.description if section is not None else "",
        feeds=feed_links(ctx, f"/feeds/{section.slug}/", section.title) if section is not None else (),
    )
    first = replace(
        common,
        filters=filters(home),
        waiting=sum(summary.waiting for summary in ctx.catalogue.summaries.values()),
        statistics=quarters(ctx, lives),
        write=to_write(ctx, "/letters/"),
    )
    search = f"{ctx.link('/search/')}?section={encoded(section.slug)}" if section and len(lives) > MOST else ""
    for number, total, part in parts_of(lives[:MOST]):
        data = replace(
            first if number == 1 else common,
            crumbs=crumbs if number == 1 else (*crumbs, Link(title=title, url=home)),
            entries=items(ctx, part, mixed=True),
            pages=pagination(ctx, "/letters/", number, total, search),
        )
        yield ctx.page(numbered("/letters/", number), title, data)


def quarters(ctx: Context, lives: Iterable[LiveEntry]) -> tuple[Quarter, ...]:
    """Returns the replies by the quarter in which the letter came, with the mean number of days they took."""
    found: dict[tuple[int, int], list[int]] = {}
    for live in lives:
        letter = live.entry.letter
        if letter is not None:
            came = letter.received.at.date()
            replied = letter.replied.at.date() if letter.replied else live.entry.date.date()
            found.setdefault((came.year, (came.month + 2) // 3), []).append(max(0, (replied - came).days))
    text = ctx.text.gettext
    return tuple(
        Quarter(
            title=text("{year}, quarter {quarter}", year=year, quarter=quarter),
            replied=len(days),
            days=str(round(sum(days) / len(days))),
        )
        for (year, quarter), days in sorted(found.items(), reverse=True)
    )
