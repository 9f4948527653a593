"""The check of a finished page's links: do they all lead to something that is still published? Pure.

A page that is kept although it cannot be rendered again may mention something withdrawn since, in any branch. Every list
links to what it shows, so its links reveal that.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import unquote

from builder.catalogue.catalogue import Catalogue
from builder.catalogue.redirects import redirects
from builder.model.addresses import Addresses

_LINK = re.compile(r'(?:href|src)="([^"#][^"]*)"')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_LISTS = ("archive", "page")
_NO_ENTRIES = ("tags", "shared", "all", "media", "assets", "search", "feeds")
_FILE = re.compile(r"[^/]+\.(?:xml|json|ics|html|txt|opml)")


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
        parts = path.strip("/").split("/")
        branch = self.catalogue.branches.get(parts[0])
        if branch is None:
            return self._in_hub(parts)
        if len(parts) == 2 and fragment:
            section = branch.section(parts[1])
            voices = section is not None and section.type == "voice"
            return not voices or f"{parts[0]}/{parts[1]}/{fragment}" in self.catalogue.entries
        if len(parts) < 3:
            return True
        if parts[1] == "tags":
            return parts[0] not in self.tags or parts[2] in self.tags[parts[0]]
        if parts[1] in _NO_ENTRIES or parts[2] in _LISTS or (len(parts) == 3 and _FILE.fullmatch(parts[2])):
            return True
        own = self.moved.get(parts[0], {})
        return "/".join(parts[:3]) in self.catalogue.entries or f"/{'/'.join(parts)}/" in own

    def _in_hub(self, parts: list[str]) -> bool:
        if len(parts) < 2 or _FILE.fullmatch(parts[1]):
            return True
        if parts[0] == "topics":
            return parts[1] in self.catalogue.topics
        if parts[0] == "tags":
            return "" not in self.tags or parts[1] in self.tags[""]
        return True

    def _place(self, page: str, link: str) -> Iterator[tuple[str, str]]:
        """Returns the path and the fragment that a link of the page leads to; nothing for other hosts."""
        rest, _, fragment = link.partition("#")
        rest = rest.partition("?")[0]
        owner, inside = self.addresses.owner(page), page
        if _SCHEME.match(rest):
            found = next(((slug, url) for slug, url in self.addresses.own.items() if rest.startswith(url)), None)
            owner, base = found or ("", self.addresses.base)
            if not rest.startswith(base):
                return
            rest = "/" + rest[len(base) :]
        elif owner:
            inside = page[len(owner) + 1 :]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(inside), unquote(rest) or "."))
        yield (f"/{owner}{path}" if owner else path), unquote(fragment)
