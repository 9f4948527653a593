"""RSS 2.0 and Atom 1.0. feedgen builds both trees; what it gets wrong is mended on them before they are written.

Its faults are those of version 1.0.0: entry links lose their rel, RSS takes the last link whatever its rel, only the first
self link is written, times default to now, the process's locale is switched, RSS authors need an e-mail address.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from feedgen.feed import FeedGenerator
from lxml import etree

from builder.feeds.content import feed_html
from builder.feeds.items import EPOCH, Feed, FeedItem, clean, clean_html

_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_XML = "http://www.w3.org/XML/1998/namespace"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SAFE = "http://", "https://"


def rss_bytes(feed: Feed) -> bytes:
    """The feed as RSS 2.0, after the RSS Advisory Board's profile."""
    tree = _generator(feed)._create_rss(extensions=False)[0]
    channel = tree.find("channel")
    root = etree.Element("rss", nsmap={"atom": _ATOM, "content": _CONTENT, "dc": _DC}, version="2.0")
    head = etree.SubElement(root, "channel")
    for name in ("title", "link", "description"):
        _text(head, name, {"title": feed.title, "link": feed.url, "description": feed.subtitle or feed.title}[name])
    for hub in feed.hubs:
        etree.SubElement(head, f"{{{_ATOM}}}link", rel="hub", href=hub)
    etree.SubElement(head, f"{{{_ATOM}}}link", rel="self", type="application/rss+xml", href=feed.rss_url)
    _text(head, "language", _language(feed.language))
    _text(head, "lastBuildDate", rfc822(feed.changed))
    _text(head, "generator", "Branchpress")
    made = {item.findtext("guid"): item for item in channel.iterfind("item")}
    for item in feed.items:
        element = made.get(item.id)
        if element is not None:
            head.append(_rss_item(element, item, feed))
    return _bytes(root)


def _rss_item(made: Any, item: FeedItem, feed: Feed) -> Any:
    """An item of feedgen's tree, in the order that readers expect and with what it leaves out."""
    element = etree.Element("item")
    for name in ("title", "link"):
        element.append(made.find(name))
    guid = made.find("guid")
    guid.attrib.clear()
    guid.set("isPermaLink", "false")
    element.append(guid)
    for person in item.authors:
        _text(element, f"{{{_DC}}}creator", person.name)
    _text(element, "pubDate", rfc822(item.published))
    for category in item.categories:
        found = _text(element, "category", category.label or category.term)
        if category.scheme:
            found.set("domain", category.scheme)
    html = _html(item, feed)
    _text(element, "description", item.summary or item.title)
    if html:
        etree.SubElement(element, f"{{{_CONTENT}}}encoded").text = html
    enclosure = made.find("enclosure")
    if enclosure is not None:
        element.append(enclosure)
    for address in item.related:
        etree.SubElement(element, f"{{{_ATOM}}}link", rel="related", href=address)
    if item.origin is not None:
        _text(element, "source", item.origin.title).set("url", item.origin.feed_url)
    return element


def atom_bytes(feed: Feed) -> bytes:
    """The feed as Atom 1.0 (RFC 4287)."""
    tree = _generator(feed)._create_atom(extensions=False)[0]
    root = etree.Element("feed", nsmap={None: _ATOM}, attrib={f"{{{_XML}}}lang": feed.language})
    # feedgen writes the namespace as an attribute, so that its tree has none.
    made = {entry.findtext("id"): entry for entry in tree.iterfind("entry")}
    _atom(root, "id", feed.id)
    _atom(root, "title", feed.title)
    _atom(root, "subtitle", feed.subtitle or feed.title)
    _atom(root, "updated", rfc3339(feed.changed))
    _person(root, feed.author.name)
    _link(root, "alternate", feed.url, "text/html")
    _link(root, "self", feed.atom_url, "application/atom+xml")
    for hub in feed.hubs:
        _link(root, "hub", hub)
    _atom(root, "generator", "Branchpress")
    for item in feed.items:
        entry = made.get(item.id)
        if entry is not None:
            root.append(_atom_entry(entry, item, feed))
    return _bytes(root)


