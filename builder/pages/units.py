"""The parts of the organization as lists to choose from: folded by level where there are many, each within three steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby, pairwise
from typing import TypeVar

from msgspec.structs import replace

from builder.model.values import Branch
from builder.pages.context import Context, branch_link
from builder.pages.frame import contact_lines
from builder.pages.page_data.parts import Unit
from builder.pages.page_data.rows import FiguresRow, HealthRow

FEW = 24
"""So many branches are shown at once; of more, only the uppermost with a way to those below."""


def units(
    ctx: Context,
    branches: Iterable[Branch],
    address: Callable[[Branch], str],
    note: Callable[[Branch], str] = lambda branch: "",
    *,
    contacts: bool = False,
) -> tuple[Unit, ...]:
    """Returns the uppermost of ``branches``, which are in tree order, each with all those below it in one list; many in a row
    without any below them are in parts, which have no address. ``address`` is where a branch's name leads, ``note`` stands
    beside it, with ``contacts`` also how to reach those that are open."""
    found: list[tuple[Branch, list[Unit]]] = []
    above: list[str] = []

    def unit(branch: Branch, depth: int, below: tuple[Unit, ...] = ()) -> Unit:
        link = branch_link(ctx, branch)
        return Unit(
            title=link.title,
            url=address(branch),
            lang=link.lang,
            words=" ".join(_other_names(branch, link.title, contacts=contacts)),
            note=note(branch),
            contact=contact_lines(branch.contact) if contacts and branch.status != "closed" else None,
            depth=depth,
            below=below,
        )

    for branch in branches:
        parents = {each.slug for each in ctx.catalogue.ancestors(branch.slug)}
        while above and above[-1] not in parents:
            above.pop()
        if above:
            found[-1][1].append(unit(branch, len(above)))
        else:
            found.append((branch, []))
        above.append(branch.slug)
    return tuple(folded([unit(branch, 0, tuple(below)) for branch, below in found]))


def _other_names(branch: Branch, title: str, *, contacts: bool) -> Iterator[str]:
    """Yields what a branch is looked for by, too: its whole name, and whom one asks."""
    if branch.name != title:
        yield branch.name
    if contacts and branch.contact is not None and branch.status != "closed":
        yield branch.contact.person


Row = TypeVar("Row", HealthRow, FiguresRow)


def rows_by_part(rows: Sequence[Row]) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """Yields what many rows of branches in tree order are folded into, with its title: each uppermost branch with those below
    it, and so many in a row that have none below them by the first and the last. Nothing for a few rows."""
    if len(rows) <= FEW:
        return
    tops: list[int] = [place for place, row in enumerate(rows) if not row.depth]
    parts = [tuple(rows[start:end]) for start, end in pairwise((*tops, len(rows)))]
    for alone, run in groupby(parts, key=lambda part: len(part) == 1):
        if not alone:
            yield from ((part[0].title, part) for part in run)
            continue
        single = tuple(chain.from_iterable(run))
        for start in range(0, len(single), FEW):
            part = single[start : start + FEW]
            yield _from_to(part[0].title, part[-1].title), part


def folded(found: Sequence[Unit]) -> Iterator[Unit]:
    """Yields units; those in a row that have none below them are under one without an address, if there are more than a few."""
    for alone, run in groupby(found, key=lambda unit: not unit.below):
        part = tuple(run)
        if not alone or len(part) <= FEW:
            yield from part
            continue
        for start in range(0, len(part), FEW):
            some = tuple(replace(unit, depth=1) for unit in part[start : start + FEW])
            yield Unit(title=_from_to(some[0].title, some[-1].title), url="", below=some)


def _from_to(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


def many(found: Iterable[Unit]) -> bool:
    """Tells whether so many units are better folded, with a field that narrows them."""
    return sum(bool(unit.url) for unit in chain.from_iterable((unit, *unit.below) for unit in found)) > FEW
