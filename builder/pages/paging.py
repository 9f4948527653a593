"""Long lists in pages: what is on each, its address, the links between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from builder.model.stubs import L
from builder.pages.context import Context
from builder.pages.page_data.parts import Choice, Pager

PAGE = 20
MOST_AT_ONCE = 30
"""So many entries under headings are seen at once; of more, the headings are folded."""


def parts_of(lives: Sequence[L], first: int = PAGE) -> Iterator[tuple[int, int, Sequence[L]]]:
    """Yields the number of each page of a list, how many there are, and what is on it; ``first`` is how much the first has."""
    total = 1 + max(0, -(-(len(lives) - first) // PAGE))
    for number in range(1, total + 1):
        end = first + (number - 1) * PAGE
        yield number, total, lives[max(0, end - PAGE) if number > 1 else 0 : end]


def numbered(home: str, number: int) -> str:
    """Returns the path of one page of a list."""
    return home if number == 1 else f"{home}page/{number}/"


def pagination(ctx: Context, home: str, current: int, total: int, search: str = "") -> Pager | None:
    """Returns the links between the pages of a list: the first, the last, and those near the current one. At the end of a list
    that is cut off ``search`` leads to the rest."""
    if total < 2:
        return None
    near = sorted({1, total, *range(max(1, current - 2), min(total, current + 2) + 1)})
    return Pager(
        current=current,
        total=total,
        prev_url=ctx.link(numbered(home, current - 1)) if current > 1 else "",
        next_url=ctx.link(numbered(home, current + 1)) if current < total else "",
        search_url=search if current == total else "",
        links=tuple(
            Choice(title=str(number), url=ctx.link(numbered(home, number)), current=number == current)
            for number in near
        ),
    )
