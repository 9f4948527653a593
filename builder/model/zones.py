"""Time zones by their IANA names."""

from __future__ import annotations

import re
from datetime import tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from builder.model.patterns import pattern_of

_NAME = pattern_of(r"[A-Za-z0-9_+-]{1,30}(?:/[A-Za-z0-9_+-]{1,30}){0,3}", re.ASCII)
"""Names of zones (Theory and pragmatics of the tz database); zoneinfo would look for any other as a file or a module."""


@cache
def zone_of(name: str) -> tzinfo | None:
    """Returns the time zone of that IANA name, or None."""
    try:
        return ZoneInfo(name) if _NAME.fullmatch(name) else None
    except (OSError, ValueError, KeyError):
        return None
