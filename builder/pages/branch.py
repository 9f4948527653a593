"""Every page of a branch's site."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter

from builder.catalogue.catalogue import LiveEntry, newest_first, path_of
from builder.formats.html.site import SitePage
from builder.messages.date_texts import date_text
from builder.model.kinds import Event, KindClass, Letter, Notice, Voice
from builder.model.stubs import L, Listed, Stub
from builder.model.values import Branch, Page, Section
from builder.pages.context import Context, branch_link, coming, section_link, topic_link
from builder.pages.entries import entry_page, neighbours, undated_page
from builder.pages.frame import alternates, contact_lines
from builder.pages.items import items
from builder.pages.lists import by_section, list_pages, listed, section_pages, tag_pages
from builder.pages.notices import not_found_page, redirect_pages, withdrawn_pages
from builder.pages.page_data.pages import BranchHome
from builder.pages.page_data.parts import Link, OpenGraph, SectionLink
from builder.pages.page_data.rows import About, Child, Member, More, SectionBlock, TopicRow
from builder.pages.schema_org import home_nodes
from builder.pages.search_parts import search_page
from builder.pages.subscribe import subscribe_page
from builder.pages.subtree import below, subtree_pages
from builder.pages.ways import to_write

_LATEST, _NOTICES, _EVENTS, _VOICES, _LETTERS, _FROM_BRANCHES, _OF_TOPIC, _RUNNING = 8, 5, 4, 2, 3, 4, 2, 6
_IN_BLOCK = 3


def branch_pages(ctx: Context) -> Iterator[SitePage]:
    """The pages of the branch ``ctx.site``, in a fixed order: home, sections, entries, pages, tags, lists, notes."""
    pages = list(_pages(ctx))
    yield from pages
    yield from redirect_pages(ctx, [page.path for page in pages])


def _pages(ctx: Context) -> Iterator[SitePage]:
    branch = ctx.catalogue.branches[ctx.site]
    part = ctx.catalogue.live_sites[ctx.site]
    sections = by_section(ctx)
    crumbs = (*trail(ctx, branch), branch_link(ctx, branch))
    yield _home(ctx, branch, sections)
    for section in branch.visible_sections:
        yield from section_pages(ctx, section, sections.get(section.slug, ()), crumbs)
    for slug in sorted({live.entry.section for live in part.entries}):
        own = [live for live in part.entries if live.entry.section == slug]
        near = neighbours(own)
        for live in sorted(own, key=lambda live: live.entry.slug):
            if live.entry.has_page:
                yield entry_page(ctx, live, near[live.entry.ref], crumbs)
    for page in part.pages:
        yield undated_page(ctx, page, crumbs)
    yield from tag_pages(ctx, newest_first(listed(part.entries), ctx.now, ctx.site), f"/{ctx.site}/", crumbs)
    yield from _shared(ctx, crumbs)
    yield from subtree_pages(ctx, branch, crumbs)
    yield subscribe_page(ctx, crumbs)
    yield search_page(ctx, crumbs, where_else(ctx))
    yield from withdrawn_pages(ctx, part)
    yield not_found_page(ctx)


def edited_pages(ctx: Context, edited: Collection[str]) -> Iterator[SitePage]:
    """The pages of those documents of the branch that are at the source paths ``edited``."""
    branch, part = ctx.catalogue.branches[ctx.site], ctx.catalogue.live_sites[ctx.site]
    crumbs = (*trail(ctx, branch), branch_link(ctx, branch))
    lives = [live for live in part.entries if live.entry.path in edited and live.entry.has_page]
    for slug in sorted({live.entry.section for live in lives}):
        near = neighbours([live for live in part.entries if live.entry.section == slug])
        for live in lives:
            if live.entry.section == slug:
                yield entry_page(ctx, live, near[live.entry.ref], crumbs)
    yield from (undated_page(ctx, page, crumbs) for page in part.pages if page.path in edited)


def where_else(ctx: Context) -> Iterator[Link]:
    """Returns links to the lists in which a reader can look without a search."""
    text = ctx.text.gettext
    if ctx.tags:
        yield Link(title=text("Tags"), url=ctx.link(f"/{ctx.site}/tags/"))
    if ctx.catalogue.children.get(ctx.site):
        yield Link(
            title=text("{name} and its {branches}", name=ctx.title, **ctx.terms), url=ctx.link(f"/{ctx.site}/all/")
        )
    yield Link(title=text("All {branches}", **ctx.terms), url=ctx.link("/branches/"))


def trail(ctx: Context, branch: Branch) -> tuple[Link, ...]:
    """Returns the breadcrumb from the hub down to the branch above ``branch``."""
    name, language = ctx.organization.title_in(ctx.language)
    hub = Link(title=name, url=ctx.link("/"), lang=ctx.spoken(language))
    return (hub, *(branch_link(ctx, above) for above in ctx.catalogue.ancestors(branch.slug)))


def _home(ctx: Context, branch: Branch, sections: Mapping[str, Sequence[LiveEntry]]) -> SitePage:
    part = ctx.catalogue.live_sites[ctx.site]
    shown = {section.slug: section for section in branch.visible_sections}
    all_listed = newest_first(
        (live for slug, lives in sections.items() if slug in shown or slug == "shared" for live in listed(lives)),
        ctx.now,
        ctx.site,
    )
    stories = [live for live in all_listed if live.entry.kind.is_news]
    notices = _of(all_listed, Notice)
    if not stories:
        # Of a branch without news the notices are what is new.
        stories, notices = notices, []
    about = next((page for page in part.pages if page.slug == "about"), None)
    ahead = coming(_every(sections, shown), ctx.now)
    data = BranchHome(
        description=branch.description,
        alternates=alternates(ctx),
        latest=items(ctx, stories[:_LATEST]),
        notices=items(ctx, notices[:_NOTICES]),
        running=items(ctx, running(ctx, all_listed)[:_RUNNING]),
        soon=items(ctx, [live for live in ahead if live.entry.kind.soon(ctx.now)][:_EVENTS]),
        events=items(ctx, [live for live in ahead if not live.entry.kind.soon(ctx.now)][:_EVENTS]),
        voices=items(ctx, _of(all_listed, Voice)[:_VOICES]),
        letters=items(ctx, _of(all_listed, Letter)[:_LETTERS]),
        news_sections=tuple(
            section_blocks(
                ctx,
                ((section_link(ctx, branch, slug), section, sections.get(slug, ())) for slug, section in shown.items()),
                stories[:_LATEST],
            )
        ),
        about=about_link(ctx, about),
        committee=_committee(ctx, branch),
        members=branch.members,
        contact=contact_lines(branch.contact),
        write=to_write(ctx, f"/{ctx.site}/"),
        children=tuple(_child(ctx, child) for child in open_children(ctx, ctx.site)),
        from_branches=items(ctx, below(ctx, ctx.site)[:_FROM_BRANCHES], mixed=True),
        more=_more(ctx, shown, all_listed),
        elsewhere=tuple(_elsewhere(ctx, sections)),
        topics=_topics(ctx, all_listed),
        health_url=_health_url(ctx, branch),
        og=OpenGraph(type="website"),
    )
    return ctx.page(f"/{ctx.site}/", branch.title, data, about=home_nodes(ctx))


def _health_url(ctx: Context, branch: Branch) -> str:
    """Returns the address of the branch's health page; empty for a closed branch."""
    public = ctx.organization.health_public and branch.status != "closed"
    return ctx.link(f"/health/branches/{ctx.site}/") if public else ""


