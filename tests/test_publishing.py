"""One site that cannot be made or published keeps itself, and nothing else, from readers."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import LARGE, NOW, SmallSite, codes
from faults import unpublishable

from builder.cli.commands import main
from builder.content.documents import BranchContent
from builder.model.published import LiveSite
from builder.pages import Context
from builder.pipeline.conductor import Result
from builder.pipeline.files import OutputFile, site_outputs
from builder.pipeline.job import Job, Outcome
from builder.pipeline.release import build_site
from builder.pipeline.stages import Steps
from builder.store import Manifest, OutputPathError, Record, ReleaseContent, ReleaseWriter, ShownFeeds, Store
from builder.store.packs import FileRecord, Packed
from builder.store.publish import FileCounts, is_published, prepare, publish_branch, publish_hub

NEWS = "--- content/{}/news/2026-11-22-more.md\n---\ntitle: 新消息{}\nshare_with: all\n---\n文\n"


def with_file(path: str, ctx: Context, *rest: Any) -> Iterator[OutputFile]:
    """The files of a site; that of one branch has a further one at ``path``."""
    yield from site_outputs(ctx, *rest)
    if ctx.site == "alpha":
        yield OutputFile(path, "key", lambda: b"content")


@pytest.mark.slow
def test_a_site_that_cannot_be_published_is_kept_and_all_others_go_on(built_site: SmallSite) -> None:
    before = built_site.files("alpha")
    built_site.write(NEWS.format("alpha", "甲") + NEWS.format("beta", "乙"))
    result = built_site.build(steps=unpublishable("alpha"))
    assert dict(result.sites) == {"alpha": "kept", "beta": "built"}
    assert "content/alpha:- render-failed kept" in codes(result)
    assert built_site.files("alpha") == before
    assert "beta/news/2026-11-22-more/index.html" in built_site.mentions("新消息乙")
    assert "index.html" in built_site.mentions("新消息乙")


@pytest.mark.slow
def test_it_is_published_by_the_next_build_as_a_clean_one_would(built_site: SmallSite) -> None:
    built_site.write(NEWS.format("alpha", "甲"))
    built_site.build(steps=unpublishable("alpha"))
    assert codes(built_site.build()) == []
    healed = built_site.files()
    built_site.build(clean=True, output=built_site.root / "other", state=built_site.root / "other-state")
    built_site.output = built_site.root / "other"
    assert built_site.files() == healed


@pytest.mark.slow
def test_withdrawals_of_other_branches_reach_the_hub_meanwhile(built_site: SmallSite) -> None:
    built_site.delete("content/beta/news/2026-11-21-reading.md").write(NEWS.format("alpha", "甲"))
    built_site.build(steps=unpublishable("alpha"))
    assert [path for path in built_site.mentions("读书会") if not path.startswith("alpha/")] == []


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 2])
def test_a_release_that_is_gone_before_it_is_published_is_made_once_more(built_site: SmallSite, times: int) -> None:
    """Whoever takes it away again keeps the branch as readers see it."""
    before, left = built_site.files("alpha"), times

    def make(job: Job) -> Outcome:
        nonlocal left
        outcome = build_site(job)
        if job.slug == "alpha" and left:
            left -= 1
            Path(job.session.store.release("alpha"), "manifest.json").unlink()
        return outcome

    result = built_site.write(NEWS.format("alpha", "甲")).build(steps=Steps(make=make))
    told = [(each.path, each.code, each.effect, dict(each.arguments)) for each in result.problems]
    damaged = ("content/alpha", "state-damaged", "none", {"name": "content/alpha"})
    if times == 1:
        assert told == [damaged]
        assert result.sites["alpha"] == "built"
        assert "新消息甲" in built_site.page("alpha/index.html")
    else:
        assert told == [("content/alpha", "render-failed", "kept", {"reason": "its state is damaged"}), damaged]
        assert result.sites["alpha"] == "kept"
        assert built_site.files("alpha") == before


def test_a_branch_that_was_never_published_is_missing(site: SmallSite) -> None:
    result = site.build(steps=unpublishable("alpha"))
    assert dict(result.sites) == {"alpha": "missing", "beta": "built"}
    assert "content/alpha:- render-failed missing" in codes(result)
    assert site.exists("index.html")


@pytest.mark.slow
def test_the_report_is_written_and_the_status_is_one(built_site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    built_site.write(NEWS.format("alpha", "甲"))
    report = built_site.root / "report.json"
    command = ["build", "--root", str(built_site.root), "--now", NOW, "--report", str(report)]
    status = main(command, unpublishable("alpha"))
    assert status == 1
    assert json.loads(report.read_text("utf-8"))["counts"]["branches_kept"] == 1
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "about/index.html",
        "about/index.html/x.txt",
        "about",
        "x" * 300,
        "/".join(["y" * 99] * 11),
        "media//x.txt",
        "media/x\0.txt",
        "about/index.html/deep/x.txt",
        "../beta/index.html",
        "build.json",
    ],
)
def test_a_path_that_no_folder_can_hold_keeps_that_site_alone(built_site: SmallSite, path: str) -> None:
    before = built_site.files("alpha")
    built_site.write(NEWS.format("alpha", "甲") + NEWS.format("beta", "乙"))
    result = built_site.build(steps=Steps(make=partial(build_site, outputs=partial(with_file, path))))
    assert dict(result.sites) == {"alpha": "kept", "beta": "built"}
    assert [each for each in codes(result) if "output-path" in each] == ["content/alpha:- output-path kept"]
    assert built_site.files("alpha").keys() == before.keys()
    assert "index.html" in built_site.mentions("新消息乙")


def test_a_release_says_which_path_it_is(tmp_path: Path) -> None:
    writer = ReleaseWriter(Store(tmp_path / "state", tmp_path / "out"), "alpha", None)
    writer.write("a/b", b"x")
    with pytest.raises(OutputPathError) as error:
        writer.write("a/b", b"y")
    assert error.value.path == "a/b"


@pytest.mark.slow
@pytest.mark.parametrize("obstacle", ["file", "link", "fifo", "folder"])
@pytest.mark.parametrize("place", ["alpha", "data", ".staging", "alpha/news", "index.html", "data/entries.json"])
def test_whatever_lies_in_the_way_in_the_output_folder_is_removed(
    built_site: SmallSite, place: str, obstacle: str
) -> None:
    expected = built_site.files()
    target = built_site.output / place
    if target.is_dir():
        for name, folders, files in os.walk(target, topdown=False):
            for each in files:
                (Path(name) / each).unlink()
            for each in folders:
                (Path(name) / each).rmdir()
        target.rmdir()
    else:
        target.unlink(missing_ok=True)
    if obstacle == "file":
        target.write_text("foreign")
    elif obstacle == "link":
        target.symlink_to("/nowhere")
    elif obstacle == "fifo":
        os.mkfifo(target)
    else:
        (target / "deep").mkdir(parents=True)
        (target / "deep/file").write_text("foreign")
    assert codes(built_site.build()) == []
    assert built_site.files() == expected


class DamagedFiles(Packed):
    """The files of a release; one of them cannot be read."""

    bad = ""

    def pieces(self, file: FileRecord) -> Iterator[bytes]:
        """A file's bytes."""
        if file.sha256 == self.bad:
            raise OSError("a bad block")
        return super().pieces(file)


