"""The list over a branch and those below it: everything, then the newest of each section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter

from builder.catalogue.catalogue import LiveEntry, pinned
from builder.formats.html.site import SitePage
from builder.model.stubs import L, Stub, by_ref
from builder.model.values import Branch
from builder.pages.context import Context, coming, section_language
from builder.pages.feed_places import owner_of
from builder.pages.items import items
from builder.pages.lists import list_pages, listed, ordered
from builder.pages.months import FEW, by_day, month_grids
from builder.pages.page_data.pages import ListPage
from builder.pages.page_data.parts import Link
from builder.pages.page_data.rows import SectionGroup

_OF_SECTION = 6
_NEWEST = 10


def below(ctx: Context, slug: str) -> list[Stub]:
    """Returns the entries of all branches below ``slug``, newest first; pins do not count."""
    descendants = ctx.catalogue.descendants(slug)
    lives = [stub for branch in descendants for stub in ctx.catalogue.stubs[branch.slug] if stub.listed]
    lives.sort(key=attrgetter("ref"))
    lives.sort(key=attrgetter("date"), reverse=True)
    return lives


def _newest(ctx: Context, lives: Iterable[L]) -> list[L]:
    """Sorts entries as :func:`newest_first` does: of others none stays on top."""
    row = sorted(by_ref(lives), key=attrgetter("entry.date"), reverse=True)
    row.sort(key=lambda live: not (isinstance(live, LiveEntry) and pinned(live.entry, ctx.now)))
    return row


def subtree_pages(ctx: Context, branch: Branch, crumbs: tuple[Link, ...]) -> Iterator[SitePage]:
    """Makes the list of a branch that has others below it. On its first page each section that those below have stands by
    itself, too: a reader of the hub who looks for one in a part of the organization finds it there, without a script."""
    if not ctx.catalogue.children.get(ctx.site):
        return
    text = ctx.text.gettext
    lives: list[LiveEntry | Stub] = [*ctx.catalogue.live_sites[ctx.site].entries, *_all_below(ctx)]
    timed = [ctx.catalogue.entries.whole(live) for live in lives if live.entry.kind.takes_place]
    ahead = coming(timed, ctx.now)
    search = f"{ctx.link('/search/')}?branch={ctx.site}/"
    yield from list_pages(
        ctx,
        f"/{ctx.site}/all/",
        text("{name} and its {branches}", name=branch.title, **ctx.terms),
        text("Everything that this {branch} and those below it publish.", **ctx.terms),
        _newest(ctx, listed(lives)),
        crumbs,
        feed=True,
        opening=_NEWEST,
        first=ListPage(
            grids=month_grids(ctx, timed, mixed=True),
            coming=items(ctx, ahead, mixed=True) if len(ahead) <= FEW else (),
            coming_days=tuple(by_day(ctx, ahead, "day")) if len(ahead) > FEW else (),
            sections=tuple(_sections(ctx, branch, lives, search)),
            search_url=search,
        ),
    )


def _all_below(ctx: Context) -> Iterator[Stub]:
    """Yields all entries of the branches below, even those that no list by date shows yet."""
    for branch in ctx.catalogue.descendants(ctx.site):
        yield from ctx.catalogue.stubs[branch.slug]


def _sections(ctx: Context, branch: Branch, lives: Sequence[LiveEntry | Stub], search: str) -> Iterator[SectionGroup]:
    """Yields the sections in which those below have entries, as the branch itself calls them, each with its newest; ``search``
    is the address of a search in all of them. What takes place has its own part of the page."""
    present, found = ctx.catalogue.sections.present, ctx.catalogue.sections_below(ctx.site)
    for slug, known in ctx.catalogue.sections.shown.items():
        if slug in found and not known.kind.takes_place:
            own = branch.section(slug)
            section = own or known
            mine = [live for live in lives if present(live.entry.section) == slug]
            shown = ordered(section, _newest(ctx, mine), ctx.now)
            yield SectionGroup(
                title=section.title,
                url=f"{search}&section={slug}" if len(shown) > _OF_SECTION else "",
                lang=ctx.spoken(section_language(ctx, branch if own else owner_of(ctx, known), section)),
                slug=slug,
                count=len(shown),
                entries=items(ctx, shown[:_OF_SECTION], mixed=True),
            )
