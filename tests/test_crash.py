"""A build that is killed leaves every branch's site complete, old or new, and the next build repairs the rest."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import LARGE, NOW, ORGANIZATION, TWO_BRANCHES, SmallSite, everything, files_of
from preview_session import served

from builder.store import Store

pytestmark = pytest.mark.slow

BUILD = (sys.executable, "-m", "builder", "build", "--fonts", "/proc/nowhere", "--now", NOW)

# The program, started and warmed once: for each line it forks, and the child builds a site until it ends, as by a kill,
# before the call with a given number to anything that changes the file system.
KILLER = """
import json, os, shutil, sys
from datetime import datetime
from functools import partial
from pathlib import Path
import builder.store.exchange as exchange
from builder.cli.commands import main
from builder.pipeline.conductor import Options, build as build_all
from builder.pipeline.stages import Steps
from builder.store.publish import publish_branch

def build(root, steps, now, spare_from):
    left = steps
    def deadly(function):
        def call(*arguments, **options):
            nonlocal left
            left -= 1
            if left < 0:
                os._exit(137)
            return function(*arguments, **options)
        return call
    for name in ("replace", "rename", "link", "unlink", "mkdir", "rmdir", "utime"):
        setattr(os, name, deadly(getattr(os, name)))
    shutil.copyfile = deadly(shutil.copyfile)
    exchange._exchange = deadly(exchange._exchange)
    root = Path(root)
    options = Options(root, root / "sites", root / ".branchpress", datetime.fromisoformat(now), apart=1)
    build_all(options, steps=Steps(publish=partial(publish_branch, spare_from=spare_from)))
    return 0

# Most of what a build takes in a new process is done only once.
warm, now = sys.argv[1:]
main(["build", "--executor", "serial", "--root", warm, "--now", now, "--fonts", "/proc/nowhere"])
for line in sys.stdin:
    root, steps, now, spare_from = json.loads(line)
    child = os.fork()
    if child == 0:
        status = 70
        try:
            status = build(root, steps, now, spare_from)
        finally:
            os._exit(status)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Killer:
    """Builds that are killed after a number of steps."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, site: SmallSite, steps: int, spare_from: int = 1000) -> bool:
        """Build; false if the build came to its end before it was killed. Branches of ``spare_from`` folders count as large."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([str(site.root), steps, NOW, spare_from]) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        assert status in (0, 137)
        return status == 137


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    warm = SmallSite(tmp_path_factory.mktemp("warm")).write(ORGANIZATION + TWO_BRANCHES)
    command = [sys.executable, "-c", KILLER, str(warm.root), NOW]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **pipes) as process:
        yield Killer(process)
        assert process.stdin is not None
        process.stdin.close()


def complete(site: SmallSite, branch: str) -> bool:
    """True if a branch's folder holds exactly what its build.json says."""
    folder = site.output / branch
    named = {unquote(path): sha for path, sha in json.loads((folder / "build.json").read_text())["files"].items()}
    found = {
        path: hashlib.sha256(content).hexdigest()
        for path, content in site.files(branch).items()
        if path != "build.json"
    }
    return named == found


@pytest.mark.parametrize("part", range(4))
def test_killed_at_any_step(site: SmallSite, killed: Killer, part: int) -> None:
    site.build()
    old = site.page("alpha/index.html")
    site.write("--- content/alpha/branch.yml\nname: 新名支部\n--- content/beta/branch.yml\nname: 新乙\nparent: alpha\n")
    steps, deaths = part, 0
    while killed(site, steps):
        deaths += 1
        for branch in ("alpha", "beta"):
            assert complete(site, branch), f"{branch} after {steps} steps"
        assert site.page("alpha/index.html") == old or "新名支部" in site.page("alpha/index.html")
        steps += 4
    assert deaths > 5
    result = site.build()
    assert result.problems == ()
    fresh = site.files()
    site.build(clean=True)
    assert site.files() == fresh
    assert "新名支部" in site.page("alpha/index.html")


@pytest.mark.parametrize("part", range(3))
def test_a_large_branch_killed_at_any_step(site: SmallSite, killed: Killer, part: int) -> None:
    """Of a large branch a second folder is kept: neither it nor a kill over it leaves anything of what was withdrawn."""
    text = "--- content/alpha/news/2026-11-19-{0}.md\n---\ntitle: 第{0}篇\n---\n文\n"
    site.write("".join(map(text.format, range(12)))).build()
    for number in range(2):
        site.write(f"--- content/alpha/about.md\n---\ntitle: 关于\n---\n第{number}版\n")
        site.build(steps=LARGE)
    assert list((site.root / ".branchpress").glob("*/spare/alpha"))
    site.delete("content/alpha/news/2026-11-20-visit.md").write(text.format(12))
    steps, deaths = part, 0
    while killed(site, steps, 0):
        deaths += 1
        assert complete(site, "alpha"), f"after {steps} steps"
        steps += 3
    assert deaths > 5
    site.build(steps=LARGE)
    assert not [path for path, content in everything(site).items() if "走访慰问".encode() in content]
    fresh = site.files()
    site.build(clean=True)
    assert site.files() == fresh


