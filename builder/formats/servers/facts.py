"""The facts that every web server must be told of a site, and the parts of its settings that all of them share. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
OPEN = "Access-Control-Allow-Origin"
"""The header with which a file may be read by programs in pages of other sites (Fetch standard, 3.3.2)."""
NUMBER = "{number}"
_OWN_ENDINGS = frozenset({"ics", "json", "txt"})
"""Endings of documents that are also the builder's own files, which are for reading."""
DRAWING = "svg"
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""The policy of what may show itself in a browser without being one of our pages (CSP level 3, 6.3.3)."""
SITE_TYPES: Mapping[str, str] = {
    "css": "text/css",
    "html": "text/html",
    "js": "text/javascript",
    "json": "application/json",
    "map": "application/json",
    "txt": "text/plain",
    "wasm": "application/wasm",
    "webmanifest": "application/manifest+json",
    "woff2": "font/woff2",
    "xml": "application/xml",
}
"""Media types of a site's own files by ending, so that none depends on the machine that serves them."""
COMPRESSED = ("text/css", "text/javascript", "text/plain", "text/csv", "application/json", "application/xml", "image/svg+xml",
              "text/calendar", "text/x-opml", "application/manifest+json")  # fmt: skip
PRIVATE = ("_headers", "build.json", "hub/headers/")
"""Files of the output that are for programs of the operator, not for readers."""


class ServerFacts(msgspec.Struct, frozen=True):
    """The facts of an organization's sites for its web server.

    ``policy`` is the Content-Security-Policy of pages. ``types`` are names of files, ``{number}`` in them being any number, with
    the media type that each is served with: feeds and the like, which programs of other sites may read, as what is in the folders
    ``shared`` at the root. ``immutable`` are folders of a site whose files never change. ``base`` is the path of the address,
    ``/`` at its root; ``branches`` are the folders that have an error page of their own, ``moved`` are new addresses by old
    path, ``gone`` the paths of what was withdrawn; all paths begin with ``base``. ``shown`` and ``downloaded`` are the
    endings of files from content, with their media types: those that browsers show, and those that readers save. ``policies``
    are folders at the root whose pages have a Content-Security-Policy of their own.
    """

    policy: str
    types: tuple[tuple[str, str], ...]
    immutable: tuple[str, ...]
    shared: tuple[str, ...] = ()
    base: str = "/"
    branches: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()
    gone: tuple[str, ...] = ()
    shown: Mapping[str, str] = {}
    downloaded: Mapping[str, str] = {}
    policies: tuple[tuple[str, str], ...] = ()

    @property
    def saved(self) -> tuple[str, ...]:
        """The endings of what is sent as an attachment (RFC 6266)."""
        return tuple(sorted(self.downloaded.keys() - _OWN_ENDINGS))

    @property
    def media_types(self) -> Mapping[str, Sequence[str]]:
        """The endings of all files that are published, by media type."""
        found: dict[str, list[str]] = {}
        for ending, kind in sorted({**self.downloaded, **self.shown, **SITE_TYPES}.items()):
            found.setdefault(kind, []).append(ending)
        return found

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of every answer."""
        return {
            # Only a header may say who embeds a page (CSP level 3, 6.4.2).
            "Content-Security-Policy": f"{self.policy}; frame-ancestors 'self'",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }

    @property
    def plain_moves(self) -> Iterator[tuple[str, str]]:
        """The moves whose paths can be written in settings: without control characters."""
        return ((old, new) for old, new in self.moved if old.isprintable() and new.isprintable())

    @property
    def plain_gone(self) -> Iterator[str]:
        """The paths of withdrawn pages that can be written in settings."""
        return (path for path in self.gone if path.isprintable())


class Types(msgspec.Struct, frozen=True):
    """Media types that are told by name: of all files with an ending, and of single names, grouped by type."""

    endings: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, types: Iterable[tuple[str, str]]) -> Types:
        """Sorts names and types; endings that other files of a site have too are told name by name."""
        endings: dict[str, str] = {}
        names: dict[str, tuple[str, ...]] = {}
        for name, kind in types:
            ending = name.rpartition(".")[2]
            if ending not in ("json", "txt", "html", "css") and endings.setdefault(ending, kind) == kind:
                continue
            names[kind] = (*names.get(kind, ()), name)
        return cls(endings, names)

    def patterns(self) -> Iterator[tuple[str, str]]:
        """Yields a regular expression for the names of each type."""
        for kind, names in self.names.items():
            inside = "|".join(re.escape(name).replace(re.escape(NUMBER), "[0-9]+") for name in names)
            yield f"/(?:{inside})$", kind