def _atom_entry(made: Any, item: FeedItem, feed: Feed) -> Any:
    """An entry of feedgen's tree with its links, times and source put right."""
    entry = etree.Element(f"{{{_ATOM}}}entry")
    if item.language and item.language != feed.language:
        entry.set(f"{{{_XML}}}lang", item.language)
    for name in ("id", "title"):
        _atom(entry, name, made.findtext(name))
    _atom(entry, "published", rfc3339(item.published))
    _atom(entry, "updated", rfc3339(item.updated))
    for person in item.authors:
        _person(entry, person.name)
    _link(entry, "alternate", item.url, "text/html")
    if item.enclosure is not None:
        enclosure = _link(entry, "enclosure", item.enclosure.url, item.enclosure.type)
        enclosure.set("length", str(item.enclosure.length))
    for address in item.related:
        _link(entry, "related", address, "text/html")
    for category in item.categories:
        element = etree.SubElement(entry, f"{{{_ATOM}}}category", term=clean(category.term))
        if category.scheme:
            element.set("scheme", category.scheme)
        if category.label:
            element.set("label", clean(category.label))
    html = _html(item, feed)
    # An entry without any text of its own is told by its title twice: readers show nothing for one without a summary.
    if item.summary or not html:
        _atom(entry, "summary", item.summary or item.title)
    if html:
        content = etree.SubElement(entry, f"{{{_ATOM}}}content", type="html")
        content.text = html
    if item.origin is not None:
        source = etree.SubElement(entry, f"{{{_ATOM}}}source")
        _atom(source, "id", item.origin.id)
        _atom(source, "title", item.origin.title)
        _atom(source, "updated", rfc3339(item.origin.updated))
        _link(source, "alternate", item.origin.url, "text/html")
        _link(source, "self", item.origin.feed_url, "application/rss+xml")
    return entry


def _generator(feed: Feed) -> Any:
    """feedgen's own feed of these items; an item that it refuses is left out of it."""
    made = FeedGenerator()
    made.id(feed.id)
    made.title(clean(feed.title) or feed.id)
    made.description(clean(feed.subtitle or feed.title) or feed.id)
    made.link(href=feed.url, rel="alternate")
    made.updated(feed.changed)
    made.lastBuildDate(feed.changed)
    for item in feed.items:
        if usable(item):
            continue
        entry = made.add_entry(order="append")
        entry.id(item.id)
        entry.guid(item.id)
        entry.title(clean(item.title) or item.url)
        entry.link(href=item.url, rel="alternate")
        # A date of its own: feedgen's default is the clock, and its own text depends on the locale.
        entry.updated(EPOCH)
        if item.enclosure is not None:
            entry.enclosure(item.enclosure.url, str(item.enclosure.length), item.enclosure.type)
    return made


def usable(item: FeedItem) -> str:
    """Why an item cannot be in a feed; empty if it can."""
    if not item.id or clean(item.id) != item.id:
        return "id"
    if not item.url.startswith(_SAFE):
        return "url"
    if item.enclosure is not None and not item.enclosure.url.startswith(_SAFE):
        return "enclosure"
    return "" if item.published.tzinfo is not None and item.updated.tzinfo is not None else "time"


def _html(item: FeedItem, feed: Feed) -> str:
    return feed_html(clean_html(item.html)) if feed.full_text else ""


def _text(parent: Any, name: str, text: str) -> Any:
    element = etree.SubElement(parent, name)
    element.text = clean(text)
    return element


def _atom(parent: Any, name: str, text: str) -> Any:
    return _text(parent, f"{{{_ATOM}}}{name}", text)


def _person(parent: Any, name: str) -> None:
    _atom(etree.SubElement(parent, f"{{{_ATOM}}}author"), "name", name)


def _link(parent: Any, rel: str, href: str, kind: str = "") -> Any:
    element = etree.SubElement(parent, f"{{{_ATOM}}}link", rel=rel, href=href)
    if kind:
        element.set("type", kind)
    return element


def _bytes(root: Any) -> bytes:
    etree.indent(root, " ")
    content: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return (
        content.replace(b"<?xml version='1.0' encoding='utf-8'?>", b'<?xml version="1.0" encoding="utf-8"?>', 1) + b"\n"
    )


def _language(language: str) -> str:
    """A language as RSS names it."""
    return "zh-cn" if language.lower() in ("zh", "zh-hans", "zh-cn") else language.lower()


def rfc822(moment: datetime) -> str:
    """A time as RSS writes it, with English names whatever the locale."""
    zone = moment.strftime("%z")[:5] or "+0000"
    return (
        f"{_DAYS[moment.weekday()]}, {moment.day:02d} {_MONTHS[moment.month - 1]} {moment.year:04d} "
        f"{moment:%H:%M:%S} {zone}"
    )


def rfc3339(moment: datetime) -> str:
    """A time as Atom writes it, with its zone."""
    text = moment.replace(microsecond=0).isoformat()
    return text.replace("+00:00", "Z")
