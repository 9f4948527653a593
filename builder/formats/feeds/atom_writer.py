"""Atom 1.0 (RFC 4287) with archives (RFC 5005): the output of feedgen, corrected."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

import msgspec
from lxml import etree

from builder.formats.feeds.generator import ATOM, XML, atom_entry, atom_tree, history, item_html, note
from builder.formats.feeds.items import (
    EPOCH,
    Feed,
    FeedItem,
    Origin,
    Person,
    address,
    clean,
    item_summary,
    item_title,
    language,
    media_type,
    people,
)
from builder.formats.feeds.sample import ADDRESS, form_of, place, xml_text
from builder.formats.feeds.size import within
from builder.formats.feeds.times import rfc3339
from builder.formats.feeds.tree import element, extended, fragment, spliced, written

_A = f"{{{ATOM}}}"
_LANG = f"{{{XML}}}lang"
_END = b"</entry>"


def atom_bytes(feed: Feed, limit: int) -> bytes:
    """Writes the feed as Atom 1.0, in less than ``limit`` bytes."""
    head = _head(feed)
    own = language(feed.language)
    parts = within(limit - len(head), feed.written, lambda item: _entry(item, own), feed.behind)
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


def _entry(item: FeedItem, feed_language: str) -> bytes:
    """Makes an entry; only its source feed differs between the feeds of one language that it is in."""
    if item.origin is None:
        return _own_entry(item, feed_language, rfc3339(item.published), rfc3339(item.updated))
    published, updated = rfc3339(item.published), rfc3339(item.updated)
    own = _own_entry(msgspec.structs.replace(item, origin=None), feed_language, published, updated)
    return extended(own, _END, (_source(item.origin, rfc3339(item.origin.updated)),), 2)


@lru_cache(maxsize=1024)
def _own_entry(item: FeedItem, feed_language: str, published: str, updated: str) -> bytes:
    """Makes an entry with its times in whole seconds and its links as they are. The times are given as text: two that are equal
    may have been written in different zones."""
    own, html, title = language(item.language), item_html(item), item_title(item)
    summary = item_summary(item) if clean(item.summary) or not item.html else ""
    form = _form(own if own != feed_language else "", bool(html), bool(summary), _is_markup(title), _is_markup(summary))
    made = form % {
        "id": xml_text(item.id),
        "title": _said(title),
        "updated": updated,
        "html": xml_text(html),
        "address": xml_text(address(item.url)),
        "summary": _said(summary),
        "published": published,
        "parts": "".join(f"\n  {part}" for part in _parts(item) if part),
    }
    return made.encode()


@lru_cache(maxsize=64)
def _form(own_language: str, html: bool, summary: bool, title_markup: bool, summary_markup: bool) -> str:
    """Makes an entry of which only the texts are missing.

    It is built without a namespace, as feedgen does; it takes that of the feed that it is put into.
    """
    sample = FeedItem(
        id=place("id"),
        url=ADDRESS,
        title=place("title"),
        published=EPOCH,
        updated=EPOCH,
        summary=place("summary") if summary else "",
        # A text of which nothing is left for readers has no summary in its place.
        html=place("html") if html else "" if summary else " ",
    )
    entry = atom_entry(sample)
    if own_language:
        entry.set(_LANG, own_language)
    entry.find("updated").text = place("updated")
    entry.find("published").text = place("published")
    for name, is_markup in (("title", title_markup), ("summary", summary_markup)):
        if is_markup:
            entry.find(name).set("type", "html")
    link = entry.find("link")
    link.set("rel", "alternate")
    link.set("type", "text/html")
    made = fragment(entry, (etree.Element("feed"),))
    return form_of(made.removesuffix(_END).rstrip() + place("parts").encode() + b"\n " + _END)


def _parts(item: FeedItem) -> list[str]:
    """Adds authors, categories and further links."""
    parts = [_person(each) for each in people(item.authors)]
    parts += [
        element("category", term=clean(each.term) or clean(each.label), scheme=each.scheme, label=clean(each.label))
        for each in item.categories
        if clean(each.term) or clean(each.label)
    ]
    for each in item.enclosures:
        if address(each.url):
            kind, length = media_type(each.type), str(max(0, each.length))
            parts.append(element("link", rel="enclosure", type=kind, href=address(each.url), length=length))
    parts += [_link("related", address(href)) for href in item.related]
    return [*parts, _link("via", address(item.via))]


def _is_markup(text: str) -> bool:
    """Tells whether a text has a sign of HTML: it is marked as HTML then, and escaped, since many readers take any text for
    HTML anyway."""
    return "&" in text or "<" in text


def _said(text: str) -> str:
    """Writes a text that is HTML if it has a sign of it."""
    return xml_text(escape(text, quote=False) if _is_markup(text) else text)


def _mark(found: Any) -> None:
    """Marks a text of the feed itself, if it has a sign of HTML."""
    if found is not None and _is_markup(found.text):
        found.set("type", "html")
        found.text = escape(found.text, quote=False)


@lru_cache(maxsize=256)
def _person(person: Person) -> str:
    parts = ("name", person.name), ("email", person.email), ("uri", person.url)
    inside = "".join(f"\n   {element(name, text)}" for name, text in parts if text)
    return f"<author>{inside}\n  </author>"


def _source(origin: Origin, updated: str) -> str:
    if not origin.id:
        return ""
    before, after = _around(origin.id, origin.title, origin.url, origin.feed_url)
    return f"{before}{updated}{after}"


@lru_cache(maxsize=1024)
def _around(origin_id: str, origin_title: str, url: str, feed_url: str) -> tuple[str, str]:
    """Returns what stands before and after the time of a source: entries of one branch differ in that alone."""
    title = clean(origin_title) or clean(origin_id)
    parts = (
        element("id", clean(origin_id)),
        element(
            "title",
            escape(title, quote=False) if _is_markup(title) else title,
            type="html" if _is_markup(title) else "",
        ),
        "<updated>",
        _link("alternate", address(url)),
        _link("self", address(feed_url), "application/rss+xml"),
    )
    inside = "".join(f"\n   {part}" for part in parts if part)
    before, time, after = f"<source>{inside}\n  </source>".partition("<updated>")
    return before + time, "</updated>" + after


def _link(rel: str, href: str, kind: str = "text/html") -> str:
    """Makes a link; empty for an address that is not a web address."""
    return element("link", rel=rel, type=kind, href=href) if href else ""
