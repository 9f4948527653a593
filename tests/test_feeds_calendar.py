"""Calendars: what programs for dates read back is what was meant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import msgspec
import pytest
from feed_data import AT, CALENDAR, EVENT, ZONE

from builder.formats.feeds import Calendar, CalendarEvent, calendar


def events(made: Calendar) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(calendar(made)).walk("VEVENT")


def of(event: CalendarEvent, zone: str = "Asia/Shanghai") -> Calendar:
    return msgspec.structs.replace(CALENDAR, timezone=zone, events=(event,))


def test_an_event_comes_back_as_it_was() -> None:
    event = events(CALENDAR)[0]
    assert str(event["UID"]) == EVENT.uid
    assert str(event["SUMMARY"]) == EVENT.title
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (EVENT.starts, EVENT.ends)
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert str(event["LOCATION"]) == "礼堂; 二楼"
    assert str(event["DESCRIPTION"]) == "说明\\路径\nhttps://meet.example.org/?a=1,2"
    assert str(event["CONFERENCE"]) == EVENT.online
    assert str(event["CONTACT"]) == "组织委员"
    assert [str(each) for each in event["CATEGORIES"].cats] == ["活动", "a,b"]
    assert event["SEQUENCE"] == 2


def test_an_event_without_a_room_is_at_its_address() -> None:
    (event,) = events(of(msgspec.structs.replace(EVENT, location="")))
    assert str(event["LOCATION"]) == EVENT.online


def test_the_stamp_is_that_of_the_content() -> None:
    event = events(CALENDAR)[0]
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == AT
    assert b"DTSTAMP:20261119T160000Z\r\n" in calendar(CALENDAR)


def test_a_cancelled_event_stays_and_says_so() -> None:
    assert [str(event["STATUS"]) for event in events(CALENDAR)] == ["CONFIRMED", "CANCELLED"]


def test_the_calendar_has_a_name_and_asks_to_be_looked_at_twice_a_day() -> None:
    made = calendar(CALENDAR)
    for line in ("NAME:活动", "X-WR-CALNAME:活动", "REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H"):
        assert f"\r\n{line}\r\n".encode() in made
    assert b"METHOD" not in made


def test_lines_are_folded_at_octets_and_end_as_they_must() -> None:
    content = calendar(CALENDAR)
    lines = content.split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert any(line.startswith(b" ") for line in lines)
    assert b"\n" not in content.replace(b"\r\n", b"")
    for line in lines:
        line.decode("utf-8")


@pytest.mark.parametrize(
    ("starts", "ends", "dtstart", "dtend"),
    [
        (date(2026, 12, 1), None, date(2026, 12, 1), date(2026, 12, 2)),
        (date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 2)),
        (date(2026, 12, 1), date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1)),
        (date(2028, 2, 28), date(2028, 2, 28), date(2028, 2, 28), date(2028, 2, 29)),
        (date(2026, 12, 2), date(2026, 12, 1), date(2026, 12, 2), date(2026, 12, 3)),
        (datetime(2026, 12, 1, 20, tzinfo=UTC), None, date(2026, 12, 2), date(2026, 12, 3)),
    ],
)
def test_the_end_of_an_all_day_event_is_the_day_after(
    starts: date, ends: date | None, dtstart: date, dtend: date
) -> None:
    (event,) = events(of(msgspec.structs.replace(EVENT, all_day=True, starts=starts, ends=ends)))
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (dtstart, dtend)


def test_days_alone_need_no_zone() -> None:
    assert b"VTIMEZONE" not in calendar(of(msgspec.structs.replace(EVENT, all_day=True)))


def test_an_end_that_is_none_is_left_out() -> None:
    for ends in (EVENT.starts, datetime(2026, 11, 1, tzinfo=ZONE)):
        assert "DTEND" not in events(of(msgspec.structs.replace(EVENT, ends=ends)))[0]


def test_a_time_without_a_zone_is_one_of_the_calendars() -> None:
    (event,) = events(of(msgspec.structs.replace(EVENT, starts=datetime(2026, 12, 1, 14), ends=date(2026, 12, 1))))
    assert event["DTSTART"].dt == datetime(2026, 12, 1, 14, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert event["DTEND"].dt == datetime(2026, 12, 2, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_one_bad_event_spoils_no_calendar() -> None:
    bad = (
        msgspec.structs.replace(EVENT, uid="\x00"),
        msgspec.structs.replace(EVENT, uid="x", starts=datetime(1, 1, 1, tzinfo=ZONE)),
        msgspec.structs.replace(EVENT, uid="y", ends=datetime.max.replace(tzinfo=UTC)),
    )
    made = msgspec.structs.replace(CALENDAR, events=(*bad, EVENT, EVENT))
    assert [str(event["UID"]) for event in events(made)] == [EVENT.uid]


class TestSummerTime:
    BERLIN = ZoneInfo("Europe/Berlin")

    def at(self, *when: int, fold: int = 0) -> bytes:
        starts = datetime(*when, tzinfo=self.BERLIN, fold=fold)  # type: ignore[arg-type,misc]
        return calendar(of(msgspec.structs.replace(EVENT, starts=starts, ends=None), "Europe/Berlin"))

    def test_the_change_is_told_by_the_clock_before_it(self) -> None:
        lines = self.at(2026, 7, 1, 9).decode().split("\r\n")
        summer = lines[lines.index("BEGIN:DAYLIGHT") : lines.index("END:DAYLIGHT")]
        assert "DTSTART:20260329T020000" in summer
        assert {"TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "TZNAME:CEST"} < set(summer)
        assert "DTSTART:20261025T030000" in lines

    @pytest.mark.parametrize("day", [(2026, 1, 15), (2026, 3, 28), (2026, 3, 29), (2026, 7, 1), (2026, 10, 25)])
    @pytest.mark.parametrize("hour", [0, 1, 3, 4, 12])
    def test_other_programs_find_the_same_instant(self, day: tuple[int, int, int], hour: int) -> None:
        # A zone that only the file defines: nothing else can tell its offsets.
        content = self.at(*day, hour).replace(b"Europe/Berlin", b"/e.org/Berlin")
        (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
        assert event["DTSTART"].dt.astimezone(UTC) == datetime(*day, hour, tzinfo=self.BERLIN).astimezone(UTC)

    def test_an_hour_that_comes_twice_is_told_in_utc_the_second_time(self) -> None:
        assert b"DTSTART;TZID=Europe/Berlin:20261025T023000\r\n" in self.at(2026, 10, 25, 2, 30)
        assert b"DTSTART:20261025T013000Z\r\n" in self.at(2026, 10, 25, 2, 30, fold=1)

    def test_a_zone_without_it_has_one_rule(self) -> None:
        assert calendar(CALENDAR).count(b"TZOFFSETTO") == 1

    def test_utc_needs_no_rules(self) -> None:
        made = calendar(of(EVENT, "UTC"))
        assert b"VTIMEZONE" not in made
        assert b"DTSTART:20261201T060000Z\r\n" in made


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(KeyError, match="Nowhere"):
        calendar(of(EVENT, "Mars/Nowhere"))


def test_times_count_to_the_end_of_the_last_year() -> None:
    late = msgspec.structs.replace(EVENT, starts=EVENT.starts + timedelta(days=30), ends=None)
    (event,) = events(of(late))
    assert event["DTSTART"].dt == late.starts
