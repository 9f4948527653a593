"""The input of a site's search index, and its search page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter
from sys import intern

import msgspec

from builder.catalogue.bodies import Resolved
from builder.catalogue.catalogue import LiveEntry, path_of
from builder.catalogue.sections import hub_path
from builder.formats.html.site import SitePage
from builder.formats.search import Document, Part
from builder.model.stubs import EntryHead, Listed
from builder.model.values import Branch, Contact, Entry, Page, Topic
from builder.pages.context import ROOT, Context, place, undated
from builder.pages.frame import alternates
from builder.pages.hub_lists import hub_entries, hub_entries_of
from builder.pages.kinds import PAGES
from builder.pages.page_data.pages import SearchPage
from builder.pages.page_data.parts import Link
from builder.pages.page_data.rows import SearchChoice

_ENCODER = msgspec.json.Encoder(order="deterministic")


def search_parts(ctx: Context, bodies: Mapping[str, Resolved], last: Mapping[str, str] = {}) -> dict[str, Part]:
    """Returns the documents of the site's search index, in parts that change together. ``last`` are the digests of the parts of
    the last index: where only texts were edited, the parts without one of these have theirs.

    In a branch: its entries and pages with their full text, a part for each section and year, and entries that others
    share with it. In the hub: titles, summaries and tags of all branches' content, a part for each branch.
    """
    if ctx.site:
        return _branch_parts(ctx, bodies, last)
    parts: dict[str, Part] = {}
    for slug, summary in sorted(ctx.catalogue.summaries.items()):
        if slug:
            parts[slug] = Part(" ".join((summary.listed, *_above(ctx, slug))), _Slice(ctx, slug))
        else:
            part = ctx.catalogue.live_sites[slug]
            own: Iterable[Page | Topic] = (*_for_readers(part.pages), *part.topics)
            parts["."] = _ready_part(_page(ctx, each, _text(bodies, each.path), part=".") for each in own)
    return parts


def search_page(ctx: Context, crumbs: tuple[Link, ...], links: Iterable[Link] = ()) -> SitePage:
    """Makes the search page of the site; ``links`` are other places to look."""
    lives: Sequence[Listed]
    if ctx.site:
        lives = [live for live, _ in _entries(ctx)]
        owners = [ctx.site, *sorted({live.entry.branch for live in lives} - {ctx.site})]
        branches = [ctx.catalogue.branches[slug] for slug in owners]
    else:
        lives = hub_entries(ctx)
        branches = [branch for branch in ctx.catalogue.descendants("") if ctx.catalogue.summaries[branch.slug].entries]
    titles: dict[str, str] = {section.slug: section.title for section in ctx.organization.sections}
    titles |= {
        section.slug: section.title for branch in branches for section in branch.sections if section.slug not in titles
    }
    if ctx.branch is not None:
        titles |= {section.slug: section.title for section in ctx.branch.sections}
    used = set(map(attrgetter("section" if not ctx.site else "entry.section"), lives))
    years = {f"{year:04d}" for year in _years(ctx, lives)}
    data = SearchPage(
        crumbs=crumbs,
        alternates=alternates(ctx),
        links=tuple(_without_sections(ctx, links)),
        index=ctx.link(f"{ctx.home}search/"),
        branches=tuple(_choices(ctx, branches)),
        sections=tuple(SearchChoice(slug=slug, title=title) for slug, title in titles.items() if slug in used),
        years=tuple(sorted(years, reverse=True)),
        hub_search=ctx.link("/search/") if ctx.site else "",
        below=f"{ctx.site}/" if ctx.site and ctx.catalogue.children.get(ctx.site) else "",
    )
    return ctx.page(f"{ctx.home}search/", ctx.text.gettext("Search"), data)


def _years(ctx: Context, lives: Sequence[Listed]) -> set[int]:
    """Returns the years under which entries are found."""
    if ctx.site or ctx.catalogue.undated_sections:
        return {day.year for live in lives if (day := _day_of(ctx, live.entry)) is not None}
    # Of tens of thousands, most by their date: only of the others it is asked what else it may be.
    others = hub_entries_of(ctx, lambda kind: kind.takes_place)
    found = set(map(attrgetter("date.year"), hub_entries_of(ctx, lambda kind: not kind.takes_place)))
    return found | {day.year for live in others if (day := _day_of(ctx, live)) is not None}


def _without_sections(ctx: Context, links: Iterable[Link]) -> Iterator[Link]:
    """Yields the links but those to a page that a section has anyway: sections are offered by their own names."""
    if ctx.branch is not None:
        yield from links
        return
    known = {ctx.link(hub_path(section)) for section in ctx.organization.sections}
    yield from (link for link in links if link.url not in known)


def _choices(ctx: Context, branches: Iterable[Branch]) -> Iterator[SearchChoice]:
    """Returns the branches to choose from, in the given order. In the hub a branch is also offered with all below it,
    before these and one level less deep."""
    if ctx.site:
        yield from (SearchChoice(slug=branch.slug, title=branch.title) for branch in branches)
        return
    filled = {branch.slug for branch in branches}
    with_more = {above for slug in filled for above in _above(ctx, slug)}
    for branch in ctx.catalogue.descendants(""):
        depth = len(_above(ctx, branch.slug))
        if branch.slug in with_more:
            title = ctx.text.gettext("{name} and its {branches}", name=branch.title, **ctx.terms)
            yield SearchChoice(slug=f"{branch.slug}/", title=title, depth=depth)
        if branch.slug in filled:
            deeper = depth + (branch.slug in with_more)
            # One with an address of its own has its search there.
            address = ctx.rooted(f"/{branch.slug}/search/")
            own = "" if address.startswith("/") else address
            yield SearchChoice(slug=branch.slug, title=branch.title, depth=deeper, url=own)


def _above(ctx: Context, slug: str) -> tuple[str, ...]:
    return tuple(branch.slug for branch in ctx.catalogue.ancestors(slug))


def _branch_parts(ctx: Context, bodies: Mapping[str, Resolved], last: Mapping[str, str]) -> dict[str, Part]:
    found: dict[str, list[Entry | Branch | Page]] = {}
    for live, shared in _entries(ctx):
        entry = live.entry
        found.setdefault("shared" if shared else f"{entry.section}/{entry.date.year}", []).append(entry)
    branches = [ctx.catalogue.branches[ctx.site], *ctx.catalogue.descendants(ctx.site)]
    found["."] = [*branches, *_for_readers(ctx.catalogue.live_sites[ctx.site].pages)]
    edited = ctx.known.edited if ctx.known is not None else None
    parts: dict[str, Part] = {}
    for name, members in sorted(found.items()):
        documents = partial(_documents, ctx, name, members, bodies)
        same = edited is not None and edited.isdisjoint(each.path for each in members if not isinstance(each, Branch))
        parts[name] = Part(last[name], documents) if same and name in last else _ready_part(documents())
    return parts


def _documents(
    ctx: Context, part: str, members: Iterable[Entry | Branch | Page], bodies: Mapping[str, Resolved]
) -> Iterator[Document]:
    """Makes the documents of a part of a branch's index."""
    for each in members:
        if isinstance(each, Branch):
            yield _branch(ctx, each, part=part)
        elif isinstance(each, Page):
            yield _page(ctx, each, _text(bodies, each.path), part=part)
        else:
            yield _entry(ctx, each, "" if part == "shared" else _text(bodies, each.path), part=part)


