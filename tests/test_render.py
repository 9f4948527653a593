"""The seam to MkDocs: what a theme is given, what comes back, and that stock MkDocs gives the same."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from builder.formats.html import (
    NavItem,
    Rendered,
    Renderer,
    RenderError,
    Site,
    SitePage,
    Theme,
    assets,
    render,
    write_project,
)

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
NASTY = """</title><script>alert(1)</script>"'&amp; {{ 7*7 }} {% raise %}"""

TEMPLATES = {
    "main.html": """{% extends "base.html" %}
{% block styles %}
  <meta http-equiv="Content-Security-Policy" content="{{ config.extra.policy }}">
  <link rel="stylesheet" href="{{ config.extra.assets['stylesheets/main.css'] | url }}">
{% endblock %}
{% block config %}{% endblock %}
{% block scripts %}<script src="{{ config.extra.assets['javascripts/bundle.js'] | url }}"></script>{% endblock %}
""",
    "entry.html": """{% extends "main.html" %}
{% block content %}
  <h1>{{ page.meta.title }}</h1>
  <p class="data" title="{{ page.meta.source }}">{{ page.meta.source }}</p>
  <p class="words">{{ _("Published") }} {% trans %}Only in English{% endtrans %}</p>
  <aside>{{ page.meta.note_html }}{{ config.extra.motto }}</aside>
  {% for tag in page.meta.tags %}<a class="tag" href="{{ tag.url | url }}">{{ tag.name }}</a>{% endfor %}
  {{ page.content }}
{% endblock %}
""",
    "404.html": '{% extends "main.html" %}{% block content %}<a href="{{ \'\' | url }}">home</a>{% endblock %}',
    "poisoned.html": '{% extends "main.html" %}\n{% block content %}{{ page.meta.a.b.c }}{% endblock %}',
    "broken.html": "{% if %}",
    "empty.html": "\n",
    "partials/toc.html": """<nav class="contents">{% for toc_item in page.meta.headings %}
  {% include "partials/toc-item.html" %}{% endfor %}</nav>""",
}


