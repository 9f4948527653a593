"""Tags: their spellings, and the slugs of their pages. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from builder.catalogue.catalogue import LiveEntry
from builder.model.site_map import is_reserved
from builder.model.slugs import slugify, too_long


@lru_cache(maxsize=4096)
def loose(tag: str) -> str:
    """Returns the normal form of a tag: equal for tags that differ only in case, width or hyphens."""
    return slugify(unicodedata.normalize("NFKC", tag)).replace("-", "")


def chosen(spellings: Mapping[str, int]) -> str:
    """Returns the preferred spelling of a tag: the most used one, the first in code-point order among equals."""
    return min(spellings, key=lambda tag: (-spellings[tag], tag))


def spellings(lives: Iterable[LiveEntry]) -> Mapping[str, str]:
    """Returns the preferred spelling of each tag by its normal form; tags that give no slug are left out."""
    counted: dict[str, dict[str, int]] = {}
    for live in lives:
        for tag in live.entry.tags:
            key = loose(tag)
            if key and tag_slug(tag):
                row = counted.setdefault(key, {})
                row[tag] = row.get(tag, 0) + 1
    return {key: chosen(row) for key, row in sorted(counted.items())}


def tag_slug(tag: str) -> str:
    """Returns the slug of a tag's page, made from its preferred spelling; empty for a tag that can have no page, because
    nothing of it may stand in an address, or too much, or a name that the builder needs."""
    slug = slugify(unicodedata.normalize("NFKC", tag))
    return "" if too_long(slug) or is_reserved("tag", slug) else slug
