"""Changes against rights, in real repositories: a bare one with the printed hook, and clones from which people push."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import REPOSITORY, files_of

from builder.cli.commands import main
from builder.messages.codes.changes import CHANGES

pytestmark = pytest.mark.slow

TREE = """
--- content/organization.yml
name: 示范大学
url: https://example.org/
language: en
admins: ["@web"]
--- content/alpha/branch.yml
name: 甲支部
owners: ["@alice"]
--- content/alpha/news/2026-11-20-a.md
---
title: 走访
---
--- content/beta/branch.yml
name: 乙支部
parent: alpha
owners: ["@bob"]
--- content/beta/news/2026-11-21-b.md
---
title: 读书会
---
--- content/gamma/branch.yml
name: [丙
owners: ["@alice"]
--- content/\u00e9t\u00e9/branch.yml
name: 夏支部
owners: ["@bob"]
--- content/hub/about.md
---
title: 关于
---
--- mkdocs.yml
theme: {name: material}
"""
OWN, OTHER = "content/alpha/news/2026-11-20-a.md", "content/beta/news/2026-11-21-b.md"
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(REPOSITORY),
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


class Clone:
    """A working copy of one person."""

    def __init__(self, folder: Path, who: str) -> None:
        self.folder, self.who = folder, who

    def git(self, *arguments: str) -> str:
        """Runs Git in the clone."""
        return _git(self.folder, *arguments, BP_WHO=self.who).stdout

    def write(self, path: str, text: str) -> None:
        """Writes a file."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def append(self, path: str, text: str = "\n又写了一行。\n") -> None:
        """Adds to a file."""
        self.write(path, (self.folder / path).read_text("utf-8") + text)

    def commit(self) -> None:
        """Commits everything."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "change")

    def index(self, *entries: str) -> None:
        """Puts entries into the index that no file system would hold; each as ``mode object path``."""
        lines = "".join(f"{entry}\n" for entry in entries)
        lax = ("-c", "core.protectNTFS=false", "-c", "core.protectHFS=false")
        self.git("read-tree", "HEAD")
        _git(self.folder, *lax, "update-index", "--index-info", stdin=lines)
        self.git("commit", "-q", "--allow-empty", "-m", "change")

    def push(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Pushes; the result tells what the server said."""
        return _git(self.folder, "push", "origin", *(arguments or ("HEAD:main",)), check=False, BP_WHO=self.who)


def _git(
    folder: Path, *arguments: str, check: bool = True, stdin: str | None = None, **more: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**ENVIRONMENT, **more},
        input=stdin,
        capture_output=True,
        text=True,
        check=check,
    )


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server with its hook, and a clone of it."""
    home = tmp_path_factory.mktemp("server")
    _git(home, "init", "-q", "--bare", "-b", "main", "server.git")
    _git(home, "clone", "-q", "server.git", "clone")
    clone = Clone(home / "clone", "web")
    for path, text in files_of(TREE).items():
        clone.write(path, text)
    clone.git("checkout", "-q", "-b", "main")
    clone.commit()
    script = subprocess.run(
        [sys.executable, "-m", "builder", "owners", "hook", "--root", "clone"],
        cwd=home,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    hook = home / "server.git/hooks/pre-receive"
    hook.write_text(script, "utf-8")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    first = clone.push()
    assert first.returncode == 0, first.stderr
    return home


@pytest.fixture
def clone(template: Path, tmp_path: Path) -> Callable[[str], Clone]:
    """Makes a clone for a person, of a server of this test's own."""
    shutil.copytree(template / "server.git", tmp_path / "server.git", symlinks=True)
    _git(tmp_path, "clone", "-q", "server.git", "clone")

    def made(who: str) -> Clone:
        return Clone(tmp_path / "clone", who)

    return made


def blob(clone: Clone, text: str) -> str:
    return _git(clone.folder, "hash-object", "-w", "--stdin", stdin=text).stdout.strip()


# Each trick prepares a clone of alice, who owns alpha. The name says what it is.


def edit_in_another_folder(clone: Clone) -> None:
    clone.append(OTHER)
    clone.commit()


def deletion_in_another_folder(clone: Clone) -> None:
    clone.git("rm", "-q", OTHER)
    clone.commit()


def renaming_out_of_another_folder(clone: Clone) -> None:
    clone.git("mv", OTHER, "content/alpha/news/b.md")
    clone.commit()


