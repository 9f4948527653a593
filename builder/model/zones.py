"""Time zones by their IANA names."""

from __future__ import annotations

from datetime import tzinfo
from functools import cache
from zoneinfo import ZoneInfo


@cache
def zone_of(name: str) -> tzinfo | None:
    """Returns the time zone of that IANA name, or None."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return None
