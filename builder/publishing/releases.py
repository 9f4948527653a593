"""The releases of a target, and what a target can do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from builder.publishing.listing import Listing, Source
from builder.publishing.plan import Counts, Plan


class Release(msgspec.Struct, frozen=True):
    """A release: its number, when it was made (ISO 8601), the numbers of its files and of what it changed; what it
    ``carried`` on.
    ``current`` is the one that readers see."""

    number: int
    at: str
    files: int
    counts: tuple[int, int, int] = (0, 0, 0)
    carried: Mapping[str, int] = {}
    current: bool = False


def read_release(content: str | bytes, *, current: bool) -> Release | None:
    """Returns a release as a target stores it, which others may have written; None if it is none."""
    try:
        release = msgspec.json.decode(content, type=Release)
    except (ValueError, RecursionError):
        return None
    return msgspec.structs.replace(release, current=current)


class TargetError(Exception):
    """A target cannot be used; ``message`` is an English msgid, ``values`` fill its names. Readers see what they saw before."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message, self.values = message, values


class Destination(Protocol):
    """A target that can be published to. Every method raises TargetError."""

    def listing(self, known: Listing) -> Listing:
        """Returns what readers see now; empty before the first release. What is equal to ``known`` need not be fetched."""

    def history(self) -> Sequence[Release]:
        """Returns the releases that there are, the oldest first."""

    def publish(self, source: Source, plan: Plan, release: Release) -> None:
        """Makes the sites the current release."""

    def roll_back(self, release: Release) -> None:
        """Makes an earlier release the current one."""


def describe(counts: Counts) -> tuple[int, int, int]:
    """Returns numbers as a release stores them."""
    return counts.added, counts.changed, counts.removed


def current_of(history: Sequence[Release]) -> Release | None:
    """Returns the release that readers see."""
    return next((release for release in reversed(history) if release.current), None)
