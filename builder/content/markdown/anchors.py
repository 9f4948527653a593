"""The names of places in a page."""

from __future__ import annotations

import unicodedata


def anchor_of(text: str) -> str:
    """Returns the id of a heading as GitHub gives it: letters, marks, digits, ``_`` and ``-`` stay, spaces become
    hyphens, all else goes, in any script.
    """
    kept = "".join(
        character
        for character in unicodedata.normalize("NFC", text).lower()
        if unicodedata.category(character)[0] in "LMN" or character in "_- "
    )
    return kept.strip().replace(" ", "-")
