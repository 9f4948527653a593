"""The health pages: what is due, for whom; reminders; each year's figures. They alone change with the day."""

from __future__ import annotations

import re
from collections.abc import Callable

import icalendar
import pytest
from conftest import NOW, SmallSite

pytestmark = pytest.mark.slow

SITE = """
--- mkdocs.yml
theme: {name: material}
--- content/organization.yml
name: 示范大学党建在线
url: https://example.org/
health: {public: true}
sections:
  news: {title: 支部动态, update_within: 14 days}
  policies: {title: 政策文件, type: policy, interpret_within: 30 days}
  letters: {title: 来信回应, type: letter, reply_within: 5 working days}
  about: {title: 组织机构, dated: false}
--- content/alpha/branch.yml
name: 甲支部
--- content/alpha/news/2026-11-20-visit.md
---
title: 走访慰问
---
出发。
--- content/alpha/policies/2026-11-01-rule.md
---
title: 借阅办法
---
办法。
--- content/alpha/letters/2026-11-20-secret-name.md
---
title: 问
question: 何时？
received: 2026-11-20
---
--- content/alpha/about/us.md
---
title: 我们
---
三个人。
--- content/beta/branch.yml
name: 乙支部
parent: alpha
status: closed
closed: 2026-06-01
"""


def due(site: SmallSite, branch: str = "alpha") -> list[tuple[str, str]]:
    """Day and summary of each reminder of a branch."""
    made = icalendar.Calendar.from_ical((site.output / f"health/branches/{branch}/health.ics").read_bytes())
    return [(str(event["dtstart"].dt), str(event["summary"])) for event in made.walk("VEVENT")]


