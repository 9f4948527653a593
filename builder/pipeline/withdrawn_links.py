"""The check of a finished page's links: do they all lead to something that is still published? Pure.

A page that is kept although it cannot be rendered again may mention something withdrawn since, in any branch. Every list
links to what it shows, so its links reveal that.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import unquote

from builder.catalogue.catalogue import Catalogue
from builder.catalogue.redirects import redirects
from builder.model.addresses import Addresses
from builder.model.patterns import pattern_of
from builder.model.site_map import find

_LINK = pattern_of(r'(?:href|src)="([^"#][^"]*)"')
_SCHEME = pattern_of(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


class LinkLiveness:
    """The check of links in the pages of one organization. ``tags`` has the slugs of each site's tag pages."""

    def __init__(self, catalogue: Catalogue, addresses: Addresses, tags: Mapping[str, frozenset[str]]) -> None:
        self.catalogue, self.addresses, self.tags = catalogue, addresses, tags
        self.moved = redirects(catalogue)

    def leads_to_withdrawn(self, page: str, content: bytes) -> bool:
        """Tells whether the page at the path ``page`` links to an entry, a topic or a tag that is no longer published."""
        links = set(_LINK.findall(content.decode("utf-8", "replace")))
        return any(not self.is_live(*place) for link in links for place in self._place(page, unescape(link)))

    def is_live(self, path: str, fragment: str = "") -> bool:
        """Tells whether ``path`` is anything but the path of an unpublished document or, with a ``fragment``, voice."""
        slug, _, inside = path.strip("/").partition("/")
        branch = self.catalogue.branches.get(slug)
        present = self.catalogue.names.former.get(slug)
        if present is not None and f"/{path.strip('/')}/" not in self.moved.get("", {}):
            return self.is_live(f"/{present}/{inside}" + "/" * (path.endswith("/") and bool(inside)), fragment)
        if branch is None:
            slug, inside = "", path.strip("/")
        folder = f"{inside}/" if inside else ""
        # A file's own name first: 404.html is no page of content.
        found = (
            find("branch" if slug else "hub", each)
            for each in ((folder, inside) if path.endswith("/") else (inside, folder))
        )
        place, names = next((each for each in found if each is not None), (None, {}))
        if place is None or f"/{path.strip('/')}/" in self.moved.get(slug, {}):
            return True
        if place.document == "page":
            section = branch.section(names["page"]) if branch is not None else None
            if section is not None and not section.kind.has_page and fragment:
                return f"{slug}/{section.slug}/{fragment}" in self.catalogue.entries
            return section is not None or self._is_page(slug, names["page"])
        if "entry" in names:
            return f"{slug}/{names['section']}/{names['entry']}" in self.catalogue.entries
        if place.document == "topic":
            return names["topic"] in self.catalogue.topics
        return place.document != "tag" or slug not in self.tags or names["tag"] in self.tags[slug]

    def _is_page(self, slug: str, name: str) -> bool:
        part = self.catalogue.live_sites.get(slug)
        return part is None or any(page.slug == name for page in part.pages)

    def _place(self, page: str, link: str) -> Iterator[tuple[str, str]]:
        """Returns the paths and the fragment that a link of the page may lead to; nothing for other hosts."""
        rest, _, fragment = link.partition("#")
        rest = rest.partition("?")[0]
        for owner, inside, target in self._targets(page, rest):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(inside), unquote(target) or "."))
            if target.rpartition("/")[2] in ("", ".", "..") and not path.endswith("/"):
                path += "/"
            yield (f"/{owner}{path}" if owner else path), unquote(fragment)

    def _targets(self, page: str, link: str) -> Iterator[tuple[str, str, str]]:
        """Returns each site that an address may be in, the page's path, and the address as seen from there. Branches that
        write the same address do not hide each other's texts."""
        if not _SCHEME.match(link):
            owner = self.addresses.owner(page)
            yield owner, page[len(owner) + 1 :] if owner else page, link
            return
        for owner, base in (("", self.addresses.base), *self.addresses.own.items()):
            if link.startswith(base):
                yield owner, page, "/" + link[len(base) :]
