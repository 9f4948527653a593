"""The entries that the hub lists: all, those of some kinds, and by sections. Each is chosen once for all pages and feeds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from operator import attrgetter

from builder.model.kinds import KindClass
from builder.model.stubs import Stub, by_ref
from builder.pages.context import Context


def hub_entries(ctx: Context) -> Sequence[Stub]:
    """Returns the entries that the hub lists: those of all branches, newest first, except ``hub: false``; pins do not count."""
    if "hub" not in ctx.kept_lists:
        ctx.kept_lists["hub"] = [stub for stub in ctx.catalogue.stubs.newest if stub.hub]
    lives: Sequence[Stub] = ctx.kept_lists["hub"]
    return lives


def hub_entries_of(ctx: Context, wanted: Callable[[KindClass], bool]) -> Sequence[Stub]:
    """Returns those of :func:`hub_entries` that are of some kinds."""
    if "kinds" not in ctx.kept_lists:
        kept = defaultdict[KindClass, list[Stub]](list)
        for stub in hub_entries(ctx):
            kept[stub.kind.__class__].append(stub)
        ctx.kept_lists["kinds"] = kept
    kinds: Mapping[KindClass, list[Stub]] = ctx.kept_lists["kinds"]
    found = [lives for kind, lives in kinds.items() if wanted(kind)]
    if len(found) == 1:
        return found[0]
    return sorted(by_ref(chain.from_iterable(found)), key=attrgetter("date"), reverse=True)


def in_sections(ctx: Context, lives: Sequence[Stub]) -> Mapping[str, list[Stub]]:
    """Groups entries by their sections, under the names that these have now."""
    former = ctx.catalogue.sections.former
    found = defaultdict[str, list[Stub]](list)
    for live in lives:
        found[live.section].append(live)
    if former.keys().isdisjoint(found):
        return dict(found)
    merged: dict[str, list[Stub]] = {}
    for live in lives:
        merged.setdefault(former.get(live.section, live.section), []).append(live)
    return merged
