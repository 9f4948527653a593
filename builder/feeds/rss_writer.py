"""RSS 2.0: what feedgen builds, mended after the RSS Advisory Board's profile."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from lxml import etree

from builder.feeds.generator import ATOM, CONTENT, DC, archive_links, history, note, rss_item, rss_tree
from builder.feeds.items import Feed, FeedItem, address, language, people
from builder.feeds.size import within
from builder.feeds.times import rfc822
from builder.feeds.tree import fragment, spliced, written

_LINK = f"{{{ATOM}}}link"
_SPACES = {"atom": ATOM, "content": CONTENT, "dc": DC}
_PLAIN = ("title", "link", "category", "author", "creator", "source")
_REFERENCES = {"&": "#x26", "<": "#x3C"}
_SPECIAL = re.compile("([&<])")


def rss_bytes(feed: Feed, limit: int) -> bytes:
    """The feed as RSS 2.0, of less than ``limit`` bytes."""
    head = _head(feed)
    own = language(feed.language)
    parts = within(limit - len(head), feed.written, lambda item: _item(item, own))
    return spliced(head, b"</channel>", parts, 2)


def _head(feed: Feed) -> bytes:
    made = rss_tree(feed)
    root = etree.Element("rss", version="2.0", nsmap=_SPACES)
    root.append(made.find("channel"))
    channel = root[0]
    own = channel.find(_LINK)
    links = [("hub", address(hub), "") for hub in feed.hubs]
    links += [(rel, href, "application/atom+xml") for rel, href in archive_links(feed)]
    for rel, href, kind in links:
        if href:
            own.addprevious(etree.Element(_LINK, {"rel": rel, **({"type": kind} if kind else {}), "href": href}))
    built = etree.Element("lastBuildDate")
    built.text = rfc822(feed.changed)
    channel.find("generator").addnext(built)
    if feed.archive:
        built.addnext(history("archive"))
    said = note(feed)
    if said is not None:
        channel.append(said)
    return written(root, feed.stylesheet, _finish_head)


def _finish_head(root: Any) -> None:
    _with_references(
        [each for each in root[0].iter() if len(each) == 0 and each.tag in ("title", "link", "description")]
    )


@lru_cache(maxsize=512)
def _item(item: FeedItem, feed_language: str) -> bytes:
    """An item with its date, authors and links; the same in each feed of its language that it is in."""
    made = rss_item(item)
    authors = people(item.authors)
    if len(authors) != 1 or not authors[0].email:
        for person in authors:
            etree.SubElement(made, f"{{{DC}}}creator").text = person.name
    own = language(item.language)
    if own not in ("", feed_language):
        etree.SubElement(made, f"{{{DC}}}language").text = own
    etree.SubElement(made, "pubDate").text = rfc822(item.published)
    for rel, hrefs in (("related", item.related), ("via", (item.via,))):
        for href in hrefs:
            if address(href):
                etree.SubElement(made, _LINK, rel=rel, href=address(href))
    parents = etree.Element("rss", nsmap=_SPACES), etree.Element("channel")
    return fragment(made, parents, lambda element: _with_references(_plain(element)))


def _plain(element: Any) -> list[Any]:
    return [each for each in element if each.tag.rpartition("}")[2] in _PLAIN]


def _with_references(texts: list[Any]) -> None:
    """Writes ``&`` and ``<`` of plain texts as the references that most readers take for mere characters."""
    for element in texts:
        first, *rest = _SPECIAL.split(element.text or "")
        if not rest:
            continue
        element.text = first
        for mark, text in zip(rest[::2], rest[1::2], strict=True):
            reference = etree.Entity(_REFERENCES[mark])
            reference.tail = text
            element.append(reference)
