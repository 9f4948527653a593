"""The yearly figures for reports: entries by section, letters and replies, policies and interpretations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo

import msgspec

from builder.catalogue.catalogue import LiveEntry
from builder.formats.html.site import SitePage
from builder.model.periods import day_of
from builder.model.values import Branch
from builder.pages.context import Context, branch_link
from builder.pages.frame import alternates
from builder.pages.page_data.pages import FiguresPage
from builder.pages.page_data.parts import Choice, Link, SectionLink
from builder.pages.page_data.rows import FiguresRow, SectionFigures

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
    undated = {
        (slug, section.slug)
        for slug, branch in ctx.catalogue.branches.items()
        for section in branch.sections
        if not section.dated
    }
    every = [ctx.catalogue.entries[ref] for ref in sorted(ctx.catalogue.entries)]
    return [live for live in every if (live.entry.branch, live.entry.section) not in undated]


def years_of(lives: Sequence[LiveEntry]) -> list[int]:
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
    for year in years:
        of_year = [live for live in lives if live.listed and day_of(live.entry.date, zone).year == year]
        by_branch: dict[str, list[LiveEntry]] = {}
        by_section: dict[str, int] = {}
        for live in of_year:
            by_branch.setdefault(live.entry.branch, []).append(live)
            by_section[live.entry.section] = by_section.get(live.entry.section, 0) + 1
        data = FiguresPage(
            crumbs=above,
            alternates=alternates(ctx),
            noindex=True,
            years=tuple(
                Choice(title=str(each), url=ctx.link(f"/health/years/{each}/"), current=each == year) for each in years
            ),
            total=_row(_count(ctx, of_year, zone)),
            sections=tuple(
                _of_section(title, by_section[slug]) for slug, title in titles.items() if slug in by_section
            ),
            branches=tuple(_of_branch(ctx, branch, by_branch.get(branch.slug, []), zone) for branch in branches),
        )
        yield ctx.page(f"/health/years/{year}/", text("Figures of {year}", year=year), data)


def _of_section(link: SectionLink, count: int) -> SectionFigures:
    return SectionFigures(title=link.title, url=link.url, lang=link.lang, slug=link.slug, count=count)


def _of_branch(ctx: Context, branch: Branch, lives: Sequence[LiveEntry], zone: tzinfo) -> FiguresRow:
    link = branch_link(ctx, branch)
    row, depth = _row(_count(ctx, lives, zone)), len(ctx.catalogue.ancestors(branch.slug))
    return msgspec.structs.replace(row, title=link.title, url=link.url, lang=link.lang, depth=depth)


def _row(figures: Figures) -> FiguresRow:
    return FiguresRow(
        entries=figures.entries,
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
