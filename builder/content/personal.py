"""The sign that a source holds no personal data, seen while it is at hand: the search of audits opens only the others."""

from __future__ import annotations

from builder.model.patterns import pattern_of

_LONG = pattern_of(r"\d(?:[ -]?\d){9}")


def is_impersonal(text: str) -> bool:
    """Tells whether nothing in a text can be a person's number or address: it has no ten digits in a row, blanks and hyphens
    between them aside, and no at sign."""
    return "@" not in text and "＠" not in text and _LONG.search(text) is None
