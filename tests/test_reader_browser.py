"""Pages for everyone, in a real browser: by keyboard, on the smallest screens, without motion, under their own policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from conftest import Demo, SmallSite
from playwright.sync_api import Browser, Page
from web import serve_folder

pytestmark = pytest.mark.browser

ENTRY = "/mechanical/news/2026-11-19-three-buildings/"
PAGES = (
    "/",
    "/about/",
    "/branches/",
    "/events/",
    "/feeds/",
    "/health/",
    "/search/",
    "/sections/news/",
    "/topics/lab-safety/",
    "/mechanical/",
    "/mechanical/news/",
    "/mechanical/news/archive/2026/",
    "/mechanical/letters/",
    "/mechanical/policies/2026-03-02-lab-safety-rules/",
    "/mechanical/voices/",
    "/mechanical/tags/",
    ENTRY,
    "/international/",
    "/international/news/",
    "/404.html",
)
WATCH = """window.refused = [];
    addEventListener("securitypolicyviolation", event => refused.push(`${event.violatedDirective} ${event.blockedURI}`));"""
MOVING = """() => [...document.querySelectorAll("*")].filter(each => {
    const style = getComputedStyle(each);
    return parseFloat(style.transitionDuration) > 0 || parseFloat(style.animationDuration) > 0; }).length"""
FOCUS = """() => {
    const each = document.activeElement, style = getComputedStyle(each), box = each.getBoundingClientRect();
    return {name: each.outerHTML.slice(0, 120), outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
        seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth}; }"""


def headers_of(site: SmallSite) -> list[tuple[str, str]]:
    """The headers for all paths that the site's `_headers` file asks of a web server."""
    lines = site.page("_headers").split("\n/", 1)[0].splitlines()[1:]
    return [(name, value) for name, _, value in (line.strip().partition(": ") for line in lines)]


@pytest.fixture(scope="module")
def address(demo: Demo) -> Iterator[str]:
    """The demo, served with the headers that the build asks for."""
    with serve_folder(demo.output, headers_of(demo)) as url:
        yield url


def test_no_page_asks_for_what_its_policy_refuses(address: str, browser: Browser) -> None:
    """Neither by the header nor by the meta element is anything refused, and no other host is asked for anything."""
    page = browser.new_page()
    page.add_init_script(WATCH)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        response = page.goto(address + path, wait_until="networkidle")
        assert response is not None
        assert "script-src 'self' 'sha256-" in response.headers["content-security-policy"]
        assert page.evaluate("refused") == [], path
    assert [url for url in asked if not url.startswith((address, "data:"))] == []
    page.close()


def test_the_policy_is_in_force(address: str, browser: Browser) -> None:
    page = browser.new_page()
    page.add_init_script(WATCH)
    page.goto(address + ENTRY)
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.bad = 1'}))"
    )
    page.wait_for_function("refused.length > 0")
    assert page.evaluate("window.bad") is None
    page.close()


def tab_through(page: Page) -> list[str]:
    """Everything that the Tab key reaches, in its order; each is in sight and has a ring around it."""
    names: list[str] = []
    while len(names) < 300:
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        if found["name"].startswith("<body") or found["name"] in names[:1]:
            break
        assert found["seen"], found["name"]
        assert found["outline"] >= 2, found["name"]
        names.append(found["name"])
    return names


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", [ENTRY, "/mechanical/", "/feeds/", "/search/"])
def test_the_keyboard_reaches_everything(address: str, browser: Browser, path: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(address + path)
    # The search page begins in its field.
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
    names = tab_through(page)
    assert 'href="#bp-content"' in names[0]
    reachable = "a[href], button, input, select, summary, [tabindex='0']"
    count = page.evaluate(
        "what => [...document.querySelectorAll(what)].filter(each => each.checkVisibility()).length", reachable
    )
    assert len(names) >= count
    page.close()


def test_nothing_moves_for_whom_motion_is_too_much(address: str, browser: Browser) -> None:
    page = browser.new_page(reduced_motion="reduce")
    for path in PAGES:
        page.goto(address + path)
        assert page.evaluate(MOVING) == 0, path
    page.close()


def test_pages_fit_a_screen_of_320_pixels(address: str, browser: Browser) -> None:
    """WCAG 2.2, 1.4.10: also what a wide screen shows at 400 %."""
    page = browser.new_page(viewport={"width": 320, "height": 640})
    for path in PAGES:
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    page.close()


def test_the_last_day_of_a_public_notice(address: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(address + "/mechanical/")
    place = page.locator(".byline:has([data-until])").first
    until = place.locator("[data-until]").get_attribute("data-until")
    assert until is not None
    end = datetime.fromisoformat(until)
    page.clock.set_fixed_time(end - timedelta(hours=1))
    page.reload()
    assert "还有 1 天" in place.inner_text()
    page.clock.set_fixed_time(end + timedelta(hours=1))
    page.reload()
    assert "天" not in place.inner_text()
    page.goto(address + "/international/")
    assert page.locator("script[data-text-day]").get_attribute("data-text-day") == "1 day left"
    page.close()
