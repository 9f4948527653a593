"""Response headers for the web server: finished files for nginx, Apache, and hosts that read ``_headers``.

The policy is that of the pages' own ``<meta>`` element, plus the directives that only a header may have. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

_IMMUTABLE = "public, max-age=31536000, immutable"
_REVALIDATE = "no-cache"
_OPEN = "Access-Control-Allow-Origin"
"""The header with which a file may be read by programs in pages of other sites (Fetch standard, 3.3.2)."""
_NUMBER = "{number}"
_PLAIN_ENDINGS = ("json", "txt", "html", "css")
"""Endings that servers know, and that other files of a site have too: their types are told name by name."""


def policy(scripts: Iterable[str], frames: Iterable[str]) -> str:
    """Returns the Content-Security-Policy (W3C, level 3) of every page: ``scripts`` are sources of the theme's inline scripts,
    ``frames`` the addresses whose frames may be embedded."""
    parts = {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "style-src": "'self'",
        "script-src": " ".join(("'self'", *scripts)),
        "frame-src": " ".join(frames) or "'none'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


PLAIN_POLICY = policy((), ()).replace("script-src 'self'", "script-src 'none'")
"""The policy of pages that are written without the theme, and run nothing."""


def header_files(
    page_policy: str, types: Iterable[tuple[str, str]], immutable: Sequence[str], shared: Sequence[str] = ()
) -> Mapping[str, bytes]:
    """Returns the files by path in the hub's output: ``_headers`` (Netlify, Cloudflare Pages), and those for nginx and Apache.

    ``types`` are names of files, ``{number}`` in them being any number, with the media type that each is served with: feeds
    and the like, which programs of other sites may read, as what is in the folders ``shared`` at the root. ``immutable``
    are folders of a site whose files never change.
    """
    headers = {
        # Only a header may say who embeds a page (CSP level 3, 6.4.2).
        "Content-Security-Policy": f"{page_policy}; frame-ancestors 'self'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    kinds = _Types.of(types)
    return {
        "_headers": _format_plain(headers, kinds, immutable, shared).encode(),
        "hub/headers/nginx.conf": _nginx(headers, kinds, immutable, shared).encode(),
        "hub/headers/apache.conf": _apache(headers, kinds, immutable, shared).encode(),
    }


class _Types(NamedTuple):
    """Media types: of all files with an ending, and of files by their names, grouped by type."""

    endings: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, types: Iterable[tuple[str, str]]) -> _Types:
        endings: dict[str, str] = {}
        names: dict[str, tuple[str, ...]] = {}
        for name, kind in types:
            ending = name.rpartition(".")[2]
            if ending not in _PLAIN_ENDINGS and endings.setdefault(ending, kind) == kind:
                continue
            names[kind] = (*names.get(kind, ()), name)
        return cls(endings, names)

    def patterns(self) -> Iterator[tuple[str, str]]:
        """Yields a regular expression for the names of each type."""
        for kind, names in self.names.items():
            inside = "|".join(re.escape(name).replace(re.escape(_NUMBER), "[0-9]+") for name in names)
            yield f"/(?:{inside})$", kind


def _format_plain(headers: Mapping[str, str], types: _Types, immutable: Sequence[str], shared: Sequence[str]) -> str:
    lines = ["/*", *(f"  {name}: {value}" for name, value in headers.items()), f"  Cache-Control: {_REVALIDATE}"]
    for folder in (place for name in immutable for place in (f"/{name}/*", f"/*/{name}/*")):
        # A value for a path is added to that for all, unless that is taken away first.
        lines += [folder, "  ! Cache-Control", f"  Cache-Control: {_IMMUTABLE}"]
    for ending, kind in types.endings.items():
        lines += [f"/*.{ending}", f"  Content-Type: {kind}; charset=utf-8", f"  {_OPEN}: *"]
    for kind, names in types.names.items():
        for name in names:
            # Each pattern may hold one splat; a placeholder takes what is left of the name of one folder or file.
            plain = name.replace(_NUMBER, ":number")
            for place in (f"/{plain}", f"/*/{plain}"):
                lines += [place, f"  Content-Type: {kind}; charset=utf-8", f"  {_OPEN}: *"]
    for folder in shared:
        lines += [f"/{folder}/*", f"  {_OPEN}: *"]
    return "\n".join(lines) + "\n"


def _nginx(headers: Mapping[str, str], types: _Types, immutable: Sequence[str], shared: Sequence[str]) -> str:
    # A location that adds a header loses those from outside it, so each has them all.
    common = [f'add_header {name} "{value}" always;' for name, value in headers.items()]

    def location(pattern: str, cache: str, *more: str) -> list[str]:
        inside = (*more, f'add_header Cache-Control "{cache}" always;', *common)
        return [f"location {pattern} {{", *(f"    {line}" for line in inside), "}"]

    lines = [
        "# Inside the server block, after `root`: include /srv/sites/hub/headers/nginx.conf;",
        "error_page 404 /404.html;",
        *location("/", _REVALIDATE, "try_files $uri $uri/index.html =404;"),
        *location(f"~ ^/(?:[^/]+/)?(?:{'|'.join(immutable)})/", _IMMUTABLE),
        *location(f"~ ^/(?:{'|'.join(shared)})/", _REVALIDATE, f'add_header {_OPEN} "*" always;'),
    ]
    for pattern, kind in (*types.patterns(), *((rf"\.{ending}$", kind) for ending, kind in types.endings.items())):
        opened = f'add_header {_OPEN} "*" always;'
        lines += location(f"~ {pattern}", _REVALIDATE, "types { }", f'default_type "{kind}; charset=utf-8";', opened)
    return "\n".join(lines) + "\n"


def _apache(headers: Mapping[str, str], types: _Types, immutable: Sequence[str], shared: Sequence[str]) -> str:
    lines = [
        "# Inside the virtual host; needs mod_headers and mod_mime: Include /srv/sites/hub/headers/apache.conf",
        "ErrorDocument 404 /404.html",
        "DirectoryIndex index.html",
        *(f'Header always set {name} "{value}"' for name, value in headers.items()),
        f'Header always set Cache-Control "{_REVALIDATE}"',
        f'<LocationMatch "^/([^/]+/)?({"|".join(immutable)})/">',
        f'    Header always set Cache-Control "{_IMMUTABLE}"',
        "</LocationMatch>",
        *(f'AddType "{kind}; charset=utf-8" .{ending}' for ending, kind in types.endings.items()),
    ]
    opened = [*(rf"\.{ending}$" for ending in types.endings), *(pattern for pattern, _ in types.patterns())]
    opened += [f"^/{folder}/" for folder in shared]
    for pattern in opened:
        lines += [f'<LocationMatch "{pattern}">', f'    Header always set {_OPEN} "*"', "</LocationMatch>"]
    for pattern, kind in types.patterns():
        lines += [f'<LocationMatch "{pattern}">', f'    ForceType "{kind}; charset=utf-8"', "</LocationMatch>"]
    return "\n".join(lines) + "\n"
