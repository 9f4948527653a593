"""Sitemaps (sitemaps.org protocol 0.9) and robots.txt (RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape

Row = tuple[str, datetime | None]
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(rows: Iterable[Row]) -> bytes:
    """Writes a sitemap: addresses with the last change of what they show, by address."""
    return _document("urlset", "url", rows)


def index(rows: Iterable[Row]) -> bytes:
    """Writes an index of sitemaps."""
    return _document("sitemapindex", "sitemap", rows)


def robots(sitemaps: Iterable[str]) -> bytes:
    """Writes a robots.txt that forbids nothing and names the sitemaps."""
    lines = ["User-agent: *", "Disallow:", *(f"Sitemap: {address}" for address in sitemaps)]
    return ("\n".join(lines) + "\n").encode()


def _document(root: str, element: str, rows: Iterable[Row]) -> bytes:
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f"<{root} {_NAMESPACE}>"]
    for address, moment in sorted(rows, key=lambda row: row[0]):
        changed = f"<lastmod>{moment.replace(microsecond=0).isoformat()}</lastmod>" if moment is not None else ""
        lines.append(f" <{element}><loc>{escape(address, quote=False)}</loc>{changed}</{element}>")
    lines.append(f"</{root}>")
    return ("\n".join(lines) + "\n").encode()
