"""A Git repository as the checks see it: states, and what commits change. Nothing of it is configured by whom it checks.

Object names are read as they are (no ``refs/replace``), paths as bytes (no quoting), renames as a deletion and an addition.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from builder.content.decoding import MOST_BYTES
from builder.content.owners.tree import Kind
from builder.messages.translation import N_

_SECONDS = 600
_REGULAR = frozenset(("100644", "100755"))
_NOTHING = "0" * 6
_FAILED = N_("The repository cannot be read: {reason}")


class RepositoryError(Exception):
    """There is no Git, no repository, or no such revision: an English msgid, and what fills its ``{names}``."""

    def __init__(self, message: str, **values: str) -> None:
        self.message = message
        self.values = values


class Change(NamedTuple):
    """A path under the root that a commit changes, its modes before and after (six digits; zeros for nothing), and that commit;
    paths outside the root begin with ``../``."""

    path: str
    before: str
    after: str
    commit: str = ""


class Repository:
    """The repository that holds a root folder, or a bare one, whose root is its top."""

    def __init__(self, root: Path) -> None:
        self._root = root
        if self._ask("rev-parse", "--git-dir").returncode:
            raise RepositoryError(N_("{folder} is in no Git repository."), folder=str(root))
        self._prefix = self._run("rev-parse", "--show-prefix").decode("utf-8", "surrogateescape").rstrip("\n")

    def commit(self, revision: str) -> str:
        """Returns the name of a revision's commit. Raises RepositoryError."""
        done = self._ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if done.returncode:
            raise RepositoryError(N_("The repository has no revision “{revision}”."), revision=revision)
        return done.stdout.decode().strip()

    def tree(self, commit: str) -> GitTree:
        """Returns the state of the root folder at a commit."""
        return GitTree(self, commit)

    def is_ancestor(self, old: str, new: str) -> bool:
        """Tells whether the history of ``new`` goes on from ``old``."""
        return self._ask("merge-base", "--is-ancestor", old, new).returncode == 0

    def common(self, one: str, other: str) -> str:
        """Returns the commit from which two went apart; "" if there is none."""
        return self._ask("merge-base", one, other).stdout.decode().strip()

    def changes(self, old: str, new: str) -> tuple[Change, ...]:
        """Returns every path that differs between two commits."""
        return tuple(self._diff(old, new, ""))

    def commits(self, old: str, new: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yields the commits that ``new`` has and ``old`` has not, with the parents of each, the first one first."""
        for line in (
            self._run("rev-list", "--reverse", "--topo-order", "--parents", new, f"^{old}").decode().splitlines()
        ):
            commit, *parents = line.split()
            yield commit, tuple(parents)

    def own_changes(self, commit: str, parents: tuple[str, ...]) -> tuple[Change, ...]:
        """Returns the paths that a commit changes itself: of a merge, those that are as in none of its parents."""
        if not parents:
            return tuple(self._diff(self._empty, commit, commit))
        first, *others = (tuple(self._diff(parent, commit, commit)) for parent in parents)
        in_all = [frozenset(each.path for each in changes) for changes in others]
        return tuple(each for each in first if all(each.path in paths for paths in in_all))

    def head(self) -> str:
        """Returns the full name of the branch that HEAD names, whether or not it is there."""
        return self._ask("symbolic-ref", "--quiet", "HEAD").stdout.decode("utf-8", "replace").strip()

    def has(self, ref: str) -> bool:
        """Tells whether there is a ref of that full name."""
        return self._ask("show-ref", "--verify", "--quiet", ref).returncode == 0

    def has_branches(self) -> bool:
        """Tells whether the repository has any branch yet."""
        return bool(self._run("for-each-ref", "--count=1", "refs/heads").strip())

    @cached_property
    def _empty(self) -> str:
        # The empty tree has another name in a repository of SHA-256 names.
        return self._run("hash-object", "-t", "tree", "--stdin").decode().strip()

    def _diff(self, old: str, new: str, commit: str) -> Iterator[Change]:
        options = ("-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--no-ext-diff", "--ignore-submodules=none")
        told = self._run("diff-tree", *options, old, new).split(b"\0")
        for head, path in zip(told[0::2], told[1::2], strict=False):
            before, after, *_ = head.decode().lstrip(":").split()
            yield Change(self._below(path.decode("utf-8", "surrogateescape")), before, after, commit)

    def _below(self, path: str) -> str:
        return path[len(self._prefix) :] if path.startswith(self._prefix) else f"../{path}"

    def listing(self, commit: str) -> Iterator[tuple[str, str, str]]:
        """Yields path, mode and object of everything below content/ at a commit."""
        told = self._run("ls-tree", "-r", "-z", "--full-tree", commit, "--", f"{self._prefix}content/")
        for line in told.split(b"\0"):
            head, _, path = line.partition(b"\t")
            if path:
                mode, _, name = head.decode().split()
                yield self._below(path.decode("utf-8", "surrogateescape")), mode, name

    def blob(self, name: str) -> bytes | None:
        """Returns the bytes of an object, None if it is larger than settings may be."""
        if int(self._run("cat-file", "-s", name)) > MOST_BYTES:
            return None
        return self._run("cat-file", "blob", name)

    def _run(self, *arguments: str) -> bytes:
        done = self._ask(*arguments)
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise RepositoryError(_FAILED, reason=said[-1] if said else f"git {arguments[0]}")
        return done.stdout

    def _ask(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = ["git", "--no-replace-objects", "--literal-pathspecs", "-C", str(self._root), *arguments]
        try:
            return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=_SECONDS)
        except FileNotFoundError as error:
            raise RepositoryError(N_("Git is not installed.")) from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RepositoryError(_FAILED, reason=str(error)) from error


class GitTree:
    """The state of the root folder at a commit."""

    def __init__(self, repository: Repository, commit: str) -> None:
        self._repository = repository
        self._commit = commit

    def names(self, folder: str) -> Mapping[str, Kind]:
        """Returns the names in a folder."""
        return self._folders.get(folder, {})

    def read(self, path: str) -> bytes | None:
        """Returns the bytes of a file."""
        mode, name = self._files.get(path, ("", ""))
        return self._repository.blob(name) if mode in _REGULAR else None

    @cached_property
    def _files(self) -> Mapping[str, tuple[str, str]]:
        return {path: (mode, name) for path, mode, name in self._repository.listing(self._commit)}

    @cached_property
    def _folders(self) -> Mapping[str, Mapping[str, Kind]]:
        found: dict[str, dict[str, Kind]] = {}
        for path, (mode, _) in self._files.items():
            folder, _, name = path.rpartition("/")
            found.setdefault(folder, {})[name] = "file" if mode in _REGULAR else "other"
            while folder and "/" in folder:
                folder, _, name = folder.rpartition("/")
                found.setdefault(folder, {})[name] = "folder"
        return found


NOTHING = _NOTHING
"""The mode of what is not there."""
