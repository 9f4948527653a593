"""The health pages: the freshness of each branch, its tasks with their deadlines, and the yearly figures.

Only these pages may change from day to day, since they count the days that are left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import msgspec

from builder.catalogue.catalogue import Catalogue
from builder.catalogue.freshness import WORST, Freshness, State, freshness, last_published
from builder.formats.html.site import SitePage
from builder.messages.date_texts import date_text
from builder.messages.translation import N_
from builder.model.periods import day_of
from builder.model.stubs import Listed
from builder.model.values import Branch
from builder.pages.context import Context, branch_link
from builder.pages.dues import due_text, dues
from builder.pages.figures import years_of
from builder.pages.frame import alternates
from builder.pages.page_data.pages import BranchHealthPage, HealthPage
from builder.pages.page_data.parts import Choice, Link
from builder.pages.page_data.rows import DueRow, HealthGroup, HealthRow, SectionHealth, Spark
from builder.pages.units import rows_by_part

_TEXTS: dict[State, str] = {
    "fresh": N_("up to date"),
    "due": N_("due soon"),
    "stale": N_("overdue"),
    "empty": N_("empty"),
    "none": N_("no limit"),
}
_MONTHS = 24
_NEAR = timedelta(days=60)
"""The days ahead for which a branch's page shows what is due."""


def health_pages(ctx: Context, crumbs: tuple[Link, ...], lives: Sequence[Listed]) -> Iterator[SitePage]:
    """Makes the table of all branches in tree order, and a page for each; ``lives`` are the entries that the hub lists."""
    branches = tuple(ctx.catalogue.descendants(""))
    text = ctx.text.gettext
    today = _today(ctx)
    today_text = date_text(today, ctx.language)
    rows = tuple(_row(ctx, branch, today) for branch in branches)
    groups = tuple(_groups(ctx, rows))
    data = HealthPage(
        crumbs=crumbs,
        alternates=alternates(ctx),
        noindex=True,
        today_text=today_text,
        rows=() if groups else rows,
        groups=groups,
        years=tuple(Choice(title=str(year), url=ctx.link(f"/health/years/{year}/")) for year in years_of(lives)),
    )
    yield ctx.page("/health/", text("Freshness"), data)
    above = (*crumbs, Link(title=text("Freshness"), url=ctx.link("/health/")))
    for branch in branches:
        title = text("{name}: what is due", name=branch.title)
        yield ctx.page(f"/health/branches/{branch.slug}/", title, _of_branch(ctx, branch, today, above))


def _groups(ctx: Context, rows: Sequence[HealthRow]) -> Iterator[HealthGroup]:
    """Yields the parts that many rows are folded into."""
    for title, part in rows_by_part(rows):
        late = sum(row.state == "stale" for row in part)
        said = ctx.text.gettext("{n} overdue", n=late) if late else ""
        yield HealthGroup(title=title, lang=part[0].lang, count=len(part), late_text=said, rows=tuple(part))


def _today(ctx: Context) -> date:
    return day_of(ctx.now, ctx.organization.zone)


class Row(msgspec.Struct, frozen=True):
    """A branch's last publication, the worst state of its sections, and the sections."""

    slug: str
    last: date | None
    state: State
    cells: tuple[Freshness, ...]


def health_rows(catalogue: Catalogue, now: datetime) -> tuple[Row, ...]:
    """Returns the freshness of every branch, in tree order: the health pages depend on this and on the day."""
    return tuple(_freshness_row(catalogue, branch, now) for branch in catalogue.descendants(""))


def _freshness_row(catalogue: Catalogue, branch: Branch, now: datetime) -> Row:
    summary = catalogue.summaries[branch.slug]
    cells = freshness(branch, summary, catalogue.organization, now)
    last = last_published(branch, summary)
    zone = catalogue.organization.zone
    # Some empty sections do not make a branch empty, nor hide that others are due.
    counted = [cell.state for cell in cells if cell.state != "empty" or not summary.filled]
    state: State = max(counted, key=WORST.index, default="none")
    return Row(branch.slug, day_of(last, zone) if last is not None else None, state, cells)


