"""Atom 1.0 (RFC 4287) with archives (RFC 5005): what feedgen builds, mended."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

from lxml import etree

from builder.feeds.generator import ATOM, XML, atom_entry, atom_tree, history, note
from builder.feeds.items import Enclosure, Feed, FeedItem, Origin, address, clean, language, media_type
from builder.feeds.size import within
from builder.feeds.times import rfc3339
from builder.feeds.tree import fragment, spliced, written

_A = f"{{{ATOM}}}"
_LANG = f"{{{XML}}}lang"


def atom_bytes(feed: Feed, limit: int) -> bytes:
    """The feed as Atom 1.0, of less than ``limit`` bytes."""
    head = _head(feed)
    own = language(feed.language)
    parts = within(limit - len(head), feed.written, lambda item: _entry(item, own))
    return spliced(head, b"</feed>", parts, 1)


def _head(feed: Feed) -> bytes:
    root = atom_tree(feed)
    own = language(feed.language)
    if own:
        root.set(_LANG, own)
    updated = root.find(f"{_A}updated")
    updated.text = rfc3339(feed.changed)
    if feed.archive:
        updated.addnext(history("archive"))
    for name in ("title", "subtitle"):
        _mark(root.find(f"{_A}{name}"))
    said = note(feed)
    if said is not None:
        root.append(said)
    return written(root, feed.stylesheet)


@lru_cache(maxsize=512)
def _entry(item: FeedItem, feed_language: str) -> bytes:
    """An entry with its times in whole seconds, its links as they are and the feed it comes from.

    It is built in no namespace, as feedgen does; where it is put, that of the feed holds.
    """
    entry = atom_entry(item)
    own = language(item.language)
    if own not in ("", feed_language):
        entry.set(_LANG, own)
    entry.find("updated").text = rfc3339(item.updated)
    entry.find("published").text = rfc3339(item.published)
    _mark(entry.find("title"))
    _mark(entry.find("summary"))
    for link in entry.findall("link"):
        entry.remove(link)
    _link(entry, "alternate", address(item.url), "text/html")
    if item.enclosure is not None:
        _enclosure(entry, item.enclosure)
    for href in item.related:
        _link(entry, "related", address(href), "text/html")
    _link(entry, "via", address(item.via), "text/html")
    if item.origin is not None and item.origin.id:
        _source(entry, item.origin)
    return fragment(entry, (etree.Element("feed"),))


def _mark(element: Any) -> None:
    """Marks a text with ``&`` or ``<`` as HTML and escapes it: many readers take any text for HTML anyway."""
    if element is not None and ("&" in element.text or "<" in element.text):
        element.set("type", "html")
        element.text = escape(element.text, quote=False)


def _enclosure(entry: Any, enclosure: Enclosure) -> None:
    link = _link(entry, "enclosure", address(enclosure.url), media_type(enclosure.type))
    if link is not None:
        link.set("length", str(max(0, enclosure.length)))


def _source(entry: Any, origin: Origin) -> None:
    source = etree.SubElement(entry, "source")
    etree.SubElement(source, "id").text = clean(origin.id)
    title = etree.SubElement(source, "title")
    title.text = clean(origin.title) or clean(origin.id)
    _mark(title)
    etree.SubElement(source, "updated").text = rfc3339(origin.updated)
    _link(source, "alternate", address(origin.url), "text/html")
    _link(source, "self", address(origin.feed_url), "application/rss+xml")


def _link(parent: Any, rel: str, href: str, kind: str) -> Any:
    """A link, or None for an address that is none of the web."""
    return etree.SubElement(parent, "link", rel=rel, type=kind, href=href) if href else None
