"""The OPML outlines of the feeds that there is something in, in the order of the branch tree. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from builder.formats.feeds import Outline
from builder.model.site_map import FEED_FORMATS
from builder.model.values import Branch
from builder.pages.context import Context
from builder.pages.feed_places import FeedPlace, feed_places


def outlines(ctx: Context) -> tuple[Outline, ...]:
    """Returns the hub's feeds, then each branch's in its place in the tree."""
    hub = _filled(ctx, None)
    topics = tuple(_outline(ctx, place) for place in hub if place.topic)
    folder = (Outline(title=ctx.text.gettext("Topics"), children=topics),) if topics else ()
    own = (_outline(ctx, place) for place in hub if not place.topic)
    return (*own, *folder, *_branches(ctx, ""))


def branch_outlines(ctx: Context) -> tuple[Outline, ...]:
    """Returns one feed of each branch, of everything that it publishes, in the tree's order and without folders."""
    places = (next(iter(_filled(ctx, branch)), None) for branch in ctx.catalogue.descendants(""))
    return tuple(_outline(ctx, place, place.language) for place in places if place is not None and not place.subtree)


def outline_sources(ctx: Context) -> object:
    """Returns what both outlines are made of: cheaper than making them, where what is around all entries is known by its hash."""
    if ctx.known is None:
        return outlines(ctx), branch_outlines(ctx)
    return ctx.known.around, [(slug, sorted(_fed(ctx, slug))) for slug in ("", *sorted(ctx.catalogue.branches))]


def _branches(ctx: Context, above: str) -> Iterator[Outline]:
    for branch in ctx.catalogue.children.get(above, ()):
        own = (_outline(ctx, place, branch.language) for place in _filled(ctx, branch))
        inside = (*own, *_branches(ctx, branch.slug))
        if inside:
            yield Outline(title=branch.title, children=inside)


def _filled(ctx: Context, branch: Branch | None) -> Sequence[FeedPlace]:
    known: dict[str, Sequence[FeedPlace]] = ctx.kept_lists.setdefault("filled", {})
    slug = branch.slug if branch is not None else ""
    if slug not in known:
        known[slug] = [place for place in feed_places(ctx, branch) if place.path in _fed(ctx, slug)]
    return known[slug]


def _fed(ctx: Context, slug: str) -> frozenset[str]:
    """Returns the paths of a site's lists that have something in their feeds."""
    known: dict[str, frozenset[str]] = ctx.kept_lists.setdefault("fed", {})
    if slug not in known:
        known[slug] = replace(ctx, site=slug).fed if slug else ctx.fed
    return known[slug]


def _outline(ctx: Context, place: FeedPlace, language: str = "") -> Outline:
    absolute = ctx.addresses.absolute
    return Outline(
        title=place.title,
        rss_url=absolute(place.path + FEED_FORMATS[0].file),
        html_url=absolute(place.page),
        description=place.subtitle,
        language=language or ctx.language,
    )
