"""The search pages in a browser: what is found, how it is shown, and what the keyboard and a screen reader get."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import NOW, ORGANIZATION, REPOSITORY, TWO_BRANCHES, SmallSite
from playwright.sync_api import Browser, Page, expect
from web import serve_folder

from builder.formats.search.tokens import Tokens, grams, hashed

pytestmark = pytest.mark.browser

MORE = """
--- content/alpha/news/2025-05-04-garden.md
---
title: Opening the Workshop garden
tags: [Volunteering]
summary: A café in the garden.
---
Everyone came & sat &lt;under&gt; the trees. 大家在树下读了《山海经》。
--- content/alpha/notices/2026-11-01-hours.md
---
title: 工坊开放时间
---
周三下午开放，<b>记得</b>带上围裙。走访慰问的名单另行通知。
--- content/alpha/news/2026-11-22-draft.md
---
title: 保密草稿
draft: true
---
保密草稿的文字
--- content/beta/news/2026-11-19-shared.md
---
title: 分享给大家的读书笔记
share_with: all
---
笔记里有三本书。

笔记全文在乙支部。
--- content/hub/about.md
---
title: 关于本站
---
全校的工坊都在这里。
"""


def big(count: int) -> str:
    """A branch whose texts are too long to be read whole."""
    fill = "".join(chr(0x4E00 + place) for place in range(0, 3000, 2))
    return "--- content/gamma/branch.yml\nname: 丙支部\n" + "".join(
        f"--- content/gamma/{'news' if number % 2 else 'notices'}/{2022 + number % 5}-03-{number % 28 + 1:02d}-n{number}.md\n"
        f"---\ntitle: 第{number}次活动记录\n---\n{fill}\n第{number}号木匣子 the typewriter number{number}\n"
        for number in range(count)
    )


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    site = SmallSite(tmp_path_factory.mktemp("search")).write(ORGANIZATION + TWO_BRANCHES + MORE + big(60))
    site.build(NOW)
    return site.output


@pytest.fixture(scope="module")
def address(output: Path) -> Iterator[str]:
    with serve_folder(output) as url:
        yield url


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, locale="zh-CN")
    page = context.new_page()
    foreign: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if not request.url.startswith(address) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert [url for url in foreign if not url.startswith("data:")] == []
    assert [error for error in errors if "404" not in error] == []


def search(page: Page, path: str, query: str, **filters: str) -> list[str]:
    """The titles that a search finds, in their order."""
    page.goto(path)
    page.get_by_role("searchbox").fill(query)
    for name, value in filters.items():
        page.locator(f"select[name={name}]").select_option(value)
    page.keyboard.press("Enter")
    return titles(page)


def titles(page: Page) -> list[str]:
    status = page.get_by_role("status")
    expect(status).not_to_have_text("")
    expect(status).not_to_have_text("正在搜索……")
    return [each.inner_text() for each in page.locator("#bp-results h3").all()]


@pytest.mark.parametrize(
    ("path", "query", "found"),
    [
        ("/alpha/search/", "出发", ["走访慰问"]),
        ("/alpha/search/", "走访慰问", ["走访慰问", "工坊开放时间"]),
        ("/alpha/search/", "树下 山海", ["Opening the Workshop garden"]),
        ("/alpha/search/", "shop", ["Opening the Workshop garden"]),
        ("/alpha/search/", "ＷＯＲＫＳＨＯＰ", ["Opening the Workshop garden"]),
        ("/alpha/search/", "cafe volunteer", ["Opening the Workshop garden"]),
        ("/alpha/search/", "a", ["Opening the Workshop garden"]),
        ("/alpha/search/", "成立于", ["关于我们"]),
        ("/alpha/search/", "读书笔记", ["分享给大家的读书笔记"]),
        ("/alpha/search/", "保密", []),
        ("/beta/search/", "笔记全文", ["分享给大家的读书笔记"]),
        ("/search/", "读书", ["读书会", "分享给大家的读书笔记"]),
        ("/search/", "工坊", ["工坊开放时间", "关于本站"]),
        ("/search/", "保密", []),
        ("/search/", "<b>", []),
        ("/gamma/search/", "第7号木匣", ["第7次活动记录"]),
        ("/gamma/search/", "NUMBER7", ["第7次活动记录"]),
        ("/gamma/search/", "ewri umber59", ["第59次活动记录"]),
        ("/gamma/search/", "匣 第12次", ["第12次活动记录"]),
    ],
)
def test_what_is_found(page: Page, path: str, query: str, found: list[str]) -> None:
    assert search(page, path, query) == found


def test_a_branch_can_be_chosen_with_all_below_it(page: Page) -> None:
    assert search(page, "/search/", "读", branch="alpha/") == ["读书会", "分享给大家的读书笔记"]
    assert search(page, "/search/", "活动记录", branch="alpha/") == []
    assert "甲支部及下级支部" in page.locator("select[name=branch]").inner_text()
    page.goto("/alpha/search/")
    page.get_by_role("link", name="在本支部及下级支部里搜索").click()
    expect(page.locator("select[name=branch]")).to_have_value("alpha/")


def test_a_subtree_of_a_large_organization(tmp_path: Path, browser: Browser) -> None:
    """Its index is read a piece at a time; the filter is one of the pieces."""
    site = SmallSite(tmp_path).write(ORGANIZATION + TWO_BRANCHES)
    for slug, parent in (("gamma", "beta"), ("delta", "")):
        site.write(f"--- content/{slug}/branch.yml\nname: {slug}支部\n" + (f"parent: {parent}\n" if parent else ""))
        for number in range(250):
            said = "".join(chr(0x4E00 + (number * 190 + place) % 9000) for place in range(190))
            site.write(
                f"--- content/{slug}/voices/2026-11-10-{number}.yml\ntext: {said}\nperson: 木匣子{slug}{number}\n"
            )
    site.build(NOW)
    assert json.loads(site.page("search/index.json"))["shards"]
    with serve_folder(site.output) as url:
        page = browser.new_page(base_url=url)
        for branch, person, count in (
            ("alpha/", "木匣子gamma17", 11),
            ("beta/", "木匣子gamma17", 11),
            ("gamma", "木匣子gamma17", 11),
            ("alpha/", "木匣子delta17", 0),
            ("beta", "木匣子gamma17", 0),
        ):
            search(page, "/search/", person, branch=branch)
            expect(page.get_by_role("status")).to_contain_text(f"{count} " if count else "没有")
        page.close()


def test_a_branch_says_that_there_is_nothing(page: Page) -> None:
    search(page, "/alpha/search/", "没有这样的话")
    expect(page.get_by_role("status")).to_have_text("没有找到。少写几个词，或者写短一点，能找到更多。")


@pytest.mark.parametrize("path", ["/search/", "/gamma/search/"])
def test_filters(page: Page, path: str) -> None:
    found = search(page, path, "活动记录", section="news", year="2023")
    assert sorted(found) == sorted(f"第{number}次活动记录" for number in (1, 11, 21, 31, 41, 51))
    dates = page.locator("#bp-results time").all_inner_texts()
    assert {date[:5] for date in dates} == {"2023年"}
    assert dates == sorted(dates, key=lambda date: int(date[7:-1]), reverse=True)
    assert set(page.locator("#bp-results .byline span:last-child").all_inner_texts()) == {"支部动态"}


def test_a_branch_can_be_chosen_in_the_hub(page: Page) -> None:
    assert search(page, "/search/", "读", branch="beta") == ["读书会", "分享给大家的读书笔记"]
    assert search(page, "/search/", "读", branch="alpha") == []
    assert search(page, "/search/", "", branch="beta", section="news") == ["读书会", "分享给大家的读书笔记"]


def test_results_come_in_portions_newest_first(page: Page) -> None:
    first = search(page, "/gamma/search/", "typewriter")
    assert len(first) == 10
    expect(page.get_by_role("status")).to_contain_text("60 条结果")
    page.get_by_role("button", name="更多结果").click()
    expect(page.locator("#bp-results h3")).to_have_count(20)
    assert page.evaluate("document.activeElement.textContent") == page.locator("#bp-results h3").nth(10).inner_text()
    dates = page.locator("#bp-results time").evaluate_all("all => all.map(each => each.dateTime)")
    assert dates == sorted(dates, reverse=True)
    for _ in range(4):
        page.get_by_role("button", name="更多结果").click()
    expect(page.locator("#bp-results h3")).to_have_count(60)
    expect(page.get_by_role("button", name="更多结果")).to_be_hidden()


def test_places_are_marked_and_texts_stay_texts(page: Page) -> None:
    search(page, "/alpha/search/", "under cafe")
    row = page.locator("#bp-results li").first
    assert row.locator("mark").all_inner_texts() == ["café"]
    search(page, "/alpha/search/", "山海经")
    row = page.locator("#bp-results li").first
    assert row.locator("mark").all_inner_texts() == ["山海经"]
    assert "sat <under> the trees" in row.inner_text()
    assert row.locator("a").get_attribute("href") == "../../alpha/news/2025-05-04-garden/"


def test_the_title_comes_before_the_text(page: Page) -> None:
    assert search(page, "/alpha/search/", "走访") == ["走访慰问", "工坊开放时间"]
    assert page.locator("#bp-results h3 mark").all_inner_texts() == ["走访"]


def test_a_long_text_is_shown_around_the_place(page: Page) -> None:
    search(page, "/gamma/search/", "第7号木匣子")
    shown = page.locator("#bp-results .summary").inner_text()
    assert "第7号木匣子" in shown
    assert len(shown) < 160
    assert shown.startswith("…")


def test_the_keyboard_alone(page: Page) -> None:
    page.goto("/alpha/search/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    page.keyboard.type("走访")
    assert titles(page)
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "走访慰问"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == "工坊开放时间"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/alpha/news/2026-11-20-visit/")
    page.go_back()
    assert titles(page) == ["走访慰问", "工坊开放时间"]
    assert page.get_by_role("searchbox").input_value() == "走访"


def test_what_a_screen_reader_is_told(page: Page) -> None:
    search(page, "/alpha/search/", "走访")
    expect(page.get_by_role("search")).to_be_visible()
    expect(page.get_by_role("searchbox", name="在“甲支部”里找什么")).to_be_visible()
    for name in ("支部", "栏目", "年份"):
        expect(page.get_by_role("combobox", name=name)).to_be_visible()
    assert page.get_by_role("status").get_attribute("aria-live") == "polite"
    expect(page.get_by_role("status")).to_have_text("2 条结果")
    # A heading leads to the list: HTML lets a list have no name of its own (html-validate, aria-label-misuse).
    results = page.get_by_role("heading", name="结果", exact=True).locator("xpath=following-sibling::ol")
    expect(results.get_by_role("listitem")).to_have_count(2)


def test_an_address_holds_the_search(page: Page) -> None:
    page.goto("/search/?q=活动记录&branch=gamma&section=news&year=2023")
    assert len(titles(page)) == 6
    page.goto("/alpha/search/?q=走访")
    assert titles(page)
    page.get_by_role("link", name="在全部支部里搜索").click()
    page.wait_for_url("**/search/?q=*")
    assert titles(page) == ["走访慰问", "工坊开放时间"]


def test_every_site_leads_to_its_own_search(page: Page) -> None:
    page.goto("/alpha/news/2026-11-20-visit/")
    page.keyboard.press("/")
    page.keyboard.type("工坊")
    page.keyboard.press("Enter")
    page.wait_for_url("**/alpha/search/?q=*")
    assert titles(page) == ["工坊开放时间"]


def test_without_javascript_the_page_says_where_else_to_look(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=address)
    page = context.new_page()
    for path in ("/search/", "/alpha/search/"):
        page.goto(path)
        expect(page.get_by_role("searchbox")).to_have_count(0)
        expect(page.get_by_text("搜索要用 JavaScript")).to_be_visible()
        expect(page.locator(".doors").get_by_role("link", name="全部支部", exact=True)).to_be_visible()
        assert page.locator("button:visible").count() == 0
    context.close()


def test_a_lost_index_is_said(page: Page, address: str) -> None:
    page.route("**/search/index.json", lambda route: route.fulfill(status=404, body=""))
    search(page, "/alpha/search/", "走访")
    expect(page.get_by_role("status")).to_contain_text("搜索没能载入")


def test_the_script_folds_cuts_and_hashes_as_the_builder_does(page: Page, output: Path) -> None:
    cases = [each["text"] for each in json.loads((REPOSITORY / "tests/cases/search-tokens.json").read_text("utf-8"))]
    # A newer browser knows letters that this Python does not.
    known = "".join(char for char in map(chr, range(0x20, 0xD700)) if unicodedata.category(char) != "Cn")
    cases += [known[start : start + 97] for start in range(0, len(known), 97)]
    script = next((output / "assets/javascripts").glob("search.*.js")).name
    variants = next((output / "assets/search").glob("variants.*.txt")).name
    page.goto("/search/")
    told = page.evaluate(
        """async ([path, variants, cases]) => {
          const { fold, grams, hashed, learn } = await import(path);
          learn(await (await fetch(variants)).text());
          return cases.map((each) => {
            const folded = fold(each.normalize("NFC")).text;
            return [folded, grams(folded).map((gram) => [gram, hashed(gram)])];
          });
        }""",
        [f"/assets/javascripts/{script}", f"/assets/search/{variants}", cases],
    )
    tokens = Tokens()
    for text, (folded, pieces) in zip(cases, told, strict=True):
        assert folded == tokens.fold(text), text
        assert {gram for gram, _ in pieces} <= set(grams(folded))
        assert all(hashed(gram) == value for gram, value in pieces)
