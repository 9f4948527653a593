"""A page in another language: where it is in the branch that is the same unit in that language. Pure."""

from __future__ import annotations

from builder.catalogue.catalogue import Catalogue
from builder.model.site_map import find

_EVERYWHERE = ("", "feeds/", "search/")
"""The pages that every branch has."""


def counterpart(catalogue: Catalogue, slug: str, inside: str) -> tuple[str, bool]:
    """Returns the path in the branch ``slug`` of what stands at ``inside``, a path below the home page of its counterpart, and
    whether it is the same page in the other language: else it is the section's, or the home page.

    Pages and entries of the same name are the same.
    """
    if inside in _EVERYWHERE or _has(catalogue, slug, inside):
        return f"/{slug}/{inside}", True
    section = f"{inside.partition('/')[0]}/"
    return f"/{slug}/{section}" if _has(catalogue, slug, section) else f"/{slug}/", False


def _has(catalogue: Catalogue, slug: str, inside: str) -> bool:
    found = find("branch", inside)
    if found is None:
        return False
    place, names = found
    if place.document == "entry":
        live = catalogue.entries.get(f"{slug}/{names['section']}/{names['entry']}")
        return live is not None and live.entry.has_page
    if place.document != "page":
        return False
    known = {section.slug for section in catalogue.branches[slug].visible_sections}
    return names["page"] in known | {page.slug for page in catalogue.live_sites[slug].pages}
