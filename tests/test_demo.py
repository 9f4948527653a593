"""The demo organization, built whole: no problem, no dead link, valid pages, feeds that readers take."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import icalendar
import pytest
from conftest import NOW, Demo
from html_rules import read_page

OWN = "https://mech1.example.edu.cn/"
BASE = "https://dangjian.example.edu.cn/"

pytestmark = pytest.mark.slow


def pages(demo: Demo) -> Iterator[Path]:
    return demo.output.rglob("*.html")


def test_it_has_no_problem_but_the_notes_that_it_shows(demo: Demo) -> None:
    told = [(problem.code, problem.severity) for problem in demo.result.problems]
    assert told == [("share-refused", "note"), ("date-advice", "note")]


def test_one_text_was_copied_where_it_should_have_been_shared(demo: Demo) -> None:
    told = [problem for problem in demo.check(NOW) if problem.code.startswith("near-duplicate")]
    assert [(problem.path, problem.arguments["other"]) for problem in told] == [
        ("content/mechanical-2/news/2026-03-15-toolbox.md", "content/mechanical-3/news/2026-03-08-toolbox.md:2")
    ]


def test_it_shows_every_feature(demo: Demo) -> None:
    counts = demo.result.counts
    assert counts["published"] >= 120
    assert all(counts[state] for state in ("draft", "scheduled", "expired", "waiting"))
    assert len(demo.result.sites) >= 10


def test_every_page_is_valid_html_with_one_first_heading(demo: Demo) -> None:
    for page in pages(demo):
        root, faults = read_page(page.read_text("utf-8"))
        assert faults == [], page
        assert len(root.findall(".//h1")) == 1, page
        assert all(image.get("alt") is not None for image in root.findall(".//img")), page


def test_headings_do_not_jump(demo: Demo) -> None:
    for page in pages(demo):
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page.read_text("utf-8"))]
        for before, after in itertools.pairwise(levels):
            assert after <= before + 1, f"{page}: h{before} then h{after}"


def test_every_link_leads_somewhere(demo: Demo) -> None:
    """Links, pictures, style sheets and feeds, across addresses, with their anchors."""
    anchors: dict[Path, set[str]] = {}

    def ids(file: Path) -> set[str]:
        if file not in anchors:
            anchors[file] = set(re.findall(r' id="([^"]+)"', file.read_text("utf-8")))
        return anchors[file]

    dead = []
    for page in pages(demo):
        path = page.relative_to(demo.output).as_posix()
        here = OWN + path.removeprefix("mechanical-1/") if path.startswith("mechanical-1/") else BASE + path
        text = page.read_text("utf-8")
        for target in re.findall(r'(?:href|src)="([^"]*)"', text):
            url = urljoin(here, target.replace("&amp;", "&").replace("&#38;", "&"))
            if url.startswith(OWN):
                place = "mechanical-1/" + unquote(urlsplit(url).path)[1:]
            elif url.startswith(BASE):
                place = unquote(urlsplit(url).path)[1:]
            else:
                continue
            file = demo.output / place
            file = file / "index.html" if place.endswith("/") or not place else file
            fragment = unquote(urlsplit(url).fragment)
            if not file.is_file() or (fragment and file.suffix == ".html" and fragment not in ids(file)):
                dead.append(f"{path}: {target}")
    assert dead == []


def test_no_page_loads_anything_from_another_host(demo: Demo) -> None:
    for page in pages(demo):
        text = page.read_text("utf-8")
        loaded = re.findall(r'<(?:img|script|iframe|source|video|audio)[^>]*\ssrc="([^"]*)"', text)
        loaded += re.findall(r'<link rel="(?:stylesheet|icon)"[^>]*href="([^"]*)"', text)
        assert not [address for address in loaded if "//" in address], page


def test_every_calendar_is_read(demo: Demo) -> None:
    calendars = list(demo.output.rglob("calendar.ics"))
    # A list that may have events has a calendar before it has any.
    events = [icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT") for file in calendars]
    assert sum(map(bool, events)) > 10


def test_sitemaps_name_pages_that_exist_and_none_that_asks_to_be_left_out(demo: Demo) -> None:
    for file in demo.output.rglob("sitemap.xml"):
        for address in re.findall(r"<loc>([^<]+)</loc>", file.read_text("utf-8")):
            place = unquote(urlsplit(address).path)[1:]
            place = f"mechanical-1/{place}" if address.startswith(OWN) else place
            target = demo.output / place
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), address
            assert b'content="noindex"' not in target.read_bytes()


def test_an_entry_page_is_light(demo: Demo) -> None:
    for file in demo.output.glob("*/news/*/index.html"):
        text = file.read_text("utf-8")
        prose = re.search(r'<div class="prose">.*</div>', text, re.DOTALL)
        assert len(text.encode()) - len(prose[0].encode() if prose else b"") < 25_000


def test_building_again_changes_nothing(demo: Demo) -> None:
    times = demo.times()
    result = demo.build(NOW)
    assert result.files.written == 0
    assert set(result.sites.values()) == {"unchanged"}
    assert demo.times() == times
