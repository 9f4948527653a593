"""OPML 2.0: a tree of feeds, which feed readers import at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lxml import etree

from builder.formats.feeds.items import EPOCH, Outline, address, clean, language
from builder.formats.feeds.times import rfc822
from builder.formats.feeds.tree import written


def opml_bytes(
    title: str, outlines: Iterable[Outline], updated: datetime | None, owner_name: str, owner_id: str
) -> bytes:
    """Writes feeds as :func:`builder.formats.feeds.opml` says."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    members = {
        "title": clean(title),
        "dateModified": rfc822(updated or EPOCH),
        "ownerName": clean(owner_name),
        "ownerId": address(owner_id),
    }
    for name, text in members.items():
        if text:
            etree.SubElement(head, name).text = text
    body = etree.SubElement(root, "body")
    for outline in outlines:
        _outline(body, outline)
    return written(root)


def _outline(parent: Any, outline: Outline) -> None:
    feed, page = address(outline.rss_url), address(outline.html_url)
    text = clean(outline.title) or feed or page
    if not text:
        # An outline must have a text: what has no name of its own is no folder.
        for child in outline.children:
            _outline(parent, child)
        return
    element = etree.SubElement(parent, "outline", text=text)
    members = {"description": clean(outline.description), "language": language(outline.language)}
    if feed:
        members = {"type": "rss", "title": text, "xmlUrl": feed, "htmlUrl": page, **members}
    elif page:
        members = {"type": "link", "url": page}
    else:
        # Some readers name a folder by its title.
        members = {"title": text}
    for name, value in members.items():
        if value:
            element.set(name, value)
    for child in outline.children:
        _outline(element, child)
