"""The code on a printed page is read by a program, as a phone's camera does, from what the browser draws."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
import zxingcpp
from conftest import SmallSite
from PIL import Image
from playwright.sync_api import Browser, Page
from web import serve_folder

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MORE = """
--- content/alpha/policies/2026-11-02-rules.md
---
title: 办法
---
全文。
--- content/alpha/letters/2026-11-18-lamp.yml
title: 台灯
question: 三层的台灯坏了。
received: 2026-11-18
replied: 2026-11-19
body: 换好了。
"""
PRINTED = ("news/2026-11-20-visit/", "policies/2026-11-02-rules/", "letters/", "letters/2026-11-18-lamp/", "about/")


@pytest.fixture(params=["light", "dark"])
def page(site: SmallSite, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    site.write(MORE).build()
    with serve_folder(site.output) as url:
        page = browser.new_page(base_url=url, color_scheme=request.param, device_scale_factor=2)
        yield page
        page.close()


def read(picture: bytes) -> list[str]:
    """The texts of all codes in a picture."""
    with Image.open(io.BytesIO(picture)) as image:
        return [code.text for code in zxingcpp.read_barcodes(image.convert("L"))]


def test_the_code_leads_to_the_page(page: Page) -> None:
    for path in PRINTED:
        page.goto(f"/alpha/{path}")
        page.emulate_media(media="print")
        foot = page.locator(".printed")
        address = f"https://example.org/alpha/{path}"
        assert read(foot.screenshot()) == [address], path
        said = foot.inner_text()
        assert address in said
        assert "示范大学党建在线" in said
        assert "甲支部" in said
        if re.search(r"\d-\d\d-", path):
            assert "2026年11月" in said
        page.emulate_media(media="screen")


def test_the_code_on_the_screen_leads_to_the_subscribe_page(page: Page) -> None:
    page.goto("/alpha/feeds/")
    assert read(page.locator(".qr svg").screenshot()) == ["https://example.org/alpha/feeds/"]
