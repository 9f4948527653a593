"""The rules about a single branch: is it kept up to date, does it answer letters, can it be reached?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo

import msgspec

from builder.audit.breach import Breach
from builder.audit.inspection.site import Inspected
from builder.catalogue.freshness import Freshness, freshness, last_published
from builder.catalogue.reach import is_reachable
from builder.model.dates import Span
from builder.model.periods import day_of, days_between, first_day, last_day
from builder.model.published import SiteSummary
from builder.model.site_id import SiteId
from builder.model.values import Branch, Entry, Organization, Page, RuleSetting, Section

_NEWS = "news"
_SINCE = re.compile(r"(\d{4})(?:[-/.年]\s*(\d{1,2}))?(?:[-/.月]\s*(\d{1,2}))?", re.ASCII)


class RuleContext(msgspec.Struct, frozen=True):
    """The input of the rules about a branch."""

    organization: Organization
    now: datetime
    zone: tzinfo

    @property
    def today(self) -> date:
        """The day of the audit."""
        return day_of(self.now, self.zone)

    def rule(self, name: str) -> RuleSetting | None:
        """Returns the profile's settings for a rule."""
        return self.organization.profile.rules.get(name)

    def span(self, name: str) -> Span | None:
        """Returns the length of time that the profile sets for a rule."""
        setting = self.rule(name)
        return setting.within if setting is not None else None

    def most(self, name: str) -> int:
        """Returns the number that the profile sets for a rule; 0 for none."""
        setting = self.rule(name)
        return setting.most if setting is not None else 0


def branch_breaches(
    context: RuleContext, branch: Branch, summary: SiteSummary, inspected: Inspected
) -> Iterator[Breach]:
    """Returns the breaches of rules about the branch as a whole and its sections; none for a closed branch."""
    if branch.status == "closed":
        return
    rows = freshness(branch, summary, context.organization, context.now)
    yield from _asleep(context, branch, summary)
    yield from _sections(context, branch, rows)
    yield from _section_count_breaches(context, branch, rows)
    yield from _letters(context, branch, inspected)
    yield from _reachable(context, branch)
    yield from _term(context, branch)
    yield from _purposes(branch, inspected.part.pages)


def _of(branch: Branch, rule: str, **more: object) -> Breach:
    values = {"path": SiteId(branch.slug).settings, **more}
    return Breach(code=rule, branch=branch.slug, **values)  # type: ignore[arg-type]


def _asleep(context: RuleContext, branch: Branch, summary: SiteSummary) -> Iterator[Breach]:
    limit = context.span("site-asleep")
    if limit is None:
        return
    last = last_published(branch, summary)
    if last is None:
        yield _of(branch, "site-asleep", limit=limit)
        return
    day = day_of(last, context.zone)
    if last_day(day, limit, context.organization.holidays) < context.today:
        yield _of(branch, "site-asleep", measure=(context.today - day).days, unit="days", limit=limit)


def _sections(context: RuleContext, branch: Branch, rows: Sequence[Freshness]) -> Iterator[Breach]:
    for row in rows:
        more = {"section": row.slug}
        if row.state == "empty":
            yield _of(branch, "section-empty", arguments={"section": row.title}, **more)
        elif row.last is not None and row.due is not None and row.left is not None:
            args = {"section": row.title, "last": row.last.isoformat(), "due": row.due.isoformat()}
            if row.state == "stale":
                days = days_between(row.last, context.today, row.limit, context.organization.holidays)
                unit = "working days" if row.limit is not None and row.limit.unit == "working days" else "days"
                yield _of(branch, "section-stale", measure=days, unit=unit, limit=row.limit, arguments=args, **more)
            elif row.state == "due":
                yield _of(branch, "section-due", measure=row.left, unit="days", limit=row.limit, arguments=args, **more)


def _section_count_breaches(context: RuleContext, branch: Branch, rows: Sequence[Freshness]) -> Iterator[Breach]:
    """Applies the rules that count sections. Those of news, notices and policies use the profile's own limits."""
    stale = [row.title for row in rows if row.state == "stale"]
    empty = [row.title for row in rows if row.state == "empty"]
    core = [section.title for section in branch.sections if _core_stale(context, section, rows)]
    for rule, names in (("core-sections-stale", core), ("stale-sections", stale), ("empty-sections", empty)):
        most = context.most(rule)
        if most and len(names) >= most:
            yield _of(branch, rule, measure=len(names), limit=most, arguments={"names": tuple(names)})


def _core_stale(context: RuleContext, section: Section, rows: Sequence[Freshness]) -> bool:
    limits = context.organization.profile.update_within
    limit = limits.get(section.slug) or limits.get(section.type)
    row = next((row for row in rows if row.slug == section.slug), None)
    if limit is None or row is None or not (section.slug == _NEWS or section.kind.is_duty):
        return False
    return row.last is None or last_day(row.last, limit, context.organization.holidays) < context.today


