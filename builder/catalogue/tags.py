"""Tags: which spellings are one tag, and the slug of its page. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from builder.catalogue.catalogue import LiveEntry
from builder.model.slugs import slugify


@lru_cache(maxsize=4096)
def loose(tag: str) -> str:
    """What is equal of tags that differ only by case, width or hyphen."""
    return slugify(unicodedata.normalize("NFKC", tag)).replace("-", "")


def chosen(spellings: Mapping[str, int]) -> str:
    """The spelling that stands for a tag: the one used most, the first in code-point order among equals."""
    return min(spellings, key=lambda tag: (-spellings[tag], tag))


def spellings(lives: Iterable[LiveEntry]) -> Mapping[str, str]:
    """The chosen spelling of each tag by what its spellings have in common; tags that give no slug are left out."""
    counted: dict[str, dict[str, int]] = {}
    for live in lives:
        for tag in live.entry.tags:
            key = loose(tag)
            if key:
                row = counted.setdefault(key, {})
                row[tag] = row.get(tag, 0) + 1
    return {key: chosen(row) for key, row in sorted(counted.items())}


def tag_slug(tag: str) -> str:
    """The slug of a tag's page, from its chosen spelling."""
    return slugify(unicodedata.normalize("NFKC", tag))
