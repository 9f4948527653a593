"""The data given to the renderer (a site, its pages, its navigation, the theme) and the data that it returns.

Frozen data and no heavy import: whoever derives pages may import this module without loading MkDocs or Jinja.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec


class SitePage(msgspec.Struct, frozen=True):
    """One page of a site, finished except for the theme around it."""

    path: str
    """Output file, relative to the site, with `/`: `index.html`, `news/2026-03-01-a/index.html`, `404.html`."""
    title: str
    """Plain text."""
    template: str
    """A template of the theme: `entry.html`, `home.html`."""
    meta: bytes = b"{}"
    """A JSON object in UTF-8, without floats: plain text in every string but those under keys that end in `_html`."""
    html: str = ""
    """The body: finished, sanitized HTML."""
    headings: tuple[tuple[int, str, str], ...] = ()
    """Level (1-6), id and plain text of each heading of the body, in their order."""
    inputs: str = ""
    """The hash of all that it was derived from, where that is known without deriving it."""
    known: bool = False
    """True for a page that was derived from the same before: it has nothing but its path."""


class NavItem(msgspec.Struct, frozen=True):
    """A place in the navigation: a page of this site, an address, or a group. A group's own page is its `path`."""

    title: str
    path: str | None = None
    """Output file of a page of this site; the page need not be among those to be rendered."""
    url: str | None = None
    """An address that starts with `/`, `http://`, `https://`, `mailto:` or `tel:`."""
    children: tuple[NavItem, ...] = ()


class Site(msgspec.Struct, frozen=True):
    """A site to be rendered: everything that its pages have in common, and the pages wanted this time."""

    name: str
    url: str
    """Absolute address of the site's home, or empty. Canonical links and the error page's links come from it."""
    language: str
    """`zh`, `en`, or a longer tag such as `zh-Hant`, for the theme's texts."""
    nav: tuple[NavItem, ...] = ()
    extra: bytes = b"{}"
    """A JSON object in UTF-8, `config.extra` of the templates; strings as in `SitePage.meta`."""
    pages: tuple[SitePage, ...] = ()
    assets: str = "assets/"
    """The folder of the shared assets: relative to the site's home (`assets/`, `../assets/`) or absolute. Ends in `/`."""


class Theme(msgspec.Struct, frozen=True):
    """The theme that all sites share: overrides of Material for MkDocs and the settings of the root mkdocs.yml."""

    directory: Path
    """The overrides (`custom_dir` of MkDocs): templates, `locales/`, and static files in `assets/`."""
    settings: bytes = b"{}"
    """A JSON object in UTF-8: `{"theme": {...}, "extra_css": [...]}`."""


class Rendered(msgspec.Struct, frozen=True):
    """The result of rendering a site's pages."""

    written: tuple[str, ...]
    """Paths of the files written, in the order of the pages."""
    failed: Mapping[str, str]
    """Path of each page that could not be rendered, with the reason."""


class RenderError(Exception):
    """A page cannot be rendered or, if `page` is None, the whole site or theme."""

    def __init__(self, page: str | None, message: str) -> None:
        super().__init__(message if page is None else f"{page}: {message}")
        self.page = page
        self.message = message