class DamagedStore(Store):
    """A store of which one file, given by its hash, cannot be read."""

    bad = ""

    def packed(self, slug: str) -> Packed:
        """The files of a site's release."""
        files = DamagedFiles(self.release(slug), slug)
        files.bad = self.bad
        return files


def test_build_json_says_that_all_the_rest_of_the_hub_is_there(built_site: SmallSite, tmp_path: Path) -> None:
    output = tmp_path / "other"
    whole = Store(built_site.root / ".branchpress", built_site.output)
    damaged = DamagedStore(built_site.root / ".branchpress", built_site.output)
    manifest = whole.manifest("")
    assert manifest is not None
    damaged.bad = manifest.files["feeds/index.html"].sha256
    published = publish_hub(output, damaged, manifest, ())
    assert published.failed == "OSError: a bad block"
    assert not (output / "build.json").exists()
    assert not (output / "feeds/index.html").exists()
    assert (output / "index.html").exists()
    assert published.files.written == len(manifest.files) - 2
    assert publish_hub(output, whole, manifest, ()).files.written == 2
    assert (output / "build.json").read_bytes() == (built_site.output / "build.json").read_bytes()


def test_an_output_folder_without_build_json_is_still_ours(built_site: SmallSite) -> None:
    before = built_site.files()
    (built_site.output / "build.json").unlink()
    assert codes(built_site.build()) == []
    assert built_site.files() == before


def refuse(new: Path, target: Path) -> bool:
    raise OSError(errno.EBUSY, "Device or resource busy", str(target))


def publish_in_place(output: Path, slug: str, store: Store, manifest: Manifest) -> FileCounts:
    return publish_branch(output, slug, store, manifest, refuse)


