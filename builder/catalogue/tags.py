"""Tags: their spellings, and the slugs of their pages. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

from builder.model.site_map import is_reserved
from builder.model.slugs import slugify, too_long

# Signs that tell one tag from another (C, C++, C#) keep a word in the slug, since a slug has no signs.
_WORDS = {"+": "plus", "/": "slash", "#": "sharp", "&": "and", "@": "at", "%": "percent", "*": "star", ".": "dot"}
_JOINING = frozenset("-_‐‑‒–—―−")


@lru_cache(maxsize=4096)
def loose(tag: str) -> str:
    """Returns the normal form of a tag: equal for tags that differ only in case, width, blanks or hyphens."""
    return _spelled_out(tag).replace("-", "")


def chosen(spellings: Mapping[str, int]) -> str:
    """Returns the preferred spelling of a tag: the most used one, the first in code-point order among equals."""
    return min(spellings, key=lambda tag: (-spellings[tag], tag))


def spellings(written: Iterable[tuple[str, ...]]) -> Mapping[str, str]:
    """Returns the preferred spelling of each tag by its normal form, of those that are ``written`` in each entry; tags that give
    no slug are left out."""
    counted: dict[str, dict[str, int]] = {}
    # Many entries have the same tags.
    for tags, count in Counter(written).items():
        for tag in tags:
            key = loose(tag)
            if key and tag_slug(tag):
                row = counted.setdefault(key, {})
                row[tag] = row.get(tag, 0) + count
    return {key: chosen(row) for key, row in sorted(counted.items())}


@lru_cache(maxsize=4096)
def tag_slug(tag: str) -> str:
    """Returns the slug of a tag's page, made from its preferred spelling; empty for a tag that can have no page, because
    nothing of it may stand in an address, or too much, or a name that the builder needs."""
    slug = _spelled_out(tag) if slugify(unicodedata.normalize("NFKC", tag)) else ""
    return "" if too_long(slug) or is_reserved("tag", slug) else slug


def _spelled_out(tag: str) -> str:
    """Returns a tag as a slug in which no sign is lost: no two tags that differ have the same."""
    text = unicodedata.normalize("NFKC", tag).strip()
    last = len(text) - 1
    parts: list[str] = []
    for place, sign in enumerate(text):
        if sign == "." and 0 < place < last and text[place - 1].isalnum() and text[place + 1].isalnum():
            parts.append(sign)
        elif sign in _JOINING or sign.isspace() or unicodedata.category(sign) in ("Cf", "Cc"):
            parts.append("-")
        elif sign in _WORDS or not slugify(f"a{sign}").removeprefix("a"):
            parts.append(f"-{_WORDS.get(sign) or f'u{ord(sign):04x}'}-")
        else:
            parts.append(sign)
    return re.sub("-+", "-", slugify("".join(parts)))
