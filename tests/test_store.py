"""The store by itself: packs hold what a simple model says, each in its place, and nothing else; what another version or another
process left there counts as it should."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import NOW, SmallSite, examples
from filelock import lock_descriptor
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builder.model.sealed import DamagedStateError, write_sealed
from builder.store import FileRecord, Manifest, ReleaseWriter, ShownFeeds, Store, StoreLockedError
from builder.store.exchange import exchange_folder, replace_folder, settle_folder
from builder.store.lock import locked
from builder.store.notes import (
    BuildNote,
    Published,
    last_build,
    last_publications,
    note_build,
    note_publication,
)
from builder.store.packs import Packed, Packing, blank
from builder.store.progress_note import Notes
from builder.store.releases import VERSION

CONTENTS = st.sampled_from((b"", b"a", b"bb", b"cccc" * 10, b"d" * 300))
STEP = st.dictionaries(
    st.sampled_from("abcdefgh"), st.tuples(st.sampled_from(("write", "copy", "keep")), CONTENTS), max_size=8
)


class Packs:
    """Releases of one site, and what a dictionary says of the last one."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.number = folder, 0
        self.files: Mapping[str, FileRecord] = {}
        self.model: dict[str, bytes] = {}
        (folder / "0").mkdir()

    @property
    def release(self) -> Path:
        return self.folder / str(self.number)

    def make(self, step: Mapping[str, tuple[str, bytes]]) -> Packing:
        """Makes the next release; a file that is kept and was not there is written."""
        before, last = self.model, self.release
        self.number += 1
        self.release.mkdir()
        packing = Packing(self.release, last, "alpha", self.files)
        self.model = {}
        for path, (how, content) in step.items():
            if how == "keep" and path in before:
                packing.take_over(path)
                content = before[path]
                assert packing.read(path) == content
            elif how == "copy":
                packing.copy(path, (content[:1], content[1:]))
            else:
                packing.write(path, content)
            self.model[path] = content
        packing.finish()
        self.files = packing.files
        blank(self.release)
        return packing

    def read(self) -> Mapping[str, bytes]:
        packed = Packed(self.release, "alpha")
        found = {path: packed.read(file) for path, file in self.files.items()}
        packed.close()
        return found


@given(st.lists(STEP, max_size=12))
@example(
    [
        {"a": ("write", b""), "b": ("write", b"gone with it"), "h": ("write", b"h" * 99)},
        {"a": ("keep", b""), "h": ("keep", b"")},
    ]
)
@settings(max_examples=examples(20))
def test_packs_hold_what_a_dictionary_holds(tmp_path_factory: pytest.TempPathFactory, steps: list[Any]) -> None:
    packs = Packs(tmp_path_factory.mktemp("packs"))
    for step in steps:
        before, was = packs.files, packs.model
        packing = packs.make(step)
        assert packs.read() == packs.model
        assert list(packs.files) == sorted(packs.model)
        for path, file in packs.files.items():
            same = path in was and was[path] == packs.model[path]
            assert file.mtime_ns == before[path].mtime_ns if same else file.mtime_ns > 0, "times of equal bytes stay"
            assert file.size == len(packs.model[path])
        assert packing.written == sum(path not in was or was[path] != packs.model[path] for path in packs.model)
        used = {file.pack for file in packs.files.values()}
        assert {file.name for file in packs.release.iterdir()} == used
        needed = dict.fromkeys(used, 0)
        for file in packs.files.values():
            needed[file.pack] += file.size
        newest = max(used, key=lambda name: int(name[4:]), default="")
        for name in used - {newest}:
            assert 2 * needed[name] >= (packs.release / name).stat().st_size, "half of a pack is needed"
        assert len(used) <= 9
        # What was replaced or dropped is not in any pack.
        kept = b"".join((packs.release / name).read_bytes() for name in sorted(used))
        for content in set(was.values()) - set(packs.model.values()):
            if len(content) > 2 and not any(content in each for each in packs.model.values()):
                assert content not in kept


def test_many_packs_become_few(tmp_path: Path) -> None:
    """Eight beside the new one stay as they are; of nine only the largest."""
    packs = Packs(tmp_path)
    step: dict[str, tuple[str, bytes]] = {}
    for number in range(12):
        step = dict.fromkeys(step, ("keep", b"")) | {f"f{number:02}": ("write", bytes([65 + number]) * (10 + number))}
        packs.make(step)
        assert packs.read() == packs.model
    used = sorted(file.name for file in packs.release.iterdir())
    counts = {name: sum(file.pack == name for file in packs.files.values()) for name in used}
    assert counts == {"pack9": 1, "pack10": 9, "pack11": 1, "pack12": 1}


