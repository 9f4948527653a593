"""The files that content names are read by one way: in bounded memory and time, whatever lies there and whoever looks."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from conftest import NOW, ORGANIZATION, TWO_BRANCHES, SmallSite, codes
from picture_files import photograph, put

from builder.audit.run import audit
from builder.content.workspace import UnusableError
from builder.model.reading import hash_file, open_file, pieces, read_file
from builder.pipeline.conductor import Options, Result, build
from builder.workers import SerialExecutor, WorkerPool

ENTRY = "content/alpha/news/2026-11-22-x"
TEXT = "--- {}/index.md\n---\ntitle: 文\nattachments: [{}]\n---\n正文。\n"
MEMORY = 250
"""Megabytes of a worker, which needs most of them for itself."""


def large(file: Path, size: int, head: bytes = b"") -> None:
    """A file with a hole, which costs no room."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        stream.write(head)
        stream.truncate(size)


class TestLargeFiles:
    @pytest.mark.slow
    @pytest.mark.parametrize(("name", "head"), [("a.zip", b""), ("a.mp4", b"\0\0\0\x10ftypisom\0\0\0\0")])
    def test_one_larger_than_a_workers_memory_is_published(self, site: SmallSite, name: str, head: bytes) -> None:
        size = MEMORY * 1_200_000
        organization = site.root / "content/organization.yml"
        organization.write_text(organization.read_text() + "limits: {file_bytes: 1 GB}\n")
        large(site.root / ENTRY / name, size, head)
        site.write(TEXT.format(ENTRY, name))
        result = _build_in_processes(site)
        assert (codes(result), result.sites["alpha"]) == ([], "built")
        assert (site.output / "alpha/news/2026-11-22-x" / name).stat().st_size == size

    @pytest.mark.parametrize("name", ["a.zip", "a.mp4", "a.png"])
    def test_one_over_the_limit_is_named_and_left_out(self, site: SmallSite, name: str) -> None:
        large(site.root / ENTRY / name, 100_000_001)
        site.write(TEXT.format(ENTRY, name))
        result = site.build()
        assert codes(result) == [f"{ENTRY}/index.md:3 file-over-limit none"]
        assert [each.code for each in site.check()] == ["file-over-limit"]
        assert result.sites["alpha"] == "built"
        assert not site.exists(f"alpha/news/2026-11-22-x/{name}")
        assert "正文" in site.page("alpha/news/2026-11-22-x/index.html")

    def test_one_that_grew_over_the_limit_is_withdrawn(self, site: SmallSite) -> None:
        large(site.root / ENTRY / "a.zip", 1000)
        site.write(TEXT.format(ENTRY, "a.zip") + "[全部](a.zip)\n").build()
        page = "alpha/news/2026-11-22-x/index.html"
        assert site.exists("alpha/news/2026-11-22-x/a.zip")
        assert site.page(page).count('/a.zip"') == 2
        large(site.root / ENTRY / "a.zip", 100_000_001)
        site.build()
        assert not site.exists("alpha/news/2026-11-22-x/a.zip")
        assert '/a.zip"' not in site.page(page)
        assert "全部" in site.page(page)

    @pytest.mark.slow
    def test_a_text_of_200_megabytes_is_not_read(self, site: SmallSite) -> None:
        for path in ("alpha/news/2026-11-22-x.md", "alpha/branch.yml", "hub/x.md", "_audit/own.yml"):
            large(site.root / "content" / path, 200_000_000)
        result = site.build()
        assert {each.code for each in result.problems} >= {"file-too-large"}
        assert result.sites["beta"] == "built"


def _build_in_processes(site: SmallSite) -> Result:
    options = Options(site.root, site.output, site.root / ".branchpress", datetime.fromisoformat(NOW))
    return build(options, partial(WorkerPool, 1, 0, MEMORY))


class TestTheDoor:
    @pytest.mark.parametrize("read", [lambda file: read_file(file, 10), hash_file, open_file])
    def test_pipes_devices_and_folders_are_refused(self, tmp_path: Path, read: Callable[[Path], object]) -> None:
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "zero").symlink_to("/dev/zero")
        for file in (tmp_path / "pipe", tmp_path / "zero", tmp_path):
            with pytest.raises(OSError, match=r"regular|directory"):
                read(file)

    def test_a_growing_file_is_read_as_far_as_it_was(self, tmp_path: Path) -> None:
        file = tmp_path / "log"
        file.write_bytes(b"0123456789")
        with open_file(file) as stream:
            size = os.fstat(stream.fileno()).st_size
            file.open("ab").write(b"more and more")
            assert b"".join(pieces(stream, size)) == b"0123456789"
        assert len(read_file(file, 12)) == 13

    def test_a_link_that_leads_out_by_now_is_refused(self, tmp_path: Path) -> None:
        home = tmp_path / "content"
        home.mkdir()
        (home / "inside").write_text("inside")
        (tmp_path / "outside").write_text("hunter2")
        (home / "link").symlink_to("inside")
        assert read_file(home / "link", 100, home) == b"inside"
        (home / "link").unlink()
        (home / "link").symlink_to("../outside")
        with pytest.raises(OSError, match="exchanged"):
            read_file(home / "link", 100, home)


def _pipe(file: Path, _: Path) -> None:
    os.mkfifo(file)


def _device(file: Path, _: Path) -> None:
    file.symlink_to("/dev/zero")


