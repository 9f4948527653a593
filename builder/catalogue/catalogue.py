"""The index of all live content: titles, addresses, anchors, shared entries, policies with their interpretations.

Each site contributes a :class:`LiveSite`, which its release keeps; the :class:`Catalogue` indexes all of them. Site
summaries are always in memory; a live site is loaded when it is first needed, so that a branch whose pages name three
others costs the reading of three. The catalogue is read-only, and no page is derived before it is complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from builder.catalogue.identity import BranchNames, FeedIds, resolve_feed_ids
from builder.catalogue.lookups import LiveEntries, LiveSites, Load, Stubs
from builder.catalogue.moves import Moves
from builder.catalogue.sections import HubSections, hub_sections, undated_sections
from builder.catalogue.translations import resolve_translations
from builder.model.addresses import find_overlaps, web_place
from builder.model.published import (
    LiveEntry,
    LiveSite,
    SiteSummary,
    live_site_digest,
    newest_first,
    path_of,
    pinned,
    summary_of,
)
from builder.model.site_id import SiteId
from builder.model.sources import comparable, document_key
from builder.model.stubs import Stub
from builder.model.values import Branch, Organization, Topic

__all__ = [
    "Catalogue",
    "LiveEntry",
    "LiveSite",
    "SiteSummary",
    "live_site_digest",
    "newest_first",
    "path_of",
    "pinned",
    "summary_of",
]

DEEPEST_TREE = 20
"""The most levels of branches: no organization has as many, and no page could show them."""
_SHARED = ("summaries", "names", "branches", "undated_sections", "sections", "overlapping", "translations", "children")
"""The attributes that catalogues of the same summaries share."""


class Catalogue:
    """All live content, by ref, by source path and by place in the tree."""

    def __init__(
        self,
        organization: Organization,
        summaries: Iterable[SiteSummary],
        load: Load,
        stubs: Mapping[str, tuple[Stub, ...]] = {},
        like: Catalogue | None = None,
    ) -> None:
        """``load`` gives the live site of each site that has a summary; ``stubs`` are those of the entries of some. What follows
        from the summaries alone is shared with a catalogue ``like`` this one, of the same summaries."""
        self.organization = organization
        if like is not None:
            vars(self).update({name: getattr(like, name) for name in _SHARED})
        else:
            self.summaries: Mapping[str, SiteSummary] = {summary.slug: summary for summary in summaries}
            written = {slug: summary.branch for slug, summary in self.summaries.items() if summary.branch is not None}
            self.names = BranchNames(written)
            """The branches by all names that they have and had."""
            self.branches: Mapping[str, Branch] = {slug: self.names.present(branch) for slug, branch in written.items()}
            self.undated_sections = undated_sections(self.branches)
        self.live_sites = LiveSites(self.summaries, load)
        self.entries = LiveEntries(self.live_sites)
        self.stubs = Stubs(self.live_sites, stubs)
        self._sources: dict[str, Mapping[str, tuple[str, tuple[str, ...], str]]] = {}
        self._unseen: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        self._ancestors: dict[str, tuple[Branch, ...]] = {}
        self._used_sections: dict[str, frozenset[str]] = {}

    @classmethod
    def of(cls, organization: Organization, live_sites: Iterable[LiveSite]) -> Catalogue:
        """Makes the catalogue of live sites that are all in memory."""
        parts = {part.slug: part for part in live_sites}
        return cls(organization, (summary_of(part) for part in parts.values()), parts.__getitem__)

    @cached_property
    def sections(self) -> HubSections:
        """The sections that the hub lists over all branches."""
        return hub_sections(self.organization, self.branches)

    @cached_property
    def feed_ids(self) -> FeedIds:
        """The feed ids that do not come from an entry's own path."""
        claims = (claim for summary in self.summaries.values() for claim in summary.claims)
        return resolve_feed_ids(self.organization.authority, self.names, claims, self.entries.__contains__)

    @cached_property
    def overlapping(self) -> Mapping[str, tuple[str, ...]]:
        """For each branch whose own address is also another's, or lies above or below it: those other branches."""
        return find_overlaps({slug: web_place(branch.url) for slug, branch in self.branches.items() if branch.url})

    @cached_property
    def translations(self) -> Mapping[str, Mapping[str, str]]:
        """The counterparts in other languages of each branch that has some, by language."""
        return resolve_translations(self.branches)

    def forget(self, slug: str) -> None:
        """Lets go what was loaded of a site, which is loaded again when it is needed: of a whole organization, entries take most
        of the memory."""
        self.live_sites.forget(slug)
        self.entries.forget(slug)

    @property
    def topics(self) -> Mapping[str, Topic]:
        """The live topics by slug."""
        hub = self.live_sites.get("")
        return {topic.slug: topic for topic in hub.topics} if hub is not None else {}

    def source(self, path: str) -> tuple[str, tuple[str, ...], str] | None:
        """Returns the path, the anchors and the title of the live page whose source is ``path``; voices have no page."""
        site = site_of(path)
        part = self.live_sites.get(site)
        if part is None:
            return None
        if site not in self._sources:
            self._sources[site] = dict(_sources(part))
        return self._sources[site].get(document_key(path))

    def knows(self, path: str) -> bool:
        """Tells whether there is anything at a source path that a link can mean, published or not."""
        return self.is_file(path) or self.source(path) is not None or self.is_unpublished(path)

    def is_unpublished(self, path: str) -> bool:
        """Tells whether ``path`` is the source of a document that exists but is not live, or lies in the folder of one."""
        return document_key(path) in self._unseen_of(path)[0] or self._is_withheld(path)

    def is_file(self, path: str) -> bool:
        """Tells whether ``path`` is the source of a picture or an attachment that may be published."""
        return comparable(path) in self._unseen_of(path)[1] and not self._is_withheld(path)

    def _is_withheld(self, path: str) -> bool:
        """Tells whether the document whose folder a file lies in is not live."""
        hidden, folder = self._unseen_of(path)[0], comparable(path)
        # The folder of a section is no document's own, be there a page of its name.
        least = 1 if folder.startswith("content/hub/") else 2
        while hidden and (folder := folder.rpartition("/")[0]).count("/") > least:
            if folder in hidden:
                return True
            if self.source(f"{folder}/index.md") is not None:
                return False
        return False

    def paths_of(self, site: str) -> tuple[str, ...]:
        """Returns the source paths of everything in a site's folder that may be linked."""
        part = self.live_sites.get(site)
        if part is None:
            return ()
        own = {live.entry.path for live in part.entries if live.entry.type != "voice"}
        own |= {page.path for page in part.pages} | {topic.path for topic in part.topics}
        return tuple(sorted({*part.files, *map(comparable, own)}))

    def _unseen_of(self, path: str) -> tuple[frozenset[str], frozenset[str]]:
        site = site_of(path)
        if site not in self._unseen:
            part = self.live_sites.get(site)
            hidden = map(document_key, part.unpublished) if part else ()
            files = map(comparable, part.files) if part else ()
            self._unseen[site] = frozenset(hidden), frozenset(files)
        return self._unseen[site]

    @cached_property
    def children(self) -> Mapping[str, tuple[Branch, ...]]:
        """The branches by parent, in their order; those directly under the organization by ``""``."""
        found: dict[str, list[Branch]] = {}
        for branch in self.branches.values():
            found.setdefault(self.parent(branch), []).append(branch)
        return {
            parent: tuple(sorted(branches, key=lambda b: (b.order is None, b.order or 0, b.slug)))
            for parent, branches in found.items()
        }

    def parent(self, branch: Branch) -> str:
        """Returns the parent's slug; empty at the top, for a parent that does not exist, inside a cycle, and at every level
        that is too deep below the one before."""
        if branch.parent not in self.branches or self.cycle(branch):
            return ""
        return "" if self.level(branch) % DEEPEST_TREE == 0 else branch.parent

    def level(self, branch: Branch) -> int:
        """Returns the number of branches that are named above a branch."""
        found = {branch.slug}
        while (above := self.branches[branch.slug].parent) in self.branches and above not in found:
            found.add(above)
            branch = self.branches[above]
        return len(found) - 1

    def cycle(self, branch: Branch) -> tuple[str, ...]:
        """Returns the slugs of the branches that are each other's ancestors, from this one back to itself; empty if there
        is no such cycle."""
        found = [branch.slug]
        while (above := self.branches[found[-1]].parent) in self.branches:
            if above == branch.slug:
                return (*found, above)
            if above in found:
                break
            found.append(above)
        return ()

    def is_open(self, branch: Branch) -> bool:
        """Tells whether the branch or anything below it is open; if not, the navigation of others leaves it out."""
        return branch.status != "closed" or any(each.status != "closed" for each in self.descendants(branch.slug))

    def ancestors(self, slug: str) -> tuple[Branch, ...]:
        """Returns the branches above ``slug``, the uppermost first."""
        if slug not in self._ancestors:
            above = self.parent(self.branches[slug]) if slug in self.branches else ""
            self._ancestors[slug] = (*self.ancestors(above), self.branches[above]) if above else ()
        return self._ancestors[slug]

    def descendants(self, slug: str) -> Iterator[Branch]:
        """Returns the branches below ``slug``, in tree order."""
        for child in self.children.get(slug, ()):
            yield child
            yield from self.descendants(child.slug)

    def sections_below(self, slug: str) -> frozenset[str]:
        """Returns the sections, by their present names, in which branches below ``slug`` have entries."""
        return frozenset().union(*(self._sections_of(branch.slug) for branch in self.descendants(slug)))

    def _sections_of(self, slug: str) -> frozenset[str]:
        if slug not in self._used_sections:
            self._used_sections[slug] = frozenset(map(self.sections.present, self.summaries[slug].filled))
        return self._used_sections[slug]

    @cached_property
    def interpreting(self) -> Mapping[str, tuple[str, ...]]:
        """The refs of live interpretations by the ref of their policy, in code-point order."""
        pairs = (pair for summary in self.summaries.values() for pair in summary.pairs)
        return _by_target((ref, map(self.moves.present_ref, named)) for ref, named, _ in pairs)

    @cached_property
    def replacing(self) -> Mapping[str, tuple[str, ...]]:
        """The refs of live policies by the ref of what they replace, in code-point order."""
        pairs = (pair for summary in self.summaries.values() for pair in summary.pairs)
        return _by_target((ref, map(self.moves.present_ref, named)) for ref, _, named in pairs)

    @cached_property
    def concerned(self) -> Mapping[str, frozenset[str]]:
        """For each branch, the branches whose entries interpret or replace its own."""
        found: dict[str, set[str]] = {}
        for table in (self.interpreting, self.replacing):
            for policy, refs in table.items():
                found.setdefault(policy.partition("/")[0], set()).update(ref.partition("/")[0] for ref in refs)
        return {slug: frozenset(slugs) for slug, slugs in found.items()}

    @cached_property
    def moves(self) -> Moves:
        """The moves of entries, by where they were."""
        return Moves(self.names, self.feed_ids.moved)

    def entry_called(self, ref: str) -> LiveEntry | None:
        """Returns the live entry that ``ref`` names, or named before it was moved or something above it was renamed."""
        return self.entries.get(self.moves.present_ref(ref))

    def entries_called(self, refs: Iterable[str]) -> tuple[LiveEntry, ...]:
        """Returns the live ones of the entries that are named, in that order."""
        return tuple(live for live in map(self.entry_called, refs) if live is not None)

    def interpretations(self, ref: str) -> tuple[LiveEntry, ...]:
        """Returns the live interpretations of the policy ``ref``."""
        return tuple(self.entries[each] for each in self.interpreting.get(ref, ()))

    def replacements(self, ref: str) -> tuple[LiveEntry, ...]:
        """Returns the live policies that replace ``ref``."""
        return tuple(self.entries[each] for each in self.replacing.get(ref, ()))

    @cached_property
    def offered(self) -> Mapping[str, tuple[str, ...]]:
        """The refs of other branches' entries that each branch lists: shared with it and not refused; in code-point order."""
        found: dict[str, list[str]] = {slug: [] for slug in self.branches}
        for ref, names in sorted(offer for summary in self.summaries.values() for offer in summary.offers):
            for slug in sorted(self.receivers(ref.partition("/")[0], names)):
                if not self.refuses(slug, ref):
                    found[slug].append(ref)
        return {slug: tuple(refs) for slug, refs in found.items()}

    def shared(self, slug: str) -> tuple[LiveEntry, ...]:
        """Returns the entries of other branches that the branch ``slug`` lists."""
        return tuple(self.entries[ref] for ref in self.offered.get(slug, ()))

    def receivers(self, owner: str, names: Iterable[str]) -> frozenset[str]:
        """Returns the branches that ``owner`` shares something with."""
        found: set[str] = set()
        for name in map(self.names.present_name, names):
            if name == "all":
                found.update(self.branches)
            elif name == "ancestors":
                found.update(branch.slug for branch in self.ancestors(owner))
            elif name == "subtree":
                found.update(branch.slug for branch in self.descendants(owner))
            elif name in self.branches:
                found.add(name)
        return frozenset(found - {owner})

    def refuses(self, slug: str, ref: str) -> bool:
        """Tells whether branch ``slug`` does not list the entry ``ref``, by its ``accept`` and ``refuse``, or because it is
        closed: its lists and feeds no longer change."""
        branch = self.branches[slug]
        if ref in branch.refuse or branch.accept == "none" or branch.status == "closed":
            return True
        return branch.accept != "all" and ref.partition("/")[0] not in branch.accept

    def section_for(self, slug: str, live: LiveEntry) -> str:
        """Returns the section in which branch ``slug`` lists a shared entry: its ``place``, its namesake, or ``shared``."""
        branch, entry = self.branches[slug], live.entry
        placed = dict(branch.place).get(entry.ref, entry.section)
        visible = {section.slug for section in branch.visible_sections}
        return placed if placed in visible else "shared"


def site_of(path: str) -> str:
    """Returns the site whose folder contains the source path ``content/<site>/…``; empty for the hub."""
    return SiteId.of(path).slug if "/" in path else ""


def _sources(part: LiveSite) -> Iterator[tuple[str, tuple[str, tuple[str, ...], str]]]:
    for live in part.entries:
        if live.entry.has_page:
            yield document_key(live.entry.path), (path_of(live.entry), live.entry.anchors, live.entry.title)
    for page in part.pages:
        yield document_key(page.path), (path_of(page), page.anchors, page.title)
    for topic in part.topics:
        yield document_key(topic.path), (path_of(topic), topic.anchors, topic.title)


def _by_target(named: Iterable[tuple[str, Iterable[str]]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for ref, targets in sorted((ref, tuple(targets)) for ref, targets in named):
        for target in targets:
            found.setdefault(target, []).append(ref)
    return {target: tuple(refs) for target, refs in found.items()}
