"""The freshness of a branch's sections: the last publication and the day on which the next is due."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from builder.model.dates import Span
from builder.model.periods import last_day
from builder.model.published import SiteSummary
from builder.model.values import Branch, Organization, Section

State = Literal["none", "fresh", "due", "empty", "stale"]
WORST: tuple[State, ...] = ("none", "fresh", "due", "empty", "stale")
"""From the best to the worst; ``none`` has no limit."""
_SOON = Span(amount=7, unit="days")


class Freshness(msgspec.Struct, frozen=True):
    """A section shown by a branch: its last publication, the last day on which the next is in time, its state.

    Sections without dates have no ``last``. ``left`` counts the days to that day; it is negative when that has passed.
    ``limit`` is the section's own ``update_within``, or the profile's; without one there is no ``due``.
    """

    slug: str
    title: str
    last: date | None
    limit: Span | None
    due: date | None
    left: int | None
    state: State


def freshness(branch: Branch, summary: SiteSummary, organization: Organization, now: datetime) -> tuple[Freshness, ...]:
    """Returns the freshness of each section that the branch shows; none for a closed branch."""
    if branch.status == "closed":
        return ()
    return tuple(_of(section, summary, organization, now) for section in branch.visible_sections)


def _of(section: Section, summary: SiteSummary, organization: Organization, now: datetime) -> Freshness:
    zone = organization.zone
    moment = summary.latest.get(section.slug) if section.dated else None
    last = moment.astimezone(zone).date() if moment is not None else None
    limit = limit_of(section, organization) if section.dated else None
    due = last_day(last, limit, organization.holidays) if last is not None and limit is not None else None
    today = now.astimezone(zone).date()
    state: State = "none"
    if section.slug not in summary.filled:
        state = "empty"
    elif due is not None and due < today:
        state = "stale"
    elif due is not None:
        state = "due" if due <= last_day(today, soon(organization), organization.holidays) else "fresh"
    return Freshness(
        section.slug, section.title, last, limit, due, (due - today).days if due is not None else None, state
    )


def last_published(branch: Branch, summary: SiteSummary) -> datetime | None:
    """Returns when a branch last published something; undated entries do not count."""
    undated = {section.slug for section in branch.sections if not section.dated}
    return max((moment for slug, moment in summary.latest.items() if slug not in undated), default=None)


def soon(organization: Organization) -> Span:
    """Returns how long before its deadline a section counts as due: as the profile says, or a week."""
    setting = organization.profile.rules.get("section-due")
    return (setting.within if setting is not None else None) or _SOON


def limit_of(section: Section, organization: Organization) -> Span | None:
    """Returns how often a section needs something new: its ``update_within``, else the profile's limit for its slug or type."""
    limits = organization.profile.update_within
    return section.update_within or limits.get(section.slug) or limits.get(section.type)
