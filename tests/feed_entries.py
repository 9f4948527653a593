"""What a subscriber needs of a feed: its entries' ids, titles and times, quickly. That readers take every feed is for
``tests/test_feeds_conformance.py``."""

from __future__ import annotations

import json
from typing import NamedTuple
from xml.etree import ElementTree

_ATOM = "{http://www.w3.org/2005/Atom}"


class FeedEntry(NamedTuple):
    """An entry of a feed; RSS has no time of its last change, so ``time`` is there that of its publication."""

    id: str
    title: str
    time: str


def entries_of(content: bytes) -> list[FeedEntry]:
    """The entries of an RSS, Atom or JSON feed, in its order; fails if it is not well-formed."""
    if content.startswith(b"{"):
        return [FeedEntry(each["id"], each["title"], each["date_modified"]) for each in json.loads(content)["items"]]
    root = ElementTree.fromstring(content)
    rss = root.tag == "rss"
    rows, names = (
        (root.iter("item"), ("guid", "title", "pubDate"))
        if rss
        else (root.iter(f"{_ATOM}entry"), (f"{_ATOM}id", f"{_ATOM}title", f"{_ATOM}updated"))
    )
    return [FeedEntry(*(each.findtext(name) or "" for name in names)) for each in rows]
