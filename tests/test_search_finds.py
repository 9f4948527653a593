"""What readers find: branches by name and people, events by their days, the nearest where nothing is exactly so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import NOW, ORGANIZATION, TWO_BRANCHES, SmallSite
from playwright.sync_api import Browser, Page, expect
from test_search_browser import big, search, titles
from web import serve_folder

pytestmark = pytest.mark.browser

MORE = """
--- content/reading/branch.yml
name: 图书馆三楼阅览室党支部
short_name: 阅览室支部
parent: alpha
description: 管理三楼的两个阅览室。
contact: {person: 钱管理, phone: 010-62780000, address: 图书馆 305}
committee: [{name: 孙一, role: 组织委员}]
--- content/alpha/news/2026-11-18-room.md
---
title: 阅览室支部开放图书馆305
---
版本 1.2.3 的借閱規則，第 7 号桌。
--- content/alpha/policies/2024-03-01-old.md
---
title: 借阅办法
status: repealed
---
旧的
--- content/alpha/policies/2023-03-01-new.md
---
title: 借阅办法（新）
---
新的
--- content/beta/events/2026-10-01-talk.md
---
title: 座谈会
starts: 2026-11-28 09:00
ends: 2026-12-02
location: 礼堂
---
一起谈。
--- content/alpha/guide.md
---
title: 编辑手册
for_editors: true
---
手册的话
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = SmallSite(tmp_path_factory.mktemp("finds")).write(ORGANIZATION + TWO_BRANCHES + MORE + big(60))
    site.build(NOW)
    return site.output


@pytest.fixture
def page(output: Path, browser: Browser) -> Iterator[Page]:
    with serve_folder(output) as url:
        page = browser.new_page(base_url=url, locale="zh-CN")
        yield page
        page.close()


READING = "图书馆三楼阅览室党支部"


@pytest.mark.parametrize(
    ("path", "query", "first"),
    [
        ("/search/", "阅览室支部", READING),
        ("/search/", "图书馆三楼", READING),
        ("/search/", "组织委员", READING),
        ("/search/", "孙一", READING),
        ("/search/", "钱管理", READING),
        ("/search/", "图书馆305", READING),
        ("/search/", "甲支部", "甲支部"),
        ("/alpha/search/", "阅览室支部", READING),
        ("/alpha/search/", "第7号桌", "阅览室支部开放图书馆305"),
        ("/alpha/search/", "借阅规则", "阅览室支部开放图书馆305"),
        ("/alpha/search/", "借閱規則", "阅览室支部开放图书馆305"),
        ("/alpha/search/", "１．２．３", "阅览室支部开放图书馆305"),
        ("/alpha/search/", "1.2.3", "阅览室支部开放图书馆305"),
        ("/search/", "十一月", "座谈会"),
        ("/search/", "11月28日", "座谈会"),
        ("/search/", "11月28号 礼堂", "座谈会"),
        ("/search/", "2026-11-28", "座谈会"),
        ("/search/", "2026.12.1", "座谈会"),
        ("/search/", "12月", "座谈会"),
        ("/search/", "November", "座谈会"),
    ],
)
def test_what_is_found_first(page: Page, path: str, query: str, first: str) -> None:
    assert search(page, path, query)[:1] == [first]


def test_what_holds_no_more_is_last_and_says_so(page: Page) -> None:
    assert search(page, "/search/", "借阅办法") == ["借阅办法（新）", "借阅办法"]
    assert page.locator("#bp-results li .state").all_inner_texts() == ["已废止"]
    assert search(page, "/search/", "借阅办法", year="2024") == ["借阅办法"]


@pytest.mark.parametrize(
    ("path", "query", "first"),
    [
        ("/alpha/search/", "走访的慰问活动", "走访慰问"),
        ("/alpha/search/", "图书馆三楼的阅览室在哪里", READING),
        ("/search/", "读书会活动的记录", "读书会"),
        ("/search/", "会谈座", "座谈会"),
        ("/gamma/search/", "第12次活动记录的", "第12次活动记录"),
        ("/gamma/search/", "the typwriter number59", "第59次活动记录"),
    ],
)
def test_the_nearest_is_shown_where_nothing_is_exactly_so(page: Page, path: str, query: str, first: str) -> None:
    found = search(page, path, query)
    assert found[:1] == [first]
    expect(page.get_by_role("status")).to_contain_text(f"没有找到与“{query}”完全一致的内容，下面是最接近的")


def test_what_has_nothing_in_common_is_not_near(page: Page) -> None:
    assert search(page, "/alpha/search/", "没有这样的话") == []


def test_what_is_for_editors_is_in_no_search_and_no_navigation(page: Page, output: Path) -> None:
    assert search(page, "/alpha/search/", "编辑手册") == []
    assert (output / "alpha/guide/index.html").is_file()
    page.goto("/alpha/")
    expect(page.locator("#bp-sections")).not_to_contain_text("编辑手册")


def test_results_name_branch_and_section(page: Page) -> None:
    search(page, "/search/", "座谈会")
    assert page.locator("#bp-results .byline > span").all_inner_texts() == ["乙支部", "活动日程"]
    expect(page.locator("#bp-results time")).to_have_text("2026年11月28日")
    search(page, "/beta/search/", "读书会")
    assert page.locator("#bp-results .byline > span").all_inner_texts() == ["支部动态"]


def test_the_hub_leads_to_the_whole_texts_of_a_branch(page: Page) -> None:
    search(page, "/search/", "座谈会")
    page.get_by_role("link", name="在“乙支部”的全文里搜索").click()
    page.wait_for_url("**/beta/search/?q=*")
    assert titles(page) == ["座谈会"]
    search(page, "/search/", "没有这样的话", branch="gamma")
    page.get_by_role("link", name="在“丙支部”的全文里搜索").click()
    page.wait_for_url("**/gamma/search/?q=*")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_field_is_on_every_page(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    for path in ("/", "/alpha/", "/alpha/news/2026-11-20-visit/", "/branches/", "/404.html"):
        page.goto(path)
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.name") == "q", path
        expect(page.get_by_role("searchbox")).to_have_count(1)
    page.goto("/search/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_count(1)


def test_without_scripts_a_link_leads_to_the_other_ways(output: Path, browser: Browser) -> None:
    with serve_folder(output) as url:
        context = browser.new_context(java_script_enabled=False, base_url=url)
        page = context.new_page()
        page.goto("/alpha/")
        expect(page.get_by_role("searchbox")).to_have_count(0)
        page.locator(".tools").get_by_role("link", name="搜索").click()
        page.wait_for_url("**/alpha/search/")
        context.close()
