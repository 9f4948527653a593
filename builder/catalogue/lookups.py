"""The live sites and their entries by name, each site loaded when it is first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from operator import attrgetter

from builder.model.published import LiveEntry, LiveSite, SiteSummary
from builder.model.stubs import Listed, Stub, stubs_of

Load = Callable[[str], LiveSite]


class LiveSites(Mapping[str, LiveSite]):
    """The live sites by slug, each loaded when it is first needed."""

    def __init__(self, summaries: Mapping[str, SiteSummary], load: Load) -> None:
        self._summaries, self._load = summaries, load
        self._loaded: dict[str, LiveSite] = {}

    def __getitem__(self, slug: str) -> LiveSite:
        part = self._loaded.get(slug)
        if part is None:
            if slug not in self._summaries:
                raise KeyError(slug)
            part = self._loaded[slug] = self._load(slug)
        return part

    def __contains__(self, slug: object) -> bool:
        return slug in self._summaries

    def __iter__(self) -> Iterator[str]:
        return iter(self._summaries)

    def __len__(self) -> int:
        return len(self._summaries)

    def forget(self, slug: str) -> None:
        """Lets a live site go; it is loaded again when it is needed."""
        self._loaded.pop(slug, None)


class LiveEntries(Mapping[str, LiveEntry]):
    """The live entries by ref; looking one up loads its branch's live site."""

    def __init__(self, live_sites: Mapping[str, LiveSite]) -> None:
        self._live_sites = live_sites
        self._by_ref: dict[str, Mapping[str, LiveEntry]] = {}

    def _of(self, slug: str) -> Mapping[str, LiveEntry]:
        if slug not in self._by_ref:
            part = self._live_sites.get(slug)
            self._by_ref[slug] = {live.entry.ref: live for live in part.entries} if part is not None else {}
        return self._by_ref[slug]

    def __getitem__(self, ref: str) -> LiveEntry:
        return self._of(ref.partition("/")[0])[ref]

    def whole(self, live: Listed) -> LiveEntry:
        """Returns an entry with all that is published of it, whether it is given or its stub."""
        return live if isinstance(live, LiveEntry) else self[live.entry.ref]

    def __iter__(self) -> Iterator[str]:
        return (ref for slug in self._live_sites for ref in self._of(slug))

    def __len__(self) -> int:
        return sum(len(self._of(slug)) for slug in self._live_sites)

    def forget(self, slug: str) -> None:
        """Lets the entries of a live site go."""
        self._by_ref.pop(slug, None)


class Stubs(Mapping[str, tuple[Stub, ...]]):
    """The stubs of each site's entries, by slug: those that are ``known``, else made of its live site when first needed."""

    def __init__(self, live_sites: Mapping[str, LiveSite], known: Mapping[str, tuple[Stub, ...]] = {}) -> None:
        self._live_sites = live_sites
        self._made = dict(known)

    def __getitem__(self, slug: str) -> tuple[Stub, ...]:
        if slug not in self._made:
            self._made[slug] = stubs_of(self._live_sites[slug])
        return self._made[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._live_sites)

    def __len__(self) -> int:
        return len(self._live_sites)

    def heads(self, slug: str) -> Sequence[Listed]:
        """Returns a site's entries as far as lists choose by them: the stubs where there are any, else the entries, of which none
        are made."""
        return self._made[slug] if slug in self._made else self._live_sites[slug].entries

    @cached_property
    def all(self) -> Sequence[Stub]:
        """The stubs of all sites, by ref."""
        return sorted(chain.from_iterable(map(self.__getitem__, self)), key=attrgetter("ref"))

    @cached_property
    def newest(self) -> Sequence[Stub]:
        """The stubs of all sites, newest first by date, then by ref."""
        return sorted(self.all, key=attrgetter("date"), reverse=True)
