"""What only the last release knows: renamed files, changed hosts, events that moved, documents that come late."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import feedparser
import icalendar
import pytest
from conftest import ORGANIZATION, SmallSite, codes

from builder.audit.check import check_content
from builder.store import Store

pytestmark = pytest.mark.slow

FIRST, LATER, LATEST = "2026-11-23T09:00:00+08:00", "2026-11-24T10:30:00+08:00", "2026-11-25T08:00:00+08:00"
LONG = "上午九点，党员们从学校出发，走访了社区里的六位老党员，听他们讲过去的故事。"
BRANCHES = "\n--- content/alpha/branch.yml\nname: 甲支部\n--- content/beta/branch.yml\nname: 乙支部\n"
EVENT = """--- content/alpha/events/2026-12-01-open.yml
title: 开放日
date: 2026-11-20
starts: {starts}
location: {place}
{more}"""


@pytest.fixture
def site(make_site: Callable[[str], SmallSite]) -> SmallSite:
    return make_site(ORGANIZATION + BRANCHES)


def article(path: str, title: str, more: str = "", text: str = "文") -> str:
    return f"--- content/{path}.md\n---\ntitle: {title}\n{more}---\n{text}\n"


def event(starts: str = "2026-12-01 14:00", place: str = "礼堂", more: str = "") -> str:
    return EVENT.format(starts=starts, place=place, more=more)


def told(site: SmallSite, now: str = LATER) -> list[str]:
    """Problems of a check before the next build."""
    store = Store(site.root / ".branchpress", site.output)
    found = check_content(site.root, datetime.fromisoformat(now), store)
    return [f"{each.path}:{each.line or '-'} {each.code} {each.arguments.get('target', '')}".strip() for each in found]


def marks(site: SmallSite, path: str = "alpha/calendar.ics") -> dict[str, tuple[int, datetime]]:
    """The sequence and the last change of each event, by its title."""
    found = icalendar.Calendar.from_ical((site.output / path).read_bytes()).walk("VEVENT")
    return {str(each["SUMMARY"]): (each["SEQUENCE"], each["LAST-MODIFIED"].dt) for each in found}


def feed(site: SmallSite, path: str = "alpha/atom.xml") -> list[tuple[str, str]]:
    """The title and the date of each item."""
    return [(str(each.title), str(each.published)) for each in feedparser.parse(site.page(path)).entries]


# Renamed files.


def test_a_renamed_file_is_told_with_the_line_to_add(site: SmallSite) -> None:
    site.write(article("alpha/news/2026-11-01-visit", "走访"))
    site.build(FIRST)
    site.delete("content/alpha/news/2026-11-01-visit.md").write(
        article("alpha/news/2026-11-01-zoufang", "走访", text="改")
    )
    expected = "content/alpha/news/2026-11-01-zoufang.md:2 entry-renamed"
    assert told(site) == [f"{expected} alpha/news/2026-11-01-visit"]
    assert codes(site.build(LATER)) == [f"{expected} none"]
    # What is told of a branch stays until that changes; for a check, what is published is the past.
    site.write(article("beta/news/2026-11-24-a", "别的"))
    assert codes(site.build(LATER)) == [f"{expected} none"]
    assert told(site) == []
    site.write(article("alpha/news/2026-11-01-zoufang", "走访", "moved_from: alpha/news/2026-11-01-visit\n"))
    assert codes(site.build(LATER)) == []


@pytest.mark.parametrize(
    ("title", "text", "where"),
    [
        ("走访", "短", "alpha/news/2026-11-05-b"),
        ("新题", LONG, "alpha/notices/2026-11-05-b"),
        ("走访", LONG, "beta/news/2026-11-01-a"),
    ],
)
def test_title_or_text_make_it_the_same(site: SmallSite, title: str, text: str, where: str) -> None:
    site.write(article("alpha/news/2026-11-01-a", "走访", text=LONG))
    site.build(FIRST)
    site.delete("content/alpha/news/2026-11-01-a.md").write(article(where, title, text=text))
    assert told(site) == [f"content/{where}.md:2 entry-renamed alpha/news/2026-11-01-a"]
    assert [each.code for each in site.build(LATER).problems] == ["entry-renamed"]


@pytest.mark.parametrize(
    ("path", "title", "more", "text", "gone"),
    [
        ("alpha/news/2026-11-22-b", "别的", "", "别的文字", True),  # another entry
        ("alpha/news/2026-11-22-b", "走访", "", LONG, False),  # a copy
        ("beta/news/2026-11-22-b", "走访", "", "别的文字", True),  # an equal title in another branch
        ("alpha/news/2026-11-22-b", "走访", "moved_from: alpha/news/2026-11-22-a\n", LONG, True),  # said
        ("alpha/news/2026-11-22-b", "走访", "id: tag:example.org,2026:alpha/news/2026-11-22-a\n", LONG, True),  # said
    ],
)
def test_nothing_is_told_of_what_is_new_or_said(
    site: SmallSite, path: str, title: str, more: str, text: str, gone: bool
) -> None:
    site.write(article("alpha/news/2026-11-22-a", "走访", text=LONG))
    site.build(FIRST)
    if gone:
        site.delete("content/alpha/news/2026-11-22-a.md")
    site.write(article(path, title, more, text))
    assert [line for line in told(site) if "renamed" in line] == []
    assert [each.code for each in site.build(LATER).problems] == []


def test_a_file_that_becomes_a_folder_or_a_draft_is_not_renamed(site: SmallSite) -> None:
    site.write(article("alpha/news/2026-11-22-a", "走访", text=LONG) + article("alpha/news/2026-11-22-d", "读书"))
    site.build(FIRST)
    site.delete("content/alpha/news/2026-11-22-a.md").write(article("alpha/news/2026-11-22-a/index", "走访", text=LONG))
    site.write(article("alpha/news/2026-11-22-d", "读书", "draft: true\n") + article("alpha/news/2026-11-22-e", "读书"))
    assert told(site) == []
    assert codes(site.build(LATER)) == []


def test_a_section_that_says_its_former_name_has_nothing_renamed(site: SmallSite) -> None:
    site.write(article("alpha/news/2026-11-22-a", "走访", text=LONG))
    site.build(FIRST)
    settings = site.root / "content/organization.yml"
    text = settings.read_text("utf-8").replace(
        "  news: {title: 支部动态, ", "  xinwen: {title: 支部动态, formerly: [news], "
    )
    settings.write_text(text, "utf-8")
    (site.root / "content/alpha/news").rename(site.root / "content/alpha/xinwen")
    assert told(site) == []
    assert codes(site.build(LATER)) == []


@pytest.mark.parametrize("formerly", ["", "formerly: [news], "])
def test_a_renamed_section_is_told_once_for_all_its_entries(site: SmallSite, formerly: str) -> None:
    for day in range(10, 22):
        site.write(article(f"alpha/news/2026-11-{day}-a", f"走访{day}", text=LONG))
    site.build(FIRST)
    change(site, "  news: {title: 支部动态, ", f"  xinwen: {{title: 支部动态, {formerly}")
    (site.root / "content/alpha/news").rename(site.root / "content/alpha/xinwen")
    expected = [] if formerly else ["content/organization.yml:- section-renamed"]
    assert told(site) == expected
    found = codes(site.build(LATER))
    # So many at once are held until somebody says so; those that say where they were are not gone.
    assert [line for line in found if "mass-deletion" in line] == ([] if formerly else found[:1])
    assert [line for line in found if "section-renamed" in line] == [f"{line} none" for line in expected]
    change(site, "{title: 支部动态, ", "{title: 支部动态, formerly: [news], " if not formerly else "{title: 支部动态, ")
    assert codes(site.build(LATER)) == []
    assert "2026-11-20-a" in site.page("alpha/news/2026-11-20-a/index.html")


def test_many_renamed_files_are_paired_one_by_one(site: SmallSite) -> None:
    for day in range(10, 16):
        site.write(article(f"alpha/news/2026-11-{day}-a", "例会", text=f"{LONG}{day}"))
    site.build(FIRST)
    for day in range(10, 16):
        site.delete(f"content/alpha/news/2026-11-{day}-a.md")
        site.write(article(f"alpha/news/2026-11-{day}-b", "例会", text=f"{LONG}{day}"))
    assert told(site) == [
        f"content/alpha/news/2026-11-{day}-b.md:2 entry-renamed alpha/news/2026-11-{day}-a" for day in range(10, 16)
    ]


def test_a_branch_whose_folder_was_renamed_is_told_entry_by_entry(site: SmallSite) -> None:
    site.write(article("alpha/news/2026-11-22-a", "走访", text=LONG) + article("beta/news/2026-11-22-b", "乙"))
    site.build(FIRST)
    (site.root / "content/alpha").rename(site.root / "content/gamma")
    line = "content/gamma/news/2026-11-22-a.md:2 entry-renamed"
    assert told(site) == [f"{line} alpha/news/2026-11-22-a"]
    assert codes(site.build(LATER)) == [f"{line} none"]


# The authority of feed ids.


def change(site: SmallSite, old: str, new: str) -> None:
    file = site.root / "content/organization.yml"
    file.write_text(file.read_text("utf-8").replace(old, new), encoding="utf-8")


def test_a_changed_host_is_told_until_an_id_is_written(site: SmallSite) -> None:
    site.build(FIRST)
    change(site, "https://example.org/", "https://new.example.org/")
    assert [(each.code, each.arguments) for each in site.build(LATER).problems] == [
        ("feed-ids-changed", {"old": "example.org", "new": "new.example.org"})
    ]
    assert told(site) == ["content/organization.yml:3 feed-ids-changed"]
    assert [each.code for each in site.build(LATEST, clean=True).problems] == ["feed-ids-changed"]
    change(site, "url:", "id: example.org\nurl:")
    assert codes(site.build(LATEST)) == []


def test_the_new_host_as_id_ends_it_too_and_a_removed_id_begins_it(site: SmallSite) -> None:
    change(site, "url:", "id: forever.example.org\nurl:")
    assert codes(site.build(FIRST)) == []
    change(site, "id: forever.example.org\n", "")
    assert told(site) == ["content/organization.yml:3 feed-ids-changed"]
    assert len(site.build(LATER).problems) == 1
    change(site, "url:", "id: example.org\nurl:")
    assert codes(site.build(LATER)) == []
    change(site, "id: example.org\n", "")
    assert codes(site.build(LATER)) == []


# Events that moved.


def test_an_event_that_moves_is_taken_by_calendars(site: SmallSite) -> None:
    site.write(event())
    site.build(FIRST)
    before = marks(site)["开放日"]
    assert before == (0, datetime(2026, 11, 19, 16, tzinfo=UTC))
    site.write(event(place="操场"))
    site.build(LATER)
    moved = marks(site)["开放日"]
    assert moved[0] > before[0]
    assert moved[1] == datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
    # Everywhere alike, and without a further change nothing moves.
    site.build(LATEST)
    site.build(LATEST, clean=True)
    for path in (
        "alpha/calendar.ics",
        "alpha/events/calendar.ics",
        "calendar.ics",
        "alpha/events/2026-12-01-open/event.ics",
    ):
        assert marks(site, path)["开放日"] == moved


def test_other_changes_do_not_revise_it(site: SmallSite) -> None:
    site.write(event())
    site.build(FIRST)
    before = marks(site)["开放日"]
    site.write(event(more="organizer: 宣传部\nsummary: 欢迎\n"))
    site.build(LATER)
    assert marks(site)["开放日"] == before


def test_a_revision_number_never_goes_back(site: SmallSite) -> None:
    seen = []
    steps = [
        event(),
        event("2026-12-02 14:00"),
        event("2026-12-03 14:00"),  # twice in one minute
        event("2026-12-03 14:00", more="status: cancelled\n"),
        event("2026-12-03 14:00"),
        event("2026-12-03 15:00", more="updated: 2026-11-26 12:00\n"),
        event("2026-12-03 15:00"),  # `updated` is taken away
        event("2026-12-04 15:00"),
    ]
    for step in steps:
        site.write(step)
        site.build(LATER)
        seen.append(marks(site)["开放日"])
    assert seen == sorted(seen)
    changed = [one[0] for one, other in zip(seen[1:], seen, strict=False) if one != other]
    assert len(set(changed)) == len(changed) == 6


def test_an_event_keeps_its_revision_wherever_it_goes(site: SmallSite) -> None:
    site.write(event())
    site.build(FIRST)
    site.write(event(place="操场"))
    site.build(LATER)
    moved = marks(site)["开放日"]
    text = event(place="操场").replace("2026-12-01-open", "2026-12-01-day")
    site.delete("content/alpha/events/2026-12-01-open.yml").write(text + "moved_from: alpha/events/2026-12-01-open\n")
    site.build(LATEST)
    assert marks(site)["开放日"] == moved
    # Another branch does not know it: it counts as revised now.
    site.delete("content/alpha/events/2026-12-01-day.yml")
    site.write(text.replace("alpha", "beta") + "moved_from: alpha/events/2026-12-01-open\n")
    site.build(LATEST)
    assert marks(site, "beta/calendar.ics")["开放日"] > moved


def test_a_draft_between_does_not_hide_the_change(site: SmallSite) -> None:
    site.write(event())
    site.build(FIRST)
    site.write(event(more="draft: true\n"))
    site.build(FIRST)
    site.write(event(place="操场"))
    site.build(LATER)
    assert marks(site)["开放日"][0] > 0


def test_without_its_state_the_next_change_is_above_the_last(site: SmallSite) -> None:
    site.write(event())
    site.build(FIRST)
    site.write(event(place="操场"))
    site.build(LATER)
    moved = marks(site)["开放日"]
    shutil.rmtree(site.root / ".branchpress")
    shutil.rmtree(site.output)
    site.build(LATER)
    site.write(event(place="球场"))
    site.build(LATEST)
    assert marks(site)["开放日"] > moved


# Documents that come late.


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """A branch whose feed is full; nobody edits it."""
    site = SmallSite(tmp_path_factory.mktemp("busy")).write(ORGANIZATION + BRANCHES)
    change(site, "short_name:", "feeds: {items: 2}\nshort_name:")
    for day in (18, 19, 20):
        site.write(article(f"alpha/news/2026-11-{day}-n", f"新闻{day}"))
    site.build(FIRST)
    return site


@pytest.fixture
def busy(full: SmallSite, tmp_path: Path) -> SmallSite:
    """One to be edited."""
    root = tmp_path / "busy"
    root.mkdir()
    return full.copy(root)


LATE = "alpha/policies/2026-09-01-p"


def test_an_old_document_that_comes_late_is_told(busy: SmallSite) -> None:
    busy.write(article(LATE, "九月的文件"))
    assert told(busy) == [f"content/{LATE}.md:- entry-late"]
    assert codes(busy.build(LATER)) == [f"content/{LATE}.md:- entry-late none"]
    assert [title for title, _ in feed(busy)] == ["新闻20", "新闻19"]


def test_announce_brings_it_into_feeds_as_of_the_day_it_appeared(busy: SmallSite) -> None:
    busy.write(article(LATE, "九月的文件", "announce: true\n"))
    assert told(busy) == []
    archive = busy.page("alpha/archive-1.xml")
    assert codes(busy.build(LATER)) == []
    expected = [("九月的文件", "2026-11-24T10:30:00+08:00"), ("新闻20", "2026-11-20T00:00:00+08:00")]
    assert feed(busy) == feed(busy, "atom.xml") == expected
    assert feed(busy, "alpha/policies/atom.xml") == expected[:1]
    assert busy.page("alpha/archive-1.xml") == archive
    # It stays there, and its page and the lists go on saying what the document says.
    busy.write(article("alpha/news/2026-11-25-n", "新闻25"))
    busy.build(LATEST)
    busy.build(LATEST, clean=True)
    assert feed(busy) == [("新闻25", "2026-11-25T00:00:00+08:00"), expected[0]]
    assert 'datetime="2026-09-01' in busy.page(f"{LATE}/index.html")
    entries: list[dict[str, Any]] = json.loads(busy.page("data/entries.json"))["entries"]
    assert next(each["date"] for each in entries if each["title"] == "九月的文件").startswith("2026-09-01")


def test_announced_a_day_later_it_still_appeared_when_it_did(busy: SmallSite) -> None:
    busy.write(article(LATE, "九月的文件"))
    busy.build(LATER)
    busy.write(article(LATE, "九月的文件", "announce: true\n"))
    busy.build(LATEST)
    assert feed(busy)[0] == ("九月的文件", "2026-11-24T10:30:00+08:00")


def test_what_was_there_before_is_announced_when_that_is_written(busy: SmallSite) -> None:
    busy.write(article("alpha/news/2026-11-18-n", "新闻18", "announce: true\n"))
    busy.build(LATER)
    assert feed(busy)[0] == ("新闻18", "2026-11-24T10:30:00+08:00")
    assert "<dateModified>Tue, 24 Nov 2026 10:30:00 +0800<" in busy.page("feeds.opml")


def test_without_a_state_nobody_knows_and_the_date_counts(busy: SmallSite) -> None:
    busy.write(article(LATE, "九月的文件", "announce: true\n"))
    shutil.rmtree(busy.root / ".branchpress")
    shutil.rmtree(busy.output)
    busy.build(LATER)
    assert [title for title, _ in feed(busy)] == ["新闻20", "新闻19"]


def test_a_new_entry_of_these_days_is_nothing_to_tell(busy: SmallSite) -> None:
    busy.write(article("alpha/news/2026-11-22-n", "新闻22"))
    assert told(busy) == []
    assert codes(busy.build(LATER)) == []


def test_an_entry_that_moved_is_neither_late_nor_announced_again(busy: SmallSite) -> None:
    busy.delete("content/alpha/news/2026-11-18-n.md")
    busy.write(article("alpha/notices/2026-11-18-n", "新闻18", "announce: true\nmoved_from: alpha/news/2026-11-18-n\n"))
    assert told(busy) == []
    assert codes(busy.build(LATER)) == []
    assert [title for title, _ in feed(busy)] == ["新闻20", "新闻19"]


def test_nothing_of_what_is_gone_is_kept(busy: SmallSite) -> None:
    busy.write(article(LATE, "九月的文件") + event())
    busy.build(LATER)
    busy.delete(f"content/{LATE}.md", "content/alpha/events/2026-12-01-open.yml")
    busy.build(LATEST)
    busy.write(article("alpha/news/2026-11-25-n", "新闻25"))
    busy.build(LATEST)
    record = Store(busy.root / ".branchpress", busy.output).record("alpha")
    assert record is not None
    assert record.history.events == record.history.appeared == {}


def test_equal_times_written_in_other_zones_give_equal_bytes(busy: SmallSite, tmp_path: Path) -> None:
    busy.write(article(LATE, "九月的文件", "announce: true\n") + event())
    other = tmp_path / "other"
    shutil.copytree(busy.root, other, symlinks=True)
    busy.build(LATER)
    store = Store(busy.root / ".branchpress", busy.output).folder
    twin = SmallSite.__new__(SmallSite)
    twin.root, twin.output = other, other / "sites"
    (other / ".branchpress" / store.name).rename(Store(other / ".branchpress", twin.output).folder)
    twin.build("2026-11-24T02:30:00+00:00")
    assert twin.files() == busy.files()
