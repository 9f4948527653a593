"""Subscribing: calendars of lists, codes for phones, names that feeds need for themselves."""

from __future__ import annotations

import re
from datetime import datetime

import calendar_parser
import pytest
import segno
from conftest import ORGANIZATION, SmallSite, codes, examples
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from builder.content.workspace import UnusableError
from builder.formats.qr import qr_code

EVENT = "--- content/beta/events/2026-11-20-open.yml\ntitle: 开放日\nstarts: 2026-12-01 14:00\nends: 2026-12-01 16:00\n"


def events(site: SmallSite, path: str) -> dict[str, calendar_parser.Component]:
    found = calendar_parser.events(calendar_parser.parsed((site.output / path).read_bytes()))
    return {event.text("SUMMARY"): event for event in found}


class TestCalendars:
    def test_every_list_with_an_event_has_one(self, site: SmallSite) -> None:
        site.write(EVENT).build()
        found = {path: list(events(site, path)) for path in site.files() if path.endswith("calendar.ics")}
        assert found == {
            **{key: ["开放日"] for key in ("calendar.ics", "feeds/events/calendar.ics", "alpha/all/calendar.ics")},
            **{key: ["开放日"] for key in ("beta/calendar.ics", "beta/all/calendar.ics", "beta/events/calendar.ics")},
            # Events are to be expected there: who has subscribed goes on when the last one goes.
            **{key: [] for key in ("alpha/calendar.ics", "alpha/events/calendar.ics")},
        }

    @pytest.mark.parametrize("share", ["", "share_with: [alpha]\n"])
    def test_pages_name_the_calendars_that_there_are(self, site: SmallSite, share: str) -> None:
        site.write(EVENT + share + "topics: [t]\n--- content/hub/topics/t.md\n---\ntitle: 专题\n---\n").build()
        named: set[str] = set()
        for path in site.files():
            if path.endswith(".html"):
                pattern = r'(?:webcal://example\.org/|href="(?:\.\./|\./)*)([^":]*calendar\.ics)'
                named.update(each.lstrip("/") for each in re.findall(pattern, site.page(path)))
        found = {path for path in site.files() if path.endswith("calendar.ics") and events(site, path)}
        # Nobody is below beta: that list goes on for those who have it.
        assert named == found - {"beta/all/calendar.ics"}

    @pytest.mark.slow
    def test_an_event_keeps_its_uid_and_counts_its_changes(self, site: SmallSite) -> None:
        numbers, uids = [], set()
        for change in ("", "updated: 2026-11-21\n", "updated: 2026-11-21\nstatus: cancelled\n",
                       "updated: 2026-11-22 09:00\nlocation: 礼堂\n"):  # fmt: skip
            site.write(EVENT + change).build()
            event = events(site, "beta/calendar.ics")["开放日"]
            numbers.append(int(event.raw("SEQUENCE")))
            uids.add(event.text("UID"))
            assert event.raw("STATUS") == ("CANCELLED" if "cancelled" in change else "CONFIRMED")
        assert uids == {"tag:example.org,2026:beta/events/2026-11-20-open"}
        assert numbers == sorted(set(numbers))
        assert numbers[-1] < 2**31

    def test_the_stamp_never_comes_from_a_start_that_lies_ahead(self, site: SmallSite) -> None:
        site.write("--- content/beta/events/ahead.yml\ntitle: 以后\nstarts: 2026-12-20\n").build()
        event = events(site, "beta/calendar.ics")["以后"]
        assert datetime.strptime(event.raw("DTSTAMP"), "%Y%m%dT%H%M%SZ") < datetime(2026, 11, 23)
        assert event.raw("DTEND") == "20261221"


class TestCodes:
    def test_the_path_draws_the_modules_of_the_code(self) -> None:
        text = "https://example.org/%E7%94%B2/feeds/"
        code = qr_code(text)
        matrix = segno.make_qr(text, error="m", mask=2).matrix
        assert code.size == len(matrix) + 8
        drawn = {(x, y) for x, y in _modules(code.path)}
        wanted = {(x + 4, y + 4) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}
        assert drawn == wanted

    def test_the_page_holds_it_with_a_text_for_those_who_cannot_see_it(self, built_site: SmallSite) -> None:
        page = built_site.page("alpha/feeds/index.html")
        svg = re.search(r"<svg[^>]*>.*?</svg>", page)
        assert svg
        root = etree.fromstring(svg[0])
        assert root.get("role") == "img"
        assert "https://example.org/alpha/feeds/" in root.get("aria-label")
        assert qr_code("https://example.org/alpha/feeds/").path in svg[0]


