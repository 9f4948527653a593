"""The live preview in a real browser: it reloads by itself, and says what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import SmallSite
from playwright.sync_api import Browser, Page, expect
from preview_session import Served, served

pytestmark = pytest.mark.browser

NEWS = "content/alpha/news/2026-11-20-visit.md"


@pytest.fixture
def preview(site: SmallSite) -> Iterator[Served]:
    with served(site) as running:
        running.state()
        yield running


@pytest.fixture
def page(preview: Served, browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"http://127.0.0.1:{preview.port}/alpha/news/2026-11-20-visit/")
    yield page
    page.close()


def test_a_saved_edit_appears_by_itself(site: SmallSite, page: Page) -> None:
    expect(page.get_by_text("党员们出发了")).to_be_visible()
    site.write(f"--- {NEWS}\n---\ntitle: 走访慰问\n---\n没有人按过刷新。\n")
    expect(page.get_by_text("没有人按过刷新")).to_be_visible(timeout=30_000)


def test_problems_are_shown_with_file_and_line_while_the_good_version_stays(site: SmallSite, page: Page) -> None:
    panel = page.get_by_role("region", name="预览")
    expect(panel.locator("summary")).to_have_text("没有问题。")
    site.write(
        f"--- {NEWS}\n---\ntitle: 走访慰问\nexpires: 何时\n---\n坏了。\n--- content/beta/branch.yml\nname: 乙\nzzz: 1\n"
    )
    expect(panel.locator("code").first).to_have_text(f"{NEWS}:3:10", timeout=30_000)
    expect(panel.get_by_role("heading")).to_have_text(["本网站", "其他网站"])
    expect(page.get_by_text("党员们出发了")).to_be_visible()
    panel.locator("summary").press("Enter")
    expect(panel.locator("code").first).to_be_hidden()
    site.write(f"--- {NEWS}\n---\ntitle: 走访慰问\n---\n好了。\n--- content/beta/branch.yml\nname: 乙\n")
    expect(page.get_by_text("好了。")).to_be_visible(timeout=30_000)
    expect(page.locator("#branchpress-preview summary")).to_have_text("没有问题。", timeout=30_000)
