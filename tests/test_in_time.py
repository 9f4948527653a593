"""What a reader can still do stands first: notices that run, events of the next days, one page of events with its month."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime

import pytest
from conftest import NOW, ORGANIZATION, TWO_BRANCHES, Demo, SmallSite

from builder.audit.run import audit
from builder.workers import SerialExecutor

pytestmark = pytest.mark.slow

EVENTS = """
--- content/alpha/events/2026-10-01-tea.md
---
title: 十月茶话会
starts: 2026-10-20 15:00
---
喝茶。
--- content/alpha/events/2026-11-01-sweep.md
---
title: 清扫日
starts: 2026-11-05 08:00
---
带手套。
--- content/alpha/events/2026-11-02-talk.md
---
title: 周六讲座
starts: 2026-11-28 14:00
ends: 2026-11-28 16:00
location: 三层报告厅
---
都来。
--- content/alpha/events/2026-11-03-trip.md
---
title: 明年春游
starts: 2027-03-20
---
远着呢。
--- content/alpha/notices/2026-11-20-list.md
---
title: 拟接收名单公示
period: {from: 2026-11-20, to: 2026-11-26}
---
名单。
"""
HOMES = ("alpha/index.html", "index.html")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """Two branches with events and a public notice, built; nobody edits it."""
    site = SmallSite(tmp_path_factory.mktemp("events")).write(ORGANIZATION + TWO_BRANCHES + EVENTS)
    site.build()
    return site


def block(page: str, title: str) -> str:
    """The block of a page that has this title."""
    found = re.search(rf"<section[^>]*><h2[^>]*>(?:<a[^>]*>)?(?:<span>)?{title}<.*?</section>", page, re.DOTALL)
    return found[0] if found else ""


def caption(page: str) -> str:
    """The month that a page shows."""
    found = re.search("<caption>(.*?)</caption>", page)
    return found[1] if found else ""


@pytest.mark.parametrize("home", HOMES)
def test_what_has_a_deadline_stands_above_what_has_none(built: SmallSite, home: str) -> None:
    page = built.page(home)
    urgent, rest = page.split('<div class="columns">')
    assert "拟接收名单公示" in block(urgent, "正在公示")
    assert "周六讲座" in block(urgent, "七天之内")
    assert "三层报告厅" in block(urgent, "七天之内")
    assert "明年春游" not in urgent
    assert "明年春游" in block(rest, "以后的活动")
    assert "周六讲座" not in rest


def test_an_event_comes_to_the_top_seven_days_ahead_and_leaves_when_it_is_over(site: SmallSite) -> None:
    """Built step by step as time passes, and at each step as a clean build has it."""
    site.write(EVENTS)
    for now, soon in (
        ("2026-11-20T23:59:59+08:00", False),
        ("2026-11-21T00:00:00+08:00", True),
        ("2026-11-28T15:00:00+08:00", True),
        ("2026-11-28T16:00:00+08:00", False),
    ):
        site.build(now)
        for home in HOMES:
            assert ("周六讲座" in block(site.page(home), "七天之内")) is soon, (now, home)
        before = site.files()
        site.build(now, clean=True)
        assert site.files() == before


def test_the_build_knows_when_that_is(site: SmallSite) -> None:
    site.write(EVENTS).delete("content/alpha/notices")
    due = site.build("2026-11-20T09:00:00+08:00").next_due
    assert due == datetime.fromisoformat("2026-11-21T00:00:00+08:00")


@pytest.mark.parametrize("page", ["events/index.html", "alpha/events/index.html"])
def test_the_page_of_events_has_this_month_with_its_past_days(built: SmallSite, page: str) -> None:
    text = built.page(page)
    assert caption(text) == "2026年11月"
    table = re.search('<table class="month">.*?</table>', text, re.DOTALL)
    assert table is not None
    assert "清扫日" in table[0], "a day that has passed"
    assert "周六讲座" in table[0]
    assert 'datetime="2026-11-23"' in table[0], (
        "a day without anything, which the reader's browser marks if it is today"
    )
    before = re.search('rel="prev">(.*?)<', text)
    after = re.search('rel="next">(.*?)<', text)
    assert (before and before[1], after and after[1]) == ("2026年10月", "2027年3月")
    assert text.index("</table>") < text.index('<ul class="rows">'), "the list is below"


def test_the_months_before_and_after_are_pages(built: SmallSite) -> None:
    for page in ("events/index.html", "alpha/events/index.html"):
        for link in re.findall('href="([^"]+)" rel="(?:prev|next)"', built.page(page)):
            path, _, anchor = link.partition("#")
            target = (built.output / page).parent / path / "index.html"
            assert target.is_file(), link
            assert not anchor or f'id="{anchor}"' in target.read_text("utf-8")


@pytest.mark.parametrize(
    ("now", "month"),
    [
        ("2026-10-31T23:59:59+08:00", "2026年10月"),
        ("2026-11-01T00:00:00+08:00", "2026年11月"),
        ("2026-11-30T23:00:00+08:00", "2026年11月"),
        ("2026-12-01T00:00:00+08:00", "2027年3月"),
        ("2027-03-31T00:00:00+08:00", "2027年3月"),
        ("2028-01-01T00:00:00+08:00", "2027年3月"),
    ],
)
def test_the_month_is_this_one_else_the_next_with_events_else_the_last(site: SmallSite, now: str, month: str) -> None:
    site.write(EVENTS).build("2026-10-25T09:00:00+08:00")
    site.build(now)
    assert {caption(site.page(page)) for page in ("events/index.html", "alpha/events/index.html")} == {month}


def test_a_long_event_is_in_each_of_its_months(site: SmallSite) -> None:
    site.write(
        "--- content/alpha/events/2026-09-01-show.md\n---\ntitle: 展览\nstarts: 2026-09-20\nends: 2027-01-10\n---\n来。\n"
    )
    for now, month in (("2026-09-30", "2026年9月"), ("2026-12-01", "2026年12月"), ("2027-01-10", "2027年1月")):
        site.build(f"{now}T12:00:00+08:00")
        assert caption(site.page("events/index.html")) == month


def test_an_event_says_when_and_where_first_and_its_own_date_small(built: SmallSite) -> None:
    page = built.page("alpha/events/2026-11-02-talk/index.html")
    head = page[page.index("<h1>") : page.index("</header>", page.index("<h1>"))]
    parts = ["14:00", "三层报告厅", "加入日历", "发布", "2026年11月2日"]
    assert sorted(parts, key=head.index) == parts


def test_lists_say_when_events_are_and_offer_each_for_calendars(built: SmallSite) -> None:
    for page in ("events/index.html", "alpha/events/index.html", *HOMES):
        text = built.page(page)
        assert "2026-11-02-talk/event.ics" in text, page
        assert "2026-11-01-sweep/event.ics" not in text, "what is over"
        assert "2026年11月2日" not in text, page


def test_past_events_go_by_when_they_were(site: SmallSite) -> None:
    event = "--- content/alpha/events/{}.md\n---\ntitle: {}\nstarts: {}\n---\n文。\n"
    site.write(
        event.format("2026-11-10-a", "先来的", "2026-11-12") + event.format("2026-11-01-b", "后来的", "2026-11-20")
    )
    site.build()
    for page in ("events/index.html", "alpha/events/index.html"):
        text = site.page(page)
        assert text.rindex("后来的") < text.rindex("先来的"), page


@pytest.mark.parametrize("now", [NOW, "2026-11-27T09:00:00+08:00"], ids=["running", "over"])
def test_a_notice_says_its_period_once(site: SmallSite, now: str) -> None:
    site.write(EVENTS).build(now)
    page = site.page("alpha/notices/2026-11-20-list/index.html")
    main = page[page.index("<h1>") : page.index("</header>", page.index("<h1>"))]
    assert main.count("2026年11月26日") == 1


def test_all_events_and_all_letters_have_one_page_to_which_everything_leads(built: SmallSite) -> None:
    for old, new in (("sections/events", "events"), ("sections/letters", "letters")):
        assert f'url=../../{new}/"' in built.page(f"{old}/index.html")
    for path, content in built.files().items():
        if path.endswith(".html") and not path.startswith("sections/"):
            assert b"sections/events/" not in content, path
            assert b"sections/letters/" not in content, path
    navigation = re.search('<ul id="bp-sections">.*?</ul>', built.page("index.html"), re.DOTALL)
    assert navigation is not None
    assert re.findall('href="([^"]+)"[^>]*>(?:活动日程|来信回应)<', navigation[0]) == ["events/", "letters/"]


def test_no_two_pages_of_a_site_have_one_purpose(demo: Demo) -> None:
    """By their first headings: those of all lists and generated pages of a site, and the places of its navigation."""
    headings: dict[str, Counter[str]] = {}
    for path, content in demo.files().items():
        text = content.decode("utf-8", "replace")
        generated = path.endswith("index.html") and "<article" not in text and 'name="robots"' not in text
        first = re.search("<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
        if generated and first is not None and "/page/" not in path:
            name = path.split("/")[0]
            site = name if (demo.root / "content" / name / "branch.yml").is_file() else ""
            headings.setdefault(site, Counter())[re.sub(r"<[^>]+>|\s+", "", first[1])] += 1
        links = re.search('<ul id="bp-sections">.*?</ul>', text, re.DOTALL)
        places = re.findall('href="([^"]*)"', links[0]) if links else []
        assert len(places) == len(set(places)), path
    assert len(headings) > 10
    twice = {site: [title for title, count in titles.items() if count > 1] for site, titles in headings.items()}
    assert {site: titles for site, titles in twice.items() if titles} == {}


@pytest.mark.parametrize(
    ("more", "places"),
    [
        ("--- content/alpha/plan.md\n---\ntitle: 活动日程\n---\n文。\n", ("alpha/events", "alpha/plan")),
        (
            "--- content/alpha/branch.yml\nname: 甲支部\nsections: {add: {mail: {title: 信箱, type: letter}}}\n",
            ("alpha/letters", "alpha/mail"),
        ),
        ("", ()),
    ],
    ids=["a page called like a section", "two pages of letters", "none"],
)
def test_the_audit_names_what_is_there_twice(site: SmallSite, more: str, places: tuple[str, ...]) -> None:
    site.write(more)
    with SerialExecutor() as executor:
        found = audit(site.root, datetime.fromisoformat(NOW), executor).findings
    assert [each.arguments["places"] for each in found if each.code == "purpose-twice"] == [places] * bool(places)
