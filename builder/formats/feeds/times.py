"""The formats of times in feeds: to the second, with their zone, in English whatever the locale."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def rfc822(moment: datetime) -> str:
    """Formats a time for RSS and OPML (RFC 822 with a four-digit year and a numeric zone)."""
    # Feeds that share their items have the same times.
    return _rfc822(_written(moment))


@lru_cache(maxsize=1024)
def _rfc822(text: str) -> str:
    moment = datetime.fromisoformat(text)
    zone = text[-6:].replace(":", "")
    return (
        f"{_DAYS[moment.weekday()]}, {moment.day:02d} {_MONTHS[moment.month - 1]} {moment.year:04d} "
        f"{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d} {zone}"
    )


def rfc3339(moment: datetime) -> str:
    """Formats a time for Atom, JSON Feed and sitemaps (RFC 3339)."""
    text = _written(moment)
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


def _written(moment: datetime) -> str:
    """Returns a time without a fraction of a second, in a zone of whole minutes.

    Local mean time, which zones used before they were standardized, has seconds that neither format can write.
    """
    text = moment.isoformat(timespec="seconds")
    # Nearly all are as long as this; the others have no zone, or one with seconds.
    if len(text) == 25:
        return text
    try:
        whole = moment.replace(tzinfo=UTC) if moment.utcoffset() is None else moment.astimezone(UTC)
    except OverflowError:
        whole = moment.replace(tzinfo=UTC)
    return whole.isoformat(timespec="seconds")
