"""Redirects from old addresses: ``aliases``, ``moved_from``, a section's ``formerly``, the organization's ``redirects``. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from builder.catalogue.catalogue import Catalogue, path_of
from builder.model.site_id import SiteId


def redirects(catalogue: Catalogue) -> Mapping[str, Mapping[str, str]]:
    """Returns the new path by old path, for each site whose folder has the old one; the hub (``""``) has all others.

    If two claim one old address, the first in this order gets it: the organization's, entries by ref, pages, sections.
    """
    found: dict[str, dict[str, str]] = {}
    for old, target in _every(catalogue):
        path = _as_page(old)
        if path != target:
            first = path[1:].partition("/")[0]
            owner = first if first in catalogue.branches else ""
            found.setdefault(owner, {}).setdefault(path, target)
    return found


def place_of(catalogue: Catalogue, ref: str) -> str:
    """Returns the path of the entry, page or branch that ``ref`` names; empty if it is not live."""
    live = catalogue.entries.get(ref)
    if live is not None:
        return path_of(live.entry)
    if ref in catalogue.branches:
        return f"/{ref}/"
    owner, _, slug = ref.partition("/")
    part = catalogue.live_sites.get(SiteId.of(owner).slug)
    pages = part.pages if part else ()
    return next((path_of(page) for page in pages if page.slug == slug), "")


def _every(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for old, ref in catalogue.organization.redirects:
        target = place_of(catalogue, ref)
        if target:
            yield old, target
    summaries = [catalogue.summaries[slug] for slug in sorted(catalogue.summaries)]
    yield from ((old, new) for _, old, new in _by_ref(move for summary in summaries for move in summary.moves))
    yield from (move for summary in summaries for move in summary.page_moves)
    for slug in sorted(catalogue.branches):
        for section in catalogue.branches[slug].sections:
            yield from ((f"/{slug}/{old}/", f"/{slug}/{section.slug}/") for old in section.formerly)


def _by_ref(moves: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    return sorted(moves, key=lambda move: move[0])


def _as_page(path: str) -> str:
    """Returns a path that the output can have: a folder, or a file that ends in ``.html``."""
    return path if path.endswith(("/", ".html")) else f"{path}/"
