"""Dates, spans and sizes as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.content.date_hints import probable_dates
from builder.model.dates import Span, far_ahead, name_prefix, parse_day, parse_moment, parse_size, parse_span
from builder.model.zones import zone_of

SHANGHAI = zone_of("Asia/Shanghai") or UTC


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20",
        "2026-1-2",
        "2026/11/20",
        "2026.11.20",
        "2026年11月20日",
        "2026 年 11 月 20 日",
        "２０２６－１１－２０",
        "２０２６年１１月２０日",
        " 2026-11-20 ",
        "2026-11-20 +0800",
        "2026-11-20+08:00",
        "2026-11-20 -0500",
    ],
)
def test_a_day_in_any_of_its_forms(text: str) -> None:
    moment = parse_moment(text, SHANGHAI)
    assert moment is not None
    assert moment.day
    assert moment.end - moment.at == timedelta(days=1)
    assert moment.at.isoformat().endswith("T00:00:00+08:00")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-20 09:30", "2026-11-20T09:30:00+08:00"),
        ("2026-11-20 9:30", "2026-11-20T09:30:00+08:00"),
        ("2026-11-20T09:30:15", "2026-11-20T09:30:15+08:00"),
        ("2026-11-20T09:30:15.5Z", "2026-11-20T09:30:15+00:00"),
        ("2026-11-20T09:30+01:00", "2026-11-20T09:30:00+01:00"),
        ("2026-11-20 09:30:00 +0800", "2026-11-20T09:30:00+08:00"),
        ("2026-11-20 09:30:00 -0500 EST", "2026-11-20T09:30:00-05:00"),
        ("2026-11-20 09:30 +0800 (CST)", "2026-11-20T09:30:00+08:00"),
        ("2026年11月20日 09:30", "2026-11-20T09:30:00+08:00"),
        ("2026年11月20日09：30", "2026-11-20T09:30:00+08:00"),
        ("２０２６－１１－２０　０９：３０", "2026-11-20T09:30:00+08:00"),
    ],
)
def test_a_time_is_an_instant(text: str, instant: str) -> None:
    moment = parse_moment(text, SHANGHAI)
    assert moment is not None
    assert moment.at.isoformat() == instant
    assert moment.end == moment.at
    assert not moment.day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-30",
        "2026-13-01",
        "2026-11-20 24:00",
        "2026-11-20 09:60",
        "2026-11",
        "20261120",
        "2026-11/20",
        "2026-11-2009:30",
        "0026-11-20",
        "9026-11-20",
        "20.11.2026",
        "2026-11-20 08:00:00 CST",
        "2026-11-20 0800",
        "2026-11-20 09:30 +8000",
        "2026-11-20 09:30 +15:00",
        "2026-11-20 09:30 -08:60",
        "tomorrow",
        "٢٠٢٦-١١-٢٠",
    ],
)
def test_no_date(text: str) -> None:
    assert parse_moment(text, SHANGHAI) is None


def test_a_day_alone_lasts_until_the_next_midnight_of_its_zone() -> None:
    berlin = zone_of("Europe/Berlin") or UTC
    moment = parse_moment("2026-10-25", berlin)
    assert moment is not None
    assert moment.end - moment.at == timedelta(hours=25)
    assert not moment.over(datetime(2026, 10, 25, 22, 59, tzinfo=UTC))
    assert moment.over(datetime(2026, 10, 25, 23, 0, tzinfo=UTC))


def test_a_time_is_over_after_its_instant() -> None:
    moment = parse_moment("2026-11-20 09:30Z", UTC)
    assert moment is not None
    assert not moment.over(moment.at)
    assert moment.over(moment.at + timedelta(seconds=1))


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_reads_back(day: date) -> None:
    for text in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month:02}/{day.day:02}"):
        assert parse_day(text) == day


@given(st.text(max_size=30))
def test_no_text_is_too_strange(text: str) -> None:
    moment = parse_moment(text, SHANGHAI)
    assert moment is None or 1900 <= moment.at.year <= 2199


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("2026-11-20-visit", (True, date(2026, 11, 20))),
        ("2026-11-20", (True, date(2026, 11, 20))),
        ("2026-02-30-visit", (True, None)),
        ("2026-11-2-visit", (False, None)),
        ("visit-2026-11-20", (False, None)),
        ("2026-11-20visit", (False, None)),
    ],
)
def test_the_date_that_a_name_begins_with(name: str, found: tuple[bool, date | None]) -> None:
    assert name_prefix(name) == found


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("14 days", Span(amount=14, unit="days")),
        ("1 day", Span(amount=1, unit="days")),
        ("6 months", Span(amount=6, unit="months")),
        ("5 working days", Span(amount=5, unit="working days")),
        ("2 weeks", Span(amount=2, unit="weeks")),
        ("1 year", Span(amount=1, unit="years")),
        ("14天", Span(amount=14, unit="days")),
        ("5个工作日", Span(amount=5, unit="working days")),
        ("６个月", Span(amount=6, unit="months")),
        ("soon", None),
        ("-3 days", None),
        ("3", None),
    ],
)
def test_lengths_of_time(text: str, span: Span | None) -> None:
    assert parse_span(text) == span


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2 MB", 2_000_000),
        ("2MB", 2_000_000),
        ("1.5 GB", 1_500_000_000),
        ("500 kB", 500_000),
        ("1000", 1000),
        ("0", None),
        ("-1 MB", None),
        ("2 MiB", None),
        ("much", None),
    ],
)
def test_sizes_are_decimal(text: str, size: int | None) -> None:
    assert parse_size(text) == size


def test_more_than_a_year_ahead_is_usually_a_typing_error() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert not far_ahead(now + timedelta(days=365), now)
    assert far_ahead(now + timedelta(days=367), now)


@pytest.mark.parametrize("name", ["Nowhere/Land", "../etc/passwd", "", "/etc/localtime"])
def test_unknown_zones(name: str) -> None:
    assert zone_of(name) is None


@pytest.mark.parametrize(
    ("text", "probable"),
    [
        ("12月1日下午2点", ["2026-12-01 14:00"]),
        ("2026年12月1日 星期二 晚上7点半", ["2026-12-01 19:30"]),
        ("2026-12-01 14:00-16:00", ["2026-12-01 14:00", "2026-12-01 16:00"]),
        ("2026年12月1日下午2:00至4:00", ["2026-12-01 14:00", "2026-12-01 16:00"]),
        ("2026.12.1 9:00 — 2026.12.3 17:00", ["2026-12-01 09:00", "2026-12-03 17:00"]),
        ("12月1日至12月3日", ["2026-12-01", "2026-12-03"]),
        ("20261201", ["2026-12-01"]),
        ("1.12.2026", ["2026-12-01"]),
        ("Dec 1, 2026 2:30 pm", ["2026-12-01 14:30"]),
        ("1st December 2026", ["2026-12-01"]),
        ("2026年12月1日24时", ["2026-12-02 00:00"]),
        ("12月31日晚上12点", ["2027-01-01 00:00"]),
        ("12月1日中午12点", ["2026-12-01 12:00"]),
        ("Dec 1, 2026 12:30 am", ["2026-12-01 00:30"]),
        ("2026-12-01 22:00-24:00", ["2026-12-01 22:00", "2026-12-02 00:00"]),
        ("12月35日", []),
        ("待定", []),
        ("周五下午", []),
    ],
)
def test_what_a_date_in_another_form_probably_means(text: str, probable: list[str]) -> None:
    assert parse_moment(text, UTC) is None
    assert probable_dates(text, 2026) == probable
    assert all(parse_moment(each, UTC) for each in probable)


@given(st.text("0123456789年月日时点上下午-/.: 至~abc，"))
def test_a_probable_date_is_a_date(text: str) -> None:
    assert all(parse_moment(each, UTC) for each in probable_dates(text, 2026) if "1899" < each[:4] < "2200")


def test_the_end_of_an_event_is_no_time_zone() -> None:
    assert parse_moment("2026-12-01 09:00-11:00", UTC) is None
    for written in ("2026-12-01T09:00-05:00", "2026-12-01 09:00:00-05:00", "2026-12-01 09:00 -0500"):
        moment = parse_moment(written, UTC)
        assert moment is not None
        assert moment.at.utcoffset() == timedelta(hours=-5)
