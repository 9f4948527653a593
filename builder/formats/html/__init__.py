"""Pages in, HTML files out: the only interface to MkDocs and Material.

What crosses it is an ordinary MkDocs project: `write_project` writes one, and stock `mkdocs build` on it gives the
same content, contents list and links as `render`, which never writes it. Nothing here prints or reads the clock.

What templates may read
    `page.meta.<key>`     the page's own data
    `page.meta.title`     its title; `page.title` is the title that the navigation gives it, where it is in there
    `page.meta.headings`  its headings as a tree, for the contents list: each has `level`, `title`, `url` (`#id`) and
                          `children`, the shape that Material's partial `toc-item.html` takes. `page.toc` is empty
    `page.content`        its HTML in one `<div>`, or nothing
    `nav`                 MkDocs' navigation. Of its pages only title and address are known, never their `meta`
    `config.site_name`, `config.site_url`, `page.url`, `page.canonical_url`, `base_url`
    `config.extra.<key>`  the site's own data. A key must not be the name of a dict's method (`items`, `keys`)
    `config.extra.assets` published path of each static file by its logical name, always through the filter `url`:
                          `{{ config.extra.assets['stylesheets/main.css'] | url }}`
    `config.extra.policy`  the Content-Security-Policy of every page, which lets pass the inline scripts that Material's pages
                          have (see below), and frames of the addresses in `config.extra.frames`
    `config.theme.<key>`  the settings; `config.extra_css` their style sheets, which Material's base.html links itself
    `{% trans %}`, `_()`  texts in the site's language, from `locales/<language>/LC_MESSAGES/messages.mo` of the
                          overrides; a text without a translation stays as it is in the template
`pages` and `build_date_utc` are empty: a page depends on no other page and on no clock.

Escaping
    MkDocs renders templates without autoescaping, and Material relies on it. So all strings above are HTML text
    already: `<`, `>`, `&` and both quotes are character references, in text and in quoted attributes alike. Templates
    print them as they are; `|e` would escape them twice. They never undo it: no `|striptags` without `|e` after it,
    no unquoted attribute, no data inside `<script>` or `<style>` but through `|tojson` (and then as HTML text).
    Lengths are cut before the seam. The exceptions are `page.content` and values under keys that end in `_html`: they
    are finished, sanitized HTML. Nothing that crosses the seam is ever read as a template.

What the overrides must do
    A template that extends Material's base.html has to override its blocks `styles`, `scripts` and `config`, which name files
    by their path in each site, and take the files from `config.extra.assets` (`stylesheets/main.css`, ...). The partial
    `toc.html` reads `page.toc`: override it and read `page.meta.headings`. A document of one's own, as the theme here
    has, is free of this; Material's partials and icons are there for it all the same.
    An empty `404.html` in the overrides would be no template: error pages are pages here, whose links start with `/`.

Inline scripts
    `partials/javascripts/base.html`, `palette.html`, `content.html` and `announce.html` are where Material 9 has its own;
    overrides of the same name take their place. Their text is the same on all pages of all sites, so that
    `config.extra.policy` lets them pass by their hashes.

Settings accepted
    `theme`: `palette`, `features`, `icon`, `favicon` and `logo` (files of the overrides' `assets/`), and any key that
    the overrides read as `config.theme.<key>`. `extra_css`: files of `assets/`. Fonts are off; `name`, `custom_dir`,
    `language` and `locale` come from the site.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from builder.formats.html.assets import Assets, assets
from builder.formats.html.project import write_project
from builder.formats.html.site import NavItem, Rendered, RenderError, Site, SitePage, Theme

__all__ = [
    "Assets",
    "NavItem",
    "RenderError",
    "Rendered",
    "Renderer",
    "Site",
    "SitePage",
    "Theme",
    "assets",
    "render",
    "write_project",
]


class Renderer:
    """A theme that stays loaded: the first site costs the loading of MkDocs and of the theme, each further one its pages."""

    def __init__(self, theme: Theme) -> None:
        from builder.formats.html.engine import Engine

        self._engine = Engine(theme)

    def pages(self, site: Site) -> Iterator[tuple[str, bytes | RenderError]]:
        """Renders each page of the site in order: its path, and its bytes or the error that prevented it.

        A page that fails does not affect the others. Raises RenderError if the site or the theme as a whole cannot be
        rendered.
        """
        return self._engine.pages(site)

    def policy(self, site: Site) -> str:
        """Returns the Content-Security-Policy that the site's pages declare. Raises RenderError as :meth:`pages` does."""
        return self._engine.policy(site)

    def render(self, site: Site, output: Path) -> Rendered:
        """Writes each page of the site at `output/<path>`, and nothing else.

        A page that fails is not written but named in the result. Raises as :meth:`pages` does, and OSError if a
        file cannot be written.
        """
        written: list[str] = []
        failed: dict[str, str] = {}
        for path, content in self.pages(site):
            if isinstance(content, RenderError):
                failed[path] = content.message
                continue
            target = output / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            written.append(path)
        return Rendered(written=tuple(written), failed=failed)


def render(site: Site, theme: Theme, output: Path) -> Rendered:
    """Renders one site as `Renderer.render` does."""
    return Renderer(theme).render(site, output)
