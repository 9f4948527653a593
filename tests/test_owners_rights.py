"""Who may change which path: owners of branches, of those above them, administrators; what cannot be read is theirs."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import SmallSite

from builder.content.owners import FolderTree, Members, Person, Rights, guarded_changes, read_members

TREE = """
--- content/organization.yml
name: 示范大学
url: https://example.org/
admins: ["@web", root@example.org]
--- content/alpha/branch.yml
name: 甲支部
owners: ["@alice", "wang@example.org"]
--- content/beta/branch.yml
name: 乙支部
parent: alpha
owners: "@bob"
--- content/gamma/branch.yml
名称: 丙支部
上级: beta
--- content/delta/branch.yml
name: 丁支部
--- content/hub/about.md
---
title: 关于
---
"""


@pytest.fixture
def bare(tmp_path: Path) -> SmallSite:
    return SmallSite(tmp_path).write(TREE)


def rights(site: SmallSite) -> Rights:
    return Rights(FolderTree(site.root))


def may(site: SmallSite, who: str, path: str, members: Members | None = None) -> bool:
    return rights(site).may_change(Person.of(who.split(","), members or Members()), path)


def test_an_owner_changes_the_branch_and_nothing_else(bare: SmallSite) -> None:
    assert may(bare, "alice", "content/alpha/news/2026-11-20-新闻.md")
    assert may(bare, "alice", "content/alpha/branch.yml")
    assert may(bare, "Wang@Example.org", "content/alpha/about.md")
    for path in (
        "content/beta/about.md",
        "content/alpha",
        "content/hub/about.md",
        "content/organization.yml",
        "content/new/branch.yml",
        "content/Alpha/about.md",
        "Content/alpha/about.md",
        "mkdocs.yml",
        "alpha/about.md",
    ):
        assert not may(bare, "alice", path), path


def test_administrators_own_everything(bare: SmallSite) -> None:
    for path in ("content/alpha/about.md", "content/hub/about.md", "mkdocs.yml", "content/new/branch.yml"):
        assert may(bare, "web", path)
        assert may(bare, "li,@web", path)
        assert may(bare, "root@example.org", path)
        assert not may(bare, "li", path)


def test_a_branch_without_owners_has_those_of_its_parent(bare: SmallSite) -> None:
    assert may(bare, "bob", "content/gamma/about.md")
    assert not may(bare, "alice", "content/gamma/about.md")
    assert rights(bare).owners_of("delta") == ()


def test_owners_of_branches_above_count_if_the_organization_says_so(bare: SmallSite) -> None:
    assert not may(bare, "alice", "content/beta/about.md")
    settings = bare.root / "content/organization.yml"
    settings.write_text(settings.read_text("utf-8") + "owners_inherit: true\n", "utf-8")
    assert may(bare, "alice", "content/beta/about.md")
    assert may(bare, "alice", "content/gamma/about.md")
    assert not may(bare, "bob", "content/alpha/about.md")


@pytest.mark.parametrize(
    "broken",
    [
        "name: [甲\nowners: '@alice'\n",
        "name: 甲\nowners: '@alice'\nowners: '@bob'\n",
        "name: 甲\nowners: '@alice'\n负责人: '@bob'\n",
        "name: 甲\nowners: {a: '@alice'}\n",
        "name: 甲\nowners: &all ['@alice']\n",
        "<<<<<<< a\nowners: '@alice'\n=======\nowners: '@bob'\n>>>>>>> b\n",
    ],
)
def test_settings_that_do_not_say_one_thing_leave_the_branch_to_administrators(bare: SmallSite, broken: str) -> None:
    bare.write(f"--- content/alpha/branch.yml\n{broken}")
    assert not may(bare, "alice", "content/alpha/about.md")
    assert not may(bare, "bob", "content/alpha/about.md")
    assert may(bare, "web", "content/alpha/about.md")


def test_other_mistakes_in_the_settings_leave_the_owners_their_right_to_correct_them(bare: SmallSite) -> None:
    bare.write("--- content/alpha/branch.yml\naccent: perhaps\nurl: nowhere\nowners: '@alice'\n")
    assert may(bare, "alice", "content/alpha/branch.yml")


def test_parents_in_a_circle_end(bare: SmallSite) -> None:
    bare.write(
        "--- content/alpha/branch.yml\nname: 甲\nparent: gamma\n--- content/beta/branch.yml\nname: 乙\nparent: alpha\n"
    )
    assert rights(bare).owners_of("gamma") == ()


def test_a_link_is_no_branch(bare: SmallSite) -> None:
    (bare.root / "content/epsilon").symlink_to("alpha")
    assert not may(bare, "alice", "content/epsilon/about.md")
    (bare.root / "content/zeta").mkdir()
    (bare.root / "content/zeta/branch.yml").symlink_to("../alpha/branch.yml")
    assert not may(bare, "alice", "content/zeta/about.md")


def test_members_of_teams(bare: SmallSite, tmp_path: Path) -> None:
    file = tmp_path / "members.yml"
    file.write_text("alice: [zhang, '@helpers']\nhelpers: Chen\nloop: '@loop'\n", "utf-8")
    members, told = read_members(file)
    assert told == ()
    assert may(bare, "zhang", "content/alpha/about.md", members)
    assert may(bare, "chen", "content/alpha/about.md", members)
    # Whoever is called like a team is not a member of it for that.
    assert not may(bare, "alice", "content/alpha/about.md", members)
    assert may(bare, "li,@helpers", "content/alpha/about.md", members)


def test_names_that_only_look_alike_are_others(bare: SmallSite) -> None:
    bare.write("--- content/alpha/branch.yml\nname: 甲\nowners: ['@kate', '@café', '']\n")
    assert may(bare, "KATE", "content/alpha/about.md")
    assert not may(bare, "\N{KELVIN SIGN}ate", "content/alpha/about.md")
    assert may(bare, "café", "content/alpha/about.md")
    assert not may(bare, "", "content/alpha/about.md")
    assert not may(bare, "@", "content/alpha/about.md")


def test_guarded_keys_are_compared_by_what_they_say() -> None:
    before = b"name: a\nowners: ['@alice', '@bob']\nparent: b\n"
    assert guarded_changes(before, "名称: 甲\n上级: b\n负责人: '@alice, @bob'\n".encode()) == ()
    assert guarded_changes(before, before + b"\xef\xbc\xb5RL: https://a.example.org/\n") == ("url",)
    assert guarded_changes(before, b"name: a\nparent: b\n") == ("owners",)
    assert "owners" in guarded_changes(before, b"name: [a\n")


def test_the_branches_of_a_person(bare: SmallSite) -> None:
    assert list(rights(bare).branches_of(Person.of(["bob"]))) == ["beta", "gamma"]
    assert list(rights(bare).branches_of(Person.of(["web"]))) == ["alpha", "beta", "delta", "gamma"]


@pytest.mark.parametrize("inherit", ["false", "true"])
def test_a_parent_is_known_by_its_former_names(bare: SmallSite, inherit: str) -> None:
    organization = bare.root / "content/organization.yml"
    organization.write_text(organization.read_text("utf-8") + f"owners_inherit: {inherit}\n", "utf-8")
    bare.write(
        '--- content/alpha/branch.yml\nname: 甲支部\nformerly: [first, beta]\nowners: ["@alice"]\n'
        "--- content/aaa/branch.yml\nname: 子支部\nparent: first\n"
        "--- content/zzz/branch.yml\nname: 冒名支部\nformerly: [first]\nowners: '@eve'\n"
    )
    assert may(bare, "alice", "content/aaa/about.md")
    assert not may(bare, "eve", "content/aaa/about.md")
    # A name that a branch has now is nobody's former one.
    assert may(bare, "bob", "content/gamma/about.md")
    assert may(bare, "alice", "content/gamma/about.md") == (inherit == "true")
    assert rights(bare).depth_of("aaa") == 1


@pytest.mark.parametrize("names", [["ann", ""], ["ann", "@"], ["", "ann"], ["@"], [" "]])
def test_a_name_without_a_letter_is_nobodys(names: list[str]) -> None:
    assert not Person.of(names).is_one_of(["", "@", " "])
