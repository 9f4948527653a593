"""Suggestions for misspelled names. Pure."""

from __future__ import annotations

import posixpath
import unicodedata
from bisect import bisect
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches

from builder.catalogue.catalogue import Catalogue, site_of
from builder.model.media import is_picture
from builder.model.sources import document_key
from builder.model.values import Section

_CUTOFF = 0.6
_MOST_NAMES = 2_000
_MOST_SUGGESTIONS = 100


class Suggestions:
    """Suggestions for the misspelled names in one site. The first hundred are looked for: each costs as much as there are
    names."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue, self._left = catalogue, _MOST_SUGGESTIONS

    def name(self, name: str, names: Iterable[str], titles: Callable[[], Mapping[str, Iterable[str]]] = dict) -> str:
        """Returns what :func:`nearest` does."""
        return nearest(name, names, titles()) if self._may_look() else ""

    def ref(self, ref: str) -> str:
        """Returns the ref of a live entry that is most like ``ref``."""
        return nearest_ref(ref, self._catalogue) if self._may_look() else ""

    def file(self, path: str, source: str) -> str:
        """Returns the file that is meant by ``path``, as it is to be written in the file ``source``."""
        return nearest_file(path, source, self._catalogue) if self._may_look() else ""

    def _may_look(self) -> bool:
        self._left -= 1
        return self._left >= 0


def nearest(name: str, names: Iterable[str], titles: Mapping[str, Iterable[str]] = {}) -> str:
    """Returns the name in ``names`` that is most like ``name``; empty if none is.

    ``titles`` are what people call those of that name: who writes one of them in full means it.
    """
    row = sorted(names)
    called = {_folded(title): each for each in reversed(row) for title in titles.get(each, ()) if title}
    if _folded(name) in called:
        return called[_folded(name)]
    found = get_close_matches(name, _about(name, row), 1, _CUTOFF)
    found = found or get_close_matches(_folded(name), _about(_folded(name), sorted(called)), 1, _CUTOFF)
    return called.get(found[0], found[0]) if found else ""


def _about(name: str, row: Sequence[str]) -> Sequence[str]:
    """Returns the names that may be like ``name``: of many in order those that begin like it."""
    first = max(0, min(bisect(row, name) - _MOST_NAMES // 2, len(row) - _MOST_NAMES))
    return row[first : first + _MOST_NAMES]


def _folded(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def branch_titles(catalogue: Catalogue) -> Mapping[str, Iterable[str]]:
    """Returns the names of every branch, by its slug."""
    return {slug: (branch.name, branch.short_name) for slug, branch in catalogue.branches.items()}


def topic_titles(catalogue: Catalogue) -> Mapping[str, Iterable[str]]:
    """Returns the title of every topic, by its slug."""
    return {slug: (topic.title,) for slug, topic in catalogue.topics.items()}


def section_titles(sections: Iterable[Section]) -> Mapping[str, Iterable[str]]:
    """Returns the title of every section, by its slug."""
    return {section.slug: (section.title,) for section in sections}


def nearest_ref(ref: str, catalogue: Catalogue) -> str:
    """Returns the ref of a live entry that is most like ``ref``; empty if none is.

    Only the branch that it names is searched. If that does not exist, the rest of the ref stays as it is behind the
    nearest existing branch.
    """
    slug, _, rest = ref.partition("/")
    part = catalogue.live_sites.get(slug) if slug in catalogue.branches else None
    if part is None:
        other = nearest(slug, catalogue.branches, branch_titles(catalogue))
        if not other:
            return ""
        return nearest_ref(f"{other}/{rest}", catalogue) or f"{other}/{rest}"
    section, _, name = rest.partition("/")
    branch = catalogue.branches[slug]
    titled = nearest(section, (each.slug for each in branch.sections), section_titles(branch.sections))
    if titled and f"{slug}/{titled}/{name}" in catalogue.entries:
        return f"{slug}/{titled}/{name}"
    refs = {live.entry.ref.partition("/")[2]: live.entry.ref for live in part.entries}
    found = nearest(rest, refs)
    if not found:
        # The same file may lie in another section.
        name = rest.rpartition("/")[2]
        found = min((each for each in refs if each.rpartition("/")[2] == name), default="")
    return refs.get(found, "")


def nearest_file(path: str, source: str, catalogue: Catalogue) -> str:
    """Returns the file that is most likely meant by ``path``, which is not there, as it is to be written in the file
    ``source``; empty if none is like it.

    First those of the same folder count: the same name in other letters, with another ending, a similar name, the only
    picture if it is a picture; then the same name elsewhere in the branch.
    """
    folder, _, name = path.rpartition("/")
    every = catalogue.paths_of(site_of(path)) or catalogue.paths_of(site_of(source))
    here = {each.rpartition("/")[2]: each for each in every if each.rpartition("/")[0] == folder and each != source}
    # A folder with an index is an entry, too.
    here |= {
        posixpath.basename(inner): each
        for each in every
        if posixpath.basename(document_key(each))
        and (inner := document_key(each)).rpartition("/")[0] == folder
        and each.rpartition("/")[0] == inner
    }
    found = _alike(name, here)
    if not found and is_picture(name):
        pictures = [each for each in here if is_picture(each)]
        found = pictures[0] if len(pictures) == 1 else ""
    if found:
        return _relative(here[found], source)
    elsewhere = sorted(each for each in every if _plain(each.rpartition("/")[2]) == _plain(name) and each != source)
    return _relative(elsewhere[0], source) if elsewhere else ""


def _alike(name: str, names: Iterable[str]) -> str:
    row = sorted(names)
    stem = _plain(name.rpartition(".")[0] or name)
    for like in (
        [each for each in row if _plain(each) == _plain(name)],
        [each for each in row if _plain(each.rpartition(".")[0] or each) == stem],
    ):
        if like:
            return like[0]
    return nearest(name, row)


def _plain(name: str) -> str:
    """Returns a name without case, width, blanks and the signs that people put in their place."""
    return "".join(each for each in unicodedata.normalize("NFKC", name).casefold() if each.isalnum() or each == ".")


def _relative(path: str, source: str) -> str:
    return posixpath.relpath(path, posixpath.dirname(source))
