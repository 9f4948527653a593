"""Letters: the hub's page of them, the number of replies and the time they took."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from builder.catalogue.catalogue import LiveEntry
from builder.formats.html.site import SitePage
from builder.pages.context import Context
from builder.pages.frame import alternates, feed_links
from builder.pages.items import items
from builder.pages.page_data.pages import LettersPage
from builder.pages.page_data.parts import Choices, Link, Quarter
from builder.pages.ways import to_write

MOST = 100


def letters_page(
    ctx: Context,
    shown: Sequence[LiveEntry],
    crumbs: tuple[Link, ...],
    filters: Callable[[str], tuple[Choices, ...]],
) -> SitePage:
    """Makes the hub's page of the letters among ``shown``; ``filters`` gives the other lists for an address."""
    lives = [live for live in shown if live.entry.kind.gets_replies]
    section = next((each for each in ctx.organization.sections if each.kind.gets_replies), None)
    data = LettersPage(
        crumbs=crumbs,
        alternates=alternates(ctx),
        lead=section.description if section is not None else "",
        filters=filters(ctx.link("/letters/")),
        feeds=feed_links(ctx, f"/feeds/{section.slug}/", section.title) if section is not None else (),
        entries=items(ctx, lives[:MOST], mixed=True),
        waiting=sum(part.waiting for part in ctx.catalogue.live_sites.values()),
        statistics=quarters(ctx, lives),
        write=to_write(ctx, "/letters/"),
    )
    title = section.title if section is not None else ctx.text.gettext("Letters and replies")
    return ctx.page("/letters/", title, data)


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
