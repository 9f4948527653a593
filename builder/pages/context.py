"""The context that all page functions read: live content, addresses, dates as text, the data of an entry in a list."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from builder.catalogue.catalogue import Catalogue, LiveEntry, path_of
from builder.catalogue.tags import spellings
from builder.formats.html.site import SitePage
from builder.formats.jsonld import breadcrumbs, graph
from builder.messages.locales import language_title, locale_of
from builder.messages.terms import words
from builder.messages.translation import Translator, translator
from builder.model.addresses import Addresses, encoded, output_file
from builder.model.card import Card
from builder.model.media import Shape, offered, published_at, thumbnail
from builder.model.site_map import EVENT_FILE
from builder.model.stubs import EntryHead, L, Listed
from builder.model.values import Branch, Entry, Organization, Section, Topic
from builder.pages.page_data.parts import Link, OpenGraph, PageData, Picture, SectionLink, Translation
from builder.pages.translations import counterpart

_ENCODER = msgspec.json.Encoder(order="deterministic")


ROOT = "\0"
"""Stands, in a page's body and data, for what leads from that page to the root. No content can hold it."""
_ROOT_IN_JSON = b"\\u0000"


class RenderedBody(msgspec.Struct, frozen=True):
    """A document's body, ready for its page: finished HTML, and its headings (level, id, text)."""

    html: str = ""
    headings: tuple[tuple[int, str, str], ...] = ()


class Known(msgspec.Struct, frozen=True):
    """The knowledge of a site's last release: ``pages`` are the hashes of what its pages were derived from, by output file;
    ``around`` is that of all that they may show and that is in no entry. ``read`` gives the bytes of a file, empty if there is
    none; the branches that are the ``same`` publish what they did when it was made, and all around them is as it was. If the
    site differs from it in nothing but the texts of some documents, these are the ``edited`` ones, by source path, and the
    ``surroundings`` of its pages are those that they had. ``common`` is the hash of what any page of any site may show."""

    around: str
    pages: Mapping[str, str] = {}
    read: Callable[[str], bytes] = lambda path: b""
    same: frozenset[str] = frozenset()
    edited: frozenset[str] | None = None
    surroundings: str = ""
    common: str = ""