def _entries(ctx: Context) -> Iterator[tuple[LiveEntry, bool]]:
    """Returns the entries in the branch's index, each with True if another branch shares it."""
    yield from ((live, False) for live in ctx.catalogue.live_sites[ctx.site].entries)
    yield from ((live, True) for live in ctx.catalogue.shared(ctx.site))


class _Slice:
    """The documents of a branch in the hub's index, loaded when they are needed."""

    def __init__(self, ctx: Context, slug: str) -> None:
        self.ctx, self.slug = ctx, slug

    def __call__(self) -> Iterator[Document]:
        part = self.ctx.catalogue.live_sites[self.slug]
        above = _above(self.ctx, self.slug)
        if part.branch is not None:
            yield _branch(self.ctx, part.branch, above=above)
        yield from (_entry(self.ctx, live.entry, "", above=above) for live in part.entries if live.entry.hub)
        yield from (_page(self.ctx, page, "", above=above) for page in _for_readers(part.pages))
        self.ctx.catalogue.forget(self.slug)


def _ready_part(documents: Iterable[Document]) -> Part:
    """Makes a part whose documents are in memory."""
    found = tuple(documents)
    return Part(hashlib.sha256(_ENCODER.encode(found)).hexdigest()[:32], lambda: found)


def _text(bodies: Mapping[str, Resolved], path: str) -> str:
    return bodies[path].body.text if path in bodies else ""


