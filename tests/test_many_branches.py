"""Lists of branches stay short: folded by level where there are many, narrowed by a field, each branch within three steps."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import NOW, SmallSite
from playwright.sync_api import Browser, Page, expect
from web import serve_folder

ORGANIZATION = """
--- mkdocs.yml
theme:
  name: material
--- content/organization.yml
name: 大学
url: https://example.org/
health: {public: true}
sections:
  news: {title: 动态, type: article, update_within: 14 days}
--- content/alone/branch.yml
name: 机关党支部
sections: {hide: [news]}
"""
BELOW = """
--- content/c2-4/branch.yml
name: 2院第4支部
parent: c2-0
contact: {person: 李娜, phone: "010-00000004", email: c24@example.org}
--- content/c2-4/news/2026-11-21-b.md
---
title: 下面的消息
---
文
"""


def branches(colleges: int, each: int) -> str:
    """Colleges with departments below them; every department but the first is below the first."""
    found = ""
    for college in range(colleges):
        found += f"--- content/c{college}/branch.yml\nname: 第{college}学院党委\nshort_name: {college}院\n"
        found += f"--- content/c{college}/news/2026-11-20-a.md\n---\ntitle: 消息\n---\n文\n"
        for number in range(each):
            parent = f"c{college}-0" if number else f"c{college}"
            found += f"--- content/c{college}-{number}/branch.yml\nname: {college}院第{number}支部\nparent: {parent}\n"
    return found


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    site = SmallSite(tmp_path_factory.mktemp("many")).write(ORGANIZATION + branches(5, 5)).write(BELOW)
    site.build(NOW)
    return site


@pytest.fixture
def page(many: SmallSite, browser: Browser) -> Iterator[Page]:
    with serve_folder(many.output) as url:
        page = browser.new_page(base_url=url, viewport={"width": 390, "height": 844})
        yield page
        page.close()


def test_a_few_branches_are_not_folded(built_site: SmallSite) -> None:
    assert "<details" not in built_site.page("branches/index.html")
    assert "narrow-by" not in "".join(
        built_site.page(f"{path}index.html") for path in ("branches/", "feeds/", "health/", "")
    )


@pytest.mark.slow
def test_the_directory_says_how_to_reach_each(many: SmallSite) -> None:
    """Without a way to its own pages; whom one asks is a word to find it by."""
    page = many.page("branches/index.html")
    unit = page.partition(">2院第4支部</a>")[2].partition("</li>")[0]
    assert "李娜" in unit
    assert 'href="tel:010-00000004"' in unit
    assert 'href="mailto:c24@example.org"' in unit
    assert 'data-words="李娜"' in page
    assert "contact-line" not in many.page("feeds/index.html") + many.page("index.html")


@pytest.mark.slow
def test_by_part_of_the_organization_keeps_the_section(many: SmallSite) -> None:
    section = many.page("sections/news/index.html")
    assert 'href="../../c1-4/news/"' in section
    # Of one with others below it: all of theirs, on a page that needs no script; its own, where they have none.
    assert 'href="../../c2/all/#news"' in section
    below = many.page("c2/all/index.html").partition('<details class="group" id="news">')[2].partition("</details>")[0]
    assert "c2-4/news/2026-11-21-b/" in below
    assert "c2/news/2026-11-20-a/" in below
    assert 'href="../../c1/news/"' in section
    # Where a branch does not show the section, its home page is what there is.
    assert 'href="../../alone/"' in section
    home = many.page("index.html")
    assert 'href="./c1/all/"' in home
    assert 'href="./c1-4/"' in home


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("path", ["/branches/", "/feeds/", "/sections/news/"])
def test_every_branch_is_within_three_steps(page: Page, path: str) -> None:
    page.goto(path)
    if path == "/sections/news/":
        page.locator(".filters summary", has_text="按组织").click()
    target = page.get_by_role("link", name="3院第4支部", exact=True)
    expect(target).to_be_hidden()
    page.locator(".units summary", has_text="3院").click()
    target.click()
    page.wait_for_url("**/c3-4/**")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("path", ["/branches/", "/health/"])
def test_a_field_narrows_the_list(page: Page, path: str) -> None:
    page.goto(path)
    field = page.get_by_role("searchbox", name="按名称找")
    field.fill("２院 第3")
    expect(page.get_by_role("link", name="2院第3支部", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="2院第2支部", exact=True)).to_be_hidden()
    expect(page.locator("summary", has_text="1院")).to_be_hidden()
    expect(page.locator("[data-narrow] [role=status]")).to_have_text("找到 1 个")
    field.fill("")
    expect(page.locator("summary", has_text="1院")).to_be_visible()
    expect(page.get_by_role("link", name="2院第3支部", exact=True)).to_be_hidden()


@pytest.mark.browser
@pytest.mark.slow
def test_a_branch_is_found_by_its_whole_name(page: Page) -> None:
    page.goto("/branches/")
    page.get_by_role("searchbox", name="按名称找").fill("第4学院党委")
    expect(page.locator("summary:visible")).to_have_count(1)


@pytest.mark.browser
@pytest.mark.slow
def test_without_scripts_the_headings_open(many: SmallSite, browser: Browser) -> None:
    with serve_folder(many.output) as url:
        context = browser.new_context(java_script_enabled=False, base_url=url)
        page = context.new_page()
        page.goto("/branches/")
        expect(page.locator(".narrow-by")).to_be_hidden()
        page.locator(".units summary", has_text="3院").click()
        expect(page.get_by_role("link", name="3院第4支部", exact=True)).to_be_visible()
        context.close()
