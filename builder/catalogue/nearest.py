"""Suggestions for misspelled names. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from builder.catalogue.catalogue import Catalogue

_CUTOFF = 0.6


def nearest(name: str, names: Iterable[str]) -> str:
    """Returns the name in ``names`` that is most like ``name``; empty if none is."""
    return next(iter(get_close_matches(name, sorted(names), 1, _CUTOFF)), "")


def nearest_ref(ref: str, catalogue: Catalogue) -> str:
    """Returns the ref of a live entry that is most like ``ref``; empty if none is.

    Only the branch that it names is searched. If that does not exist, the rest of the ref stays as it is behind the
    nearest existing branch.
    """
    slug, _, rest = ref.partition("/")
    part = catalogue.live_sites.get(slug) if slug in catalogue.branches else None
    if part is None:
        other = nearest(slug, catalogue.branches)
        return f"{other}/{rest}" if other else ""
    refs = {live.entry.ref.partition("/")[2]: live.entry.ref for live in part.entries}
    found = nearest(rest, refs)
    if not found:
        # The same file may lie in another section.
        name = rest.rpartition("/")[2]
        found = min((each for each in refs if each.rpartition("/")[2] == name), default="")
    return refs.get(found, "")
