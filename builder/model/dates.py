"""Dates, spans and sizes as people write them: content format, sections 2, 4 and 5."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Literal

from builder.model.patterns import pattern_of
from builder.model.struct import Struct

_DAY = r"(?P<y>\d{4})(?:(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})|\s*年\s*(?P<cm>\d{1,2})\s*月\s*(?P<cd>\d{1,2})\s*日)"
_TIME = (
    r"(?P<h>\d{1,2}):(?P<min>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?\s*"
    r"(?P<zone>[Zz]|UTC|GMT|[+-]\d{1,2}(?::?\d{2})?(?:\s+\(?[A-Z]{3,4}\)?)?)?"
)
# A day by itself is that day, whatever zone a program wrote behind it.
_DAY_ZONE = r"(?:\s+|(?=\+))(?:UTC|GMT|[+-]\d{2}:?\d{2})"
_MOMENT = pattern_of(rf"{_DAY}(?:(?:\s*[Tt]\s*|\s+|(?<=日)){_TIME}|{_DAY_ZONE})?", re.ASCII)
_OFFSET = pattern_of(r"[+-](\d{1,2})(?::?(\d{2}))?", re.ASCII)
_PREFIX = pattern_of(r"(\d{4})-(\d{2})-(\d{2})(?:-|$)", re.ASCII)
_SPAN = pattern_of(
    r"(\d{1,5})\s*(working days?|days?|weeks?|months?|years?|个?工作日|天|日|个?星期|周|个?月|年)", re.ASCII
)
_SIZE = pattern_of(r"(\d{1,12}(?:\.\d{1,3})?)\s*(B|KB|MB|GB)?", re.ASCII | re.IGNORECASE)
_UNITS = {
    "天": "days",
    "日": "days",
    "周": "weeks",
    "星期": "weeks",
    "月": "months",
    "年": "years",
    "工作日": "working days",
}
_BYTES = {"": 1, "B": 1, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}
FIRST_YEAR, LAST_YEAR = 1900, 2199


class Moment(Struct, frozen=True):
    """A written date or time and what it covers.

    ``at`` is the instant written (00:00 in the organization's zone for a date alone), ``end`` the first instant after
    what it covers: the next midnight for a date alone, ``at`` itself for a time. ``day`` is true for a date alone.
    """

    at: datetime
    end: datetime
    day: bool = False

    def over(self, now: datetime) -> bool:
        """Returns true from the first instant after the moment: a date alone includes its whole day."""
        return now >= self.end if self.day else now > self.at


def over_at(moment: Moment | None) -> Iterator[datetime]:
    """Returns the first instant at which a moment is over. At the written time itself it is not: a build at exactly
    that time has to be followed by another.
    """
    if moment is not None:
        yield moment.end if moment.day else moment.at + timedelta.resolution


class Span(Struct, frozen=True):
    """A length of time as written: ``6 months``, ``5 working days``."""

    amount: int
    unit: Literal["days", "weeks", "months", "years", "working days"]


def halved(text: str) -> str:
    """Returns the text with full-width digits, letters and signs made half-width."""
    return unicodedata.normalize("NFKC", text).replace("—", "-").strip()


def parse_moment(text: str, zone: tzinfo) -> Moment | None:
    """Returns a date or time in any form of the content format; None for anything else, and for a day that does not exist.

    A date alone means 00:00 in ``zone``; a time written with a zone keeps it. Years outside 1900 to 2199 are typing
    errors.
    """
    match = _MOMENT.fullmatch(halved(text))
    if match is None or _is_span(match):
        return None
    try:
        day = date(int(match["y"]), int(match["m"] or match["cm"]), int(match["d"] or match["cd"]))
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            return None
        if match["h"] is None:
            return moment_of(day, zone)
        where = _offset(match["zone"]) if match["zone"] else zone
        at = datetime(
            day.year, day.month, day.day, int(match["h"]), int(match["min"]), int(match["s"] or 0), tzinfo=where
        )
    except ValueError:
        return None
    return Moment(at=fixed(at), end=fixed(at))


def is_dated(text: str) -> bool:
    """Tells whether a text has the form of a date, be there such a day or not."""
    match = _MOMENT.fullmatch(halved(text))
    return match is not None and not _is_span(match)


def next_midnight(text: str) -> str:
    """Returns a day's last moment, written ``24:00``, as the first of the next day; empty for any other text."""
    match = _MOMENT.fullmatch(halved(text))
    if match is None or _is_span(match) or match["h"] != "24" or int(match["min"]) or int(match["s"] or 0):
        return ""
    try:
        day = date(int(match["y"]), int(match["m"] or match["cm"]), int(match["d"] or match["cd"])) + timedelta(days=1)
    except (ValueError, OverflowError):
        return ""
    return f"{day.isoformat()} 00:00{match['zone'] or ''}"


def _is_span(match: re.Match[str]) -> bool:
    """Tells whether what looks like a zone is the end of an event: ``2026-12-01 14:00-16:00``."""
    zone = match["zone"] or ""
    whole = match[0]
    return (
        zone.startswith("-") and ":" in zone and match["s"] is None and "T" not in whole.upper() and " -" not in whole
    )


def in_zone(moment: Moment, zone: tzinfo) -> Moment:
    """Returns the same moment as clocks in ``zone`` show it."""
    shown = fixed(moment.at.astimezone(zone))
    return moment if moment.day else Moment(at=shown, end=shown)


@lru_cache(maxsize=4096)
def moment_of(day: date, zone: tzinfo) -> Moment:
    """Returns a whole day in a zone."""
    return Moment(at=midnight(day, zone), end=midnight(day + timedelta(days=1), zone), day=True)


def midnight(day: date, zone: tzinfo) -> datetime:
    """Returns 00:00 of a day in a zone, with a plain offset."""
    return fixed(datetime(day.year, day.month, day.day, tzinfo=zone))


def fixed(moment: datetime) -> datetime:
    """Returns the same instant with a plain offset in whole minutes, as RFC 3339 writes it: it survives being stored."""
    offset = moment.utcoffset() or timedelta()
    return moment.replace(tzinfo=timezone(timedelta(minutes=round(offset.total_seconds() / 60))))


def parse_day(text: str) -> date | None:
    """Returns a day without a time, or None."""
    moment = parse_moment(text, UTC)
    return moment.at.date() if moment is not None and moment.day else None


def name_prefix(name: str) -> tuple[bool, date | None]:
    """Tells whether a file name starts with ``YYYY-MM-DD-``, and returns the day if it exists."""
    match = _PREFIX.match(name)
    if match is None:
        return False, None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return True, None
    return True, day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def parse_span(text: str) -> Span | None:
    """Reads a length of time: ``6 months``, ``5 working days``, ``14 天``; None for anything else."""
    match = _SPAN.fullmatch(halved(text).lower())
    if match is None:
        return None
    unit = match[2].removeprefix("个")
    unit = _UNITS.get(unit) or (unit if unit.endswith("s") else unit + "s")
    return Span(amount=int(match[1]), unit=unit)  # type: ignore[arg-type]  # the pattern allows no other unit


def parse_size(text: str) -> int | None:
    """Reads a size such as ``2 MB`` in bytes, 1 MB being 1,000,000; None for anything else."""
    match = _SIZE.fullmatch(halved(text))
    if match is None:
        return None
    size = round(float(match[1]) * _BYTES[(match[2] or "").upper()])
    return size if size > 0 else None


def far_ahead(moment: datetime, now: datetime) -> bool:
    """Tells whether a moment is more than a year after ``now``, which is usually a typing error in the year."""
    return moment - now > timedelta(days=366)


def _offset(text: str) -> timezone:
    if text in ("Z", "z", "UTC", "GMT"):
        return UTC
    # Behind the offset some programs name the zone: +0800 CST.
    match = _OFFSET.fullmatch(text.split()[0])
    if match is None or int(match[1]) > 14 or int(match[2] or 0) > 59:
        raise ValueError(text)
    offset = timedelta(hours=int(match[1]), minutes=int(match[2] or 0))
    return timezone(-offset if text[0] == "-" else offset)
