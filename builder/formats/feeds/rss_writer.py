"""RSS 2.0: the output of feedgen, corrected after the RSS Advisory Board's profile."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

import msgspec
from lxml import etree

from builder.formats.feeds.generator import (
    ATOM,
    CONTENT,
    DC,
    archive_links,
    history,
    item_html,
    note,
    rss_item,
    rss_tree,
)
from builder.formats.feeds.items import (
    EPOCH,
    Feed,
    FeedItem,
    address,
    clean,
    item_summary,
    item_title,
    language,
    people,
)
from builder.formats.feeds.sample import ADDRESS, form_of, place, xml_text
from builder.formats.feeds.size import within
from builder.formats.feeds.times import rfc822
from builder.formats.feeds.tree import element, enclosed, extended, fragment, spliced, written

_LINK = f"{{{ATOM}}}link"
_SPACES = {"atom": ATOM, "content": CONTENT, "dc": DC}
_PLAIN = re.compile(rb"<(title|link|author)>[^<]*&[^<]*</\1>")
_REFERENCES = (b"&amp;", b"&#x26;"), (b"&lt;", b"&#x3C;")
_END = b"</item>"


def rss_bytes(feed: Feed, limit: int) -> bytes:
    """Writes the feed as RSS 2.0, in less than ``limit`` bytes."""
    head = _head(feed)
    own = language(feed.language)
    parts = within(limit - len(head), feed.written, lambda item: _item(item, own), feed.behind)
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
    return _with_references(written(root, feed.stylesheet))


def _item(item: FeedItem, feed_language: str) -> bytes:
    """Makes an item; only its source feed differs between the feeds of one language that it is in."""
    published = rfc822(item.published)
    if item.origin is None:
        return _own_item(item, feed_language, published)
    own = _own_item(msgspec.structs.replace(item, origin=None), feed_language, published)
    return extended(own, _END, (_source(item.origin.title, item.origin.feed_url),), 3)


@lru_cache(maxsize=1024)
def _own_item(item: FeedItem, feed_language: str, published: str) -> bytes:
    # The time is given as text: two that are equal may have been written in different zones.
    parts = _parts(item, feed_language, published)
    if item.enclosures or any(author.email for author in item.authors):
        # Few have these, and in more than one way.
        return extended(_written(item), _END, parts, 3)
    html = item_html(item)
    made = _form(bool(html)) % {
        "id": xml_text(item.id),
        "title": _references(item_title(item)),
        "address": _references(address(item.url)),
        "summary": xml_text(escape(item_summary(item), quote=False)),
        "html": xml_text(html),
        "parts": "".join(f"\n   {part}" for part in parts if part),
    }
    return made.encode()


@lru_cache(maxsize=2)
def _form(html: bool) -> str:
    """Makes an item of which only the texts are missing."""
    sample = FeedItem(
        id=place("id"),
        url=ADDRESS,
        title=place("title"),
        published=EPOCH,
        updated=EPOCH,
        summary=place("summary"),
        html=place("html") if html else "",
    )
    made = _written(sample)
    return form_of(made.removesuffix(_END).rstrip() + place("parts").encode() + b"\n  " + _END)


def _written(item: FeedItem) -> bytes:
    parents = etree.Element("rss", nsmap=_SPACES), etree.Element("channel")
    return _with_references(fragment(rss_item(item), parents))


def _parts(item: FeedItem, feed_language: str, published: str) -> list[str]:
    """Adds what feedgen leaves out: authors without an address, a date in English, links; and the categories."""
    authors = people(item.authors)
    parts = [] if len(authors) == 1 and authors[0].email else [element("dc:creator", each.name) for each in authors]
    own = language(item.language)
    if own not in ("", feed_language):
        parts.append(element("dc:language", own))
    parts.append(f"<pubDate>{published}</pubDate>")
    named = ((clean(each.label) or clean(each.term), each.scheme) for each in item.categories)
    parts += [enclosed("category", _references(name), domain=scheme) for name, scheme in named if name]
    links = [("related", address(href)) for href in item.related] + [("via", address(item.via))]
    return parts + [element("atom:link", rel=rel, href=href) for rel, href in links if href]


@lru_cache(maxsize=256)
def _source(title: str, feed_url: str) -> str:
    url = address(feed_url)
    return enclosed("source", _references(clean(title) or url), url=url) if url else ""


def _references(text: str) -> str:
    return text.replace("&", "&#x26;").replace("<", "&#x3C;").replace(">", "&gt;")


def _with_references(content: bytes) -> bytes:
    """Writes ``&`` and ``<`` of plain texts as the references that most readers take for mere characters."""

    def changed(found: re.Match[bytes]) -> bytes:
        text = found[0]
        for entity, reference in _REFERENCES:
            text = text.replace(entity, reference)
        return text

    return _PLAIN.sub(changed, content)
