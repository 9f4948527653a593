"""The size limit of feeds: older items lose their full text first, and only then are the oldest dropped.

Whatever changes in a feed is fetched again by its readers, and shown again by some. Items are therefore summarized in
blocks that are counted from the oldest one there is: a new item changes no other, until it is a block's turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

import msgspec

from builder.formats.feeds.items import FeedItem, clean

_TITLE, _SUMMARY, _PARTS = 200, 400, 10
_BLOCK = 10
_SUMMARIZED = 1_500
"""The bytes that are set aside for each item, should it be summarized, of a quarter of the limit at most."""
_GAP = 4


def within(limit: int, items: Sequence[FeedItem], write: Callable[[FeedItem], bytes], behind: int = 0) -> list[bytes]:
    """Returns the items, newest first, as ``write`` writes them, in less than ``limit`` bytes together; the newest always
    stays. ``behind`` is the number of items that are older than these, in other documents.

    A hundred shortened items take less than a megabyte, whatever is written in them.
    """
    whole = [write(item) for item in items]
    brief: dict[int, bytes] = {}
    made = whole
    for count in _counts([len(part) + _GAP for part in whole], behind, limit):
        for place in range(count, len(items)):
            if place not in brief:
                brief[place] = write(shortened(items[place]))
        made = [whole[place] if place < count else brief[place] for place in range(len(items))]
        if sum(map(len, made)) + _GAP * len(made) < limit:
            return made
    over = sum(map(len, made)) + _GAP * len(made) - limit
    while over >= 0 and len(made) > 1:
        over -= len(made.pop()) + _GAP
    return made


def _counts(sizes: Sequence[int], behind: int, limit: int) -> Iterator[int]:
    """Returns how many of the newest items may keep their text, the best first, down to none: whole blocks, or a part of the
    newest one where that alone is too much.

    How much room the summaries take does not count here: it would change with whatever leaves the feed.
    """
    room = limit - min(limit // 4, _SUMMARIZED * len(sizes))
    sums = [0, *accumulate(sizes)]
    every, newest = len(sizes), (behind + len(sizes)) % _BLOCK or _BLOCK
    blocks = list(range(newest, every, _BLOCK))
    # The oldest block may have lost items to what is behind: it counts as if it had them still.
    last = blocks[-1] if blocks else 0
    left = every - last
    oldest = (sums[every] - sums[last]) * (_BLOCK if behind else left) // max(left, 1)
    if sums[last] + oldest < room:
        yield every
    yield from (count for count in reversed(blocks) if sums[count] < room)
    yield from (count for count in range(min(newest, every) - 1, 0, -1) if sums[count] < room)
    yield 0


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
