"""The state is verified when it is read: whatever was done to any file of it, one build makes what a clean one makes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from conftest import SmallSite, codes, examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from picture_files import photograph, put
from test_recordings import film

from builder.model.sealed import read_sealed, write_sealed

STATE = ".branchpress"
BUNDLE = "content/alpha/news/2026-11-22-x"


def laid(site: SmallSite) -> SmallSite:
    """A site with one of everything that the state holds, its audit included."""
    put(site.root, f"{BUNDLE}/a.jpg", photograph(600, 400))
    put(site.root, f"{BUNDLE}/a.mp4", film())
    put(site.root, f"{BUNDLE}/a.zip", b"PK\3\4" + b"zip" * 100)
    site.write(
        f"--- {BUNDLE}/index.md\n---\ntitle: 图文\nshare_with: all\nattachments: [a.zip, a.mp4]\n---\n![图](a.jpg)\n\n正文。\n"
    )
    site.build(apart=1)
    return site


def files_of_state(site: SmallSite) -> list[str]:
    state = site.root / STATE
    return sorted(file.relative_to(state).as_posix() for file in state.rglob("*") if file.is_file())


def damage(kind: str, place: float, file: Path, other: Path) -> None:
    content = file.read_bytes()
    at = int(place * len(content))
    if kind == "cut":
        file.write_bytes(content[:at])
    elif kind == "empty":
        file.write_bytes(b"")
    elif kind == "flip" and content:
        status = file.stat()
        at = min(at, len(content) - 1)
        file.write_bytes(content[:at] + bytes([content[at] ^ 1 << at % 8]) + content[at + 1 :])
        # A disk that loses a bit changes no time.
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    elif kind == "nest":
        file.write_bytes(b"[" * 50_000)
    elif kind == "remove":
        file.unlink()
    elif kind == "folder":
        file.unlink()
        file.mkdir()
    elif kind == "swap":
        second = other.read_bytes()
        other.write_bytes(content)
        file.write_bytes(second)


KINDS = ("cut", "empty", "flip", "nest", "remove", "folder", "swap")
OUTPUTS: Mapping[str, Callable[[SmallSite], object]] = {
    "untouched": lambda site: None,
    "a branch is gone": lambda site: shutil.rmtree(site.output / "alpha"),
    "all is gone": lambda site: shutil.rmtree(site.output),
}


def differing(site: SmallSite, expected: Mapping[str, bytes]) -> list[str]:
    made = site.files()
    return sorted(path for path in {*made, *expected} if made.get(path) != expected.get(path))


@pytest.fixture
def spared(site: SmallSite) -> tuple[SmallSite, Path, Mapping[str, bytes]]:
    """A site that was built, with a copy of all that the build left."""
    laid(site)
    copy = site.root / "spared"
    shutil.copytree(site.root / STATE, copy / "state")
    shutil.copytree(site.output, copy / "output")
    return site, copy, site.files()


def restore(site: SmallSite, copy: Path) -> None:
    for folder, kept in ((site.root / STATE, "state"), (site.output, "output")):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(copy / kept, folder)


def check_healed(site: SmallSite, expected: Mapping[str, bytes], name: str = "") -> None:
    """One build, and nothing else is said than that the state was damaged."""
    told = [line for line in codes(site.build()) if " state-damaged " not in line]
    assert (differing(site, expected), told) == ([], []), name


@pytest.mark.slow
def test_every_file_once(spared: tuple[SmallSite, Path, Mapping[str, bytes]]) -> None:
    site, copy, expected = spared
    names = files_of_state(site)
    for number, name in enumerate(names):
        restore(site, copy)
        state = site.root / STATE
        OUTPUTS["a branch is gone"](site)
        damage(KINDS[number % len(KINDS)], 0.6, state / name, state / names[(number + 1) % len(names)])
        check_healed(site, expected, name)


@pytest.mark.slow
@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_damages_at_once(data: st.DataObject, spared: tuple[SmallSite, Path, Mapping[str, bytes]]) -> None:
    site, copy, expected = spared
    restore(site, copy)
    state, names = site.root / STATE, files_of_state(site)
    OUTPUTS[data.draw(st.sampled_from(sorted(OUTPUTS)))](site)
    for _ in range(data.draw(st.integers(1, 3))):
        file, other = (state / data.draw(st.sampled_from(names)) for _ in range(2))
        if file.is_file() and other.is_file():
            damage(data.draw(st.sampled_from(KINDS)), data.draw(st.floats(0, 1)), file, other)
    check_healed(site, expected)
    assert codes(site.build()) == []
    assert differing(site, expected) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "address", ["", "url: https://alpha.example.org/\n"], ids=["a folder", "an address of its own"]
)
def test_a_picture_that_other_sites_show(site: SmallSite, address: str) -> None:
    """It is made again for the branch that it belongs to, whoever needs it first."""
    site.write(f"--- content/alpha/branch.yml\nname: 甲支部\n{address}")
    expected = laid(site).files()
    for file in (site.root / STATE).rglob("*"):
        if file.name == "feeds.json" or file.suffix in (".jpg", ".webp"):
            file.write_bytes(b"")
    OUTPUTS["a branch is gone"](site)
    check_healed(site, expected)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["manifest.json", "record.json", "pack1"])
def test_it_is_said_in_one_sentence(built_site: SmallSite, part: str) -> None:
    (file,) = (built_site.root / STATE).glob(f"*/sites/alpha/{part}")
    file.write_bytes(b"x" * file.stat().st_size)
    shutil.rmtree(built_site.output / "alpha")
    result = built_site.write("--- content/alpha/news/more.md\n---\ntitle: 再\ndate: 2026-11-22\n---\n文。\n").build()
    assert codes(result) == ["content/alpha:- state-damaged none"]
    assert result.sites["alpha"] == "built"
    assert codes(built_site.build()) == []


def test_last_good_versions_stay_where_they_verify(built_site: SmallSite) -> None:
    built_site.write("--- content/alpha/about.md\n---\ntitle: [\n---\n")
    built_site.build()
    (file,) = (built_site.root / STATE).glob("*/sites/alpha/pack1")
    file.write_bytes(b"x" * file.stat().st_size)
    shutil.rmtree(built_site.output / "alpha")
    built_site.build()
    assert "二〇〇一年" in built_site.page("alpha/about/index.html")


def test_files_beside_the_releases_are_sealed_under_their_names(tmp_path: Path) -> None:
    file, other = tmp_path / "external.json", tmp_path / "pings.json"
    write_sealed(file, b"what was answered")
    stored = file.read_bytes()
    assert read_sealed(file) == b"what was answered"
    other.write_bytes(stored)
    assert read_sealed(other) == b""
    for place in range(len(stored)):
        file.write_bytes(stored[:place] + bytes([stored[place] ^ 1]) + stored[place + 1 :])
        assert read_sealed(file) == b""
        file.write_bytes(stored[:place])
        assert read_sealed(file) == b""
    file.unlink()
    file.mkdir()
    assert read_sealed(file) == b""
    write_sealed(file, b"again")
    assert read_sealed(file) == b"again"