def _elsewhere(ctx: Context, sections: Mapping[str, Sequence[LiveEntry]]) -> Iterator[Link]:
    """Yields the lists of a branch that are no section's: what others share with it, all of it and of those below it."""
    text = ctx.text.gettext
    if any(live.entry.branch != ctx.site and live.listed for lives in sections.values() for live in lives):
        yield Link(title=text("Shared with us"), url=ctx.link(f"/{ctx.site}/shared/"))
    if ctx.catalogue.children.get(ctx.site):
        title = text("{name} and its {branches}", name=ctx.title, **ctx.terms)
        yield Link(title=title, url=ctx.link(f"/{ctx.site}/all/"))


def _more(ctx: Context, shown: Mapping[str, Section], lives: Iterable[LiveEntry]) -> More:
    """Returns the full list behind each list of the home page: for a type, its first section that has entries."""
    filled = {live.entry.section for live in lives}
    first: dict[KindClass, str] = {}
    for section in sorted(shown.values(), key=lambda section: section.slug not in filled):
        first.setdefault(section.kind, ctx.link(f"/{ctx.site}/{section.slug}/"))
    return More(
        notice=first.get(Notice, ""),
        event=first.get(Event, ""),
        letter=first.get(Letter, ""),
        voice=first.get(Voice, ""),
        branches=ctx.link(f"/{ctx.site}/all/") if ctx.catalogue.children.get(ctx.site) else "",
        topic=ctx.link("/topics/"),
    )


