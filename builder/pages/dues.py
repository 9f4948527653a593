"""The tasks of a branch's editors with their deadlines: sections to update, letters to answer, policies to interpret."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from builder.catalogue.catalogue import Catalogue
from builder.catalogue.freshness import freshness
from builder.formats.feeds import Calendar, CalendarEvent, tag_uri
from builder.model.periods import day_of, last_day
from builder.model.values import Branch
from builder.pages.context import Context

AHEAD = timedelta(days=14)
_FIRST = date(2000, 1, 1)


class Due(msgspec.Struct, frozen=True):
    """A task with its deadline, its section, and the day that the time runs from. ``name`` tells those of one section
    apart: a policy's ref, a letter's day; a letter that waits is never itself shown."""

    day: date
    kind: Literal["section", "letter", "policy"]
    section: str
    name: str
    since: datetime


def dues(catalogue: Catalogue, branch: Branch, now: datetime) -> tuple[Due, ...]:
    """Returns everything that is due or overdue in a branch, the earliest first."""
    return tuple(sorted(_dues(catalogue, branch, now), key=lambda due: (due.day, due.kind, due.section, due.name)))


def _dues(catalogue: Catalogue, branch: Branch, now: datetime) -> Iterator[Due]:
    if branch.status == "closed":
        return
    organization, summary = catalogue.organization, catalogue.summaries[branch.slug]
    zone, holidays = organization.zone, organization.holidays
    for row in freshness(branch, summary, organization, now):
        if row.due is not None:
            yield Due(row.due, "section", row.slug, "", summary.latest[row.slug])
    part = catalogue.live_sites[branch.slug]
    for number, (slug, received) in enumerate(part.asked):
        section = branch.section(slug)
        limit = (section.reply_within if section is not None else None) or organization.profile.reply_within
        if limit is not None:
            day = day_of(received, zone)
            yield Due(last_day(day, limit, holidays), "letter", slug, f"{day}-{number}", received)
    for entry in (live.entry for live in part.entries):
        if entry.policy is None or entry.policy.status == "repealed":
            continue
        section = branch.section(entry.section)
        limit = (section.interpret_within if section is not None else None) or organization.profile.interpret_within
        done = catalogue.interpreting.get(entry.ref) or entry.interprets
        if limit is not None and not done:
            yield Due(
                last_day(day_of(entry.date, zone), limit, holidays), "policy", entry.section, entry.ref, entry.date
            )


def due_text(ctx: Context, branch: Branch, due: Due) -> str:
    """Returns a short sentence that says what has to be done."""
    section = branch.section(due.section)
    title = section.title if section is not None else due.section
    if due.kind == "section":
        return ctx.text.gettext("{section} needs a new entry", section=title)
    if due.kind == "letter":
        return ctx.text.gettext("{section}: a letter is waiting for a reply", section=title)
    return ctx.text.gettext("{title} needs an interpretation", title=ctx.catalogue.entries[due.name].entry.title)


def reminders(ctx: Context, branch: Branch) -> Calendar:
    """Returns the calendar of tasks due within two weeks. A task keeps its UID, so that calendars move it too."""
    organization = ctx.organization
    today = day_of(ctx.now, organization.zone)
    page = ctx.addresses.absolute(f"/health/branches/{branch.slug}/")
    first = ctx.catalogue.names.first_name(branch.slug)
    near = [due for due in dues(ctx.catalogue, branch, ctx.now) if today <= due.day <= today + AHEAD]
    return Calendar(
        name=ctx.text.gettext("{name}: what is due", name=branch.title),
        url=page,
        timezone=organization.timezone,
        events=tuple(
            CalendarEvent(
                uid=tag_uri(organization.authority, f"health/{first}/{due.kind}/{due.section}/{due.name}".strip("/")),
                url=page,
                title=f"{due_text(ctx, branch, due)} ({branch.title})",
                starts=due.day,
                stamp=due.since,
                all_day=True,
                sequence=max(0, (due.day - _FIRST).days),
            )
            for due in near
        ),
    )
