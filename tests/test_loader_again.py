"""Reading a second time: what is taken over, what is read anew, and what a broken branch.yml may not change."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from folders import codes, organization_of

from builder.content import read_branch, read_hub
from builder.content.documents import BranchContent, Document
from builder.model.values import Branch

NEVER = 2**62


class Folder:
    """A branch ``a`` that is written and read step by step."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.organization = organization_of(root)
        self.last: BranchContent | None = None
        self.write("branch.yml", "name: 甲\n")

    def write(self, path: str, text: str) -> None:
        """Writes a file; its time differs from that of the last writing."""
        file = self.root / "content" / "a" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def read(self, *, trust: int = NEVER, good: Branch | None = None, clean: bool = False) -> dict[str, Document]:
        """Reads; the documents by name."""
        previous = None if clean else self.last
        self.last = read_branch(self.root, "a", self.organization, previous, trust, good)
        return {each.path.rpartition("/")[2]: each for each in self.last.documents}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_an_untouched_file_is_not_read_again(folder: Folder) -> None:
    folder.write("news/2026-11-20-a.md", "# A\n")
    folder.write("news/2026-11-20-b.md", "# B\n")
    first = folder.read()
    folder.write("news/2026-11-20-b.md", "# Other\n")
    second = folder.read()
    assert second["2026-11-20-a.md"] is first["2026-11-20-a.md"]
    assert second["2026-11-20-b.md"].entry != first["2026-11-20-b.md"].entry


def test_a_file_that_is_too_fresh_is_read_again(folder: Folder) -> None:
    folder.write("news/2026-11-20-a.md", "# A\n")
    first = folder.read()
    assert folder.read(trust=time.time_ns() - 10**12)["2026-11-20-a.md"] is not first["2026-11-20-a.md"]


@pytest.mark.parametrize(
    "own", ["name: 甲\nlanguage: en\n", "name: 甲\ndefaults: {author: 乙}\n", "name: 甲\nsections: {add: {x: X}}\n"]
)
def test_other_settings_read_everything_again(folder: Folder, own: str) -> None:
    folder.write("news/2026-11-20-a.md", "# A\n")
    first = folder.read()
    folder.write("branch.yml", own)
    assert folder.read()["2026-11-20-a.md"] is not first["2026-11-20-a.md"]


def test_another_contact_reads_nothing_again(folder: Folder) -> None:
    folder.write("news/2026-11-20-a.md", "# A\n")
    first = folder.read()
    folder.write("branch.yml", "name: 乙\ncontact: 小王\n")
    assert folder.read()["2026-11-20-a.md"] is first["2026-11-20-a.md"]


def test_a_collision_ends_when_one_side_goes(folder: Folder) -> None:
    folder.write("news/2026-11-20-a.md", "# A\n")
    folder.write("news/2026-11-20-A.md", "# B\n")
    assert [codes(each) for each in folder.read().values()] == [["url-collision"], ["url-collision"]]
    (folder.root / "content/a/news/2026-11-20-A.md").unlink()
    again = folder.read()
    assert codes(again["2026-11-20-a.md"]) == []
    assert again["2026-11-20-a.md"].entry is not None


@pytest.mark.parametrize(
    "broken",
    [
        "name: [\ndefaults: {hub: false}\n",
        "defaults:\n  hub: false\n  # why\n\n  author: 乙\nname: 甲: 丙\n",
        "name: 甲\nurl: nowhere\ndefaults: {hub: false}\n",
    ],
)
def test_what_the_defaults_withhold_stays_withheld(folder: Folder, broken: str) -> None:
    folder.write("branch.yml", "name: 甲\ndefaults: {hub: false}\n")
    folder.write("news/2026-11-20-a.md", "# A\n")
    folder.read()
    assert folder.last is not None
    good = folder.last.branch
    folder.write("branch.yml", broken)
    folder.write("news/2026-11-21-b.md", "# B\n")
    for clean in (False, True):
        documents = folder.read(good=good, clean=clean)
        assert folder.last.branch is None
        assert [each.entry.hub for each in documents.values() if each.entry is not None] == [False, False]


def test_what_was_read_with_the_last_good_file_stays(folder: Folder) -> None:
    folder.write("branch.yml", "name: 甲\ndefaults: {hub: false}\n")
    folder.write("news/2026-11-20-a.md", "# A\n")
    first = folder.read()
    assert folder.last is not None
    good = folder.last.branch
    (folder.root / "content/a/branch.yml").unlink()
    for _ in range(2):
        assert folder.read(good=good)["2026-11-20-a.md"] is first["2026-11-20-a.md"]


def test_a_second_reading_is_equal_to_the_first(folder: Folder) -> None:
    for number in range(5):
        folder.write(f"news/2026-11-2{number}-a.md", "# A\n" if number else "---\ntitle: [\n---\n")
    folder.write("labs/2026-11-20-x.md", "# X\n")
    folder.read()
    first = folder.last
    folder.read()
    assert folder.last == first
    folder.read(clean=True)
    assert folder.last == first


def test_the_hub_is_taken_over_too(tmp_path: Path) -> None:
    organization = organization_of(tmp_path)
    for path in ("about.md", "guide/index.md", "guide/write.md", "topics/reading.md"):
        file = tmp_path / "content/hub" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("# A\n", "utf-8")
    first = read_hub(tmp_path, organization)
    assert [(each.kind, each.slug) for each in first.documents] == [
        ("page", "about"),
        ("page", "guide"),
        ("page", "guide/write"),
        ("topic", "reading"),
    ]
    second = read_hub(tmp_path, organization, first, NEVER)
    assert all(one is other for one, other in zip(first.documents, second.documents, strict=True))


def test_an_organization_without_a_hub(tmp_path: Path) -> None:
    assert read_hub(tmp_path, organization_of(tmp_path)).documents == ()
