"""The cache of published pictures: what it keeps, what it no longer believes, and what it clears away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from builder.model.sealed import DamagedStateError
from builder.pictures import FULL, Cache
from builder.pictures.cache import LATE, cache_key

FILES = {FULL: b"the whole", "400.webp": b"a part"}


def kept(folder: Path) -> list[str]:
    """What lies in the cache's folder, its notes left out."""
    return sorted(each.name for each in folder.iterdir() if each.name not in (".sweep", "used"))


def test_what_was_made_is_kept_for_others(tmp_path: Path) -> None:
    Cache(tmp_path / "new/pictures").put("a", FILES)
    cache = Cache(tmp_path / "new/pictures", late=["late", "a"])
    assert (cache.state("a"), cache.why("a")) == ("made", "")
    assert (cache.read("a"), cache.read("a", "400.webp")) == (b"the whole", b"a part")
    assert (cache.length("a"), cache.length("a", "400.webp")) == (9, 6)
    assert (cache.state("b"), cache.why("b")) == ("missing", "")
    assert (cache.state("late"), cache.why("late")) == ("failed", LATE)
    cache.fail("a", "picture-unreadable")
    assert (cache.state("a"), cache.why("a")) == ("failed", "picture-unreadable")
    assert kept(tmp_path / "new/pictures") == ["a"], "nothing is left over"
    with pytest.raises(DamagedStateError):
        cache.read("a")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda folder: (folder / FULL).write_bytes(b"the whale"), "made"),
        (lambda folder: (folder / FULL).write_bytes(b"the whole and more"), "made"),
        (lambda folder: (folder / FULL).unlink(), "made"),
        (lambda folder: (folder / "sums.json").unlink(), "missing"),
        (lambda folder: (folder / "sums.json").write_bytes((folder / "sums.json").read_bytes()[:-1]), "missing"),
        (lambda folder: (folder / "sums.json").write_bytes((folder.parent / "b/sums.json").read_bytes()), "missing"),
        (lambda folder: folder.rename(folder.parent / "c"), "missing"),
    ],
    ids=["another", "longer", "gone", "no sums", "cut sums", "sums of another", "no folder"],
)
def test_what_is_not_as_it_was_made_is_dropped(damage: Callable[[Path], object], told: str, tmp_path: Path) -> None:
    for key in ("a", "b"):
        Cache(tmp_path).put(key, FILES)
    damage(tmp_path / "a")
    cache = Cache(tmp_path)
    assert cache.state("a") == told
    with pytest.raises(DamagedStateError):
        cache.read("a")
    assert cache.state("a") == "missing"
    assert not (tmp_path / "a").exists()
    assert cache.read("b") == b"the whole"
    with pytest.raises(DamagedStateError):
        cache.read("b", "800.webp")


def test_a_file_of_another_length_is_seen_without_reading_it(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for content in (b"the whole and more", None):
        cache.put("a", FILES)
        (tmp_path / "a" / FULL).write_bytes(content) if content else (tmp_path / "a" / FULL).unlink()
        with pytest.raises(DamagedStateError):
            cache.length("a")
        assert not (tmp_path / "a").exists()


def test_what_no_release_shows_is_cleared_away_when_any_has_changed(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    cache = Cache(folder)
    cache.use("alpha", [])
    assert not folder.exists(), "a site without pictures needs no cache"
    for key in "abcd":
        cache.put(key, FILES)
    assert cache.sweep(["alpha", "beta", ""]) == 0, "nobody has said what is used"
    cache.use("alpha", ["b", "a", "b"])
    cache.use("beta", ["c"])
    cache.use("", ["a"])
    assert cache.sweep(["alpha", "beta", ""]) == 1
    assert kept(folder) == ["a", "b", "c"]
    cache.use("alpha", ["a", "b"])
    cache.put("d", FILES)
    assert cache.sweep(["alpha"]) == 0, "nothing has changed of what is used"
    cache.use("alpha", [])
    assert cache.sweep(["alpha", ""]) == 3, "neither those of a site that shows none any more, nor of one that is gone"
    assert kept(folder) == ["a"]


def test_what_lies_in_the_way_of_the_cache_is_no_obstacle(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.write_bytes(b"a file")
    cache = Cache(folder)
    cache.use("alpha", ["a"])
    cache.put("a", FILES)
    assert cache.sweep(["alpha"]) == 0
    used = folder / "used"
    (name,) = (each.name for each in used.iterdir())
    for lay in (lambda: used.joinpath(name).unlink() or used.joinpath(name, "x").mkdir(parents=True), lambda: None):
        lay()
        cache.use("alpha", ["a"])
        assert used.joinpath(name).read_text("utf-8") == "a\n"
    (used / name).unlink()
    used.rmdir()
    used.write_bytes(b"a file")
    cache.use("alpha", ["b", "a"])
    assert used.joinpath(name).read_text("utf-8") == "a\nb\n"
    assert [each.name for each in used.iterdir()] == [name]


def test_pictures_are_others_if_anything_is_that_they_are_made_from() -> None:
    keys = {cache_key("a", "jpg", 1), cache_key("b", "jpg", 1), cache_key("a", "png", 1), cache_key("a", "jpg", 2)}
    assert len(keys) == 4
    assert cache_key("a", "jpg", 1) in keys
