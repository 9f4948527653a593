"""The Content-Security-Policy of pages, in their own ``<meta>`` element and in the headers that servers send. Pure."""

from __future__ import annotations

from collections.abc import Iterable


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
