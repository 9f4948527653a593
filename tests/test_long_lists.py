"""What is too long for one page or one file: which part of it is shown."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import icalendar
import pytest
from conftest import SmallSite
from playwright.sync_api import Browser, expect
from web import serve_folder

from builder.pages.calendars import MOST
from builder.pages.events import MOST as MOST_COMING
from builder.pages.letters import MOST as MOST_LETTERS
from builder.pages.lists import MOST_IN_TAG
from builder.pages.paging import PAGE

FIRST = datetime(2020, 1, 1, 9, 0)


@pytest.mark.slow
def test_of_very_many_events_the_latest_are_in_the_calendar_and_the_newest_under_a_tag(site: SmallSite) -> None:
    count = MOST + 3
    for number in range(count):
        # Their names are in the other order.
        name = f"n{count - number:04}"
        starts = FIRST + timedelta(days=number)
        site.write(
            f"--- content/alpha/events/{name}.yml\ntitle: 第{number}场\ntags: [讲座]\nstarts: {starts:%Y-%m-%d %H:%M}\n"
        )
    site.build()
    calendar = icalendar.Calendar.from_ical((site.output / "alpha/calendar.ics").read_bytes())
    found = {str(event["summary"]) for event in calendar.walk("VEVENT")}
    assert found == {f"第{number}场" for number in range(3, count)}
    pages = [
        "alpha/tags/讲座/index.html",
        *(f"alpha/tags/讲座/page/{n}/index.html" for n in range(2, MOST_IN_TAG // PAGE + 1)),
    ]
    shown = [[number for number in reversed(range(count)) if f">第{number}场<" in site.page(page)] for page in pages]
    assert [number for part in shown for number in part] == list(reversed(range(count - MOST_IN_TAG, count)))
    assert {len(part) for part in shown} == {PAGE}
    assert "更早的，请搜索" in site.page(pages[-1])
    assert "更早的，请搜索" not in site.page(pages[-2])


@pytest.mark.slow
@pytest.mark.parametrize("count", [MOST_LETTERS, MOST_LETTERS + 1])
def test_of_very_many_letters_the_newest_are_listed_and_the_search_has_the_rest(site: SmallSite, count: int) -> None:
    first = datetime(2026, 5, 1)
    for number in range(count):
        received = f"{first + timedelta(days=number):%Y-%m-%d}"
        answered = f"received: {received}\nreplied: {received}\nbody: 答\n"
        site.write(f"--- content/alpha/letters/{received}.yml\ntitle: 第{number}封\nquestion: 问\n{answered}")
    site.build()
    last = MOST_LETTERS // PAGE
    pages = ["letters/index.html", *(f"letters/page/{number}/index.html" for number in range(2, last + 1))]
    shown = [[number for number in reversed(range(count)) if f">第{number}封<" in site.page(page)] for page in pages]
    assert [number for part in shown for number in part] == list(reversed(range(count - MOST_LETTERS, count)))
    assert not (site.output / f"letters/page/{last + 1}").exists()
    assert ("更早的，请搜索" in site.page(pages[-1])) == (count > MOST_LETTERS)
    assert "更早的，请搜索" not in site.page(pages[-2])
    # How many were answered, and how soon, is of all of them: it stands on the first page.
    assert ['<table class="figures">' in site.page(f"alpha/letters/{page}index.html") for page in ("", "page/2/")] == [
        True,
        False,
    ]


@pytest.mark.slow
def test_of_very_many_events_the_next_are_listed_and_the_others_are_on_the_pages_of_their_months(
    site: SmallSite,
) -> None:
    starts = [
        f"{2027 + number % 40 // 12}-{number % 12 + 1:02}-{number % 28 + 1:02}" for number in range(MOST_COMING + 1)
    ]
    for number, day in enumerate(starts):
        site.write(
            f"--- content/alpha/events/n{number:03}.yml\ntitle: 第{number}场\ndate: 2021-01-01\nstarts: {day} 09:00\n"
        )
    site.build()
    page = site.page("events/index.html")
    coming = [number for number, _ in sorted(enumerate(starts), key=lambda each: (each[1], each[0]))]
    assert [number for number in coming if f">第{number}场<" not in page] == coming[MOST_COMING:]
    links = re.findall(r'href="([^"]*)"[^>]*>(20\d\d)<', page)
    # A year leads to its last month that has any.
    assert links == [("../events/2030-08/", "2030"), ("../events/2029-12/", "2029")]


ORGANIZATION = """
--- mkdocs.yml
theme: {name: material}
--- content/organization.yml
name: 大学
url: https://example.org/
health: {public: true}
sections:
  news: {title: 动态, type: article}
  events: {title: 活动, type: event}
  letters: {title: 来信, type: letter}