def renaming_into_another_folder(clone: Clone) -> None:
    clone.git("mv", OWN, "content/beta/news/a.md")
    clone.commit()


def symbolic_link_to_another_folder(clone: Clone) -> None:
    (clone.folder / "content/alpha/news/draft.md").symlink_to("../../beta/news/2026-11-21-b.md")
    clone.commit()


def file_turned_into_a_link(clone: Clone) -> None:
    (clone.folder / OWN).unlink()
    (clone.folder / OWN).symlink_to("../../organization.yml")
    clone.commit()


def submodule(clone: Clone) -> None:
    clone.index(f"160000 {clone.git('rev-parse', 'HEAD').strip()} 0\tcontent/alpha/module")


def submodule_that_diff_is_told_to_ignore(clone: Clone) -> None:
    clone.git("config", "diff.ignoreSubmodules", "all")
    submodule(clone)


def executable_bit(clone: Clone) -> None:
    (clone.folder / OWN).chmod(0o755)
    clone.commit()


def settings_of_the_organization(clone: Clone) -> None:
    clone.append("content/organization.yml", "\nowners_inherit: true\n")
    clone.commit()


def settings_of_the_theme(clone: Clone) -> None:
    clone.append("mkdocs.yml", "\n")
    clone.commit()


def page_of_the_hub(clone: Clone) -> None:
    clone.append("content/hub/about.md")
    clone.commit()


def own_rights_raised(clone: Clone) -> None:
    clone.write("content/alpha/branch.yml", "name: 甲支部\nowners: ['@alice', '@mallory']\n")
    clone.commit()


def own_rights_raised_by_a_chinese_key(clone: Clone) -> None:
    clone.write("content/alpha/branch.yml", "name: 甲支部\n负责人: ['@mallory']\n")
    clone.commit()


def another_address(clone: Clone) -> None:
    clone.append("content/alpha/branch.yml", "url: https://evil.example.org/\n")
    clone.commit()


def another_parent(clone: Clone) -> None:
    clone.append("content/alpha/branch.yml", "上级: beta\n")
    clone.commit()


def second_settings_in_other_letters(clone: Clone) -> None:
    clone.write("content/alpha/Branch.YML", "name: 甲支部\nowners: ['@mallory']\n")
    clone.commit()


def second_settings_with_an_invisible_letter(clone: Clone) -> None:
    clone.index(f"100644 {blob(clone, 'owners: [x]')} 0\tcontent/alpha/branch\u200b.yml.")


def settings_exchanged_for_the_other_ending(clone: Clone) -> None:
    clone.git("rm", "-q", "content/alpha/branch.yml")
    clone.write("content/alpha/branch.yaml", "name: 甲支部\nowners: ['@mallory']\n")
    clone.commit()


def settings_deleted(clone: Clone) -> None:
    clone.git("rm", "-q", "content/alpha/branch.yml")
    clone.commit()


def settings_made_unreadable(clone: Clone) -> None:
    clone.write("content/alpha/branch.yml", "name: [甲\nowners: ['@alice']\n")
    clone.commit()


def settings_turned_into_a_folder(clone: Clone) -> None:
    clone.git("rm", "-q", "content/alpha/branch.yml")
    clone.write("content/alpha/branch.yml/x.md", "x")
    clone.commit()


def settings_of_another_branch(clone: Clone) -> None:
    clone.write("content/beta/branch.yml", "name: 乙支部\nowners: ['@alice']\n")
    clone.commit()


def branch_whose_settings_cannot_be_read(clone: Clone) -> None:
    clone.write("content/gamma/about.md", "# 关于\n")
    clone.commit()


def new_branch(clone: Clone) -> None:
    clone.write("content/delta/branch.yml", "name: 丁支部\nowners: ['@alice']\n")
    clone.commit()


def folder_in_other_letters(clone: Clone) -> None:
    clone.index(f"100644 {blob(clone, 'x')} 0\tcontent/Beta/news/c.md")


def folder_with_another_unicode_form(clone: Clone) -> None:
    clone.index(f"100644 {blob(clone, 'x')} 0\tcontent/e\u0301t\u00e9/c.md")


def content_in_other_letters(clone: Clone) -> None:
    clone.index(f"100644 {blob(clone, 'x')} 0\tCONTENT/beta/news/c.md")


