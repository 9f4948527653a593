"""Pictures that are wider than the text lead to their full size; where scripts run they open over the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import NOW, ORGANIZATION, TWO_BRANCHES, SmallSite
from PIL import Image
from playwright.sync_api import Browser, expect
from web import serve_folder

ENTRY = """
--- content/alpha/news/2026-11-22-hall/index.md
---
title: 礼堂
---
![礼堂正面](wide.png "从南门看")

![小图](small.png)

[![连到别处](wide.png)](../../about.md)

![](wide.png)
"""


@pytest.fixture(scope="module")
def pictured(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """One to be read; nobody edits it."""
    site = SmallSite(tmp_path_factory.mktemp("pictured")).write(ORGANIZATION + TWO_BRANCHES + ENTRY)
    folder = site.root / "content/alpha/news/2026-11-22-hall"
    Image.new("RGB", (1600, 900), "teal").save(folder / "wide.png")
    Image.new("RGB", (300, 200), "teal").save(folder / "small.png")
    site.build(NOW)
    return site


def test_only_what_is_shown_smaller_than_it_is_leads_to_its_full_size(pictured: SmallSite) -> None:
    page = pictured.page("alpha/news/2026-11-22-hall/index.html")
    links = re.findall(r'<a class="whole" href="([^"]+)">', page)
    assert len(links) == 1
    assert pictured.exists(f"alpha/news/2026-11-22-hall/{Path(links[0]).name}")
    figure = page[page.index("<figure") : page.index("</figure>")]
    assert 'class="whole"' in figure
    assert "<figcaption>从南门看" in figure
    assert "whole" not in pictured.page("alpha/feed.xml")


@pytest.mark.browser
def test_it_opens_over_the_page(pictured: SmallSite, browser: Browser) -> None:
    with serve_folder(pictured.output) as url:
        page = browser.new_page(viewport={"width": 390, "height": 800}, base_url=url)
        page.goto("/alpha/news/2026-11-22-hall/")
        page.locator("a.whole").click()
        expect(page.get_by_role("dialog").get_by_role("img", name="礼堂正面")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert page.evaluate("document.activeElement.className") == "whole"
        page.close()