def test_an_editors_calendar_says_what_falls_due_within_two_weeks(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    site.build(now="2026-11-20T09:00+08:00")
    assert due(site) == [
        ("2026-11-27", "“来信回应”有一封来信等待回复 (甲支部)"),
        ("2026-12-01", "《借阅办法》需要解读 (甲支部)"),
        ("2026-12-04", "“支部动态”该更新了 (甲支部)"),
    ]
    assert due(site, "beta") == []


def test_a_reminder_that_moves_keeps_its_name(make_site: Callable[[str], SmallSite]) -> None:
    def names() -> list[str]:
        text = site.page("health/branches/alpha/health.ics").replace("\n ", "")
        return sorted(line.partition(":")[2] for line in text.splitlines() if line.startswith("UID:"))

    site = make_site(SITE)
    site.build(now=NOW)
    before = names()
    tasks = ("letter/letters/2026-11-20-0", "policy/policies/alpha/policies/2026-11-01-rule", "section/news")
    assert before == [f"tag:example.org\\,2026:health/alpha/{task}" for task in tasks]
    site.write("--- content/alpha/news/2026-11-22-b.md\n---\ntitle: 二\n---\n二。\n")
    site.build(now=NOW)
    assert names() == before
    assert ("2026-12-06", "“支部动态”该更新了 (甲支部)") in due(site)


def test_a_letter_that_waits_is_counted_and_never_shown(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    site.build(now=NOW)
    assert site.mentions("secret-name") == []
    assert "有一封来信等待回复" in site.page("health/branches/alpha/index.html")


def test_a_state_has_a_word_not_only_a_colour(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    site.build(now=NOW)
    assert "还有 11 天" in site.page("health/index.html")
    site.build(now="2026-12-10T09:00+08:00")
    page = site.page("health/index.html")
    assert "已超期" in page
    assert "逾期 6 天" in page
    assert "已关闭" in page


def test_only_the_health_pages_change_with_the_day(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    site.build(now="2026-11-21T09:00+08:00")
    before = site.files()
    site.build(now="2026-11-22T09:00+08:00")
    after = site.files()
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    assert changed == {"health/index.html", "health/branches/alpha/index.html", "build.json"} | {
        path for path in changed if path.startswith("health/")
    }
    assert "health/index.html" in changed


def test_the_sparkline_has_a_bar_for_each_month_and_says_it_in_words(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE).write("--- content/alpha/news/2025-01-05-old.md\n---\ntitle: 旧\n---\n旧。\n")
    site.build(now=NOW)
    page = site.page("health/branches/alpha/index.html")
    assert "两年共 4 篇，最近三个月 3 篇" in page or "两年共 3 篇，最近三个月 2 篇" in page
    svg = re.search(r'<svg class="spark".*?</svg>', page, re.DOTALL)
    assert svg is not None
    assert svg[0].count("M") == 3, "the ground line, and the two months in which there was something"


def test_a_years_figures_are_ready_for_a_report(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE).write(
        "--- content/alpha/letters/2026-10-09-b.md\n---\ntitle: 答\nquestion: 何地？\nreceived: 2026-10-09\n"
        "replied: 2026-10-13\n---\n在三楼。\n"
        "--- content/alpha/news/2026-11-21-read.md\n---\ntitle: 解读\ninterprets: policies/2026-11-01-rule\n---\n白话。\n"
    )
    site.build(now=NOW)
    page = site.page("health/years/2026/index.html")
    rows = re.findall(r"<tr><th[^>]*>(?:<a[^>]*>)?([^<]+).*?</tr>", page, re.DOTALL)
    assert "支部动态" in rows
    line = re.search(r"甲支部</a></th>(.*?)</tr>", page, re.DOTALL)
    assert line is not None
    # Entries, replies, days to a reply, policies, interpreted ones, interpretations; what has no date is not counted.
    assert re.findall(r"<td>([^<]*)</td>", line[1]) == ["4", "1", "4", "1", "1", "1"]
    assert not site.exists("health/years/2000/index.html")
    assert '<svg viewBox="0 0 720 190" role="img"' in page
    assert "chart-before" not in page, "nothing was published the year before"
    table = site.page("health/years/2026/figures.csv")
    assert table.startswith("\ufeff单位,")
    assert "甲支部,4,0," in table
    assert 'href="./figures.csv"' in page or 'href="../../../health/years/2026/figures.csv"' in page


def test_an_organization_may_keep_all_of_it_to_itself(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE.replace("health: {public: true}\n", "", 1))
    site.build(now=NOW)
    assert not site.exists("health")
    assert "health" not in site.page("alpha/index.html")
    before = site.files()
    site.build(now="2026-11-24T09:00+08:00")
    assert site.files() == before


def test_a_branchs_home_leads_its_editors_there(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    site.build(now=NOW)
    assert 'href="../health/branches/alpha/"' in site.page("alpha/index.html")


def test_empty_sections_neither_make_a_branch_empty_nor_hide_what_is_due(make_site: Callable[[str], SmallSite]) -> None:
    def state(now: str) -> str:
        site.build(now=now)
        return re.findall(r'class="state health-(\w+)"', site.page("health/index.html"))[0]

    site = make_site(SITE)
    site.delete("content/alpha/policies", "content/alpha/letters", "content/alpha/about")
    assert state("2026-11-21T09:00+08:00") == "fresh"
    assert state("2026-12-01T09:00+08:00") == "due"
    assert state("2026-12-05T09:00+08:00") == "stale"
    site.delete("content/alpha/news")
    assert state("2026-12-05T09:00+08:00") == "empty"


def test_a_branchs_page_tells_what_is_due_within_sixty_days(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE.replace("update_within: 14 days", "update_within: 90 days"))
    site.build(now="2026-12-19T09:00+08:00")
    assert 'datetime="2027-02-18"' not in site.page("health/branches/alpha/index.html")
    site.build(now="2026-12-20T09:00+08:00")
    assert 'datetime="2027-02-18"' in site.page("health/branches/alpha/index.html")


def test_what_lists_do_not_show_yet_is_not_counted(make_site: Callable[[str], SmallSite]) -> None:
    """An event has a page before it starts, and stands in lists by date from then on."""

    def counted() -> list[str]:
        return re.findall(r'aria-label="两年共 (\d+) 篇', site.page("health/index.html"))

    site = make_site(SITE.replace("  about: {", "  events: {title: 活动, type: event}\n  about: {"))
    site.build()
    before = counted()
    site.write("--- content/alpha/events/open-day.yml\ntitle: 开放日\nstarts: 2026-11-28 09:00\n").build()
    assert site.exists("alpha/events/open-day/index.html")
    assert counted() == before
    site.build(now="2026-11-28T09:00+08:00")
    assert counted() != before


def test_a_years_figures_stand_beside_those_of_the_year_before(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE).write(
        "--- content/alpha/news/2025-03-09-b.md\n---\ntitle: 去年\n---\n文\n"
        "--- content/alpha/branch.yml\nname: =甲支部\n"
    )
    site.build(now=NOW)
    page = site.page("health/years/2026/index.html")
    assert '<th scope="col">2025</th>' in page
    assert "chart-before" in page
    assert re.search(r'<th scope="row">3月</th><td>\d+</td><td>1</td>', page)
    assert "'=甲支部," in site.page("health/years/2026/figures.csv"), "no spreadsheet reads a name as a formula"
