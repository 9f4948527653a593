"""The calendar of one event, beside its page: what calendar programs take in with one tap."""

from __future__ import annotations

from collections.abc import Callable

import icalendar
import pytest
from conftest import ORGANIZATION, SmallSite

from builder.model.site_map import find, media_type_of

EVENTS = """
--- content/alpha/branch.yml
name: 甲支部
--- content/alpha/events/2026-12-01-open.yml
title: 开放日
starts: 2026-12-01 14:00
ends: 2026-12-01 16:00
location: 礼堂; 二楼
share_with: all
--- content/alpha/events/2026-12-02-own/index.yml
title: 自带日历
starts: 2026-12-02
attachments: [event.ics]
--- content/alpha/events/2026-12-02-own/event.ics
BEGIN:VCALENDAR
--- content/beta/branch.yml
name: 乙支部
url: https://beta.example.org/
--- content/beta/events/2026-12-03-far.yml
title: 远程会
starts: 2026-12-03 09:00
online: https://meet.example.org/a
"""
OPEN = "alpha/events/2026-12-01-open/event.ics"


@pytest.fixture
def site(make_site: Callable[[str], SmallSite]) -> SmallSite:
    return make_site(ORGANIZATION + EVENTS)


def events(site: SmallSite, path: str) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical((site.output / path).read_bytes()).walk("VEVENT")


@pytest.mark.slow
def test_the_file_has_that_event_as_lists_have_it(site: SmallSite) -> None:
    assert {each.severity for each in site.build().problems} == {"note"}
    (event,) = events(site, OPEN)
    listed = {str(each["UID"]): each for each in events(site, "alpha/calendar.ics")}
    assert event.to_ical() == listed[str(event["UID"])].to_ical()
    assert str(event["LOCATION"]) == "礼堂; 二楼"
    whole = icalendar.Calendar.from_ical((site.output / OPEN).read_bytes())
    assert [str(zone["TZID"]) for zone in whole.walk("VTIMEZONE")] == ["Asia/Shanghai"]


@pytest.mark.slow
def test_its_page_leads_there_and_no_other_does(site: SmallSite) -> None:
    site.write("--- content/alpha/news/2026-11-20-a.md\n---\ntitle: 消息\n---\n文\n")
    site.build()
    page = site.page("alpha/events/2026-12-01-open/index.html")
    assert 'event.ics" type="text/calendar">加入日历</a>' in page
    assert "加入日历" not in site.page("alpha/news/2026-11-20-a/index.html")
    # A branch with an address of its own has it in its own site.
    assert "加入日历" in site.page("beta/events/2026-12-03-far/index.html")
    assert len(events(site, "beta/events/2026-12-03-far/event.ics")) == 1


def test_a_file_of_that_name_stays_what_it_is(site: SmallSite) -> None:
    assert {each.severity for each in site.build().problems} == {"note"}
    assert site.page("alpha/events/2026-12-02-own/event.ics") == "BEGIN:VCALENDAR\n"
    assert "加入日历" not in site.page("alpha/events/2026-12-02-own/index.html")


@pytest.mark.slow
def test_it_changes_and_goes_with_its_event(site: SmallSite) -> None:
    site.build()
    file = site.root / "content/alpha/events/2026-12-01-open.yml"
    file.write_text(file.read_text("utf-8") + "status: cancelled\n", encoding="utf-8")
    site.build()
    assert str(events(site, OPEN)[0]["STATUS"]) == "CANCELLED"
    file.write_text(file.read_text("utf-8") + "draft: true\n", encoding="utf-8")
    site.build()
    assert not site.exists(OPEN)


def test_it_is_served_as_a_calendar() -> None:
    assert media_type_of(f"/{OPEN}") == "text/calendar"
    found = find("branch", OPEN.removeprefix("alpha/"))
    assert found is not None
    assert found[0].media_type == "text/calendar"