def _letters(context: RuleContext, branch: Branch, inspected: Inspected) -> Iterator[Breach]:
    holidays = context.organization.holidays
    longest = context.span("letter-unanswered")
    for letter in inspected.waiting:
        day = day_of(letter.received, context.zone)
        where = {"section": letter.section, "path": letter.path, "line": 1, "arguments": {"received": day.isoformat()}}
        # The official indicators ask for letters of the last year.
        asked = longest is not None and day > first_day(context.today, Span(amount=1, unit="years"))
        if asked and longest is not None and last_day(day, longest, holidays) < context.today:
            days = (context.today - day).days
            yield _of(branch, "letter-unanswered", measure=days, unit="days", limit=longest, **where)
            continue
        limit = _reply_limit(context, branch, letter.section)
        if limit is not None and last_day(day, limit, holidays) < context.today:
            took = days_between(day, context.today, limit, holidays)
            yield _of(branch, "letter-waiting", measure=took, unit=_unit(limit), limit=limit, **where)
    back = context.span("letter-late")
    if back is None:
        return
    for entry in (live.entry for live in inspected.part.entries):
        breach = _late_reply(context, branch, entry, back)
        if breach is not None:
            yield breach


def _late_reply(context: RuleContext, branch: Branch, entry: Entry, back: Span) -> Breach | None:
    """Returns the breach of a letter that was answered too late, within the time that the rule looks back."""
    letter = entry.letter
    limit = _reply_limit(context, branch, entry.section)
    if letter is None or letter.replied is None or limit is None:
        return None
    received, replied = day_of(letter.received.at, context.zone), day_of(letter.replied.at, context.zone)
    holidays = context.organization.holidays
    if replied < first_day(context.today, back) or last_day(received, limit, holidays) >= replied:
        return None
    return _of(
        branch,
        "letter-late",
        section=entry.section,
        path=entry.path,
        line=1,
        measure=days_between(received, replied, limit, holidays),
        unit=_unit(limit),
        limit=limit,
        arguments={"received": received.isoformat()},
    )


def _reply_limit(context: RuleContext, branch: Branch, slug: str) -> Span | None:
    section = branch.section(slug)
    return (section.reply_within if section is not None else None) or context.organization.profile.reply_within


def _unit(limit: Span) -> str:
    return "working days" if limit.unit == "working days" else "days"


def _reachable(context: RuleContext, branch: Branch) -> Iterator[Breach]:
    own = branch.contact
    if own is None or not (own.phone or own.email or own.address):
        yield _of(branch, "contact-missing")
    if not is_reachable(context.organization, branch):
        yield _of(branch, "channel-missing")


def _term(context: RuleContext, branch: Branch) -> Iterator[Breach]:
    limit = context.span("term-ended")
    starts = Counter(day for member in branch.committee if (day := _since(member.since)) is not None)
    if limit is None or not starts:
        return
    # Who came later by a by-election serves the rest of the others' term.
    start = min(starts, key=lambda day: (-starts[day], day))
    due = last_day(start, limit)
    if due < context.today:
        args = {"since": start.isoformat()[:7], "due": due.isoformat()}
        yield _of(branch, "term-ended", measure=(context.today - due).days, unit="days", limit=limit, arguments=args)


def _since(text: str) -> date | None:
    match = _SINCE.match(text.strip())
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None


def _purposes(branch: Branch, pages: Iterable[Page]) -> Iterator[Breach]:
    """Returns breaches for places of the navigation that are called alike, and for a second page of letters."""
    places: dict[str, list[tuple[str, str]]] = {}
    for section in branch.visible_sections:
        key = "letters" if section.kind.gets_replies else _loose(section.title)
        places.setdefault(key, []).append((section.title, section.slug))
    for page in pages:
        places.setdefault(_loose(page.title), []).append((page.title, page.slug))
    for named in places.values():
        if len(named) > 1:
            names = tuple(f"{branch.slug}/{slug}" for _, slug in named)
            yield _of(branch, "purpose-twice", arguments={"title": named[0][0], "places": names})


def _loose(title: str) -> str:
    return "".join(title.split()).casefold()


def hidden_by_most(context: RuleContext, branches: Mapping[str, Branch]) -> Iterator[Breach]:
    """Returns the organization's sections that most of its branches hide."""
    percent = context.most("sections-hidden")
    open_ones: Iterable[Branch] = [branch for branch in branches.values() if branch.status != "closed"]
    total = sum(1 for _ in open_ones)
    if not percent or total < 2:
        return
    for section in context.organization.sections:
        hidden = sum(1 for branch in open_ones if section.slug in branch.hidden)
        if 100 * hidden > percent * total:
            yield Breach(
                code="sections-hidden",
                path=context.organization.source,
                section=section.slug,
                measure=hidden,
                limit=percent,
                arguments={"section": section.title, "total": str(total)},
            )
