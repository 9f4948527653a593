"""The feed ids of entries: each entry has one, and no two have the same. Pure.

An entry's id comes from the path that it was first at: its own, or the one that ``moved_from`` names, unless ``id`` says another.
A path is compared with the first names of its branch and section, and a tag URI of the organization with the path in it, so that
all ways to write one id are one. Whoever's own path it is keeps it; of several who claim another one, one gets it, and the
others have the ids of their own paths.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal
from urllib.parse import unquote

import msgspec

from builder.model.published import IdClaim
from builder.model.site_map import may_redirect_from
from builder.model.slugs import folded
from builder.model.values import Branch


class LostClaim(msgspec.Struct, frozen=True):
    """A claim that does not hold: the ``key`` of the entry ``ref`` that makes it, and the entry ``owner`` that has the id."""

    ref: str
    key: Literal["id", "moved_from"]
    owner: str


class FeedIds(msgspec.Struct, frozen=True):
    """The ids that do not come from an entry's own path: ``written`` are refs whose ``id`` holds, ``moved`` has the first path of
    entries by ref whose ``moved_from`` holds. ``lost`` are the claims that do not hold because another entry has the id."""

    written: frozenset[str] = frozenset()
    moved: Mapping[str, str] = {}
    lost: tuple[LostClaim, ...] = ()


class BranchNames:
    """The branches of an organization by their present names, and by those that their folders had before.

    A name counts as a former one while no branch has it; of several branches that claim it, the first by slug gets it.
    """

    def __init__(self, branches: Mapping[str, Branch]) -> None:
        self._branches = branches
        self.former: Mapping[str, str] = dict(_former_branches(branches))
        """The present name of a branch by each former one."""

    def former_names(self, slug: str) -> tuple[str, ...]:
        """Return the former names of a branch, the first first."""
        branch = self._branches.get(slug)
        return tuple(name for name in branch.formerly if self.former.get(name) == slug) if branch is not None else ()

    def first_name(self, slug: str) -> str:
        """Return the first name of a branch that has, or had, this one; feed ids keep it."""
        present = self.former.get(slug, slug)
        return next(iter(self.former_names(present)), present)

    def branch(self, slug: str) -> Branch | None:
        """Return the branch that has, or had, this name."""
        return self._branches.get(self.former.get(slug, slug))

    def first_path(self, ref: str) -> str:
        """Return the path that feed ids keep: that of ``ref`` under the first names of its branch and section."""
        slug, name, entry = ref.split("/")
        branch = self.branch(slug)
        section = branch.section_called(name) if branch is not None else None
        first = branch.first_name(section) if branch is not None and section is not None else name
        return unicodedata.normalize("NFC", f"{self.first_name(slug)}/{first}/{entry}")

    def present_name(self, slug: str) -> str:
        """Return the name that a branch has now which has, or had, this one."""
        return self.former.get(slug, slug)

    def current_ref(self, path: str) -> str:
        """Return the ref that an entry has now which was at ``path``, under any name of its branch and section."""
        if path.count("/") != 2:
            return path
        slug, name, entry = path.split("/")
        branch = self.branch(slug)
        section = branch.section_called(name) if branch is not None else None
        return f"{self.former.get(slug, slug)}/{section.slug if section is not None else name}/{entry}"

    def current_source(self, path: str) -> str:
        """Return the source path that a file or folder of a branch has now which was at ``path``."""
        root, slug, *below = path.split("/") if "/" in path else (path, "")
        branch = self.branch(slug)
        section = branch.section_called(below[0]) if branch is not None and below else None
        if section is not None:
            below[0] = section.slug
        return "/".join((root, self.present_name(slug), *below)) if slug else path

    def present(self, branch: Branch) -> Branch:
        """Return a branch whose settings name others, and their entries, as they are called now."""
        accept = branch.accept if isinstance(branch.accept, str) else tuple(map(self.present_name, branch.accept))
        return msgspec.structs.replace(
            branch,
            parent=self.present_name(branch.parent),
            accept=accept,
            translations=tuple((language, self.present_name(slug)) for language, slug in branch.translations),
            refuse=tuple(map(self.current_ref, branch.refuse)),
            place=tuple((self.current_ref(ref), section) for ref, section in branch.place),
        )

    def may_have_been_at(self, ref: str) -> bool:
        """Tell whether an entry can have been at ``ref``: that branch has, or had, the section, and the builder publishes
        nothing of its own there."""
        slug, name, entry = ref.split("/")
        branch = self.branch(slug)
        if branch is None:
            return may_redirect_from("hub", f"{ref}/")
        return branch.section_called(name) is not None and may_redirect_from("branch", f"{name}/{entry}/")


def _former_branches(branches: Mapping[str, Branch]) -> Iterator[tuple[str, str]]:
    taken = {folded(slug) for slug in branches}
    for slug, branch in sorted(branches.items()):
        for name in branch.formerly:
            if folded(name) not in taken:
                taken.add(folded(name))
                yield name, slug


def resolve_feed_ids(
    authority: str, names: BranchNames, claims: Iterable[IdClaim], is_live: Callable[[str], bool]
) -> FeedIds:
    """Return who has which id. Written ids come before moves; of equal claims that of the entry which kept the file name of the
    old path counts, then the earliest by date, then the first by ref."""
    every = sorted(claims, key=lambda claim: (claim.date, claim.ref))
    owners: dict[str, str] = {}
    written: set[str] = set()
    moved: dict[str, str] = {}
    lost: list[LostClaim] = []
    wanted = [*_written(authority, every), *_moves(names, every)]
    for key, wish, claim in wanted:
        if claim.ref in written:
            continue  # Its ``id`` holds: where it was is but an old address.
        owner = owners.get(wish) or _living(names, wish, is_live)
        if owner not in ("", claim.ref):
            lost.append(LostClaim(claim.ref, key, owner))
            continue
        owners[wish] = claim.ref
        if key == "id":
            written.add(claim.ref)
        else:
            moved[claim.ref] = wish
    return FeedIds(frozenset(written), moved, tuple(sorted(lost, key=lambda claim: (claim.ref, claim.key))))


Wish = tuple[Literal["id", "moved_from"], str, IdClaim]


def _written(authority: str, claims: Iterable[IdClaim]) -> list[Wish]:
    own = f"tag:{authority},2026:"
    found: list[Wish] = []
    for claim in claims:
        if claim.id:
            path = unicodedata.normalize("NFC", unquote(claim.id[len(own) :])) if claim.id.startswith(own) else ""
            found.append(("id", path or claim.id, claim))
    return sorted(found, key=_renamed)


def _moves(names: BranchNames, claims: Iterable[IdClaim]) -> list[Wish]:
    found: Iterator[Wish] = (
        ("moved_from", names.first_path(claim.moved_from), claim)
        for claim in claims
        if claim.moved_from and claim.moved_from != claim.ref and names.may_have_been_at(claim.moved_from)
    )
    return sorted(found, key=_renamed)


def _renamed(wish: Wish) -> bool:
    return wish[1].rpartition("/")[2] != wish[2].ref.rpartition("/")[2]


def _living(names: BranchNames, path: str, is_live: Callable[[str], bool]) -> str:
    """Return the entry whose own id is that of a path, or that is published there."""
    if path.count("/") != 2 or ":" in path:
        return ""
    ref = names.current_ref(path)
    return ref if is_live(ref) else ""