def own_folder_replaced_by_a_link(clone: Clone) -> None:
    clone.git("rm", "-q", "-r", "content/alpha")
    (clone.folder / "content/alpha").symlink_to("beta")
    clone.commit()


def change_taken_back_in_a_second_commit(clone: Clone) -> None:
    edit_in_another_folder(clone)
    clone.git("revert", "--no-edit", "HEAD")


def second_of_two_commits(clone: Clone) -> None:
    clone.append(OWN)
    clone.commit()
    edit_in_another_folder(clone)


def merge_that_changes_something_itself(clone: Clone) -> None:
    clone.git("checkout", "-q", "-b", "side")
    clone.append(OWN)
    clone.commit()
    clone.git("checkout", "-q", "main")
    clone.git("merge", "-q", "--no-ff", "--no-commit", "side")
    clone.append(OTHER)
    clone.commit()


def rewritten_history(clone: Clone) -> None:
    clone.append(OWN)
    clone.git("add", "-A")
    clone.git("commit", "-q", "--amend", "-m", "other")


def history_of_its_own(clone: Clone) -> None:
    clone.git("checkout", "-q", "--orphan", "fresh")
    clone.commit()


def git_folder_in_disguise(clone: Clone) -> None:
    clone.index(f"100644 {blob(clone, '* text')} 0\tcontent/alpha/.GitAttributes")


def name_with_a_backslash(clone: Clone) -> None:
    clone.index(f"100644 {blob(clone, 'x')} 0\tcontent/alpha/..\\beta\\x.md")


TRICKS = {
    edit_in_another_folder: "change-not-yours",
    deletion_in_another_folder: "change-not-yours",
    renaming_out_of_another_folder: "change-not-yours",
    renaming_into_another_folder: "change-not-yours",
    symbolic_link_to_another_folder: "change-link",
    file_turned_into_a_link: "change-link",
    submodule: "change-submodule",
    submodule_that_diff_is_told_to_ignore: "change-submodule",
    executable_bit: "change-executable",
    settings_of_the_organization: "change-admins",
    settings_of_the_theme: "change-admins",
    page_of_the_hub: "change-admins",
    own_rights_raised: "change-guarded",
    own_rights_raised_by_a_chinese_key: "change-guarded",
    another_address: "change-guarded",
    another_parent: "change-guarded",
    second_settings_in_other_letters: "change-guarded",
    second_settings_with_an_invisible_letter: "change-guarded",
    settings_exchanged_for_the_other_ending: "change-guarded",
    settings_deleted: "change-unreadable",
    settings_made_unreadable: "change-unreadable",
    settings_turned_into_a_folder: "change-unreadable",
    settings_of_another_branch: "change-not-yours",
    branch_whose_settings_cannot_be_read: "change-admins",
    new_branch: "change-admins",
    folder_in_other_letters: "change-case",
    folder_with_another_unicode_form: "change-case",
    content_in_other_letters: "change-case",
    own_folder_replaced_by_a_link: "change-admins",
    change_taken_back_in_a_second_commit: "change-not-yours",
    second_of_two_commits: "change-not-yours",
    merge_that_changes_something_itself: "change-not-yours",
    rewritten_history: "history-rewritten",
    history_of_its_own: "history-rewritten",
    git_folder_in_disguise: "change-name",
    name_with_a_backslash: "change-name",
}


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.__name__)
def test_every_trick_is_refused(clone: Callable[[str], Clone], trick: Callable[[Clone], None]) -> None:
    alice = clone("alice")
    before = alice.git("rev-parse", "origin/main")
    trick(alice)
    done = alice.push("--force", "HEAD:main")
    assert done.returncode != 0
    assert f"[{TRICKS[trick]}]" in done.stderr
    assert alice.git("ls-remote", "origin", "refs/heads/main").split()[0] == before.strip()


def test_owners_push_what_is_theirs(clone: Callable[[str], Clone]) -> None:
    alice = clone("Alice")
    alice.append(OWN)
    alice.write("content/alpha/新闻/2026-11-22-走访.md", "---\ntitle: 走访\n---\n")
    alice.write("content/alpha/branch.yml", "名称: 甲支部（新）\n负责人: '@alice'\naccent: teal\n")
    alice.commit()
    alice.git("rm", "-q", OWN)
    alice.commit()
    # What others have done meanwhile is merged, and stays theirs.
    bob = Clone(alice.folder.parent / "bob", "bob")
    _git(alice.folder.parent, "clone", "-q", "server.git", "bob")
    bob.append(OTHER)
    bob.commit()
    assert bob.push().returncode == 0
    assert alice.push().returncode != 0
    alice.git("fetch", "-q")
    alice.git("merge", "-q", "--no-edit", "origin/main")
    done = alice.push()
    assert done.returncode == 0, done.stderr


