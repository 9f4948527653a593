"""The subscribe page of a site: its feeds and calendars, with instructions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from builder.formats.html.site import SitePage
from builder.model.values import Branch
from builder.pages.context import Context, Data, branch_link
from builder.pages.frame import alternates, webcal


def subscribe_page(
    ctx: Context, rows: Iterable[tuple[Data, str]], crumbs: list[Data], *, branches: Sequence[Branch] = ()
) -> SitePage:
    """Makes the page at ``feeds/`` of the site.

    ``rows`` have the link to each feed's list, and the feed's folder; ``branches`` have subscribe pages of their own.
    """
    text = ctx.text.gettext
    path = f"{ctx.home}feeds/"
    address = ctx.addresses.absolute(path)
    data: Data = {
        "crumbs": crumbs,
        "alternates": alternates(ctx),
        "groups": [{"title": ctx.title, "url": ctx.link(ctx.home), "feeds": [_row(ctx, *row) for row in rows]}],
        "branches": [
            branch_link(ctx, branch) | {"subscribe_url": ctx.link(f"/{branch.slug}/feeds/")} for branch in branches
        ],
        "opml": ctx.addresses.absolute("/feeds.opml") if not ctx.site else "",
        "qr": {"address": address, "text": text("QR code of this page: {url}", url=address)},
    }
    return ctx.page(path, text("Subscribe"), "feeds.html", data)


def _row(ctx: Context, link: Data, path: str) -> Data:
    absolute = ctx.addresses.absolute
    row: Data = {
        **link,
        "rss": absolute(f"{path}feed.xml"),
        "atom": absolute(f"{path}atom.xml"),
        "json": absolute(f"{path}feed.json"),
    }
    if path in ctx.calendars:
        row["calendar"] = webcal(ctx, path)
    return row