def test_half_of_a_pack_is_enough_to_stay(tmp_path: Path) -> None:
    for size, name in ((10, "pack1"), (9, "pack2")):
        (tmp_path / name).mkdir()
        packs = Packs(tmp_path / name)
        packs.make({"a": ("write", b"x" * size), "b": ("write", b"y" * (20 - size))})
        packs.make({"a": ("keep", b""), "c": ("write", b"z")})
        assert packs.files["a"].pack == name
        assert packs.read() == packs.model


@pytest.mark.parametrize("damage", ["gone", "folder", "cut", "other"])
def test_a_pack_that_is_not_as_it_was_is_seen(tmp_path: Path, damage: str) -> None:
    packs = Packs(tmp_path)
    packs.make({"a": ("write", b"x" * 10)})
    (file,) = packs.release.iterdir()
    if damage in ("gone", "folder"):
        file.unlink()
    if damage == "folder":
        file.mkdir()
    if damage in ("cut", "other"):
        file.write_bytes(b"x" * 9 + b"y" * (damage == "other"))
    with pytest.raises(DamagedStateError) as raised:
        packs.read()
    assert raised.value.slug == "alpha"


def test_what_a_killed_build_did_not_blank_is_blanked_by_the_next(tmp_path: Path) -> None:
    packs = Packs(tmp_path)
    packs.make({"a": ("write", b"a" * 50), "b": ("write", b"SECRET")})
    packing = Packing(tmp_path / "2", packs.release, "alpha", packs.files)
    (tmp_path / "2").mkdir()
    packing.take_over("a")
    packing.finish()
    assert b"SECRET" in (tmp_path / "2/pack1").read_bytes()
    assert (tmp_path / "2/gone.json").exists()
    for _ in range(2):
        blank(tmp_path / "2")
        assert (tmp_path / "2/pack1").read_bytes() == b"a" * 50 + bytes(6)
        assert not (tmp_path / "2/gone.json").exists()
    blank(tmp_path / "nowhere")
    (tmp_path / "2/gone.json").write_bytes(b"not sealed")
    blank(tmp_path / "2")
    assert not (tmp_path / "2/gone.json").exists()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "state", tmp_path / "sites")


def save(store: Store, slug: str, name: str, value: object) -> None:
    file = store.release(slug) / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    write_sealed(file, msgspec.json.encode(value))


def test_what_another_version_wrote_counts_as_nothing(built_site: SmallSite) -> None:
    store = Store(built_site.root / ".branchpress", built_site.output)
    manifest, record = store.manifest("alpha"), store.record("alpha")
    assert manifest is not None
    assert record is not None
    for version in (VERSION - 1, VERSION + 1):
        save(store, "alpha", "manifest", msgspec.structs.replace(manifest, version=version))
        save(store, "alpha", "record", msgspec.structs.replace(record, version=version))
        assert store.manifest("alpha") is None
        assert store.record("alpha") is None
        assert store.past_of(())("alpha") is None
    save(store, "alpha", "manifest", manifest)
    save(store, "alpha", "record", record)
    assert store.manifest("alpha") == manifest
    assert store.record("alpha") == record
    past = store.past_of(("beta",))
    assert past("beta") is None
    assert past("alpha") == (record, store.live_site("alpha"))


def test_releases_are_known_by_their_manifests(store: Store) -> None:
    assert store.slugs() == ()
    for slug in ("beta", "alpha", ""):
        save(store, slug, "manifest", Manifest(digest="", inputs=""))
    (store.folder / "sites/gamma").mkdir()
    assert store.slugs() == ("alpha", "beta")
    assert store.stamp("gamma") is None
    first = store.stamp("alpha")
    save(store, "alpha", "manifest", Manifest(digest="x", inputs=""))
    assert first is not None
    assert store.stamp("alpha") not in (None, first)
    store.spoil("alpha")
    assert store.slugs() == ("beta",)
    store.remove("beta")
    assert not store.release("beta").exists()
    assert store.items("alpha") == {}


def test_one_output_folder_has_one_state(tmp_path: Path) -> None:
    one, same = Store(tmp_path, tmp_path / "a"), Store(tmp_path, tmp_path / "b/../a")
    assert one == same
    assert hash(one) == hash(same)
    assert one != Store(tmp_path, tmp_path / "b")
    assert one != tmp_path


def test_what_is_stashed_is_there_until_the_build_ends(store: Store) -> None:
    store.unstash("alpha")
    with store.locked():
        for slug in ("alpha", "beta", ""):
            store.stash("found", slug, b"1" + slug.encode())
            store.stash("slice", slug, b"2")
        store.unstash("alpha")
        assert store.stashed("found", "alpha") is None
        assert store.stashed("slice", "alpha") is None
        assert (store.stashed("found", "beta"), store.stashed("found", "")) == (b"1beta", b"1")
    assert not store.staging.exists()
    assert store.stashed("found", "beta") is None


