"""Targets piece by piece: what a listing says, what may vanish, what a killed run left, which release is the one before."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import NOW
from test_whole_publishing import Shop, built, files

from builder.publishing.bucket import BucketDestination
from builder.publishing.commands import run
from builder.publishing.folder import FolderDestination
from builder.publishing.git import GitDestination
from builder.publishing.listing import Listing, Source, read_listing
from builder.publishing.plan import Plan, TooManyRemovedError, guard
from builder.publishing.releases import Release, TargetError, current_of, read_release
from builder.publishing.run import publish, roll_back

AT = datetime.fromisoformat(NOW)
FILES = {"index.html": "1", "a/index.html": "1"}


class TestListing:
    """What build.json says, which at a target others may have written."""

    @pytest.mark.parametrize(
        "content",
        [
            b"", b"{", b"3", b"\xff", b'{"version": "1", "files": {}}', b'{"version": 1}',
            b'{"version": 1, "files": {"\xff": "1"}}', b'{"version": 1, "files": {}, "x": ' + b"[" * 100_000,
        ],
    )  # fmt: skip
    def test_what_cannot_be_read_is_none(self, content: bytes) -> None:
        assert read_listing(lambda path: content) is None

    def test_a_branch_whose_own_cannot_be_read_counts_as_empty(self) -> None:
        hub = b'{"version": 1, "files": {"x": "1"}, "sites": {"a": "2", "b": "3"}}'
        own = b'{"version": 1, "files": {"y%20z": "4"}}'
        found = read_listing({"build.json": hub, "a/build.json": own, "b/build.json": b"{"}.get)
        assert found is not None
        shown = {path: sha for path, sha in found.files.items() if not path.endswith("build.json")}
        assert (shown, found.branches) == ({"x": "1", "a/y z": "4"}, ("a", "b"))

    def test_what_is_the_same_there_is_not_asked_for(self) -> None:
        own = b'{"version": 1, "files": {}}'
        sha = hashlib.sha256(own).hexdigest()
        hub = msgspec.json.encode({"version": 1, "files": {}, "sites": {"a": sha, "b": "other"}})
        known = Listing({"a/build.json": sha, "a/x": "1", "b/build.json": "0", "b/x": "1"}, ("a", "b"))
        asked: list[str] = []

        def read(path: str) -> bytes | None:
            asked.append(path)
            return hub if path == "build.json" else own

        found = read_listing(read, known)
        assert found is not None
        assert asked == ["build.json", "b/build.json"]
        assert sorted(found.files) == ["a/build.json", "a/x", "b/build.json", "build.json"]

    @pytest.mark.parametrize("slug", ["a\nb", "a\tb", "a/b"])
    def test_a_site_is_a_folder_with_a_name_that_can_be_read(self, slug: str) -> None:
        hub = msgspec.json.encode({"version": 1, "files": {}, "sites": {slug: "0", "b": "0"}})
        found = read_listing(lambda path: hub)
        assert found is not None
        assert found.branches == ("b",)


class TestGuard:
    """More than half of the branches, or of the pages of a branch that has ten, do not vanish at once."""

    @pytest.mark.parametrize(("pages", "lost", "held"), [(9, 9, False), (10, 5, False), (10, 6, True), (11, 6, True)])
    def test_pages(self, pages: int, lost: int, held: bool) -> None:
        paths = [f"a/{number}/index.html" for number in range(pages)]
        old, new = Listing(dict.fromkeys(paths, "1"), ("a",)), Listing(dict.fromkeys(paths[lost:], "1"), ("a",))
        assert told(new, old) == ((lost, pages, "a") if held else None)

    @pytest.mark.parametrize(("branches", "lost", "held"), [(1, 1, True), (2, 1, False), (3, 2, True), (4, 2, False)])
    def test_branches(self, branches: int, lost: int, held: bool) -> None:
        slugs = tuple(map(str, range(branches)))
        assert told(Listing({}, slugs[lost:]), Listing({}, slugs)) == ((lost, branches, "") if held else None)

    def test_what_is_no_page_or_the_hubs_or_of_a_branch_that_is_gone_does_not_count(self) -> None:
        gone = {
            f"{place}{number}{end}": "1"
            for place in ("a/", "b/", "")
            for number in range(20)
            for end in ("/x.html", ".css")
        }
        gone |= {f"{place}{number}/index.html": "1" for place in ("b/", "") for number in range(20)}
        assert told(Listing({}, ("a", "c")), Listing(gone, ("a", "b", "c"))) is None


def told(new: Listing, old: Listing) -> tuple[int, int, str] | None:
    try:
        return guard(new, old)
    except TooManyRemovedError as error:
        return error.gone, error.total, error.branch


class TestReleases:
    """What a target says of its releases."""

    @pytest.mark.parametrize(
        "content", [b"", b"{", b"[]", b'{"number": 1, "at": "\xff", "files": 1}', b'{"x": ' + b"[" * 100_000]
    )
    def test_what_is_no_release_is_none(self, content: bytes) -> None:
        assert read_release(content, current=True) is None

    def test_a_folder_has_those_with_a_description_and_files(self, tmp_path: Path) -> None:
        there = FolderDestination(tmp_path, 3)
        (tmp_path / "releases").mkdir()
        for name, content in {"000002": b"{", "000003": b'{"number": 3, "at": "\xff", "files": 1}'}.items():
            (tmp_path / "releases" / name).mkdir()
            (tmp_path / "releases" / f"{name}.json").write_bytes(content)
        (tmp_path / "releases/000004.json").write_bytes(b'{"number": 4, "at": "now", "files": 1}')
        (tmp_path / "releases/000005").mkdir()
        assert there.history() == []
        (tmp_path / "releases/000004").mkdir()
        (tmp_path / "current").symlink_to("releases/000004")
        assert there.history() == [Release(4, "now", 1, current=True)]

    def test_the_one_before_is_that_before_what_readers_see(self) -> None:
        """After going back there are newer ones, too."""
        there = Fixed([Release(1, "a", 1), Release(2, "b", 1, current=True), Release(3, "c", 1)])
        assert roll_back(there, None).number == 1
        assert roll_back(there, 3).number == 3
        assert there.shown == [1, 3]
        for history in ([Release(2, "b", 1, current=True), Release(3, "c", 1)], [Release(1, "a", 1)], []):
            with pytest.raises(TargetError, match="earlier"):
                roll_back(Fixed(history), None)

    def test_of_several_that_say_so_the_last_is_current(self) -> None:
        assert current_of(
            [Release(1, "a", 1, current=True), Release(2, "b", 1, current=True), Release(3, "c", 1)]
        ) == Release(2, "b", 1, current=True)
        assert current_of([Release(1, "a", 1)]) is None

    def test_a_folder_that_cannot_be_used_is_named_with_the_reason(self, tmp_path: Path) -> None:
        source = built(tmp_path / "sites", FILES)
        (tmp_path / "there").mkdir()
        (tmp_path / "there/releases").write_text("a file")
        (tmp_path / "other/current").mkdir(parents=True)
        (tmp_path / "other/releases").mkdir()
        with pytest.raises(TargetError) as told:
            FolderDestination(tmp_path / "there", 2).publish(source, Plan(), Release(1, "now", 1))
        assert told.value.message == "{file} cannot be used: {reason}."
        assert {str(value) for value in told.value.values.values()} == {str(tmp_path / "there/releases"), "File exists"}
        with pytest.raises(TargetError, match="cannot be used: Is a directory"):
            FolderDestination(tmp_path / "other", 2).roll_back(Release(1, "now", 1))
        with pytest.raises(TargetError, match="current is no release"):
            FolderDestination(tmp_path / "other", 2).listing(Listing())


class Fixed:
    """A target with these releases; ``shown`` are the numbers of those that were made the current one."""

    def __init__(self, releases: Sequence[Release]) -> None:
        self.releases, self.shown = releases, list[int]()

    def listing(self, known: Listing) -> Listing:
        return known

    def history(self) -> Sequence[Release]:
        return self.releases

    def publish(self, source: Source, plan: Plan, release: Release) -> None:
        raise AssertionError

    def roll_back(self, release: Release) -> None:
        self.shown.append(release.number)


class TestKilled:
    """What a run that was killed left is in nobody's way."""

    @pytest.mark.parametrize("left", ["releases/.new/x", "releases/000001/x", "current.new"])
    def test_in_a_folder(self, tmp_path: Path, left: str) -> None:
        there = tmp_path / "there"
        (there / "releases").mkdir(parents=True)
        (there / left).parent.mkdir(exist_ok=True)
        (there / left).write_text("left")
        publish(built(tmp_path / "sites", FILES), FolderDestination(there, 2), 2, AT)
        assert files(there / "current") == files(tmp_path / "sites")
        assert sorted(each.name for each in (there / "releases").iterdir()) == ["000001", "000001.json"]
        assert not (there / "current.new").exists()

    def test_in_the_memory_of_a_repository(self, tmp_path: Path) -> None:
        run(["git", "init", "-q", "--bare", str(tmp_path / "remote.git")])
        there = GitDestination(str(tmp_path / "remote.git"), "pages", 2, tmp_path / "memory")
        source = built(tmp_path / "sites", FILES)
        there.listing(source.listing)
        (tmp_path / "memory/publish.index").write_bytes(b"half")
        publish(source, there, 2, AT)
        listed = run(["git", f"--git-dir={tmp_path / 'remote.git'}", "ls-tree", "-r", "--name-only", "pages"])
        assert listed.decode().split() == [".nojekyll", "a/build.json", "a/index.html", "build.json", "index.html"]
        assert not (tmp_path / "memory/publish.index").exists()


