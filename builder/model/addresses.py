"""Paths of the organization, addresses on the web, and files in the output.

A *path* starts with ``/`` and a branch (or a folder of the hub), in plain Unicode: ``/mechanical/news/a/``. An *address* is
what a page or a feed writes: percent-encoded (RFC 3986), rooted in the site's own tree or absolute.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from builder.model.site_id import SiteId
from builder.model.slugs import folded
from builder.model.values import Branch, Organization

SAFE = "/:@!$&'()*+,;=~-._"
HUB = ""
_PORTS = {"http": 80, "https": 443}
_PLAIN = re.compile(r"[A-Za-z0-9/:@!$&'()*+,;=~._-]*").fullmatch


def encoded(path: str) -> str:
    """Returns ``path`` percent-encoded as UTF-8; reserved characters that are legal in a path stay."""
    return path if _PLAIN(path) else quote(path, safe=SAFE)


def output_file(path: str) -> str:
    """Returns the output file of a path: ``/a/b/`` is ``a/b/index.html``, ``/a/feed.xml`` itself."""
    return path[1:] + "index.html" if path.endswith("/") else path[1:]


class Addresses:
    """The web addresses of one organization, some of whose branches may be served on addresses of their own."""

    def __init__(self, organization: Organization, branches: Iterable[Branch]) -> None:
        self.base = organization.url
        self.own: Mapping[str, str] = {branch.slug: branch.url for branch in branches if branch.url}

    def owner(self, path: str) -> str:
        """Returns the branch with its own address that ``path`` lies in, or the hub (one address space with all others)."""
        first = path[1:].partition("/")[0]
        return first if first in self.own else HUB

    def absolute(self, path: str) -> str:
        """Returns the full address of ``path``."""
        owner = self.owner(path)
        if owner:
            return self.own[owner] + encoded(path[len(owner) + 2 :])
        return self.base + encoded(path[1:])

    def link(self, site: str, path: str) -> str:
        """Returns ``path`` as the pages of ``site`` write it: rooted in the tree they are served from, else absolute."""
        owner = self.owner(path)
        if owner != (site if site in self.own else HUB):
            return self.absolute(path)
        return encoded(path[len(owner) + 1 :] if owner else path)

    def home(self, site: str) -> str:
        """Returns the path of a site's home page."""
        return SiteId(site).home

    def site_url(self, site: str) -> str:
        """Returns the full address of a site's home page."""
        return self.absolute(self.home(site))

    def root(self, path: str) -> str:
        """Returns the relative path from the page at ``path`` to the root of the tree it is served from: ``../..``,
        ``.`` at the root.

        Put before a rooted address it gives a relative one, so that a site works below any prefix.
        """
        depth = path.count("/") - (2 if self.owner(path) else 1)
        return "/".join([".."] * depth) if depth else "."

    def mark(self, path: str, organization: Organization, name: str) -> str:
        """Returns the path of the organization's logo as ``icon``, ``feed`` or ``card`` in the tree that ``path`` is served from;
        empty without a logo. Its name changes with what it shows."""
        owner = self.owner(path)
        file = mark_file(organization, name)
        return (f"/{owner}/{file}" if owner else f"/{file}") if file else ""

    def prefix(self, site: str) -> str:
        """Returns the path of the address that a site's tree is served from, without its last slash: for error pages."""
        base = self.own.get(site, self.base)
        return urlsplit(base).path.rstrip("/")


def mark_file(organization: Organization, name: str) -> str:
    """Returns the output file of the organization's logo as ``name``; empty without a logo."""
    return f"assets/logo/{name}.{organization.logo_key[:10]}.png" if organization.logo_key else ""


def web_place(url: str) -> tuple[str, ...]:
    """Returns what tells a web address from others, whatever way it is written: its host with the port, and each part of
    its path. Of two addresses that overlap, one is the beginning of the other."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port not in (None, _PORTS.get(parts.scheme)) else ""
    host = plain_host(parts.hostname or "") or (parts.hostname or "").lower()
    path = posixpath.normpath(unquote(parts.path).replace("\\", "/") or "/")
    return (host + port, *(folded(part) for part in path.split("/") if part))


def overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tells whether two web places are the same, or one lies below the other."""
    return all(mine == theirs for mine, theirs in zip(one, other, strict=False))


def find_overlaps(places: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]]:
    """Returns, for each name whose web place overlaps others, the names of those, in order."""
    by_place: dict[tuple[str, ...], list[str]] = {}
    for name, place in sorted(places.items()):
        by_place.setdefault(place, []).append(name)
    found: dict[str, set[str]] = {}
    for name, place in places.items():
        for length in range(1, len(place) + 1):
            for other in by_place.get(place[:length], ()):
                if other != name:
                    found.setdefault(name, set()).add(other)
                    found.setdefault(other, set()).add(name)
    return {name: tuple(sorted(others)) for name, others in sorted(found.items())}


def ascii_host(url: str) -> str:
    """Returns a web address with its host as IDNA writes it (RFC 5891), in small letters: one host, one spelling. What is no
    address stays as it is."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if host.isascii():
            return url
        plain = host.encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return url
    before, at, _ = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{before}{at}{plain}{port}"))


def plain_host(host: str) -> str:
    """Returns a host's name in small ASCII letters; empty if it is none."""
    name = host.strip().rstrip(".").lower()
    try:
        plain = name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return plain if re.fullmatch(r"[a-z0-9.-]+", plain) else ""
