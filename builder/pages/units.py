"""The parts of the organization as lists to choose from: folded by level where there are many, each within three steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from builder.model.values import Branch
from builder.pages.context import Context, branch_link
from builder.pages.frame import contact_lines
from builder.pages.page_data.parts import Unit

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
    """Returns the uppermost of ``branches``, which are in tree order, each with all those below it in one list; ``address`` is
    where a branch's name leads, ``note`` stands beside it, with ``contacts`` also how to reach those that are open."""
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
    return tuple(unit(branch, 0, tuple(below)) for branch, below in found)


def _other_names(branch: Branch, title: str, *, contacts: bool) -> Iterator[str]:
    """Yields what a branch is looked for by, too: its whole name, and whom one asks."""
    if branch.name != title:
        yield branch.name
    if contacts and branch.contact is not None and branch.status != "closed":
        yield branch.contact.person


def many(found: Iterable[Unit]) -> bool:
    """Tells whether so many units are better folded, with a field that narrows them."""
    return sum(1 for _ in chain.from_iterable((unit, *unit.below) for unit in found)) > FEW