def _row(ctx: Context, branch: Branch, today: date) -> HealthRow:
    row = _freshness_row(ctx.catalogue, branch, ctx.now)
    next_due = min(
        (cell for cell in row.cells if cell.due is not None), key=lambda cell: cell.due or today, default=None
    )
    link = branch_link(ctx, branch)
    return HealthRow(
        title=link.title,
        url=link.url,
        lang=link.lang,
        own_url=ctx.link(f"/health/branches/{branch.slug}/"),
        depth=len(ctx.catalogue.ancestors(branch.slug)),
        state=row.state,
        rank=WORST.index(row.state),
        state_text=_state_text(ctx, branch, row),
        gaps_text=_gaps(ctx, row),
        last=row.last.isoformat() if row.last else "",
        last_text=date_text(row.last, ctx.language) if row.last else "",
        section=next_due.title if next_due else "",
        left=next_due.left if next_due else None,
        left_text=_left(ctx, next_due.left) if next_due and next_due.left is not None else "",
        waiting=ctx.catalogue.summaries[branch.slug].waiting,
        spark=_sparkline(ctx, ctx.catalogue.stubs[branch.slug], today),
    )


def _state_text(ctx: Context, branch: Branch, row: Row) -> str:
    return ctx.text.gettext(N_("closed") if branch.status == "closed" else _TEXTS[row.state])


def _gaps(ctx: Context, row: Row) -> str:
    """Returns the number of a branch's empty sections, in words; empty if all are, which the state already says."""
    count = sum(cell.state == "empty" for cell in row.cells) if row.state != "empty" else 0
    if not count:
        return ""
    return ctx.text.gettext("{n} empty sections", n=count) if count > 1 else ctx.text.gettext("one empty section")


def _cell(ctx: Context, cell: Freshness) -> SectionHealth:
    return SectionHealth(
        title=cell.title,
        last_text=date_text(cell.last, ctx.language) if cell.last else "",
        due_text=date_text(cell.due, ctx.language) if cell.due else "",
        left_text=_left(ctx, cell.left) if cell.left is not None else "",
        state=cell.state,
        state_text=ctx.text.gettext(_TEXTS[cell.state]),
    )


def _left(ctx: Context, left: int) -> str:
    """Returns the days that are left, or have passed, in words."""
    if left == 0:
        return ctx.text.gettext("today")
    if left < 0:
        return ctx.text.gettext("{n} days overdue", n=-left) if left < -1 else ctx.text.gettext("one day overdue")
    return ctx.text.gettext("{n} days left", n=left) if left > 1 else ctx.text.gettext("one day left")


def _of_branch(ctx: Context, branch: Branch, today: date, crumbs: tuple[Link, ...]) -> BranchHealthPage:
    row = _freshness_row(ctx.catalogue, branch, ctx.now)
    return BranchHealthPage(
        crumbs=crumbs,
        alternates=alternates(ctx),
        noindex=True,
        today_text=date_text(today, ctx.language),
        branch=branch_link(ctx, branch),
        state=row.state,
        state_text=_state_text(ctx, branch, row),
        gaps_text=_gaps(ctx, row),
        dues=tuple(
            DueRow(
                text=due_text(ctx, branch, due),
                date=due.day.isoformat(),
                date_text=date_text(due.day, ctx.language),
                left_text=_left(ctx, (due.day - today).days),
                over=due.day < today,
            )
            for due in dues(ctx.catalogue, branch, ctx.now)
            if due.day <= today + _NEAR
        ),
        sections=tuple(_cell(ctx, cell) for cell in row.cells),
        spark=_sparkline(ctx, ctx.catalogue.stubs[branch.slug], today),
        calendar_url="webcal:" + ctx.addresses.absolute(f"/health/branches/{branch.slug}/health.ics").partition(":")[2],
    )


def _sparkline(ctx: Context, lives: Sequence[Listed], today: date) -> Spark:
    """Returns the number of entries in each of the last 24 months, as the path of an SVG of 96 by 20, and in words."""
    zone = ctx.organization.zone
    newest = today.year * 12 + today.month - 1
    counts = [0] * _MONTHS
    for live in lives:
        day = day_of(live.entry.date, zone)
        place = _MONTHS - 1 - (newest - (day.year * 12 + day.month - 1))
        if live.listed and 0 <= place < _MONTHS:
            counts[place] += 1
    most = max(counts)
    heights = [round(18 * count / most) if most else 0 for count in counts]
    bars = [
        f"M{place * 4} 20v-{max(2, height)}h3v{max(2, height)}z"
        for place, (count, height) in enumerate(zip(counts, heights, strict=True))
        if count
    ]
    told = ctx.text.gettext(
        "{total} in the last two years, {recent} in the last three months", total=sum(counts), recent=sum(counts[-3:])
    )
    return Spark(path="".join(bars), text=told, total=sum(counts))
