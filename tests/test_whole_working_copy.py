"""What the checks of rights and the server for writing see of a Git repository, and what the server makes in it, word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from edit_session import git
from test_whole_site import compare
from test_whole_values import plain

from builder.content.decoding import MOST_BYTES
from builder.content.owners.git import Repository, RepositoryError
from builder.edit.git import Author, GitError, MovedError, WorkingCopy


def working_copy(root: Path, elsewhere: Path) -> str:
    """What the server for writing sees of a repository, in whose folder not all is committed, and what it makes there."""
    copy = WorkingCopy(root)
    git(root, "config", "user.name", "操作员")
    git(root, "config", "user.email", "op@example.org")
    head = copy.head()
    first, side = (git(root, "rev-parse", each).strip() for each in ("HEAD^^", "side"))
    (root / "content/a/x.md").write_text("by hand\n")
    (root / "content/a/new.md").write_text("not added\n")
    paths = [f"content/a/{name}" for name in ("x.md", "y.md", "new.md", "link.md", "just.yml")]
    plain_commits = [(each.name, each.committer, each.message) for each in copy.log(head)]
    rows: list[object] = [
        (copy.branch, copy.person()),
        [(each.path, each.size) for each in copy.files(head, "content")],
        [each.path for each in copy.files(head, "content/甲")],
        copy.files(head, "content/none"),
        {path: kind for path, (kind, _) in copy.top(head, "content").items()},
        [path for path in paths if copy.blob_at(head, path)],
        [copy.read(head, path) for path in ("content/甲/z.md", "content/none.md", "content/a/link.md")],
        (
            copy.blobs([]),
            list(copy.blobs([copy.blob_at(head, "content/甲/z.md") or ""]).values()),
            copy.blobs(["0" * 40, head]),
        ),
        plain_commits,
        [each.message for each in copy.log(head, most=2)],
        [each.message for each in copy.log(head, "content/a/y.md")],
        [
            sorted((path, bool(old), bool(new)) for path, (old, new) in copy.changed(*pair).items())
            for pair in ((first, head), (side, head), (head, head))
        ],
        [copy.is_ancestor(*pair) for pair in ((first, head), (head, first), (head, head))],
        copy.edited_by_hand(head, paths),
        (sorted(copy.branches("side")), copy.recover()),
    ]
    author, other = Author("甲", "a@example.org"), Author("乙", "b@example.org")
    changes = {
        "content/a/just.yml": None,
        "content/甲/z.md": b"four\n",
        "content/b/w.md": b"five\n",
        "content/a/x.md": b"six\n",
    }
    made = copy.make([head], changes, author, other, "made\n\nbody\n")
    rows.append([(each.name, each.email, each.committer, each.message) for each in copy.log(made, most=1)])
    for name, new, old in (
        ("edit/a/b", made, None),
        ("edit/a/b", first, head),
        ("edit/a/b", head, made),
        ("edit/a/b", None, made),
        ("edit/a/b", None, head),
    ):
        try:
            copy.set_branch(name, new, old)
            rows.append((name, sorted(copy.branches("edit"))))
        except MovedError:
            rows.append((name, "moved"))
    for _ in range(2):
        laid = copy.lay_out(
            made,
            {"content/a/x.md": "", "content/甲/z.md": copy.blob_at(head, "content/甲/z.md") or ""},
            elsewhere / "laid",
        )
        rows.append(
            (
                str(laid.relative_to(elsewhere)),
                sorted(str(file.relative_to(laid)) for file in laid.rglob("*.md")),
                (laid / "content/甲/z.md").read_text(),
            )
        )
        (elsewhere / "laid.index.lock").touch()
    copy.advance(head, made)
    rows.append(
        (
            copy.head() == made,
            git(root, "status", "--porcelain"),
            (root / "content/a/x.md").read_text(),
            (root / "content/b/w.md").read_text(),
        )
    )
    for ask in (
        lambda: copy.advance(head, made),
        lambda: copy.push("nowhere.git", made),
        lambda: copy.fetch("nowhere.git"),
    ):
        try:
            rows.append(ask())
        except MovedError:
            rows.append("moved")
        except GitError as error:
            rows.append((error.message, sorted(error.values)))
    git(root, "reset", "-q", "--hard", head)
    return "\n".join(map(plain, rows)).replace(made, "made")


@pytest.mark.slow
def test_a_repository_is_seen_as_it_always_was(tmp_path: Path) -> None:
    root = tmp_path / "top/inner"
    for path, text in {"a/x.md": "one\n", "a/y.md": "two\n", "甲/z.md": "three\n"}.items():
        (root / "content" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "content" / path).write_text(text)
    (root / "other.txt").write_text("four\n")
    top = tmp_path / "top"

    def asked(ask: Callable[[], object]) -> str:
        try:
            return plain(ask())
        except RepositoryError as error:
            return f"{error.message} {error.values}".replace(str(tmp_path), "TOP")

    told = [asked(lambda: Repository(root))]
    git(top, "init", "-q", "-b", "main")
    repository = Repository(root)
    told += [asked(ask) for ask in (repository.head, repository.has_branches, lambda: repository.commit("HEAD"))]
    names: dict[str, str] = {}

    def keep(name: str) -> None:
        git(top, "add", "-A")
        git(top, "-c", "user.name=a", "commit", "-qm", name)
        names[git(top, "rev-parse", "HEAD").strip()] = name

    keep("first")
    git(top, "checkout", "-qb", "side")
    (root / "content/a/y.md").unlink()
    (root / "content/a/large.yml").write_bytes(b"x" * (MOST_BYTES + 1))
    (root / "content/a/just.yml").write_bytes(b"x" * MOST_BYTES)
    keep("on the side")
    git(top, "checkout", "-q", "main")
    (top / "outside.txt").write_text("x")
    (root / "content/a/link.md").symlink_to("x.md")
    keep("on main")
    git(top, "merge", "-q", "--no-commit", "side")
    (root / "content/a/x.md").write_text("of the merge\n")
    keep("merged")
    told_of_copy = working_copy(root, tmp_path)
    git(top, "checkout", "-q", "--orphan", "alone")
    keep("alone")
    commit = {name: each for each, name in names.items()}
    first, side, main, both, alone = (commit[name] for name in ("first", "on the side", "on main", "merged", "alone"))
    large, just = (git(top, "rev-parse", f"side:inner/content/a/{name}.yml").strip() for name in ("large", "just"))
    told += [
        asked(ask)
        for ask in (
            repository.head,
            repository.has_branches,
            lambda: [repository.has(f"refs/heads/{name}") for name in ("main", "mai", "none")],
            lambda: repository.commit("none"),
            lambda: repository.commit("main") == both,
            lambda: [
                repository.is_ancestor(*pair) for pair in ((first, main), (main, first), (first, first), (first, alone))
            ],
            lambda: [
                names.get(repository.common(*pair), "none") for pair in ((side, main), (both, side), (both, alone))
            ],
            lambda: repository.changes(first, side),
            lambda: repository.changes(first, main),
            lambda: repository.changes(first, first),
            lambda: sorted(
                (names[each], [names[parent] for parent in parents])
                for each, parents in repository.commits(first, both)
            ),
            lambda: [each[:3] for each in repository.own_changes(both, (main, side))],
            lambda: [each[:3] for each in repository.own_changes(first, ())],
            lambda: [each[:3] for each in repository.own_changes(side, (first,))],
            lambda: [each[:2] for each in repository.listing(both)],
            lambda: (repository.blob(large), len(repository.blob(just) or b"")),
        )
    ]
    with pytest.raises(RepositoryError):
        repository.blob("0" * 40)
    text = "\n".join(told)
    for each, name in names.items():
        text = text.replace(each, name)
        told_of_copy = told_of_copy.replace(each, name)
    compare("working-copy", {"told": text, "working copy": told_of_copy})


@pytest.mark.skipif(sys.platform == "win32", reason="hides Git by the variable PATH")
def test_the_commit_that_is_checked_out_is_asked_of_git_only_where_no_file_says_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top, linked = tmp_path / "top", tmp_path / "linked"
    top.mkdir()
    with pytest.raises(GitError, match="is no Git working copy with a branch checked out"):
        WorkingCopy(top)
    git(top, "init", "-q", "-b", "main")
    with pytest.raises(GitError, match="Nothing is committed yet"):
        WorkingCopy(top).head()
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    assert WorkingCopy(top).person() == Author("editor", "editor@localhost"), "whom nobody has named"
    git(top, "commit", "-q", "--allow-empty", "-m", "first")
    git(top, "worktree", "add", "-q", "-b", "書/side", str(linked))
    git(linked, "commit", "-q", "--allow-empty", "-m", "on the side")
    first, side = (git(each, "rev-parse", "HEAD").strip() for each in (top, linked))
    copies = [WorkingCopy(top), WorkingCopy(linked)]
    with monkeypatch.context() as without:
        without.setenv("PATH", str(tmp_path))
        assert [each.head() for each in copies] == [first, side]
        with pytest.raises(GitError, match="Git is not installed"):
            WorkingCopy(top)
    with monkeypatch.context() as elsewhere:
        # As whatever Git has started is told of another repository.
        elsewhere.setenv("GIT_DIR", str(tmp_path / "elsewhere.git"))
        assert [each.path for each in WorkingCopy(top).files(first, "content")] == []
    git(top, "symbolic-ref", "refs/heads/other-name", "refs/heads/main")
    git(top, "symbolic-ref", "HEAD", "refs/heads/other-name")
    assert copies[0].head() == first
    git(top, "pack-refs", "--all")
    assert [each.head() for each in copies] == [first, side]
    git(top, "checkout", "-q", "--detach", side)
    assert copies[0].head() == side
