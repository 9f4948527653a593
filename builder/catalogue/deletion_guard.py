"""The guard against mass deletion: where more than half would vanish at once, nothing vanishes before somebody says so.

It holds for the branches of the organization, whose folders are gone, and for the entries of a branch, whose sources are.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from builder.catalogue.history import kept_paths
from builder.content.documents import BranchContent
from builder.messages.problems import Effect, Problem
from builder.model.published import LiveSite
from builder.model.site_id import SiteId

_FEWEST_ENTRIES = 10
"""Entries that a branch must have for the guard to hold: of fewer, half is soon moved or merged."""


class VanishedBranches(NamedTuple):
    """The branches whose folders are gone: those to remove, and, if they are too many, those to keep."""

    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def find_vanished_branches(
    known: Collection[str], present: Collection[str], *, allow: bool, renamed: Collection[str] = ()
) -> VanishedBranches:
    """Return what becomes of the branches that are ``known`` to be published and have no folder among those ``present``;
    ``allow`` says that they may be deleted, however many they are. Those that were ``renamed`` are not lost."""
    gone = tuple(slug for slug in known if slug not in present)
    lost = tuple(slug for slug in gone if slug not in renamed)
    if allow or not _too_many(len(lost), len(known)):
        return VanishedBranches(gone)
    return VanishedBranches(tuple(slug for slug in gone if slug in renamed), lost)


def count_vanished_entries(content: BranchContent, last: LiveSite | None) -> tuple[int, int] | None:
    """Return how many published entries of how many would vanish, if they are too many. One that was moved does not count,
    nor does one in a section that is called otherwise now."""
    if last is None:
        return None
    present = {document.path for document in content.documents}
    entries = [document.entry for document in content.documents if document.entry is not None]
    branch = content.branch or last.branch
    kept = kept_paths(branch)
    refs = {kept(ref) for entry in entries for ref in (entry.ref, entry.moved_from) if ref}
    published = [live.entry for live in last.entries]
    hidden = tuple(f"{path}/" for path in content.unreadable)
    missing = (entry for entry in published if entry.path not in present and kept(entry.ref) not in refs)
    gone = [entry for entry in missing if not f"{entry.path}/".startswith(hidden)]
    if len(published) < _FEWEST_ENTRIES or not _too_many(len(gone), len(published)):
        return None
    return len(gone), len(published)


def mass_deletion(gone: int, total: int, branch: str = "") -> Problem:
    """Return the problem of branches that were kept, or of entries of a ``branch`` that were."""
    effect: Effect = "held" if branch else "kept"
    return Problem(
        code="mass-deletion",
        severity="error",
        path=SiteId(branch).source if branch else "content",
        arguments={"count": str(gone), "total": str(total)},
        branch=branch,
        effect=effect,
    )


def _too_many(gone: int, total: int) -> bool:
    return 2 * gone > total