def _secret(file: Path, outside: Path) -> None:
    file.symlink_to(outside)


@pytest.fixture(scope="module")
def before_opening() -> Callable[[Callable[[object], None]], AbstractContextManager[None]]:
    """Lets something happen before this process opens any file, given its path: after all that was looked at before."""
    active: list[Callable[[object], None]] = []

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event == "open" and active:
            active[-1](arguments[0])

    @contextmanager
    def during(act: Callable[[object], None]) -> Iterator[None]:
        active.append(act)
        try:
            yield
        finally:
            active.clear()

    # Python keeps it for good; it does nothing outside that time.
    sys.addaudithook(hook)
    return during


@pytest.mark.slow
class TestFilesThatAreExchanged:
    """Between the look at a file and its reading somebody puts something else in its place."""

    @pytest.fixture(params=[_pipe, _device, _secret])
    def exchange(self, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Path], None]:
        outside = tmp_path / "outside"
        outside.write_text("hunter2")
        return lambda file: request.param(file, outside)

    @pytest.mark.parametrize("name", ["a.zip", "a.mp4", "a.png", "a.svg", "a.heic", "a.pdf", "a.docx"])
    @pytest.mark.parametrize("command", ["build", "check", "audit"])
    def test_nobody_waits_and_nothing_gets_out(
        self,
        site: SmallSite,
        exchange: Callable[[Path], None],
        before_opening: Callable[[Callable[[object], None]], AbstractContextManager[None]],
        name: str,
        command: str,
    ) -> None:
        put(site.root, f"{ENTRY}/{name}", photograph(40, 30))
        site.write(TEXT.format(ENTRY, name))
        file = site.root / ENTRY / name
        opened: list[str] = []

        def opening(path: object) -> None:
            if str(path) == str(file) and not opened:
                opened.append(name)
                file.unlink()
                exchange(file)

        with before_opening(opening):
            if command == "build":
                assert site.build().sites["beta"] == "built"
            elif command == "check":
                site.check()
            else:
                _audit(site)
        assert opened or command != "build", "some files only a build opens"
        if command == "build":
            assert site.mentions("hunter2") == []


@pytest.mark.slow
class TestLinksToEachOther:
    """A dozen folders that lead to each other have 479 million ways, whether or not there is a text on any."""

    @pytest.mark.parametrize(
        "files", [{}, {"branch.yml": "name: 丙支部\n", "f3/2026-11-20-a.md": "---\ntitle: 题\n---\n文\n"}]
    )
    def test_each_is_followed_so_many_times(self, site: SmallSite, files: dict[str, str]) -> None:
        site.build()
        before = site.files("beta")
        home = site.root / "content/gamma"
        for name in (f"f{number}" for number in range(13)):
            (home / name).mkdir(parents=True)
            for other in range(13):
                (home / name / f"m{other}").symlink_to(f"../f{other}")
        for name, text in files.items():
            (home / name).write_text(text)
        began = time.process_time()
        site.check()
        result = site.build()
        assert time.process_time() - began < 60
        assert site.files("beta") == before
        assert "folder-linked-often" in {each.code for each in result.problems} or not files


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """The site as it was built a day before; nobody edits it."""
    site = SmallSite(tmp_path_factory.mktemp("earlier")).write(ORGANIZATION + "audit: {profile: own}\n" + TWO_BRANCHES)
    site.write(TEXT.format(ENTRY, "own.yml"))
    site.build(now="2026-11-22T08:00:00+08:00")
    return site


class TestLinksAtEveryDepth:
    """What leads out of content/ is not followed, wherever it lies and whoever looks."""

    @pytest.mark.parametrize(
        "place",
        [
            "_audit",
            "_audit/own.yml",
            "alpha",
            "alpha/branch.yml",
            "alpha/media",
            "alpha/media/deep/er",
            "alpha/news/2026-11-22-x",
            "alpha/news/2026-11-22-x/index.md",
            "alpha/news/2026-11-22-x/own.yml",
            "alpha/a/b/c/d/e.md",
            "hub",
            "hub/topics",
            "hub/a/b.md",
            "organization.yml",
        ],
    )
    @pytest.mark.parametrize("command", ["build", "check", "audit"])
    def test_links(self, earlier: SmallSite, tmp_path: Path, place: str, command: str) -> None:
        root = tmp_path / "site"
        root.mkdir()
        site = earlier.copy(root)
        private = tmp_path / "private"
        private.mkdir()
        for name in ("own.yml", "index.md", "branch.yml", "organization.yml", "hunter2.md", "hunter2.png"):
            (private / name).write_text("---\ntitle: hunter2\n---\nhunter2 13812345678\n")
        file = site.root / "content" / place
        shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)
        file.parent.mkdir(parents=True, exist_ok=True)
        is_file = file.suffix in (".yml", ".md")
        file.symlink_to(private / file.name if is_file and (private / file.name).exists() else private)
        told = ""
        try:
            told = repr({"build": site.build, "check": site.check, "audit": lambda: _audit(site)}[command]())
        except UnusableError as error:
            told = repr(error.problems)
        assert "hunter2" not in told
        assert "13812345678" not in told
        assert site.mentions("hunter2") == []


def _audit(site: SmallSite) -> object:
    return audit(site.root, datetime.fromisoformat(NOW), SerialExecutor())
