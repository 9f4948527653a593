"""The health page: for each branch and section when something was last published, against ``update_within``."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec

from builder.catalogue import Catalogue
from builder.i18n import N_
from builder.model import Branch, Section, Span
from builder.render.site import SitePage
from builder.views.common import Context, Data
from builder.views.frame import alternates
from builder.views.lists import visible_sections
from builder.views.texts import date_text

_TEXTS = {
    "fresh": N_("up to date"),
    "due": N_("due soon"),
    "stale": N_("overdue"),
    "empty": N_("empty"),
    "none": N_("no limit"),
}
_ORDER = ("none", "fresh", "due", "empty", "stale")
_SOON = timedelta(days=7)


def health_page(ctx: Context, crumbs: list[Data]) -> SitePage:
    """The table of all branches in the order of the tree."""
    rows = [_shown(ctx, row) for row in health_rows(ctx.catalogue, ctx.now)]
    data: Data = {"crumbs": crumbs, "alternates": alternates(ctx), "rows": rows, "noindex": True}
    return ctx.page("/health/", ctx.text.gettext("Freshness"), "health.html", data)


class Cell(msgspec.Struct, frozen=True):
    """A section's last publication, and its state: ``fresh``, ``due``, ``stale``, ``empty``, ``none`` without a limit."""

    title: str
    last: date | None
    state: str


class Row(msgspec.Struct, frozen=True):
    """A branch's last publication, its depth in the tree, the worst state of its sections."""

    slug: str
    title: str
    depth: int
    last: date | None
    state: str
    cells: tuple[Cell, ...]
    closed: bool


def health_rows(catalogue: Catalogue, now: datetime) -> tuple[Row, ...]:
    """The freshness of every branch, in the order of the tree."""
    return tuple(_row(catalogue, branch, now) for branch in catalogue.descendants(""))


def _row(catalogue: Catalogue, branch: Branch, now: datetime) -> Row:
    last = catalogue.surfaces[branch.slug].latest
    closed = branch.status == "closed"
    cells = () if closed else tuple(_cell(section, last.get(section.slug), now) for section in visible_sections(branch))
    return Row(
        slug=branch.slug,
        title=branch.title,
        depth=len(catalogue.ancestors(branch.slug)),
        last=max(last.values()).date() if last else None,
        state=max((cell.state for cell in cells), key=_ORDER.index, default="none"),
        cells=cells,
        closed=closed,
    )


def _cell(section: Section, last: datetime | None, now: datetime) -> Cell:
    return Cell(section.title, last.date() if last else None, _state(last, section.update_within, now))


def _shown(ctx: Context, row: Row) -> Data:
    text = ctx.text.gettext
    return {
        "title": row.title,
        "url": ctx.link(f"/{row.slug}/"),
        "depth": row.depth,
        "state": row.state,
        "state_text": text(N_("closed") if row.closed else _TEXTS[row.state]),
        "last_text": date_text(row.last, ctx.language) if row.last else "",
        "sections": [
            {
                "title": cell.title,
                "last_text": date_text(cell.last, ctx.language) if cell.last else "",
                "state": cell.state,
                "state_text": text(_TEXTS[cell.state]),
            }
            for cell in row.cells
        ],
    }


def _state(last: datetime | None, within: Span | None, now: datetime) -> str:
    if within is None:
        return "none"
    if last is None:
        return "empty"
    until = last + timedelta(days=days(within))
    if until < now:
        return "stale"
    return "due" if until - now < _SOON else "fresh"


def days(span: Span) -> int:
    """The length of a span in days; a month counts 31, a year 366, five working days are a week."""
    each = {"days": 1, "weeks": 7, "months": 31, "years": 366}
    if span.unit == "working days":
        return -(-span.amount * 7 // 5)
    return span.amount * each[span.unit]