@dataclass(frozen=True)
class Context:
    """The input of every page function: all live content, the addresses, the site that is built, and the instant.

    By source path: ``written`` has the finished bodies, ``sizes`` the size in bytes of each file that the site
    publishes, ``shown`` the pictures that a body shows itself. ``moved`` leads from old paths in the site's folder to new ones.
    ``files`` are the paths, in the site, of the copied files, ``shapes`` the sizes of the site's own pictures by source path.
    ``told`` are the last changes that the site's feeds have told, by the end of their ids. Pages that were derived from the same
    in the release that is ``known`` are not derived again.
    """

    catalogue: Catalogue
    addresses: Addresses
    site: str
    now: datetime
    written: Mapping[str, RenderedBody] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    shown: Mapping[str, frozenset[str]] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    files: frozenset[str] = frozenset()
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    told: Mapping[str, datetime] = field(default_factory=dict)
    known: Known | None = None

    @cached_property
    def links(self) -> dict[str, str]:
        """The addresses that :meth:`link` has made: lists lead to the same entries again and again."""
        return {}

    @cached_property
    def kept_lists(self) -> dict[str, Any]:
        """The lists that many pages show, and the long ones of all entries, by a name each: sorting these takes longest."""
        return {}

    @cached_property
    def listed(self) -> dict[tuple[str, bool], Any]:
        """The rows of entries in lists, by ref, in those of one branch and of several."""
        return {}

    @cached_property
    def surroundings(self) -> str:
        """The hash of all that any page of an entry may show but for the entries themselves."""
        if self.known is not None and self.known.surroundings:
            return self.known.surroundings
        summary = self.catalogue.summaries[self.site]
        own = summary.claims, summary.offers, summary.pairs, summary.moves, summary.page_moves, summary.filled
        around = self.known.around if self.known is not None else ""
        return hashlib.sha256(_ENCODER.encode((around, own, self.shared_surroundings))).hexdigest()

    @cached_property
    def shared_surroundings(self) -> bytes:
        """The hash of all that a list of entries may show but for these themselves, be they of other branches."""
        part = self.catalogue.live_sites[self.site]
        own = (
            msgspec.structs.replace(part, entries=()),
            (dict(self.tags), sorted(self.fed), sorted(self.calendars), sorted(self.silent)),
            (dict(self.sizes), dict(self.shapes), sorted(self.files)),
        )
        common = self.known.common if self.known is not None else ""
        return hashlib.sha256(_ENCODER.encode((common, own))).digest()

    @cached_property
    def organization(self) -> Organization:
        """The organization."""
        return self.catalogue.organization

    @cached_property
    def branch(self) -> Branch | None:
        """The branch that the site is of; None for the hub."""
        return self.catalogue.branches.get(self.site)

    @cached_property
    def language(self) -> str:
        """The site's language."""
        return self.branch.language if self.branch else self.organization.language

    @cached_property
    def text(self) -> Translator:
        """The site's texts."""
        return translator(self.language)

    @cached_property
    def terms(self) -> Mapping[str, str]:
        """The words for branches and committees, for texts that name them."""
        return words(self.organization.terms, self.text)

    @cached_property
    def title(self) -> str:
        """The site's short name."""
        branch = self.branch
        return branch.title if branch else self.organization.short_name or self.organization.name

    @cached_property
    def home(self) -> str:
        """The path of the site's home page."""
        return self.addresses.home(self.site)

    @cached_property
    def kindred(self) -> Mapping[tuple[str, str], tuple[LiveEntry, ...]]:
        """The site's entries by topic and by tag, newest first."""
        found: dict[tuple[str, str], list[LiveEntry]] = {}
        part = self.catalogue.live_sites.get(self.site)
        by_ref = sorted(part.entries if part else (), key=lambda live: live.entry.ref)
        for live in sorted(by_ref, key=lambda live: live.entry.date, reverse=True):
            for slug in live.entry.topics:
                found.setdefault(("topic", slug), []).append(live)
            for tag in live.entry.tags:
                found.setdefault(("tag", tag), []).append(live)
        return {mark: tuple(lives) for mark, lives in found.items()}

    @cached_property
    def kindred_places(self) -> Mapping[tuple[tuple[str, str], str], int]:
        """The position of each ref in the lists of :attr:`kindred`."""
        return {
            (mark, live.entry.ref): place for mark, lives in self.kindred.items() for place, live in enumerate(lives)
        }

    @cached_property
    def tags(self) -> Mapping[str, str]:
        """The preferred spelling of each tag in the site's entries (for the hub: in all), by the tag's normal form."""
        if self.site:
            part = self.catalogue.live_sites.get(self.site)
            return spellings(live.entry.tags for live in (part.entries if part else ()) if live.listed)
        return spellings(stub.tags for stub in self.catalogue.stubs.all if stub.listed and stub.hub)

    @cached_property
    def calendars(self) -> frozenset[str]:
        """The paths of the site's lists that have a calendar; the hub's list of everything always has one."""
        if not self.site:
            lives = [stub for stub in self.catalogue.stubs.all if stub.kind.takes_place and stub.hub]
            found = {f"/feeds/{stub.section}/" for stub in lives}
            return frozenset(found | {f"/topics/{slug}/" for stub in lives for slug in stub.topics} | {"/"})
        home, live_sites = self.home, self.catalogue.live_sites
        own = [live for live in live_sites[self.site].entries if live.entry.event] if self.site in live_sites else []
        shared = [live for live in self.catalogue.shared(self.site) if live.entry.event]
        sections = {live.entry.section for live in own}
        sections |= {self.catalogue.section_for(self.site, live) for live in shared}
        paths = {f"{home}{section}/" for section in sections} | ({home} if own or shared else set())
        below = (self.catalogue.stubs[branch.slug] for branch in self.catalogue.descendants(self.site))
        if own or any(stub.event for stubs in below for stub in stubs):
            paths.add(f"{home}all/")
        return frozenset(paths)

    @cached_property
    def fed(self) -> frozenset[str]:
        """The paths of the site's lists that have something in their feeds now."""
        catalogue = self.catalogue
        if self.branch is None:
            filled, topics = set[str](), set[str]()
            for stub in catalogue.stubs.all:
                # Of most entries that is known by then.
                if (stub.topics or stub.section not in filled) and stub.hub and self._is_news(stub):
                    filled.add(stub.section)
                    topics.update(stub.topics)
            found = {f"/feeds/{section}/" for section in filled} | {f"/topics/{slug}/" for slug in topics}
            return frozenset(found | ({"/"} if filled else set()))
        home = self.home
        own = set[str]()
        for live in catalogue.stubs.heads(self.site):
            if live.entry.section not in own and self._is_news(live):
                own.add(live.entry.section)
        sections = {
            catalogue.section_for(self.site, live) for live in catalogue.shared(self.site) if self._is_news(live)
        }
        if self.branch.status == "closed":
            # The last item says so.
            sections |= {section.slug for section in self.branch.visible_sections}
        found = {f"{home}{slug}/" for slug in sections | own} | ({home} if sections | own else set())
        below = (each for branch in catalogue.descendants(self.site) for each in catalogue.stubs[branch.slug])
        if own or not catalogue.is_open(self.branch) or any(map(self._is_news, below)):
            found.add(f"{home}all/")
        return frozenset(found)

    @cached_property
    def silent(self) -> frozenset[str]:
        """The paths of the site's lists whose feeds are empty by design: of what has no date, or takes place and is in the
        calendar. Nobody is offered these."""
        sections: Iterable[Section]
        if self.branch is None:
            hub = self.catalogue.sections
            base, sections = "/feeds/", (*hub.shown.values(), *hub.hidden.values())
        else:
            base, sections = self.home, self.branch.sections
        paths = (f"{base}{each.slug}/" for each in sections if not each.dated or each.kind.takes_place)
        return frozenset(path for path in paths if path not in self.fed)

    def _is_news(self, live: Listed) -> bool:
        return live.listed and not undated(self, live.entry)

    def link(self, path: str) -> str:
        """Returns ``path`` as the data of this site's pages holds it: after ROOT if it is in the site's own tree."""
        made = self.links.get(path)
        if made is None:
            address = self.addresses.link(self.site, path)
            made = self.links[path] = ROOT + address if address.startswith("/") else address
        return made

    def rooted(self, path: str) -> str:
        """Returns ``path`` relative to the site's root, as this site's pages write it."""
        return self.addresses.link(self.site, path)

    def spoken(self, language: str) -> str:
        """Returns the language of a text for its ``lang`` attribute; empty if it is the site's language."""
        return language if language != self.language else ""

    def near(self, path: str) -> bool:
        """Tells whether ``path`` is served from the site's own host: pages show no pictures from other hosts."""
        return self.addresses.owner(path) == self.addresses.owner(self.home)

    def file(self, source: str) -> str:
        """Returns the address at which this site publishes the file ``source`` for one of its pages."""
        return self.link(self.published(source))

    def published(self, source: str) -> str:
        """Returns the path at which this site publishes the file ``source``."""
        part = self.catalogue.live_sites.get(self.site)
        return published_at(source, self.site, part.bundles if part else {})

    def thumbnail(self, source: str) -> str:
        """Returns the address of the smallest version of the site's picture ``source``; empty if it is not published."""
        path = self.published(source) if source in self.sizes else ""
        return self.link(thumbnail(path, self.shapes.get(source, Shape()))) if path else ""

    @cached_property
    def cards(self) -> Mapping[str, Card]:
        """The cards of the site's sections by slug, and its own by ``""``; without those that cannot be drawn."""
        branch, organization = self.branch, self.organization
        if organization.card_font is None:
            return {}
        logo, accent = organization.logo_key, branch.accent if branch else ""
        found = {
            "": Card(branch.name if branch else organization.name, organization.name if branch else "", accent, logo)
        }
        for section in branch.visible_sections if branch else ():
            found[section.slug] = Card(section.title, self.title, accent, logo)
        return {slug: card for slug, card in found.items() if card.drawable}

    def _pictured(self, og: OpenGraph, path: str) -> OpenGraph:
        """Returns the data of a page with a picture: its own, else the card of its section or site, else the organization's
        logo."""
        font, first = self.organization.card_font, path[len(self.home) :].partition("/")[0]
        if not og.image and font is not None and (drawn := self.cards.get(first) or self.cards.get("")):
            address = self.addresses.absolute(self.home + drawn.file(font))
            return msgspec.structs.replace(og, image=address, image_alt=drawn.title)
        card = self.addresses.mark(path, self.organization, "card")
        if og.image or not card:
            return og
        return msgspec.structs.replace(og, image=self.addresses.absolute(card), image_alt=self.organization.name)

    def _translations(self, inside: str) -> Iterator[Translation]:
        """Yields the ways from the page at ``inside``, below the home page, to the same unit in other languages."""
        for language, slug in self.catalogue.translations.get(self.site, {}).items():
            path, same = counterpart(self.catalogue, slug, inside)
            full = self.addresses.absolute(path) if same else ""
            yield Translation(title=language_title(language), url=self.link(path), lang=language, canonical=full)

    def page(
        self,
        path: str,
        title: str,
        data: PageData,
        written: RenderedBody | None = None,
        about: Iterable[Mapping[str, Any]] = (),
        inputs: str = "",
    ) -> SitePage:
        """Makes the page at ``path`` (of the organization), with the data that every page has. ``about`` are the things
        that the page describes, as JSON-LD, ``inputs`` the hash of what it is derived from, if that is known."""
        inside = path[len(self.home) - 1 :]
        root = self.addresses.root(path) if data.root is None else data.root
        canonical = data.canonical or self.addresses.absolute(path)
        nodes = list(about)
        if data.crumbs and not data.noindex:
            base = self.addresses.own.get(self.site, self.addresses.base).rstrip("/")
            way = [(place.title, place.url.replace(ROOT, base)) for place in data.crumbs]
            nodes.append(breadcrumbs([*way, (title, canonical)]))
        whole = msgspec.structs.replace(
            data,
            root=root,
            canonical=canonical,
            translations=tuple(self._translations(inside[1:])),
            og=self._pictured(data.og or OpenGraph(type="website"), path),
            og_locale=locale_of(data.lang or self.language),
            # A page without a summary is told from others by its title and its site.
            description=data.description or (f"{title} · {self.title}" if title != self.title else ""),
            ld_html=graph(nodes) if nodes else "",
        )
        body = written or RenderedBody()
        return SitePage(
            path=output_file(inside),
            title=title,
            template=data.TEMPLATE,
            meta=_ENCODER.encode(whole).replace(_ROOT_IN_JSON, root.encode()),
            html=body.html.replace(ROOT, root),
            headings=body.headings,
            inputs=inputs,
        )


