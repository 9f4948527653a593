"""A branch that goes wrong in any way is kept as it was; all others are published in the same run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from conftest import NOW, REPOSITORY, SmallSite
from faults import dies, eats, hangs, raises, unbuildable

from builder.cli.commands import main
from builder.cli.report import exit_status
from builder.pages.context import Context
from builder.pipeline.conductor import Options, Result, build
from builder.pipeline.files import OutputFile, site_outputs
from builder.pipeline.release import build_site
from builder.pipeline.stages import STEPS, Steps
from builder.workers import SerialExecutor, WorkerPool

pytestmark = pytest.mark.slow
THIRD = "--- content/gamma/branch.yml\nname: 丙支部\n--- content/gamma/news/2026-11-19-c.md\n---\ntitle: 种树\n---\n二十棵。\n"
EDITS = (
    "--- content/alpha/news/2026-11-22-new.md\n---\ntitle: 甲的新闻\n---\n文\n"
    "--- content/beta/news/2026-11-22-new.md\n---\ntitle: 乙的新闻\n---\n文\n"
    "--- content/gamma/news/2026-11-22-new.md\n---\ntitle: 丙的新闻\n---\n文\n"
)


def pool() -> Executor:
    return WorkerPool(2, deadline=5, memory=700, first="fork")


CASES: Mapping[str, tuple[Callable[[], None], Callable[[], Executor], str]] = {
    "raises here": (raises, SerialExecutor, "boom"),
    "raises": (raises, pool, "boom"),
    "hangs": (hangs, pool, "took longer than 5 seconds"),
    "is killed": (dies, pool, "SIGKILL"),
    "eats all memory": (eats, pool, "memory"),
}


def run(site: SmallSite, executor: Callable[[], Executor], steps: Steps = STEPS, **options: Any) -> Result:
    settings = {
        "output": site.output,
        "state": site.root / ".branchpress",
        "now": datetime.fromisoformat(NOW),
        **options,
    }
    return build(Options(root=site.root, **settings), executor, steps=steps)


@pytest.mark.parametrize("case", CASES)
def test_a_branch_that_goes_wrong_is_kept(site: SmallSite, case: str) -> None:
    fault, executor, reason = CASES[case]
    site.write(THIRD)
    site.build()
    before = site.files("beta")
    site.write(EDITS)
    result = run(site, executor, unbuildable("beta", fault))
    assert dict(result.sites) == {"alpha": "built", "beta": "kept", "gamma": "built"}
    (problem,) = [each for each in result.problems if each.severity == "error"]
    assert problem.branch == "beta"
    assert reason in str(problem.arguments)
    assert exit_status(result, strict=False) == 1
    assert site.files("beta") == before
    assert "甲的新闻" in site.page("alpha/index.html")
    assert "丙的新闻" in site.page("gamma/index.html")
    assert "丙的新闻" in site.page("index.html")

    assert run(site, SerialExecutor).problems == ()
    assert "乙的新闻" in site.page("beta/index.html")


@pytest.mark.parametrize("executor", [SerialExecutor, pool])
def test_nobody_who_shows_a_branch_that_goes_wrong_goes_wrong_with_it(
    site: SmallSite, executor: Callable[[], Executor]
) -> None:
    """In the first build, where nothing of it stands in: one above it, one that it shares with, one that links to it."""
    site.write(
        "--- content/beta/news/2026-11-22-all.md\n---\ntitle: 大家看\nshare_with: [gamma, delta]\n---\n文\n"
        "--- content/delta/branch.yml\nname: 丁支部\nparent: alpha\n"
        "--- content/delta/about.md\n---\ntitle: 丁\n---\n[看](/beta/news/2026-11-22-all/)\n"
    )
    site.write(THIRD.replace("丙支部\n", "丙支部\nparent: alpha\n"))
    result = run(site, executor, unbuildable("beta", raises))
    assert dict(result.sites) == {"alpha": "built", "beta": "missing", "delta": "built", "gamma": "built"}
    assert site.mentions("大家看") == []
    assert run(site, SerialExecutor).problems == ()
    assert "大家看" in site.page("gamma/shared/index.html")


COMMAND = """
import sys
from builder.cli.commands import main
from faults import FAULTS, unbuildable
sys.exit(main(sys.argv[2:], unbuildable("beta", FAULTS[sys.argv[1]])))
"""


@pytest.mark.parametrize(
    ("fault", "limits", "arguments", "reason"),
    [
        ("hangs", "branch_seconds: 5", (), "超过 5 秒"),
        ("hangs", "branch_seconds: 600", ("--deadline", "5"), "超过 5 秒"),
        ("wants_much", "worker_memory: 400 MB", (), "超过 400 MB"),
        ("wants_much", "worker_memory: 2 GB", ("--memory", "300"), "超过 300 MB"),
    ],
)
def test_the_limits_of_the_organization_hold_unless_the_command_line_says_otherwise(
    site: SmallSite, fault: str, limits: str, arguments: tuple[str, ...], reason: str
) -> None:
    settings = site.root / "content" / "organization.yml"
    settings.write_text(settings.read_text("utf-8") + f"limits: {{{limits}}}\n", "utf-8")
    command = ["build", "--root", str(site.root), "--now", NOW, "--report", str(site.root / "report.json"), *arguments]
    path = os.pathsep.join(filter(None, (str(REPOSITORY / "tests"), str(REPOSITORY), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, fault, *command],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    told = json.loads((site.root / "report.json").read_text("utf-8"))["problems"]
    # On a busy machine others may be late, too.
    (problem,) = [each for each in told if each["branch"] == "beta"]
    assert (problem["branch"], problem["code"]) == ("beta", "render-failed")
    assert reason in problem["message"]
    assert site.exists("alpha/index.html")


@pytest.mark.parametrize("option", [("--deadline", "-1"), ("--memory", "-5"), ("--deadline", "nan")])
def test_a_limit_below_nothing_is_refused(
    site: SmallSite, option: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", "--root", str(site.root), f"{option[0]}={option[1]}"]) == 2
    assert option[0] in capsys.readouterr().err


@pytest.mark.parametrize("executor", [SerialExecutor, pool])
def test_what_is_withdrawn_goes_even_from_a_branch_that_is_kept(
    site: SmallSite, executor: Callable[[], Executor]
) -> None:
    site.write("--- content/beta/notices/2026-11-20-list.md\n---\ntitle: 公示名单\nexpires: 2026-11-24\n---\n张三\n")
    site.build()
    assert site.mentions("公示名单")
    result = run(site, executor, unbuildable("beta", raises), now=datetime.fromisoformat("2026-11-26T09:00:00+08:00"))
    assert result.sites["beta"] == "kept"
    assert site.mentions("公示名单") == []
    assert site.mentions("张三") == []
    assert "读书会" in site.page("beta/index.html")


def test_a_new_branch_that_goes_wrong_is_missing_and_nothing_else(site: SmallSite) -> None:
    site.build()
    site.write(THIRD)
    result = run(site, pool, unbuildable("gamma", dies))
    assert result.sites["gamma"] == "missing"
    assert not site.exists("gamma")
    assert "丙支部" not in site.page("index.html")
    assert run(site, pool).sites["gamma"] == "built"


def test_one_poisoned_page_is_held_by_itself(site: SmallSite) -> None:
    (site.root / "theme").unlink()
    (site.root / "theme").mkdir()
    real = site.root / "theme"
    for each in (REPOSITORY / "theme").iterdir():
        if each.name != "entry.html":
            (real / each.name).symlink_to(each)
    text = (REPOSITORY / "theme/entry.html").read_text("utf-8")
    (real / "entry.html").write_text(
        text.replace("{% block body %}", "{% block body %}{% if '毒' in page.meta.title %}{{ 1 // 0 }}{% endif %}", 1)
    )
    site.build()
    news = "--- content/alpha/news/2026-11-20-visit.md\n---\ntitle: {}\n---\n第二版\n"
    site.write(news.format("毒药") + "--- content/alpha/news/2026-11-22-fine.md\n---\ntitle: 好的\n---\n文\n")
    result = run(site, pool)
    (problem,) = result.problems
    assert (problem.path, problem.effect) == ("content/alpha/news/2026-11-20-visit.md", "held")
    assert "党员们出发了" in site.page("alpha/news/2026-11-20-visit/index.html")
    assert "好的" in site.page("alpha/index.html")
    site.write(news.format("解药"))
    assert run(site, pool).problems == ()
    assert "第二版" in site.page("alpha/news/2026-11-20-visit/index.html")


def outputs_beyond_memory(ctx: Context, *rest: Any) -> Iterator[OutputFile]:
    """The files of a site; those of beta are too much for the memory there is."""
    if ctx.site == "beta":
        raise MemoryError
    yield from site_outputs(ctx, *rest)


@pytest.mark.parametrize(
    ("executor", "reason"), [(SerialExecutor, "more memory than there is"), (pool, "more than 700 MB")]
)
def test_memory_that_a_release_wants_too_much_of_is_named(
    site: SmallSite, executor: Callable[[], Executor], reason: str
) -> None:
    site.build()
    before = site.files("beta")
    site.write(EDITS)
    result = run(site, executor, Steps(make=partial(build_site, outputs=outputs_beyond_memory)))
    assert dict(result.sites) == {"alpha": "built", "beta": "kept", "gamma": "missing"}
    (problem,) = [each for each in result.problems if each.branch == "beta"]
    assert reason in str(problem.arguments["reason"])
    assert site.files("beta") == before
    assert "甲的新闻" in site.page("index.html")


def test_a_held_text_changes_no_file_of_the_hub(site: SmallSite) -> None:
    """The hub's search index is large enough here to have the file from which it is brought up to date."""
    for number in range(50):
        site.write(
            f"--- content/beta/news/2026-10-01-{number}.md\n---\nsummary: {'长' * 1000}\n---\n# 第{number}篇\n\n文\n"
        )
    site.build()
    before = site.files()
    assert "search/parts.json" in before
    good = (site.root / "content/alpha/news/2026-11-20-visit.md").read_text("utf-8")
    site.write("--- content/alpha/news/2026-11-20-visit.md\n---\ntitle: [\n---\n")
    assert [(each.code, each.effect) for each in site.build().problems] == [("front-matter-syntax", "held")]
    assert site.files() == before
    site.write(f"--- content/alpha/news/2026-11-20-visit.md\n{good}").build()
    assert site.files() == before
    site.write("--- content/alpha/news/2026-11-22-x.md\n---\ntitle: [\n---\n")
    assert [(each.code, each.effect) for each in site.build().problems] == [("front-matter-syntax", "missing")]
    assert site.files() == before
    assert site.build(clean=True)
    assert site.files() == before
