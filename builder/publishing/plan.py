"""The difference between two listings, and the order in which it takes effect. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from builder.model.site_map import feed_files, immutable_folders
from builder.publishing.listing import BUILD_JSON, Listing

_FEWEST_PAGES = 10
"""Pages that a branch must have for the guard to hold, as in a build."""


class Counts(NamedTuple):
    """The numbers of files added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0


class Plan(msgspec.Struct, frozen=True):
    """The paths that a target lacks, has otherwise, and has too many; what is ``carried`` on for pages that readers have open:
    old style sheets and scripts, by the number of the last release that listed them."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    carried: Mapping[str, int] = {}

    @property
    def sent(self) -> tuple[str, ...]:
        """The files to write."""
        return (*self.added, *self.changed)

    @property
    def counts(self) -> Counts:
        """The numbers of files."""
        return Counts(len(self.added), len(self.changed), len(self.removed))

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


class TooManyRemovedError(Exception):
    """More than half of the branches, or of the pages of one, would vanish; ``gone`` of ``total``, of a ``branch`` or of all."""

    def __init__(self, gone: int, total: int, branch: str = "") -> None:
        super().__init__(branch)
        self.gone, self.total, self.branch = gone, total, branch


def difference(new: Listing, old: Listing, carried: Mapping[str, int] = {}, number: int = 1, keep: int = 5) -> Plan:
    """Returns what makes ``old``, with what it has ``carried`` on, to ``new``, which becomes release ``number``."""
    on = {path: last for path, last in carried.items() if number - last <= keep}
    on |= {path: number - 1 for path in old.files if is_immutable(path)}
    on = {path: last for path, last in sorted(on.items()) if path not in new.files}
    return Plan(
        added=tuple(path for path in sorted(new.files) if path not in old.files),
        changed=tuple(path for path, sha in sorted(new.files.items()) if old.files.get(path, sha) != sha),
        removed=tuple(path for path in sorted({*old.files, *carried}) if path not in new.files and path not in on),
        carried=on,
    )


def guard(new: Listing, old: Listing) -> None:
    """Raises TooManyRemovedError for what a build would not delete at once either."""
    gone = [slug for slug in old.branches if slug not in new.branches]
    if 2 * len(gone) > len(old.branches):
        raise TooManyRemovedError(len(gone), len(old.branches))
    pages: dict[str, list[bool]] = {}
    for path in old.files:
        if path.endswith("/index.html") and (branch := old.branch_of(path)) in new.branches:
            pages.setdefault(branch, []).append(path in new.files)
    for branch, left in sorted(pages.items()):
        lost = left.count(False)
        if len(left) >= _FEWEST_PAGES and 2 * lost > len(left):
            raise TooManyRemovedError(lost, len(left), branch)


def by_branch(plan: Plan, new: Listing, old: Listing) -> Mapping[str, Counts]:
    """Returns the numbers for each branch, the hub's by an empty slug; none where nothing differs."""
    found: dict[str, list[int]] = {}
    for place, paths in enumerate((plan.added, plan.changed, plan.removed)):
        for path in paths:
            branch = new.branch_of(path) or old.branch_of(path)
            found.setdefault(branch, [0, 0, 0])[place] += 1
    return {branch: Counts(*numbers) for branch, numbers in sorted(found.items())}


def steps(paths: Iterable[str]) -> Sequence[Sequence[str]]:
    """Returns paths in groups, each to be complete before the next: what pages need, pages, feeds, the branches' build.json, the
    hub's. So no page is seen whose style or picture is missing, and a target that was left half-way lists what it had before."""
    groups: list[list[str]] = [[] for _ in range(6)]
    for path in sorted(paths):
        groups[_rank(path)].append(path)
    return [group for group in groups if group]


def _rank(path: str) -> int:
    name = path.rpartition("/")[2]
    if name == BUILD_JSON:
        return 5 if path == BUILD_JSON else 4
    if is_immutable(path):
        return 0
    if name.endswith(".html"):
        return 2
    return 3 if name in _FEEDS or name.endswith((".opml", ".xml")) else 1


def is_immutable(path: str) -> bool:
    """Tells whether a file never changes under its name."""
    first, _, rest = path.partition("/")
    folders = immutable_folders()
    return first in folders or rest.partition("/")[0] in folders


_FEEDS = frozenset(name for name, _ in feed_files())
