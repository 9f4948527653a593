"""Changes against rights, rule by rule, without repositories."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from conftest import files_of
from test_owners_check import TREE

from builder.content.owners import FolderTree, Person, Rights
from builder.content.owners.check import Update, check_push, check_range
from builder.content.owners.git import NOTHING, Change
from builder.messages.codes.changes import CHANGES
from builder.messages.codes.code import Code
from builder.messages.diagnostics import Diagnostic
from builder.messages.formats import describe
from builder.messages.problems import problem_of
from builder.messages.translation import translator


class Commits:
    """A repository in which each commit changes these paths, one after the other."""

    def __init__(self, root: Path, *commits: Sequence[Change]) -> None:
        self._root, self._commits = root, commits

    def is_ancestor(self, old: str, new: str) -> bool:
        return True

    def tree(self, commit: str) -> FolderTree:
        return FolderTree(self._root)

    def commits(self, old: str, new: str) -> Iterator[tuple[str, list[str]]]:
        return ((str(number), [old]) for number, _ in enumerate(self._commits))

    def own_changes(self, commit: str, parents: Sequence[str]) -> Sequence[Change]:
        return self._commits[int(commit)]

    def changes(self, old: str, new: str) -> Sequence[Change]:
        return ()

    def head(self) -> str:
        return "refs/heads/main"

    def has_branches(self) -> bool:
        return self.branches

    def has(self, ref: str) -> bool:
        return self.published

    def commit(self, revision: str) -> str:
        return revision

    branches = published = True


def test_all_that_is_wrong_with_a_path_is_told_and_each_thing_once(tmp_path: Path) -> None:
    settings = tmp_path / "content/a/branch.yml"
    settings.parent.mkdir(parents=True)
    settings.write_text("name: A\nowners: [ann]\n")
    path, other = "content/a/x.md", "content/a/y.md"
    commits = Commits(
        tmp_path,
        [Change(path, NOTHING, "100755"), Change(other, "100644", "100755")],
        [Change(path, "100755", "120000"), Change(other, "100755", "100755")],
        [Change(path, "120000", "120000"), Change(other, "100755", "160000")],
        [Change(path, "120000", NOTHING), Change(other, "160000", "100644")],
    )
    person, rights = Person.of(["ann"]), Rights(FolderTree(tmp_path))
    found = check_range(commits, "0", "9", person, rights)  # type: ignore[arg-type]
    assert [(each.path, each.code) for each in found] == [
        (path, "change-executable"),
        (other, "change-executable"),
        (path, "change-link"),
        (other, "change-submodule"),
    ]


@pytest.mark.parametrize(
    ("ref", "new", "owner", "administrator"),
    [
        ("refs/heads/main", "1" * 40, ["change-admins"], []),
        ("refs/heads/main", "0" * 40, ["history-rewritten"], ["history-rewritten"]),
        ("refs/heads/proposal", "1" * 40, [], []),
        ("refs/heads/proposal", "0" * 40, [], []),
        # Some systems would take it for the published branch.
        ("refs/heads/Main", "1" * 40, ["ref-refused"], []),
        ("refs/tags/main", "1" * 40, ["ref-refused"], []),
        ("refs/notes/x", "0" * 40, ["ref-refused"], []),
    ],
)
def test_who_may_push_to_which_ref(
    tmp_path: Path, ref: str, new: str, owner: list[str], administrator: list[str]
) -> None:
    for path, text in files_of(TREE).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    commits = Commits(tmp_path, [Change("mkdocs.yml", "100644", "100644")])

    def told(name: str, admins: Sequence[str] = ()) -> list[str]:
        return [each.code for each in check_push(commits, [Update("2" * 40, new, ref)], Person.of([name]), admins)]  # type: ignore[arg-type]

    assert (told("alice"), told("web"), told("carol", ["carol"])) == (owner, administrator, administrator)
    commits.published = False
    assert told("web") == ["head-missing"]
    commits.branches = False
    assert told("alice") == [], "the first push makes the repository"


@pytest.mark.parametrize("code", CHANGES, ids=lambda code: code.name)
def test_every_code_can_be_told_in_both_languages(code: Code) -> None:
    words = {"who": "alice", "owners": ("@a", "@b"), "admins": ("@c",), "keys": ("url",), "name": "x", "other": "y"}
    problem = problem_of(Diagnostic(code.name, arguments=words), "content/alpha/a.md")
    chinese, english = describe(problem, translator("zh")), describe(problem, translator("en"))
    for one, other in zip(chinese, english, strict=True):
        assert one
        assert "{" not in one + other
        assert one != other
