"""A site written as an ordinary MkDocs project, which stock `mkdocs build` renders to the same pages."""

from __future__ import annotations

import shutil
from pathlib import Path
from posixpath import dirname

from builder.formats import direction, qr
from builder.formats.html.assets import assets
from builder.formats.html.engine import Engine
from builder.formats.html.project import (
    configuration,
    group_pages,
    is_error_page,
    nav_pages,
    navigation,
    page_source,
    source_path,
    yaml_text,
)
from builder.formats.html.site import Site, Theme

_HOOK = '''"""The filters of the theme, for MkDocs: beside this file lie the modules that it takes them from. And the addresses
of pages that are no folder's, by their source."""

from functools import partial

from direction import language_attributes
from qr import qr_code

ADDRESSES = {addresses!r}


def on_files(files, config):
    for source, address in ADDRESSES.items():
        files.get_file_from_path(source).dest_uri = address
    return files


def on_env(env, config, files):
    env.filters["qr"] = qr_code
    env.filters["lang"] = partial(language_attributes, within={language!r})
    return env
'''


def write_files(site: Site, theme: Theme, directory: Path) -> None:
    """Writes the site as an ordinary MkDocs project: `mkdocs.yml`, `docs/`, `theme/`, a copy of the overrides, and `hook/`, which
    gives MkDocs the filters of templates and needs nothing of this program.

    `mkdocs build` on it gives pages with the same content, contents list and links as `render`. It also writes what
    `render` leaves out: Material's static files. Error pages are no pages of an ordinary project and are left
    out, like MkDocs' sitemap with its clock. `directory` is empty or does not exist yet.

    Raises RenderError as `render` does for a whole site, and for the first page that cannot be written.
    """
    published = assets(theme)
    pages = {page.path: page for page in site.pages if not is_error_page(page.path)}
    groups, named = group_pages(site.nav), nav_pages(site.nav)
    config = configuration(site, theme, published)
    config["extra"]["policy"] = Engine(theme).policy(site)
    config["theme"]["custom_dir"] = "theme"
    config |= {
        "nav": navigation(site, frozenset(pages)),
        "hooks": ["hook/hook.py"],
        "exclude_docs": "!*",
        "not_in_nav": "*",
        "validation": {"nav": {"not_found": "ignore", "absolute_links": "ignore"}},
    }
    shutil.copytree(theme.directory, directory / "theme")
    for name in ("404.html", "sitemap.xml"):
        (directory / "theme" / name).write_bytes(b"")
    _write(directory / "mkdocs.yml", yaml_text(config) + "\n")
    alone = {source_path(path, groups): path for path in pages if dirname(path) and not path.endswith("/index.html")}
    _write(directory / "hook" / "hook.py", _HOOK.format(language=site.language, addresses=alone))
    for module in (direction, qr):
        shutil.copy(str(module.__file__), directory / "hook")
    for path, page in pages.items():
        _write(directory / "docs" / source_path(path, groups), page_source(page, path in named))


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
