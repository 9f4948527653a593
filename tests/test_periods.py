"""Lengths of time on the calendar: deadlines, and how far back something counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.model.dates import Span
from builder.model.periods import days_between, first_day, last_day

HOLIDAYS = ((date(2026, 10, 1), date(2026, 10, 7)),)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("start", "amount", "unit", "last"),
    [
        ("2026-11-20", 14, "days", "2026-12-04"),
        ("2026-11-20", 2, "weeks", "2026-12-04"),
        ("2026-01-31", 1, "months", "2026-02-28"),
        ("2026-11-30", 3, "months", "2027-02-28"),
        ("2024-02-29", 1, "years", "2025-02-28"),
        ("2026-12-31", 12, "months", "2027-12-31"),
        # Friday; the weekend does not count, nor does a holiday, nor the day itself.
        ("2026-11-20", 1, "working days", "2026-11-23"),
        ("2026-11-20", 5, "working days", "2026-11-27"),
        ("2026-11-21", 1, "working days", "2026-11-23"),
        ("2026-09-30", 1, "working days", "2026-10-08"),
        ("2026-09-30", 3, "working days", "2026-10-12"),
        ("9999-12-01", 5, "years", "9999-12-31"),
        ("9999-12-01", 99999, "days", "9999-12-31"),
    ],
)
def test_the_last_day_in_time(start: str, amount: int, unit: str, last: str) -> None:
    span = Span(amount=amount, unit=unit)  # type: ignore[arg-type]
    assert last_day(date.fromisoformat(start), span, HOLIDAYS) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("end", "amount", "unit", "first"),
    [
        ("2026-12-04", 14, "days", "2026-11-20"),
        ("2026-12-04", 2, "weeks", "2026-11-20"),
        ("2026-12-04", 14, "working days", "2026-11-20"),
        ("2026-03-31", 1, "months", "2026-02-28"),
        ("2026-01-15", 1, "months", "2025-12-15"),
        ("2024-02-29", 1, "years", "2023-02-28"),
        ("0001-06-01", 1, "years", "0001-01-01"),
        ("0001-06-01", 999, "days", "0001-01-01"),
    ],
)
def test_the_first_day_that_counts(end: str, amount: int, unit: str, first: str) -> None:
    span = Span(amount=amount, unit=unit)  # type: ignore[arg-type]
    assert first_day(date.fromisoformat(end), span) == date.fromisoformat(first)


@given(DAYS, st.integers(1, 60))
def test_working_days_are_as_many_as_it_took(start: date, amount: int) -> None:
    span = Span(amount=amount, unit="working days")
    end = last_day(start, span, HOLIDAYS)
    assert days_between(start, end, span, HOLIDAYS) == amount
    assert days_between(start, end - timedelta(days=1), span, HOLIDAYS) == amount - 1
    assert days_between(start, end) == (end - start).days
