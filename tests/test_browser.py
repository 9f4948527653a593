"""Pages in a real browser, on a phone and on a desk, with scripts and without."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from conftest import Demo
from playwright.sync_api import Browser, Response
from web import serve_folder

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/mechanical/",
    "/mechanical/news/",
    "/mechanical/news/2026-11-19-three-buildings/",
    "/mechanical/policies/2026-03-02-lab-safety-rules/",
    "/mechanical/voices/",
    "/mechanical/events/",
    "/mechanical/letters/",
    "/mechanical/tags/",
    "/international/",
    "/sections/news/",
    "/branches/",
    "/topics/",
    "/topics/lab-safety/",
    "/events/",
    "/letters/",
    "/feeds/",
    "/search/",
    "/health/",
    "/health/branches/library/",
    "/health/years/2026/",
    "/404.html",
)

MORE_PAGES = (
    "/guide/",
    "/mechanical/news/archive/2026/",
    "/mechanical/feeds/",
    "/mechanical/search/?q=党员",
    "/mechanical/shared/",
    "/mechanical/all/",
    "/mechanical-3/",
    "/events/2026-12/",
    "/topics/campus-reading/",
    "/library/notices/2026-11-16-purchase-list/",
    "/library/study/2026-09-29-privacy-explained/",
    "/international/about/",
    "/international/news/",
    "/international/search/",
)
AXE = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
AXE_RULES = {"rules": {"target-size": {"enabled": True}}}
AXE_COLORS = {"runOnly": ["color-contrast", "link-in-text-block"]}
RUN_AXE = """rules => axe.run(document, {resultTypes: ["violations"], ...rules}).then(
    found => found.violations.flatMap(rule =>
    rule.nodes.map(node => `${rule.id}: ${node.target} ${node.failureSummary}`)))"""

SHIFTS = """() => new Promise(done => { let moved = 0;
    const watch = new PerformanceObserver(list => { for (const each of list.getEntries()) moved += each.value; });
    watch.observe({type: "layout-shift", buffered: true}); setTimeout(() => done(moved), 100); })"""


@pytest.fixture(scope="module")
def address(demo: Demo) -> Iterator[str]:
    with serve_folder(demo.output) as url:
        yield url


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_every_kind_of_page(address: str, browser: Browser, width: int, scheme: str, scripts: bool) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=scripts,
    )
    page = context.new_page()
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    for path in PAGES:
        response = page.goto(address + path)
        assert response is not None
        assert response.ok
        assert page.locator("h1").count() == 1
        box = page.locator("main").bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width + 1, f"{path} is wider than the screen"
        for line in page.locator("h1").all_inner_texts():
            assert line.strip()
        if scripts and "SCREENSHOTS" in os.environ:
            name = path.strip("/").replace("/", "-") or "home"
            page.screenshot(path=Path(os.environ["SCREENSHOTS"]) / f"{name}-{width}-{scheme}.png", full_page=True)
    assert [url for url in requests if not url.startswith((address, "data:"))] == []
    assert complaints == []
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(address: str, browser: Browser, width: int) -> None:
    """WCAG 2.2 AA and axe's good practice, as far as a program can tell. In the dark only colors are others."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="light", reduced_motion="reduce"
    )
    page = context.new_page()
    found: list[str] = []
    for path in (*PAGES, *MORE_PAGES):
        response = page.goto(address + path)
        assert response is not None
        assert response.ok, path
        if "?q=" in path:
            page.wait_for_selector("#bp-results li")
        page.evaluate(AXE)
        found += [f"{path} {problem}" for problem in page.evaluate(RUN_AXE, AXE_RULES)]
        page.emulate_media(color_scheme="dark")
        found += [f"{path} in the dark {problem}" for problem in page.evaluate(RUN_AXE, AXE_COLORS)]
        page.emulate_media(color_scheme="light")
    context.close()
    assert found == []


def test_pages_are_light_and_stand_still(address: str, browser: Browser) -> None:
    """A first view, pictures aside, is under 150 kB compressed, and nothing moves while it loads."""
    for path in (*PAGES, *MORE_PAGES):
        page = browser.new_page(viewport={"width": 390, "height": 844})
        weights: dict[str, int] = {}
        page.on("response", lambda response, weights=weights: weights.update(_weight(response)))  # type: ignore[misc]
        page.goto(address + path, wait_until="networkidle")
        moved = page.evaluate(SHIFTS)
        page.close()
        assert sum(weights.values()) < 150_000, (path, weights)
        # Columns of a table find their widths while its rows arrive, which a busy machine may show; nothing else moves.
        assert moved < 0.01, path


def _weight(response: Response) -> dict[str, int]:
    if response.request.resource_type == "image":
        return {}
    return {response.url: len(gzip.compress(response.body()))}


def test_the_palette_is_remembered(address: str, browser: Browser) -> None:
    page = browser.new_context(color_scheme="light").new_page()
    page.goto(address)
    page.locator("button.palette").click()
    assert page.evaluate("document.documentElement.dataset.palette") == "dark"
    page.goto(address + "/branches/")
    assert page.evaluate("document.documentElement.dataset.palette") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 25, 28)"


def test_a_running_notice_says_how_many_days_are_left(address: str, browser: Browser) -> None:
    page = browser.new_context().new_page()
    page.clock.set_fixed_time("2026-11-23T09:00:00+08:00")
    page.goto(address + "/mechanical/")
    assert "天" in page.locator(".byline:has([data-until])").first.inner_text()


def test_the_keyboard_reaches_the_text_first(address: str, browser: Browser) -> None:
    page = browser.new_context().new_page()
    page.goto(address + "/mechanical/news/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#bp-content"