@pytest.mark.slow
def test_where_folders_cannot_be_exchanged_files_are_written_one_by_one(built_site: SmallSite) -> None:
    built_site.write(
        NEWS.format("alpha", "甲") + "--- content/alpha/news/2026-11-22-gone.md\n---\ntitle: 待撤\n---\n文\n"
    )
    built_site.build()
    built_site.delete("content/alpha/news/2026-11-22-gone.md", "content/alpha/about.md")
    (built_site.output / "alpha/about").rename(built_site.output / "alpha/moved")
    result = built_site.build(steps=Steps(publish=publish_in_place))
    assert (codes(result), result.sites["alpha"]) == ([], "built")
    assert built_site.mentions("待撤") == built_site.mentions("二〇〇一年") == []
    in_place = built_site.files()
    assert built_site.build().files.written == 0
    built_site.build(clean=True, output=built_site.root / "other", state=built_site.root / "other-state")
    built_site.output = built_site.root / "other"
    assert built_site.files() == in_place


@pytest.mark.slow
class TestLarge:
    """A large branch keeps the folder that it had, for the next exchange: an edit costs what it changes."""

    @staticmethod
    def edit(site: SmallSite, text: str) -> Result:
        return site.write(f"--- content/alpha/about.md\n---\ntitle: 关于\n---\n{text}\n").build(steps=LARGE)

    @staticmethod
    def spare(site: SmallSite) -> Path:
        return next((site.root / ".branchpress").glob("*/spare/alpha"))

    def test_two_folders_take_turns(self, site: SmallSite) -> None:
        site.build()
        self.edit(site, "第一版")
        spare, shown = self.spare(site).stat().st_ino, (site.output / "alpha").stat().st_ino
        untouched = self.spare(site) / "news/2026-11-20-visit"
        before = untouched.stat()
        result = self.edit(site, "第二版")
        now = (site.output / "alpha/news/2026-11-20-visit").stat()
        assert (self.spare(site).stat().st_ino, (site.output / "alpha").stat().st_ino) == (shown, spare)
        assert (now.st_ino, now.st_ctime_ns) == (before.st_ino, before.st_ctime_ns)
        assert 0 < result.files.written < result.files.unchanged
        assert site.build().files.written == 0

    def test_the_spare_is_what_readers_see_and_nothing_more(self, site: SmallSite) -> None:
        site.build()
        self.edit(site, "第一版")
        site.delete("content/alpha/about.md").build(steps=LARGE)
        assert files_below(self.spare(site)) == site.files("alpha")
        assert not (self.spare(site) / "about").exists()

    def test_nothing_that_was_edited_in_its_place_is_left_in_the_spare(self, site: SmallSite) -> None:
        site.build()
        self.edit(site, "第一版")
        text = "--- content/alpha/about.md\n---\ntitle: 关于\n---\n第二版\n"
        shown = (site.output / "alpha").stat().st_ino
        site.write(text).build(steps=LARGE, touched=frozenset({"alpha"}))
        assert (site.output / "alpha").stat().st_ino == shown
        assert files_below(self.spare(site)).items() <= site.files("alpha").items()
        self.edit(site, "第三版")
        assert files_below(self.spare(site)) == site.files("alpha")

    @pytest.mark.parametrize("where", ["spare", "output"])
    def test_what_others_did_to_either_folder_is_put_right(self, site: SmallSite, where: str) -> None:
        site.build()
        self.edit(site, "第一版")
        folder = self.spare(site) if where == "spare" else site.output / "alpha"
        (folder / "index.html").write_text("changed")
        (folder / "about/index.html").rename(folder / "about/more.html")
        shutil.rmtree(folder / "news/2026-11-20-visit")
        (folder / "news/2026-11-20-visit").write_text("a file in the place of a folder")
        (folder / "feed.xml").unlink()
        (folder / "feed.xml").mkdir()
        (folder / "new/inner").mkdir(parents=True)
        (folder / "away").symlink_to("/etc")
        self.edit(site, "第二版")
        published = site.files("alpha")
        assert site.build().files.written == 0
        site.build(output=site.root / "other", state=site.root / "other-state")
        assert files_below(site.root / "other/alpha") == published == files_below(self.spare(site))
        assert not (site.output / "alpha/new").exists()
        assert not os.path.lexists(site.output / "alpha/away")

    def test_a_file_damaged_in_both_folders_comes_from_the_release(self, site: SmallSite) -> None:
        site.build()
        self.edit(site, "第一版")
        before = site.files("alpha")
        page = site.output / "alpha/news/2026-11-20-visit/index.html"
        times = page.stat().st_atime_ns, page.stat().st_mtime_ns
        assert page.stat().st_ino == (self.spare(site) / "news/2026-11-20-visit/index.html").stat().st_ino
        page.write_bytes(b"changed")
        os.utime(page, ns=times)
        self.edit(site, "第二版")
        assert page.read_bytes() == before["news/2026-11-20-visit/index.html"]

    def test_a_branch_that_is_gone_leaves_none(self, site: SmallSite) -> None:
        site.build()
        self.edit(site, "第一版")
        site.delete("content/alpha")
        site.write("--- content/beta/branch.yml\nname: 乙支部\n").build(allow_deletions=True)
        assert not list((site.root / ".branchpress").glob("*/spare/alpha"))

    def test_a_branch_that_is_large_no_more_keeps_none(self, site: SmallSite) -> None:
        site.build()
        self.edit(site, "第一版")
        site.delete("content/alpha/about.md").build()
        assert not list((site.root / ".branchpress").glob("*/spare/alpha"))

    def test_after_a_folder_has_gone_nothing_is_left_to_do(self, site: SmallSite) -> None:
        for name in ("a", "b"):
            (site.root / f"content/alpha/media/{name}").mkdir(parents=True)
            (site.root / f"content/alpha/media/{name}/form.pdf").write_bytes(b"%PDF-1.4\n")
        site.write("--- content/alpha/forms.md\n---\ntitle: 表格\n---\n[甲](media/a/form.pdf) [乙](media/b/form.pdf)\n")
        site.build()
        self.edit(site, "第一版")
        self.edit(site, "第二版")
        site.delete("content/alpha/media/a")
        site.write("--- content/alpha/forms.md\n---\ntitle: 表格\n---\n[乙](media/b/form.pdf)\n").build(steps=LARGE)
        assert not site.exists("alpha/media/a")
        shown = (site.output / "alpha").stat().st_ino
        site.build(steps=LARGE)
        assert (site.output / "alpha").stat().st_ino == shown

    def test_a_branch_that_is_made_anew_keeps_none(self, site: SmallSite) -> None:
        site.build()
        self.edit(site, "第一版")
        site.write("--- content/alpha/branch.yml\nname: 新名支部\n").build(steps=LARGE)
        assert not list((site.root / ".branchpress").glob("*/spare/alpha"))


