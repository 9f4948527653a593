"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec

from builder.formats.feeds.content import feed_html
from builder.formats.feeds.items import (
    Category,
    Enclosure,
    Feed,
    FeedItem,
    Origin,
    Person,
    address,
    clean,
    clean_html,
    item_summary,
    item_title,
    language,
    media_type,
    people,
)
from builder.formats.feeds.size import within
from builder.formats.feeds.times import rfc3339

_VERSION = "https://jsonfeed.org/version/1.1"


def json_bytes(feed: Feed, limit: int) -> bytes:
    """Writes the feed as JSON Feed in less than ``limit`` bytes, one item a line; empty members are left out."""
    made = {
        "version": _VERSION,
        "title": clean(feed.title) or address(feed.url),
        "home_page_url": address(feed.url),
        "feed_url": address(feed.self_url),
        "description": clean(feed.subtitle),
        "user_comment": clean(feed.note),
        "next_url": address(feed.older),
        "icon": address(feed.logo),
        "favicon": address(feed.icon),
        "language": language(feed.language),
        "authors": _authors((feed.author,)),
        "hubs": [{"type": "WebSub", "url": address(hub)} for hub in feed.hubs if address(hub)],
    }
    head = msgspec.json.format(msgspec.json.encode(_drop_empty(made)), indent=1).removesuffix(b"\n}")
    own = language(feed.language)
    parts = within(
        limit - len(head) - 100,
        feed.written,
        lambda item: _item(item, own, rfc3339(item.published), rfc3339(item.updated)),
        feed.behind,
    )
    return head + b',\n "items": [' + b",".join(b"\n  " + part for part in parts) + b"\n ]\n}\n"


@lru_cache(maxsize=1024)
def _item(item: FeedItem, feed_language: str, published: str, updated: str) -> bytes:
    # The times are given as text: two that are equal may have been written in different zones.
    html = feed_html(clean_html(item.html)) if item.html else ""
    own = language(item.language)
    return msgspec.json.encode(
        _drop_empty(
            {
                "id": item.id,
                "url": address(item.url),
                "external_url": address(item.via),
                "title": item_title(item),
                "content_html": html,
                "content_text": "" if html else item_summary(item),
                "summary": clean(item.summary) if html else "",
                "image": _picture(item.enclosures),
                "date_published": published,
                "date_modified": updated,
                "authors": _authors(item.authors),
                "tags": list(dict.fromkeys(filter(None, map(_tag, item.categories)))),
                "language": own if own != feed_language else "",
                "attachments": _attachments(item.enclosures),
                "_branchpress": _drop_empty({"related": _related(item), "source": _source(item.origin)}),
            }
        )
    )


def _drop_empty(members: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value}


def _authors(persons: tuple[Person, ...]) -> list[dict[str, Any]]:
    """Returns authors with name and address; an e-mail address is used only if there is nothing else."""
    made = ({"name": each.name, "url": each.url or (each.email and f"mailto:{each.email}")} for each in people(persons))
    return [_drop_empty(each) for each in made]


def _picture(enclosures: tuple[Enclosure, ...]) -> str:
    return next((address(each.url) for each in enclosures if each.type.startswith("image/")), "")


def _attachments(enclosures: tuple[Enclosure, ...]) -> list[dict[str, Any]]:
    return [
        _drop_empty(
            {"url": address(each.url), "mime_type": media_type(each.type), "size_in_bytes": max(0, each.length)}
        )
        for each in enclosures
        if address(each.url)
    ]


def _tag(category: Category) -> str:
    return clean(category.label) or clean(category.term)


def _related(item: FeedItem) -> list[str]:
    return [address(href) for href in item.related if address(href)]


def _source(origin: Origin | None) -> dict[str, str]:
    """Returns the feed that an item of an aggregate was first in, with the members that a feed has."""
    if origin is None:
        return {}
    made = {
        "id": clean(origin.id),
        "title": clean(origin.title),
        "home_page_url": address(origin.url),
        "feed_url": address(origin.feed_url),
        "date_modified": rfc3339(origin.updated),
    }
    return _drop_empty(made)
