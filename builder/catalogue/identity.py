"""The feed ids of entries: each entry has one, and no two have the same. Pure.

An entry's id comes from the path that it was first at: its own, or the one that ``moved_from`` names, unless ``id`` says another.
A path is compared with the first name of its section, and a tag URI of the organization with the path in it, so that
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


def first_path(branches: Mapping[str, Branch], ref: str) -> str:
    """Return the path that feed ids keep: that of ``ref`` under the first name of its section."""
    slug, name, entry = ref.split("/")
    branch = branches.get(slug)
    sections = branch.sections if branch is not None else ()
    section = next((each for each in sections if name in (each.slug, *each.formerly)), None)
    first = section.formerly[0] if section is not None and section.formerly else name
    return unicodedata.normalize("NFC", f"{slug}/{first}/{entry}")


def current_ref(branches: Mapping[str, Branch], path: str) -> str:
    """Return the ref that an entry has now which was at ``path``, under any name of its section."""
    slug, name, entry = path.split("/")
    branch = branches.get(slug)
    sections = branch.sections if branch is not None else ()
    section = next((each.slug for each in sections if name in (each.slug, *each.formerly)), name)
    return f"{slug}/{section}/{entry}"


def may_have_been_at(branches: Mapping[str, Branch], ref: str) -> bool:
    """Tell whether an entry can have been at ``ref``: that branch has, or had, the section, and the builder publishes
    nothing of its own there."""
    slug, name, entry = ref.split("/")
    branch = branches.get(slug)
    if branch is None:
        return may_redirect_from("hub", f"{ref}/")
    known = any(name in (section.slug, *section.formerly) for section in branch.sections)
    return known and may_redirect_from("branch", f"{name}/{entry}/")


def resolve_feed_ids(
    authority: str, branches: Mapping[str, Branch], claims: Iterable[IdClaim], is_live: Callable[[str], bool]
) -> FeedIds:
    """Return who has which id. Written ids come before moves; of equal claims that of the entry which kept the file name of the
    old path counts, then the earliest by date, then the first by ref."""
    every = sorted(claims, key=lambda claim: (claim.date, claim.ref))
    owners: dict[str, str] = {}
    written: set[str] = set()
    moved: dict[str, str] = {}
    lost: list[LostClaim] = []
    wanted = [*_written(authority, every), *_moves(branches, every)]
    for key, wish, claim in wanted:
        if claim.ref in written:
            continue  # Its ``id`` holds: where it was is but an old address.
        owner = owners.get(wish) or _living(branches, wish, is_live)
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


def _moves(branches: Mapping[str, Branch], claims: Iterable[IdClaim]) -> list[Wish]:
    found: Iterator[Wish] = (
        ("moved_from", first_path(branches, claim.moved_from), claim)
        for claim in claims
        if claim.moved_from and claim.moved_from != claim.ref and may_have_been_at(branches, claim.moved_from)
    )
    return sorted(found, key=_renamed)


def _renamed(wish: Wish) -> bool:
    return wish[1].rpartition("/")[2] != wish[2].ref.rpartition("/")[2]


def _living(branches: Mapping[str, Branch], path: str, is_live: Callable[[str], bool]) -> str:
    """Return the entry whose own id is that of a path, or that is published there."""
    if path.count("/") != 2 or ":" in path:
        return ""
    ref = current_ref(branches, path)
    return ref if is_live(ref) else ""