def branch_link(ctx: Context, branch: Branch) -> Link:
    """Returns a branch's name and address."""
    title, language = branch.title_in(ctx.language)
    return Link(title=title, url=ctx.link(f"/{branch.slug}/"), lang=ctx.spoken(language))


def section_link(ctx: Context, branch: Branch, slug: str) -> SectionLink:
    """Returns a section's title and address in ``branch``."""
    section = branch.section(slug)
    return SectionLink(
        title=section.title if section else slug,
        url=ctx.link(f"/{branch.slug}/{slug}/"),
        slug=slug,
        lang=ctx.spoken(section_language(ctx, branch, section)) if section else "",
    )


def section_language(ctx: Context, branch: Branch | None, section: Section) -> str:
    """Returns the language of a section's title: the organization's, unless ``branch`` has named the section itself."""
    organization = ctx.organization
    return organization.language if branch is None or section in organization.sections else branch.language


def topic_link(ctx: Context, topic: Topic) -> Link:
    """Returns a topic's title and address."""
    return Link(title=topic.title, url=ctx.link(path_of(topic)), lang=ctx.spoken(topic.lang))


def undated(ctx: Context, entry: EntryHead) -> bool:
    """Tells whether an entry has no date of its own and is in a section without dates."""
    sections = ctx.catalogue.undated_sections
    return bool(sections) and not entry.date_explicit and (entry.branch, entry.section) in sections


