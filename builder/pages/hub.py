"""Every page of the hub: news of all branches, sections, tags, the tree, topics, events, letters, feeds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

import msgspec
from msgspec.structs import replace

from builder.catalogue.sections import hub_path
from builder.formats.html.site import SitePage
from builder.messages.date_texts import date_text
from builder.model.addresses import encoded
from builder.model.kinds import KindClass, Letter, Notice, Voice
from builder.model.stubs import Stub
from builder.model.values import Branch, Section
from builder.pages.branch import about_link, newest_listed, running, section_blocks
from builder.pages.context import Context, branch_link, coming, section_language, undated
from builder.pages.entries import undated_page
from builder.pages.events import events_pages
from builder.pages.feed_places import owner_of
from builder.pages.figures import dated_entries, figures_pages
from builder.pages.frame import alternates, contact_lines, feed_links
from builder.pages.health import health_pages
from builder.pages.hub_lists import hub_entries, hub_entries_of, in_sections
from builder.pages.items import bare_item, items
from builder.pages.known_lists import known_page, rows_digest
from builder.pages.letters import letters_pages
from builder.pages.lists import tag_pages
from builder.pages.notices import not_found_page, redirect_pages, withdrawn_pages
from builder.pages.page_data.item import Item
from builder.pages.page_data.pages import HubHome, SectionPage, TreePage
from builder.pages.page_data.parts import Choice, Choices, Link, OpenGraph, SectionLink, Unit
from builder.pages.page_data.rows import BranchRow, More
from builder.pages.paging import numbered, pagination, parts_of
from builder.pages.schema_org import column_labels, home_nodes
from builder.pages.search_parts import search_page
from builder.pages.subscribe import subscribe_page
from builder.pages.topics import running_topics, topic_pages, topic_row
from builder.pages.units import many, units
from builder.pages.ways import to_write

MOST = 100
_LATEST, _NOTICES, _EVENTS, _LETTERS, _VOICES, _TOPICS = 9, 5, 4, 3, 2, 5
_RUNNING = 6


def hub_pages(ctx: Context) -> Iterator[SitePage]:
    """Makes the pages of the hub, in a fixed order."""
    pages = list(_pages(ctx))
    yield from pages
    yield from redirect_pages(ctx, [page.path for page in pages])


def _pages(ctx: Context) -> Iterator[SitePage]:
    part = ctx.catalogue.live_sites[ctx.site]
    every = hub_entries(ctx)
    shown = [live for live in every if live.listed]
    crumbs = (Link(title=ctx.title, url=ctx.link("/")),)
    by_section = in_sections(ctx, shown)
    yield _home(ctx, shown, by_section)
    for section in ctx.catalogue.sections.shown.values():
        if hub_path(section) == f"/sections/{section.slug}/":
            yield from _section_pages(ctx, section, by_section.get(section.slug, ()), crumbs)
    for page in part.pages:
        yield undated_page(ctx, page, crumbs)
    titles = {section.slug: _section_link(ctx, section) for section in ctx.catalogue.sections.shown.values()}
    yield from topic_pages(ctx, shown, crumbs, titles)
    yield from tag_pages(ctx, shown, "/", crumbs)
    filters = partial(_filters, ctx)
    yield from events_pages(ctx, hub_entries_of(ctx, lambda kind: kind.takes_place), crumbs, filters)
    letters = hub_entries_of(ctx, lambda kind: kind.gets_replies)
    yield from letters_pages(ctx, [live for live in letters if live.listed], crumbs, filters)
    yield _branches(ctx, crumbs)
    going_on = tuple(branch for branch in in_tree_order(ctx) if branch.status != "closed")
    yield subscribe_page(ctx, crumbs, branches=going_on)
    yield _search(ctx, crumbs)
    if ctx.organization.health_public:
        lives = dated_entries(ctx)
        yield from health_pages(ctx, crumbs, lives)
        yield from figures_pages(ctx, crumbs, lives, titles)
    yield from withdrawn_pages(ctx, part)
    yield not_found_page(ctx)


def _of(ctx: Context, kind: KindClass) -> list[Stub]:
    return [live for live in hub_entries_of(ctx, lambda each: issubclass(each, kind)) if live.listed]


def _home(ctx: Context, shown: Sequence[Stub], by_section: Mapping[str, Sequence[Stub]]) -> SitePage:
    mixed = partial(items, ctx, mixed=True)
    part = ctx.catalogue.live_sites[ctx.site]
    about = next((page for page in part.pages if page.slug == "about"), None)
    stories = list(islice((live for live in shown if live.kind.is_news), _LATEST))
    ahead = coming(hub_entries_of(ctx, lambda kind: kind.takes_place), ctx.now)
    notices = _of(ctx, Notice)
    tree = _units(ctx, closed=False)
    data = HubHome(
        description=ctx.organization.description,
        alternates=alternates(ctx),
        latest=mixed(stories),
        notices=mixed(notices[:_NOTICES]),
        running=mixed(running(ctx, notices)[:_RUNNING]),
        soon=mixed([live for live in ahead if live.entry.kind.soon(ctx.now)][:_EVENTS]),
        events=mixed([live for live in ahead if not live.entry.kind.soon(ctx.now)][:_EVENTS]),
        letters=mixed(_of(ctx, Letter)[:_LETTERS]),
        voices=mixed(_of(ctx, Voice)[:_VOICES]),
        sections=tuple(section_blocks(ctx, _by_section(ctx, by_section), stories)),
        filters=_filters(ctx, ""),
        topics=tuple(topic_row(ctx, topic, shown) for topic in running_topics(ctx)[:_TOPICS]),
        tree=tree,
        many=many(tree),
        about=about_link(ctx, about),
        more=_more(ctx),
        contact=contact_lines(ctx.organization.contact),
        write=to_write(ctx, "/"),
        og=OpenGraph(type="website"),
    )
    return ctx.page("/", ctx.title, data, about=home_nodes(ctx))


def _by_section(
    ctx: Context, lives: Mapping[str, Sequence[Stub]]
) -> Iterator[tuple[SectionLink, Section, Sequence[Stub]]]:
    """Yields the organization's sections, each with its entries in all branches."""
    for section in ctx.organization.sections:
        yield _section_link(ctx, section), section, lives.get(section.slug, ())


