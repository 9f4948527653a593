"""Entries as lists show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from builder.catalogue.catalogue import LiveEntry, pinned
from builder.catalogue.states import pending
from builder.messages.date_texts import date_text
from builder.model.media import on_hub, published_at
from builder.model.stubs import Listed
from builder.pages.context import Context, branch_link, picture, place, section_link, undated
from builder.pages.kinds import PAGES
from builder.pages.page_data.item import Item
from builder.pages.page_data.parts import Picture


def item(ctx: Context, live: Listed, *, mixed: bool = False) -> Item:
    """Returns an entry as it stands in a list; a ``mixed`` list names its branch."""
    key = live.entry.ref, mixed
    made: Item | None = ctx.listed.get(key)
    if made is None:
        made = ctx.listed[key] = _item(ctx, ctx.catalogue.entries.whole(live), mixed=mixed)
    return made


def _item(ctx: Context, live: LiveEntry, *, mixed: bool) -> Item:
    entry = live.entry
    owner = ctx.catalogue.branches[entry.branch]
    dated = not undated(ctx, entry)
    return Item(
        title=entry.title,
        url=place(ctx, entry),
        lang=ctx.spoken(entry.lang),
        date=entry.date.date().isoformat() if dated else "",
        date_text=date_text(entry.date.date(), ctx.language) if dated else "",
        summary=entry.summary,
        section=section_link(ctx, owner, entry.section),
        type=entry.type,
        pinned=entry.branch == ctx.site and pinned(entry, ctx.now),
        mark=pending(entry, ctx.now),
        image=_picture(ctx, live),
        branch=branch_link(ctx, owner) if mixed else None,
        origin=branch_link(ctx, owner) if entry.branch != ctx.site and ctx.site else None,
        **card(ctx, live),
    )


def card(ctx: Context, live: LiveEntry) -> dict[str, Any]:
    """Returns what only entries of this kind show, by the names of the members."""
    return msgspec.structs.asdict(PAGES[live.entry.type].card(ctx, live, live.entry.kind))


def items(ctx: Context, lives: Iterable[Listed], *, mixed: bool = False) -> tuple[Item, ...]:
    """Returns several entries as they stand in a list, in the given order."""
    return tuple(item(ctx, live, mixed=mixed) for live in lives)


def bare_item(ctx: Context, live: Listed) -> Item:
    """Returns an entry as something leads to it in passing: its title, its address, and whether it still holds."""
    entry = ctx.catalogue.entries.whole(live).entry
    state = msgspec.structs.asdict(PAGES[entry.type].state(ctx, entry.kind))
    return Item(title=entry.title, url=place(ctx, entry), lang=ctx.spoken(entry.lang), **state)


def _picture(ctx: Context, live: LiveEntry) -> Picture | None:
    if not live.picture:
        return None
    entry = live.entry
    part = ctx.catalogue.live_sites[entry.branch]
    path = published_at(live.picture, entry.branch, part.bundles)
    if not ctx.near(path):
        # The hub has a copy of its own, if the branch has published it.
        path = on_hub(path, entry.branch)
        if path[1:] not in ctx.files:
            return None
    return picture(ctx, path, live.picture_alt, live.picture_shape)
