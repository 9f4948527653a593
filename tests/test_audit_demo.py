"""The demo's audit against what was counted by hand, on 5 December 2026 (a Saturday)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import pytest
from conftest import REPOSITORY

from builder.audit.findings import Finding
from builder.audit.run import Audit, audit
from builder.workers import SerialExecutor

pytestmark = pytest.mark.slow

NOW = "2026-12-05T12:00+08:00"
# Days since the newest file of news (18 + 17 + … of November, 4 of November in the laboratory), where that is over 14.
NEWS = {
    "international": 18,
    "international-1": 17,
    "library": 24,
    "library-reading": 17,
    "literature": 19,
    "literature-1": 21,
    "literature-graduate": 22,
    "mechanical": 16,
    "mechanical-1": 15,
    "mechanical-2": 209,
    "mechanical-faculty": 23,
    "mechanical-lab": 31,
    "retired": 194,
}
# Sections that are shown and hold nothing; the notices of library-reading have all expired.
EMPTY = {
    "international-1": ["about-us"],
    "library": ["members"],
    "library-digital": "about-us events letters members news notices policies study voices".split(),
    "library-reading": ["about-us", "notices"],
    "literature-1": ["about-us"],
    "mechanical": ["members"],
    "mechanical-2": ["about-us", "notices"],
    "mechanical-faculty": ["about-us", "notices"],
    "retired": ["members"],
}


@pytest.fixture(scope="module")
def found() -> Iterator[Audit]:
    with SerialExecutor() as executor:
        yield audit(REPOSITORY, datetime.fromisoformat(NOW), executor)


def of(found: Audit, rule: str) -> list[Finding]:
    return [finding for finding in found.findings if finding.code == rule]


def test_news_is_overdue_fourteen_days_after_the_last(found: Audit) -> None:
    stale = {one.branch: one.measure for one in of(found, "section-stale") if one.section == "news"}
    assert stale == NEWS
    # 211 days from 8 May; the six months of notices ended on 8 November.
    others = [(one.branch, one.section, one.measure) for one in of(found, "section-stale") if one.section != "news"]
    assert others == [("retired", "notices", 211)]


def test_three_branches_are_asleep(found: Audit) -> None:
    # The last of mechanical-2 is of 11 May, of retired 25 May; library-digital has only just been founded.
    assert {one.branch: one.measure for one in of(found, "site-asleep")} == {
        "mechanical-2": 208,
        "retired": 194,
        "library-digital": None,
    }
    assert {score.branch for score in found.scores if score.failed} == {"mechanical-2", "retired", "library-digital"}


def test_sections_that_hold_nothing(found: Audit) -> None:
    empty: dict[str, list[str]] = {}
    for one in of(found, "section-empty"):
        empty.setdefault(one.branch, []).append(one.section)
    assert {branch: sorted(sections) for branch, sections in empty.items()} == EMPTY


def test_two_letters_wait_for_longer_than_five_working_days(found: Audit) -> None:
    # Received on Friday 20 and Saturday 21 November; since then two whole weeks have passed.
    assert [(one.path.removeprefix("content/"), one.measure) for one in of(found, "letter-waiting")] == [
        ("library/letters/2026-11-21-elevator.yml", 10),
        ("mechanical/letters/2026-11-20-drinking-water.yml", 10),
    ]


def test_one_policy_lacks_its_interpretation_and_one_text_was_copied(found: Audit) -> None:
    assert [(one.path.removeprefix("content/"), one.measure) for one in of(found, "policy-uninterpreted")] == [
        ("mechanical/policies/2026-10-26-open-door.md", 40)
    ]
    assert [(one.path.removeprefix("content/"), one.arguments["other"]) for one in of(found, "near-duplicate")] == [
        ("mechanical-2/news/2026-03-15-toolbox.md", "content/mechanical-3/news/2026-03-08-toolbox.md:2")
    ]


def test_committees_whose_three_years_are_over(found: Audit) -> None:
    # From 2022-12, 2023-04, 2023-06, 2023-12, 2022-09 and 2021-05.
    assert {one.branch: one.measure for one in of(found, "term-ended")} == {
        "library": 369,
        "library-reading": 248,
        "literature": 187,
        "mechanical-faculty": 4,
        "mechanical-lab": 460,
        "retired": 948,
    }


def test_everything_else_is_in_order(found: Audit) -> None:
    counts = Counter(one.code for one in found.findings)
    # 122 articles, notices and policies without summary in open branches, six of them expired.
    assert counts["summary-missing"] == 116
    assert (counts["empty-sections"], counts["sections-hidden"]) == (1, 1)
    told = {"section-stale", "site-asleep", "section-empty", "letter-waiting", "policy-uninterpreted", "near-duplicate"}
    told |= {"term-ended", "summary-missing", "source-missing", "empty-sections", "sections-hidden"}
    assert set(counts) == told