@pytest.mark.parametrize(("changed", "kept"), [(0, True), (1, True), (2, False)])
def test_a_folder_of_which_most_is_new_is_not_kept(tmp_path: Path, changed: int, kept: bool) -> None:
    """Of four files, build.json among them, half may have changed."""
    store, output = Store(tmp_path / "state", tmp_path / "out"), tmp_path / "out"
    content = ReleaseContent(Record(BranchContent("a")), LiveSite("a"), {})
    manifest: Manifest | None = None
    for version in ("1", "2"):
        writer = ReleaseWriter(store, "a", manifest)
        for number in range(3):
            writer.write(f"{number}.html", (version if number < changed else "same").encode())
        writer.write("more.html", b"") if version == "2" and not changed else None
        manifest = writer.commit(Manifest(digest="", inputs=""), ShownFeeds({}), content)
        prepare(output, ours=True)
        publish_branch(output, "a", store, manifest, spare_from=0)
    assert store.spare("a").exists() is kept


def replaced(path: Path, lay: Callable[[Path], object]) -> None:
    """Lays something else in the place of a file or a folder, and leaves all times as they were."""
    status, above = path.lstat(), path.parent.stat()
    lay(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns), follow_symlinks=False)
    os.utime(path.parent, ns=(above.st_atime_ns, above.st_mtime_ns))


@pytest.mark.parametrize(
    ("place", "lay"),
    [
        ("about/index.html", lambda path: path.write_bytes(path.read_bytes() + b" ")),
        ("about/index.html", lambda path: path.rename(path.parent.parent / "x") and path.symlink_to("../x")),
        ("about", lambda path: path.rename(path.parent.parent / "x") and path.symlink_to("../x")),
        ("about", lambda path: (path / "index.html").unlink()),
    ],
    ids=["a file of another size", "a link to a file", "a link to a folder", "nothing"],
)
def test_what_lies_in_the_output_is_not_what_was_published(
    built_site: SmallSite, place: str, lay: Callable[[Path], object]
) -> None:
    manifest = Store(built_site.root / ".branchpress", built_site.output).manifest("alpha")
    assert manifest is not None
    assert is_published(built_site.output, "alpha", manifest)
    replaced(built_site.output / "alpha" / place, lay)
    assert not is_published(built_site.output, "alpha", manifest)


def files_below(folder: Path) -> Mapping[str, bytes]:
    """All files below a folder, by path."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.slow
def test_even_where_some_files_cannot_be_written_what_was_withdrawn_goes(built_site: SmallSite) -> None:
    built_site.write("--- content/alpha/about.md\n---\ntitle: 新\n---\n新的\n")
    built_site.delete("content/alpha/news/2026-11-20-visit.md")
    staging = built_site.output / ".staging"

    def publish(output: Path, slug: str, store: Store, manifest: Manifest) -> FileCounts:
        (staging / "file").mkdir()
        return publish_in_place(output, slug, store, manifest)

    result = built_site.build(steps=Steps(publish=publish))
    assert result.sites["alpha"] == "kept"
    assert not built_site.exists("alpha/news/2026-11-20-visit/index.html")
