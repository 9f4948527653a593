"""The hub made beside a few branches: what it shows of them is what they become, and where that cannot be known it waits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Beside, SmallSite, codes
from faults import Faulty, raises

from builder.pipeline.job import Job, Outcome
from builder.pipeline.stages import STEPS, Steps

VISIT = "content/alpha/news/2026-11-20-visit.md"
TITLE = f"--- {VISIT}\n---\ntitle: 慰问老党员\ntags: [志愿服务]\n---\n上午九点,党员们出发了。\n"


class Made:
    """The sites that a build makes, one after the other; a branch ``unmade`` fails as often as it is tried."""

    def __init__(self, unmade: str | None = None) -> None:
        self.slugs: list[str] = []
        self._make: Callable[[Job], Outcome] = Faulty(STEPS.make, unmade, raises) if unmade is not None else STEPS.make

    def __call__(self, job: Job) -> Outcome:
        self.slugs.append(job.slug)
        return self._make(job)


def edited(site: SmallSite, text: str, unmade: str | None = None) -> list[str]:
    """The sites that are made after an edit, where there is room for the hub beside branches."""
    made = Made(unmade)
    site.write(text).build(steps=Steps(make=made), executor=Beside)
    return made.slugs


def is_as_new(site: SmallSite) -> bool:
    """Tells whether the output is what a first build makes of the same content."""
    before, site.output = site.files(), site.root / "other"
    site.build(state=site.root / "other-state")
    return site.files() == before


def test_the_hub_is_made_once_before_the_branches_that_were_edited(built_site: SmallSite) -> None:
    assert edited(built_site, TITLE) == ["", "alpha"]
    assert "慰问老党员" in built_site.page("index.html")
    assert built_site.build().files.written == 0
    assert is_as_new(built_site)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "edit"),
    [
        pytest.param("", "--- content/gamma/branch.yml\nname: 丙支部\n", id="a new branch"),
        pytest.param(
            "--- content/alpha/branch.yml\nname: 甲支部\nurl: https://alpha.example.org/\n", TITLE, id="its own address"
        ),
        pytest.param("--- content/alpha/branch.yml\nname: 甲支部\nformerly: [old]\n", TITLE, id="another name before"),
    ],
)
def test_it_waits_for_releases_of_which_it_shows_something(built_site: SmallSite, before: str, edit: str) -> None:
    built_site.write(before).build()
    made = edited(built_site, edit)
    assert made[-1] == ""
    assert made.count("") == 1
    assert is_as_new(built_site)


def test_feeds_that_are_made_again_alone_wait(built_site: SmallSite) -> None:
    """That is no build of the hub, and soon done."""
    summed = TITLE.replace("tags:", "summary: 走访了三户\ntags:")
    built_site.write(summed).build()
    assert edited(built_site, f"{summed}\n晚上才回来。\n") == ["alpha"]
    assert "晚上才回来" in built_site.page("atom.xml")
    assert is_as_new(built_site)


def test_of_a_branch_that_fails_it_shows_what_it_was(built_site: SmallSite) -> None:
    """And is made again for that, after the branch."""
    assert edited(built_site, TITLE, unmade="alpha")[:2] == ["", "alpha"]
    assert "慰问老党员" not in built_site.page("index.html") + built_site.page("feed.xml")
    assert "走访慰问" in built_site.page("index.html")
    built_site.build()
    assert "慰问老党员" in built_site.page("index.html")
    assert is_as_new(built_site)


def test_a_hub_that_fails_ahead_stays_as_it_was(built_site: SmallSite) -> None:
    before = built_site.page("index.html")
    made = Made("")
    result = built_site.write(TITLE).build(steps=Steps(make=made), executor=Beside)
    assert made.slugs == ["", "alpha"]
    assert "content/hub:- render-failed kept" in codes(result)
    assert built_site.page("index.html") == before
    assert "慰问老党员" in built_site.page("alpha/index.html")


def test_what_is_withdrawn_is_in_no_hub_made_ahead(built_site: SmallSite) -> None:
    assert (
        "" in edited(built_site, f"--- {VISIT}\n---\ntitle: 走访慰问\ndraft: true\n---\n上午九点,党员们出发了。\n")[:1]
    )
    assert built_site.mentions("走访慰问") == []
