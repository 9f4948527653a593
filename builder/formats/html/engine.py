"""MkDocs and Material, kept loaded: configuration and templates are made once for all sites of a theme.

The structures that templates see are MkDocs' own: its configuration, navigation, pages and Jinja environment. Only the
expensive parts are left out: a validation for each site, the walk through the theme's icons, Python-Markdown, the static
files, the sitemap.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property, lru_cache, partial
from pathlib import PurePosixPath
from types import TracebackType
from typing import Any
from urllib.parse import urljoin, urlsplit

import jinja2
import mkdocs
from jinja2 import nodes
from jinja2.ext import InternationalizationExtension
from mkdocs import utils
from mkdocs.config import config_options
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import PluginCollection
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation, get_navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import url_filter

from builder.formats.content_policy import policy
from builder.formats.direction import language_attributes
from builder.formats.html.assets import assets
from builder.formats.html.bytecode import TemplateCache
from builder.formats.html.compiler import prepare
from builder.formats.html.project import (
    Json,
    body,
    configuration,
    front_matter,
    group_pages,
    is_error_page,
    nav_pages,
    navigation,
    source_path,
)
from builder.formats.html.site import RenderError, Site, SitePage, Theme
from builder.formats.qr import qr_code

_INLINE_SCRIPTS = ("base", "palette", "announce", "content")
_SCRIPT = re.compile("<script>(.*?)</script>", re.DOTALL)
_log = logging.getLogger(__name__)


class _Config(MkDocsConfig):  # type: ignore[no-untyped-call]
    """MkDocs' configuration without options that only cost time: half of a first site's time went into looking for
    plug-ins and loading Markdown extensions, of which there are none here."""

    markdown_extensions = config_options.Type(list, default=[])
    mdx_configs = config_options.Type(dict, default={})
    plugins = config_options.Type(list, default=[])  # type: ignore[assignment]
    hooks = config_options.Type(list, default=[])


class _Page(Page):
    """A page whose address on the Web is made where a template asks for it: ours have their own."""

    def _set_canonical_url(self, base: str | None) -> None:
        self._base = base

    @cached_property
    def canonical_url(self) -> str | None:  # type: ignore[override]
        return urljoin(self._base.rstrip("/") + "/", self.url) if self._base else None

    @cached_property
    def abs_url(self) -> str | None:  # type: ignore[override]
        return urlsplit(self.canonical_url).path if self.canonical_url else None


class Engine:
    """The renderer of sites with one theme; use it through `builder.formats.html.Renderer`."""

    def __init__(self, theme: Theme, kept: str = "") -> None:
        _quieten()
        self._theme, self._kept = theme, kept
        self._assets = assets(theme)
        self._configs: dict[tuple[str, str], MkDocsConfig] = {}
        self._environments: dict[str, jinja2.Environment] = {}
        self._hashes: tuple[str, ...] = ()

    def pages(self, site: Site) -> Iterator[tuple[str, bytes | RenderError]]:
        config = self._site_config(site)
        environment = self._environments[site.language]
        named, groups = nav_pages(site.nav), group_pages(site.nav)
        files = {path: _file(path, groups) for path in sorted(named)}
        config["nav"] = navigation(site, named)
        nav = get_navigation(Files(files.values()), config)
        shown = _TemplateConfig(config)
        for source in site.pages:
            try:
                file = files.get(source.path) or _file(source.path, groups)
                page = file.page or _Page(None, file, config)
                yield source.path, self._page(source, page, source.path in named, nav, config, shown, environment)
            except RenderError as error:
                yield source.path, error
            except MemoryError:
                # The worker knows how much was allowed.
                raise
            except Exception as error:
                _log.debug("%s: cannot be rendered", source.path, exc_info=True)
                yield source.path, RenderError(source.path, _reason(error))

    def load(self, site: Site) -> None:
        """Compiles the theme's templates for the language of a site."""
        self._site_config(site)
        folder = self._theme.directory
        for file in sorted((*folder.glob("*.html"), *folder.glob("partials/*.html"))):
            # A template with a fault, or one that no page uses, is told of with the page that needs it.
            with suppress(jinja2.TemplateError):
                self._environments[site.language].get_template(file.relative_to(folder).as_posix())

    def policy(self, site: Site) -> str:
        return str(self._site_config(site)["extra"]["policy"])

    def _site_config(self, site: Site) -> MkDocsConfig:
        """Returns the configuration for one site: a copy of the one validated for its language and its path to the assets."""
        values = configuration(site, self._theme, self._assets)
        known = self._configs.get((site.language, site.assets))
        if known is None:
            known = self._validate(values)
            environment = self._environments.get(site.language) or self._environment(known, site.language)
            try:
                self._hashes = self._hashes or _script_hashes(environment, known)
            except jinja2.TemplateError as error:
                raise RenderError(None, _reason(error)) from error
            self._environments[site.language] = environment
            self._configs[site.language, site.assets] = known
        config = copy.copy(known)
        config["site_name"] = values["site_name"]
        config["site_url"] = values.get("site_url")
        config["extra"] = copy.copy(known["extra"])
        config["extra"].clear()
        frames = values["extra"].get("frames", ())
        config["extra"].update(values["extra"], policy=policy(self._hashes, frames))
        return config

    def _validate(self, values: Json) -> MkDocsConfig:
        directory = self._theme.directory.resolve()
        config = _Config()
        config.load_dict(copy.deepcopy(values) | {"docs_dir": str(directory), "site_dir": f"{directory}-site"})
        config["theme"]["custom_dir"] = str(directory)
        failed, warnings = config.validate()
        for key, warning in warnings:
            _log.debug("%s: %s", key, warning)
        if failed:
            raise RenderError(None, "; ".join(f"{key}: {error}" for key, error in failed))
        config["plugins"] = PluginCollection()
        return config

    def _environment(self, config: MkDocsConfig, language: str) -> jinja2.Environment:
        environment = config.theme.get_env()
        environment.filters["url"] = _url
        environment.filters["qr"] = qr_code
        environment.filters["lang"] = lru_cache(maxsize=256)(partial(language_attributes, within=language))
        prepare(environment)
        environment.extensions["jinja2.ext.InternationalizationExtension"] = _Texts(environment)
        if self._kept:
            environment.bytecode_cache = TemplateCache(f"{self._kept}\0{language}")
        return environment

    def _page(
        self,
        source: SitePage,
        page: Page,
        in_nav: bool,
        nav: Navigation,
        config: MkDocsConfig,
        shown: _TemplateConfig,
        environment: jinja2.Environment,
    ) -> bytes:
        page.meta = front_matter(source, in_nav)
        page.markdown = ""
        page.content = body(source)
        template = environment.get_template(source.template)
        if is_error_page(source.path):
            base_url = urlsplit(config.site_url or "/").path
        else:
            base_url = utils.get_relative_url(".", page.url)
        page.active = True
        try:
            text = template.render(
                nav=nav,
                pages=(),
                base_url=base_url,
                extra_css=[],
                extra_javascript=[],
                mkdocs_version=mkdocs.__version__,
                config=shown,
                page=page,
            )
        finally:
            page.active = False
            page.content = None
            page.meta = {}
        if not text or text.isspace():
            raise RenderError(source.path, f"the template {source.template} gave an empty page")
        return text.encode("utf-8", errors="xmlcharrefreplace")