def test_a_build_removes_what_another_left_half_done(store: Store) -> None:
    for path in (
        "staging/found/a.json",
        "templates/x",
        "audit/alpha.files.json.12",
        "sites/alpha.old/x",
        "sites/beta.old/old",
    ):
        (store.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (store.folder / path).write_text("x")
    (store.folder / "audit/alpha.files.json").write_text("x")
    (store.folder / "sites/beta").mkdir()
    with store.locked():
        found = {file.relative_to(store.folder).as_posix() for file in store.folder.rglob("*") if file.is_file()}
    assert found == {"lock", "audit/alpha.files.json", "sites/alpha/x"}


def test_what_is_kept_for_audits_goes_with_its_site_only(store: Store) -> None:
    for slug in ("alpha", "alpha2", ""):
        for what in ("files", "links"):
            store.kept(what, slug).parent.mkdir(parents=True, exist_ok=True)
            store.kept(what, slug).write_text("x")
    store.drop_kept("alpha")
    assert sorted(file.name for file in (store.folder / "audit").iterdir()) == [
        "alpha2.files.json", "alpha2.links.json", "hub.files.json", "hub.links.json",
    ]  # fmt: skip


def test_what_is_remembered_is_forgotten_when_it_is_damaged(store: Store) -> None:
    store.folder.mkdir(parents=True)
    assert store.remembered(dict[str, int]) is None
    assert not store.forgot()
    store.remember({"a": 1})
    assert store.remembered(dict[str, int]) == {"a": 1}
    assert store.remembered(list[int]) is None
    assert not store.forgot()
    (store.folder / "memory.json").write_bytes(b"x")
    assert store.remembered(dict[str, int]) is None
    assert store.forgot()


@pytest.mark.parametrize("part", ["record", "slice", "items", "feeds"])
def test_a_release_is_damaged_when_any_part_of_it_is(built_site: SmallSite, part: str) -> None:
    store = Store(built_site.root / ".branchpress", built_site.output)
    assert not store.saved("alpha").damaged
    assert not store.saved("nobody").damaged
    file = store.release("alpha") / f"{part}.json"
    content = file.read_bytes()
    file.write_bytes(content[:-1])
    assert store.saved("alpha").damaged
    file.write_bytes(content)
    pack = max(store.release("alpha").glob("pack*"))
    os.truncate(pack, pack.stat().st_size - 1)
    assert store.saved("alpha").damaged
    # Earlier versions sealed nothing.
    (store.release("alpha") / "manifest.json").write_bytes(b"{}")
    assert not store.saved("alpha").damaged


def _published(manifest: Manifest) -> dict[str, tuple[str, int, int]]:
    """The bytes and times of files: in which pack they lie is nobody's matter."""
    return {path: (file.sha256, file.size, file.mtime_ns) for path, file in manifest.files.items()}


def test_times_of_files_are_those_of_the_last_change(built_site: SmallSite) -> None:
    """A site that is made anew from nothing else has the same files, and build.json names them all."""
    store = Store(built_site.root / ".branchpress", built_site.output)
    last = store.manifest("alpha")
    assert last is not None
    with store.locked():
        writer = ReleaseWriter(store, "alpha", last)
        assert "index.html" not in writer
        for path in last.files:
            if path != "build.json":
                writer.write(path, store.packed("alpha").read(last.files[path]))
        assert "index.html" in writer
        assert _published(writer.commit(last, ShownFeeds({}))) == _published(last)
        writer = ReleaseWriter(store, "alpha", last, last)
        for path in last.outputs:
            writer.write_output(path, last.outputs[path], lambda: b"never")
        path = next(iter(last.outputs))
        assert writer.read(path) == store.packed("alpha").read(last.files[path])
        fresh = ReleaseWriter(store, "alpha", last, last)
        fresh.write_output(path, "another key", lambda: b"made")
        made = fresh.commit(Manifest(digest="", inputs=""), ShownFeeds({})).files
    assert sorted(made) == sorted(("build.json", path))
    assert store.packed("alpha").read(made[path]) == b"made"


def holder(file: Path, ready: Any) -> None:
    with locked(file):
        ready.set()
        time.sleep(600)


def test_a_lock_names_its_holder_and_is_nobodys_afterwards(tmp_path: Path) -> None:
    file = tmp_path / "folder/lock"
    context = multiprocessing.get_context("fork")
    ready = context.Event()
    process = context.Process(target=holder, args=(file, ready))
    process.start()
    assert ready.wait(60)
    with pytest.raises(StoreLockedError) as raised, locked(file):
        pass
    assert raised.value.holder == str(process.pid)
    process.kill()
    process.join()
    with locked(file):
        assert file.read_text() == f"\n{os.getpid()}\n"
        with pytest.raises(StoreLockedError) as raised, locked(file):
            pass
        assert raised.value.holder == str(os.getpid())
    assert file.read_text() == ""


def test_the_lock_of_a_holder_that_is_gone_is_waited_for_a_moment(tmp_path: Path) -> None:
    """The workers of a process that was killed have it open until they have gone, too."""
    file = tmp_path / "lock"
    with locked(file):
        # No process has a number as high as this.
        file.write_text("\n999999999\n")
        began = time.monotonic()
        with pytest.raises(StoreLockedError) as raised, locked(file, patience=0.2):
            pass
        assert raised.value.holder == "999999999"
        assert time.monotonic() - began >= 0.2
        worker = threading.Timer(0.1, lambda: held.close())
        other = tmp_path / "other"
        with locked(other):
            pass
        held = other.open("r+b")
        assert lock_descriptor(held.fileno(), blocking=False)
        other.write_text("\n999999999\n")
        worker.start()
        with locked(other, patience=60):
            assert other.read_text() == f"\n{os.getpid()}\n"
        worker.join()


def test_what_stands_in_the_place_of_a_lock_is_removed(tmp_path: Path) -> None:
    lays: tuple[Callable[[Path], None], ...] = (
        lambda file: file.symlink_to(other),
        lambda file: (file / "x").mkdir(parents=True),
    )
    other = tmp_path / "other"
    other.write_text("kept")
    for lay in lays:
        file = tmp_path / "lock"
        lay(file)
        with locked(file):
            assert file.is_file()
            assert not file.is_symlink()
        file.unlink()
    assert other.read_text() == "kept"


def test_notes_are_read_as_they_were_written(store: Store) -> None:
    store.folder.mkdir(parents=True)
    assert last_build(store) is None
    assert last_publications(store) == {}
    note = BuildNote(at=NOW, program="1", exit=0, counts={"a": 1})
    note_build(store, note)
    assert last_build(store) == note
    for target, number in (("b", 1), ("a", 2), ("b", 3)):
        note_publication(store, target, Published(at=NOW, release=number))
    assert last_publications(store) == {"a": Published(at=NOW, release=2), "b": Published(at=NOW, release=3)}
    write_sealed(store.folder / "built.json", b'{"at": 1}')
    assert last_build(store) is None


def test_a_progress_note_names_the_last_step_of_what_failed(tmp_path: Path) -> None:
    notes = Notes(tmp_path / "notes")
    assert notes.last("alpha") == ""
    with suppress(ZeroDivisionError), notes.begin("alpha") as note:
        note.write("a longer step")
        note.write("short")
        assert notes.last("alpha") == "short"
        raise ZeroDivisionError
    assert notes.last("alpha") == "short"
    assert notes.last("") == ""
    with notes.begin("alpha") as note:
        note.write("done")
        assert note.began_ns > 0
    assert notes.last("alpha") == ""
    assert list(notes.folder.iterdir()) == []


@pytest.fixture(params=[True, False], ids=["in one step", "in two"])
def swaps(request: pytest.FixtureRequest) -> Any:
    """The system's own exchange of two folders, or none."""
    return None if request.param else lambda new, target: False


def folders(root: Path) -> Iterator[str]:
    return (file.relative_to(root).as_posix() for file in sorted(root.rglob("*")) if file.is_file())


def test_a_folder_takes_the_place_of_another(tmp_path: Path, swaps: Any) -> None:
    for place in ("new/n", "target/t", "target.old/o"):
        (tmp_path / place).parent.mkdir()
        (tmp_path / place).write_text("x")
    left = exchange_folder(tmp_path / "new", tmp_path / "target", swaps)
    # Where it takes one step, what was left of another time is settled by the next build.
    assert left is (swaps is None)
    assert list(folders(tmp_path)) == (["new/t", "target/n", "target.old/o"] if left else ["target/n"])
    (tmp_path / "next").mkdir()
    (tmp_path / "next/x").write_text("x")
    replace_folder(tmp_path / "next", tmp_path / "target", swaps)
    assert not (tmp_path / "next").exists()
    assert "target/x" in folders(tmp_path)
    (tmp_path / "next").mkdir()
    replace_folder(tmp_path / "next", tmp_path / "deep/er", swaps)
    assert (tmp_path / "deep/er").is_dir()


def test_what_a_kill_left_between_two_steps_is_settled(tmp_path: Path) -> None:
    (tmp_path / "a.old").mkdir()
    settle_folder(tmp_path / "a")
    assert (tmp_path / "a").is_dir()
    assert not (tmp_path / "a.old").exists()
    settle_folder(tmp_path / "a")
    (tmp_path / "a.old").mkdir()
    settle_folder(tmp_path / "a")
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
