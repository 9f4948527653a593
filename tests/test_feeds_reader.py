"""What somebody sees who subscribes and comes back after every edit: exactly what is new, and nothing twice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import unquote

import feedparser
import pytest
from conftest import NOW, ORGANIZATION, TWO_BRANCHES, SmallSite
from feed_entries import entries_of

NAMES = ("feed.xml", "atom.xml", "feed.json")
FEEDS = ("", "alpha/", "alpha/news/", "alpha/all/", "feeds/news/")


class Reader:
    """A feed reader: it asks, and remembers ids and times."""

    def __init__(self, site: SmallSite, path: str) -> None:
        self.site, self.path = site, path
        self.known: dict[str, str] = {}

    def ask(self) -> tuple[list[str], list[str]]:
        """The titles of what it shows as new, and of what it shows again because it has changed."""
        new, again = [], []
        for id_, title, updated in entries_of(self.site.page(self.path).encode()):
            if id_ not in self.known:
                new.append(title)
            elif self.known[id_] != updated:
                again.append(title)
            self.known[id_] = updated
        return new, again


def entry(title: str, *lines: str, body: str = "文") -> str:
    return "\n".join(["---", f"title: {title}", *lines, "---", body, ""])


@pytest.mark.slow
def test_only_new_entries_are_shown_as_new(built_site: SmallSite) -> None:
    readers = {(path, name): Reader(built_site, path + name) for path in FEEDS for name in NAMES}
    for reader in readers.values():
        reader.ask()
    seen: list[str] = []

    def edited(now: str = NOW) -> tuple[list[str], list[str]]:
        """What a reader of the branch is shown, in whatever format; all of its feeds agree. RSS does not tell that an entry
        has changed."""
        built_site.build(now)
        shown = {key: reader.ask() for key, reader in readers.items()}
        new, again = shown["alpha/", "atom.xml"]
        assert shown == {key: (new, again if key[1] != "feed.xml" else []) for key in readers}
        seen.extend(new)
        return new, again

    folder = "--- content/alpha/news/2026-11-20-visit.md\n"
    built_site.write(folder + entry("走访慰问群众", "tags: [志愿服务]", body="上午九点,党员们出发了。改正了一个错字。"))
    assert edited() == ([], [])
    built_site.write("--- content/alpha/news/2026-11-22-b.md\n" + entry("新消息"))
    assert edited() == (["新消息"], [])
    built_site.write("--- content/alpha/branch.yml\nname: 改名的支部\nlanguage: zh\n")
    assert edited() == ([], [])
    built_site.write("--- content/alpha/news/2026-11-22-b.md\n" + entry("新消息", "updated: 2026-11-23"))
    assert edited() == ([], ["新消息"])
    built_site.delete("content/alpha/news/2026-11-22-b.md")
    moved = entry("新消息", "updated: 2026-11-23", "date: 2026-11-22", "moved_from: alpha/news/2026-11-22-b")
    built_site.write("--- content/alpha/news/2026-11-22-renamed.md\n" + moved)
    assert edited() == ([], [])
    built_site.write("--- content/alpha/news/2026-11-24-c.md\n" + entry("预告"))
    built_site.write("--- content/alpha/news/2026-11-22-d.md\n" + entry("草稿", "draft: true"))
    assert edited() == ([], [])
    assert edited("2026-11-24T00:00:00+08:00") == (["预告"], [])
    built_site.write("--- content/alpha/news/2026-11-22-d.md\n" + entry("草稿"))
    assert edited("2026-11-24T00:00:00+08:00") == (["草稿"], [])
    built_site.delete("content/alpha/news/2026-11-24-c.md")
    assert edited("2026-11-24T00:00:00+08:00") == ([], [])
    built_site.write("--- mkdocs.yml\ntheme: {name: material, palette: {primary: indigo}}\n")
    new_home = ORGANIZATION.replace("url: https://example.org/", "url: https://new.example.net/\nid: example.org")
    built_site.write(new_home.replace("news: {", "dispatch: {formerly: [news], "))
    for branch in ("alpha", "beta"):
        (built_site.root / "content" / branch / "news").rename(built_site.root / "content" / branch / "dispatch")
    for (path, name), reader in readers.items():
        reader.path = path.replace("news", "dispatch") + name
    assert edited("2026-11-24T00:00:00+08:00") == ([], [])
    assert seen == ["新消息", "预告", "草稿"]


@pytest.mark.slow
def test_two_builds_give_the_same_bytes(make_site: Callable[[str], SmallSite]) -> None:
    texts = (
        ORGANIZATION + "--- content/alpha/branch.yml\nname: 甲\n--- content/alpha/news/2026-11-20-a.md\n" + entry("一")
    )
    one, two = make_site(texts), make_site(texts)
    one.build()
    two.build("2027-03-01T12:00:00+08:00")
    for path in one.files():
        if path.rpartition("/")[2] in ("feed.xml", "atom.xml", "feed.json", "calendar.ics", "feeds.opml"):
            assert one.page(path) == two.page(path), path


@pytest.mark.slow
def test_another_look_changes_no_feed(built_site: SmallSite) -> None:
    before = built_site.times()
    built_site.write("--- mkdocs.yml\ntheme: {name: material, palette: {primary: indigo}}\n")
    assert built_site.build().why["alpha"]
    after = built_site.times()
    feeds = [path for path in after if path.endswith(("feed.xml", "atom.xml", "feed.json", ".ics", ".opml"))]
    assert {path: after[path] for path in feeds} == {path: before[path] for path in feeds}


def add(site: SmallSite, number: int, body: str = "全文在此") -> None:
    """Writes one of many entries, a day each."""
    day = datetime(2026, 10, 1) + timedelta(days=number)
    site.write(
        f"--- content/alpha/news/{day:%Y-%m-%d}-n.md\n" + entry(f"第{number}篇", body=f"首段。\n\n{body}{number}")
    )


def with_archives(site: SmallSite) -> SmallSite:
    """A site whose feeds hold three entries, so that few are many."""
    site.write(ORGANIZATION + "feeds: {items: 3}\n" + TWO_BRANCHES).delete("content/beta")
    for number in range(9):
        add(site, number)
    site.build()
    return site


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """One to be read; nobody edits it."""
    return with_archives(SmallSite(tmp_path_factory.mktemp("long")))


class TestArchives:
    """RFC 5005: what no longer fits is in archives, and every feed leads to them."""

    @pytest.fixture
    def edited(self, make_site: Callable[[str], SmallSite]) -> SmallSite:
        """One to be edited."""
        return with_archives(make_site(""))

    def walk(self, site: SmallSite, path: str, link: Callable[[str], str]) -> list[str]:
        """Every title from the feed at ``path`` back through its archives, each once."""
        titles: list[str] = []
        while path:
            content = site.page(path)
            found = [each.title for each in entries_of(content.encode())]
            titles += [title for title in found if title not in titles]
            path = unquote(link(content)).removeprefix("https://example.org/")
        return titles

    @pytest.mark.parametrize("path", ["", "alpha/", "alpha/news/", "feeds/news/"])
    def test_a_reader_that_was_away_finds_everything(self, long: SmallSite, path: str) -> None:
        def previous(content: str) -> str:
            links = feedparser.parse(content).feed.links
            return next((link.href for link in links if link.rel == "prev-archive"), "")

        def following(content: str) -> str:
            found: str = json.loads(content).get("next_url", "")
            return found

        every = ["走访慰问", *(f"第{number}篇" for number in range(8, -1, -1))]
        assert self.walk(long, f"{path}feed.xml", previous) == every
        assert self.walk(long, f"{path}atom.xml", previous) == every
        assert self.walk(long, f"{path}feed.json", following) == every

    def test_an_archive_says_so_and_leads_to_the_feed(self, long: SmallSite) -> None:
        content = long.page("alpha/news/archive-2.xml")
        assert '<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/>' in content
        read = feedparser.parse(content)
        assert {link.rel: link.href for link in read.feed.links} == {
            "alternate": "https://example.org/alpha/news/",
            "self": "https://example.org/alpha/news/archive-2.xml",
            "prev-archive": "https://example.org/alpha/news/archive-1.xml",
            "current": "https://example.org/alpha/news/atom.xml",
        }
        assert read.feed.id == feedparser.parse(long.page("alpha/news/atom.xml")).feed.id
        assert [each.title for each in read.entries] == ["第5篇", "第4篇", "第3篇"]

    def test_archives_of_a_branch_hold_full_texts_and_those_over_several_summaries(self, long: SmallSite) -> None:
        assert "全文在此0" in long.page("alpha/news/archive-1.xml")
        assert "全文在此0" in long.page("alpha/archive-1.json")
        assert "全文在此0" not in long.page("archive-1.xml")
        assert "首段。" in long.page("archive-1.xml")

    @pytest.mark.slow
    def test_a_new_entry_changes_no_archive(self, edited: SmallSite) -> None:
        before = {path: time for path, time in edited.times().items() if "archive-" in path}
        for number in (9, 10):
            add(edited, number)
            edited.build()
        after = edited.times()
        assert len(before) == 5 * 3 * 2
        assert {path: after[path] for path in before} == before
        archived = entries_of(edited.page("alpha/archive-3.xml").encode())
        assert [each.title for each in archived] == ["第8篇", "第7篇", "第6篇"]

    def test_an_edited_old_entry_changes_its_archive_alone(self, edited: SmallSite) -> None:
        before = edited.times()
        add(edited, 4, "改过的全文")
        edited.build()
        after = edited.times()
        changed = {path for path in after if "archive-" in path and after[path] != before[path]}
        assert changed == {f"{path}archive-2.{kind}" for path in ("alpha/", "alpha/news/") for kind in ("xml", "json")}

    def test_what_fits_needs_no_archive(self, built_site: SmallSite) -> None:
        assert not [path for path in built_site.files() if "archive-" in path]


def test_what_has_no_date_is_no_news(site: SmallSite) -> None:
    site.write(
        "--- content/alpha/branch.yml\nname: 甲支部\nsections:\n  add:\n"
        "    {about-us: {title: 组织机构, type: article, dated: false}}\n"
        "--- content/alpha/about-us/structure.md\n---\ntitle: 组成\n---\n三名委员。\n"
        "--- content/alpha/about-us/moved.md\n---\ntitle: 搬家\ndate: 2026-11-22\n---\n换了房间。\n"
    )
    assert site.build().problems == ()
    assert "组成" in site.page("alpha/about-us/index.html")
    for feed in ("feed.xml", "alpha/atom.xml", "alpha/about-us/feed.json"):
        assert "组成" not in site.page(feed)
        assert "搬家" in site.page(feed)


@pytest.mark.slow
def test_the_last_change_of_a_feed_never_goes_back(site: SmallSite) -> None:
    """Readers that ask for what is newer than the last time would miss the next entry."""
    new = "--- content/beta/news/2026-11-22-b.md\n" + entry("新消息", "updated: 2026-11-23 08:00")
    site.write(new)
    site.build()
    paths = [path for path in site.files() if path.endswith(("/feed.xml", "/atom.xml", ".opml")) or path == "feed.xml"]

    def told() -> dict[str, str]:
        """The last change that each feed tells; of what is gone, nothing."""
        there = [path for path in paths if site.exists(path)]
        marks = {path: re.search(r"<(?:lastBuildDate|updated|dateModified)>([^<]*)", site.page(path)) for path in there}
        return {path: mark[1] for path, mark in marks.items() if mark is not None}

    first = told()
    assert {
        first["beta/news/feed.xml"],
        first["alpha/all/feed.xml"],
        first["feeds/news/feed.xml"],
        first["feeds.opml"],
    } == {"Mon, 23 Nov 2026 08:00:00 +0800"}
    site.delete("content/beta/news/2026-11-22-b.md").build(allow_deletions=True)
    assert "新消息" not in site.page("beta/news/feed.xml")
    assert told() == first
    site.build(clean=True)
    assert told() == first
    # Nor when everything is gone, or a branch cannot be built and only loses what was withdrawn.
    site.write(new.replace("2026-11-22-b", "2026-11-22-c")).build()
    site.delete("content/beta/news/2026-11-22-c.md").write("--- content/beta/branch.yml\nname: [\n").build()
    assert told() == first
    site.delete("content/beta").build(allow_deletions=True)
    assert told() == {path: first[path] for path in told()}
    # Later ones count.
    site.write("--- content/alpha/news/2026-11-24-d.md\n" + entry("更新的消息")).build("2026-11-25T12:00:00+08:00")
    assert "Tue, 24 Nov 2026" in told()["alpha/news/feed.xml"]
