"""A site as an ordinary MkDocs project, and the data that both ways of rendering share.

MkDocs renders templates without autoescaping, and so does every engine that may follow it. Therefore nothing that
people wrote crosses the seam as plain text: each string becomes HTML text here, once, and templates print it as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from posixpath import dirname
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec
from markupsafe import escape

from builder.formats.html.assets import ICON, Assets, material_templates
from builder.formats.html.site import NavItem, RenderError, Site, SitePage, Theme

Json = dict[str, Any]

_ERROR_PAGE = re.compile(r"\d{3}\.html")
_NAV_META = frozenset({"icon", "status", "subtitle"})
_URL_SAFE = "%/:?#[]@!$&'()*+,;=~"
_NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_MARKDOWN_READS = re.compile(r"[\t\x02\x03]|^ (?= *$)|^[`~](?=``|~~)", re.MULTILINE)


def is_error_page(path: str) -> bool:
    """Tells whether a page is `404.html` or the like at the top of a site, which is shown at any address."""
    return _ERROR_PAGE.fullmatch(path) is not None


def source_path(path: str, groups: frozenset[str] = frozenset()) -> str:
    """Returns the Markdown source that MkDocs turns into the output file `path`.

    `groups` are the pages that stand for a group of the navigation: like the home page they are an `index.md`, and
    only they, since Material takes an index for the page of the group it is in.
    """
    folder = dirname(path)
    if not folder or path in groups:
        return path.removesuffix(".html") + ".md"
    return (folder if path.endswith("/index.html") else path) + ".md"


def group_pages(nav: Iterable[NavItem]) -> frozenset[str]:
    """Returns the output files of the pages that stand for a group of the navigation."""
    return frozenset(item.path for item in _walk(nav) if item.path is not None and item.children)


def nav_pages(nav: Iterable[NavItem]) -> frozenset[str]:
    """Returns the output files of all pages that the navigation names."""
    return frozenset(item.path for item in _walk(nav) if item.path is not None)


def front_matter(page: SitePage, in_nav: bool) -> Json:
    """Returns the front matter, which templates read as `page.meta`, escaped: data, title, template, headings.

    Raises RenderError if the data is no JSON object, or if a page of the navigation has a key by which Material would
    decorate it there: the navigation knows only titles, whichever pages are rendered with it.
    """
    meta = _escaped_object(page.path, page.meta)
    reserved = sorted(_NAV_META & meta.keys()) if in_nav else []
    if reserved:
        raise RenderError(page.path, f"a page of the navigation cannot have the key {reserved[0]!r}")
    return meta | {
        "headings": _nest(page.headings),
        "template": page.template,
        "title": str(escape(page.title)),
    }


def body(page: SitePage) -> str:
    """Returns the page's HTML in the one `<div>` that Markdown engines pass through, or nothing."""
    return f"<div>\n{page.html}\n</div>" if page.html.strip() else ""


def configuration(site: Site, theme: Theme, published: Assets) -> Json:
    """Returns the site's mkdocs.yml without `nav` and paths. It depends on nothing that a single page shows.

    Raises RenderError if settings or extra are no JSON objects, or name a file which `assets/` does not hold.
    """
    settings = _escaped_object(None, theme.settings)
    look: Json = settings.get("theme", {})
    prefix = site.assets

    def asset(name: str) -> str:
        logical = name.removeprefix("assets/")
        if logical not in published.names:
            raise RenderError(
                None,
                f"mkdocs.yml names {name}, which the theme's assets/ does not hold",
            )
        return prefix + quote(published.names[logical])

    look |= {
        "name": "material",
        "language": _material_language(theme, site.language),
        "locale": site.language.replace("-", "_"),
        "font": False,
    }
    if "favicon" in look or ICON in published.names:
        look["favicon"] = asset(look.get("favicon", ICON))
    if "logo" in look:
        look["logo"] = asset(look["logo"])
    return {
        "site_name": str(escape(site.name)),
        "theme": look,
        "extra_css": [asset(name) for name in settings.get("extra_css", [])],
        "extra": _escaped_object(None, site.extra)
        | {
            "scope": "/",
            "assets": {name: prefix + quote(path) for name, path in published.names.items()},
        },
        "plugins": [],
        "use_directory_urls": True,
    } | ({"site_url": site_url(site)} if site.url else {})


def site_url(site: Site) -> str:
    """Returns the site's address, percent-encoded and escaped, with a final slash; empty if unknown."""
    return _address(site.url.rstrip("/") + "/") if site.url else ""


