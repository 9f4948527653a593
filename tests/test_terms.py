"""An organization's own words for its parts: a library with branch libraries, a union with chapters."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import html5lib
import pytest
from conftest import SmallSite
from playwright.sync_api import Browser
from test_browser import AXE, RUN_AXE
from web import serve_folder

from builder.content import read_organization
from builder.content.guide import guide_pages
from builder.messages.codes import CATALOGUE
from builder.messages.terms import translator_of

LIBRARY = """
--- mkdocs.yml
theme: {name: material}
--- content/organization.yml
name: 清河市图书馆
short_name: 清河图书馆
url: https://lib.example.org/
contact: {email: ask@lib.example.org}
terms:
  {branch: 分馆, branches: 全部分馆, committee: 馆务会, members: 馆员,
   en: {branch: library, branches: libraries, committee: staff, members: librarians}}
sections:
  news: {title: 馆里的事, type: article, update_within: 14 days}
  notices: {title: 开放通知, type: notice}
  rules: {title: 借阅规则, type: policy}
  voices: {title: 读者一句话, type: voice}
  events: {title: 讲座和活动, type: event}
  letters: {title: 读者来信, type: letter, reply_within: 3 working days}
health: {public: true}
--- content/hub/about.md
---
title: 关于我们
---
一个总馆，三个分馆。
--- content/hub/topics/summer.md
---
title: 夏日共读
---
一起读。
--- content/centre/branch.yml
name: 总馆
committee: [{name: 林晚, role: 馆长}]
members: 31
--- content/centre/events/2026-11-01-talk.md
---
title: 讲座：古地图
starts: 2026-11-28 14:00
---
带笔记本。
--- content/centre/news/2026-11-20-map.md
---
title: 一张找回来的地图
tags: [地图]
topics: [summer]
share_with: [all]
---
它夹在一本字典里。
--- content/river/branch.yml
name: 河东分馆
parent: centre
--- content/river/news/2026-11-21-bench.md
---
title: 门口多了一条长椅
---
可以坐。
--- content/river/letters/2026-11-18-lamp.yml
title: 台灯
question: 三层的台灯坏了。
received: 2026-11-18
replied: 2026-11-19
body: 换好了。
--- content/hill/branch.yml
name: 山上分馆
parent: centre
status: closed
closed: 2026-10-01
--- content/hill/news/2026-09-01-end.md
---
title: 最后一天
---
谢谢大家。
--- content/harbour/branch.yml
name: Harbour Library
parent: centre
language: en
committee: [{name: Mo Reed, role: Librarian}]
members: 1
sections: {add: {news: {title: News, type: article}}}
--- content/harbour/news/2026-11-19-tide.md
---
title: High tide
---
Mind the step.
--- content/pier/branch.yml
name: Pier Reading Room
parent: harbour
language: en
--- content/pier/news/2026-11-12-nets.md
---
title: Nets
---
On the wall.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """A library with a centre and branch libraries, two of them in English."""
    site = SmallSite(tmp_path_factory.mktemp("library")).write(LIBRARY)
    result = site.build()
    assert [each.code for each in result.problems if each.severity != "note"] == []
    return site


