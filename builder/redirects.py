"""Old addresses that lead on: ``aliases``, ``moved_from``, a section's ``formerly``, the organization's ``redirects``. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from builder.catalogue import Catalogue, entry_path, page_path
from builder.model import Entry


def redirects(catalogue: Catalogue) -> Mapping[str, Mapping[str, str]]:
    """New path by old path, for each site whose folder the old one lies in; the hub (``""``) has those outside all.

    Where two claim one old address the first in this order has it: the organization's, entries by ref, pages, sections.
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
    """The path of the entry, page or branch that ``ref`` names; empty if it is not live."""
    live = catalogue.entries.get(ref)
    if live is not None:
        return entry_path(live.entry)
    if ref in catalogue.branches:
        return f"/{ref}/"
    owner, _, slug = ref.partition("/")
    part = catalogue.slices.get("" if owner == "hub" else owner)
    pages = part.pages if part else ()
    return next((page_path(page) for page in pages if page.slug == slug), "")


def _every(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for old, ref in catalogue.organization.redirects:
        target = place_of(catalogue, ref)
        if target:
            yield old, target
    for ref in sorted(catalogue.entries):
        entry = catalogue.entries[ref].entry
        if entry.type != "voice":
            yield from ((alias, entry_path(entry)) for alias in entry.aliases)
            if entry.moved_from:
                yield f"/{entry.moved_from}/", entry_path(entry)
            yield from _former(catalogue, entry)
    for slug in sorted(catalogue.slices):
        for page in catalogue.slices[slug].pages:
            yield from ((alias, page_path(page)) for alias in page.aliases)
    for slug in sorted(catalogue.branches):
        for section in catalogue.branches[slug].sections:
            yield from ((f"/{slug}/{old}/", f"/{slug}/{section.slug}/") for old in section.formerly)


def _former(catalogue: Catalogue, entry: Entry) -> Iterator[tuple[str, str]]:
    section = catalogue.branches[entry.branch].section(entry.section)
    for old in section.formerly if section else ():
        yield f"/{entry.branch}/{old}/{entry.slug}/", entry_path(entry)


def _as_page(path: str) -> str:
    """A path that output can hold: a folder, or a file that ends in ``.html``."""
    return path if path.endswith(("/", ".html")) else f"{path}/"