def navigation(site: Site, known: frozenset[str]) -> list[Json]:
    """Returns the site's `nav` of mkdocs.yml. Pages that are not `known` become plain links to their address.

    Raises RenderError if an item has an address of an unknown kind.
    """
    groups = group_pages(site.nav)

    def entry(item: NavItem) -> Json | None:
        own: str | None = None
        if item.path is not None:
            own = source_path(item.path, groups) if item.path in known else quote(dirname(item.path)) + "/"
            own = "./" if own == "/" else own
        elif item.url is not None:
            if not item.url.startswith("/") and urlsplit(item.url).scheme not in (
                "http",
                "https",
                "mailto",
                "tel",
            ):
                raise RenderError(None, f"the navigation cannot lead to {item.url!r}")
            own = _address(item.url)
        title = str(escape(item.title))
        if not item.children:
            return None if own is None else {title: own}
        children = [child for child in map(entry, item.children) if child is not None]
        return {title: children if own is None else [{title: own}, *children]}

    return [found for found in map(entry, site.nav) if found is not None]


def page_source(page: SitePage, in_nav: bool) -> str:
    """Returns the Markdown file of a page: front matter in JSON, which is YAML, and the finished HTML.

    Raises RenderError as `front_matter` does.
    """
    return f"---\n{yaml_text(front_matter(page, in_nav))}\n---\n{_markdown(body(page))}\n"


_FINISHED = re.compile(rb'(?:[^"\\]++|\\.)*+"', re.DOTALL)
_SPECIAL = (b"&", b"<", b">", b"'", b"\\")


def _escaped_object(page: str | None, text: bytes) -> Json:
    try:
        value = msgspec.json.decode(text)
        value = _escape(value) if _is_special(text) else value
    except (msgspec.DecodeError, RecursionError) as error:
        raise RenderError(page, f"its data is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise RenderError(page, "its data is no JSON object")
    return value


def _is_special(text: bytes) -> bool:
    """Tells whether data in JSON has a sign to escape, which most has not, outside of finished HTML."""
    rest, *finished = text.split(b'_html":"')
    for part in finished:
        found = _FINISHED.match(part)
        rest += part[found.end() :] if found is not None else part
    # A quote or a control character stands behind a backslash in JSON.
    return any(sign in rest for sign in _SPECIAL)


_SIGN = re.compile("[&<>'\"]")


def _escape(value: Any) -> Any:
    kind = type(value)
    if kind is str:
        return str(escape(value)) if _SIGN.search(value) else value
    if kind is dict:
        found = {}
        for key, item in value.items():
            name, finished = _escaped_key(key)
            found[name] = item if finished or not item else _escape(item)
        return found
    if kind is list:
        return [_escape(item) for item in value]
    return value


@lru_cache(maxsize=4096)
def _escaped_key(key: str) -> tuple[str, bool]:
    """Returns a key as templates read it, and whether its value is finished HTML."""
    return str(escape(key)), key.endswith("_html")


def _nest(headings: Iterable[tuple[int, str, str]]) -> list[Json]:
    """Turns headings into a tree: each holds those of deeper levels that follow it."""
    top: list[Json] = []
    open_ones: list[Json] = []
    for level, anchor, text in headings:
        heading: Json = {
            "level": level,
            "title": str(escape(text)),
            "url": "#" + quote(anchor),
            "children": [],
        }
        while open_ones and open_ones[-1]["level"] >= level:
            open_ones.pop()
        (open_ones[-1]["children"] if open_ones else top).append(heading)
        open_ones.append(heading)
    return top


def _walk(nav: Iterable[NavItem]) -> Iterator[NavItem]:
    for item in nav:
        yield item
        yield from _walk(item.children)


def _address(url: str) -> str:
    return str(escape(quote(url, safe=_URL_SAFE)))


def _material_language(theme: Theme, language: str) -> str:
    for name in (language, language.partition("-")[0]):
        for templates in (theme.directory, material_templates()):
            if (templates / "partials" / "languages" / f"{name}.html").is_file():
                return name
    return "en"


def yaml_text(value: Json) -> str:
    """Returns JSON on one line that YAML 1.1 reads as the same value: unprintable characters are escaped."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return _NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _markdown(html: str) -> str:
    """Returns the same HTML, with character references for what Python-Markdown reads before it knows HTML from text:
    tabs, lines of spaces, and fences of code."""
    return _MARKDOWN_READS.sub(lambda found: f"&#{ord(found[0])};", html)
