"""What the theme's script adds, and what the style sheet does on a narrow screen and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import NOW, ORGANIZATION, TWO_BRANCHES, SmallSite
from playwright.sync_api import Browser, BrowserContext, expect
from web import serve_folder

pytestmark = pytest.mark.browser

RICH = """
--- content/alpha/news/2026-11-22-all.md
---
title: 一个很长很长的标题用来看看在窄的屏幕上会不会把整个页面都撑得比屏幕还要宽
---
averyveryverylongwordwithoutanybreakoranyhyphenwhatsoeverthatgoesonandonandonandonandon

| 一列 | 二列 | 三列 | 四列 | 五列 | 六列 | 七列 | 八列 |
|--|--|--|--|--|--|--|--|
| 很宽的格子 | 很宽的格子 | 很宽的格子 | 很宽的格子 | 很宽的格子 | 很宽的格子 | 很宽的格子 | 很宽的格子 |

```python
print("a very long line of code that no phone can show at once", 1, 2, 3, 4, 5, 6, 7, 8, 9)
```

$$a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 + a_{10} + a_{11} + a_{12} + a_{13} + a_{14} = b$$
"""
ENTRY = "/alpha/news/2026-11-22-all/"
PAGES = ("/", "/alpha/", "/alpha/news/", ENTRY, "/branches/", "/feeds/", "/health/")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    site = SmallSite(tmp_path_factory.mktemp("small")).write(ORGANIZATION + TWO_BRANCHES + RICH)
    site.build(NOW)
    with serve_folder(site.output) as url:
        yield url


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 360, "height": 780})
    yield context
    context.close()


def test_no_page_is_wider_than_the_screen(address: str, phone: BrowserContext) -> None:
    page = phone.new_page()
    for path in PAGES:
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


@pytest.mark.parametrize(
    ("path", "targets"),
    [
        (
            ENTRY,
            ".tools a:not(.find-link), .tools button, .find :is(input, button), .sections a, .crumbs a, .links a, "
            ".neighbours a",
        ),
        ("/feeds/", ".how a, .feed-list a, .feed-list button"),
    ],
    ids=["the frame", "feeds"],
)
def test_thumbs_hit_what_they_aim_at(address: str, phone: BrowserContext, path: str, targets: str) -> None:
    page = phone.new_page()
    page.goto(address + path)
    heights = page.evaluate(
        "targets => [...document.querySelectorAll(targets)].map(each => each.getBoundingClientRect().height)", targets
    )
    assert heights
    assert min(heights) >= 44


def test_a_button_shows_all_sections(address: str, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(address + "/alpha/")
    button = page.locator("button.more")
    last = page.locator(".sections li").last
    assert last.bounding_box()["x"] > 300  # type: ignore[index]
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    assert last.bounding_box()["x"] < 300  # type: ignore[index]


def test_an_address_is_copied(address: str, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address + ENTRY)
    page.get_by_role("button", name="复制网址").click()
    expect(page.get_by_role("status")).to_have_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == f"https://example.org{ENTRY}"
    context.close()


def test_an_example_is_copied(address: str, browser: Browser) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(address + ENTRY)
    page.locator(".highlight").get_by_role("button", name="复制", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith('print("a very long line')
    assert copied.rstrip().endswith("9)")
    context.close()


def test_without_scripts_nothing_is_offered_that_needs_one(address: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in PAGES:
        page.goto(address + path)
        assert page.locator("button:visible").count() == 0
        assert page.locator(".sections a:visible").count() > 0
    context.close()


def test_paper_is_white(address: str, browser: Browser) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.emulate_media(media="print")
    page.goto(address + ENTRY)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("header.top").is_hidden()
    assert page.locator(".source-url").is_visible()
    assert "示范大学党建在线" in page.locator(".printed").inner_text()
    assert page.locator(".printed svg").is_visible()
    for path in ("/alpha/letters/", "/alpha/policies/"):
        page.goto(address + path)
        assert page.locator(".printed svg").is_visible(), path
    context.close()


def test_on_a_desk_the_contents_stay_beside_the_text(tmp_path: Path, browser: Browser) -> None:
    text = "".join(f"## 第{number}节\n\n" + "一段话，说的是这一节的事情。" * 60 + "\n\n" for number in range(6))
    table = (
        "|" + "|".join(f"第{number}列的名字" for number in range(11)) + "|\n|" + "---|" * 11 + "\n" + "|值" * 11 + "|\n"
    )
    site = SmallSite(tmp_path).write(ORGANIZATION + TWO_BRANCHES)
    site.write(f"--- content/alpha/news/2026-11-22-long.md\n---\ntitle: 长文\n---\n{text}{table}").build(NOW)
    with serve_folder(site.output) as url:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{url}/alpha/news/2026-11-22-long/")
        contents, prose = page.locator(".contents nav"), page.locator(".prose")
        place, column = contents.bounding_box(), prose.bounding_box()
        assert place is not None
        assert column is not None
        assert place["x"] > column["x"] + column["width"]
        # A line of 34 to 40 Han characters.
        size = prose.evaluate("each => parseFloat(getComputedStyle(each).fontSize)")
        assert 34 <= column["width"] / size <= 40
        page.evaluate("scrollTo(0, document.body.scrollHeight / 2)")
        later = contents.bounding_box()
        assert later is not None
        assert 0 <= later["y"] < 200
        wide = page.locator(".prose .table-wrap").bounding_box()
        assert wide is not None
        assert wide["width"] > column["width"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.locator(".contents nav").is_hidden()
        page.close()