class TestGone:
    """A release, or a listing, that is not there any more."""

    def test_nobody_goes_back_to_a_release_that_is_gone(self, tmp_path: Path) -> None:
        kept = FolderDestination(tmp_path / "kept", 2)
        run(["git", "init", "-q", "--bare", str(tmp_path / "remote.git")])
        remote = GitDestination(str(tmp_path / "remote.git"), "pages", 2, tmp_path / "memory")
        source = built(tmp_path / "sites", FILES)
        for there in (BucketDestination("sites", "", "", "", kept, Shop()), remote):
            publish(source, there, 2, AT)
            with pytest.raises(TargetError, match="There is no release 9"):
                there.roll_back(Release(9, "now", 1))

    def test_a_branch_of_others_lists_nothing(self, tmp_path: Path) -> None:
        remote = tmp_path / "remote.git"
        run(["git", "init", "-q", "--bare", str(remote)])
        git = ["git", f"--git-dir={remote}", "-c", "user.name=a", "-c", "user.email=a@example.org"]
        tree = run([*git, "hash-object", "-w", "-t", "tree", "--stdin"]).decode().strip()
        commit = run([*git, "commit-tree", tree, "-m", "theirs"]).decode().strip()
        run([*git, "update-ref", "refs/heads/pages", commit])
        there = GitDestination(str(remote), "pages", 2, tmp_path / "memory")
        assert (there.listing(Listing()), list(there.history())) == (Listing(), [])