def about_link(ctx: Context, page: Page | None) -> About | None:
    """Returns the opening of the site's about page, and its address."""
    return About(text=page.summary, url=ctx.link(path_of(page)), lang=ctx.spoken(page.lang)) if page else None


def running(ctx: Context, lives: Iterable[L]) -> list[L]:
    """Returns the public notices whose period has not ended, what ends first before the others."""
    found = [live for live in lives if isinstance(live.entry.kind, Notice) and live.entry.kind.runs(ctx.now)]
    return sorted(found, key=_end)


def _end(live: Listed) -> tuple[float, str]:
    kind = live.entry.kind
    period = kind.period if isinstance(kind, Notice) else None
    return (period.to.end.timestamp() if period is not None and period.to is not None else 0), live.entry.ref


def _of(lives: Sequence[LiveEntry], kind: KindClass) -> list[LiveEntry]:
    return [live for live in lives if isinstance(live.entry.kind, kind)]


def _every(sections: Mapping[str, Sequence[LiveEntry]], shown: Mapping[str, Section]) -> list[LiveEntry]:
    return [live for slug, lives in sections.items() if slug in shown or slug == "shared" for live in lives]


def section_blocks(
    ctx: Context, sections: Iterable[tuple[SectionLink, Section, Sequence[Listed]]], told: Iterable[Listed]
) -> Iterator[SectionBlock]:
    """Yields, for a home page, the sections of news whose entries are not all ``told`` above: those that have several more by
    date. What has no date is found in the navigation, a single entry on its section's page."""
    known = {live.entry.ref for live in told}
    for link, section, lives in sections:
        rest = list(islice((live for live in lives if live.listed and live.entry.ref not in known), _IN_BLOCK))
        if section.kind.is_news and section.dated and len(rest) > 1:
            yield SectionBlock(section=link, entries=items(ctx, rest, mixed=not ctx.site))


def _committee(ctx: Context, branch: Branch) -> tuple[Member, ...]:
    return tuple(
        Member(name=member.name, role=member.role, since=member.since, photo=ctx.thumbnail(member.photo))
        for member in branch.committee
    )


def _child(ctx: Context, branch: Branch) -> Child:
    newest, link = newest_listed(ctx, branch.slug), branch_link(ctx, branch)
    return Child(
        title=link.title,
        url=link.url,
        lang=link.lang,
        date_text=date_text(newest.entry.date.date(), ctx.language) if newest else "",
        status=branch.status,
    )


def open_children(ctx: Context, slug: str) -> list[Branch]:
    """The branches directly below ``slug`` (empty: the organization) that navigation shows: the open ones."""
    return [child for child in ctx.catalogue.children.get(slug, ()) if ctx.catalogue.is_open(child)]


def newest_listed(ctx: Context, slug: str) -> Stub | None:
    """The entry that a branch published last."""
    known: dict[str, Stub | None] = ctx.kept_lists.setdefault("newest", {})
    if slug not in known:
        # By ref: of several of one moment the first is found.
        shown = [stub for stub in ctx.catalogue.stubs[slug] if stub.listed]
        known[slug] = max(shown, key=attrgetter("date"), default=None)
    return known[slug]


def _topics(ctx: Context, all_listed: Sequence[LiveEntry]) -> tuple[TopicRow, ...]:
    """The running topics to which the branch has contributed, each with its newest contributions."""
    found: list[TopicRow] = []
    for slug, topic in sorted(ctx.catalogue.topics.items()):
        own = [live for live in all_listed if live.entry.branch == ctx.site and slug in live.entry.topics]
        if own and not (topic.closed is not None and topic.closed.over(ctx.now)):
            link = topic_link(ctx, topic)
            entries = items(ctx, own[:_OF_TOPIC])
            found.append(TopicRow(title=link.title, url=link.url, lang=link.lang, entries=entries))
    return tuple(found)


def _shared(ctx: Context, crumbs: tuple[Link, ...]) -> Iterator[SitePage]:
    lives = newest_first(listed(ctx.catalogue.shared(ctx.site)), ctx.now, ctx.site)
    if lives:
        text = ctx.text.gettext
        lead = text("Entries that other {branches} share with us. Each leads to its own page there.", **ctx.terms)
        yield from list_pages(ctx, f"/{ctx.site}/shared/", text("Shared with us"), lead, lives, crumbs)
