"""Pictures in a real browser: which version it chooses, and that nothing shifts when they arrive."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from conftest import NOW, ORGANIZATION, SmallSite
from picture_files import photograph, put
from playwright.sync_api import Browser
from web import FolderHandler, serve, serve_folder

if TYPE_CHECKING:
    from _typeshed import SupportsRead, SupportsWrite

pytestmark = pytest.mark.browser

STORY = """
--- content/alpha/branch.yml
name: 甲支部
--- content/alpha/news/2026-11-20-a.md
---
title: 第一篇
image: ../media/cover.jpg
---
文字。

![门](../media/gate.jpg)
--- content/alpha/news/2026-11-19-b.md
---
title: 第二篇
---
![门](../media/gate.jpg)
"""
ENTRY = "/alpha/news/2026-11-20-a/"
_SHOWN = (
    "[...document.querySelectorAll('main img')].map(each => [each.currentSrc.split('/').pop(), each.clientWidth, "
    "each.clientHeight])"
)
_SHIFT = (
    "new Promise(done => { let sum = 0; new PerformanceObserver(list => { for (const each of list.getEntries()) "
    "sum += each.value }).observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(sum), 500) })"
)


@pytest.fixture(scope="module")
def site_of_pictures(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    site = SmallSite(tmp_path_factory.mktemp("album")).write(ORGANIZATION + STORY)
    put(site.root / "content", "alpha/media/cover.jpg", photograph(3000, 2000))
    put(site.root / "content", "alpha/media/gate.jpg", photograph(3000, 2000, 6))
    site.build(NOW)
    return site


@pytest.fixture(scope="module")
def address(site_of_pictures: SmallSite) -> Iterator[str]:
    with serve_folder(site_of_pictures.output) as url:
        yield url


@pytest.mark.parametrize(
    ("width", "path", "shown"),
    [
        (1280, ENTRY, [["cover.jpg.800.webp", 656, 437], ["gate.jpg.800.webp", 656, 984]]),
        (390, ENTRY, [["cover.jpg.400.webp", 358, 239], ["gate.jpg.400.webp", 358, 537]]),
        (1280, "/alpha/", [["cover.jpg.400.webp", 348, 261], ["gate.jpg.400.webp", 176, 132]]),
        (390, "/alpha/news/", [["cover.jpg.400.webp", 108, 81], ["gate.jpg.400.webp", 108, 81]]),
    ],
)
def test_the_version_that_fits_in_its_place(
    browser: Browser, address: str, width: int, path: str, shown: list[list[object]]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 2400})
    page.goto(address + path, wait_until="networkidle")
    assert page.evaluate(_SHOWN) == shown
    page.close()


@pytest.mark.parametrize("path", ["/", "/alpha/", ENTRY])
def test_nothing_shifts(browser: Browser, address: str, path: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(address + path, wait_until="networkidle")
    assert page.evaluate(_SHIFT) < 0.01
    page.close()


class _InPieces(FolderHandler):
    """Pages come as on a slow line: a piece, then a pause in which what is there is drawn."""

    def copyfile(self, source: SupportsRead[bytes], outputfile: SupportsWrite[bytes]) -> None:
        size, pause = (1500, 0.1) if self.path.endswith("/") else (-1, 0)
        while piece := source.read(size):
            outputfile.write(piece)
            time.sleep(pause)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/", "/alpha/", "/alpha/news/", ENTRY])
def test_nothing_shifts_on_a_slow_line(browser: Browser, site_of_pictures: SmallSite, path: str) -> None:
    handler = partial(_InPieces, directory=str(site_of_pictures.output), headers=())
    with serve(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as slow:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(slow + path, wait_until="networkidle")
        assert page.evaluate(_SHIFT) < 0.01
        page.close()


def test_without_webp_the_original_format_is_shown(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 2400})
    page.add_init_script(
        "new MutationObserver(() => document.querySelectorAll('source').forEach(each => each.remove()))"
        ".observe(document, {childList: true, subtree: true})"
    )
    page.goto(address + ENTRY, wait_until="networkidle")
    assert [name for name, _, _ in page.evaluate(_SHOWN)] == ["cover.jpg.800.jpg", "gate.jpg.800.jpg"]
    page.close()
