"""The parts that all pages of a site share: its name, its place in the tree, its navigation, its feeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from builder.catalogue.sections import hub_path
from builder.formats.html.site import NavItem
from builder.messages.date_texts import moment_text
from builder.model.addresses import encoded, plain_host
from builder.model.media import Shape, thumbnail
from builder.model.site_id import SiteId
from builder.model.site_map import CALENDAR_FILE, CALENDAR_TYPE, FEED_FORMATS
from builder.model.values import Contact
from builder.pages.context import Context, section_language
from builder.pages.feed_places import feed_places, is_offered, webcal
from builder.pages.page_data.parts import ContactLines, FeedLink, Link, SectionLink
from builder.pages.page_data.site import OrganizationNames, SiteData, SiteNames, TermWords

_LABELS = ("branch_label", "branches_label", "committee_label", "members_label")


def feed_links(ctx: Context, path: str, title: str, link: Callable[[str], str] | None = None) -> tuple[FeedLink, ...]:
    """Returns links for people to what can be subscribed to at ``path``: to the list's place on the subscribe page, which
    says how, and to the calendar; ``link`` gives addresses (default: those for a page's data)."""
    link = link or ctx.link
    place = next((each for each in feed_places(ctx, ctx.branch) if each.path == path), None)
    found = []
    if place is not None and is_offered(ctx, place):
        names = " · ".join(each.title for each in FEED_FORMATS if each.shown)
        url = f"{link(f'{ctx.home}feeds/')}#{encoded(place.anchor)}"
        found.append(FeedLink(title=f"{title} · {names}", url=url, type="text/html"))
    if path in ctx.calendars:
        name = f"{title} · {ctx.text.gettext('Calendar')}"
        found.append(FeedLink(title=name, url=webcal(ctx, path), type=CALENDAR_TYPE))
    return tuple(found)


def alternates(ctx: Context, *near: tuple[str, str]) -> tuple[FeedLink, ...]:
    """Returns the targets of ``<link rel=alternate>``: the feeds at the given paths, then the site's, then the hub's."""
    name = f"alternates {near}"
    if name not in ctx.kept_lists:
        places = [*near]
        if ctx.branch is not None:
            places.append((f"/{ctx.site}/", ctx.title))
        places.append(("/", ctx.organization.short_name or ctx.organization.name))
        found = (link for path, title in dict.fromkeys(places) for link in _machine_links(ctx, path, title))
        ctx.kept_lists[name] = tuple(found)
    links: tuple[FeedLink, ...] = ctx.kept_lists[name]
    return links


def _machine_links(ctx: Context, path: str, title: str) -> list[FeedLink]:
    """Returns the feeds and the calendar at ``path`` for programs, without feeds that are empty by design."""
    formats = FEED_FORMATS if path not in ctx.silent else ()
    kinds = [(each.title, each.file, each.media_type) for each in formats]
    if path == "/" or path in ctx.calendars:
        kinds.append((ctx.text.gettext("Calendar"), CALENDAR_FILE, CALENDAR_TYPE))
    return [FeedLink(title=f"{title} · {kind}", url=ctx.link(path + file), type=mime) for kind, file, mime in kinds]


def contact_lines(contact: Contact | None) -> ContactLines | None:
    """Returns a contact as templates read it; None if nothing of it is filled in."""
    if contact is None or contact == Contact():
        return None
    return ContactLines(person=contact.person, email=contact.email, phone=contact.phone, address=contact.address)


def site_extra(ctx: Context) -> bytes:
    """Returns the ``config.extra`` of the site, as JSON."""
    organization, branch = ctx.organization, ctx.branch
    home = SiteId(ctx.site).home
    title = branch.title if branch else organization.short_name or organization.name
    known = organization.logo in ctx.sizes
    logo = thumbnail(ctx.published(organization.logo), ctx.shapes.get(organization.logo, Shape()))
    data = SiteData(
        site=SiteNames(
            kind="branch" if branch else "hub",
            title=title,
            name=branch.name if branch else organization.name,
            description=branch.description if branch else organization.description,
            home=ctx.rooted(home),
            language=ctx.language,
            status=branch.status if branch else "active",
            closed_text=moment_text(branch.closed, ctx.language) if branch else "",
        ),
        terms=_term_words(ctx),
        accent=branch.accent if branch else "",
        icon=ctx.rooted(icon) if (icon := ctx.addresses.mark(home, organization, "icon")) else "",
        frames=tuple(f"https://{name}" for host in organization.markdown.frames_from if (name := plain_host(host))),
        organization=OrganizationNames(
            name=organization.name,
            short_name=organization.title_in(ctx.language)[0],
            home=ctx.rooted("/"),
            lang=ctx.spoken(organization.title_in(ctx.language)[1]),
            description=organization.description,
            logo=ctx.rooted(logo) if known else "",
            contact=contact_lines(organization.contact),
        ),
        trail=_trail(ctx),
        sections=_sections(ctx),
        languages=_languages(ctx),
        contact=contact_lines(branch.contact if branch else organization.contact),
        feeds=feed_links(ctx, home, title, ctx.rooted),
        labels=_labels(ctx, title),
        subscribe_url=ctx.rooted(f"{home}feeds/"),
        search_url=ctx.rooted(f"{home}search/"),
        tree_url=ctx.rooted("/branches/"),
    )
    return msgspec.json.Encoder(order="deterministic").encode(data)


def _term_words(ctx: Context) -> TermWords:
    branch, branches, *others = (ctx.terms[name] for name in ("branch", "branches", "committee", "members"))
    labels = (word[:1].upper() + word[1:] for word in (branch, branches, *others))
    return TermWords(branch=branch, branches=branches, **dict(zip(_LABELS, labels, strict=True)))


def _trail(ctx: Context) -> tuple[Link, ...]:
    """Returns the way from the hub to the branch above; nothing in the hub."""
    if ctx.branch is None:
        return ()
    named = [(ctx.organization.title_in(ctx.language), "/")]
    named += [(each.title_in(ctx.language), f"/{each.slug}/") for each in ctx.catalogue.ancestors(ctx.site)]
    return tuple(Link(title=title, url=ctx.rooted(path), lang=ctx.spoken(told)) for (title, told), path in named)


def _labels(ctx: Context, title: str) -> Mapping[str, str]:
    """Returns the official labels of Chinese public sites (GB/T-style meta names)."""
    labels = {
        "SiteName": title,
        "SiteDomain": ctx.addresses.site_url(ctx.site).split("/")[2],
        "SiteIDCode": ctx.organization.site_id,
    }
    return {key: value for key, value in labels.items() if value}


def _sections(ctx: Context) -> tuple[SectionLink, ...]:
    branch = ctx.branch
    sections = ctx.organization.sections if branch is None else branch.visible_sections
    return tuple(
        SectionLink(
            title=section.title,
            url=ctx.rooted(hub_path(section) if branch is None else f"/{branch.slug}/{section.slug}/"),
            slug=section.slug,
        )
        for section in sections
    )


def _languages(ctx: Context) -> Mapping[str, str]:
    """Returns the language of each navigation title that is not in the site's language, by the page's output file."""
    branch = ctx.branch
    titles = {page.slug: page.lang for page in ctx.catalogue.live_sites[ctx.site].pages}
    titles |= {section.slug: section_language(ctx, branch, section) for section in (branch.sections if branch else ())}
    return {f"{slug}/index.html": each for slug, each in sorted(titles.items()) if each != ctx.language}


def site_nav(ctx: Context) -> tuple[NavItem, ...]:
    """Returns the navigation: home, sections, undated pages; never a dated entry."""
    text = ctx.text.gettext
    part = ctx.catalogue.live_sites[ctx.site]
    home = NavItem(text("Home"), path="index.html")
    # A page in a folder of the hub is found on that folder's own page.
    shown = (page for page in part.pages if "/" not in page.slug and not page.for_editors)
    pages = tuple(NavItem(page.title, path=f"{page.slug}/index.html") for page in shown)
    if ctx.branch is None:
        own = [
            NavItem(_term_words(ctx).branches_label, path="branches/index.html"),
            NavItem(text("Topics"), path="topics/index.html"),
        ]
        if not any(section.kind.takes_place for section in ctx.organization.sections):
            own.append(NavItem(text("Events"), path="events/index.html"))
        paths: dict[str, NavItem] = {}
        for section in ctx.organization.sections:
            path = f"{hub_path(section)[1:]}index.html"
            paths.setdefault(path, NavItem(section.title, path=path))
        return (home, *paths.values(), *own, *pages)
    sections = [NavItem(section.title, path=f"{section.slug}/index.html") for section in ctx.branch.visible_sections]
    return (home, *sections, *pages)
