"""The size limit of feeds: older items lose their full text first, and only then are the oldest dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from builder.formats.feeds.items import FeedItem, clean

_TITLE, _SUMMARY, _PARTS = 200, 400, 10


def within(limit: int, items: Sequence[FeedItem], write: Callable[[FeedItem], bytes]) -> list[bytes]:
    """Returns the items as ``write`` writes them, in less than ``limit`` bytes together; the newest always stays.

    A hundred shortened items take less than a megabyte, whatever is written in them.
    """
    made = [write(item) for item in items]
    gap = 4
    over = sum(len(part) + gap for part in made) - limit
    for place in range(len(made) - 1, -1, -1):
        if over < 0:
            return made
        brief = write(shortened(items[place]))
        over -= len(made[place]) - len(brief)
        made[place] = brief
    while over >= 0 and len(made) > 1:
        over -= len(made.pop()) + gap
    return made


def shortened(item: FeedItem) -> FeedItem:
    """Returns the item with its summary in place of its text, and every part cut to a sensible length."""
    return msgspec.structs.replace(
        item,
        title=_cut(item.title, _TITLE),
        summary=_cut(item.summary, _SUMMARY),
        html="",
        authors=item.authors[:_PARTS],
        categories=item.categories[:_PARTS],
        related=item.related[:_PARTS],
        enclosures=item.enclosures[:_PARTS],
    )


def _cut(text: str, most: int) -> str:
    short = clean(text)
    return short if len(short) <= most else short[: most - 1] + "…"
