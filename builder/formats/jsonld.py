"""JSON-LD (W3C, 1.1) for the heads of pages. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

_ENCODER = msgspec.json.Encoder(order="deterministic")


def graph(nodes: Iterable[Mapping[str, Any]]) -> str:
    """The text of a ``<script type="application/ld+json">`` that holds these nodes; parts that are empty are left out. No
    text in them can end the element."""
    told = _ENCODER.encode({"@context": "https://schema.org", "@graph": [_full(node) for node in nodes]}).decode()
    return told.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def breadcrumbs(way: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The way to a page, from the home page to itself, as ``BreadcrumbList``: titles and full addresses."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": title, "item": url}
            for place, (title, url) in enumerate(way, 1)
        ],
    }


def _full(node: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in node.items() if value not in ("", [], {}, None)}
