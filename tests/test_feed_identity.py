"""One id, one entry: whatever is copied, moved, renamed or written, no entry takes another's place in feeds."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from conftest import ORGANIZATION, SmallSite, codes, examples
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.catalogue.identity import BranchNames, resolve_feed_ids
from builder.model.published import IdClaim
from builder.model.values import Branch, Section

pytestmark = pytest.mark.slow

BRANCHES = "--- content/alpha/branch.yml\nname: 甲支部\n--- content/beta/branch.yml\nname: 乙支部\n"


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    return SmallSite(tmp_path).write(ORGANIZATION).write(BRANCHES)


def article(path: str, *head: str) -> str:
    lines = "\n".join(("title: 标题", *head))
    return f"--- content/{path}\n---\n{lines}\n---\n文\n"


def ids(site: SmallSite) -> dict[str, str]:
    """The feed id of each entry by its ref, from the data; each of them is in the feeds that it belongs to, once."""
    rows = json.loads(site.page("data/entries.json"))["entries"]
    found = {f"{row['branch']}/{row['section']}/{row['slug']}": row["id"] for row in rows}
    assert len(set(found.values())) == len(found) == len(rows)
    for folder in ("", "alpha/", "beta/"):
        feed = [item["id"] for item in json.loads(site.page(f"{folder}feed.json"))["items"]]
        assert sorted(feed) == sorted(each for ref, each in found.items() if ref.startswith(folder))
    return found


def tag(path: str) -> str:
    return f"tag:example.org,2026:{path}"


def test_a_copied_moved_from_makes_no_entry_vanish(site: SmallSite) -> None:
    moved = "moved_from: alpha/news/2026-11-10-duty"
    site.write(article("alpha/notices/2026-11-10-duty.md", moved))
    site.write(article("alpha/news/2026-11-27-duty.md", moved))
    result = site.build(now="2026-11-28T12:00:00+08:00")
    assert codes(result) == ["content/alpha/news/2026-11-27-duty.md:3 moved-from-duplicate none"]
    assert result.problems[0].arguments["other"] == "content/alpha/notices/2026-11-10-duty.md"
    assert ids(site) == {
        "alpha/notices/2026-11-10-duty": tag("alpha/news/2026-11-10-duty"),
        "alpha/news/2026-11-27-duty": tag("alpha/news/2026-11-27-duty"),
    }
    assert "alpha/notices/2026-11-10-duty/" in site.page("alpha/news/2026-11-10-duty/index.html")


def test_an_id_is_no_way_to_another_entrys_place(site: SmallSite) -> None:
    site.write(article("beta/news/2026-11-10-a.md"))
    site.write(article("alpha/news/2026-11-11-b.md", f"id: {tag('beta/news/2026-11-10-a')}"))
    assert codes(site.build()) == ["content/alpha/news/2026-11-11-b.md:3 id-duplicate none"]
    assert ids(site)["beta/news/2026-11-10-a"] == tag("beta/news/2026-11-10-a")
    # What is taken away or comes back in one branch is told, and changes ids, in the other.
    site.delete("content/beta/news/2026-11-10-a.md")
    assert codes(site.build()) == []
    assert ids(site) == {"alpha/news/2026-11-11-b": tag("beta/news/2026-11-10-a")}
    site.write(article("beta/news/2026-11-10-a.md"))
    assert len(codes(site.build())) == 1
    assert ids(site)["alpha/news/2026-11-11-b"] == tag("alpha/news/2026-11-11-b")


def test_an_id_and_a_move_to_the_same_place_are_told(site: SmallSite) -> None:
    site.write(article("alpha/news/2026-11-11-b.md", f"id: {tag('beta/news/2026-11-10-a')}"))
    site.write(article("alpha/news/2026-11-12-c.md", "moved_from: beta/news/2026-11-10-a"))
    assert codes(site.build()) == ["content/alpha/news/2026-11-12-c.md:3 moved-from-duplicate none"]
    assert ids(site)["alpha/news/2026-11-12-c"] == tag("alpha/news/2026-11-12-c")


def test_a_section_has_one_name_in_ids_whatever_it_is_called_in_a_move(site: SmallSite) -> None:
    site.write(ORGANIZATION.replace("news: {", "news: {formerly: [old], "))
    site.write(article("beta/news/2026-11-10-a.md"))
    assert codes(site.build()) == []
    assert ids(site) == {"beta/news/2026-11-10-a": tag("beta/old/2026-11-10-a")}
    for name in ("old", "news"):
        site.write(article("alpha/news/2026-11-12-c.md", f"moved_from: beta/{name}/2026-11-10-a"))
        assert codes(site.build()) == ["content/alpha/news/2026-11-12-c.md:3 moved-from-living none"]
        assert ids(site)["alpha/news/2026-11-12-c"] == tag("alpha/old/2026-11-12-c")
    site.delete("content/beta/news/2026-11-10-a.md")
    assert codes(site.build()) == []
    assert ids(site) == {"alpha/news/2026-11-12-c": tag("beta/old/2026-11-10-a")}


def test_calendars_have_every_event_with_a_uid_of_its_own(site: SmallSite) -> None:
    event = "--- content/alpha/events/{}.yml\ntitle: 活动\nstarts: 2026-12-0{} 09:00\nid: {}\n"
    for day in (1, 2, 3):
        site.write(event.format(f"2026-12-0{day}-e", day, "tag:example.org,2020:x"))
    told = [each.split()[1] for each in codes(site.build())]
    assert told.count("id-duplicate") == 2
    lines = [line for line in site.page("alpha/calendar.ics").splitlines() if line.startswith("UID:")]
    assert len(set(lines)) == len(lines) == 3


REFS = [f"{branch}/{section}/{slug}" for branch in "ab" for section in ("news", "notes") for slug in ("x", "y")]
OLD = [*REFS, "a/old/x", "a/older/x", "a/old/y", "gone/news/x", "a/nowhere/x", "data/entries.json/x"]
IDS = [f"tag:e.org,2026:{path}" for path in OLD] + ["tag:e.org,2026:%61/news/x", "urn:x", "https://e.org/1"]
SECTIONS = {"a": (Section("news", "动态", "article", formerly=("old", "older")), Section("notes", "通知", "article"))}
PLAIN = (Section("news", "动态", "article"), Section("notes", "通知", "article"))
LIVE = st.dictionaries(
    st.sampled_from(REFS),
    st.tuples(st.sampled_from(["", *IDS]), st.sampled_from(["", *OLD]), st.sampled_from("123")),
    min_size=1,
)


@given(LIVE)
@settings(max_examples=examples(250))
def test_ids_are_unique_and_nobody_loses_the_own_path(live: dict[str, tuple[str, str, str]]) -> None:
    branches = {slug: Branch(slug=slug, name=slug, sections=SECTIONS.get(slug, PLAIN)) for slug in "ab"}
    names = BranchNames(branches)
    claims = [IdClaim(ref, *said) for ref, said in live.items()]
    found = resolve_feed_ids("e.org", names, claims, live.__contains__)
    own = {ref: f"tag:e.org,2026:{names.first_path(ref)}" for ref in live}
    given_ids = {
        ref: live[ref][0] if ref in found.written else f"tag:e.org,2026:{found.moved.get(ref) or names.first_path(ref)}"
        for ref in live
    }
    assert len({each.replace("%61", "a") for each in given_ids.values()}) == len(live)
    # Who claims nothing is never changed by what others claim.
    assert all(given_ids[ref] == own[ref] for ref, (written, old, _) in live.items() if not written and not old)
    # A claim either holds, or is told, or can be no place where an entry was.
    lost = {(claim.ref, claim.key) for claim in found.lost}
    assert all(written in ("", given_ids[ref]) or (ref, "id") in lost for ref, (written, *_) in live.items())
    assert all(claim.owner in live and claim.owner != claim.ref for claim in found.lost)
    assert found == resolve_feed_ids("e.org", names, reversed(claims), live.__contains__)


EDITS = st.lists(
    st.tuples(st.sampled_from(("copy", "move", "rename", "id", "delete")), *[st.integers(0, 9)] * 2), max_size=8
)


@given(EDITS)
@settings(max_examples=examples(8))
def test_any_edits_leave_every_published_entry_in_its_feeds(edits: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = SmallSite(Path(folder)).write(ORGANIZATION).write(BRANCHES)
        texts = {"alpha/news/2026-11-01-a.md": "", "beta/news/2026-11-02-b.md": "", "beta/notices/2026-11-03-c.md": ""}
        for number, (what, first, second) in enumerate(edits):
            path = sorted(texts)[first % len(texts)]
            other = f"{('alpha', 'beta')[second % 2]}/{('news', 'notices')[second // 2 % 2]}/2026-11-{10 + number}-n.md"
            if what == "copy":
                texts[other] = texts[path]
            elif what == "move":
                texts.pop(path)
                texts[other] = f"moved_from: {path.removesuffix('.md')}"
            elif what == "rename":
                texts[other] = texts.pop(path)
            elif what == "id":
                texts[path] = f"id: {tag(sorted(texts)[second % len(texts)].removesuffix('.md'))}"
            elif len(texts) > 1:
                texts.pop(path)
        for path, head in texts.items():
            site.write(article(path, *(head,) * bool(head)))
        site.build()
        assert len(ids(site)) == len(texts)