def words_of(page: str) -> Iterator[str]:
    """All that a page says: its texts, and those of attributes that are read out or shown."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    for node in root.iter():
        if isinstance(node.tag, str) and node.tag not in ("script", "style"):
            yield from (node.text or "", node.tail or "")
        for name, value in node.attrib.items():
            if name in ("aria-label", "alt", "title", "placeholder") or name.startswith("data-text"):
                yield value


def test_no_file_says_what_others_call_their_parts(library: SmallSite) -> None:
    """Pages, feeds, calendars, outlines, search, data."""
    for word in ("支部", "单位", "党"):
        said = [path for path in library.mentions(word) if not path.startswith("assets/search/variants.")]
        assert said == [], word


def test_pages_say_how_many_belong_to_a_branch_in_its_own_words(library: SmallSite) -> None:
    assert "<dt>馆员</dt><dd>31 人</dd>" in library.page("centre/index.html")
    assert "<dt>Librarians</dt><dd>One person</dd>" in library.page("harbour/index.html")
    assert '<span class="label">馆员</span> 31 人' in library.page("branches/index.html")
    assert "馆员" not in library.page("river/index.html")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_its_pages_fit_and_can_be_used_by_all(library: SmallSite, browser: Browser, width: int, scheme: str) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
    )
    page = context.new_page()
    found: list[str] = []
    with serve_folder(library.output) as url:
        for path in (
            "/",
            "/branches/",
            "/centre/",
            "/centre/all/",
            "/harbour/",
            "/hill/",
            "/river/letters/",
            "/feeds/",
        ):
            page.goto(url + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            if "SCREENSHOTS" in os.environ:
                name = f"library{path.rstrip('/').replace('/', '-')}-{width}-{scheme}.png"
                page.screenshot(path=Path(os.environ["SCREENSHOTS"]) / name, full_page=True)
            page.evaluate(AXE)
            found += [f"{path} {problem}" for problem in page.evaluate(RUN_AXE)]
    context.close()
    assert found == []


def test_pages_say_what_the_library_says(library: SmallSite) -> None:
    assert "<h1>全部分馆</h1>" in library.page("branches/index.html")
    assert "馆务会" in library.page("centre/index.html")
    assert "来自下级分馆" in library.page("centre/index.html")
    assert "本分馆已于2026年10月1日关闭" in library.page("hill/index.html")
    assert "总馆及下级分馆" in library.page("centre/all/feed.xml")
    assert "总馆及下级分馆" in library.page("centre/all/calendar.ics")
    assert "在全部分馆里搜索" in library.page("search/index.html")


def test_its_english_pages_do_so_in_english(library: SmallSite) -> None:
    page = library.page("harbour/index.html")
    assert "From our libraries" in page
    assert "<h2>Staff</h2>" in page
    for path in library.files("harbour"):
        if path.endswith("index.html"):
            said = " ".join(words_of(library.page(f"harbour/{path}")))
            assert not re.search(r"\bbranch(es)?\b|sub-branch", said, re.IGNORECASE), path


TERMS = re.compile(r"terms:\n(  .*\n)+(?=sections:)")
UNION = LIBRARY.replace("url:", "language: en\nurl:", 1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("terms", "branch", "branches", "committee"),
    [
        ("terms: {branch: chapter, committee: board}\n", "chapter", "chapters", "Board"),
        ("terms: chapter\n", "chapter", "chapters", "Committee"),
        ("terms: {branch: parish, branches: parishes}\n", "parish", "parishes", "Committee"),
        ("", "branch", "branches", "Committee"),
    ],
    ids=["own words", "one word", "an irregular plural", "none"],
)
def test_an_organization_in_english(
    make_site: Callable[[str], SmallSite], terms: str, branch: str, branches: str, committee: str
) -> None:
    site = make_site(TERMS.sub(terms, UNION))
    site.build()
    assert f"<h1>All {branches}</h1>" in site.page("branches/index.html")
    home = site.page("harbour/index.html")
    assert f"From our {branches}" in home
    assert f"<h2>{committee}</h2>" in home
    assert f"Everything from this {branch} and those below it" in site.page("branches/index.html")


@pytest.mark.slow
def test_without_words_of_its_own_an_organization_has_units(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(TERMS.sub("", LIBRARY))
    site.build()
    assert "<h1>全部单位</h1>" in site.page("branches/index.html")
    assert "来自下级单位" in site.page("centre/index.html")
    assert site.mentions("支部") == []


@pytest.mark.slow
def test_another_word_reaches_every_page_at_once(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(LIBRARY)
    site.build()
    site.write(LIBRARY.replace("branch: 分馆, branches: 全部分馆", "branch: 阅览点")).build()
    assert site.mentions("全部分馆") == []
    assert "<h1>全部阅览点</h1>" in site.page("branches/index.html")
    assert "总馆及下级阅览点" in site.page("centre/all/feed.xml")


def test_messages_and_the_guide_use_the_words_of_the_organization(make_site: Callable[[str], SmallSite]) -> None:
    """What staff read, too; examples and names stay as they are."""
    site = make_site(LIBRARY)
    organization, _ = read_organization(site.root)
    assert organization is not None
    text = translator_of(organization)
    for code in CATALOGUE.values():
        for message in (code.what, code.why, code.how):
            if "支部" not in message:
                assert "支部" not in text.gettext(message), message
    pages = guide_pages(organization, text)
    prose = {name: re.sub(r"```.*?```|`[^`]*`", "", page, flags=re.DOTALL) for name, page in pages.items()}
    assert {name for name, page in prose.items() if re.search("(?<![党总])支部(?!书记)", page)} <= {
        "keys-organization.md"
    }
    assert "分馆" in prose["start.md"]
