"""Entries that were moved, by where they were. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from builder.catalogue.identity import BranchNames


class Moves:
    """The moves of entries whose ``moved_from`` holds, by the path that each was first at."""

    def __init__(self, names: BranchNames, moved: Mapping[str, str]) -> None:
        """``moved`` has the first path of each entry by its ref."""
        self._names = names
        self._refs = {path: ref for ref, path in moved.items()}

    def started_in(self, slugs: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Returns the moves that began in some branches: first path and present ref, in order."""
        first = {self._names.first_name(slug) for slug in slugs}
        return tuple(sorted(move for move in self._refs.items() if move[0].partition("/")[0] in first))

    def moved_ref(self, ref: str) -> str:
        """Returns the ref of the entry that was moved from ``ref``; empty if none was."""
        return self._refs.get(self._names.first_path(ref), "") if ref.count("/") == 2 else ""

    def present_ref(self, ref: str) -> str:
        """Returns the ref that an entry has now which was at ``ref``: before it was moved, or under any name that its branch and
        its section have or had."""
        return self.moved_ref(ref) or self._names.current_ref(ref)
