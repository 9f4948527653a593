"""A folder in the place of another: in one step or in two, and what a kill between the two left is settled."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SmallSite

from builder.store.exchange import Swap, replace_folder, settle_folder


def fill(folder: Path, text: str) -> Path:
    (folder / "inner").mkdir(parents=True)
    (folder / "inner/index.html").write_text(text)
    return folder


def read(folder: Path) -> dict[str, str]:
    """What stands in each folder beside one another."""
    return {each.name: (each / "inner/index.html").read_text() for each in sorted(folder.iterdir())}


@pytest.mark.parametrize(
    "before", [{}, {"site": "old"}, {"site": "old", "site.old": "older"}], ids=lambda each: "+".join(each)
)
@pytest.mark.parametrize("swap", [None, lambda one, other: False], ids=["in one step", "in two"])
def test_the_new_one_stands_alone(tmp_path: Path, before: dict[str, str], swap: Swap | None) -> None:
    sites, staged = tmp_path / "sites", fill(tmp_path / "staged", "new")
    for name, text in before.items():
        fill(sites / name, text)
    replace_folder(staged, sites / "site", *([swap] if swap else []))
    settle_folder(sites / "site")
    assert read(sites) == {"site": "new"}
    assert not staged.exists()


@pytest.mark.parametrize(
    ("left", "settled"),
    [
        ({"site.old": "old"}, {"site": "old"}),
        ({"site.old": "old", "site": "new"}, {"site": "new"}),
        ({"site": "new"}, {"site": "new"}),
        ({}, {}),
    ],
    ids=["between the renames", "before the last step", "after it", "nothing"],
)
def test_what_a_kill_left(tmp_path: Path, left: dict[str, str], settled: dict[str, str]) -> None:
    for name, text in left.items():
        fill(tmp_path / name, text)
    settle_folder(tmp_path / "site")
    assert read(tmp_path) == settled


def test_the_next_build_brings_back_what_a_kill_moved_aside(built_site: SmallSite) -> None:
    """Before it looks at anything else: nothing of it has to be written."""
    built_site.build()
    before = built_site.files("alpha")
    (built_site.output / "alpha").rename(built_site.output / "alpha.old")
    assert built_site.build().files.written == 0
    assert built_site.files("alpha") == before
    assert not built_site.exists("alpha.old")
