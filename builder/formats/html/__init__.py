"""Pages in, HTML files out: the only interface to MkDocs and Material.

What crosses it is an ordinary MkDocs project: `write_project` writes one, and stock `mkdocs build` on it gives the
same content, contents list and links as `render`, which never writes it. Nothing here prints or reads the clock.

What templates may read, how it is escaped, and what overrides must do is told to theme authors in ``theme/README.md``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from builder.formats.html.assets import Assets, assets
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

    def __init__(self, theme: Theme, kept: str = "") -> None:
        """Compiled templates are kept under the hash ``kept`` of everything that decides how pages look; empty: nowhere."""
        from builder.formats.html.engine import Engine

        self._engine = Engine(theme, kept)

    def pages(self, site: Site) -> Iterator[tuple[str, bytes | RenderError]]:
        """Renders each page of the site in order: its path, and its bytes or the error that prevented it.

        A page that fails does not affect the others. Raises RenderError if the site or the theme as a whole cannot be
        rendered.
        """
        return self._engine.pages(site)

    def load(self, site: Site) -> None:
        """Loads all that the pages of such a site need, before there is one. Raises RenderError as :meth:`pages` does."""
        self._engine.load(site)

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


def write_project(site: Site, theme: Theme, directory: Path) -> None:
    """Writes the site as an ordinary MkDocs project into ``directory``, which is empty or does not exist yet: stock `mkdocs
    build` on it gives pages with the same content, contents list and links as `render`.

    Raises RenderError as `render` does for a whole site, and for the first page that cannot be written.
    """
    from builder.formats.html.staging import write_files

    write_files(site, theme, directory)