def test_settings_that_administrators_changed_meanwhile_may_be_merged(clone: Callable[[str], Clone]) -> None:
    """The merged file is neither side's: it has the owners of one, and a colour of the other."""
    alice, settings = clone("alice"), "content/alpha/branch.yml"
    _git(alice.folder.parent, "clone", "-q", "server.git", "web")
    web = Clone(alice.folder.parent / "web", "web")
    own_rights_raised(web)
    assert web.push().returncode == 0
    alice.append(settings, "accent: teal\n")
    alice.commit()
    alice.git("fetch", "-q")
    alice.git("merge", "-q", "--no-commit", "-s", "ours", "origin/main")
    alice.write(settings, (web.folder / settings).read_text("utf-8") + "accent: teal\n")
    alice.commit()
    done = alice.push()
    assert done.returncode == 0, done.stderr


def test_owners_edit_what_was_executable_before(clone: Callable[[str], Clone]) -> None:
    web = clone("web")
    executable_bit(web)
    assert web.push().returncode == 0
    alice = Clone(web.folder, "alice")
    alice.append(OWN)
    alice.commit()
    done = alice.push()
    assert done.returncode == 0, done.stderr


def test_administrators_push_everything_but_a_new_history(clone: Callable[[str], Clone]) -> None:
    web = clone("web")
    new_branch(web)
    own_rights_raised(web)
    symbolic_link_to_another_folder(web)
    assert web.push().returncode == 0
    web.git("tag", "v1")
    assert web.push("v1").returncode == 0
    web.git("commit", "-q", "--amend", "-m", "other")
    done = web.push("--force", "HEAD:main")
    assert "[history-rewritten]" in done.stderr


def test_refs_that_could_stand_for_the_published_branch(clone: Callable[[str], Clone]) -> None:
    alice = clone("alice")
    edit_in_another_folder(alice)
    assert "[history-rewritten]" in alice.push(":main").stderr
    for ref in ("refs/tags/main", "refs/heads/Main", "refs/replace/" + alice.git("rev-parse", "origin/main").strip()):
        assert "[ref-refused]" in alice.push(f"HEAD:{ref}").stderr
    # A proposal is nobody's affair until somebody merges it.
    assert alice.push("HEAD:refs/heads/proposal").returncode == 0


def test_a_push_of_nobody_and_a_server_without_a_published_branch(clone: Callable[[str], Clone]) -> None:
    nobody = clone("")
    nobody.append(OWN)
    nobody.commit()
    assert nobody.push().returncode != 0
    _git(nobody.folder.parent / "server.git", "symbolic-ref", "HEAD", "refs/heads/other")
    alice = Clone(nobody.folder, "alice")
    for branch in ("other", "main", "proposal"):
        assert "[head-missing]" in alice.push(f"HEAD:{branch}").stderr