def _modules(path: str) -> list[tuple[int, int]]:
    """The modules that an SVG path of horizontal strokes covers."""
    x, y, found = 0.0, 0.0, []
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        values = [float(value) for value in numbers.split()]
        if command == "M":
            x, y = values
        elif command == "m":
            x, y = x + values[0], y + values[1]
        else:
            found += [(int(x) + step, int(y)) for step in range(int(values[0]))]
            x += values[0]
    return found


QUIET = """
--- content/organization.yml
name: 示范大学
url: https://example.org/
sections:
  news: {title: 支部动态, type: article}
  events: {title: 活动日程, type: event}
  people: {title: 组织机构, type: article, dated: false}
"""


class TestThePage:
    def test_it_names_readers_without_links_to_them(self, built_site: SmallSite) -> None:
        page = built_site.page("alpha/feeds/index.html")
        for system in ("Windows", "macOS", "iPhone", "Android", "Linux"):
            named = re.search(rf'<dt lang="en">{system}[^<]*</dt><dd lang="en">([^<]*)</dd>', page)
            assert named is not None
            assert len(named[1].split(", ")) == 3
        assert set(re.findall(r'href="(https?://[^/"]+)', page)) == {"https://example.org"}

    def test_it_leads_to_mail_where_the_organization_has_it(self, built_site: SmallSite) -> None:
        assert "用邮箱订阅" not in built_site.page("feeds/index.html")
        built_site.write(ORGANIZATION + "feeds: {mail: https://list.example.org/subscribe}\n").build()
        for path in ("feeds/index.html", "alpha/feeds/index.html"):
            assert '<a href="https://list.example.org/subscribe" rel="noopener">用邮箱订阅</a>' in built_site.page(path)

    @pytest.mark.slow
    def test_it_leaves_out_what_is_empty_by_design(self, site: SmallSite) -> None:
        site.write(QUIET + "--- content/alpha/people/office.md\n---\ntitle: 办公室\n---\n人\n").build()
        assert _lists(site, "alpha/feeds/index.html") == ["everything", "all", "news"]
        site.write("--- content/alpha/events/open.yml\ntitle: 开放日\nstarts: 2026-12-01 14:00\n").build()
        assert _lists(site, "alpha/feeds/index.html") == ["everything", "all", "news", "events"]
        page = site.page("alpha/feeds/index.html")
        assert "webcal://example.org/alpha/events/calendar.ics" in page
        assert "alpha/events/feed.xml" not in page
        site.write("--- content/alpha/people/dean.md\n---\ntitle: 院长\ndate: 2026-11-20\n---\n人\n").build()
        assert _lists(site, "alpha/feeds/index.html") == ["everything", "all", "news", "events", "people"]

    @pytest.mark.slow
    def test_pages_tell_programs_only_of_feeds_that_may_have_something(self, site: SmallSite) -> None:
        site.write(
            "--- content/alpha/events/2026-12-05-talk.yml\ntitle: 报告会\nstarts: 2026-12-05 14:00\n"
            "--- content/alpha/branch.yml\nname: 甲支部\nsections: {add: {rules: {title: 制度, type: article, dated: false}}}\n"
            "--- content/alpha/rules/duty.md\n---\ntitle: 值班\n---\n文\n"
        ).build()
        told = {
            path: re.findall(r'<link rel="alternate" type="[^"]*/([^"+]*)[^"]*"[^>]* href="([^"]*)"', site.page(path))
            for path in ("alpha/events/index.html", "alpha/rules/index.html", "alpha/news/index.html")
        }
        own = {path: [kind for kind, url in links if url.count("/") == 4] for path, links in told.items()}
        assert own == {
            "alpha/events/index.html": ["calendar"],
            "alpha/rules/index.html": [],
            "alpha/news/index.html": ["rss", "atom", "feed"],
        }
        site.write("--- content/alpha/events/2026-11-05-walk.yml\ntitle: 远足\nstarts: 2026-11-05 14:00\n").build()
        assert 'href="../../alpha/events/feed.xml"' in site.page("alpha/events/index.html")

    def test_the_small_links_of_lists_lead_to_it(self, site: SmallSite) -> None:
        site.write(QUIET + "--- content/alpha/people/office.md\n---\ntitle: 办公室\n---\n人\n").build()
        for path in ("alpha/index.html", "alpha/news/index.html", "alpha/all/index.html", "sections/news/index.html"):
            (target,) = re.findall(r'<a href="([^"]*)" type="text/html">[^<]* · RSS · Atom</a>', site.page(path))
            file, _, anchor = str(target).partition("#")
            owner = path.partition("/")[0] if path.startswith("alpha") else ""
            assert file.endswith("feeds/")
            assert f'id="{anchor}"' in site.page(f"{owner}/feeds/index.html".lstrip("/"))
        assert "RSS · Atom" not in site.page("alpha/people/index.html")

    def test_outlines_hold_the_feeds_that_have_something(self, site: SmallSite) -> None:
        site.write(QUIET + "--- content/alpha/people/office.md\n---\ntitle: 办公室\n---\n人\n").build()
        body = etree.fromstring(site.page("feeds.opml").encode())
        named = {str(each.get("xmlUrl")) for each in body.iter("outline") if each.get("xmlUrl")}
        filled = {
            f"https://example.org/{path}"
            for path in site.files()
            if path.endswith("feed.xml") and b"<item>" in (site.output / path).read_bytes()
        }
        # Nobody is below beta: that list goes on for those who have it.
        assert named == filled - {"https://example.org/beta/all/feed.xml"}
        folders = [each for each in body.iter("outline") if not each.get("xmlUrl")]
        assert folders
        assert all(each.get("title") == each.get("text") and len(each) for each in folders)
        branches = etree.fromstring(site.page("branches.opml").encode())
        each_once = [str(each.get("xmlUrl")) for each in branches.iter("outline")]
        slugs = [slug for slug in ("alpha", "beta") if f"https://example.org/{slug}/feed.xml" in filled]
        assert each_once == [f"https://example.org/{slug}/feed.xml" for slug in slugs]