def _filters(ctx: Context, current: str) -> tuple[Choices, ...]:
    """Returns the filters of a list over all branches: by section, of which ``current`` is the address of the one that is shown,
    and by part of the organization. A part leads to the same section there, of one that has others below it in all of
    them."""
    text = ctx.text.gettext
    everything = Choice(title=text("Everything"), url=ctx.link("/"), current=not current)
    links = [_section_link(ctx, section) for section in ctx.catalogue.sections.shown.values()]
    sections = {
        link.url: Choice(title=link.title, url=link.url, lang=link.lang, current=link.url == current)
        for link in reversed(links)
    }
    here = tuple(link.slug for link in links if link.url == current)
    # Of lists that are of no section they are the same.
    known: dict[tuple[str, ...], tuple[Unit, ...]] = ctx.kept_lists.setdefault("parts", {})
    if here not in known:
        known[here] = units(ctx, filter(ctx.catalogue.is_open, in_tree_order(ctx)), partial(_part, ctx, here))
    parts = known[here]
    rows = [Choices(title=text("By section"), links=(everything, *reversed(sections.values())))]
    if parts:
        rows.append(Choices(title=text("By part of the organization"), units=parts, many=many(parts)))
    return tuple(rows)


def _part(ctx: Context, sections: Sequence[str], branch: Branch) -> str:
    """Returns the address of a part of the organization's own list: of everything, or of the first of some sections."""
    whole = bool(ctx.catalogue.children.get(branch.slug))
    if not sections:
        return ctx.link(f"/{branch.slug}/all/" if whole else f"/{branch.slug}/")
    below = ctx.catalogue.sections_below(branch.slug) if whole else frozenset()
    if found := [each for each in sections if each in below]:
        dated = ctx.catalogue.sections.shown[found[0]].kind.takes_place
        return ctx.link(f"/{branch.slug}/all/") + ("" if dated else f"#{encoded(found[0])}")
    shown = next((each.slug for each in branch.visible_sections if each.slug in sections), "")
    return ctx.link(f"/{branch.slug}/{shown}/" if shown else f"/{branch.slug}/")


def _more(ctx: Context) -> More:
    """Returns the full list behind each list of the home page."""
    first = {section.kind: ctx.link(hub_path(section)) for section in reversed(ctx.organization.sections)}
    return More(
        notice=first.get(Notice, ""),
        event=ctx.link("/events/"),
        letter=ctx.link("/letters/"),
        voice=first.get(Voice, ""),
        branches=ctx.link("/branches/"),
        topic=ctx.link("/topics/"),
    )


