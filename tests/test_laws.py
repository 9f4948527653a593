"""The laws that hold whatever is edited: random scripts of edits on a small organization, built step by step."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest
from conftest import ANY_AGE, LARGE, ORGANIZATION, REPOSITORY, Beside, SmallSite, examples
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from builder.content.documents import BranchContent
from builder.model.sealed import seal
from builder.pipeline.conductor import Options, build
from builder.store import Record, Store
from builder.workers import SerialExecutor, WorkerPool

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
        "announce": st.just("true"),
        "topics": st.just("[safety]"),
        "aliases": st.just("[/alpha/old/]"),
        "image": st.just("../media/p.svg"),
        "slug": st.just("other"),
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
    st.sampled_from(
        [
            "",
            "accept: none\n",
            "language: en\ntranslations: {zh: beta}\n",
            "accept: [alpha]\n",
            "refuse: [beta/news/2026-11-18-a]\n",
            "place: {beta/news/2026-11-19-b: notices}\n",
            "sections: {hide: [notices]}\n",
            "status: closed\n",
            "language: en\n",
            "url: https://own.example.net/\n",
        ]
    ),
)
topic_edits = st.sampled_from(
    [
        ("write", "content/hub/topics/safety.md", "---\ntitle: 安全\n---\n导语\n"),
        ("write", "content/hub/topics/safety.md", "---\ntitle: 安全\nclosed: 2026-11-23\n---\n导语\n"),
        ("delete", "content/hub/topics/safety.md", ""),
        ("write", "content/hub/about.md", "---\ntitle: 关于\n---\n[甲](../alpha/about.md)\n"),
    ]
)
policy_edits = st.builds(
    lambda b, other, extra: (
        "write",
        f"content/{b}/policies/2026-11-17-p.md",
        f"---\ntitle: 办法\n{extra}---\n[读](../../{other}/news/2026-11-18-a.md)\n",
    ),
    branch,
    branch,
    st.sampled_from(["", "replaces: [alpha/policies/2026-11-17-p]\n", "status: repealed\n", "share_with: all\n"]),
)
interpretations = st.builds(
    lambda b, other: (
        "write",
        f"content/{b}/news/2026-11-19-b.md",
        f"---\ntitle: 解读\ninterprets: {other}/policies/2026-11-17-p\n---\n文\n",
    ),
    branch,
    branch,
)
KINDS = {
    "voices": "text: 一句话\n",
    "events": "title: 活动\nstarts: 2026-11-23\n",
    "letters": "title: 来信\nquestion: 问\nreceived: 2026-11-18\nreplied: 2026-11-19\nbody: 答\n",
    "notices": "title: 公示\nperiod: {from: 2026-11-18, to: 2026-11-22}\nexpires: 2026-11-23\n",
}
others = st.builds(
    lambda b, kind, extra: ("write", f"content/{b}/{kind}/2026-11-18-k.yml", KINDS[kind] + extra),
    branch,
    st.sampled_from(sorted(KINDS)),
    st.sampled_from(
        ["", "share_with: all\n", "share_with: [gamma]\ntopics: [safety]\n", "status: cancelled\n", "location: 操场\n"]
    ),
)
picture_edits = st.builds(
    lambda b, id, width: (
        "write",
        f"content/{b}/media/p.svg",
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="1"><g id="{id}"/></svg>',
    ),
    branch,
    st.sampled_from(["one", "two"]),
    st.sampled_from([2, 3]),
)
removals = st.builds(lambda b: ("delete", f"content/{b}", ""), branch)
organization_edits = st.sampled_from(
    [
        ("replace", "content/organization.yml", "name: 示范大学党建在线|name: 另一个名字"),
        ("replace", "content/organization.yml", "title: 支部动态|title: 消息"),
        ("replace", "content/organization.yml", "short_name:|language: en\nshort_name:"),
        ("replace", "content/organization.yml", "short_name:|feeds: {items: 2, full_text: false}\nshort_name:"),
        ("replace", "theme/entry.html", "{% block body %}|{% block body %}<!-- x -->"),
        ("replace", "theme/assets/stylesheets/site.css", ".state {|.state { order: 1;"),
        ("replace", "mkdocs.yml", "material|material\n  font: false"),
    ]
)
clock = st.builds(lambda hours: ("clock", str(hours), ""), st.integers(1, 40))
edits = st.one_of(
    *(3 * [entry_edits]), *(2 * [branch_edits]), deletions, topic_edits, policy_edits, interpretations, others, removals,
    picture_edits, organization_edits, clock,
)  # fmt: skip
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
        theme = self.site.root / "theme"
        if theme.is_symlink() and path.startswith("theme/"):
            # Only a theme of its own is compiled anew.
            theme.unlink()
            shutil.copytree(REPOSITORY / "theme", theme)
        if kind == "clock":
            self.now += timedelta(hours=int(path))
        elif kind == "delete":
            shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)
        elif kind == "replace":
            old, _, new = text.partition("|")
            file.write_text(file.read_text("utf-8").replace(old, new, 1), encoding="utf-8")
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            name = path.split("/")[1]
            settings_file = self.site.root / "content" / name / "branch.yml"
            if name in BRANCHES and not settings_file.exists():
                # A branch without its settings is broken, and broken ones stand by what was last good.
                settings_file.write_text(f"name: 支部{name}\n", encoding="utf-8")

    def build(self, executor: Callable[[], Executor] = Beside) -> None:
        site = self.site
        # As in a branch of thousands of entries, whose documents lie apart, and of which only what was saved is read.
        large = {"apart": 1, "margin_ns": ANY_AGE, "allow_deletions": True}
        options = Options(site.root, site.output, site.root / ".branchpress", self.now, **large)
        build(options, executor, steps=LARGE)

    def clean(self, root: Path) -> SmallSite:
        """The same content, built for the first time, by somebody who knows what the last release knew of its past."""
        fresh = SmallSite(root)
        shutil.copytree(self.site.root / "content", root / "content")
        if not (self.site.root / "theme").is_symlink():
            (root / "theme").unlink()
            shutil.copytree(self.site.root / "theme", root / "theme")
        shutil.copy(self.site.root / "mkdocs.yml", root)
        known = Store(self.site.root / ".branchpress", self.site.output)
        for slug in (*known.slugs(), ""):
            record = known.record(slug)
            assert record is not None
            bare = Record(BranchContent(slug), history=record.history, authority=record.authority)
            release = Store(root / ".branchpress", fresh.output).release(slug)
            release.mkdir(parents=True)
            (release / "record.json").write_bytes(seal(f"{release.name}/record", msgspec.json.encode(bare)))
        fresh.build(now=self.now.isoformat())
        return fresh


def differing(one: SmallSite, other: SmallSite) -> list[str]:
    """The paths of output files that two sites do not have in common, byte for byte."""
    mine, its = one.files(), other.files()
    return sorted(path for path in {*mine, *its} if mine.get(path) != its.get(path))


CAREFUL = settings(
    max_examples=examples(11),
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def written(path: str, text: str) -> tuple[str, str, str]:
    """The edit that writes a file."""
    return "write", f"content/{path}", text


# What one branch shares leads to a second one and is shown by a third, which moves it into archives; the picture that the hub
# copies from one of them is another of the same size.
THROUGH_A_THIRD = [
    [
        ("replace", "content/organization.yml", "short_name:|feeds: {items: 2}\nshort_name:"),
        written("gamma/branch.yml", "name: 丙\nurl: https://own.example.net/\n"),
        written("gamma/news/2026-11-19-b.md", "---\ntitle: 图\nimage: ../media/p.svg\n---\n文\n"),
        *(
            written(
                f"alpha/news/{slug}.md", "---\ntitle: 甲\nshare_with: all\n---\n[乙](../../beta/news/2026-11-19-b.md)\n"
            )
            for slug in SLUGS[:3]
        ),
        written("beta/news/2026-11-19-b.md", "---\ntitle: 乙\n---\n文\n"),
    ],
    [written("beta/news/2026-11-19-b.md", "---\ntitle: 乙\nslug: other\n---\n文\n")],
    [written("alpha/news/2026-11-18-a.md", "---\ntitle: 甲\nsummary: 又\nshare_with: all\n---\n又\n")],
    [written("alpha/news/2026-11-18-a.md", "---\ntitle: 甲\nsummary: 又\nshare_with: all\n---\n又改\n")],
    [written("gamma/media/p.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1" />')],
]

# Shared, placed, refused; moved in the tree; paired and unpaired; expired; closed: whatever the lists above happen to draw.
ONE_ORGANIZATION = [
    [
        written("alpha/news/2026-11-18-a.md", "---\ntitle: 甲\nshare_with: all\nexpires: 2026-11-23\n---\n文\n"),
        written("beta/policies/2026-11-17-p.md", "---\ntitle: 办法\n---\n[甲](../../alpha/news/2026-11-18-a.md)\n"),
        written("gamma/branch.yml", "name: 丙\nparent: beta\nplace: {alpha/news/2026-11-18-a: notices}\n"),
    ],
    [
        written("gamma/news/2026-11-19-b.md", "---\ntitle: 读\ninterprets: beta/policies/2026-11-17-p\n---\n文\n"),
        written("beta/branch.yml", "name: 乙\nrefuse: [alpha/news/2026-11-18-a]\n"),
        written("alpha/voices/2026-11-18-k.yml", "text: 一句话\nshare_with: subtree\n"),
    ],
    [written("gamma/branch.yml", "name: 丙\nparent: alpha\n"), ("clock", "40", "")],
    [
        written("alpha/events/2026-11-18-k.yml", "title: 活动\nstarts: 2026-11-23\nshare_with: all\n"),
        written("alpha/news/2026-11-18-b.md", "---\ntitle: 迟到\nannounce: true\n---\n文\n"),
        ("clock", "1", ""),
    ],
    [
        written("alpha/events/2026-11-18-k.yml", "title: 活动\nstarts: 2026-11-24\nshare_with: all\n"),
        written("beta/policies/2026-11-17-p.md", "---\ntitle: 办法\nstatus: repealed\n---\n文\n"),
        written("beta/branch.yml", "name: 乙\nparent: gamma\nstatus: closed\nclosed: 2026-11-24\n"),
        ("delete", "content/gamma/news/2026-11-19-b.md", ""),
    ],
]


@given(st.lists(st.lists(edits, min_size=1, max_size=4), min_size=1, max_size=5))
@example(ONE_ORGANIZATION)
@example(THROUGH_A_THIRD)
@settings(CAREFUL, max_examples=examples(9))
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


def test_a_large_branch_step_by_step_equals_clean(tmp_path: Path) -> None:
    """Large enough for archives, years of lists and a search index in shards."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    run = Run(tmp_path / "one")

    def entry(number: int, title: str, more: str = "") -> tuple[str, str, str]:
        day = f"{2026 - number // 50}-{number % 10 + 1:02d}-{number % 28 + 1:02d}"
        text = "".join(chr(0x4E00 + (number * 31 + place * place) % 3000) for place in range(400))
        return written(
            f"alpha/news/{day}-{number}.md", f"---\ntitle: {title}{number}\ntags: [签{number % 5}]\n---\n{text}{more}\n"
        )

    for number in range(130):
        run.apply(entry(number, "篇"))
    run.build()
    assert (run.site.output / "alpha/search/parts.json").exists()
    for step in (
        [entry(60, "篇", "又一段。")],
        [entry(61, "改")],
        [entry(130, "新"), entry(0, "新")],
        [("delete", entry(7, "")[1], ""), entry(8, "改", "又一段。")],
        [written("beta/news/2026-11-18-a.md", "---\ntitle: 甲\nshare_with: all\n---\n文\n"), ("clock", "20", "")],
    ):
        for edit in step:
            run.apply(edit)
        run.build()
    assert differing(run.site, run.clean(tmp_path / "two")) == []