def _lists(site: SmallSite, path: str) -> list[str]:
    return re.findall(r'<li id="list-([^"]*)">', site.page(path))


class TestNames:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        "path", ["alpha/feeds.md", "alpha/archive-1.xml.md", "alpha/news/archive-12.json.md", "hub/archive-1.xml.md"]
    )
    def test_what_feeds_are_called_nothing_else_may_be(self, site: SmallSite, path: str) -> None:
        site.write(f"--- content/{path}\n---\ntitle: 甲\ndate: 2026-11-01\n---\n文\n")
        assert f"content/{path}:- name-reserved missing" in codes(site.build())

    def test_a_section_cannot_be_called_so_either(self, site: SmallSite) -> None:
        site.write(ORGANIZATION.replace("  news:", "  feeds: {title: 订阅, type: article}\n  news:"))
        with pytest.raises(UnusableError, match="name-reserved"):
            site.check()


@pytest.mark.slow
def test_a_time_written_in_another_zone_is_told_in_the_organizations(site: SmallSite) -> None:
    file = "--- content/alpha/news/2026-11-20-visit.md\n---\ntitle: 走访\ndate: {}\n---\n文\n"
    for date in ("2026-11-20T08:00:00+08:00", "2026-11-20T00:00:00+00:00", "2026-11-19T19:00:00-05:00"):
        site.write(file.format(date)).build()
        for path in ("alpha/atom.xml", "alpha/feed.json", "atom.xml", "data/entries.json"):
            assert "2026-11-20T08:00:00" in site.page(path), path


@settings(max_examples=examples(30))
@given(st.text("abcXYZ09/%.-_~?&=:", max_size=150) | st.text(max_size=20))
def test_a_code_is_the_one_that_segno_makes(text: str) -> None:
    assume(text)
    made = segno.make_qr(text, error="m", mask=2)
    drawn = re.search(r'\bd="([^"]+)"', made.svg_inline(border=4, omitsize=True))
    assert drawn is not None
    assert qr_code(text) == (drawn[1], made.symbol_size(border=4)[0])
