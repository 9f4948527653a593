"""The theme's static files under names with a hash, so that browsers may cache them for ever.

Only what the pages use is published: everything in the `assets/` folder of the overrides, which wins if both have a file, and
of Material's style sheets, its script and its icon those that a template or a setting names. Source maps, search workers and
Lunr are left out.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from posixpath import dirname, join, normpath, relpath
from urllib.parse import quote, unquote, urlsplit

import msgspec

from builder.formats.html.site import RenderError, Theme

ICON = "images/favicon.png"
_MATERIAL = ("stylesheets/main.*.css", "stylesheets/palette.*.css", "javascripts/bundle.*.js", ICON)
_EXTENDS_MATERIAL = re.compile(r"""\{%-?\s*extends\s+["']base\.html""")
_VARIANTS = "search/variants.txt"
_MATERIAL_HASH = re.compile(r"\.[0-9a-f]{8}\.min(?=\.)")
_SOURCE_MAP = re.compile(rb"(?://|/\*)# sourceMappingURL=[^\s*]+(?:\s*\*/)?\s*\Z")
_CSS_URL = re.compile(
    r"""(?P<before>url\(\s*|@import\s+(?=["']))(?:"(?P<double>[^"\n]*)"|'(?P<single>[^'\n]*)'|(?P<bare>[^"')\s]+))"""
)


class Assets(msgspec.Struct, frozen=True):
    """The static files of a theme, by their published names and by the names that templates use."""

    files: Mapping[str, bytes]
    """Content by path under the published `assets/`: `stylesheets/main.3b1f09c2d4.css`."""
    names: Mapping[str, str]
    """That path by logical name: `stylesheets/main.css`."""


def material_templates() -> Path:
    """Returns the folder of Material's templates, found without importing it.

    Raises RenderError if Material is not installed.
    """
    spec = importlib.util.find_spec("material")
    if spec is None or not spec.submodule_search_locations:
        raise RenderError(None, "Material for MkDocs is not installed")
    return Path(next(iter(spec.submodule_search_locations))) / "templates"


def assets(theme: Theme) -> Assets:
    """Returns the static files of a theme.

    A style sheet's relative `url(...)` and `@import` are rewritten to the names with hashes, so that its own name changes
    with what it shows. A script is taken as it is and names no other file: it gets addresses from `data-` attributes.

    Raises RenderError if a style sheet imports itself in a circle.
    """
    publishing = _Publishing(dict(_sources(theme)))
    names = {name: publishing.publish(name) for name in sorted(publishing.sources)}
    return Assets(files=dict(sorted(publishing.files.items())), names=names)


class _Publishing:
    """The naming of sources with hashes: files that a style sheet names come before the style sheet itself."""

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        self.sources = sources
        self.files: dict[str, bytes] = {}
        self._names: dict[str, str | None] = {}

    def publish(self, name: str) -> str:
        if name in self._names:
            published = self._names[name]
            if published is None:
                raise RenderError(None, f"assets/{name}: the style sheet imports itself in a circle")
            return published
        self._names[name] = None
        content = self.sources[name]
        if name.endswith(".css"):
            text = content.decode("utf-8", "surrogateescape")
            text = _CSS_URL.sub(lambda found: self._reference(name, found), text)
            content = text.encode("utf-8", "surrogateescape")
        path = PurePosixPath(name)
        published = str(path.with_name(f"{path.stem}.{hashlib.sha256(content).hexdigest()[:10]}{path.suffix}"))
        self.files[published] = content
        self._names[name] = published
        return published

    def _reference(self, name: str, found: re.Match[str]) -> str:
        parts = urlsplit(found["double"] or found["single"] or found["bare"] or "")
        target = normpath(join(dirname(name), unquote(parts.path)))
        if parts.scheme or parts.netloc or target not in self.sources or target == name:
            return found[0]
        path = quote(relpath(self.publish(target), dirname(name) or "."))
        return f'{found["before"]}"{parts._replace(path=path).geturl()}"'


def _sources(theme: Theme) -> Iterator[tuple[str, bytes]]:
    material, told = material_templates() / "assets", _templates(theme)
    for pattern in _MATERIAL:
        for file in sorted(material.glob(pattern)):
            name = _MATERIAL_HASH.sub("", file.relative_to(material).as_posix())
            if name in told:
                yield name, _SOURCE_MAP.sub(b"", file.read_bytes())
    from builder.formats.search.variants import variant_table

    yield _VARIANTS, variant_table()
    own = theme.directory / "assets"
    for file in sorted(own.rglob("*")):
        name = file.relative_to(own).as_posix()
        if file.is_file() and not any(part.startswith(".") for part in name.split("/")):
            yield name, file.read_bytes()


def _templates(theme: Theme) -> str:
    """Returns all that may name a file: the templates and the settings. Material's own frame shows its icon."""
    texts = [file.read_text("utf-8", "replace") for file in sorted(theme.directory.rglob("*.html")) if file.is_file()]
    texts += [ICON] if any(_EXTENDS_MATERIAL.search(text) for text in texts) else []
    return "\n".join((*texts, theme.settings.decode()))
