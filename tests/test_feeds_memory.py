"""The memory of a feed reader over forty edits drawn at random: nothing twice, nothing new that is not, nothing lost."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field

import pytest
from conftest import SmallSite

DAYS = [f"2026-{month:02}-{day:02}" for month in (9, 10, 11) for day in range(1, 21)]


@dataclass
class Entry:
    """An entry as it is written now; ``known`` are the titles that subscribers of its branch and of the hub may have seen."""

    unit: str
    section: str
    name: str
    title: str
    text: str = "文"
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def public(self) -> bool:
        return "draft" not in self.keys


@dataclass
class World:
    """An organization whose content is written anew at each step. A number names an entry, whatever it is called now."""

    site: SmallSite
    chance: random.Random
    units: dict[str, list[str]] = field(default_factory=lambda: {"a": ["alpha"], "b": ["beta"]})
    sections: dict[str, list[str]] = field(default_factory=lambda: {"news": ["news"], "notes": ["notes"]})
    entries: dict[int, Entry] = field(default_factory=dict)
    count: int = 0

    def write(self) -> None:
        root = self.site.root / "content"
        for folder in root.iterdir() if root.exists() else ():
            if folder.is_dir():
                self.site.delete(f"content/{folder.name}")
        sections = "".join(
            f"  {names[-1]}: {{title: 栏目{key}, type: article, formerly: [{', '.join(names[:-1])}]}}\n"
            for key, names in self.sections.items()
        )
        text = f"--- content/organization.yml\nname: 示范\nurl: https://example.org/\nsections:\n{sections}"
        for key, names in self.units.items():
            text += f"--- content/{names[-1]}/branch.yml\nname: 支部{key}\nformerly: [{', '.join(names[:-1])}]\n"
        for each in self.entries.values():
            place = f"{self.units[each.unit][-1]}/{self.sections[each.section][-1]}/{each.name}"
            keys = "".join(f"{key}: {value}\n" for key, value in each.keys.items())
            text += f"--- content/{place}.md\n---\ntitle: {each.title}\n{keys}---\n{each.text}\n"
        self.site.write(text)

    def add(self) -> None:
        self.count += 1
        unit, section = self.chance.choice("ab"), self.chance.choice(("news", "notes"))
        entry = Entry(
            unit, section, f"{self.chance.choice(DAYS)}-n{self.count}", f"第{self.count}篇", keys={"announce": "true"}
        )
        if self.chance.random() < 0.25:
            entry.keys["draft"] = "true"
        self.entries[self.count] = entry

    def edit(self) -> None:
        entry = self.some()
        what = self.chance.choice(("text", "title", "tags", "draft", "pinned"))
        if what == "text":
            entry.text += "改"
        elif what == "title":
            entry.title += "改"
        elif what in entry.keys:
            del entry.keys[what]
        else:
            entry.keys[what] = {"tags": "[甲]", "draft": "true", "pinned": "true"}[what]

    def move(self) -> None:
        """Gives a file another name, another section or another branch; the first place stays written."""
        entry = self.some()
        if "moved_from" not in entry.keys:
            place = f"{self.units[entry.unit][-1]}/{self.sections[entry.section][-1]}/{entry.name}"
            entry.keys |= {"moved_from": place, "date": entry.name[:10]}
        what = self.chance.choice(("name", "section", "unit"))
        if what == "name":
            entry.name += "x"
        elif what == "section":
            entry.section = {"news": "notes", "notes": "news"}[entry.section]
        else:
            entry.unit = {"a": "b", "b": "a"}[entry.unit]

    def rename(self) -> None:
        names = self.chance.choice([*self.units.values(), *self.sections.values()])
        names.append(f"{names[0]}{len(names)}")

    def remove(self) -> None:
        del self.entries[self.chance.choice(list(self.entries))]

    def some(self) -> Entry:
        return self.chance.choice(list(self.entries.values()))

    def feed(self, path: str) -> dict[str, str]:
        """The title of each item of a feed by its id."""
        items = json.loads(self.site.page(f"{path}feed.json"))["items"]
        found = {item["id"]: item["title"] for item in items}
        assert len(found) == len(items), "an id twice"
        return found


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
def test_forty_edits(site: SmallSite, seed: int) -> None:
    world = World(site, random.Random(seed))
    for _ in range(6):
        world.add()
    seen: dict[str, dict[str, int]] = {}  # what each subscriber has been shown: the number of an entry by its id
    ids: dict[int, str] = {}
    edits = [World.add, World.edit, World.edit, World.edit, World.move, World.move, World.rename, World.remove]
    for step in range(41):
        if step:
            edit = world.chance.choice(edits)
            edit(world) if len(world.entries) > 3 else world.add()
        world.write()
        problems = site.build(
            f"2026-11-{21 + step // 6:02}T{9 + step % 6:02}:00:00+08:00", allow_deletions=True
        ).problems
        assert not [each.code for each in problems if each.severity == "error"]
        numbers = {entry.title: number for number, entry in world.entries.items()}
        for subscription in ("", *world.units):
            names = world.units.get(subscription, [""])
            for name in {names[0], names[-1]}:
                now = world.feed(f"{name}/" if name else "")
                told = {id_: numbers[title] for id_, title in now.items()}
                expected = {n for n, e in world.entries.items() if e.public and subscription in ("", e.unit)}
                assert set(told.values()) == expected, "lost, or not for this feed"
                for id_, number in told.items():
                    assert ids.setdefault(number, id_) == id_, "news that is none"
                    assert seen.setdefault(subscription, {}).setdefault(id_, number) == number, "an id of another"
    assert len(ids) > 8
