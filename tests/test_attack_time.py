"""The third law under attack, time: whatever one folder holds, its tasks take a build no longer than some deadlines."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW, ORGANIZATION, TWO_BRANCHES, SmallSite
from faults import develop_and_lose, find_and_lose, make_and_lose, publish_and_lose
from picture_files import put, screenshot

from builder.audit.check import check_content
from builder.audit.run import audit
from builder.content import read_organization
from builder.digest.contents import branch_digests
from builder.pipeline.conductor import Options, build
from builder.pipeline.stages import Steps
from builder.store import Store
from builder.store.notes import BuildNote
from builder.workers import SerialExecutor, WorkerLostError, WorkerPool

pytestmark = pytest.mark.slow
APART = """
--- content/gamma/branch.yml
name: 丙支部
accept: none
--- content/gamma/news/2026-11-18-own.md
---
title: 自己的
---
文
"""
DEADLINE = 100
TURNS = 10
"""How many deadlines all tasks of one site may take together; so much may be lost over its pictures, too."""


STEPS: Mapping[str, Callable[[Path], Steps]] = {
    "every text": lambda lost: Steps(find=partial(find_and_lose, lost)),
    "every picture": lambda lost: Steps(develop=partial(develop_and_lose, lost)),
    "every release": lambda lost: Steps(make=partial(make_and_lose, lost)),
    "every publishing": lambda lost: Steps(publish=partial(publish_and_lose, lost)),
    "every picture and release": lambda lost: Steps(
        develop=partial(develop_and_lose, lost), make=partial(make_and_lose, lost)
    ),
}


@pytest.mark.parametrize("what", STEPS)
def test_what_takes_for_ever_in_one_folder_costs_a_bounded_number_of_deadlines(
    make_site: Callable[[str], SmallSite], what: str
) -> None:
    """Thirty texts and thirty pictures, of which every one would take its deadline."""
    site = make_site(ORGANIZATION + TWO_BRANCHES + APART)
    site.build()
    before = site.files("gamma")
    for number in range(30):
        site.write(
            f"--- content/beta/news/2026-11-22-n{number}.md\n---\ntitle: 题{number}\n---\n![图](p{number}.png)\n"
            "--- content/gamma/news/2026-11-18-own.md\n---\ntitle: 自己的\n---\n改过的文\n"
        )
        put(site.root / "content", f"beta/news/p{number}.png", screenshot(50 + number, 50))
    lost = site.root / "lost"
    options = Options(
        root=site.root,
        output=site.output,
        state=site.root / ".branchpress",
        now=datetime.fromisoformat(NOW),
        deadline=DEADLINE,
    )
    result = build(options, lambda: WorkerPool(2, DEADLINE), steps=STEPS[what](lost))
    # Some run already when the time is over, two in each worker.
    assert 0 < lost.stat().st_size <= (TURNS + 4) * (2 if "and" in what else 1)
    assert dict(result.sites)["gamma"] == "built"
    assert "改过的文" in site.page("gamma/news/2026-11-18-own/index.html")
    assert site.files("gamma").keys() == before.keys()
    assert site.exists("index.html")


def test_neither_does_a_check_or_an_audit_take_longer(make_site: Callable[[str], SmallSite]) -> None:
    """Each text of one folder would take its deadline: a few are tried, and the rest of the folder is given up, which is told."""
    site = make_site(ORGANIZATION + TWO_BRANCHES + APART)
    for number in range(30):
        site.write(f"--- content/beta/news/2026-11-22-n{number}.md\n---\ntitle: 题{number}\n---\n文\n")
    site.write("--- content/gamma/news/2026-11-18-own.md\n---\ntitle: 自己的\n---\n[x](nothing.md)\n")
    now = datetime.fromisoformat(NOW)
    lost = site.root / "lost"
    find = partial(find_and_lose, lost)
    problems = check_content(site.root, now, workers=lambda: WorkerPool(2, DEADLINE), find=find)
    assert {each.branch: each.code for each in problems} == {"beta": "render-failed", "gamma": "link-broken"}
    with WorkerPool(2, DEADLINE) as pool:
        found = audit(site.root, now, pool, find=find)
    assert found.lost.keys() == {"beta"}
    assert "link-dead" in {each.code for each in found.findings if each.branch == "gamma"}
    assert 0 < lost.stat().st_size <= 2 * (TURNS + 4)


def test_a_digest_tells_of_a_branch_that_takes_too_long(built_site: SmallSite) -> None:
    """The release of one branch is more than the memory of a worker takes."""
    store = Store(built_site.root / ".branchpress", built_site.output)
    organization, _ = read_organization(built_site.root)
    assert organization is not None
    note = BuildNote(at=NOW, program="", exit=0, counts={})
    told = branch_digests(
        organization, store, note, datetime.fromisoformat(NOW), lambda slug: None, partial(Losing, {"beta"})
    )
    assert {each.slug: [problem.code for problem in each.held] for each in told} == {
        "alpha": [],
        "beta": ["render-failed"],
        "": [],
    }


class Losing(SerialExecutor):
    """An executor that loses what is done for some sites."""

    def __init__(self, slugs: Collection[str]) -> None:
        self._slugs = slugs

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        (item,) = args[0]
        if getattr(item, "slug", item) in self._slugs:
            lost: Future[Any] = Future()
            lost.set_exception(WorkerLostError("took longer than 1 seconds"))
            return lost
        return super().submit(fn, *args, **kwargs)
