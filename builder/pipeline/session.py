"""The data that all jobs of one build share, small enough to be sent to every worker."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import msgspec

from builder.catalogue.catalogue import Catalogue, LiveSite, SiteSummary, summary_of
from builder.catalogue.lookups import Load
from builder.catalogue.reading import SAFE_NS
from builder.catalogue.redirects import redirects
from builder.formats.html.site import Theme
from builder.model.media import is_picture, regular
from builder.model.reading import hash_file, open_file
from builder.model.stubs import Stub
from builder.model.values import Organization
from builder.model.version import code_version
from builder.pictures import FULL, Cache, Refused, cache_key, draw_marks, find_font
from builder.store import APART, Store


class Session(msgspec.Struct, frozen=True):
    """One build: where it reads and writes, its clock, the organization, the theme and the hash of its ``theme_digest``.

    ``slugs`` are the branches that have a folder, ``read_ns`` is when reading began, ``settings_digest`` is the
    hash of the settings for reading folders, ``build_id`` identifies this build. ``revision`` counts how often the
    overview was written: again each time a site publishes something else than was expected. What was touched within
    ``margin_ns`` before it was read is read again next time. ``late`` are pictures that wait for the next build. If it is
    ``in_place``, what was edited is published file by file, for somebody who waits for it. About ``apart`` documents of a large
    site are stored together.
    """

    root: Path
    state: Path
    output: Path
    now: datetime
    organization: Organization
    theme: Theme
    theme_digest: str
    slugs: tuple[str, ...]
    read_ns: int
    settings_digest: str
    build_id: str
    clean: bool = False
    allow_deletions: bool = False
    drafts: bool = False
    revision: int = 0
    margin_ns: int = SAFE_NS
    late: frozenset[str] = frozenset()
    in_place: bool = False
    apart: int = APART

    @property
    def store(self) -> Store:
        """The store of the output folder."""
        return _store(self.state, self.output, self.apart)

    @property
    def pictures(self) -> Cache:
        """The cache of processed pictures."""
        return Cache(self.store.pictures, self.late)

    def draw_up(self, summaries: Mapping[str, SiteSummary]) -> None:
        """Writes the overview of all sites for the workers."""
        self.store.stash(f"overview{self.revision}", "", msgspec.json.encode(tuple(summaries.values())))

    def catalogue(
        self,
        parts: Mapping[str, LiveSite] = {},
        stubs: Mapping[str, tuple[Stub, ...]] = {},
        known: Mapping[str, LiveSite | None] = {},
    ) -> Catalogue:
        """Returns the catalogue of the overview; live sites are loaded when they are needed, except ``parts``, and those that are
        ``known`` as they are saved. ``stubs`` are those of the entries of some."""
        overview = _overview(self.store, self.revision, self.build_id)
        if not parts:
            return overview.catalogue(self.organization, lambda slug: known.get(slug) or self.live_site(slug), stubs)
        summaries = [summary_of(parts[each.slug]) if each.slug in parts else each for each in overview.summaries]
        return Catalogue(self.organization, summaries, lambda slug: parts.get(slug) or self.live_site(slug), stubs)

    def redirects(self) -> Mapping[str, Mapping[str, str]]:
        """Returns the redirects in the folder of each site, as the overview has them."""
        return _overview(self.store, self.revision, self.build_id).redirects(self.organization, self.live_site)

    def live_site(self, slug: str) -> LiveSite:
        """Returns the live site as this build publishes it. Raises OSError if there is none."""
        return _live_site(self.store, slug, self.revision, self.build_id)


def with_marks(root: Path, store: Store, organization: Organization, fonts: Iterable[Path]) -> Organization:
    """Returns the organization with the best font of some folders for cards, and with the key of its logo's marks in the cache of
    pictures, where they are made if they are new; without a key if it has no logo, or one that cannot be drawn, which is told."""
    organization = msgspec.structs.replace(organization, card_font=find_font(fonts))
    file = regular(root, organization.logo) if organization.logo and is_picture(organization.logo) else None
    if file is None:
        return organization
    cache = Cache(store.pictures)
    try:
        if file.stat().st_size > organization.limits.image_bytes:
            return organization
        key = cache_key(hash_file(file), "marks")
        if cache.state(key) == "missing":
            made = draw_marks(file, organization.limits.image_bytes)
            cache.put(key, {FULL: made["card.png"], **made})
    except OSError:
        # What is wrong with it is told where the hub shows it.
        return organization
    except Refused as refused:
        cache.fail(key, refused.code)
    if trouble := cache.why(key):
        return msgspec.structs.replace(organization, logo_trouble=trouble)
    return msgspec.structs.replace(organization, logo_key=key)


def live_site_at(store: Store, slug: str) -> LiveSite:
    """Returns the live site that this build has saved, else that of the release. Raises OSError if there is none."""
    content = store.stashed("slice", slug)
    part = msgspec.json.decode(content, type=LiveSite) if content is not None else store.live_site(slug)
    if part is None:
        raise OSError(f"{store.release(slug)} has no live site")
    return part


_store = lru_cache(maxsize=1)(Store)


class _Overview:
    """The overview of a build, and what all catalogues of it share: of a thousand branches each would take long to make it."""

    def __init__(self, summaries: tuple[SiteSummary, ...]) -> None:
        self.summaries = summaries
        self._first: Catalogue | None = None
        self._redirects: Mapping[str, Mapping[str, str]] | None = None

    def catalogue(
        self, organization: Organization, load: Load, stubs: Mapping[str, tuple[Stub, ...]] = {}
    ) -> Catalogue:
        if self._first is None:
            self._first = Catalogue(organization, self.summaries, load)
        return Catalogue(organization, self.summaries, load, stubs, like=self._first)

    def redirects(self, organization: Organization, load: Load) -> Mapping[str, Mapping[str, str]]:
        if self._redirects is None:
            self._redirects = redirects(self.catalogue(organization, load))
        return self._redirects


@lru_cache(maxsize=1)
def _overview(store: Store, number: int, build_id: str) -> _Overview:
    content = store.stashed(f"overview{number}", "")
    return _Overview(msgspec.json.decode(content, type=tuple[SiteSummary, ...]) if content is not None else ())


@lru_cache(maxsize=128)
def _live_site(store: Store, slug: str, number: int, build_id: str) -> LiveSite:
    return live_site_at(store, slug)


def theme_digest_of(theme: Theme) -> str:
    """Returns the hash of everything that decides how pages look: theme files, settings, and engine versions."""
    digest = hashlib.sha256(theme.settings)
    for place, folders, names in os.walk(theme.directory):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(place, name)  # noqa: PTH118 - many files
            digest.update(os.path.relpath(path, theme.directory).replace(os.sep, "/").encode())
            with open_file(path) as file:
                digest.update(hashlib.sha256(file.read()).digest())
    digest.update(code_version().encode())
    return digest.hexdigest()
