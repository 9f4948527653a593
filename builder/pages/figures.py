"""The yearly figures for reports: entries by section, letters and replies, policies and interpretations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo

import msgspec

from builder.catalogue.catalogue import LiveEntry
from builder.formats.html.site import SitePage
from builder.messages.date_texts import month_name
from builder.messages.translation import N_
from builder.model.periods import day_of
from builder.model.stubs import Listed
from builder.model.values import Branch
from builder.pages.context import Context, branch_link
from builder.pages.frame import alternates
from builder.pages.page_data.pages import FiguresPage
from builder.pages.page_data.parts import Choice, Link, SectionLink
from builder.pages.page_data.rows import FiguresGroup, FiguresRow, MonthBar, SectionFigures
from builder.pages.units import rows_by_part

TABLE = "figures.csv"
"""The figures of a year for spreadsheets, beside its page."""
_COLUMNS = (
    N_("Letters answered"),
    N_("days until the reply, on average"),
    N_("Policies"),
    N_("with interpretation"),
    N_("Interpretations"),
)
_HEIGHT = 125
"""The height of the highest bar of a chart, in units of its picture."""
_MOST = 10
"""Years that have a page."""


class Figures(msgspec.Struct):
    """The figures of a branch, or of all, in one year; ``days`` are the days that each reply took."""

    entries: int = 0
    replies: int = 0
    days: int = 0
    policies: int = 0
    interpreted: int = 0
    interpretations: int = 0

    @property
    def mean(self) -> str:
        """The mean number of days until a reply; empty if there were none."""
        return str(round(self.days / self.replies)) if self.replies else ""


def dated_entries(ctx: Context) -> list[LiveEntry]:
    """Returns the entries of all branches by ref, except those of sections without dates."""
    undated = ctx.catalogue.undated_sections
    every = [ctx.catalogue.entries[ref] for ref in sorted(ctx.catalogue.entries)]
    return [live for live in every if (live.entry.branch, live.entry.section) not in undated]


def years_of(lives: Sequence[Listed]) -> list[int]:
    """Returns the years in which something was published, the newest first, ten at most."""
    return sorted({live.entry.date.year for live in lives if live.listed}, reverse=True)[:_MOST]


def figures_pages(
    ctx: Context, crumbs: tuple[Link, ...], lives: Sequence[LiveEntry], titles: Mapping[str, SectionLink]
) -> Iterator[SitePage]:
    """Makes a page for each year; ``titles`` are the sections over all branches, in their order."""
    zone = ctx.organization.zone
    text = ctx.text.gettext
    above = (*crumbs, Link(title=text("Freshness"), url=ctx.link("/health/")))
    years = years_of(lives)
    branches = tuple(ctx.catalogue.descendants(""))
    by_year = _by_year(lives, zone)
    for year in years:
        of_year, earlier = by_year.get(year, []), by_year.get(year - 1, [])
        by_branch: dict[str, list[LiveEntry]] = {}
        for live in of_year:
            by_branch.setdefault(live.entry.branch, []).append(live)
        by_section, sections_before = _sections(of_year), _sections(earlier)
        branches_before = Counter(live.entry.branch for live in earlier)
        months, bars, before_bars = _months(ctx, of_year, earlier, zone)
        rows = tuple(
            _of_branch(ctx, branch, by_branch.get(branch.slug, []), branches_before[branch.slug], zone)
            for branch in branches
        )
        parts = tuple(rows_by_part(rows))
        data = FiguresPage(
            year=str(year),
            before=str(year - 1) if earlier else "",
            table=ctx.link(f"/health/years/{year}/{TABLE}"),
            months=months,
            bars=bars,
            before_bars=before_bars,
            crumbs=above,
            alternates=alternates(ctx),
            noindex=True,
            years=tuple(
                Choice(title=str(each), url=ctx.link(f"/health/years/{each}/"), current=each == year) for each in years
            ),
            total=_row(_count(ctx, of_year, zone), len(earlier)),
            sections=tuple(
                _of_section(title, by_section[slug], sections_before[slug])
                for slug, title in titles.items()
                if by_section[slug] or sections_before[slug]
            ),
            branches=() if parts else rows,
            groups=tuple(
                FiguresGroup(
                    title=title,
                    lang=part[0].lang,
                    entries=sum(row.entries for row in part),
                    rows=part,
                )
                for title, part in parts
            ),
        )
        yield ctx.page(f"/health/years/{year}/", text("Figures of {year}", year=year), data)


def figures_tables(ctx: Context, lives: Sequence[LiveEntry]) -> Iterator[tuple[int, tuple[tuple[str | int, ...], ...]]]:
    """Returns each year that has a page, and its figures as the rows of a table: each branch's, by section too."""
    zone, text = ctx.organization.zone, ctx.text.gettext
    by_year = _by_year(lives, zone)
    for year in years_of(lives):
        of_year, before = by_year.get(year, []), Counter(live.entry.branch for live in by_year.get(year - 1, []))
        sections = sorted(_sections(of_year))
        head = (_heading(ctx.terms["branch"]), text("Entries"), text("Entries in {year}", year=year - 1), *sections)
        rows: list[tuple[str | int, ...]] = [(*head, *map(text, _COLUMNS))]
        for branch in ctx.catalogue.descendants(""):
            own = [live for live in of_year if live.entry.branch == branch.slug]
            figures, counts = _count(ctx, own, zone), _sections(own)
            told = (figures.replies, figures.mean, figures.policies, figures.interpreted, figures.interpretations)
            rows.append((branch.name, len(own), before[branch.slug], *(counts[slug] for slug in sections), *told))
        yield year, tuple(rows)


