"""The plan of a site's build: the stale pages, each with the reason. Pure.

A page is rendered again if one of the named parts of its key differs from that of the last release:

``content``  its body and headings
``data``     everything else that its template shows of it: title, dates, lists, neighbours
``site``     what all pages of the site share: name, navigation, feeds, language
``theme``    templates, settings, renderer and their versions
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from builder.formats.html.site import Site, SitePage
from builder.store import Manifest, PageKey

ALL_PARTS = ("content", "data", "site", "theme")


class Plan(msgspec.Struct, frozen=True):
    """The pages of a site by output file: ``stale`` ones are rendered, ``kept`` ones taken over. ``why`` names the parts
    of the key that differ; ``new`` means a page that did not exist."""

    keys: Mapping[str, PageKey]
    stale: tuple[str, ...]
    kept: tuple[str, ...]
    removed: tuple[str, ...]
    why: Mapping[str, tuple[str, ...]]


def make_plan(site: Site, theme: str, last: Manifest | None) -> Plan:
    """Makes the plan for a site whose last release has the manifest ``last``; ``theme`` is the hash of the theme."""
    before = last.pages if last is not None else {}
    keys = page_keys(site, theme, before)
    why = {path: _differing(key, before.get(path)) for path, key in keys.items()}
    return Plan(
        keys=keys,
        stale=tuple(path for path in keys if why[path]),
        kept=tuple(path for path in keys if not why[path]),
        removed=tuple(path for path in before if path not in keys),
        why={path: parts for path, parts in why.items() if parts},
    )


def page_keys(site: Site, theme: str, before: Mapping[str, PageKey] = {}) -> Mapping[str, PageKey]:
    """Returns the key of each page of the site, by output file; a known page has that which it had ``before``."""
    shared = shared_digest(site)
    return {page.path: before[page.path] if page.known else _key(page, shared, theme) for page in site.pages}


def shared_digest(site: Site) -> str:
    """Returns the hash of what all pages of the site share."""
    return _digest([site.name, site.url, site.language, site.assets, repr(site.nav)], site.extra)


def known_inputs(site: Site, theme: str, last: Manifest | None) -> Mapping[str, str]:
    """Returns what pages of the last release were derived from, by output file, as far as only that decides whether they are
    rendered again."""
    pages, shared = last.pages if last is not None else {}, shared_digest(site)
    return {path: key.inputs for path, key in pages.items() if key.inputs and (key.site, key.theme) == (shared, theme)}


def _key(page: SitePage, site: str, theme: str) -> PageKey:
    headings = "\0".join(f"{level} {id} {text}" for level, id, text in page.headings)
    return PageKey(
        content=_digest([page.html, headings]),
        data=_digest([page.title, page.template], page.meta),
        site=site,
        theme=theme,
        inputs=page.inputs,
    )


def _differing(key: PageKey, before: PageKey | None) -> tuple[str, ...]:
    if before is None:
        return ("new",)
    return tuple(part for part in ALL_PARTS if getattr(key, part) != getattr(before, part))


def _digest(texts: Iterable[str], data: bytes = b"") -> str:
    digest = hashlib.sha256(data)
    for text in texts:
        digest.update(b"\0")
        digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:24]
