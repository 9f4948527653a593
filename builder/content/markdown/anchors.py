"""The names of places in a page."""

from __future__ import annotations

import re
import unicodedata

from builder.model.patterns import pattern_of

_OTHER = pattern_of(r"[^\w -]")


def anchor_of(text: str) -> str:
    """Returns the id of a heading as GitHub gives it: letters, marks, digits, ``_`` and ``-`` stay, spaces become
    hyphens, all else goes, in any script.
    """
    kept = _OTHER.sub(_mark, unicodedata.normalize("NFC", text).lower())
    return kept.strip().replace(" ", "-")


def _mark(sign: re.Match[str]) -> str:
    """Returns a mark, which belongs to the letter before it; nothing for any other sign."""
    return sign[0] if unicodedata.category(sign[0])[0] == "M" else ""