class TestBucket:
    """A bucket's keys, and what its service answers."""

    @pytest.mark.parametrize(
        ("prefix", "key"), [("", ""), ("/", ""), ("www", "www/"), ("/www/", "www/"), ("a/b", "a/b/")]
    )
    def test_a_prefix_is_written_with_slashes_or_without(self, tmp_path: Path, prefix: str, key: str) -> None:
        shop = Shop()
        there = BucketDestination("sites", "", "", prefix, FolderDestination(tmp_path / "kept", 2), shop)
        publish(built(tmp_path / "sites", FILES), there, 2, AT)
        assert set(shop.objects) == {
            f"{key}{path}" for path in ("a/build.json", "a/index.html", "build.json", "index.html")
        }

    def test_all_that_is_there_counts_however_many_lists_that_takes(self, tmp_path: Path) -> None:
        shop = Shop()
        there = BucketDestination("sites", "", "", "www", FolderDestination(tmp_path / "kept", 2), shop)
        shop.objects = {f"www/{number:02}.html": (b"", "") for number in range(41)} | {"www/.publishing": (b"", "")}
        assert sorted(there.listing(Listing()).files) == [f"{number:02}.html" for number in range(41)]
        assert len(shop.asked) == 3

    @pytest.mark.parametrize(
        ("answer", "absent"),
        [
            ({"Error": {"Code": "NoSuchKey"}}, True), ({"Error": {"Code": "404"}}, True), ({"Error": {"Code": 404}}, True),
            ({"Error": {"Code": "AccessDenied"}}, False), ({}, False), (None, False),
        ],
    )  # fmt: skip
    def test_what_is_absent_is_no_failure(self, tmp_path: Path, answer: Any, absent: bool) -> None:
        class RefusedError(OSError):
            response = answer

        class Closed:
            def get_object(self, **_: str) -> None:
                raise RefusedError("no.")

        there = BucketDestination("sites", "", "", "", FolderDestination(tmp_path, 2), Closed())
        if absent:
            assert there.listing(Listing()) == Listing()
            return
        with pytest.raises(TargetError) as told:
            there.listing(Listing())
        assert told.value.values == {"name": "S3", "reason": "no"}

    def test_a_fault_of_our_own_is_not_the_stores(self, tmp_path: Path) -> None:
        class Broken:
            def get_object(self, **_: str) -> None:
                raise KeyError("x")

        with pytest.raises(KeyError):
            BucketDestination("sites", "", "", "", FolderDestination(tmp_path, 2), Broken()).listing(Listing())