def test_the_first_push_makes_the_repository(template: Path, tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q", "--bare", "-b", "main", "server.git")
    shutil.copy(template / "server.git/hooks/pre-receive", tmp_path / "server.git/hooks/pre-receive")
    _git(tmp_path, "clone", "-q", str(template / "server.git"), "clone")
    alice = Clone(tmp_path / "clone", "alice")
    alice.git("remote", "set-url", "origin", "../server.git")
    done = alice.push()
    assert done.returncode == 0, done.stderr
    page_of_the_hub(alice)
    assert "[change-admins]" in alice.push().stderr


def check(clone: Clone, *arguments: str) -> int:
    return main(["owners", "check", *arguments, "--root", str(clone.folder)])


def test_the_check_of_a_range_in_each_format(clone: Callable[[str], Clone], capsys: pytest.CaptureFixture[str]) -> None:
    alice = clone("alice")
    edit_in_another_folder(alice)
    assert check(alice, "origin/main..HEAD", "--as", "alice") == 1
    told = capsys.readouterr().err
    assert told.startswith(f"{OTHER}: error [change-not-yours]\n    alice may not change this: it belongs to @bob.\n")
    assert check(alice, "origin/main..HEAD", "--as", "alice", "--format", "github") == 1
    assert capsys.readouterr().out.startswith(f"::error file={OTHER},title=change-not-yours::")
    assert check(alice, "origin/main..HEAD", "--as", "alice", "--format", "sarif") == 1
    assert json.loads(capsys.readouterr().out)["runs"][0]["results"][0]["ruleId"] == "change-not-yours"
    assert check(alice, "origin/main..HEAD", "--as", "bob") == 0
    assert check(alice, "origin/main..HEAD", "--as", "zhang,@bob") == 0
    assert check(alice, "origin/main..HEAD", "--as", "zhang", "--admin", "zhang") == 0


def test_members_of_a_team(clone: Callable[[str], Clone], tmp_path: Path) -> None:
    alice = clone("alice")
    edit_in_another_folder(alice)
    members = tmp_path / "members.yml"
    members.write_text("bob: [zhang]\n", "utf-8")
    arguments = ("origin/main..HEAD", "--members", str(members), "--as")
    assert check(alice, *arguments, "zhang") == 0
    assert check(alice, *arguments, "bob") == 1
    members.write_text("bob: [zhang\n", "utf-8")
    assert check(alice, *arguments, "zhang") == 2


def test_a_proposal_that_is_behind_counts_from_where_it_left(clone: Callable[[str], Clone]) -> None:
    alice = clone("alice")
    alice.git("checkout", "-q", "-b", "proposal")
    alice.append(OWN)
    alice.commit()
    alice.git("checkout", "-q", "main")
    # Meanwhile alice has lost her rights; those of the published branch count, not those of long ago.
    alice.write("content/beta/about.md", "# 关于\n")
    alice.commit()
    assert check(alice, "main..proposal", "--as", "alice") == 1
    assert check(alice, "main...proposal", "--as", "alice") == 0
    alice.write("content/alpha/branch.yml", "name: 甲支部\nowners: ['@carol']\n")
    alice.commit()
    assert check(alice, "main...proposal", "--as", "alice") == 1
    assert check(alice, "main...proposal", "--as", "carol") == 0


def test_a_root_that_is_a_folder_of_the_repository(tmp_path: Path) -> None:
    _git(tmp_path, "init", "-q", "-b", "main", "whole")
    clone = Clone(tmp_path / "whole", "alice")
    for path, text in files_of(TREE).items():
        clone.write(f"party/{path}", text)
    clone.write("other.txt", "x")
    clone.commit()
    clone.append(f"party/{OWN}")
    clone.commit()
    root = ["--root", str(clone.folder / "party"), "--as", "alice"]
    assert main(["owners", "check", "HEAD~..HEAD", *root]) == 0
    clone.append("other.txt")
    clone.commit()
    assert main(["owners", "check", "HEAD~..HEAD", *root]) == 1


@pytest.mark.parametrize(
    "arguments",
    [["HEAD", "--as", "a"], ["nowhere..HEAD", "--as", "a"], ["HEAD..HEAD", "--as", ""], ["--x..HEAD", "--as", "a"]],
)
def test_what_cannot_be_checked_is_told(clone: Callable[[str], Clone], arguments: list[str]) -> None:
    first, *rest = arguments
    assert main(["owners", "check", *rest, "--root", str(clone("a").folder), "--", first]) == 2


@pytest.mark.parametrize("written", ["HEAD", "HEAD..", "..HEAD", "HEAD...", "...HEAD", ".."])
def test_a_change_is_written_with_both_of_its_ends(
    tmp_path: Path, written: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["owners", "check", "--as", "a", "--root", str(tmp_path), "--", written]) == 2
    assert "origin/main..HEAD" in capsys.readouterr().err


def test_no_administrators_at_all(clone: Callable[[str], Clone], capsys: pytest.CaptureFixture[str]) -> None:
    web = clone("web")
    web.write("content/organization.yml", "name: 示范大学\nurl: https://example.org/\n")
    web.commit()
    page_of_the_hub(web)
    assert check(web, "HEAD~..HEAD", "--as", "web") == 1
    assert "[change-no-admins]" in capsys.readouterr().err


def test_every_code_is_given_by_a_test() -> None:
    others = {"ref-refused", "head-missing", "change-no-admins"}
    assert {code.name for code in CHANGES} == set(TRICKS.values()) | others
