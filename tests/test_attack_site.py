"""An organization whose every text is hostile. In a real browser nothing runs, nothing leaves, and readers stay where they are;
in feeds, calendars, lists and data each text is a text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import html5lib
import icalendar
import pytest
from conftest import SmallSite
from hostile_site import MARK, RUN, write_hostile
from lxml import etree
from playwright.sync_api import Browser, Page, Request, expect
from web import serve_folder

pytestmark = pytest.mark.slow
OUTSIDE = "data: blob: about:".split()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """The organization, built. Every text of it is published: what is refused proves nothing."""
    site = write_hostile(SmallSite(tmp_path_factory.mktemp("hostile")))
    result = site.build()
    assert [each for each in result.problems if each.severity == "error"] == []
    assert result.counts["published"] == 16
    return site


class Watched:
    """A page of a browser that is watched: ``happened`` is what no page may do."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.happened: list[str] = []
        page.add_init_script("window.ran = () => { console.log('it ran'); }")
        page.on("request", self._asks)
        page.on("console", lambda said: self.happened.append(said.text) if said.text == "it ran" else None)
        page.on("dialog", lambda dialog: self.happened.append(f"dialog {dialog.message}"))
        page.on("popup", lambda popup: self.happened.append(f"popup {popup.url}"))
        page.on("download", lambda download: None)

    def _asks(self, request: Request) -> None:
        if not request.url.startswith((self.address, *OUTSIDE)):
            self.happened.append(f"asks {request.url}")

    def open(self, path: str) -> None:
        """Opens a page and lets it do what it would do."""
        place = self.address + quote(path)
        self.page.goto(place, wait_until="load")
        self.page.wait_for_timeout(20)
        if urlsplit(self.page.url)._replace(fragment="").geturl() != place:
            self.happened.append(f"{path} led to {self.page.url}")


@pytest.fixture
def watched(browser: Browser, site: SmallSite) -> Iterator[Watched]:
    with serve_folder(site.output) as address:
        context = browser.new_context(locale="zh-CN")
        yield Watched(context.new_page(), address)
        context.close()


def runs(markup: str) -> list[str]:
    """What would run or be fetched in a piece of HTML of a feed, as browsers read it."""
    found = []
    for element in html5lib.parseFragment(markup, namespaceHTMLElements=False).iter():
        name = str(element.tag)
        values = {str(key): value.strip().lower() for key, value in element.attrib.items()}
        if name in ("script", "style", "iframe", "object", "embed", "form", "input", "meta", "link", "base", "svg"):
            found.append(name)
        found += [key for key in values if key.startswith("on") or key == "style"]
        found += [value for value in values.values() if value.startswith(("javascript:", "vbscript:", "data:text"))]
        found += [value for key, value in values.items() if key in ("src", "srcset") and "evil" in value]
    return found


def test_feeds_lists_calendars_and_data_hold_texts(site: SmallSite) -> None:
    kinds, read = set(), 0
    for path, content in site.files().items():
        if "/news/2026-11-20-x/" in path:
            continue
        kind = path.rpartition(".")[2]
        kinds.add(kind)
        if kind in ("xml", "opml"):
            for element in etree.fromstring(content).iter():
                assert not any(key.lower().startswith("on") for key in element.attrib), path
                inside = element.getparent() is not None and str(element.getparent().tag).endswith(("item", "entry"))
                # Titles and names are plain texts in every format.
                if inside and str(element.tag).endswith(("description", "encoded", "content", "summary")):
                    assert runs(element.text or "") == [], path
                    read += 1
        elif kind == "json":
            data = json.loads(content)
            for item in data.get("items", []) if isinstance(data, dict) and "version" in data else []:
                assert runs(item.get("content_html") or "") == [], path
        elif kind == "csv":
            for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
                assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))], path
        elif kind == "ics":
            calendar = icalendar.Calendar.from_ical(content)
            assert {each.name for each in calendar.walk()} <= {
                "VCALENDAR",
                "VEVENT",
                "VTIMEZONE",
                "STANDARD",
                "DAYLIGHT",
            }
    assert kinds >= {"xml", "json", "csv", "ics", "opml"}
    assert read > 100


@pytest.mark.browser
def test_the_watch_sees_what_runs(browser: Browser, site: SmallSite) -> None:
    (site.output / "proof.html").write_text(f"<title>x</title>{MARK}<script>{RUN}</script>", "utf-8")
    try:
        with serve_folder(site.output) as address:
            context = browser.new_context()
            watched = Watched(context.new_page(), address)
            watched.open("/proof.html")
            context.close()
    finally:
        (site.output / "proof.html").unlink()
    assert "it ran" in watched.happened
    assert "asks http://evil.example/i" in watched.happened


@pytest.mark.browser
def test_no_page_and_no_file_runs_asks_or_leads_away(site: SmallSite, watched: Watched) -> None:
    """Without a word of a server's own headers."""
    pages = [path for path in site.files() if path.endswith(".html") and 'http-equiv="refresh"' not in site.page(path)]
    assert len(pages) > 60
    for path in pages:
        watched.open("/" + path.removesuffix("index.html"))
    assert watched.happened == []
    for path in site.files():
        if path.endswith(".svg"):
            watched.open(f"/{path}")
    assert watched.happened == []


@pytest.mark.browser
@pytest.mark.parametrize("asked", ["标", MARK, "evil example", RUN])
def test_what_the_search_finds_is_shown_as_text(watched: Watched, asked: str) -> None:
    for place in ("/search/", "/a/search/"):
        page = watched.page
        page.goto(f"{watched.address}{place}?q={quote(asked)}")
        status = page.get_by_role("status")
        expect(status).not_to_have_text("")
        expect(status).not_to_have_text("正在搜索……")
        assert page.locator("#bp-results h3").count() > 0
    assert watched.happened == []
