"""The OPML outline of all feeds, in the order of the branch tree. Pure."""

from __future__ import annotations

from builder.formats.feeds import Outline
from builder.model.site_map import FEED_FORMATS
from builder.model.values import Branch
from builder.pages.context import Context
from builder.pages.feed_places import FeedPlace, feed_places


def outlines(ctx: Context) -> tuple[Outline, ...]:
    """Returns the hub's feeds, then each branch's in its place in the tree."""
    hub = list(feed_places(ctx, None))
    topics = tuple(_outline(ctx, place) for place in hub if place.topic)
    folder = (Outline(title=ctx.text.gettext("Topics"), children=topics),) if topics else ()
    own = (_outline(ctx, place) for place in hub if not place.topic)
    return (*own, *folder, *(_branch(ctx, branch) for branch in ctx.catalogue.children.get("", ())))


def _branch(ctx: Context, branch: Branch) -> Outline:
    below = (_branch(ctx, child) for child in ctx.catalogue.children.get(branch.slug, ()))
    own = (_outline(ctx, place, branch.language) for place in feed_places(ctx, branch))
    return Outline(title=branch.title, children=(*own, *below))


def _outline(ctx: Context, place: FeedPlace, language: str = "") -> Outline:
    absolute = ctx.addresses.absolute
    return Outline(
        title=place.title,
        rss_url=absolute(place.path + FEED_FORMATS[0].file),
        html_url=absolute(place.page),
        description=place.subtitle,
        language=language or ctx.language,
    )
