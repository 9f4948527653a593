"""The subscribe page of a site: its feeds and calendars, with instructions. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from builder.formats.html.site import SitePage
from builder.model.values import Branch
from builder.pages.context import Context, Data, branch_link
from builder.pages.feed_places import FeedPlace, feed_places, format_links
from builder.pages.frame import alternates


def subscribe_page(ctx: Context, crumbs: list[Data], *, branches: Sequence[Branch] = ()) -> SitePage:
    """Makes the page at ``feeds/`` of the site; ``branches`` have subscribe pages of their own."""
    text = ctx.text.gettext
    path = f"{ctx.home}feeds/"
    address = ctx.addresses.absolute(path)
    rows = [_row(ctx, place) for place in feed_places(ctx, ctx.branch)]
    data: Data = {
        "crumbs": crumbs,
        "alternates": alternates(ctx),
        "groups": [
            {
                "title": ctx.title,
                "url": ctx.link(ctx.home),
                "feeds": rows,
            }
        ],
        "branches": [
            branch_link(ctx, branch) | {"subscribe_url": ctx.link(f"/{branch.slug}/feeds/")} for branch in branches
        ],
        "opml": ctx.addresses.absolute("/feeds.opml") if not ctx.site else "",
        "qr": {"address": address, "text": text("QR code of this page: {url}", url=address)},
    }
    return ctx.page(path, text("Subscribe"), "feeds.html", data)


def _row(ctx: Context, place: FeedPlace) -> Data:
    spoken = ctx.spoken(place.language)
    return {"title": place.label, "url": ctx.link(place.page), "formats": format_links(ctx, place.path), **spoken}
