"""Small whole sites, written as text: built, edited, built again, compared."""

from __future__ import annotations

import gc
import json
import os
import pickle
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import chromium
import pytest
from filelock import FileLock
from hypothesis import settings
from programs import are_required

from builder.audit.check import check_content
from builder.formats.html.site import Site
from builder.messages.problems import Problem
from builder.model.sealed import read_sealed, write_sealed
from builder.pipeline.conductor import Options, Result, build
from builder.pipeline.job import Job, Outcome
from builder.pipeline.release import build_site, derive
from builder.pipeline.site_build import SiteBuild
from builder.pipeline.stages import STEPS, Steps
from builder.store import Store
from builder.store.publish import publish_branch
from builder.workers import SerialExecutor

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Its fixtures are for the tests of the digest, of its mails and of its groups.
pytest_plugins = ["digest_run"]

# How long an example takes is the machine's affair. `pytest --hypothesis-profile=thorough` looks for rare ones.
USUAL = 50
settings.register_profile("usual", deadline=None, max_examples=USUAL)
settings.register_profile("thorough", deadline=None, max_examples=10 * USUAL)
settings.load_profile("usual")

REPOSITORY = Path(__file__).resolve().parent.parent
NOW = "2026-11-23T09:00:00+08:00"

ORGANIZATION = """
--- mkdocs.yml
theme:
  name: material
--- content/organization.yml
name: 示范大学党建在线
short_name: 党建在线
url: https://example.org/
terms: {branch: 支部, committee: 支部委员会}
health: {public: true}
sections:
  news: {title: 支部动态, type: article, update_within: 14 days}
  notices: {title: 通知公告, type: notice}
  policies: {title: 政策文件, type: policy}
  voices: {title: 微感言, type: voice}
  events: {title: 活动日程, type: event}
  letters: {title: 来信回应, type: letter}
"""

TWO_BRANCHES = """
--- content/alpha/branch.yml
name: 甲支部
--- content/alpha/about.md
---
title: 关于我们
---
甲支部成立于二〇〇一年。
--- content/alpha/news/2026-11-20-visit.md
---
title: 走访慰问
tags: [志愿服务]
---
上午九点,党员们出发了。
--- content/beta/branch.yml
name: 乙支部
parent: alpha
--- content/beta/news/2026-11-21-reading.md
---
title: 读书会
---
大家读了同一本书。
"""

LARGE = Steps(make=partial(build_site, thorough=True), publish=partial(publish_branch, spare_from=0))
"""The steps of a build in which every branch is published as large ones are, and that fails where it would take a page for one
that it knows and that has changed."""


ANY_AGE = -(1 << 62)
"""A margin with which files that were saved a moment ago are as good as old ones."""


def examples(number: int) -> int:
    """How many examples a law is tried with that has ``number`` of them usually; ten times as many when it is thorough."""
    return number * settings().max_examples // USUAL


class Beside(SerialExecutor):
    """An executor with room for the hub while branches are made: it makes it before them."""

    width = 2