def test_the_hubs_files_keep_their_order(make_site: Callable[[str], SmallSite], killed: Killer) -> None:
    """Feeds, data and styles come first, then the pages that need them, then build.json, which says that all is there; what is
    gone goes last."""
    text = f"{ORGANIZATION}{TWO_BRANCHES}--- content/hub/gone.md\n---\ntitle: 旧页\n---\n旧。\n"
    site, other = make_site(text), make_site(text)
    site.build()
    before = hub_files(site)
    for each in (site, other):
        each.write(
            "--- content/organization.yml\n"
            + files_of(ORGANIZATION)["content/organization.yml"].replace("示范", "模范")
        )
        each.write("--- content/hub/new.md\n---\ntitle: 新页\n---\n新。\n").delete("content/hub/gone.md")
    other.build()
    after = hub_files(other)
    changed = {path for path in after if before.get(path) != after[path]}
    pages = {path for path in changed if path.endswith(".html")}
    needed = changed - pages - {"build.json"}
    gone = set(before) - set(after)
    assert pages
    assert needed
    assert gone
    saved = site.root.with_name("saved")
    shutil.copytree(site.root, saved, symlinks=True)

    @cache
    def stage(steps: int) -> int:
        """How far the hub has come when the build of the edit is killed after ``steps``, its files being in order."""
        shutil.rmtree(site.root)
        shutil.copytree(saved, site.root, symlinks=True)
        finished = not killed(site, steps)
        now = hub_files(site)
        new = {path for path in changed if now.get(path) == after[path]}
        missing = gone - set(now)
        assert set(before) - gone <= set(now)
        if new & pages:
            assert needed <= new
        if "build.json" in new:
            assert pages <= new
        if missing:
            assert new == changed
        return sum((bool(new & needed), bool(new & pages), "build.json" in new, bool(missing), finished))

    # Where each stage begins, and the steps about it; every stage is seen by itself.
    begins = [bisect_left(range(1000), number, key=stage) for number in range(1, 6)]
    assert [stage(steps - 1) for steps in begins] == [0, 1, 2, 3, 4]
    for steps in range(begins[0], begins[-1], 5):
        stage(steps)
    assert hub_files(other) == after


def hub_files(site: SmallSite) -> dict[str, bytes]:
    """The files of the hub, by path; branches and what a build needs on the way are none."""
    return {path: content for path, content in site.files().items() if not path.startswith(("alpha/", "beta/", "."))}


def test_killed_during_the_very_first_build(site: SmallSite, killed: Killer) -> None:
    steps = 5
    while killed(site, steps):
        for branch in ("alpha", "beta"):
            assert not site.exists(branch) or complete(site, branch)
        steps += 60
    site.build()
    assert complete(site, "alpha")


STAGES = ("*/lock", "*/staging/found/*", "*/staging/releases/*/*", "../sites/.staging/*")
"""Files of the state and the output that a build with workers has one after the other."""


def reached(state: Path, stage: str) -> bool:
    """True once a build has come so far; a lock that is empty is nobody's."""
    with suppress(FileNotFoundError):
        return any(file.name != "lock" or file.stat().st_size for file in state.glob(stage))
    return False


@pytest.mark.parametrize("stage", STAGES)
def test_killed_while_workers_build(site: SmallSite, stage: str) -> None:
    site.build()
    site.write("--- content/alpha/branch.yml\nname: 新名支部\n--- content/beta/branch.yml\nname: 新乙\nparent: alpha\n")
    command = [*BUILD, "--jobs", "2", "--root", str(site.root)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True) as process:
        state = site.root / ".branchpress"
        while process.poll() is None and not reached(state, stage):
            time.sleep(0.001)
        process.kill()
    for branch in ("alpha", "beta"):
        assert complete(site, branch)
    # Workers must not go on: once they have gone too, the next build finds nobody in its way.
    assert site.build().problems == ()
    fresh = site.files()
    site.build(clean=True)
    assert site.files() == fresh


def test_two_builds_at_once(site: SmallSite) -> None:
    """The second says who is building, and does nothing; a lock that was left behind by a dead build locks nobody."""
    store = Store(site.root / ".branchpress", site.output)
    command = [*BUILD, "--root", str(site.root)]
    with store.locked():
        second = subprocess.run(command, capture_output=True, text=True, check=False)
        assert second.returncode == 2
        assert str(os.getpid()) in second.stderr
        assert "Traceback" not in second.stderr
        assert not site.exists("alpha")
    (store.folder / "lock").write_text("4194304\n")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert site.exists("alpha/index.html")


@pytest.mark.slow
def test_two_builds_and_a_preview_at_once(site: SmallSite) -> None:
    command = [*BUILD, "--root", str(site.root)]
    with served(site) as preview:
        both = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        said = "".join(each.communicate()[1] for each in both)
        preview.state()
        assert preview.get("/")[0] == 200
        assert preview.process.poll() is None
        said += "".join(preview.lines)
    assert sorted(each.returncode for each in both) in ([0, 0], [0, 2])
    assert "Traceback" not in said
    site.build()
    made = site.files()
    site.build(clean=True)
    assert site.files() == made


def test_a_read_only_output_is_told_and_nothing_is_lost(site: SmallSite) -> None:
    site.output.write_text("a file where the folder should be")
    command = [*BUILD, "--root", str(site.root)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "sites" in done.stderr
    assert "Traceback" not in done.stderr