def test_two_thousand_entries_step_by_step_equal_clean(tmp_path: Path) -> None:
    """As large as branches get: what an edit does not reach is neither derived nor made, and all is as if it were."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    run, chance = Run(tmp_path / "one"), Random(5)
    names = [f"{2026 - number // 800}-{number % 9 + 1:02d}-{number % 28 + 1:02d}-{number}" for number in range(2000)]

    def entry(name: str, **more: str) -> tuple[str, str, str]:
        matter = {"title": f"篇{name[-3:]}", "tags": f"[签{len(name) % 3}, {name[-1]}]", **more}
        head = "".join(f"{key}: {value}\n" for key, value in matter.items() if key != "text")
        return written(f"alpha/news/{name}.md", f"---\n{head}---\n{more.get('text', '文')}\n")

    for name in names:
        run.apply(entry(name))
    run.build()
    for number in range(2):
        one, other, third = (chance.choice(names) for _ in range(3))
        for edit in (
            entry(one, text=f"又一段，链到[别处](./{other}.md)。"),
            entry(other, title=f"改{number}", **chance.choice([{}, {"tags": "[新]"}, {"pinned": "true"}])),
            entry(
                third, **chance.choice([{"draft": "true"}, {"date": "2026-11-20"}, {"interprets": f"alpha/news/{one}"}])
            ),
            entry(f"2026-11-{number + 1:02d}-new"),
            ("delete", f"content/alpha/news/{chance.choice(names)}.md", ""),
            ("clock", str(number * 5), ""),
        ):
            run.apply(edit)
        run.build()
        assert (run.site.output / "alpha/news" / f"2026-11-{number + 1:02d}-new/index.html").exists()
    assert differing(run.site, run.clean(tmp_path / "two")) == []


EXECUTORS: dict[str, Callable[[], Executor]] = {
    "serial": SerialExecutor,
    "beside": Beside,
    "processes": lambda: WorkerPool(2, first="fork"),
    "threads": lambda: ThreadPoolExecutor(2),
}


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(EXECUTORS)), st.lists(edits, min_size=1, max_size=3)), min_size=2, max_size=4
    )
)
@settings(CAREFUL, max_examples=examples(8))
def test_the_bytes_are_the_same_whichever_executor(script: list[tuple[str, list[tuple[str, str, str]]]]) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        run, other = Run(Path(one)), Run(Path(two))
        for name, step in script:
            for edit in step:
                run.apply(edit)
                other.apply(edit)
            run.build(EXECUTORS[name])
            other.build(SerialExecutor)
            assert differing(run.site, other.site) == []


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