class SmallSite:
    """A root folder of its own, with commands as methods."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.output = root / "sites"
        (root / "theme").symlink_to(REPOSITORY / "theme")

    def write(self, text: str) -> SmallSite:
        """Writes the files of a text in which a line ``--- path`` begins each; a path with ``(gone)`` is deleted."""
        for path, content in files_of(text).items():
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        return self

    def delete(self, *paths: str) -> SmallSite:
        """Deletes files and folders."""
        for path in paths:
            file = self.root / path
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        return self

    def copy(self, root: Path) -> SmallSite:
        """The same site at another place, with its output and its state, as if it had been built there."""
        other = SmallSite(root)
        for each in self.root.iterdir():
            if each.is_dir() and each.name not in ("theme", ".branchpress"):
                shutil.copytree(each, root / each.name, symlinks=True)
            elif each.is_file():
                shutil.copy2(each, root)
        state, copied = (Store(each.root / ".branchpress", each.output).folder for each in (self, other))
        shutil.copytree(state, copied, symlinks=True)
        for file in state.glob("*.json"):
            # Their seals name the folder that they lie in.
            if content := read_sealed(file):
                write_sealed(copied / file.name, content)
        return other

    def build(
        self,
        now: str = NOW,
        steps: Steps = STEPS,
        executor: Callable[[], Executor] = SerialExecutor,
        **options: Any,
    ) -> Result:
        """Builds; a test may give it steps that it watches, or that fail."""
        settings = {"output": self.output, "state": self.root / ".branchpress", **options}
        return build(Options(root=self.root, now=datetime.fromisoformat(now), **settings), executor, steps=steps)

    def check(self, now: str = NOW, **options: Any) -> tuple[Problem, ...]:
        """Every problem, without building."""
        return check_content(self.root, datetime.fromisoformat(now), duplicates=True, **options)

    def page(self, path: str) -> str:
        """The text of an output file."""
        return (self.output / path).read_text("utf-8")

    def exists(self, path: str) -> bool:
        """True if there is such an output file."""
        return (self.output / path).exists()

    def files(self, folder: str = ".") -> Mapping[str, bytes]:
        """All files below an output folder, by path."""
        base = self.output / folder
        return {file.relative_to(base).as_posix(): file.read_bytes() for file in base.rglob("*") if file.is_file()}

    def times(self, folder: str = ".") -> Mapping[str, int]:
        """The modification time of each file below an output folder."""
        base = self.output / folder
        return {
            file.relative_to(base).as_posix(): file.stat().st_mtime_ns for file in base.rglob("*") if file.is_file()
        }

    def mentions(self, text: str) -> list[str]:
        """The output files that hold a text anywhere, as written or as escaped in JSON."""
        marks = [text.encode(), json.dumps(text)[1:-1].encode()]
        return sorted(path for path, content in self.files().items() if any(mark in content for mark in marks))


def everything(site: SmallSite) -> Mapping[str, bytes]:
    """All files of the output and of the state but the lock, by path."""
    folders = (site.output, site.root / ".branchpress")
    files = (file for folder in folders for file in folder.rglob("*") if file.is_file() and file.name != "lock")
    return {file.relative_to(site.root).as_posix(): file.read_bytes() for file in files}


class Demo(SmallSite):
    """The demo organization, built once for all tests that read it, whichever process runs them; ``result`` is what that build
    came to, ``staged`` what the renderer was given of the hub and of one branch, whole, by slug."""

    def __init__(self, root: Path) -> None:
        made = root.with_name("demo.made")
        with FileLock(root.with_name("demo.lock")):
            if made.exists():
                self.root, self.output = root, root / "sites"
                self.result, self.staged = pickle.loads(made.read_bytes())
                return
            root.mkdir()
            super().__init__(root)
            for name in ("content", "mkdocs.yml"):
                (root / name).symlink_to(REPOSITORY / name)
            self.staged: dict[str, Site] = {}

            def make(job: Job) -> Outcome:
                outcome = build_site(job)
                if job.slug in ("", "mechanical"):
                    self.staged[job.slug] = derive(SiteBuild(job)).site
                return outcome

            self.result: Result = self.build(NOW, steps=Steps(make=make))
            made.write_bytes(pickle.dumps((self.result, self.staged)))


def files_of(text: str) -> dict[str, str]:
    """The files of a text in which a line ``--- path`` begins each."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.lstrip("\n").splitlines(keepends=True):
        path = line[4:].strip() if line.startswith("--- ") else ""
        if path:
            current = found.setdefault(path, [])
        else:
            current.append(line)
    return {path: "".join(lines) for path, lines in found.items()}


def codes(result: Result) -> list[str]:
    """The problems of a build, each as ``path:line code effect``."""
    return [f"{each.path}:{each.line or '-'} {each.code} {each.effect}" for each in result.problems]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo organization; nobody edits it."""
    own = tmp_path_factory.getbasetemp()
    # Each worker of pytest-xdist has a folder of its own beside those of the others.
    return Demo((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "demo")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each opens pages or contexts of its own."""
    path = chromium.find_chromium()
    if path is None:
        if are_required(os.environ, "BROWSER"):
            pytest.fail(chromium.REQUIRED, pytrace=False)
        pytest.skip(chromium.MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each worker of pytest-xdist has an equal part of all tests, of which others take from the end when they have run theirs. So
    each begins with files that take long, and quick ones are left for the end."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    kinds = [[item for item in items if (item.path in long) is slow] for slow in (True, False)]
    parts = [
        kind[len(kind) * number // workers : len(kind) * (number + 1) // workers]
        for number in range(workers)
        for kind in kinds
    ]
    items[:] = [item for part in parts for item in part]


def pytest_collection_finish() -> None:
    """The tests themselves stay until the end: nobody needs to look through thousands of them for what can go."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once why tests were skipped for want of a browser."""
    if any(chromium.MISSING in str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())):
        terminalreporter.write_line(chromium.MISSING, yellow=True)


@pytest.fixture
def make_site(tmp_path: Path) -> Callable[[str], SmallSite]:
    """Makes a small site from texts; further sites lie beside the first."""
    count = 0

    def make(text: str = "") -> SmallSite:
        nonlocal count
        count += 1
        root = tmp_path / f"site{count}"
        root.mkdir()
        return SmallSite(root).write(text)

    return make


@pytest.fixture
def small_site(make_site: Callable[[str], SmallSite]) -> SmallSite:
    """An empty root folder."""
    return make_site("")


@pytest.fixture
def site(make_site: Callable[[str], SmallSite]) -> SmallSite:
    """An organization with two branches."""
    return make_site(ORGANIZATION + TWO_BRANCHES)


@pytest.fixture(scope="session")
def two_branches(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """An organization with two branches, built once; nobody edits it."""
    site = SmallSite(tmp_path_factory.mktemp("two-branches")).write(ORGANIZATION + TWO_BRANCHES)
    site.build()
    return site


@pytest.fixture
def built_site(two_branches: SmallSite, tmp_path: Path) -> SmallSite:
    """An organization with two branches, built already: a copy, to be edited."""
    root = tmp_path / "built"
    root.mkdir()
    return two_branches.copy(root)
