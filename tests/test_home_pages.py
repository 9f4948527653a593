"""Home pages: what is new first, nothing twice, no block that holds next to nothing."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import ORGANIZATION, SmallSite

HOME = re.compile(r'<section class="block[^"]*"><h2>(?:<a[^>]*>)?(?:<span[^>]*>)?([^<]*)')
NEWS = "".join(
    f"--- content/alpha/news/2026-11-{day:02d}-a.md\n---\ntitle: 第{day}天\n---\n内容。\n" for day in range(1, 16)
)
OTHERS = """
--- content/alpha/branch.yml
name: 甲支部
--- content/alpha/policies/2026-01-05-one.md
---
title: 唯一的制度
---
内容。
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """A branch with fifteen news and one policy, all older than them."""
    site = SmallSite(tmp_path_factory.mktemp("filled")).write(ORGANIZATION + OTHERS + NEWS)
    site.build()
    return site


@pytest.mark.parametrize(("path", "told"), [("alpha/index.html", 8), ("index.html", 9)])
def test_a_section_shows_what_is_not_told_above(filled: SmallSite, path: str, told: int) -> None:
    page = filled.page(path)
    days = re.findall(r">第(\d+)天</a>", page)
    assert days == [str(day) for day in range(15, 15 - told - 3, -1)]


@pytest.mark.parametrize("path", ["alpha/index.html", "index.html"])
def test_a_section_of_one_entry_has_no_block(filled: SmallSite, path: str) -> None:
    page = filled.page(path)
    assert "唯一的制度" not in page
    assert not re.search(r"<h2>(<a[^>]*>)?(<span>)?政策文件", page)


def test_of_a_branch_without_news_notices_are_what_is_new(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(
        ORGANIZATION
        + "--- content/a/branch.yml\nname: 甲\n--- content/a/notices/2026-11-20-n.md\n---\ntitle: 停水\n---\n周六。\n"
    )
    site.build()
    home = site.page("a/index.html")
    assert HOME.findall(home) == ["最新内容"]
    assert home.count("停水") == 1
    assert "还没有发布内容" not in home


def test_what_a_branch_says_about_itself_is_what_its_page_of_that_name_says(
    make_site: Callable[[str], SmallSite],
) -> None:
    pages = "--- content/a/branch.yml\nname: 甲\n--- content/a/a-map.md\n---\ntitle: 地图\n---\n怎么走。\n"
    site = make_site(ORGANIZATION + pages)
    site.build()
    assert "怎么走。" not in site.page("a/index.html")
    site.write("--- content/a/about.md\n---\ntitle: 关于\n---\n我们是谁。\n").build()
    assert "我们是谁。" in site.page("a/index.html")
    assert "怎么走。" not in site.page("a/index.html")


def test_blocks_that_are_empty_are_left_out(filled: SmallSite) -> None:
    assert HOME.findall(filled.page("alpha/index.html")) == ["最新内容", "支部动态"]
