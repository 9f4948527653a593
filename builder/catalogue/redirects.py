"""Redirects from old addresses: ``aliases``, ``moved_from``, ``formerly``, the organization's ``redirects``, lists that are no
more shown. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from builder.catalogue.catalogue import Catalogue, path_of
from builder.catalogue.sections import hub_path
from builder.model.site_id import SiteId
from builder.model.site_map import may_redirect_from
from builder.model.values import Entry


def redirects(catalogue: Catalogue) -> Mapping[str, Mapping[str, str]]:
    """Returns the new path by old path, for each site whose folder has the old one; the hub (``""``) has all others.

    If two claim one old address, the first in this order gets it: the organization's, entries by ref, pages, sections.
    """
    found: dict[str, dict[str, str]] = {}
    for old, target in _every(catalogue):
        path = _as_page(old)
        owner, free = owner_of(catalogue, path)
        if path != target and free:
            found.setdefault(owner, {}).setdefault(path, target)
    for owner, old, target in _lists(catalogue):
        found.setdefault(owner, {}).setdefault(old, target)
    return found


def former_redirects(old: str, slug: str, pages: Iterable[str], moved: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yields the old and the new path of each page of the branch ``slug`` that was called ``old``: ``pages`` are the output
    files of its pages, ``moved`` the redirects in its folder."""
    for file in pages:
        path = f"/{slug}/{file.removesuffix('index.html')}"
        if path != f"/{slug}/404.html":
            yield f"/{old}/{path[len(slug) + 2 :]}", moved.get(path, path)


def _lists(catalogue: Catalogue) -> Iterator[tuple[str, str, str]]:
    """Yields the site, the old and the new path of each page of a list that has another name, or is not shown any more."""
    sections = catalogue.sections
    pages = {slug: hub_path(section) for slug, section in sections.shown.items()}
    yield from (
        ("", f"/sections/{old}/", pages.get(slug, f"/sections/{slug}/")) for old, slug in sections.former.items()
    )
    yield from (("", f"/sections/{slug}/", page) for slug, page in pages.items() if page != f"/sections/{slug}/")
    yield from (("", f"/sections/{slug}/", "/") for slug in sections.hidden)
    for old, slug in catalogue.names.former.items() if catalogue.organization.health_public else ():
        yield "", f"/health/branches/{old}/", f"/health/branches/{slug}/"
    for slug, branch in catalogue.branches.items():
        yield from ((slug, f"/{slug}/{hidden}/", f"/{slug}/") for hidden in branch.hidden if branch.section(hidden))
        if not catalogue.children.get(slug):
            yield slug, f"/{slug}/all/", f"/{slug}/"


def owner_of(catalogue: Catalogue, path: str) -> tuple[str, bool]:
    """Returns the site whose folder an old address is in, and whether content lies or may have lain there."""
    first, _, inside = path[1:].partition("/")
    if first in catalogue.branches:
        return first, may_redirect_from("branch", inside)
    return "", may_redirect_from("hub", path[1:])


def move_fault(catalogue: Catalogue, entry: Entry) -> str:
    """Returns the code of the problem that makes a ``moved_from`` void; empty if it holds.

    An entry can have been in another branch only where that branch has, or had, its section, and where no other entry lives now.
    """
    old = entry.moved_from
    if not old or old == entry.ref:
        return ""
    if not catalogue.names.may_have_been_at(old):
        return "moved-from-nowhere"
    now = catalogue.names.current_ref(old)
    return "moved-from-living" if now != entry.ref and now in catalogue.entries else ""


def place_of(catalogue: Catalogue, ref: str) -> str:
    """Returns the path of the entry, page or branch that ``ref`` names; empty if it is not live."""
    live = catalogue.entry_called(ref)
    if live is not None:
        return path_of(live.entry)
    owner, _, slug = ref.partition("/")
    owner = catalogue.names.present_name(owner)
    if not slug and owner in catalogue.branches:
        return f"/{owner}/"
    part = catalogue.live_sites.get(SiteId.of(owner).slug)
    pages = part.pages if part else ()
    return next((path_of(page) for page in pages if page.slug == slug), "")


def _every(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for old, ref in catalogue.organization.redirects:
        target = place_of(catalogue, ref)
        if target:
            yield old, target
    summaries = [catalogue.summaries[slug] for slug in sorted(catalogue.summaries)]
    lost = {claim.ref for claim in catalogue.feed_ids.lost if claim.key == "moved_from"}
    # One whose claim to the old place is lost comes after the one that was there.
    for ref, old, new in _by_ref(lost, (move for summary in summaries for move in summary.moves)):
        # Only what is written says so of another branch; whoever lives there keeps the address.
        if _is_own(ref, old) or _may_move(catalogue, ref, old):
            yield old, new
    yield from (move for summary in summaries for move in summary.page_moves)
    for slug in sorted(catalogue.branches):
        for section in catalogue.branches[slug].sections:
            yield from ((f"/{slug}/{old}/", f"/{slug}/{section.slug}/") for old in section.formerly)


def _by_ref(lost: Container[str], moves: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return sorted(moves, key=lambda move: (move[0] in lost, move[0]))


def _is_own(ref: str, old: str) -> bool:
    return old.startswith(f"/{ref.partition('/')[0]}/")


def _may_move(catalogue: Catalogue, ref: str, old: str) -> bool:
    live = catalogue.entries.get(ref)
    return live is not None and old.strip("/") == live.entry.moved_from and not move_fault(catalogue, live.entry)


def _as_page(path: str) -> str:
    """Returns a path that the output can have: a folder, or a file that ends in ``.html``."""
    return path if path.endswith(("/", ".html")) else f"{path}/"
