"""CODEOWNERS as each host reads it: by the rules of .gitignore for GitHub, by whole regular expressions for Gitea."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from codeowners import CodeOwners
from conftest import SmallSite

from builder.cli.commands import main

TREE = """
--- content/organization.yml
name: 示范大学
url: https://example.org/
admins: ["@web", "@party/editors"]
--- content/mechanical/branch.yml
name: 机械
owners: ["@mech", "mech@example.org"]
--- content/mechanical-1/branch.yml
name: 机械一
parent: mechanical
owners: "@one"
--- content/机械.2/branch.yml
name: 机械二
parent: mechanical
--- content/free/branch.yml
name: 无主
--- content/broken/branch.yml
name: [
owners: "@one"
"""
PATHS = {
    "content/mechanical/news/2026-11-20-a.md": {"@mech", "mech@example.org"},
    "content/mechanical-1/news/新闻/图 片.jpg": {"@one"},
    "content/机械.2/about.md": {"@mech", "mech@example.org"},
    "content/机械x2/about.md": {"@web", "@party/editors"},
    "content/free/about.md": {"@web", "@party/editors"},
    "content/broken/about.md": {"@web", "@party/editors"},
    "content/new/branch.yml": {"@web", "@party/editors"},
    "content/hub/about.md": {"@web", "@party/editors"},
    "content/organization.yml": {"@web", "@party/editors"},
    "mkdocs.yml": {"@web", "@party/editors"},
    "elsewhere/content/mechanical/a.md": {"@web", "@party/editors"},
}


@pytest.fixture
def bare(tmp_path: Path) -> SmallSite:
    return SmallSite(tmp_path).write(TREE)


def printed(site: SmallSite, host: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["owners", "--for", host, "--root", str(site.root)]) == 0
    return capsys.readouterr().out


def gitea_owners(file: str, path: str) -> set[str]:
    """The owners of a path as Gitea finds them: every line counts whose expression fits the whole path, or with ``!`` before it
    does not."""
    found: set[str] = set()
    for line in file.splitlines():
        if not line or line.startswith("#"):
            continue
        pattern, *names = line.split()
        assert "\\" not in pattern
        fits = re.fullmatch(pattern.removeprefix("!"), path) is not None
        if fits != pattern.startswith("!"):
            found |= set(names)
    return found


@pytest.mark.parametrize("host", ["github", "gitlab"])
def test_the_last_pattern_that_fits_names_the_owners(
    bare: SmallSite, host: str, capsys: pytest.CaptureFixture[str]
) -> None:
    owners = CodeOwners(printed(bare, host, capsys))
    for path, names in PATHS.items():
        assert {name for _, name in owners.of(path)} == names, path
    # Keys that give rights lie in these files, so that only administrators may release a change of them.
    assert {name for _, name in owners.of("content/mechanical-1/branch.yml")} == {"@web", "@party/editors"}


def test_the_expressions_for_gitea_add_up(bare: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    file = _gitea(bare, capsys)
    for path, names in PATHS.items():
        assert gitea_owners(file, path) == {name for name in names if name.startswith("@")}, path
    assert gitea_owners(file, "content/mechanical-1/branch.yml") == {"@one", "@web", "@party/editors"}


def _gitea(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> str:
    """Gitea knows no addresses: what is left out is told, and the status says so."""
    assert main(["owners", "--for", "gitea", "--root", str(site.root)]) == 1
    told = capsys.readouterr()
    assert "mech@example.org" in told.err
    assert "mech@example.org" not in told.out
    return told.out


def test_the_comment_says_what_the_file_does_not_do(bare: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert "CE" in printed(bare, "gitlab", capsys)
    assert "Require review from Code Owners" in printed(bare, "github", capsys)


def test_owners_of_branches_above(bare: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    settings = bare.root / "content/organization.yml"
    settings.write_text(settings.read_text("utf-8") + "owners_inherit: true\n", "utf-8")
    owners = CodeOwners(printed(bare, "github", capsys))
    assert {name for _, name in owners.of("content/mechanical-1/about.md")} == {"@one", "@mech", "mech@example.org"}


def test_branches_stand_below_those_that_they_are_part_of(bare: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    bare.write("--- content/a-group/branch.yml\nname: 一组\nparent: mechanical-1\n")
    order = re.findall(r"^/content/(mechanical|mechanical-1|a-group)/", printed(bare, "github", capsys), re.MULTILINE)
    assert order == ["mechanical", "mechanical-1", "a-group"]


def test_names_that_no_account_can_have(bare: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    bare.write("--- content/free/branch.yml\nname: 无主\nowners: [张三, 'a b', '@x #y', zhang]\n")
    assert main(["owners", "--for", "github", "--root", str(bare.root)]) == 1
    told = capsys.readouterr()
    assert "张三" in told.err
    assert "/content/free/ @zhang\n" in told.out


def test_without_administrators_nothing_else_has_an_owner(bare: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    bare.write("--- content/organization.yml\nname: 示范大学\nurl: https://example.org/\n")
    file = printed(bare, "github", capsys)
    assert "admins" in file
    assert CodeOwners(file).of("mkdocs.yml") == []
    assert CodeOwners(file).of("content/mechanical/branch.yml") == []


def test_a_host_has_to_be_named(bare: SmallSite) -> None:
    assert main(["owners", "--root", str(bare.root)]) == 2
