"""What is too long for one page or one file: which part of it is shown."""

from __future__ import annotations

from datetime import datetime, timedelta

import icalendar
import pytest
from conftest import SmallSite

from builder.pages.calendars import MOST
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