def _by_year(lives: Iterable[LiveEntry], zone: tzinfo) -> Mapping[int, list[LiveEntry]]:
    found: dict[int, list[LiveEntry]] = {}
    for live in lives:
        if live.listed:
            found.setdefault(day_of(live.entry.date, zone).year, []).append(live)
    return found


def _sections(lives: Iterable[LiveEntry]) -> Counter[str]:
    return Counter(live.entry.section for live in lives)


def _months(
    ctx: Context, lives: Iterable[LiveEntry], earlier: Iterable[LiveEntry], zone: tzinfo
) -> tuple[tuple[MonthBar, ...], str, str]:
    """Returns the entries of each month beside those of the year before, and the bars of both as paths of an SVG."""
    now, before = (Counter(day_of(live.entry.date, zone).month for live in each) for each in (lives, earlier))
    most = max((*now.values(), *before.values()))

    def height(count: int) -> int:
        return -(-_HEIGHT * count // most)

    def bars(counts: Counter[int], start: int) -> str:
        months = (month for month in range(1, 13) if counts[month])
        return "".join(
            f"M{60 * month + start} 150v-{height(counts[month])}h20v{height(counts[month])}z" for month in months
        )

    rows = (
        MonthBar(
            title=month_name(month, ctx.language),
            count=now[month],
            before=before[month],
            x=60 * month - 20,
            y=145 - height(now[month]),
        )
        for month in range(1, 13)
    )
    return tuple(rows), bars(now, -30), bars(before, -54)


def _of_section(link: SectionLink, count: int, before: int) -> SectionFigures:
    return SectionFigures(title=link.title, url=link.url, lang=link.lang, slug=link.slug, count=count, before=before)


def _of_branch(ctx: Context, branch: Branch, lives: Sequence[LiveEntry], before: int, zone: tzinfo) -> FiguresRow:
    link = branch_link(ctx, branch)
    row, depth = _row(_count(ctx, lives, zone), before), len(ctx.catalogue.ancestors(branch.slug))
    return msgspec.structs.replace(row, title=link.title, url=link.url, lang=link.lang, depth=depth)


def _row(figures: Figures, before: int) -> FiguresRow:
    return FiguresRow(
        entries=figures.entries,
        before=before,
        replies=figures.replies,
        mean=figures.mean,
        policies=figures.policies,
        interpreted=figures.interpreted,
        interpretations=figures.interpretations,
    )


def _count(ctx: Context, lives: Sequence[LiveEntry], zone: tzinfo) -> Figures:
    found = Figures(entries=len(lives))
    for live in lives:
        entry = live.entry
        if entry.letter is not None:
            replied = day_of(entry.letter.replied.at if entry.letter.replied else entry.date, zone)
            found.replies += 1
            found.days += max(0, (replied - day_of(entry.letter.received.at, zone)).days)
        if entry.policy is not None:
            found.policies += 1
            found.interpreted += bool(ctx.catalogue.interpreting.get(entry.ref))
        found.interpretations += bool(entry.interprets)
    return found


def _heading(word: str) -> str:
    return word[:1].upper() + word[1:]
