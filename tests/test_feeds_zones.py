"""The rules of time zones in calendars: programs that know nothing else find every instant, whatever the zone and year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import calendar_parser
import icalendar
import msgspec
import pytest
import vobject
from feed_data import CALENDAR, EVENT

from builder.formats.feeds import calendar

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Shanghai",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
)
# Each year's seasons, and the hours around the changes of clocks.
DAYS = ((1, 15), (3, 31), (4, 14), (7, 1), (9, 13), (10, 28), (11, 2))


def made(name: str, years: range) -> tuple[bytes, dict[str, datetime]]:
    """A calendar of events through the years, and when each event starts. The zone has a name that no other test gives it:
    parsers keep zones by name for all calendars that come later."""
    zone = ZoneInfo(name)
    starts = {
        f"{year}-{month}-{day}": datetime(year, month, day, 9, 30, tzinfo=zone) for year in years for month, day in DAYS
    }
    events = tuple(msgspec.structs.replace(EVENT, uid=uid, starts=at, ends=None) for uid, at in starts.items())
    content = calendar(msgspec.structs.replace(CALENDAR, timezone=name, events=events))
    own = f"Test/{name.replace('/', '')}-{years.start}-{years.stop}"
    return content.replace(name.encode(), own.encode()), starts


@pytest.mark.parametrize(
    "years", [pytest.param(range(1988, 2036), marks=pytest.mark.slow), range(2026, 2027), range(2026, 2029)], ids=str
)
@pytest.mark.parametrize("name", ZONES)
def test_three_parsers_find_every_instant(name: str, years: range) -> None:
    content, starts = made(name, years)
    wanted = {uid: at.astimezone(UTC) for uid, at in starts.items()}

    own = calendar_parser.parsed(content)
    zones = calendar_parser.zones(own)
    assert {each.text("UID"): each.time("DTSTART", zones) for each in calendar_parser.events(own)} == wanted

    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert {str(each["UID"]): each["DTSTART"].dt.astimezone(UTC) for each in events} == wanted

    read = vobject.readOne(content.decode())
    assert {each.uid.value: each.dtstart.value.astimezone(UTC) for each in read.vevent_list} == wanted


def test_summer_time_is_one_rule_and_what_is_irregular_is_told_one_by_one() -> None:
    berlin, _ = made("Europe/Berlin", range(2022, 2028))
    assert berlin.count(b"RRULE:FREQ=YEARLY") == 2
    assert b"RDATE" not in berlin
    casablanca, _ = made("Africa/Casablanca", range(2022, 2028))
    dates = [line for line in casablanca.split(b"\r\n") if line.startswith(b"RDATE")]
    assert len(dates) > 5
    assert not any(b"," in line for line in dates)
    # The start of each part is among its dates.
    for zone in icalendar.Calendar.from_ical(casablanca).walk("VTIMEZONE"):
        for part in zone.subcomponents:
            listed = part.get("RDATE", [])
            days = [day.dt for each in (listed if isinstance(listed, list) else [listed]) for day in each.dts]
            assert not days or part["DTSTART"].dt in days


def test_the_last_change_of_a_year_counts() -> None:
    # 1991 was the last summer of its kind: half past nine was half past midnight in UTC.
    content, starts = made("Asia/Shanghai", range(1991, 1993))
    events = icalendar.Calendar.from_ical(content).walk("VEVENT")
    summer = {str(each["UID"]) for each in events if each["DTSTART"].dt.astimezone(UTC).hour == 0}
    assert summer == {uid for uid, at in starts.items() if at.utcoffset() == timedelta(hours=9)}
    assert summer


def test_an_hour_that_comes_twice_is_told_apart() -> None:
    """Also by a program that has written the other one before."""
    found = []
    for fold in (0, 1):
        at = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)
        event = msgspec.structs.replace(EVENT, starts=at, ends=None)
        content = calendar(msgspec.structs.replace(CALENDAR, timezone="Europe/Berlin", events=(event,)))
        (read,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
        found.append(read["DTSTART"].dt.astimezone(UTC))
    assert found[1] - found[0] == timedelta(hours=1)


def test_an_empty_calendar_holds_its_zone() -> None:
    content = calendar(msgspec.structs.replace(CALENDAR, timezone="Europe/Berlin", events=()))
    (zone,) = icalendar.Calendar.from_ical(content).walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Berlin"
    assert content == calendar(msgspec.structs.replace(CALENDAR, timezone="Europe/Berlin", events=()))
