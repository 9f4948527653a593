"""``branchpress new``: what it writes is valid, commented, in the right place, and never over something else."""

from __future__ import annotations

import re
from datetime import UTC

import pytest
from conftest import NOW, SmallSite

from builder.cli.commands import main
from builder.content.schema.kinds import KINDS
from builder.content.schema.types import ReadContext
from builder.content.yaml.nodes import read_yaml


@pytest.fixture(autouse=True)
def _there(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.root)


def keys(kind: str) -> set[str]:
    return {field.key for field in KINDS[kind].fields}


def uncommented(kind: str, written: str) -> str:
    """The file with every example in force."""
    return re.sub(rf"^# ((?:{'|'.join(keys(kind))}):(?: |$)|  )", r"\1", written, flags=re.MULTILINE)


def faults(kind: str, head: str) -> list[str]:
    node, found = read_yaml(head)
    reading = ReadContext(UTC, "content/alpha/news")
    assert node is not None
    assert {name.text for name, _ in node.pairs} >= keys(kind) - {"body"}
    KINDS[kind].read(node, "", reading)
    return [fault.code for fault in (*found, *reading.diagnostics)]


@pytest.mark.slow
def test_a_new_branch_is_built(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "branch", "gamma", '丙 "支部"']) == 0
    assert capsys.readouterr().out.split() == ["content/gamma/branch.yml", "content/gamma/about.md"]
    assert site.build().problems == ()
    assert "丙 &#34;支部&#34;" in site.page("gamma/index.html")
    assert not site.exists("gamma/about/index.html")


def test_a_new_branch_shows_the_shape_of_every_key(site: SmallSite) -> None:
    assert main(["new", "branch", "gamma", "丙支部"]) == 0
    written = (site.root / "content/gamma/branch.yml").read_text("utf-8")
    assert "# contact:\n#   person: " in written
    assert "# committee:\n#   - {name: " in written
    assert '# owners: ["@' in written
    assert faults("branch", uncommented("branch", written)) == []


def test_a_page_that_is_there_stays(site: SmallSite) -> None:
    site.write("--- content/gamma/about.md\n# 我们\n\n早就写好了。\n")
    assert main(["new", "branch", "gamma", "丙支部"]) == 0
    assert "早就写好了" in (site.root / "content/gamma/about.md").read_text("utf-8")


SECTIONS = {
    "news": "article", "notices": "notice", "policies": "policy", "voices": "voice", "events": "event", "letters": "letter",
}  # fmt: skip


@pytest.mark.slow
def test_a_new_entry_is_a_draft_with_every_key_of_its_kind(site: SmallSite) -> None:
    files = {}
    for section, kind in SECTIONS.items():
        assert main(["new", "entry", f"alpha/{section}", "新: 标题 # 一", "--now", NOW]) == 0
        (file,) = (site.root / "content/alpha" / section).glob("2026-11-23-*")
        assert file.suffix == (".yml" if section in ("voices", "events") else ".md")
        written = file.read_text("utf-8")
        assert faults(kind, uncommented(kind, written).strip("-\n")) == []
        files[section] = file
    assert site.build().problems == ()
    assert site.mentions("标题 # 一") == []
    for file in files.values():
        file.write_text(file.read_text("utf-8").replace("draft: true\n", ""), "utf-8")
    # What is not a draft has to say something.
    told = {(problem.path, problem.code) for problem in site.build().problems if problem.severity != "note"}
    assert told == {
        (files[section].relative_to(site.root).as_posix(), "body-empty") for section in ("news", "notices", "policies")
    }


def test_a_section_of_the_branch_itself(site: SmallSite) -> None:
    site.write("--- content/alpha/branch.yml\nname: 甲\nsections: {add: {talks: {title: 讲座, type: event}}}\n")
    assert main(["new", "entry", "alpha/talks", "讲座", "--now", NOW]) == 0
    assert (site.root / "content/alpha/talks/2026-11-23-讲座.yml").is_file()


@pytest.mark.parametrize(
    "arguments",
    [
        ["new", "branch", "alpha"],
        ["new", "branch", "My Branch"],
        ["new", "branch", "search"],
        ["new", "branch", "../outside"],
        ["new", "entry", "nobody/news", "题"],
        ["new", "entry", "alpha/nothing", "题"],
        ["new", "entry", "alpha", "题"],
        ["new", "entry", "alpha/news"],
        ["new", "entry", "alpha/../../x", "题"],
    ],
)
def test_what_will_not_do_is_said_and_nothing_is_written(
    arguments: list[str], site: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(site.root.rglob("*"))
    assert main(arguments) == 2
    assert capsys.readouterr().err
    assert sorted(site.root.rglob("*")) == before


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("alpa/news", "是不是“alpha”"),
        ("甲支部/news", "是不是“alpha”"),
        ("alpha/new", "是不是“news”"),
        ("alpha/通知公告", "是不是“notices”"),
        ("alpha/zzz", "它有这些栏目：news、notices、"),
    ],
)
def test_a_name_that_is_not_there_is_told_with_the_nearest(
    place: str, said: str, site: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "entry", place, "题"]) == 2
    assert said in capsys.readouterr().err


def test_nothing_is_overwritten(site: SmallSite) -> None:
    assert main(["new", "entry", "alpha/news", "一", "--now", NOW]) == 0
    file = site.root / "content/alpha/news/2026-11-23-一.md"
    file.write_text("mine", encoding="utf-8")
    assert main(["new", "entry", "alpha/news", "一", "--now", NOW]) == 2
    assert file.read_text("utf-8") == "mine"


@pytest.mark.parametrize("place", ["alpha", "alpha/", "alpha/news/a", ""])
def test_an_entry_belongs_to_a_section_of_a_branch(
    site: SmallSite, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "entry", place, "题目"]) == 2
    assert "BRANCH/SECTION" in capsys.readouterr().err