"""
PATHS = (
    "/ /branches/ /health/ /health/years/2026/ /feeds/ /events/ /events/2026-11/ /letters/ /topics/ /topics/t0/ /search/ /tags/ "
    "/tags/共同/ /sections/news/ /sections/news/page/2/ /c/ /c/all/ /c/news/ /c/news/archive/2026/ /c/events/archive/2026/"
).split()


def _long() -> str:
    """Many branches of their own, one with many below it and long lists, many topics and tags."""
    found = ORGANIZATION + "--- content/c/branch.yml\nname: 学院\n"
    for number in range(60):
        found += f"--- content/a{number:02}/branch.yml\nname: 第{number}支部\n"
        found += f"--- content/b{number:02}/branch.yml\nname: 学院第{number}支部\nparent: c\n"
        found += f"--- content/hub/topics/t{number}.md\n---\ntitle: 专题{number}\n---\n文\n"
        letter = f"2026-{number % 10 + 1:02}-{number % 28 + 1:02}"
        found += (
            f"--- content/b{number:02}/letters/{letter}-l.yml\ntitle: 信{number}\nquestion: 问\nreceived: {letter}\n"
        )
        found += f"replied: {letter}\nbody: 答\n"
        for each in range(3):
            day = f"2026-{number % 11 + 1:02}-{each + 1:02}"
            found += f"--- content/c/news/{day}-n{number}.md\n---\ntitle: 消息{number}-{each}\n"
            found += f"tags: [共同, 标签{number}-{each}]\ntopics: [t0]\n---\n文字。\n"
            found += f"--- content/c/events/e{number}-{each}.yml\ntitle: 讲座{number}-{each}\ndate: 2026-10-01\n"
            found += f"starts: 2026-11-{(number + each) % 30 + 1:02} 14:00\nlocation: 礼堂\n"
    return found


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    site = SmallSite(tmp_path_factory.mktemp("long")).write(_long())
    site.build()
    return site


@pytest.mark.slow
def test_a_section_over_all_branches_is_in_pages_with_a_way_to_older_ones(long: SmallSite) -> None:
    pages = ["sections/news/index.html", *(f"sections/news/page/{number}/index.html" for number in range(2, 6))]
    rows = [long.page(page).count('<li class="row') for page in pages]
    assert rows == [PAGE] * 5
    assert 'href="../../../../search/?section=news">更早的，请搜索' in long.page(pages[-1])
    assert not long.exists("sections/news/page/6/index.html")
    assert long.page("feeds/news/feed.xml").count("<item>") == 50


@pytest.mark.slow
def test_of_very_many_tags_and_topics_the_first_are_seen_at_once(long: SmallSite) -> None:
    seen, _, folded = long.page("c/tags/index.html").partition(
        '<details class="group"><summary>另外 81 个标签</summary>'
    )
    assert (seen.count(" <small>3</small></a>"), seen.count(">共同 "), folded.count(" <small>1</small></a>")) == (
        0,
        1,
        81,
    )
    assert long.page("topics/t0/index.html").count('<details class="group"') == 11


@pytest.mark.slow
def test_many_events_of_a_month_are_folded_by_day(long: SmallSite) -> None:
    page = long.page("events/2026-11/index.html")
    day = page.partition('<details class="group" id="day-2026-11-28"')[2].partition("</details>")[0]
    assert "<summary>2026年11月28日 周六 <small>6 场</small></summary>" in day
    assert day.count('<li class="event') == 6
    # The table of the month names some and counts the others.
    assert '<small class="rest">+3</small>' in page


@pytest.mark.slow
def test_units_without_any_below_them_are_folded_from_first_to_last(long: SmallSite) -> None:
    page = long.page("branches/index.html")
    assert "<summary><span>第0支部 – 第23支部</span> <small>24</small></summary>" in page
    assert page.count("<summary>") == 4
    assert "<summary><span>第48支部 – 第59支部</span> <small>" in long.page("health/index.html")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("script", [True, False], ids=["scripts", "no scripts"])
def test_no_page_is_longer_than_seven_screens_of_a_phone(long: SmallSite, browser: Browser, script: bool) -> None:
    """Until its reader unfolds something."""
    with serve_folder(long.output) as url:
        context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=script)
        page = context.new_page()
        heights = {}
        for path in PATHS:
            answer = page.goto(url + path)
            assert answer is not None
            assert answer.ok, path
            heights[path] = page.evaluate("document.documentElement.scrollHeight")
        context.close()
    assert {path: height for path, height in heights.items() if height > 7 * 844} == {}


@pytest.mark.browser
@pytest.mark.slow
def test_a_link_to_a_folded_part_unfolds_it(long: SmallSite, browser: Browser) -> None:
    with serve_folder(long.output) as url:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(f"{url}/c/all/")
        expect(page.locator("#letters")).not_to_have_attribute("open", "")
        page.goto(f"{url}/c/all/#letters")
        expect(page.locator("#letters")).to_have_attribute("open", "")
        page.close()
