"""What the renderer makes of a site before MkDocs sees it, and of templates and style sheets, word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2
import msgspec
from test_render import NASTY, NAV, PAGES, SITE
from test_whole_site import compare
from test_whole_texts import readable
from test_whole_values import table

from builder.formats.html import NavItem, Renderer, RenderError, Site, SitePage, Theme, project
from builder.formats.html.assets import Assets, assets
from builder.formats.html.compiler import prepare

PUBLISHED = Assets(files={}, names={"images/favicon.png": "images/favicon.ab.png", "a b.css": "a b.cd.css"})
DATA = (
    {},
    {"a": "b"},
    {"a": "<b>"},
    {"a_html": "<b>"},
    {"a_html": '"<b>"', "c": "&"},
    {"a_html": "<b>", "c": '"'},
    {"<k>": 1},
    {"a": ["'", 1, None, True]},
    {"a": {"b_html": ["<"], "c": [["<"]]}},
    {"a_html": "x\\", "b": "plain"},
    {"a": "\\"},
    {"icon": "x"},
    {"status": "x", "subtitle": "y"},
    {"title": "own", "template": "t"},
)
BAD = (b"", b"[]", b"x", b'"a"', b"[" * 5000)


def said(action: Any, *arguments: Any) -> str:
    """What a function gives, as JSON, or why it refuses."""
    try:
        return json.dumps(action(*arguments), ensure_ascii=False, default=sorted)
    except RenderError as error:
        return f"{error.page}: {error.message}"


def test_sites_become_projects_as_they_always_did(tmp_path: Path) -> None:
    theme = Theme(
        tmp_path, json.dumps({"theme": {"logo": "assets/a b.css", "palette": "<x>"}, "extra_css": ["a b.css"]}).encode()
    )
    (tmp_path / "partials/languages").mkdir(parents=True)
    (tmp_path / "partials/languages/xx.html").write_text("")
    data = [SitePage("a/index.html", NASTY, "entry.html", json.dumps(each).encode()) for each in DATA]
    data += [SitePage("a/index.html", "T", "entry.html", each) for each in BAD]
    deep = ((3, "a", "A"), (5, "b", "B <"), (4, "c d", "C"), (1, "e", "E"), (6, "f", "F"), (1, "节", "G"))
    urls = (
        "/a b/",
        "http://e.org/?a=1&b=<",
        "https://例子.org/%E4",
        "mailto:a@b",
        "tel:1",
        "javascript:x",
        "ftp://x",
        "relative",
        "//e.org/x",
        "",
    )
    found = {
        "front matter": "\n".join(said(project.front_matter, each, False) for each in data),
        "front matter, in the navigation": "\n".join(said(project.front_matter, each, True) for each in data[11:14]),
        "headings": said(project.front_matter, msgspec.structs.replace(data[0], headings=deep), False),
        "bodies": table(lambda html: project.body(SitePage("a", "T", "e", html=html)), ("", " \n", "<p>a</p>", "a\n")),
        "sources": "\n".join(project.page_source(each, False) for each in PAGES),
        "odd sources": "\n".join(
            project.page_source(SitePage("a", "T", "e", html=html), False)
            for html in ("a\tb\x02c\x03", " \n  \nx", "```\n~~~\n`` `\n ```", "a\x7f\u2028\ufeff")
        ),
        "YAML": table(project.yaml_text, ({"b": "\x7f\u2028\ufeff\x9f\xa0中", "a": [1, None]},)),
        "error pages": table(
            project.is_error_page, ("404.html", "4040.html", "40.html", "a/404.html", "404.htm", "x404.html")
        ),
        "paths": table(
            lambda path: (project.source_path(path), project.source_path(path, frozenset([path]))),
            ("index.html", "a/index.html", "a/b/index.html", "a/b.html", "404.html", "a/index.htm"),
        ),
        "navigation": said(project.navigation, SITE, frozenset(["index.html", "news/index.html", "about/index.html"])),
        "navigation without pages": said(project.navigation, SITE, frozenset()),
        "groups": said(project.group_pages, NAV) + said(project.nav_pages, NAV),
        "addresses": "\n".join(
            said(project.navigation, msgspec.structs.replace(SITE, nav=(NavItem("T", url=url),)), frozenset())
            for url in urls
        ),
        "empty groups": said(
            project.navigation,
            msgspec.structs.replace(SITE, nav=(NavItem("T"), NavItem("U", children=(NavItem("V"),)))),
            frozenset(),
        ),
        "configuration": said(project.configuration, SITE, theme, PUBLISHED),
        "configuration, bare": said(
            project.configuration, Site("A", "", "zh-Hant"), Theme(tmp_path), Assets(files={}, names={})
        ),
        "an own icon": said(
            project.configuration, SITE, Theme(tmp_path, b'{"theme": {"favicon": "assets/a b.css"}}'), PUBLISHED
        ),
        "a file that is not there": said(
            project.configuration, SITE, Theme(tmp_path, b'{"extra_css": ["assets/x.css"]}'), PUBLISHED
        ),
        "settings that are none": said(project.configuration, SITE, Theme(tmp_path, b"[]"), PUBLISHED),
        "languages": table(
            lambda language: project.configuration(msgspec.structs.replace(SITE, language=language), theme, PUBLISHED)[
                "theme"
            ]["language"],
            ("zh", "zh-Hant", "zh-XX", "xx", "xx-YY", "yy", "en-GB", "pt-BR"),
        ),
        "addresses of sites": table(
            lambda url: project.site_url(Site("A", url, "zh")),
            ("", "https://e.org", "https://e.org//", "https://e.org/机 械/?<"),
        ),
    }
    compare("projects", {name: readable(text) for name, text in found.items()})


TEMPLATES = (
    "{{ d.a }} {{ d.none }} {{ d.items is defined }} {{ d.b.c }} {{ o.x }} {{ o.none }} {{ d.none or 'else' }} {{ not d.none }}",
    "{{ d.b.none.deeper }}",
    "{{ s.upper() }} {{ s.replace('a', 'b') }} {{ l.index(2) }} {{ d.get('a') }} {{ d.keys() | list }}",
    "{{ f(1, b=2) }} {{ f(*[1], **{'b': 3}) }}",
    "{% macro m(a, b='B', c=None) %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{{ m(1) }}{{ m(1, 2, 3) }}{{ m(1, c=3) }}{{ m() }}",
    "{% macro m(a, b='B') %}[{{ a }}{{ b }}]{% endmacro %}{{ m(b=2, a=1) }}{{ m(b=2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, x=2) }}",
    "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x=3) }}",
    "{% macro m(a) %}{{ a }}{{ varargs }}{% endmacro %}{{ m(1) }}{{ m(1, 2) }}",
    "{% macro m(a) %}{{ a }}{{ kwargs }}{% endmacro %}{{ m(1) }}{{ m(1, x=2) }}",
    "{% macro m(a) %}({{ caller(a) }}){% endmacro %}{% call(x) m(1) %}<{{ x }}>{% endcall %}",
    "{% for x in l %}{{ loop.index }}{{ loop.cycle('odd', 'even') }}{{ f(x, b=loop.first) }}{% endfor %}",
    "{% block b %}{{ self.name() }}{{ f(1, b=2) }}{% endblock %}{% block name %}N{% endblock %}",
    "{% set ns = namespace(v=1) %}{% for x in l %}{% set ns.v = ns.v + x %}{% endfor %}{{ ns.v }}{{ g.a }}{{ range(3) | list }}",
    "{{ none_there }}{{ none_there.x }}",
    "{{ d.a() }}",
    "{{ dict(a=1).a }} {{ c().x }} {{ c.y }}",
)


class Odd:
    """An object with members."""

    x = "X"
    y = "Y"

    def __getitem__(self, name: str) -> str:
        raise KeyError(name)


def test_templates_say_what_they_say_in_jinja_by_itself() -> None:
    values = {
        "d": {"a": "A", "b": {"c": "C"}, "items": "I"},
        "o": Odd(),
        "s": "abc",
        "l": [1, 2],
        "f": lambda a, b: f"{a}-{b}",
        "g": {"a": 1},
        "c": Odd,
    }

    def rendered(text: str, *, ours: bool) -> str:
        environment = jinja2.Environment()
        environment.globals["g"] = {"a": "global"}
        if ours:
            prepare(environment)
        try:
            return environment.from_string(text).render(values)
        except Exception as error:
            return f"{type(error).__name__}: {error}"

    found = {text: rendered(text, ours=True) for text in TEMPLATES}
    expected = {text: rendered(text, ours=False) for text in TEMPLATES}
    # Of what a dict does not have, ours tells no more than that it is one.
    assert {text: each for text, each in found.items() if "has no attribute" not in each} == {
        text: each for text, each in expected.items() if "has no attribute" not in each
    }
    compare("templates", {"texts": "\n".join(f"{text}\n    {each}" for text, each in found.items())})


STYLES: Mapping[str, str] = {
    "a.css": "@import 'sub/b.css'; @import url(sub/b.css); p{background:url( \"i m.svg\" )} q{background:url('i%20m.svg?x#y')}",
    "sub/b.css": "x{background:url(../i%20m.svg)} y{background:url(data:image/png;base64,AA)}",
    "sub/c.css": "z{background:url(//e.org/x)} w{background:url(none.svg)}",
    "c.css": "a{background:url(c.css)} b{background:url(https://e.org/i.svg)} c{content:'@import'}",
    "i m.svg": "<svg/>",
    ".hidden": "x",
    "sub/.hidden/x.css": "x",
    "js/s.js": "fetch('a.css')\n//# sourceMappingURL=s.js.map",
}


def test_assets_are_published_as_they_always_were(tmp_path: Path) -> None:
    for name, text in STYLES.items():
        (tmp_path / "assets" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "assets" / name).write_text(text)
    made = assets(Theme(tmp_path))
    found = {name: made.files[path].decode() for name, path in made.names.items() if not name.startswith("search/")}
    found["(names)"] = "\n".join(f"{name}: {path}" for name, path in made.names.items())
    compare("assets", found)
    assert list(made.files) == sorted(made.files)
    for text, wanted in (
        ("", False),
        ('{% extends "base.html" %}', True),
        ("{%- extends 'base.html' %}", True),
        ("stylesheets/main.css", False),
    ):
        (tmp_path / "main.html").write_text(text)
        assert ("images/favicon.png" in assets(Theme(tmp_path)).names) is wanted, text
    assert "stylesheets/main.css" in assets(Theme(tmp_path)).names
    by_setting = assets(Theme(tmp_path, b'{"extra_css": ["assets/stylesheets/palette.css"]}'))
    assert b"sourceMappingURL" not in by_setting.files[by_setting.names["stylesheets/palette.css"]]


SHOWN = (
    *(
        "page.meta.title",
        "page.content",
        "config.site_name",
        "config['site_name']",
        "config['none']",
        "base_url",
        "page.canonical_url",
        "page.url",
    ),
    *("nav | length", "'' | url", "'a/' | url"),
)


def test_pages_that_cannot_be_are_told_as_they_always_were(tmp_path: Path) -> None:
    """By a theme of its own, which costs little."""
    for name, text in {
        "main.html": "|".join(f"{{{{ {each} }}}}" for each in SHOWN),
        "empty.html": " \n",
        "wrong.html": "{% if %}",
        "fails.html": "a\n{{ page.meta.none.deeper }}",
        "divides.html": "{% include 'part.html' %}",
        "part.html": "\n\n{{ [].pop() }}",
        "404.html": "{{ base_url }}|{{ 'a/' | url }}|{{ _('x') }}",
        "includes.html": "{% include 'gone.html' %}",
        "surrogate.html": "{{ page.meta.s }}",
        **{
            f"partials/javascripts/{name}.html": f"<script>{name}</script><script>{{{{ 'x' in features }}}}</script>"
            for name in ("base", "palette", "announce", "content")
        },
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    paths = (
        "index.html",
        "a/index.html",
        "a/b.html",
        "a.htm",
        "../a.html",
        "a//b.html",
        "/a.html",
        "a/./b.html",
        "a\\b.html",
        "中/文.html",
    )
    pages = [SitePage(path, "T", "main.html", html="<p>x</p>") for path in paths]
    pages += [
        SitePage(f"{name}/index.html", "T", f"{name}.html")
        for name in ("empty", "wrong", "fails", "divides", "includes", "none")
    ]
    pages += [
        SitePage("404.html", "T", "404.html"),
        SitePage("s/index.html", "T", "surrogate.html", b'{"s": "\\u4e2d"}'),
        SitePage("bad/index.html", "T", "main.html", b"[]"),
    ]
    renderer = Renderer(Theme(tmp_path, b'{"theme": {"features": null}}'))
    found = {}
    for name, site in {
        "zh": Site(
            "名 <",
            "https://e.org/x/",
            "zh",
            (NavItem("H", "index.html"), NavItem("G", "a/index.html", children=(NavItem("B", "a/b.html"),))),
            pages=tuple(pages),
        ),
        "en": Site("N", "", "en", pages=tuple(pages[:3] + pages[16:17])),
    }.items():
        rows = [
            f"{path}: {content.message if isinstance(content, RenderError) else content.decode()}"
            for path, content in renderer.pages(site)
        ]
        found[name] = "\n".join(rows)
        found[f"{name}, policy"] = renderer.policy(site)
    framed = Site("N", "", "en", extra=b'{"frames": ["https://a.org", "https://b.org"]}')
    found["frames"] = renderer.policy(framed)
    renderer.load(framed)
    compare("rendered", {name: readable(text) for name, text in found.items()})
