"""The lists of a site that have feeds: where each is, its page, its titles. Pure.

Feeds, calendars, the subscribe page, the OPML outline and the links between pages and feeds all follow from these.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from builder.catalogue.sections import hub_path
from builder.model.site_map import CALENDAR_FILE, CALENDAR_TYPE, FEED_FORMATS
from builder.model.values import Branch, Section
from builder.pages.context import Context, section_language
from builder.pages.page_data.parts import FeedLink


class FeedPlace(msgspec.Struct, frozen=True):
    """A list with feeds: ``path`` is the folder of the feeds, ``page`` the page that shows the list.

    ``title`` names the list among those of all sites, ``label`` among those of its site, in ``language``. ``name`` is what its
    feed id ends with. ``section`` and ``topic`` say what it lists; ``subtree`` is true for a branch and those below it.
    Its files are also written in the ``former`` folders, for those who subscribed there. One that is not ``offered`` is only
    for those who have it: pages and outlines do not name it. ``calendar`` says that it has a calendar even without events.
    """

    path: str
    page: str
    title: str
    label: str
    name: str
    language: str
    subtitle: str = ""
    section: str = ""
    topic: str = ""
    subtree: bool = False
    former: tuple[str, ...] = ()
    offered: bool = True
    calendar: bool = True

    @property
    def anchor(self) -> str:
        """The id of the list on the subscribe page of its site."""
        return f"list-{self.section or self.topic or ('all' if self.subtree else 'everything')}"


def feed_places(ctx: Context, branch: Branch | None) -> Iterator[FeedPlace]:
    """Returns the lists with feeds that pages offer."""
    return (place for place in every_feed_place(ctx, branch) if place.offered)


def every_feed_place(ctx: Context, branch: Branch | None) -> tuple[FeedPlace, ...]:
    """Returns the lists with feeds of a branch's site, or of the hub's for None, the list of everything first.

    Those of a branch without branches below it and of hidden sections go on for their subscribers, whether or not
    there ever were any: what is written follows from the content alone.
    """
    known: dict[str, tuple[FeedPlace, ...]] = ctx.kept_lists.setdefault("places", {})
    slug = branch.slug if branch is not None else ""
    if slug not in known:
        known[slug] = tuple(_hub_places(ctx) if branch is None else _branch_places(ctx, branch))
    return known[slug]


def _branch_places(ctx: Context, branch: Branch) -> Iterator[FeedPlace]:
    gettext = ctx.text.gettext
    home, first = f"/{branch.slug}/", ctx.catalogue.names.first_name(branch.slug)
    language = branch.language
    yield FeedPlace(home, home, branch.name, gettext("Everything"), first, language, branch.description)
    above = bool(ctx.catalogue.children.get(branch.slug))
    path = f"{home}all/"
    yield FeedPlace(
        path,
        path if above else home,
        gettext("{name} and its {branches}", name=branch.title, **ctx.terms),
        gettext("With all {branches} below it", **ctx.terms),
        f"{first}/all",
        language,
        branch.description,
        subtree=True,
        offered=above,
    )
    visible = {section.slug for section in branch.visible_sections}
    for section in branch.sections:
        path = f"{home}{section.slug}/"
        yield FeedPlace(
            path,
            path if section.slug in visible else home,
            f"{branch.title} · {section.title}",
            section.title,
            f"{first}/{branch.first_name(section)}",
            section_language(ctx, branch, section),
            section.description,
            section=section.slug,
            former=tuple(f"{home}{name}/" for name in branch.former_names(section)),
            offered=section.slug in visible,
            calendar=section.kind.takes_place,
        )


def _hub_places(ctx: Context) -> Iterator[FeedPlace]:
    organization = ctx.organization
    own = organization.language
    everything = ctx.text.gettext("Everything")
    yield FeedPlace("/", "/", organization.name, everything, "hub", own, organization.description)
    sections = ctx.catalogue.sections
    for section in (*sections.shown.values(), *sections.hidden.values()):
        names = sections.former_names(section.slug)
        shown = section.slug in sections.shown
        yield FeedPlace(
            f"/feeds/{section.slug}/",
            hub_path(section) if shown else "/",
            f"{ctx.title} · {section.title}",
            section.title,
            f"feeds/{next(iter(names), section.slug)}",
            section_language(ctx, owner_of(ctx, section), section),
            section.description,
            section=section.slug,
            former=tuple(f"/feeds/{name}/" for name in names),
            offered=shown,
            calendar=section.kind.takes_place,
        )
    for slug, topic in sorted(ctx.catalogue.topics.items()):
        path, title = f"/topics/{slug}/", f"{ctx.title} · {topic.title}"
        language = topic.lang or own
        yield FeedPlace(path, path, title, topic.title, path.strip("/"), language, topic.summary, topic=slug)


def is_offered(ctx: Context, place: FeedPlace) -> bool:
    """Tells whether pages offer the feeds of a list to people: not where they are empty by design."""
    return place.path not in ctx.silent


def owner_of(ctx: Context, section: Section) -> Branch | None:
    """Returns the first branch, by slug, that has this section."""
    if "branches by slug" not in ctx.kept_lists:
        ctx.kept_lists["branches by slug"] = [branch for _, branch in sorted(ctx.catalogue.branches.items())]
    branches: list[Branch] = ctx.kept_lists["branches by slug"]
    return next((branch for branch in branches if section in branch.sections), None)


def format_links(ctx: Context, place: FeedPlace) -> tuple[FeedLink, ...]:
    """Returns each format of a list's feeds with its full address, for people to copy; then the calendar, if any."""
    absolute, path = ctx.addresses.absolute, place.path
    formats = FEED_FORMATS if is_offered(ctx, place) else ()
    found = [FeedLink(title=each.title, url=absolute(path + each.file), type=each.media_type) for each in formats]
    if path in ctx.calendars:
        found.append(FeedLink(title=ctx.text.gettext("Calendar"), url=webcal(ctx, path), type=CALENDAR_TYPE))
    return tuple(found)


def webcal(ctx: Context, path: str) -> str:
    """Returns the ``webcal:`` address of the calendar at ``path``, which calendar programs subscribe to."""
    return "webcal:" + ctx.addresses.absolute(path + CALENDAR_FILE).partition(":")[2]
