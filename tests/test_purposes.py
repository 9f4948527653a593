"""No two pages of a site are for one thing: what is called alike, or leads to one place, is there once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from html import unescape

import pytest
from conftest import NOW, ORGANIZATION, Demo, SmallSite

from builder.audit.run import audit
from builder.workers import SerialExecutor


@pytest.mark.slow
def test_the_places_of_a_navigation_are_called_and_lead_apart(demo: Demo) -> None:
    for home in (demo.output / "index.html", *demo.output.glob("*/index.html")):
        nav = re.search(r'<ul id="bp-sections">(.*?)</ul>', home.read_text("utf-8"), re.DOTALL)
        if nav is None:
            continue
        found = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', nav[1])
        for part in (0, 1):
            assert [each for each, count in Counter(one[part] for one in found).items() if count > 1] == [], home


@pytest.mark.slow
def test_lists_of_one_site_have_titles_of_their_own(demo: Demo) -> None:
    """Not entries, and not the further pages and the years of one list."""
    for home in (demo.output, *(each for each in demo.output.iterdir() if (each / "feed.xml").exists())):
        titles = Counter[str]()
        for page in (*home.glob("*/index.html"), *home.glob("sections/*/index.html")):
            text = page.read_text("utf-8")
            if home == demo.output and (page.parent / "feed.xml").exists():
                continue
            if 'http-equiv="refresh"' not in text and 'name="robots" content="noindex"' not in text:
                titles[unescape(re.findall(r"<h1[^>]*>(.*?)</h1>", text)[0])] += 1
        assert [title for title, count in titles.items() if count > 1] == [], home


def test_other_places_to_look_are_named_once(built_site: SmallSite) -> None:
    """What takes place and letters have one page of the hub each, whatever their sections are called."""
    doors = re.findall(
        r'<li><a href="([^"]*)">', built_site.page("search/index.html").partition('<ul class="doors">')[2]
    )
    assert "../events/" in doors
    assert "../letters/" in doors
    assert [each for each, count in Counter(doors[: doors.index("../branches/")]).items() if count > 1] == []
    inside = built_site.page("search/index.html").partition('<ul class="doors">')[2].partition("</ul>")[0]
    assert max(Counter(re.findall(r'href="([^"]*)"', inside)).values()) == 1


def test_the_audit_tells_two_places_for_one_thing(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(
        ORGANIZATION
        + "--- content/a/branch.yml\nname: 甲\nsections: {add: {mail: {title: 信箱, type: letter}, more: {title: 支部 动态}}}\n"
        + "--- content/a/notes.md\n---\ntitle: 通知公告\n---\n文。\n"
        + "--- content/b/branch.yml\nname: 乙\n"
    )
    with SerialExecutor() as executor:
        found = audit(site.root, datetime.fromisoformat(NOW), executor)
    told = {one.arguments["places"]: one.branch for one in found.findings if one.code == "purpose-twice"}
    assert told == {
        ("a/letters", "a/mail"): "a",
        ("a/news", "a/more"): "a",
        ("a/notices", "a/notes"): "a",
    }
