"""A site as an ordinary MkDocs project: what is written into it is what comes out of it."""

from __future__ import annotations

import html as html_escapes
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import markdown
import pytest
from conftest import Demo, examples
from hypothesis import given, settings
from hypothesis import strategies as st
from mkdocs.utils.meta import get_data

from builder.content.workspace import open_workspace
from builder.formats.html import NavItem, Site, SitePage, Theme, write_project
from builder.formats.html.project import body, front_matter, page_source

A = SitePage("a/index.html", "甲", "entry.html")


@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.text("`~ \t\n<&>-#[]:|*!a文\x02", max_size=12), max_size=4))
def test_passes_finished_html_through(texts: list[str]) -> None:
    tags = ["p", "pre", "li", "blockquote"]
    blocks = [f"<{tag}>{html_escapes.escape(text)}</{tag}>" for tag, text in zip(tags, texts, strict=False)]
    finished = SitePage("a/index.html", "a", "entry.html", html="\n".join(blocks))
    text, _ = get_data(page_source(finished, in_nav=False))
    passed = markdown.Markdown(extensions=["toc", "tables", "fenced_code"]).convert(text)
    parse = html5lib.parseFragment
    assert html5lib.serialize(parse(passed)).strip() == html5lib.serialize(parse(body(finished))).strip()


@pytest.mark.slow
@settings(max_examples=examples(30), deadline=None)
@given(
    st.dictionaries(
        st.text(max_size=20),
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
            max_leaves=6,
        ),
        max_size=4,
    )
)
def test_reads_the_same_data(meta: dict[str, Any]) -> None:
    told = SitePage("a/index.html", "t", "x", json.dumps(meta).encode())
    _, read = get_data(page_source(told, in_nav=False))
    assert read == front_matter(told, in_nav=False)


def test_headings_become_a_tree() -> None:
    headings = ((2, "一", "<一>"), (4, "深", "深"), (3, "中", "中"), (2, "b", "b"))
    tree = front_matter(SitePage("a/index.html", "a", "entry.html", headings=headings), in_nav=False)["headings"]
    assert [(h["url"], [child["url"] for child in h["children"]]) for h in tree] == [
        ("#%E4%B8%80", ["#%E6%B7%B1", "#%E4%B8%AD"]),
        ("#b", []),
    ]


def test_navigation_has_plain_links_to_pages_that_are_not_there(tmp_path: Path) -> None:
    overrides = tmp_path / "overrides"
    overrides.mkdir()
    nav = (NavItem("首页", "index.html"), NavItem("动态", "动态/2026.11/index.html"), NavItem("空"))
    write_project(Site("a", "", "zh", nav, pages=(A,)), Theme(overrides), tmp_path / "project")
    assert json.loads((tmp_path / "project" / "mkdocs.yml").read_text(encoding="utf-8"))["nav"] == [
        {"首页": "./"},
        {"动态": "%E5%8A%A8%E6%80%81/2026.11/"},
    ]


@pytest.fixture(scope="module")
def projects(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's hub and a branch of it as projects."""
    folder = tmp_path_factory.mktemp("projects")
    for slug, site in demo.staged.items():
        write_project(
            site, Theme((demo.root / "theme").resolve(), open_workspace(demo.root).settings), folder / f"at-{slug}"
        )
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["mkdocs", "properdocs"])
@pytest.mark.parametrize(("slug", "pages"), [("mechanical", 50), ("", 30)])
def test_a_site_of_the_demo_is_an_ordinary_project(
    engine: str, slug: str, pages: int, demo: Demo, projects: Path
) -> None:
    project, made = projects / f"at-{slug}", projects / f"{engine}-{slug}"
    command = [
        sys.executable,
        "-m",
        engine,
        "build",
        "--quiet",
        "--strict",
        "-f",
        "mkdocs.yml",
        "--site-dir",
        str(made),
    ]
    # Stock means without this program, too.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment |= {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}
    built = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert (built.returncode, built.stderr) == (0, "")
    paths = [path.relative_to(made) for path in sorted(made.rglob("*.html"))]
    assert len(paths) >= pages
    assert Path("feeds/index.html") in paths
    for path in paths:
        assert document(made / path) == document(demo.output / slug / path), path


@cache
def document(file: Path) -> Any:
    """An HTML document, in which runs of white space between tags are one space."""

    def shape(element: Element) -> Any:
        written = element.tag in ("pre", "code")

        def text(value: str | None) -> str:
            return value or "" if written else " ".join((value or "").split())

        children = [(shape(child), text(child.tail)) for child in element]
        return element.tag, sorted(element.attrib.items()), text(element.text), children

    return shape(html5lib.parse(file.read_text("utf-8"), namespaceHTMLElements=False))
