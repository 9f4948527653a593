"""Exit statuses of builds: 2 says that nothing was changed, 1 that something is not as it should be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW, SmallSite, everything

from builder.cli.commands import main
from builder.pipeline.stages import STEPS, Steps
from builder.store import Store

pytestmark = pytest.mark.slow

EDIT = "--- content/alpha/news/2026-11-22-new.md\n---\ntitle: 新\n---\n文\n"


def run(site: SmallSite, *options: str, steps: Steps = STEPS) -> int:
    try:
        return main(["build", "--root", str(site.root), "--now", NOW, "--executor", "serial", *options], steps)
    except SystemExit as leaving:
        # Bad usage.
        return int(str(leaving.code))


@contextmanager
def lock(site: SmallSite) -> Iterator[None]:
    """Another process builds."""
    file = next((site.root / ".branchpress").glob("*/lock"))
    code = (
        f"import fcntl, sys; held = open({str(file)!r}, 'a'); fcntl.flock(held, fcntl.LOCK_EX); "
        "print(flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        yield
        assert other.stdin is not None
        other.stdin.close()


def lay(path: str, text: str) -> Callable[[SmallSite], AbstractContextManager[None]]:
    def do(site: SmallSite) -> AbstractContextManager[None]:
        site.write(f"--- {path}\n{text}\n")
        return nullcontext()

    return do


def nothing(_: SmallSite) -> AbstractContextManager[None]:
    return nullcontext()


def foreign(site: SmallSite) -> AbstractContextManager[None]:
    site.write("--- pub/build.json\n{}\n--- pub/keep.txt\nx\n")
    return nullcontext()


def link(site: SmallSite) -> AbstractContextManager[None]:
    (site.root / "content/organization.yml").unlink()
    (site.root / "content/organization.yml").symlink_to("/etc/passwd")
    return nullcontext()


def gone(site: SmallSite) -> AbstractContextManager[None]:
    (site.root / "content/organization.yml").unlink()
    return nullcontext()


WAYS: Mapping[str, tuple[Callable[[SmallSite], AbstractContextManager[None]], tuple[str, ...]]] = {
    "unknown option": (nothing, ("--nonsense",)),
    "unknown branch": (nothing, ("gamma",)),
    "no time": (nothing, ("--now", "tomorrow")),
    "no jobs": (nothing, ("--jobs", "0")),
    "no limit": (nothing, ("--deadline", "-1")),
    "no executor": (nothing, ("--executor", "nothing:there")),
    "no content": (nothing, ("--root", "/proc/nowhere")),
    "a report in no folder": (nothing, ("--report", "/proc/nowhere/report.json")),
    "a report that is a folder": (nothing, ("--report", "/")),
    "no organization": (gone, ()),
    "organization from elsewhere": (link, ()),
    "broken organization": (lay("content/organization.yml", "name: ["), ()),
    "wrong organization": (lay("content/organization.yml", "name: 示范"), ()),
    "broken theme settings": (lay("mkdocs.yml", "theme: ["), ()),
    "foreign theme settings": (lay("mkdocs.yml", "plugins: [x]"), ()),
    "another build": (lock, ()),
    "another program's folder": (foreign, ("--output", "pub")),
    "an output that is a file": (lay("pub", "x"), ("--output", "pub")),
    "a state that is a file": (lay("state", "x"), ("--state", "state")),
}


@pytest.mark.parametrize("way", WAYS)
def test_status_2_has_changed_nothing(site: SmallSite, way: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(site) == 0
    site.write(EDIT)
    capsys.readouterr()
    prepare, options = WAYS[way]
    names = tuple(str(site.root / each) if each in ("pub", "state") else each for each in options)
    with prepare(site):
        before, beside = everything(site), sorted(site.root.iterdir())
        assert run(site, *names) == 2
        assert everything(site) == before
        assert sorted(site.root.iterdir()) == beside
    told = capsys.readouterr().err
    assert told.strip()
    assert "Traceback" not in told


@pytest.mark.parametrize("way", ["another program's folder", "an output that is a file"])
def test_nothing_is_made_beside_what_cannot_be_used(site: SmallSite, way: str) -> None:
    prepare, options = WAYS[way]
    with prepare(site):
        before = sorted(site.root.iterdir())
        assert run(site, *(str(site.root / each) if each == "pub" else each for each in options)) == 2
        assert sorted(site.root.iterdir()) == before


class Full:
    """The disk is full when the second branch is to be published."""

    def __init__(self) -> None:
        self.published = 0

    def __call__(self, output: Path, slug: str, *arguments: object) -> object:
        self.published += 1
        if self.published == 2:
            raise OSError(28, "No space left on device")
        return STEPS.publish(output, slug, *arguments)


def test_a_build_that_stops_half_way_does_not_say_that_it_changed_nothing(
    site: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(site) == 0
    site.write(EDIT + "--- content/beta/news/2026-11-22-new.md\n---\ntitle: 新二\n---\n文\n")
    before = everything(site)
    assert run(site, steps=Steps(publish=Full())) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert everything(site) != before
    assert run(site) == 0
    assert "新二" in site.page("index.html")


@pytest.mark.parametrize(("step", "status"), [("find", 2), ("make", 1)])
def test_whether_anything_was_changed_is_seen_in_the_state_too(site: SmallSite, step: str, status: int) -> None:
    """The disk is full before, or after, a release was made; of neither is anything published."""
    assert run(site) == 0
    site.write(EDIT + "--- content/beta/news/2026-11-22-new.md\n---\ntitle: 新二\n---\n文\n")
    before, taken = site.files(), [0]

    def full(step: Callable[..., Any], free: int, *arguments: Any, **options: Any) -> Any:
        taken[0] += 1
        if taken[0] > free:
            raise OSError(28, "No space left on device")
        return step(*arguments, **options)

    finds, makes = Steps(find=partial(full, STEPS.find, 0)), Steps(make=partial(full, STEPS.make, 1))
    assert run(site, steps=finds if step == "find" else makes) == status
    assert site.files() == before


def test_what_was_built_before_the_report_could_not_be_written_stays(
    site: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(site, "--report", "/dev/full") == 1
    assert "/dev/full" in capsys.readouterr().err
    assert site.exists("index.html")


@pytest.mark.parametrize(
    ("name", "code"), [("Big Name", "folder-name"), ("search", "name-reserved"), ("ALPHA", "folder-name")]
)
def test_a_folder_that_cannot_be_a_branch_is_missing(site: SmallSite, name: str, code: str) -> None:
    site.write(f"--- content/{name}/branch.yml\nname: 丙支部\n--- content/{name}/about.md\n---\ntitle: 我们\n---\n文\n")
    report = site.root / "report.json"
    for _ in range(2):
        assert run(site, "--report", str(report)) == 1
        told = json.loads(report.read_bytes())
        assert told["exit"] == 1
        assert (told["counts"]["branches"], told["counts"]["branches_missing"]) == (3, 1)
        assert [(each["path"], each["code"], each["effect"]) for each in told["problems"]] == [
            (f"content/{name}", code, "missing")
        ]
    assert site.exists("beta/index.html")
    assert site.mentions("丙支部") == []
    assert Store(site.root / ".branchpress", site.output).slugs() == ("alpha", "beta")


def test_a_report_is_written_to_a_pipe_as_to_a_file(site: SmallSite) -> None:
    """What stands there is no file to be replaced."""
    pipe = site.root / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        assert run(site, "--report", str(pipe)) == 0
        told, _ = reader.communicate()
    assert json.loads(told)["exit"] == 0
    assert pipe.is_fifo()
