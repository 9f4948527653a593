"""States of the content that are committed: for rights, and as one person sees them with their own proposals."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property

from builder.content.owners.tree import Kind
from builder.edit.git import TreeFile, WorkingCopy
from builder.edit.proposals import Proposal
from builder.model.sources import YAMLS


class CommitTree:
    """A commit, for :class:`builder.content.owners.Rights`. Its settings are read all at once: of a thousand
    branches each one would take a process of its own."""

    def __init__(self, copy: WorkingCopy, commit: str) -> None:
        self._copy, self._commit = copy, commit

    @cached_property
    def _top(self) -> Mapping[str, tuple[Kind, str]]:
        return self._copy.top(self._commit, "content")

    @cached_property
    def _folders(self) -> Mapping[str, Mapping[str, Kind]]:
        found: dict[str, dict[str, Kind]] = {}
        for path, (kind, _) in self._top.items():
            folder, _, name = path.rpartition("/")
            found.setdefault(folder, {})[name] = kind
        return found

    @cached_property
    def settings(self) -> Mapping[str, str]:
        """The blobs of all files of settings, by path."""
        return {
            path: blob for path, (kind, blob) in self._top.items() if kind == "file" and path.lower().endswith(YAMLS)
        }

    @cached_property
    def _contents(self) -> Mapping[str, bytes]:
        return self._copy.blobs(self.settings.values())

    def names(self, folder: str) -> Mapping[str, Kind]:
        """Returns the names in ``content``, or in a folder there: settings lie no deeper."""
        return self._folders.get(folder, {})

    def read(self, path: str) -> bytes | None:
        """Returns the bytes of a file of settings."""
        return self._contents.get(self.settings.get(path, ""))


class View:
    """The committed state with some proposals in its place, the oldest first."""

    def __init__(self, copy: WorkingCopy, head: str, proposals: Sequence[Proposal]) -> None:
        self.copy, self.head, self.proposals = copy, head, tuple(proposals)

    @cached_property
    def id(self) -> str:
        """A text that is different for every state; the commit's own id where there is no proposal."""
        if not self.proposals:
            return self.head
        parts = (self.head, *(each.commit for each in self.proposals))
        return hashlib.sha1(repr(parts).encode()).hexdigest()

    @cached_property
    def over(self) -> Mapping[str, str]:
        """The blobs of proposals by path, "" for what they take away."""
        found: dict[str, str] = {}
        for each in self.proposals:
            found |= {path: new for path, (_, new) in self.copy.changed(each.base, each.commit).items()}
        return found

    def files(self, folder: str) -> tuple[TreeFile, ...]:
        """Returns the regular files below a folder, by path."""
        found = {each.path: each for each in self.copy.files(self.head, folder)}
        over = {path: blob for path, blob in self.over.items() if path.startswith(f"{folder}/")}
        sizes = {blob: len(content) for blob, content in self.copy.blobs(filter(None, over.values())).items()}
        for path, blob in over.items():
            found.pop(path, None)
            if blob:
                found[path] = TreeFile(path, blob, sizes[blob])
        return tuple(found[path] for path in sorted(found))

    def read(self, path: str) -> bytes | None:
        """Returns the bytes of a file; None if there is none."""
        blob = self.over[path] if path in self.over else self.copy.blob_at(self.head, path)
        return self.copy.blobs([blob]).get(blob) if blob else None
