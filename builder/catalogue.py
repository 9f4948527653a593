"""What every branch has to know of the others: titles, addresses, anchors, shares and pairs of all that is live.

Each branch contributes a :class:`Slice`, which its manifest keeps; the :class:`Catalogue` indexes the slices of all. It
is read-only once made, and no page is derived before it is complete.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property

import msgspec

from builder.model import Branch, Entry, Organization, Page, Topic


class LiveEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A published entry with what lists show of it; ``picture`` is the source path of its picture, or empty.

    ``picture_size`` is its width and height in pixels, 0 where unknown. ``listed`` is false while it is in no list by date.
    """

    entry: Entry
    picture: str = ""
    picture_alt: str = ""
    picture_size: tuple[int, int] = (0, 0)
    held: bool = False
    listed: bool = True


class Slice(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one branch (or the hub, whose slug is empty) contributes.

    ``unpublished`` are sources that exist unseen, ``withdrawn`` the paths of what has expired, ``bundles`` the published
    path of each entry's folder, by folder; ``waiting`` counts letters without a reply.
    """

    slug: str
    branch: Branch | None = None
    entries: tuple[LiveEntry, ...] = ()
    pages: tuple[Page, ...] = ()
    topics: tuple[Topic, ...] = ()
    unpublished: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    bundles: Mapping[str, str] = {}
    waiting: int = 0


def slice_digest(part: Slice) -> str:
    """The hash of a slice, the same whether it was just read or comes from a manifest.

    Defaults are left out of what is stored by identity, so that a text equal to a default may stand there or not: what
    is hashed has been stored and read once.
    """
    stored = msgspec.json.decode(msgspec.json.encode(part), type=Slice)
    return hashlib.sha256(msgspec.json.encode(stored, order="deterministic")).hexdigest()


def newest_first(entries: Iterable[LiveEntry], now: datetime, home: str = "") -> list[LiveEntry]:
    """The order of lists: pinned ones first, then newest first by instant, then by ref in code-point order.

    In the lists of the branch ``home`` only its own entries are pinned: what others share does not push them down.
    """
    by_ref = sorted(entries, key=lambda live: live.entry.ref)
    by_date = sorted(by_ref, key=lambda live: live.entry.date, reverse=True)
    return sorted(
        by_date, key=lambda live: not (pinned(live.entry, now) and live.entry.branch == (home or live.entry.branch))
    )


def pinned(entry: Entry, now: datetime) -> bool:
    """True while the entry stays on top."""
    return entry.pinned or (entry.pinned_until is not None and not entry.pinned_until.over(now))


class Catalogue:
    """All that is live, by ref, by source path and by place in the tree."""

    def __init__(self, organization: Organization, slices: Iterable[Slice]) -> None:
        self.organization = organization
        self.slices: Mapping[str, Slice] = {part.slug: part for part in slices}
        self.branches: Mapping[str, Branch] = {
            slug: part.branch for slug, part in self.slices.items() if part.branch is not None
        }

    @cached_property
    def entries(self) -> Mapping[str, LiveEntry]:
        """Live entries by ref."""
        return {live.entry.ref: live for part in self.slices.values() for live in part.entries}

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The ref that a written feed id belongs to: where two claim one, the first ref in order."""
        found: dict[str, str] = {}
        for ref in sorted(self.entries):
            written = self.entries[ref].entry.id
            if written:
                found.setdefault(written, ref)
        return found

    @cached_property
    def topics(self) -> Mapping[str, Topic]:
        """Live topics by slug."""
        return {topic.slug: topic for part in self.slices.values() for topic in part.topics}

    @cached_property
    def sources(self) -> Mapping[str, tuple[str, tuple[str, ...]]]:
        """The path and the anchors of every live page, by source path; voices have no page."""
        found: dict[str, tuple[str, tuple[str, ...]]] = {}
        for part in self.slices.values():
            for live in part.entries:
                if live.entry.type != "voice":
                    found[live.entry.path] = (entry_path(live.entry), live.entry.anchors)
            for page in part.pages:
                found[page.path] = (page_path(page), page.anchors)
            for topic in part.topics:
                found[topic.path] = (f"/topics/{topic.slug}/", topic.anchors)
        return found

    @cached_property
    def unpublished(self) -> frozenset[str]:
        """Source paths of documents that exist and are not live."""
        return frozenset(path for part in self.slices.values() for path in part.unpublished)

    @cached_property
    def files(self) -> frozenset[str]:
        """Source paths of all pictures and attachments."""
        return frozenset(path for part in self.slices.values() for path in part.files)

    @cached_property
    def children(self) -> Mapping[str, tuple[Branch, ...]]:
        """Branches by parent, in their order; those directly under the organization by ``""``."""
        found: dict[str, list[Branch]] = {}
        for branch in self.branches.values():
            found.setdefault(self.parent(branch), []).append(branch)
        return {
            parent: tuple(sorted(branches, key=lambda b: (b.order is None, b.order or 0, b.slug)))
            for parent, branches in found.items()
        }

    def parent(self, branch: Branch) -> str:
        """The parent's slug; empty at the top, for a parent that does not exist, and inside a cycle."""
        if branch.parent not in self.branches:
            return ""
        seen = {branch.slug}
        above = branch.parent
        while above:
            if above in seen:
                return ""
            seen.add(above)
            upper = self.branches[above].parent
            above = upper if upper in self.branches else ""
        return branch.parent

    def ancestors(self, slug: str) -> tuple[Branch, ...]:
        """The branches above ``slug``, the uppermost first."""
        found: list[Branch] = []
        above = self.parent(self.branches[slug]) if slug in self.branches else ""
        while above:
            found.append(self.branches[above])
            above = self.parent(self.branches[above])
        return tuple(reversed(found))

    def descendants(self, slug: str) -> Iterator[Branch]:
        """The branches below ``slug``, in the order of the tree."""
        for child in self.children.get(slug, ()):
            yield child
            yield from self.descendants(child.slug)

    @cached_property
    def interpretations(self) -> Mapping[str, tuple[LiveEntry, ...]]:
        """Live interpretations by the ref of their policy, in code-point order of their refs."""
        return self._pairs(lambda entry: entry.interprets)

    @cached_property
    def replacements(self) -> Mapping[str, tuple[LiveEntry, ...]]:
        """Live policies by the ref of what they replace."""
        return self._pairs(lambda entry: entry.policy.replaces if entry.policy else ())

    def _pairs(self, refs_of: Callable[[Entry], tuple[str, ...]]) -> Mapping[str, tuple[LiveEntry, ...]]:
        found: dict[str, list[LiveEntry]] = {}
        for ref in sorted(self.entries):
            for other in refs_of(self.entries[ref].entry):
                found.setdefault(other, []).append(self.entries[ref])
        return {ref: tuple(lives) for ref, lives in found.items()}

    @cached_property
    def shared(self) -> Mapping[str, tuple[LiveEntry, ...]]:
        """Entries of other branches that each branch lists: shared with it, and not refused."""
        found: dict[str, list[LiveEntry]] = {slug: [] for slug in self.branches}
        for ref in sorted(self.entries):
            live = self.entries[ref]
            for slug in sorted(self.receivers(live.entry)):
                if not self.refuses(slug, live.entry):
                    found[slug].append(live)
        return {slug: tuple(lives) for slug, lives in found.items()}

    def receivers(self, entry: Entry) -> frozenset[str]:
        """The branches that an entry is offered to."""
        found: set[str] = set()
        for name in entry.share_with:
            if name == "all":
                found.update(self.branches)
            elif name == "ancestors":
                found.update(branch.slug for branch in self.ancestors(entry.branch))
            elif name == "subtree":
                found.update(branch.slug for branch in self.descendants(entry.branch))
            elif name in self.branches:
                found.add(name)
        return frozenset(found - {entry.branch})

    def refuses(self, slug: str, entry: Entry) -> bool:
        """True if branch ``slug`` does not list this entry, by its ``accept`` and ``refuse``."""
        branch = self.branches[slug]
        if entry.ref in branch.refuse or branch.accept == "none":
            return True
        return branch.accept != "all" and entry.branch not in branch.accept

    def section_for(self, slug: str, entry: Entry) -> str:
        """Where branch ``slug`` lists a shared entry: its ``place``, its section of the same name, or ``shared``."""
        branch = self.branches[slug]
        placed = dict(branch.place).get(entry.ref, entry.section)
        visible = {section.slug for section in branch.sections} - set(branch.hidden)
        return placed if placed in visible else "shared"


def entry_path(entry: Entry) -> str:
    """The path of an entry's page; a voice is found in its section's list."""
    if entry.type == "voice":
        return f"/{entry.branch}/{entry.section}/#{entry.slug}"
    return f"/{entry.branch}/{entry.section}/{entry.slug}/"


def page_path(page: Page) -> str:
    """The path of an undated page; a hub page lies at the root."""
    return f"/{page.branch}/{page.slug}/" if page.branch else f"/{page.slug}/"
