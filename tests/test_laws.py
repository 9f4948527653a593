"""The laws that hold whatever is edited: random scripts of edits on a small organization, built step by step."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from conftest import ORGANIZATION, REPOSITORY, SmallSite
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.slow

BRANCHES = ("alpha", "beta", "gamma")
SLUGS = ("2026-11-18-a", "2026-11-19-b", "2026-11-20-c", "2026-11-25-d")
START = datetime.fromisoformat("2026-11-22T09:00:00+08:00")
SECRET = "机密"

branch = st.sampled_from(BRANCHES)
slug = st.sampled_from(SLUGS)
ref = st.builds(lambda b, s: f"{b}/news/{s}", branch, slug)
title = st.sampled_from(["走访", "读书会", "A & B <c>", "“引号”"])


@st.composite
def matters(draw: st.DrawFn) -> str:
    lines = [f"title: {draw(title)!r}"]
    options = {
        "tags": st.sampled_from(["[同]", "[同, 异]"]),
        "pinned": st.sampled_from(["true", "2026-11-24"]),
        "share_with": st.sampled_from(["all", "subtree", "ancestors", "[beta]"]),
        "interprets": ref,
        "expires": st.sampled_from(["2026-11-23", "2026-12-30"]),
        "moved_from": st.just("beta/news/old"),
        "hub": st.just("false"),
        "topics": st.just("[safety]"),
        "aliases": st.just("[/alpha/old/]"),
    }
    for key in draw(st.lists(st.sampled_from(sorted(options)), unique=True, max_size=3)):
        lines.append(f"{key}: {draw(options[key])}")
    return "\n".join(lines)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    parts = [draw(st.sampled_from(["一段文字。", "## 标题\n\n文", "![图](../media/p.svg)"]))]
    if draw(st.booleans()):
        parts.append(f"[链接](../../{draw(branch)}/news/{draw(slug)}.md)")
    return "\n\n".join(parts)


entry_edits = st.builds(
    lambda b, s, m, t: ("write", f"content/{b}/news/{s}.md", f"---\n{m}\n---\n{t}\n"), branch, slug, matters(), bodies()
)
deletions = st.builds(lambda b, s: ("delete", f"content/{b}/news/{s}.md", ""), branch, slug)
branch_edits = st.builds(
    lambda b, parent, extra: ("write", f"content/{b}/branch.yml", f"name: 支部{b}\n{parent}{extra}"),
    branch,
    st.sampled_from(["", "parent: alpha\n", "parent: beta\n"]),
    st.sampled_from(["", "accept: none\n", "sections: {hide: [notices]}\n", "status: closed\n", "language: en\n"]),
)
topic_edits = st.sampled_from(
    [
        ("write", "content/hub/topics/safety.md", "---\ntitle: 安全\n---\n导语\n"),
        ("write", "content/hub/topics/safety.md", "---\ntitle: 安全\nclosed: 2026-11-23\n---\n导语\n"),
        ("delete", "content/hub/topics/safety.md", ""),
        ("write", "content/hub/about.md", "---\ntitle: 关于\n---\n[甲](../alpha/about.md)\n"),
    ]
)
clock = st.builds(lambda hours: ("clock", str(hours), ""), st.integers(1, 40))
edits = st.one_of(entry_edits, entry_edits, entry_edits, deletions, branch_edits, topic_edits, clock)
broken = st.builds(
    lambda b, s, text: ("write", f"content/{b}/news/{s}.md", text),
    branch,
    slug,
    st.sampled_from(["---\ntitle: [\n---\n文\n", "---\ntitle: 题\ndate: 2026-02-30\n---\n文\n", "\x00", "---\n"]),
)


class Run:
    """A folder in which a script of edits is carried out."""

    def __init__(self, root: Path) -> None:
        self.site = SmallSite(root).write(ORGANIZATION)
        self.now = START
        for name in BRANCHES:
            self.site.write(f"--- content/{name}/branch.yml\nname: 支部{name}\n--- content/{name}/about.md\n# 关于\n")
            picture = root / f"content/{name}/media/p.svg"
            picture.parent.mkdir()
            picture.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"/>')

    def apply(self, edit: tuple[str, str, str]) -> None:
        kind, path, text = edit
        file = self.site.root / path
        if kind == "clock":
            self.now += timedelta(hours=int(path))
        elif kind == "delete":
            file.unlink(missing_ok=True)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def build(self) -> None:
        self.site.build(now=self.now.isoformat(), allow_deletions=True)

    def clean(self, root: Path) -> SmallSite:
        """The same content, built for the first time."""
        fresh = SmallSite(root)
        shutil.copytree(self.site.root / "content", root / "content")
        shutil.copy(self.site.root / "mkdocs.yml", root)
        fresh.build(now=self.now.isoformat())
        return fresh


def differing(one: SmallSite, other: SmallSite) -> list[str]:
    """The paths of output files that two sites do not have in common, byte for byte."""
    mine, its = one.files(), other.files()
    return sorted(path for path in {*mine, *its} if mine.get(path) != its.get(path))


CAREFUL = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@given(st.lists(st.lists(edits, min_size=1, max_size=4), min_size=1, max_size=5))
@CAREFUL
def test_step_by_step_equals_clean(script: list[list[tuple[str, str, str]]]) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        run = Run(Path(one))
        run.build()
        for step in script:
            for edit in step:
                run.apply(edit)
            run.build()
        fresh = run.clean(Path(two))
        assert differing(run.site, fresh) == []


@given(st.lists(edits, max_size=6), st.lists(broken, min_size=1, max_size=3))
@CAREFUL
def test_what_is_broken_in_one_branch_changes_nothing_elsewhere(
    script: list[tuple[str, str, str]], faults: list[tuple[str, str, str]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        run = Run(Path(name))
        for edit in script:
            run.apply(edit)
        run.build()
        before = run.site.files()
        for _, path, text in faults:
            # Only what was there can be broken; a new file that is broken is left out, and is another matter.
            if (run.site.root / path).exists():
                run.apply(("write", path, text))
        run.build()
        assert run.site.files() == before


@given(
    st.lists(edits, max_size=5),
    st.sampled_from(["draft: true", "expires: 2026-11-01", "date: 2026-12-24"]),
    branch,
    slug,
)
@CAREFUL
def test_what_is_withdrawn_leaves_no_trace(script: list[tuple[str, str, str]], how: str, where: str, what: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        run = Run(Path(name))
        path = f"content/{where}/news/{what}.md"
        matter = f"title: {SECRET}题\nsummary: {SECRET}要\ntags: [{SECRET}签]\nshare_with: all\n"
        run.apply(("write", path, f"---\n{matter}---\n{SECRET}文\n"))
        run.build()
        for edit in script:
            run.apply(edit)
        run.build()
        run.apply(("write", path, f"---\n{matter}{how}\n---\n{SECRET}文\n"))
        run.build()
        assert run.site.mentions(SECRET) == []


def test_the_script_can_fail(tmp_path: Path) -> None:
    """The comparison is of something: an edit that is not built shows."""
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    run = Run(tmp_path / "one")
    run.build()
    run.apply(("write", "content/alpha/news/2026-11-18-a.md", "---\ntitle: 题\n---\n文\n"))
    assert run.site.files() != run.clean(tmp_path / "two").files()
    assert (REPOSITORY / "theme").is_dir()
