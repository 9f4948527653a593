"""A source that cannot be read in time is told by name and is held alone; every command that reads content has deadlines."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from conftest import NOW, SmallSite

from builder.catalogue.reading import SiteSource, find_site
from builder.pipeline.conductor import Options, Result, build
from builder.pipeline.job import Job
from builder.pipeline.stages import Steps
from builder.workers import Allowance, SerialExecutor, WorkerPool

VISIT = "content/alpha/news/2026-11-20-visit.md"


def pool() -> Executor:
    return WorkerPool(2, deadline=3, memory=700, first="fork")


Fault = Callable[[str], None]


def find_with_fault(fault: Fault, *arguments: Any, note: Fault, **named: Any) -> SiteSource:
    """Reads a site as always, but calls ``fault`` with each source that is about to be read."""

    def meddle(path: str) -> None:
        note(path)
        fault(path)

    return find_site(*arguments, note=meddle, **named)


def run(
    site: SmallSite, fault: Fault | None = None, executor: Callable[[], Executor] = SerialExecutor, **options: Any
) -> Result:
    settings = {"output": site.output, "state": site.root / ".branchpress", "now": datetime.fromisoformat(NOW)}
    steps = Steps(find=partial(find_with_fault, fault)) if fault is not None else Steps()
    return build(Options(root=site.root, **(settings | options)), executor, steps=steps)


def hang(path: str) -> None:
    if path == VISIT:
        time.sleep(600)


def fail(path: str) -> None:
    if path == VISIT:
        raise ValueError("nested too oddly")


def exhaust(path: str) -> None:
    if path == VISIT:
        bytearray(900_000_000)


def fail_often(path: str) -> None:
    if path.endswith("-odd.md"):
        raise ValueError("odd")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "executor", "reason"),
    [(hang, pool, "longer than 3 seconds"), (exhaust, pool, "700 MB"), (fail, SerialExecutor, "nested too oddly")],
)
def test_one_text_that_cannot_be_read_is_held_alone_and_is_not_tried_again(
    site: SmallSite, fault: Fault, executor: Callable[[], Executor], reason: str
) -> None:
    site.build()
    site.write(
        f"--- {VISIT}\n---\ntitle: 改过的走访\n---\n改过。\n"
        "--- content/alpha/news/2026-11-22-new.md\n---\ntitle: 新的消息\n---\n新。\n"
    )
    result = run(site, fault, executor)
    assert dict(result.sites)["alpha"] == "built"
    (problem,) = result.problems
    assert (problem.code, problem.path, problem.effect) == ("read-failed", VISIT, "held")
    assert reason in str(problem.arguments["reason"])
    assert "新的消息" in site.page("alpha/index.html")
    assert "走访慰问" in site.page("alpha/news/2026-11-20-visit/index.html")

    # It is remembered, also when something else of the branch changes.
    tried: list[str] = []
    site.write("--- content/alpha/news/2026-11-22-new.md\n---\ntitle: 更新的消息\n---\n新。\n")
    assert [each.code for each in run(site, tried.append).problems] == ["read-failed"]
    assert "content/alpha/news/2026-11-22-new.md" in tried
    assert VISIT not in tried
    assert "更新的消息" in site.page("alpha/index.html")

    # What changes is read again; what is rebuilt from the bottom is tried again.
    site.write(f"--- {VISIT}\n---\ntitle: 短一点的走访\n---\n改过。\n")
    assert run(site).problems == ()
    assert "短一点的走访" in site.page("alpha/news/2026-11-20-visit/index.html")


@pytest.mark.slow
def test_a_build_without_caches_tries_again(site: SmallSite) -> None:
    assert [each.code for each in run(site, fail).problems] == ["read-failed"]
    assert run(site, clean=True).problems == ()


@pytest.mark.slow
def test_a_text_that_cannot_be_read_is_withdrawn_if_its_head_says_so(site: SmallSite) -> None:
    site.build()
    site.write(f"--- {VISIT}\n---\ntitle: 走访慰问\ndraft: true\n---\n文\n")
    run(site, fail)
    assert site.mentions("走访慰问") == []


@pytest.mark.slow
def test_a_text_that_is_too_large_is_withdrawn_if_its_head_says_so(site: SmallSite) -> None:
    site.build()
    site.write(f"--- {VISIT}\n---\ntitle: 走访慰问\nexpires: 2026-11-22\n---\n{'长' * 700_000}\n")
    assert [each.code for each in site.build().problems] == ["file-too-large"]
    assert site.mentions("走访慰问") == []


def test_a_branch_in_which_many_texts_cannot_be_read_is_kept(site: SmallSite) -> None:
    site.build()
    site.write(
        "".join(f"--- content/beta/news/2026-11-0{day}-odd.md\n---\ntitle: 题\n---\n文\n" for day in range(1, 8))
    )
    result = run(site, fail_often)
    assert dict(result.sites)["beta"] == "kept"
    (problem,) = result.problems
    assert (problem.branch, problem.code) == ("beta", "render-failed")


SLOW = """
import sys, time
from builder.cli.commands import main
from builder.content import {module}
good = {module}.{function}
def slowly(*arguments, **named):
    if {condition}:
        time.sleep(600)
    return good(*arguments, **named)
{module}.{function} = slowly
sys.exit(main(sys.argv[1:]))
"""


def run_all(site: SmallSite, script: str, *commands: str) -> list[subprocess.CompletedProcess[str]]:
    """Runs commands, all at once: they wait."""

    def run_one(arguments: str) -> subprocess.CompletedProcess[str]:
        line = [*arguments.split(), "--root", str(site.root), "--now", NOW, "--deadline", "3"]
        return subprocess.run(
            [sys.executable, "-c", script, *line], capture_output=True, text=True, check=False, timeout=90
        )

    with ThreadPoolExecutor(len(commands)) as threads:
        return list(threads.map(run_one, commands))


@pytest.mark.slow
def test_check_audit_and_next_name_a_text_that_takes_too_long(site: SmallSite) -> None:
    site.write("--- content/beta/news/2026-11-22-broken.md\n---\ntitel: x\n---\n文\n")
    script = SLOW.format(
        module="folder", function="read_source", condition="arguments[0].name == '2026-11-20-visit.md'"
    )
    checked, audited, due = run_all(site, script, "check --format json", "audit --format json", "next")
    found = {(each["path"], each["code"]) for each in json.loads(checked.stdout)["problems"]}
    assert (VISIT, "read-failed") in found
    assert any(path.endswith("broken.md") for path, _ in found)
    assert checked.returncode == 1
    assert json.loads(audited.stdout)["unread"] == []
    assert due.returncode == 0


@pytest.mark.slow
def test_check_audit_and_next_name_a_branch_whose_reading_hangs(site: SmallSite) -> None:
    site.write("--- content/alpha/news/2026-12-01-later.md\n---\ntitle: 以后\n---\n文\n")
    script = SLOW.format(module="folder", function="walk", condition="arguments[1] == 'content/beta'")
    checked, audited, read, due = run_all(site, script, "check --format json", "audit --format json", "audit", "next")
    (problem,) = [each for each in json.loads(checked.stdout)["problems"] if each["code"] == "render-failed"]
    assert problem["path"] == "content/beta"
    assert "超过 3 秒" in problem["message"]
    assert "longer than 3 seconds" in json.loads(audited.stdout)["lost"]["beta"]
    assert audited.returncode == 1
    assert "beta" in read.stdout
    assert due.returncode == 1
    assert due.stdout.strip() == "2026-12-01T00:00:00+08:00"
    assert "content/beta" in due.stderr


@pytest.mark.slow
def test_a_site_that_shows_others_may_take_more_the_more_they_publish(site: SmallSite) -> None:
    """A deadline more for 200 branches, 10 kB of memory for each entry: beta shows its own, alpha and the hub show beta's too."""
    allowed: dict[str, Allowance] = {}

    class Watched(SerialExecutor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            allowed.update({each.slug: fn.allowance for each in args[0] if isinstance(each, Job)})
            return super().submit(fn, *args, **kwargs)

    site.write("--- content/beta/branch.yml\nname: 乙支部\nparent: alpha\n")
    for number in range(230):
        site.write(f"--- content/beta/news/2026-10-01-{number}.md\n# 第{number}篇\n")
    run(site, executor=Watched)
    assert allowed == {"beta": Allowance(), "alpha": Allowance(1 + 1 / 200, 2), "": Allowance(1 + 2 / 200, 2)}
    # Of what was not read again, as much is known.
    allowed.clear()
    run(site.write("--- content/alpha/news/2026-11-22-c.md\n# 新的\n"), executor=Watched)
    assert (allowed["alpha"].memory, allowed[""].memory) == (2, 2)
