"""Languages written from right to left: their pages are mirrored, and parts in them say so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from babel import Locale, localedata
from conftest import SmallSite
from playwright.sync_api import Browser

from builder.formats.direction import direction

SITE = """
--- mkdocs.yml
--- content/organization.yml
name: 示范大学
url: https://example.org/
sections:
  news: {title: 动态}
--- content/a/branch.yml
name: قسم
language: ar
--- content/a/news/2026-11-20-x.md
---
title: مرحبا
---
مرحبا، Branchpress 2026!
--- content/a/news/2026-11-21-y.md
---
title: 中文标题
lang: zh
---
中文。
--- content/z/branch.yml
name: 乙支部
--- content/z/news/2026-11-20-u.md
---
title: ئۇيغۇرچە
lang: ug
---
ئۇيغۇرچە.
"""


@pytest.mark.slow
def test_directions_are_those_of_the_unicode_consortium() -> None:
    # Traditional Mongolian is written from top to bottom, which no page here is.
    names = [name for name in localedata.locale_identifiers() if "Mong" not in name]
    wrong = [name for name in names if direction(name.replace("_", "-")) != Locale.parse(name).text_direction]
    assert wrong == []


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("ug", "rtl"),
        ("ug-Latn", "ltr"),
        ("UG-arab-CN", "rtl"),
        ("kk-Arab", "rtl"),
        ("kk", "ltr"),
        ("he", "rtl"),
        ("zh-Hans", "ltr"),
        ("", "ltr"),
    ],
)
def test_the_script_decides(tag: str, written: str) -> None:
    assert direction(tag) == written


def test_pages_and_parts_say_their_direction(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    site.build()
    arabic = site.page("a/news/2026-11-20-x/index.html")
    assert '<html lang="ar" dir="rtl"' in arabic
    assert '<div class="prose">' in arabic
    chinese = site.page("a/news/2026-11-21-y/index.html")
    assert '<html lang="ar" dir="rtl"' in chinese
    assert '<div class="prose" lang="zh" dir="ltr">' in chinese
    uyghur = site.page("z/news/2026-11-20-u/index.html")
    assert '<html lang="zh" dir="ltr"' in uyghur
    assert '<div class="prose" lang="ug" dir="rtl">' in uyghur
    assert '<h1 lang="ug" dir="rtl">' in uyghur


def test_a_language_in_html_says_its_direction(make_site: Callable[[str], SmallSite]) -> None:
    words = '<span lang="ug">سالام</span>，<span lang="ar" dir="auto">x</span>\n\n<p lang="en">Hello</p>\n'
    site = make_site(SITE).write(f"--- content/z/news/2026-11-22-h.md\n# 三种语言\n\n{words}")
    site.build()
    page = site.page("z/news/2026-11-22-h/index.html")
    for part in ('<span lang="ug" dir="rtl">', '<span lang="ar" dir="auto">', '<p lang="en" dir="ltr">'):
        assert part in page


@pytest.mark.browser
def test_the_layout_is_mirrored_and_nothing_hangs_over(make_site: Callable[[str], SmallSite], browser: Browser) -> None:
    text = "\n1. بند\n\n> اقتباس\n\n- [x] تم\n\n| ا | ب |\n| - | - |\n| 1 | 2 |\n\n> [!NOTE]\n> ملاحظة\n"
    site = make_site(SITE.replace("مرحبا، Branchpress 2026!\n", f"مرحبا، Branchpress 2026!\n{text}"))
    site.build()
    measure = """() => {
        const box = name => document.querySelector(name).getBoundingClientRect();
        const style = name => getComputedStyle(document.querySelector(name));
        return {
            name: box(".name").left, tools: box(".tools").left, width: document.documentElement.clientWidth,
            scroll: document.documentElement.scrollWidth, quote: parseFloat(style(".prose blockquote").borderRightWidth),
            note: parseFloat(style(".admonition").borderRightWidth), list: parseFloat(style(".prose ol").paddingRight),
        };
    }"""
    for width in (390, 1200):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto((site.output / "a/news/2026-11-20-x/index.html").as_uri())
        seen = page.evaluate(measure)
        page.close()
        assert seen["name"] > seen["tools"]
        assert seen["scroll"] <= seen["width"]
        assert min(seen["quote"], seen["note"], seen["list"]) > 0
