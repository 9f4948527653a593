"""``branchpress new``: what it writes is valid, commented, in the right place, and never over something else."""

from __future__ import annotations

import pytest
from conftest import NOW, SmallSite

from builder.cli.commands import main


@pytest.fixture(autouse=True)
def _there(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.root)


def test_a_new_branch_is_built(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "branch", "gamma", '丙 "支部"']) == 0
    assert capsys.readouterr().out.strip() == "content/gamma/branch.yml"
    assert "# parent:" in (site.root / "content/gamma/branch.yml").read_text("utf-8")
    assert site.build().problems == ()
    assert "丙 &#34;支部&#34;" in site.page("gamma/index.html")


@pytest.mark.parametrize("section", ["news", "notices", "policies", "voices", "events", "letters"])
def test_a_new_entry_of_every_type_is_valid(site: SmallSite, section: str) -> None:
    assert main(["new", "entry", f"alpha/{section}", "新: 标题 # 一", "--now", NOW]) == 0
    (file,) = (site.root / "content/alpha" / section).glob("2026-11-23-*")
    assert file.suffix == (".yml" if section in ("voices", "events") else ".md")
    assert [problem for problem in site.build().problems if problem.severity != "note"] == []


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


def test_nothing_is_overwritten(site: SmallSite) -> None:
    assert main(["new", "entry", "alpha/news", "一", "--now", NOW]) == 0
    file = site.root / "content/alpha/news/2026-11-23-一.md"
    file.write_text("mine", encoding="utf-8")
    assert main(["new", "entry", "alpha/news", "一", "--now", NOW]) == 2
    assert file.read_text("utf-8") == "mine"
