"""Statistics of letters: the number of replies and the time they took."""

from __future__ import annotations

from collections.abc import Iterable

from builder.catalogue.catalogue import LiveEntry
from builder.pages.context import Context
from builder.pages.page_data.parts import Quarter


def quarters(ctx: Context, lives: Iterable[LiveEntry]) -> tuple[Quarter, ...]:
    """Returns the replies by the quarter in which the letter came, with the mean number of days they took."""
    found: dict[tuple[int, int], list[int]] = {}
    for live in lives:
        letter = live.entry.letter
        if letter is not None:
            came = letter.received.at.date()
            replied = letter.replied.at.date() if letter.replied else live.entry.date.date()
            found.setdefault((came.year, (came.month + 2) // 3), []).append(max(0, (replied - came).days))
    text = ctx.text.gettext
    return tuple(
        Quarter(
            title=text("{year}, quarter {quarter}", year=year, quarter=quarter),
            replied=len(days),
            days=str(round(sum(days) / len(days))),
        )
        for (year, quarter), days in sorted(found.items(), reverse=True)
    )
