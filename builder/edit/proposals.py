"""Proposals: texts that wait to be released, each a Git branch ``edit/<person>/<entry>`` with a commit for every saving.

The commit's message says where it belongs, so that a clone of the repository holds everything.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from typing import TYPE_CHECKING

from builder.edit.git import Author, Commit, WorkingCopy
from builder.model.slugs import slugify
from builder.model.struct import Struct

if TYPE_CHECKING:
    from builder.edit.drafting import Draft

_FOLDER = "edit"
_BASE, _ADDRESS, _REMARK = "Proposed-on", "Page", "Returned"
_LONGEST = 60
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Proposal(Struct, frozen=True):
    """A proposal: the Git branch, its newest commit and the commit that it is a change of, the author, the title, the paths, the
    page's address, and the remark with which it was given back, if it was."""

    name: str
    commit: str
    base: str
    author: Author
    title: str
    time: str
    paths: tuple[str, ...]
    address: str = ""
    remark: str = ""
    returned_by: str = ""


class Proposals:
    """The proposals in a working copy."""

    def __init__(self, copy: WorkingCopy) -> None:
        self._copy = copy
        self._known: dict[str, Proposal | None] = {}

    def all(self) -> tuple[Proposal, ...]:
        """Returns every proposal, the oldest first."""
        tips = self._copy.branches(_FOLDER)
        self._known = {key: each for key, each in self._known.items() if key in {f"{n} {c}" for n, c in tips.items()}}
        found = (self._read(name, commit) for name, commit in tips.items())
        return tuple(sorted((each for each in found if each is not None), key=lambda each: (each.time, each.name)))

    def find(self, name: str) -> Proposal | None:
        """Returns the proposal of a name."""
        return next((each for each in self.all() if each.name == name), None)

    def propose(self, draft: Draft, author: Author) -> tuple[Proposal, dict[str, str]]:
        """Makes a proposal of a draft, or adds it to the one that the author has for the same entry; returns it, and the blobs of
        its paths. Raises MovedError."""
        name = _name_of(author, draft.entry)
        old = self.find(name)
        head = self._copy.head()
        base = old.base if old is not None else head
        changes = dict(draft.changes)
        if old is not None and self._clear(old, head):
            # Nobody else touched these paths since: the proposal is one of today's state.
            base, changes = head, {**self.changes(old), **changes}
        parents = [base] if old is None or base == head else [old.commit]
        message = f"{draft.message}\n\n{_BASE}: {base}\n{_ADDRESS}: {draft.address}\n"
        made = self._copy.make(parents, changes, author, author, message)
        self._copy.set_branch(name, made, old.commit if old is not None else None)
        proposal = self._read(name, made)
        if proposal is None:
            raise AssertionError(name)
        return proposal, {path: new for path, (_, new) in self._copy.changed(base, made).items()}

    def _clear(self, proposal: Proposal, head: str) -> bool:
        return not set(self._copy.changed(proposal.base, head)) & set(proposal.paths)

    def changes(self, proposal: Proposal) -> dict[str, bytes | None]:
        """Returns the bytes of a proposal's paths, None for what it takes away."""
        blobs = {path: new for path, (_, new) in self._copy.changed(proposal.base, proposal.commit).items()}
        contents = self._copy.blobs(filter(None, blobs.values()))
        return {path: contents[blob] if blob else None for path, blob in blobs.items()}

    def give_back(self, proposal: Proposal, reviewer: Author, remark: str) -> None:
        """Gives a proposal back with a remark; its author sees it until it is sent again."""
        lines = "".join(f"{_REMARK}: {line}\n" for line in remark.splitlines())
        message = f"{proposal.title}\n\n{_BASE}: {proposal.base}\n{_ADDRESS}: {proposal.address}\n{lines}"
        made = self._copy.make([proposal.commit], {}, proposal.author, reviewer, message)
        self._copy.set_branch(proposal.name, made, proposal.commit)

    def remove(self, proposal: Proposal) -> None:
        """Removes a proposal. Raises MovedError if somebody went on with it."""
        self._copy.set_branch(proposal.name, None, proposal.commit)

    def _read(self, name: str, commit: str) -> Proposal | None:
        key = f"{name} {commit}"
        if key not in self._known:
            self._known[key] = self._parse(name, self._copy.log(commit, most=1)[0])
        return self._known[key]

    def _parse(self, name: str, commit: Commit) -> Proposal | None:
        title, _, rest = commit.message.partition("\n")
        found: dict[str, list[str]] = {}
        for line in rest.splitlines():
            key, colon, value = line.partition(": ")
            if colon:
                found.setdefault(key, []).append(value)
        base = found.get(_BASE, [""])[0]
        if _COMMIT.fullmatch(base) is None:
            return None
        try:
            paths = tuple(self._copy.changed(base, commit.id))
        except subprocess.CalledProcessError:
            # The state that it is a change of is not in this repository.
            return None
        return Proposal(
            name=name,
            commit=commit.id,
            base=base,
            author=Author(commit.name, commit.email),
            title=title,
            time=commit.time,
            paths=paths,
            address=found.get(_ADDRESS, [""])[0],
            remark="\n".join(found.get(_REMARK, ())),
            returned_by=commit.committer if _REMARK in found else "",
        )


def _name_of(author: Author, entry: str) -> str:
    """Returns the Git branch of somebody's proposal for an entry. Its last part tells apart what the others make alike."""
    digest = hashlib.sha256(f"{author.name}\0{entry}".encode()).hexdigest()[:8]
    return "/".join((_FOLDER, _part(author.name), f"{_part(entry.rpartition('/')[2])}-{digest}"))


def _part(name: str) -> str:
    return re.sub(r"\.+", ".", slugify(name))[:_LONGEST].strip(".-") or "x"
