"""What the theme's script adds, and what the style sheet does on a narrow screen and on paper."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import NOW, ORGANIZATION, TWO_BRANCHES, SmallSite
from playwright.sync_api import Browser, BrowserContext
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
    assert page.get_by_role("status").inner_text() == "已复制"
    assert page.evaluate("navigator.clipboard.readText()") == f"https://example.org{ENTRY}"
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
    context.close()
