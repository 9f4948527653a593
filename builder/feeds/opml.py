"""OPML 2.0: all feeds as a tree, for feed readers to take in at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lxml import etree

from builder.feeds.items import EPOCH, Outline, clean
from builder.feeds.xml import rfc822


def opml_bytes(title: str, outlines: Iterable[Outline], updated: datetime | None, owner_id: str) -> bytes:
    """The tree as an OPML document; ``owner_id`` is an address, ``updated`` comes from the content."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = clean(title)
    etree.SubElement(head, "dateModified").text = rfc822(updated or EPOCH)
    if owner_id:
        etree.SubElement(head, "ownerId").text = owner_id
    body = etree.SubElement(root, "body")
    for outline in outlines:
        _outline(body, outline)
    etree.indent(root, " ")
    content: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content.replace(b"'", b'"', 4) + b"\n"


def _outline(parent: Any, outline: Outline) -> None:
    text = clean(outline.title)
    element = etree.SubElement(parent, "outline", text=text)
    if outline.rss_url:
        element.set("type", "rss")
        element.set("title", text)
        element.set("xmlUrl", outline.rss_url)
        for name, value in (
            ("htmlUrl", outline.html_url),
            ("description", clean(outline.description)),
            ("language", outline.language),
        ):
            if value:
                element.set(name, value)
    for child in outline.children:
        _outline(element, child)
