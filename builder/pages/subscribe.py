"""The subscribe page of a site: its feeds and calendars, with instructions. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from builder.formats.html.site import SitePage
from builder.model.site_map import CALENDAR_TYPE
from builder.model.values import Branch
from builder.pages.context import Context
from builder.pages.feed_places import FeedPlace, feed_places, format_links
from builder.pages.frame import alternates
from builder.pages.page_data.pages import SubscribePage
from builder.pages.page_data.parts import Code, Fact, Link
from builder.pages.page_data.rows import FeedGroup, FeedRow
from builder.pages.units import many, units

READERS = (
    Fact(label="Windows", text="Fluent\xa0Reader, RSS\xa0Guard, Thunderbird"),
    Fact(label="macOS", text="NetNewsWire, Vienna, Thunderbird"),
    Fact(label="iPhone, iPad", text="NetNewsWire, feeeed, Inoreader"),
    Fact(label="Android", text="Feeder, Read\xa0You, Capy\xa0Reader"),
    Fact(label="Linux", text="NewsFlash, Liferea, Akregator"),
)
"""Feed readers that cost nothing, by system: names alone, for people to look for where they get programs."""


def subscribe_page(ctx: Context, crumbs: tuple[Link, ...], *, branches: Sequence[Branch] = ()) -> SitePage:
    """Makes the page at ``feeds/`` of the site; ``branches`` have subscribe pages of their own."""
    text = ctx.text.gettext
    path = f"{ctx.home}feeds/"
    address = ctx.addresses.absolute(path)
    found = units(ctx, branches, lambda branch: ctx.link(f"/{branch.slug}/feeds/"))
    rows = tuple(row for place in feed_places(ctx, ctx.branch) if (row := _row(ctx, place)).formats)
    data = SubscribePage(
        crumbs=crumbs,
        alternates=alternates(ctx),
        groups=(FeedGroup(title=ctx.title, url=ctx.link(ctx.home), feeds=rows),),
        branches=found,
        many=many(found),
        opml=ctx.addresses.absolute("/feeds.opml") if not ctx.site else "",
        opml_branches=ctx.addresses.absolute("/branches.opml") if not ctx.site else "",
        readers=READERS,
        calendars=any(each.type == CALENDAR_TYPE for row in rows for each in row.formats),
        mail=ctx.organization.feeds.mail,
        qr=Code(address=address, text=text("QR code of this page: {url}", url=address)),
    )
    return ctx.page(path, text("Subscribe"), data)


def _row(ctx: Context, place: FeedPlace) -> FeedRow:
    spoken = ctx.spoken(place.language)
    formats = format_links(ctx, place)
    return FeedRow(title=place.label, url=ctx.link(place.page), formats=formats, lang=spoken, anchor=place.anchor)