def _entry(ctx: Context, entry: Entry, text: str, part: str = "", above: tuple[str, ...] = ()) -> Document:
    """Makes the document of an entry; with its text, a summary that was taken from it is left out.

    What many entries say alike is kept in memory once: an index of a whole organization holds documents of all of them.
    """
    said = PAGES[entry.type].said(entry.kind)
    summary = entry.summary if entry.summary_written or not (text or said) else ""
    return Document(
        url=place(ctx, entry).removeprefix(ROOT),
        date=intern(_day(ctx, entry)),
        branch=intern(entry.branch),
        section=intern(entry.section),
        title=entry.title,
        keywords=tuple(dict.fromkeys(intern(word) for word in _keywords(entry) if word)),
        summary="\n".join(each for each in (said, summary) if each),
        text=text,
        part=part,
        above=above,
        standing="repealed" if entry.policy is not None and entry.policy.status == "repealed" else "",
    )


def _day(ctx: Context, entry: Entry) -> str:
    day = _day_of(ctx, entry)
    return day.date().isoformat() if day is not None else ""


def _day_of(ctx: Context, entry: EntryHead) -> datetime | None:
    """Returns the moment under whose day an entry is found: of an event that at which it begins; None if it has none."""
    if (starts := entry.kind.starts) is not None:
        return starts.at
    return None if undated(ctx, entry) else entry.date


def _branch(ctx: Context, branch: Branch, part: str = "", above: tuple[str, ...] = ()) -> Document:
    """Makes the document of a branch: whoever knows one of its names, its people or its rooms finds it."""
    contact = branch.contact or Contact()
    people = (word for member in branch.committee for word in (member.role, member.name))
    words = (branch.short_name, branch.name_en, *people, contact.person, contact.phone, contact.email, contact.address)
    return Document(
        url=ctx.rooted(f"/{branch.slug}/"),
        date="",
        branch=branch.slug,
        section="",
        title=branch.name,
        keywords=tuple(dict.fromkeys(word for word in words if word and word != branch.name)),
        summary=branch.description,
        part=part,
        above=above,
        standing="branch",
    )


def _for_readers(pages: Iterable[Page]) -> list[Page]:
    return [page for page in pages if not page.for_editors]


def _keywords(entry: Entry) -> Iterator[str]:
    yield from entry.tags
    yield from entry.authors
    if entry.credit is not None:
        yield entry.credit.name
    yield from PAGES[entry.type].keywords(entry.kind)
    yield from (file.title for file in entry.attachments)


def _page(ctx: Context, page: Page | Topic, text: str, part: str = "", above: tuple[str, ...] = ()) -> Document:
    path = path_of(page)
    return Document(
        url=ctx.rooted(path),
        date="",
        branch=page.branch if isinstance(page, Page) else "",
        section="",
        title=page.title,
        keywords=tuple(file.title for file in page.attachments if file.title) if isinstance(page, Page) else (),
        summary="" if text else page.summary,
        text=text,
        part=part,
        above=above,
    )
