"""Edits of texts alone: what they reach is derived, made and told, and of all else what the last release has."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from conftest import ANY_AGE, TWO_BRANCHES, SmallSite, codes

from builder.messages.problems import MOST_OF_FILE
from builder.pipeline.comparison import ReleaseParts, compare_parts
from builder.pipeline.job import Job, Outcome
from builder.pipeline.release import build_site, derive
from builder.pipeline.site_build import SiteBuild
from builder.pipeline.stages import Steps

VISIT, ABOUT = "content/alpha/news/2026-11-20-visit.md", "content/alpha/about.md"
SITE = f"""{TWO_BRANCHES}
--- content/alpha/media/a.pdf
%PDF-1.4
--- content/alpha/news/2026-11-19-talk.md
---
title: 谈心
tags: [志愿服务]
---
谈了一上午。

[表格](../media/a.pdf)
--- content/alpha/news/2026-11-18-plan.md
---
title: 计划
draft: true
---
还没有写完。
"""
HEAD = "---\ntitle: 走访慰问\ntags: [志愿服务]\n---\n上午九点,党员们出发了。\n"
BROKEN = "\n\n".join(f"[链](nothing-{number}.md)" for number in range(MOST_OF_FILE * 3 // 5))
"""So many that those of two texts are more than are told of one."""
# What is written, and the documents of alpha whose texts it reaches; None where all of the branch is derived.
EDITS: list[tuple[str, set[str] | None]] = [
    (f"--- {VISIT}\n{HEAD}\n晚上才回来。\n", {VISIT}),
    (f"--- {VISIT}\n{HEAD}\n晚上才[回来](../nothing.md)。\n", {VISIT}),
    (
        f"--- {ABOUT}\n---\ntitle: 关于我们\n---\n甲支部成立于二〇〇一年。\n\n见[走访](news/2026-11-20-visit.md)。\n",
        {ABOUT},
    ),
    (
        f"--- {VISIT}\n{HEAD}\n中午。\n--- {ABOUT}\n---\ntitle: 关于我们\n---\n甲支部成立于二〇〇一年。\n\n完。\n",
        {VISIT, ABOUT},
    ),
    ("--- content/alpha/news/2026-11-18-plan.md\n---\ntitle: 计划\ndraft: true\n---\n还没有写完。\n\n快了。\n", set()),
    (
        f"--- {VISIT}\n{HEAD}\n{BROKEN}\n--- {ABOUT}\n---\ntitle: 关于我们\n---\n甲支部成立于二〇〇一年。\n\n{BROKEN}\n",
        {VISIT, ABOUT},
    ),
    (f"--- {VISIT}\n{HEAD}\n[表格](../media/a.pdf)\n", None),
    (f"--- {VISIT}\n{HEAD}\n[表格](../media/a.pdf)\n\n还有。\n", {VISIT}),
    (f"--- {VISIT}\n{HEAD}\n![点](data:image/gif;base64,R0lGODlhAQABAAAAACw=)\n", None),
    (f"--- {VISIT}\n{HEAD.replace('走访', '慰问')}\n还有。\n", None),
    (f"--- {ABOUT}\n---\ntitle: 关于我们\n---\n甲支部成立于一九二一年。\n", None),
]


@pytest.mark.parametrize("options", [{}, {"apart": 1, "margin_ns": ANY_AGE}], ids=["all read", "only what was saved"])
def test_what_an_edit_of_a_text_reaches(site: SmallSite, options: Mapping[str, int]) -> None:
    found: list[set[str] | None] = []
    alone: list[bool] = []

    def make(job: Job) -> Outcome:
        if job.slug == "alpha":
            build = SiteBuild(job)
            alone.append(job.texts_only)
            edited = derive(build, build.store.manifest(job.slug)).edited
            found.append(None if edited is None else set(edited))
        return build_site(job, thorough=True)

    site.write(SITE).build(**options)
    told: list[list[str]] = []
    for text, _ in EDITS:
        told.append(codes(site.write(text).build(steps=Steps(make=make), **options)))
    assert found == [reached for _, reached in EDITS]
    assert alone == ([reached is not None for _, reached in EDITS] if options else [False] * len(EDITS))
    broken = [f"{VISIT}:7 link-broken none"]
    assert told[:5] == [[], broken, broken, [], []]
    assert len(told[5]) == 2 * (BROKEN.count("\n\n") + 1)
    assert "一九二一" in site.page("alpha/about/index.html")
    before = site.files()
    site.output = site.root / "other"
    site.build(state=site.root / "other-state")
    assert site.files() == before


def test_what_was_kept_and_would_be_another_one_is_seen() -> None:
    kept = ReleaseParts({"feed.xml": "a", "search/index.json": "x"}, {}, (), {}, {})
    compare_parts(kept, kept._replace(outputs={"feed.xml": "a"}))
    with pytest.raises(RuntimeError, match="outputs"):
        compare_parts(kept, kept._replace(outputs={"feed.xml": "b"}))


@pytest.mark.slow
def test_of_long_lists_only_pages_that_show_what_was_edited_are_derived(site: SmallSite) -> None:
    known: dict[str, set[str]] = {}

    def make(job: Job) -> Outcome:
        build = SiteBuild(job)
        pages = derive(build, build.store.manifest(job.slug)).site.pages
        known[job.slug] = {page.path for page in pages if page.known}
        return build_site(job, thorough=True)

    def entry(day: int, title: str = "消息") -> str:
        path = f"content/low/news/2026-{day // 28 + 1:02}-{day % 28 + 1:02}-n.md"
        return f"--- {path}\n---\ntitle: {title}\ntags: [共同]\n---\n文\n"

    units = "--- content/up/branch.yml\nname: 上\n--- content/low/branch.yml\nname: 下\nparent: up\n"
    site.write("--- content/organization.yml\nname: 大学\nurl: https://example.org/\n" + units)
    site.write("".join(map(entry, range(45)))).build()
    # The oldest: on the last page of each list.
    site.write(entry(0, "改了的题目")).build(steps=Steps(make=make))
    assert {path for path in known["up"] if "page/" in path} == {"all/page/2/index.html"}
    lists = {path for path in known[""] if path.startswith(("sections/news/", "tags/共同/"))}
    assert lists == {
        f"{place}/{page}index.html" for place in ("sections/news", "tags/共同") for page in ("", "page/2/")
    }
    assert "改了的题目" in site.page("up/all/page/3/index.html")
    assert "改了的题目" in site.page("tags/共同/page/3/index.html")
    # A branch's name is on all of them.
    site.write("--- content/low/branch.yml\nname: 下面的支部\nparent: up\n").build(steps=Steps(make=make))
    assert not any("page/" in path for path in known["up"] | known[""])