def place(ctx: Context, entry: Entry) -> str:
    """Returns the address of an entry's page; for a voice, its anchor in the section's list."""
    path, _, fragment = path_of(entry).partition("#")
    return ctx.link(path) + (f"#{encoded(fragment)}" if fragment else "")


def event_file(ctx: Context, entry: Entry) -> str:
    """Returns the path of the calendar of one event alone; empty for anything else, and where the entry has a file of that
    name."""
    if entry.event is None or not entry.has_page:
        return ""
    path, part = path_of(entry) + EVENT_FILE, ctx.catalogue.live_sites[entry.branch]
    named = (file for file in part.files if file.endswith(EVENT_FILE))
    return "" if any(published_at(file, entry.branch, part.bundles) == path for file in named) else path


def picture(ctx: Context, path: str, alt: str, shape: Shape) -> Picture:
    """Returns what a template needs to show the picture that is published at ``path``."""
    row, webp = offered(path, shape, ctx.link)
    return Picture(url=ctx.link(path), alt=alt, width=shape.width, height=shape.height, srcset=row, webp=webp)


def over(entry: EntryHead, now: datetime) -> bool:
    """Tells whether what takes place has ended (of an event, the start counts if no end is written)."""
    return entry.kind.over(now)


def coming(lives: Iterable[L], now: datetime) -> list[L]:
    """Returns what takes place and has not ended, by start, then ref."""
    placed = (live for live in lives if live.entry.kind.takes_place)
    ahead = [(starts.at, live.entry.ref, live) for live in placed if (starts := live.entry.kind.starts) is not None]
    return [live for _, _, live in sorted(ahead, key=lambda row: row[:2]) if not over(live.entry, now)]
