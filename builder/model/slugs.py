"""Slugs: content format, section 1. Which names are reserved follows from :mod:`builder.model.site_map`."""

from __future__ import annotations

import re
import unicodedata

from builder.model.patterns import pattern_of

MOST_BYTES = 200
_PLAIN = pattern_of(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
"""The form of most names, which are slugs as they stand."""

_LATIN = str.maketrans("асԁеһіјорԛѕԝхуοανικρτυχγ", "acdehijopqswxyoavikptuxy")


def slugify(name: str) -> str:
    """Returns the slug of a file or folder name; "" where nothing of it may stay.

    NFC, lower case; letters, marks, decimal digits, dots and hyphens stay, each run of anything else becomes one
    hyphen, hyphens and dots are trimmed at both ends.
    """
    if _PLAIN.fullmatch(name):
        return name
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).lower())
    kept = "".join(character if _stays(character) else "\0" for character in text)
    return re.sub("\0+", "-", kept).strip("-.")


def is_slug(name: str) -> bool:
    """Tells whether the name is a slug as it stands."""
    return bool(name) and slugify(name) == name and not too_long(name)


def too_long(slug: str) -> bool:
    """Tells whether a slug has more than 200 bytes of UTF-8: a folder of that name would not fit on common file systems."""
    return len(slug.encode("utf-8", "surrogatepass")) > MOST_BYTES


def folded(url: str) -> str:
    """Returns the form of a URL in which two are equal if a file system that ignores case or composition would store
    them in one place.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", url).casefold())


def plainly(slug: str) -> str:
    """Returns a slug as readers read and type it: letters and digits as wide as Chinese signs are narrow, and letters of Cyrillic
    and Greek that look like Latin ones are these (of those that Unicode TR39 calls confusable, what a slug may hold).

    A word that is written in one of these alphabets stays as it is.
    """
    narrow = unicodedata.normalize("NFKC", slug)
    read = narrow.translate(_LATIN)
    foreign = any(unicodedata.name(each, "").startswith(("CYRILLIC", "GREEK")) for each in read)
    return narrow if foreign and not re.search("[a-z]", narrow) else read


def _stays(character: str) -> bool:
    return character in ".-" or unicodedata.category(character)[0] in "LM" or unicodedata.category(character) == "Nd"
