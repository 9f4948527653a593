"""Feeds that a person opens in a browser, and the page that tells how to subscribe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import NOW, ORGANIZATION, TWO_BRANCHES, SmallSite
from playwright.sync_api import Browser, Page
from web import serve_folder

pytestmark = pytest.mark.browser

EVENT = """
--- content/beta/branch.yml
name: 乙支部
parent: alpha
language: en
--- content/beta/events/2026-11-20-open.yml
title: Open day
starts: 2026-12-01 14:00
ends: 2026-12-01 16:00
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    # The feeds lead to the address that they are published at, so that is where they are served.
    root: Path = tmp_path_factory.mktemp("site")
    with serve_folder(root / "sites") as url:
        text = ORGANIZATION.replace("https://example.org/", f"{url}/")
        SmallSite(root).write(text + TWO_BRANCHES).write(EVENT).build(NOW)
        yield url


def opened(browser: Browser, url: str, width: int = 1280, scheme: str = "light") -> Page:
    page = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme).new_page()  # type: ignore[arg-type]
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto(url)
    assert complaints == []
    return page


def shown(page: Page) -> list[tuple[str, str]]:
    """The name and the text of every element that a person sees, from top to bottom."""
    found: list[list[str]] = page.evaluate(
        """() => [...document.querySelectorAll("*")]
            .filter(each => !each.children.length && each.textContent.trim() && each.checkVisibility())
            .map(each => [each.getBoundingClientRect().top, each.localName, each.textContent])
            .sort((one, two) => one[0] - two[0])
            .map(each => [each[1], each[2]])"""
    )
    return [(name, text) for name, text in found]


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml"])
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_a_feed_is_a_page_that_can_be_read(address: str, browser: Browser, name: str, width: int, scheme: str) -> None:
    page = opened(browser, f"{address}/alpha/{name}", width, scheme)
    seen = shown(page)
    assert [text for tag, text in seen if tag == "title"] == ["甲支部", "走访慰问"]
    note = next(text for tag, text in seen if tag == "p")
    assert "订阅" in note
    assert seen.index(("p", note)) < seen.index(("title", "走访慰问"))
    assert any("上午九点" in text for _, text in seen)
    assert not any("<p>" in text or "tag:" in text for _, text in seen)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    ink, paper = page.evaluate(
        "(e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor])(document.documentElement)"
    )
    assert ink != paper
    assert page.evaluate("document.documentElement.getBoundingClientRect().width") <= 720
    page.locator("a").click()
    assert page.url == f"{address}/alpha/"


def test_a_feed_speaks_its_sites_language(address: str, browser: Browser) -> None:
    assert any("feed reader" in text for _, text in shown(opened(browser, f"{address}/beta/news/feed.xml")))


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_subscribe_page_has_a_button_for_each_feed_and_a_code(
    address: str, browser: Browser, width: int, scheme: str
) -> None:
    page = opened(browser, f"{address}/beta/feeds/", width, scheme)
    rows = page.locator(".feed-list > li")
    assert rows.count() == 7
    everything = rows.first
    hrefs = [each.get_attribute("href") for each in everything.locator(".feeds a").all()]
    assert hrefs == [
        *(f"{address}/beta/{name}" for name in ("feed.xml", "atom.xml", "feed.json")),
        f"webcal{address.removeprefix('http')}/beta/calendar.ics",
    ]
    code = page.get_by_role("img", name=f"{address}/beta/feeds/")
    assert code.bounding_box()["width"] >= 100  # type: ignore[index]
    for box in (each.bounding_box() for each in page.locator(".feeds a:visible").all()):
        assert box is not None
        assert box["height"] >= 24
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_hub_leads_to_the_feeds_of_each_branch(address: str, browser: Browser) -> None:
    page = opened(browser, f"{address}/feeds/")
    page.locator("main").get_by_role("link", name="乙支部", exact=True).first.click()
    assert page.url == f"{address}/beta/feeds/"


def test_every_page_names_the_feeds_near_it(address: str, browser: Browser) -> None:
    page = opened(browser, f"{address}/beta/events/2026-11-20-open/")
    links = page.locator('link[rel="alternate"]')
    found = [(each.get_attribute("type"), each.get_attribute("href")) for each in links.all()]
    kinds = ["application/rss+xml", "application/atom+xml", "application/feed+json", "text/calendar"]
    assert [kind for kind, _ in found][-8:] == kinds * 2
    titles = [each.get_attribute("title") for each in links.all()]
    assert len(set(titles)) == len(titles)
    for _, href in found:
        assert page.request.get(page.evaluate("href => new URL(href, location).href", href)).ok
