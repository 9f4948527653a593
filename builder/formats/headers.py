"""Response headers for the web server: finished files for nginx, Apache, and hosts that read ``_headers``.

The policy is that of the pages' own ``<meta>`` element, plus the directives that only a header may have. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_IMMUTABLE = "public, max-age=31536000, immutable"
_REVALIDATE = "no-cache"
_TYPES = (
    ("xml", "application/xml"),
    ("opml", "text/x-opml"),
    ("ics", "text/calendar"),
)


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


def header_files(page_policy: str) -> Mapping[str, bytes]:
    """Returns the files by path in the hub's output: ``_headers`` (Netlify, Cloudflare Pages), and those for nginx and Apache."""
    headers = {
        # Only a header may say who embeds a page (CSP level 3, 6.4.2).
        "Content-Security-Policy": f"{page_policy}; frame-ancestors 'self'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    return {
        "_headers": _format_plain(headers).encode(),
        "hub/headers/nginx.conf": _nginx(headers).encode(),
        "hub/headers/apache.conf": _apache(headers).encode(),
    }


def _format_plain(headers: Mapping[str, str]) -> str:
    lines = ["/*", *(f"  {name}: {value}" for name, value in headers.items()), f"  Cache-Control: {_REVALIDATE}"]
    for folder in ("/assets/*", "/*/assets/*"):
        # A value for a path is added to that for all, unless that is taken away first.
        lines += [folder, "  ! Cache-Control", f"  Cache-Control: {_IMMUTABLE}"]
    for ending, kind in _TYPES:
        lines += [f"/*.{ending}", f"  Content-Type: {kind}; charset=utf-8"]
    lines += ["/*/feed.json", "  Content-Type: application/feed+json; charset=utf-8"]
    return "\n".join(lines) + "\n"


def _nginx(headers: Mapping[str, str]) -> str:
    # A location that adds a header loses those from outside it, so each has them all.
    common = [f'add_header {name} "{value}" always;' for name, value in headers.items()]

    def location(pattern: str, cache: str, *more: str) -> list[str]:
        inside = (*more, f'add_header Cache-Control "{cache}" always;', *common)
        return [f"location {pattern} {{", *(f"    {line}" for line in inside), "}"]

    lines = [
        "# Inside the server block, after `root`: include /srv/sites/hub/headers/nginx.conf;",
        "error_page 404 /404.html;",
        *location("/", _REVALIDATE, "try_files $uri $uri/index.html =404;"),
        *location("~ ^/(?:[^/]+/)?assets/", _IMMUTABLE),
        *location(
            r"~ /(?:feed|archive-[0-9]+)\.json$",
            _REVALIDATE,
            "types { }",
            'default_type "application/feed+json; charset=utf-8";',
        ),
    ]
    for ending, kind in _TYPES:
        lines += location(rf"~ \.{ending}$", _REVALIDATE, "types { }", f'default_type "{kind}; charset=utf-8";')
    return "\n".join(lines) + "\n"


def _apache(headers: Mapping[str, str]) -> str:
    lines = [
        "# Inside the virtual host; needs mod_headers and mod_mime: Include /srv/sites/hub/headers/apache.conf",
        "ErrorDocument 404 /404.html",
        "DirectoryIndex index.html",
        *(f'Header always set {name} "{value}"' for name, value in headers.items()),
        f'Header always set Cache-Control "{_REVALIDATE}"',
        '<LocationMatch "^/([^/]+/)?assets/">',
        f'    Header always set Cache-Control "{_IMMUTABLE}"',
        "</LocationMatch>",
        *(f'AddType "{kind}; charset=utf-8" .{ending}' for ending, kind in _TYPES),
        r'<LocationMatch "/(feed|archive-[0-9]+)\.json$">',
        '    ForceType "application/feed+json; charset=utf-8"',
        "</LocationMatch>",
    ]
    return "\n".join(lines) + "\n"
