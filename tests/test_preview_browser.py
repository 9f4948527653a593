"""The live preview in a real browser: it reloads by itself, and says what is wrong."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import SmallSite
from playwright.sync_api import Browser, Page, expect
from preview_session import Served, served

from builder.messages.translation import translator
from builder.preview.board import Board, panel_labels
from builder.preview.server import Folder, PreviewServer
from builder.preview.waiting import waiting_page

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


BROKEN = f"--- {NEWS}\n---\ntitle: 走访慰问\nexpires: 何时\n---\n坏了。\n"
GOOD = f"--- {NEWS}\n---\ntitle: 走访慰问\n---\n好了。\n"
UNKNOWN_KEY = "--- content/beta/branch.yml\nname: 乙支部\nzzz: 1\n"


def test_what_is_wrong_in_the_site_that_is_open_comes_forward(site: SmallSite, page: Page) -> None:
    panel = page.get_by_role("region", name="预览")
    head = panel.locator("summary").first
    expect(head).to_have_text("甲支部 没有问题。")
    site.write(BROKEN)
    expect(head).to_have_text("甲支部 错误 1", timeout=30_000)
    expect(panel.locator("code")).to_have_text(f"{NEWS}:3:10")
    expect(panel.get_by_role("listitem")).to_contain_text("错误")
    expect(panel.get_by_role("listitem")).to_contain_text("→ 请用数字写出最后一天，例如“expires: 2027-06-30”")
    expect(page.get_by_text("党员们出发了")).to_be_visible()
    head.press("Enter")
    expect(panel.locator("code")).to_be_hidden()
    # What has been seen and folded stays folded, on other pages too.
    page.goto(page.url.removesuffix("news/2026-11-20-visit/"))
    expect(head).to_have_text("甲支部 错误 1")
    expect(panel.locator("code")).to_be_hidden()
    site.write(GOOD)
    expect(head).to_have_text("甲支部 没有问题。", timeout=30_000)


def test_what_is_wrong_in_other_sites_is_folded(site: SmallSite, page: Page) -> None:
    panel = page.get_by_role("region", name="预览")
    site.write(UNKNOWN_KEY)
    others = panel.locator(".others > summary")
    expect(others).to_have_text("其他网站 警告 1", timeout=30_000)
    expect(others).to_be_hidden()
    panel.locator("summary").first.click()
    expect(panel.get_by_role("heading")).to_be_hidden()
    others.click()
    expect(panel.get_by_role("heading")).to_have_text("乙支部")
    expect(panel.locator("code")).to_have_text("content/beta/branch.yml:2:1")
    # Somebody who looks at that site first finds it closed, with the number in its line.
    page.goto(page.url.replace("/alpha/news/2026-11-20-visit/", "/beta/"))
    expect(panel.locator("summary").first).to_have_text("乙支部 警告 1")
    expect(panel.locator("code").first).to_be_hidden()


def test_broken_settings_say_that_nothing_is_updated(site: SmallSite, page: Page) -> None:
    settings = (site.root / "content/organization.yml").read_text("utf-8")
    panel = page.get_by_role("region", name="预览")
    expect(panel.locator("summary")).to_have_text("甲支部 没有问题。")
    site.write("--- content/organization.yml\nname: [\n")
    expect(panel.get_by_text("改好 content/organization.yml 之前，什么都不会更新")).to_be_visible(timeout=30_000)
    expect(panel.locator("summary").first).to_contain_text("什么都没有更新")
    site.write(f"--- content/organization.yml\n{settings}")
    expect(panel.locator("summary").first).to_have_text("甲支部 没有问题。", timeout=30_000)


@pytest.fixture
def starting(tmp_path: Path) -> Iterator[tuple[Board, str]]:
    """The board and the address of a preview that has built nothing yet."""
    text = translator("zh")
    board = Board(panel_labels(text))
    (tmp_path / "index.html").write_text("<!DOCTYPE html><html><head></head><body><p>总站</p></body></html>", "utf-8")
    with PreviewServer("127.0.0.1", 0, board, Folder(tmp_path, {}), waiting_page(text)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield board, f"http://127.0.0.1:{server.port}/"
        board.close()
        server.shutdown()


def test_a_page_says_how_far_the_first_build_is(starting: tuple[Board, str], browser: Browser) -> None:
    board, address = starting
    page = browser.new_page()
    page.goto(address)
    expect(page.get_by_role("heading")).to_have_text("正在准备预览")
    board.advances("读取：3/12 个网站", 3, 12)
    expect(page.get_by_role("status")).to_have_text("读取：3/12 个网站")
    assert page.get_by_role("progressbar").evaluate("each => each.value / each.max") == 0.25
    board.stops("磁盘满了。")
    expect(page.get_by_role("status")).to_have_text("磁盘满了。")
    expect(page.get_by_role("progressbar")).to_be_hidden()
    board.publishes([], {})
    expect(page.get_by_text("总站", exact=True)).to_be_visible()
    page.close()