def _file(path: str, groups: frozenset[str]) -> File:
    parts = path.split("/")
    if not path.endswith(".html") or any(part in ("", ".", "..") for part in parts) or "\\" in path:
        raise RenderError(path, "is no path inside the site")
    return File(
        source_path(path, groups),
        None,
        "",
        True,
        dest_uri=path,
        inclusion=InclusionLevel.NOT_IN_NAV,
    )


def _script_hashes(environment: jinja2.Environment, config: MkDocsConfig) -> tuple[str, ...]:
    context: dict[str, Any] = {
        "config": config,
        "features": config.theme.get("features") or [],
        "base_url": "/",
    }
    found: dict[str, None] = {}
    for name in _INLINE_SCRIPTS:
        text = environment.get_template(f"partials/javascripts/{name}.html").render(context)
        for script in _SCRIPT.findall(text):
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            found[f"'sha256-{digest}'"] = None
    return tuple(found)


def _reason(error: Exception) -> str:
    """Returns what went wrong, after the template and its line if they are known."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return f"{error.name}:{error.lineno}: {error.message}"
    if isinstance(error, jinja2.TemplateNotFound):
        return f"the theme has no template {error.name}"
    place = ""
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.endswith(".html"):
            place = f"{PurePosixPath(name).name}:{trace.tb_lineno}: "
        trace = trace.tb_next
    return f"{place}{type(error).__name__}: {error}"


class _Texts(InternationalizationExtension):
    """The extension that translates texts without variables at compile time: an environment has one language."""

    def _make_node(
        self,
        singular: str,
        plural: str | None,
        context: str | None,
        variables: dict[str, nodes.Expr],
        plural_expr: nodes.Expr | None,
        vars_referenced: bool,
        num_called_num: bool,
    ) -> nodes.Output:
        if plural is None and context is None and not variables and "%" not in singular:
            return nodes.Output([nodes.TemplateData(self.environment.globals["gettext"](singular))])  # type: ignore[operator]
        return super()._make_node(singular, plural, context, variables, plural_expr, vars_referenced, num_called_num)


class _TemplateConfig:
    """MkDocs' configuration as templates read it, with `extra` as the plain dict that it is."""

    def __init__(self, config: MkDocsConfig) -> None:
        self._config = config
        self.extra = dict(config["extra"])
        self.theme = config.theme
        self.extra_css = config["extra_css"]
        self.site_name = config["site_name"]
        self.site_url = config["site_url"]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._config, name)


@jinja2.pass_context
def _url(context: jinja2.runtime.Context, value: str) -> str:
    """Replaces MkDocs' filter `url`, with links from the root for error pages, as MkDocs gives them."""
    base: str = context["base_url"]
    return urljoin(base, str(value)) if base.startswith("/") else url_filter(context, value)  # type: ignore[arg-type]


class _Demoted(logging.Handler):
    """The log handler that passes MkDocs' messages on at debug level: what it warns of has been checked before."""

    def emit(self, record: logging.LogRecord) -> None:
        _log.debug("%s", record.getMessage())


def _quieten() -> None:
    logger = logging.getLogger("mkdocs")
    if not any(isinstance(handler, _Demoted) for handler in logger.handlers):
        logger.addHandler(_Demoted())
    logger.propagate = False
