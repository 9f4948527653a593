"""Feeds and calendars that somebody has subscribed to go on, whatever is renamed, moved, hidden or closed."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import feedparser
import pytest
from calendar_parser import events, parsed
from conftest import SmallSite, codes
from feed_entries import entries_of

pytestmark = pytest.mark.slow

CASE = """
--- mkdocs.yml
theme: {name: material}
--- content/organization.yml
name: 示范
url: https://example.org/
feeds: {items: 4}
health: {public: true}
sections:
  dispatch: {title: 动态, type: article, formerly: [news]}
  agenda: {title: 活动, type: event}
--- content/new/branch.yml
name: 甲支部
formerly: [old]
sections:
  hide: [agenda]
  add: {labs: {title: 实验室, type: article, formerly: [workshops]}}
--- content/new/about.md
---
title: 关于
---
文
"""


@dataclass
class Unit:
    """A branch as it is now; ``home`` is the name of its folder, ``sections`` have those that only it has."""

    home: str
    parent: str = ""
    formerly: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    labs: str = ""
    labs_formerly: tuple[str, ...] = ()
    closed: bool = False


@dataclass
class World:
    """The content of an organization, written anew at each step. A label, ``a news``, names a unit and one of its lists."""

    site: SmallSite
    units: dict[str, Unit]
    names: dict[str, str] = field(default_factory=lambda: {"news": "news", "events": "events"})
    formerly: dict[str, list[str]] = field(default_factory=lambda: {"news": [], "events": []})
    entries: list[tuple[str, int]] = field(default_factory=list)

    def labels(self) -> list[str]:
        return [
            f"{unit} {what}"
            for unit, each in self.units.items()
            for what in ("news", "events", *("labs",) * bool(each.labs))
        ]

    def rename(self, section: str, name: str) -> None:
        self.formerly[section].append(self.names[section])
        self.names[section] = name

    def add(self, number: int) -> None:
        """A new entry in every list."""
        self.entries += [(label, number) for label in self.labels()]

    def write(self) -> None:
        root = self.site.root
        shutil.rmtree(root / "content", ignore_errors=True)
        kinds = {"news": "article", "events": "event"}
        rows = [
            f"  {self.names[key]}: {{title: {key}, type: {kind}, formerly: {json.dumps(self.formerly[key])}}}\n"
            for key, kind in kinds.items()
        ]
        self.site.write(
            "--- content/organization.yml\nname: 示范\nurl: https://example.org/\nhealth: {public: true}\nsections:\n"
            + "".join(rows)
        )
        for key, unit in self.units.items():
            text = f"name: {key}支部\nformerly: {json.dumps(unit.formerly)}\n"
            text += f"parent: {unit.parent}\n" if unit.parent else ""
            text += "status: closed\nclosed: 2026-11-20\n" if unit.closed else ""
            text += f"sections:\n  hide: {json.dumps(unit.hidden)}\n"
            if unit.labs:
                formerly = json.dumps(unit.labs_formerly)
                text += f"  add: {{{unit.labs}: {{title: labs, type: article, formerly: {formerly}}}}}\n"
            self.site.write(f"--- content/{unit.home}/branch.yml\n{text}")
        for label, number in self.entries:
            key, what = label.split()
            unit = self.units[key]
            folder = unit.labs if what == "labs" else self.names[what]
            day = f"2026-11-{number + 1:02d}"
            head = f"title: {label} {number}\n" + (f"starts: {day} 09:00\n" if what == "events" else "")
            self.site.write(f"--- content/{unit.home}/{folder}/{day}-n.md\n---\n{head}---\n文\n")


class Subscriber:
    """A program that asks one address for ever and remembers what it has seen."""

    def __init__(self, file: Path, path: str) -> None:
        self.file, self.path = file, path
        self.seen: dict[str, str] = {}
        self.ask()
        self.labels = {title.rpartition(" ")[0] for title in self.seen.values()}

    def ask(self) -> set[str]:
        """The titles of what is new; each id has one title for ever, and each title one id."""
        found = self._read()
        assert len({id_ for id_, _ in found}) == len(found), self.path
        new = {title for id_, title in found if id_ not in self.seen}
        assert not new & set(self.seen.values()), f"{self.path}: unread twice"
        self.seen |= dict(found)
        return new

    def _read(self) -> list[tuple[str, str]]:
        content = self.file.read_bytes()
        if self.path.endswith(".ics"):
            return [(each.text("UID"), each.text("SUMMARY")) for each in events(parsed(content))]
        return [(each.id, each.title) for each in entries_of(content)]


def subscribe(site: SmallSite) -> list[Subscriber]:
    """Subscribes to every feed and calendar of all sites."""
    wanted = ("feed.xml", "atom.xml", "feed.json", "calendar.ics", "health.ics")
    return [Subscriber(site.output / path, path) for path in sorted(site.files()) if path.endswith(wanted)]


def test_nobody_goes_deaf_and_nothing_comes_twice(site: SmallSite, tmp_path: Path) -> None:
    world = World(
        site,
        {
            "a": Unit("alpha", labs="labs"),
            "b": Unit("beta", parent="alpha"),
            "c": Unit("gamma"),
            "d": Unit("delta", parent="gamma"),
        },
    )
    a, b, d = world.units["a"], world.units["b"], world.units["d"]
    world.add(0)
    world.write()
    assert not site.build().problems
    readers = subscribe(site)
    assert len(readers) > 60

    def part_from_alpha() -> None:
        b.parent = "gamma"
        for reader in readers:
            if reader.path.startswith("alpha/all/"):
                reader.labels = {label for label in reader.labels if label.startswith("a ")}

    def part_from_gamma() -> None:
        b.parent = ""

    def rename_labs() -> None:
        a.labs, a.labs_formerly = "workshops", ("labs",)

    def rename_alpha() -> None:
        a.home, a.formerly = "alef", ("alpha",)

    def rename_alpha_again() -> None:
        a.home, a.formerly = "aleph", ("alpha", "alef")

    def rename_beta() -> None:
        b.home, b.formerly = "bet", ("beta",)

    def hide(unit: Unit, *sections: str) -> None:
        unit.hidden = sections

    def close() -> None:
        d.closed = True

    changes = [
        lambda: world.rename("news", "dispatch"),
        rename_labs,
        part_from_alpha,
        lambda: hide(a, "events"),
        rename_alpha,
        lambda: world.rename("news", "stories"),
        lambda: hide(b, "stories"),
        close,
        rename_alpha_again,
        part_from_gamma,
        lambda: (hide(a), world.rename("events", "agenda")),
        lambda: (rename_beta(), hide(a, "workshops")),
    ]
    for number, change in enumerate(changes, 1):
        change()
        world.add(number)
        world.write()
        assert not [each for each in codes(site.build()) if "mass-deletion" in each or " formerly" in each]
        for reader in readers:
            wanted = {f"{label} {number}" for label in reader.labels}
            new = reader.ask()
            assert wanted <= new, f"{number}: {reader.path} is deaf"
            # A branch that was closed says so, once; one that joins brings what it has; nothing else is told.
            joined = number == 3 and reader.path.startswith("gamma/all/")
            late = {title for title in new if not title.endswith(f" {number}")}
            assert late <= {title for title in late if joined or (number == 8 and "d支部" in title)}, (
                reader.path,
                late,
            )
    # Who builds it all at once publishes the same.
    other = tmp_path / "other"
    other.mkdir()
    world.site = SmallSite(other).write("--- mkdocs.yml\ntheme: {name: material}\n")
    world.write()
    world.site.build()
    assert world.site.files() == site.files()


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """One to be read; nobody edits it."""
    site = SmallSite(tmp_path_factory.mktemp("renamed")).write(CASE)
    for section, kind in (("dispatch", ""), ("labs", ""), ("agenda", "starts: 2026-12-0{} 09:00\n")):
        for day in range(1, 9):
            head = f"title: {section} {day}\n" + kind.format(day)
            site.write(f"--- content/new/{section}/2026-11-0{day}-n.md\n---\n{head}---\n全文{day}\n")
    assert site.build().problems == ()
    return site


@pytest.fixture
def case(shown: SmallSite, tmp_path: Path) -> SmallSite:
    """One to be edited."""
    return shown.copy(tmp_path)


def self_of(site: SmallSite, path: str) -> str:
    """The address that a feed says it is at."""
    content = site.page(path)
    if path.endswith(".json"):
        return str(json.loads(content)["feed_url"])
    return next(link.href for link in feedparser.parse(content).feed.links if link.rel == "self")


@pytest.mark.parametrize("name", ["feed.xml", "atom.xml", "feed.json", "archive-1.xml", "archive-1.json"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("new/news/", "new/dispatch/"),
        ("new/workshops/", "new/labs/"),
        ("feeds/news/", "feeds/dispatch/"),
        ("feeds/workshops/", "feeds/labs/"),
        ("old/", "new/"),
        ("old/all/", "new/all/"),
        ("old/news/", "new/dispatch/"),
        ("old/dispatch/", "new/dispatch/"),
        ("old/workshops/", "new/labs/"),
        ("old/agenda/", "new/agenda/"),
        ("new/agenda/", "new/agenda/"),
    ],
)
def test_old_addresses_say_the_new_one(shown: SmallSite, old: str, new: str, name: str) -> None:
    assert self_of(shown, old + name) == f"https://example.org/{new}{name}"
    assert "全文8" in shown.page(old + "feed.xml")
    before = shown.page(old + name).replace("全文", ""), shown.page(new + name).replace("全文", "")
    assert "archive" in name or before[0] == before[1]


@pytest.mark.parametrize(
    "path",
    ["old/calendar.ics", "old/all/calendar.ics", "old/agenda/calendar.ics", "new/agenda/calendar.ics"],
)
def test_calendars_go_on(shown: SmallSite, path: str) -> None:
    found = events(parsed((shown.output / path).read_bytes()))
    assert [each.text("UID") for each in found] == [
        f"tag:example.org,2026:old/agenda/2026-11-0{day}-n" for day in range(1, 9)
    ]
    assert (shown.output / "health/branches/old/health.ics").read_bytes() == (
        shown.output / "health/branches/new/health.ics"
    ).read_bytes()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("old/", "../new/"),
        ("old/about/", "../../new/about/"),
        ("old/dispatch/", "../../new/dispatch/"),
        ("old/news/", "../../new/dispatch/"),
        ("old/dispatch/archive/2026/", "../../../../new/dispatch/archive/2026/"),
        ("old/dispatch/2026-11-01-n/", "../../../new/dispatch/2026-11-01-n/"),
        ("old/news/2026-11-01-n/", "../../../new/dispatch/2026-11-01-n/"),
        ("old/feeds/", "../../new/feeds/"),
        ("old/agenda/", "../../new/"),
        ("old/all/", "../../new/"),
        ("new/news/archive/2026/", "../../../../new/dispatch/archive/2026/"),
        ("new/agenda/", "../../new/"),
        ("sections/news/", "../../sections/dispatch/"),
        ("sections/workshops/", "../../sections/labs/"),
        ("health/branches/old/", "../../../health/branches/new/"),
    ],
)
def test_old_pages_redirect(shown: SmallSite, old: str, new: str) -> None:
    assert f'url={new}"' in shown.page(f"{old}index.html")


def test_former_names_are_in_no_list_for_readers(shown: SmallSite) -> None:
    former = ("/old/", "/news/", "/workshops/", "/new/agenda/feed", "/new/agenda/<", "/new/all/")
    for path in ("feeds.opml", "feeds/index.html", "new/feeds/index.html", "sitemap.xml", "new/sitemap.xml"):
        page = shown.page(path)
        assert not [name for name in former if name in page]


def test_an_edit_reaches_the_old_addresses(case: SmallSite) -> None:
    case.write("--- content/new/dispatch/2026-11-08-n.md\n---\ntitle: dispatch 8\n---\n改过的\n")
    case.build()
    for path in ("old/feed.xml", "old/news/feed.json", "new/news/atom.xml", "feeds/news/feed.xml"):
        assert "改过的" in case.page(path)


def test_what_is_withdrawn_leaves_the_old_addresses(case: SmallSite) -> None:
    assert "old/news/2026-11-08-n/index.html" in case.files()
    case.delete("content/new/dispatch/2026-11-08-n.md")
    case.build()
    assert case.mentions("dispatch 8") == []
    assert not [path for path in case.files() if "2026-11-08-n" in path and "dispatch" in path]


def test_a_branch_that_takes_the_name_takes_the_address(case: SmallSite) -> None:
    case.write(
        "--- content/old/branch.yml\nname: 乙支部\n--- content/old/dispatch/2026-11-20-x.md\n---\ntitle: 乙\n---\n文\n"
    )
    result = case.build()
    assert [each.split()[1] for each in codes(result)] == ["branch-formerly"]
    read = feedparser.parse(case.page("old/feed.xml"))
    assert [each.title for each in read.entries] == ["乙"]
    assert {path.partition("/")[2] for path in case.files() if path.startswith("old/")} == set(case.files("old"))


def test_a_branch_with_an_address_of_its_own(case: SmallSite) -> None:
    case.write("--- content/new/branch.yml\nname: 甲支部\nformerly: [old]\nurl: https://new.example.org/\n")
    case.build()
    assert self_of(case, "old/dispatch/feed.xml") == "https://new.example.org/dispatch/feed.xml"
    assert 'url=https://new.example.org/about/"' in case.page("old/about/index.html")
    assert "../../feeds/feed.css" in case.page("old/dispatch/feed.xml")


def test_a_folder_that_was_not_renamed_yet_is_the_sections(site: SmallSite) -> None:
    """Half of a section's texts were moved to its new folder: no two entries have one id, and nobody loses theirs."""
    site.write(CASE).delete("content/alpha", "content/beta")
    text = "---\ntitle: {}\n---\n文\n"
    for folder, name in (("news", "2026-11-01-a"), ("dispatch", "2026-11-02-b")):
        site.write(f"--- content/new/{folder}/{name}.md\n" + text.format(f"{folder} {name[-1]}"))
    assert codes(site.build()) == ["content/new/news:- folder-former-name none"]
    for path in ("feed.json", "new/dispatch/feed.json", "new/news/feed.json", "feeds/news/feed.json"):
        items = [(each["title"], each["id"], each["url"]) for each in json.loads(site.page(path))["items"]]
        assert items == [
            (title, f"tag:example.org,2026:old/news/{name}", f"https://example.org/new/dispatch/{name}/")
            for title, name in (("dispatch b", "2026-11-02-b"), ("news a", "2026-11-01-a"))
        ]


def test_most_branches_may_be_renamed_at_once(case: SmallSite) -> None:
    (case.root / "content/new").rename(case.root / "content/newest")
    settings = case.root / "content/newest/branch.yml"
    settings.write_text(settings.read_text("utf-8").replace("[old]", "[old, new]"), encoding="utf-8")
    result = case.build()
    assert codes(result) == []
    assert sorted(result.sites) == ["newest"]
    for name in ("old", "new"):
        assert self_of(case, f"{name}/dispatch/feed.xml") == "https://example.org/newest/dispatch/feed.xml"
