"""What a Git repository is seen to hold and to have changed, word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from test_whole_site import compare
from test_whole_values import plain, table

from builder.content.decoding import MOST_BYTES
from builder.content.owners.git import NOTHING, Repository, RepositoryError

SETTINGS = {
    **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    **{f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    **{f"GIT_{who}_DATE": "2026-11-20T09:00:00+0800" for who in ("AUTHOR", "COMMITTER")},
}


def git(folder: Path, *arguments: str) -> str:
    """Runs Git in a folder; what it says."""
    done = subprocess.run(["git", *arguments], cwd=folder, env=SETTINGS, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def history(folder: Path) -> dict[str, str]:
    """Makes a repository whose root folder is not its top; its commits by name."""
    root = folder / "site"
    root.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    found: dict[str, str] = {}

    def commit(name: str, *files: str, text: str = "x") -> None:
        for path in files:
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{text} {name}", "utf-8")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "--allow-empty", "-m", name)
        found[name] = git(folder, "rev-parse", "HEAD")

    commit(
        "first",
        "content/a/branch.yml",
        "content/a/deep/er/甲 乙.md",
        "content/b/branch.yml",
        "mkdocs.yml",
        "../outside.txt",
    )
    (root / "content/a/link").symlink_to("branch.yml")
    (root / "content/a/branch.yml").chmod(0o755)
    (root / "content/b/branch.yml").rename(root / "content/b/renamed.yml")
    commit("second", "content/large.yml", text="x" * MOST_BYTES)
    git(folder, "checkout", "-q", "-b", "side", "HEAD^")
    commit("side", "content/a/side.md", "content/a/both.md")
    git(folder, "checkout", "-q", "main")
    commit("third", "content/a/third.md")
    git(folder, "merge", "-q", "--no-ff", "--no-commit", "side")
    commit("merge", "content/a/both.md", "content/a/only.md")
    git(folder, "checkout", "-q", "--orphan", "alone")
    commit("alone")
    git(folder, "checkout", "-q", "main")
    git(folder, "tag", "v1", found["second"])
    return found


@pytest.mark.slow
def test_a_repository_is_read_as_it_always_was(tmp_path: Path) -> None:
    commits = history(tmp_path / "work")
    names = {name: key for key, name in commits.items()}
    repository = Repository(tmp_path / "work" / "site")

    def asked(revision: str) -> str:
        try:
            return names.get(repository.commit(revision), "?")
        except RepositoryError as error:
            return error.message.format(**error.values)

    def told(changes: object) -> str:
        text = plain(changes)
        for name, key in names.items():
            text = text.replace(name, key)
        return text

    pairs = [(one, other) for one in commits for other in commits]
    trees = {name: repository.tree(commit) for name, commit in commits.items()}
    folders = (
        "content",
        "content/a",
        "content/a/deep",
        "content/a/deep/er",
        "content/b",
        "content/none",
        "",
        "mkdocs.yml",
    )
    paths = ("content/a/branch.yml", "content/a/link", "content/large.yml", "content/a", "mkdocs.yml", "content/none")
    found = {
        "revisions": table(asked, ("main", "HEAD", "HEAD^", "side", "v1", "none", "--all", "main:mkdocs.yml", "")),
        "ancestors": "\n".join(
            f"{one} {other}: {repository.is_ancestor(commits[one], commits[other])}" for one, other in pairs
        ),
        "common": "\n".join(
            f"{one} {other}: {names.get(repository.common(commits[one], commits[other]), '')}" for one, other in pairs
        ),
        "changes": "\n".join(
            f"{one} {other}: {told(repository.changes(commits[one], commits[other]))}" for one, other in pairs[:9]
        ),
        "commits": told(list(repository.commits(commits["first"], commits["merge"]))),
        "own changes": "\n".join(
            f"{names[commit]}: {told(repository.own_changes(commit, parents))}"
            for commit, parents in repository.commits(commits["first"], commits["merge"])
        ),
        "own changes of the first": told(repository.own_changes(commits["first"], ())),
        "names": "\n".join(
            f"{name} {folder}: {plain(dict(sorted(tree.names(folder).items())))}"
            for name, tree in trees.items()
            for folder in folders
        ),
        "bytes": "\n".join(
            f"{name} {path}: {str(tree.read(path))[:60]}" for name, tree in trees.items() for path in paths
        ),
        "refs": table(lambda ref: repository.has(ref), ("refs/heads/main", "refs/heads/none", "main", "refs/tags/v1")),
        "head": repository.head(),
    }
    compare("repository", found)
    assert repository.has_branches()
    assert NOTHING == "000000"
    git(tmp_path, "init", "-q", "-b", "trunk", "empty")
    empty = Repository(tmp_path / "empty")
    assert not empty.has_branches()
    assert empty.head() == "refs/heads/trunk"
    assert not empty.has("refs/heads/trunk")
    with pytest.raises(RepositoryError, match="cannot be read"):
        list(empty.commits("a", "b"))
    (tmp_path / "none").mkdir()
    with pytest.raises(RepositoryError, match="is in no Git repository"):
        Repository(tmp_path / "none")
    with pytest.raises(RepositoryError):
        Repository(tmp_path / "gone")
    exact = Repository(tmp_path / "work")
    (tmp_path / "work/exact").write_bytes(b"x" * MOST_BYTES)
    (tmp_path / "work/more").write_bytes(b"x" * (MOST_BYTES + 1))
    for name, is_read in (("exact", True), ("more", False)):
        blob = git(tmp_path / "work", "hash-object", "-w", name)
        assert (exact.blob(blob) is not None) is is_read
