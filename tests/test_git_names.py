"""What Git is given are names, whatever they look like: options, or the signs that begin a pathspec (gitglossary)."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from builder.content.owners.git import Repository
from builder.edit.git import GitError, WorkingCopy
from builder.publishing.commands import TargetError
from builder.publishing.git import GitDestination

NAMES = (
    "-x.md",
    "--output=written",
    ":(top)x.md",
    ":!x.md",
    ":^x.md",
    ":/x.md",
    "*.md",
    "[a-z].md",
    "a b.md",
    '"x".md',
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository whose second commit brings files of these names; other.md lies beside them from the beginning."""

    def git(*arguments: str) -> None:
        who = ("-c", "user.name=x", "-c", "user.email=x@x.example")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)

    folder = tmp_path / "content" / "a"
    folder.mkdir(parents=True)
    git("init", "-q", "-b", "main")
    (folder / "other.md").write_text("other")
    git("add", "-A")
    git("commit", "-qm", "1")
    for name in NAMES:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    git("add", "-A")
    git("commit", "-qm", "2")
    return tmp_path


def paths() -> set[str]:
    """The paths of the second commit."""
    return {f"content/a/{name}" for name in NAMES}


def test_the_forms_read_each_by_its_name(root: Path) -> None:
    copy = WorkingCopy(root)
    head = copy.head()
    (first,) = copy.log(head)[1:]
    assert set(copy.changed(first.id, head)) == paths()
    for path in paths():
        assert copy.read(head, path) == Path(root, path).read_bytes()
        assert copy.read(first.id, path) is None
        assert [each.id for each in copy.log(head, path)] == [head]


@pytest.mark.parametrize("remote", ["--upload-pack=touch written", "--receive-pack=touch written", "--all", "-q"])
def test_another_repository_is_no_option(root: Path, remote: str) -> None:
    copy = WorkingCopy(root)
    for ask in (copy.fetch, lambda name: copy.push(name, copy.head())):
        with pytest.raises(GitError):
            ask(remote)
    assert not (root / "written").exists()


def test_owners_are_asked_for_each_by_its_name(root: Path) -> None:
    repository = Repository(root)
    head, first = repository.commit("HEAD"), repository.commit("HEAD^")
    assert {each.path for each in repository.changes(first, head)} == paths()
    assert {path for path, _, _ in repository.listing(head)} == paths() | {"content/a/other.md"}


@pytest.mark.parametrize(
    "branch", ["-x", "--force", ":main", "+main", "a..b", "a b", "a\nb", "main:other", "^x", "", "@{1}"]
)
def test_a_target_takes_no_such_branch(tmp_path: Path, branch: str) -> None:
    with pytest.raises(TargetError):
        GitDestination("https://git.example/x.git", branch, 3, tmp_path)


@pytest.mark.parametrize("remote", ["-x", "--upload-pack=touch x"])
def test_nor_such_a_repository(tmp_path: Path, remote: str) -> None:
    with pytest.raises(TargetError):
        GitDestination(remote, "main", 3, tmp_path)