@pytest.fixture(scope="module")
def theme(tmp_path_factory: pytest.TempPathFactory) -> Theme:
    """Real Material with a handful of overrides, a Chinese catalogue and two static files."""
    directory = tmp_path_factory.mktemp("overrides")
    for name, text in TEMPLATES.items():
        file = directory / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    catalog = Catalog(locale="zh")
    catalog.add("Published", "发布于")
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    folder = directory / "locales" / "zh" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.mo").write_bytes(compiled.getvalue())
    (directory / "assets" / "images").mkdir(parents=True)
    (directory / "assets" / "images" / "党徽 1.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (directory / "assets" / "site.css").write_text("""a{background:url("images/%E5%85%9A%E5%BE%BD 1.svg")}""")
    look = {
        "theme": {
            "logo": "assets/images/党徽 1.svg",
            "features": ["navigation.indexes", "navigation.footer", "navigation.path", "navigation.top"],
            "palette": [
                {"scheme": "default", "toggle": {"icon": "material/brightness-7", "name": "Dark & quiet"}},
                {"scheme": "slate", "toggle": {"icon": "material/brightness-4", "name": "Light"}},
            ],
        },
        "extra_css": ["assets/site.css"],
    }
    return Theme(directory, json.dumps(look).encode())


def page(path: str, title: str = "标题", template: str = "entry.html", html: str = "", **meta: Any) -> SitePage:
    return SitePage(path, title, template, json.dumps(meta, ensure_ascii=False).encode(), html)


PAGES = (
    page("index.html", "首页", html="<p>一</p>"),
    page("news/index.html", "支部动态"),
    page("news/2026.11/index.html", "带点的", tags=[{"name": "学习", "url": "tags/%E5%AD%A6%E4%B9%A0/"}]),
    page(
        "news/2026-03-01-参观/index.html", source=NASTY, note_html="<em>done</em>", html="<pre>\n```\n\tx\n\n```</pre>"
    ),
    SitePage(
        "about/index.html",
        NASTY,
        "entry.html",
        html='<h2 id="一">一</h2><h4 id="深">深</h4><h3 id="中">中</h3><h2 id="b">b</h2>',
        headings=((2, "一", NASTY), (4, "深", "深"), (3, "中", "中"), (2, "b", "b")),
    ),
    page("templates/a/index.html", "名字撞上约定"),
    page("readme/index.html", "又一个"),
)
NAV = (
    NavItem("首页", "index.html"),
    NavItem("支部动态", "news/index.html", children=(NavItem("带点的", "news/2026.11/index.html"),)),
    NavItem("关于", children=(NavItem(NASTY, "about/index.html"), NavItem("学校", url="https://x.edu.cn/?a=1&b=\"'>"))),
)
SITE = Site(
    NASTY, "https://x.edu.cn/机械/", "zh", NAV, json.dumps({"motto": NASTY}).encode(), PAGES, assets="../assets/"
)


@pytest.fixture(scope="module")
def rendered(theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("rendered")
    assert render(SITE, theme, output) == Rendered(tuple(page.path for page in PAGES), {})
    return output


@pytest.fixture(scope="module")
def stock(theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same site as an ordinary project, built by MkDocs itself."""
    project = tmp_path_factory.mktemp("stock") / "project"
    write_project(SITE, theme, project)
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"]
    built = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert (built.returncode, built.stderr) == (0, "")
    return project / "site"


def document(file: Path) -> Element:
    return html5lib.parse(file.read_text(encoding="utf-8"), namespaceHTMLElements=False)


def shape(element: Element) -> tuple[Any, ...]:
    """An element with everything in it, runs of white space between tags taken as one."""

    def text(value: str | None) -> str:
        return re.sub(r"\s+", " ", value or "") if element.tag not in ("pre", "code") else value or ""

    children = [(shape(child), text(child.tail)) for child in element]
    return (element.tag, sorted(element.attrib.items()), text(element.text), children)


class TestStockMkDocs:
    """What crosses the seam is an ordinary project: without us, MkDocs makes the same pages of it."""

    @pytest.mark.parametrize("path", [page.path for page in PAGES])
    def test_gives_an_equal_document(self, path: str, rendered: Path, stock: Path) -> None:
        assert shape(document(rendered / path)) == shape(document(stock / path))

    def test_writes_these_pages_and_no_sitemap_with_a_clock(self, stock: Path) -> None:
        assert not (stock / "sitemap.xml").exists()
        assert {file.relative_to(stock).as_posix() for file in stock.rglob("*.html")} == {page.path for page in PAGES}


class TestEscaping:
    """What people wrote is text on every page, by either way, whatever the theme prints."""

    @pytest.mark.parametrize("path", ["about/index.html", "news/2026-03-01-参观/index.html"])
    @pytest.mark.parametrize("way", ["rendered", "stock"])
    def test_no_script_is_smuggled_in(self, way: str, path: str, request: pytest.FixtureRequest) -> None:
        found = document(request.getfixturevalue(way) / path)
        assert not [script for script in found.iter("script") if "alert" in (script.text or "")]
        assert all(not name.startswith("on") for element in found.iter() for name in element.attrib)

    @pytest.mark.parametrize("way", ["rendered", "stock"])
    def test_text_arrives_as_it_was_written_and_finished_html_as_html(
        self, way: str, request: pytest.FixtureRequest
    ) -> None:
        output: Path = request.getfixturevalue(way)
        entry, about = (document(output / path) for path in ("news/2026-03-01-参观/index.html", "about/index.html"))
        data = entry.find(".//p[@class='data']")
        assert data is not None
        assert (data.text, data.get("title")) == (NASTY, NASTY)
        assert about.findtext(".//title") == f"{NASTY} - {NASTY}"
        assert about.findtext(".//h1") == NASTY
        assert NASTY in "".join(about.find(".//nav[@class='contents']").itertext())  # type: ignore[union-attr]
        assert entry.findtext(".//aside/em") == "done"
        assert entry.findtext(".//aside") == ""
        assert NASTY in "".join(entry.find(".//aside").itertext())  # type: ignore[union-attr]

    def test_an_address_that_runs_code_is_refused(self, theme: Theme, tmp_path: Path) -> None:
        site = Site("a", "", "zh", (NavItem("x", url="javascript:alert(1)"),), pages=PAGES[:1])
        with pytest.raises(RenderError, match="cannot lead to"):
            render(site, theme, tmp_path)


class TestAddresses:
    def test_chinese_paths_are_percent_encoded_in_links(self, rendered: Path) -> None:
        found = document(rendered / "news/2026-03-01-参观/index.html")
        canonical = found.find(".//link[@rel='canonical']")
        assert canonical is not None
        assert canonical.get("href") == ("https://x.edu.cn/%E6%9C%BA%E6%A2%B0/news/2026-03-01-%E5%8F%82%E8%A7%82/")
        for file in rendered.rglob("*.html"):
            addresses = [e.get(name, "") for e in document(file).iter() for name in ("href", "src")]
            assert [address for address in addresses if not address.isascii() or " " in address] == []

    def test_links_are_relative_to_the_page(self, rendered: Path) -> None:
        dotted = document(rendered / "news/2026.11/index.html")
        assert dotted.find(".//a[@class='tag']").get("href") == "../../tags/%E5%AD%A6%E4%B9%A0/"  # type: ignore[union-attr]

    def test_static_files_are_shared_by_all_sites(self, rendered: Path, theme: Theme) -> None:
        for path, prefix in (("index.html", "../assets/"), ("news/2026.11/index.html", "../../../assets/")):
            found = document(rendered / path)
            sheets = [link.get("href") for link in found.iter("link") if link.get("rel") == "stylesheet"]
            names = assets(theme).names
            assert sheets == [prefix + names["stylesheets/main.css"], prefix + names["site.css"]]
            assert found.find(".//link[@rel='icon']").get("href") == prefix + names["images/favicon.png"]  # type: ignore[union-attr]

    def test_an_error_page_links_from_the_root(self, theme: Theme, tmp_path: Path) -> None:
        site = Site("a", "https://x.edu.cn/b/", "zh", NAV[:1], pages=(page("404.html", template="404.html"),))
        assert render(site, theme, tmp_path).failed == {}
        found = document(tmp_path / "404.html")
        links = {e.get(name) for e in found.iter() for name in ("href", "src") if e.get(name)} - {"#__skip"}
        assert "/b/" in links
        assert all(link.startswith(("/b/", "https://")) for link in links if link)

    def test_nothing_is_loaded_from_another_host(self, rendered: Path) -> None:
        for file in rendered.rglob("*.html"):
            found = document(file)
            loaded = [e.get("src", "") for e in found.iter() if e.tag != "a"]
            loaded += [
                e.get("href", "") for e in found.iter("link") if e.get("rel") not in ("canonical", "prev", "next")
            ]
            assert [address for address in loaded if "//" in address] == []


class TestContentsAndNavigation:
    def test_a_group_can_have_a_page_of_its_own(self, rendered: Path) -> None:
        found = document(rendered / "index.html")
        groups = found.findall(".//div[@class='md-nav__link md-nav__container']/a")
        assert [link.get("href") for link in groups] == ["news/"]

    def test_navigation_names_pages_that_are_not_rendered(self, theme: Theme, tmp_path: Path, rendered: Path) -> None:
        for one in PAGES:
            alone = Site(SITE.name, SITE.url, SITE.language, SITE.nav, SITE.extra, (one,), SITE.assets)
            assert Renderer(theme).render(alone, tmp_path).written == (one.path,)
            assert (tmp_path / one.path).read_bytes() == (rendered / one.path).read_bytes()

    def test_a_page_of_the_navigation_has_no_decoration(self, theme: Theme, tmp_path: Path) -> None:
        site = Site(
            "a", "", "zh", NAV[:1], pages=(page("index.html", status="new"), page("x/index.html", status="new"))
        )
        result = render(site, theme, tmp_path)
        assert result.written == ("x/index.html",)
        assert "'status'" in result.failed["index.html"]


class TestLanguages:
    def words(self, language: str, theme: Theme, output: Path) -> tuple[str | None, str]:
        assert render(Site("a", "", language, pages=PAGES[:1]), theme, output).failed == {}
        found = document(output / "index.html")
        return found.get("lang"), (found.findtext(".//p[@class='words']") or "").strip()

    def test_texts_are_in_the_language_of_the_site(self, theme: Theme, tmp_path: Path) -> None:
        assert self.words("zh", theme, tmp_path) == ("zh", "发布于 Only in English")
        assert self.words("zh-CN", theme, tmp_path) == ("zh", "发布于 Only in English")
        assert self.words("en", theme, tmp_path) == ("en", "Published Only in English")

    def test_one_renderer_serves_several(self, theme: Theme, tmp_path: Path) -> None:
        renderer = Renderer(theme)
        for language, word in (("zh", "发布于"), ("en", "Published"), ("zh", "发布于")):
            renderer.render(Site("a", "", language, pages=PAGES[:1]), tmp_path)
            assert word in (tmp_path / "index.html").read_text(encoding="utf-8")

    def test_an_unknown_one_is_an_error(self, theme: Theme, tmp_path: Path) -> None:
        with pytest.raises(RenderError):
            render(Site("a", "", "qq", pages=PAGES[:1]), theme, tmp_path)


class TestFailures:
    BAD = (
        (page("bad/index.html", template="poisoned.html"), "poisoned.html:2: UndefinedError: "),
        (page("bad/index.html", template="broken.html"), "broken.html:1: "),
        (page("bad/index.html", template="missing.html"), "the theme has no template missing.html"),
        (page("bad/index.html", template="empty.html"), "the template empty.html gave an empty page"),
        (SitePage("bad/index.html", "x", "entry.html", b'{"a": '), "its data is no JSON: "),
        (SitePage("bad/index.html", "x", "entry.html", b"[]"), "its data is no JSON object"),
        (SitePage("bad/index.html", "x", "entry.html", b'{"a":' + b"[" * 100_000), "its data is no JSON: "),
        (page("../bad/index.html"), "is no path inside the site"),
        (page("/bad/index.html"), "is no path inside the site"),
    )

    @pytest.mark.parametrize(("bad", "reason"), BAD)
    def test_a_poisoned_page_is_lost_alone(
        self, bad: SitePage, reason: str, theme: Theme, tmp_path: Path, rendered: Path
    ) -> None:
        site = Site(SITE.name, SITE.url, SITE.language, NAV, SITE.extra, (*PAGES[:2], bad, *PAGES[2:]), SITE.assets)
        result = render(site, theme, tmp_path / "out")
        assert result.written == tuple(page.path for page in PAGES)
        assert list(result.failed) == [bad.path]
        assert result.failed[bad.path].startswith(reason)
        for path in result.written:
            assert (tmp_path / "out" / path).read_bytes() == (rendered / path).read_bytes()
        assert len(list(tmp_path.rglob("*.html"))) == len(PAGES)

    def test_a_theme_that_cannot_be_read(self, theme: Theme, tmp_path: Path) -> None:
        (tmp_path / "partials" / "javascripts").mkdir(parents=True)
        (tmp_path / "partials" / "javascripts" / "base.html").write_text("{% if %}")
        renderer = Renderer(Theme(tmp_path))
        for _ in range(2):
            with pytest.raises(RenderError, match=r"base\.html:1"):
                renderer.render(SITE, tmp_path)
        with pytest.raises(RenderError):
            render(SITE, Theme(tmp_path / "nowhere"), tmp_path)

    def test_a_setting_that_names_a_missing_file(self, theme: Theme, tmp_path: Path) -> None:
        wrong = Theme(theme.directory, b'{"extra_css": ["assets/none.css"]}')
        with pytest.raises(RenderError, match=r"assets/none\.css"):
            render(SITE, wrong, tmp_path)


def test_inline_scripts_are_known_beforehand(rendered: Path) -> None:
    for file in rendered.rglob("*.html"):
        found = document(file)
        policy = found.find(".//meta[@http-equiv='Content-Security-Policy']")
        assert policy is not None
        scripts = [script.text or "" for script in found.iter("script") if not script.get("src")]
        assert scripts
        for script in scripts:
            digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy.get("content", "")


def test_another_process_writes_the_same_bytes_and_says_nothing(theme: Theme, tmp_path: Path, rendered: Path) -> None:
    """Another hash seed, time zone, day and locale."""
    program = """
import sys
from pathlib import Path
from builder.formats.html import Renderer
from tests.test_render import SITE, Theme
theme = Theme(Path(sys.argv[1]), sys.argv[2].encode())
renderer = Renderer(theme)
assert not renderer.render(SITE, Path(sys.argv[3])).failed
"""
    for number, seed in enumerate(("1", "2")):
        environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "1", "LC_ALL": "C"}
        output = tmp_path / str(number)
        arguments = [str(theme.directory), theme.settings.decode(), str(output)]
        command = [sys.executable, "-c", program, *arguments]
        ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
        for one in PAGES:
            assert (output / one.path).read_bytes() == (rendered / one.path).read_bytes()


def test_describing_a_site_loads_nothing_heavy() -> None:
    program = "import sys, builder.formats.html; sys.exit(bool({'mkdocs', 'jinja2', 'markdown', 'yaml'} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