def _section_pages(
    ctx: Context, section: Section, lives: Sequence[Stub], crumbs: tuple[Link, ...]
) -> Iterator[SitePage]:
    """Makes the pages of the newest of a section's entries in all branches."""
    feed, home = f"/feeds/{section.slug}/", f"/sections/{section.slug}/"
    link = _section_link(ctx, section)
    search = f"{ctx.link('/search/')}?section={encoded(section.slug)}" if len(lives) > MOST else ""
    for number, total, part in parts_of(lives[:MOST]):
        filled = _filled(ctx) if number == 1 else ""
        inputs = rows_digest(ctx, part, link, section, crumbs, search, number, total, filled)
        if (page := known_page(ctx, numbered(home, number), inputs)) is not None:
            yield page
            continue
        data = SectionPage(
            crumbs=crumbs if number == 1 else (*crumbs, link),
            section=replace(link, description=section.description),
            type=section.type,
            dated=section.dated,
            entries=items(ctx, part, mixed=True),
            feeds=feed_links(ctx, feed, section.title),
            alternates=alternates(ctx, (feed, f"{ctx.title} · {section.title}")),
            description=section.description,
            labels=column_labels(ctx, section),
            filters=_filters(ctx, link.url) if number == 1 else (),
            pages=pagination(ctx, home, number, total, search),
        )
        yield ctx.page(numbered(home, number), section.title, data, inputs=inputs)


def _filled(ctx: Context) -> str:
    """Returns the hash of what filters show of the branches beside their settings: in which sections each has anything."""
    if "filled sections" not in ctx.kept_lists:
        told = msgspec.msgpack.encode([(slug, each.filled) for slug, each in sorted(ctx.catalogue.summaries.items())])
        ctx.kept_lists["filled sections"] = hashlib.sha256(told).hexdigest()
    filled: str = ctx.kept_lists["filled sections"]
    return filled


def _branch_row(ctx: Context, branch: Branch) -> BranchRow:
    """Returns a branch and those below it, closed ones too."""
    newest, link = newest_listed(ctx, branch.slug), branch_link(ctx, branch)
    return BranchRow(
        title=link.title,
        url=link.url,
        lang=link.lang,
        name=branch.name,
        description=branch.description,
        status=branch.status,
        contact=contact_lines(branch.contact) if branch.status != "closed" else None,
        members=branch.members,
        count=ctx.catalogue.summaries[branch.slug].entries,
        last=_last(ctx, newest) if newest else None,
        all_url=ctx.link(f"/{branch.slug}/all/") if ctx.catalogue.children.get(branch.slug) else "",
        children=tuple(_branch_row(ctx, child) for child in ctx.catalogue.children.get(branch.slug, ())),
    )


def _units(ctx: Context, *, closed: bool = True, contacts: bool = False) -> tuple[Unit, ...]:
    """Returns all branches by their home pages, each with the date of its newest entry; without ``closed`` the open ones, with
    ``contacts`` also how to reach each."""

    def note(branch: Branch) -> str:
        if branch.status == "closed":
            return ctx.text.gettext("{branch} closed", **ctx.terms)
        newest = newest_listed(ctx, branch.slug)
        return date_text(newest.entry.date.date(), ctx.language) if newest else ""

    shown = (branch for branch in in_tree_order(ctx) if closed or ctx.catalogue.is_open(branch))
    return units(ctx, shown, lambda branch: ctx.link(f"/{branch.slug}/"), note, contacts=contacts)


def _last(ctx: Context, live: Stub) -> Item:
    """Returns the newest entry of a branch, with its date if it has one."""
    if undated(ctx, live.entry):
        return bare_item(ctx, live)
    day = live.entry.date.date()
    return replace(bare_item(ctx, live), date=day.isoformat(), date_text=date_text(day, ctx.language))


def _branches(ctx: Context, crumbs: tuple[Link, ...]) -> SitePage:
    found = _units(ctx, contacts=True)
    rows = () if many(found) else tuple(_branch_row(ctx, branch) for branch in ctx.catalogue.children.get("", ()))
    data = TreePage(crumbs=crumbs, alternates=alternates(ctx), branches=rows, units=found if many(found) else ())
    return ctx.page("/branches/", ctx.text.gettext("All {branches}", **ctx.terms), data)


def _section_link(ctx: Context, section: Section) -> SectionLink:
    """Returns a section's title and its page over all branches; a branch's own section has a title in its language."""
    return SectionLink(
        title=section.title,
        url=ctx.link(hub_path(section)),
        slug=section.slug,
        lang=ctx.spoken(section_language(ctx, owner_of(ctx, section), section)),
    )


def in_tree_order(ctx: Context) -> Iterator[Branch]:
    """Returns all branches, each followed by those below it."""
    yield from ctx.catalogue.descendants("")


def _search(ctx: Context, crumbs: tuple[Link, ...]) -> SitePage:
    text = ctx.text.gettext
    links = [
        Link(title=text("All {branches}", **ctx.terms), url=ctx.link("/branches/")),
        Link(title=text("Topics"), url=ctx.link("/topics/")),
        Link(title=text("Tags"), url=ctx.link("/tags/"))
        if any(stub.tags for stub in hub_entries(ctx) if stub.listed)
        else None,
        Link(title=text("Events"), url=ctx.link("/events/")),
        Link(title=text("Letters and replies"), url=ctx.link("/letters/")),
    ]
    return search_page(ctx, crumbs, [link for link in links if link])
