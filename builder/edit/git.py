"""A Git working copy: states of the content as they are committed, new commits, branches of proposals.

A commit is whole or not there. What belongs to it is written down before the branch moves and until every file and the index
hold it, so that after a kill :meth:`WorkingCopy.recover` finishes what had begun (the files then show the commit, or nothing
has happened). Nothing here runs hooks or reads a person's own settings of Git.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from builder.messages.translation import N_
from builder.model.reading import read_file
from builder.model.struct import Struct

_ELSEWHERE = frozenset(
    "GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_COMMON_DIR GIT_NAMESPACE "
    "GIT_PREFIX GIT_LITERAL_PATHSPECS GIT_AUTHOR_DATE GIT_COMMITTER_DATE".split()
)
"""Variables that would make Git work in another place, as it does where a hook started this process."""
_REGULAR = ("100644", "100755")
_MOST_FILE = 200_000_000
_SECONDS = 120
_MOST_DIFFERENCES = 5_000
_MOST_FOLDERS = 20
_MOST_REF = 1_000
_BRANCH = re.compile(rb"ref: (refs/heads/.+)\n")
_ID = re.compile(rb"([0-9a-f]{40}(?:[0-9a-f]{24})?)\n")


class GitError(Exception):
    """The working copy cannot be used; ``message`` is an English msgid, ``values`` fill its names."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


class MovedError(Exception):
    """The branch is no longer where a commit was made on top of."""


class Author(Struct, frozen=True):
    """The person that a commit names."""

    name: str
    email: str


class TreeFile(NamedTuple):
    """A file in a commit: its path under the root, its blob, and its size in bytes."""

    path: str
    blob: str
    size: int


class Commit(NamedTuple):
    """One commit: its id, the author's name and e-mail address, the committer's name, the time as ISO 8601, and the whole
    message."""

    id: str
    name: str
    email: str
    committer: str
    time: str
    message: str


class WorkingCopy:
    """The Git working copy that a root folder is, or lies in."""

    def __init__(self, root: Path) -> None:
        """Raises GitError where ``root`` lies in no working copy, or no branch is checked out."""
        self.root = root.resolve()
        self._lock = threading.Lock()
        # Of two commits, which never change; a proposal is asked for again and again.
        self._difference = lru_cache(_MOST_DIFFERENCES)(self._read_difference)
        self._listed = lru_cache(_MOST_FOLDERS)(self._read_files)
        try:
            self._prefix = self._git("rev-parse", "--show-prefix").decode().rstrip("\n")
            self._folder = Path(self._git("rev-parse", "--absolute-git-dir").decode().rstrip("\n"))
            # Of a linked working tree that is elsewhere; branches are there.
            self._common = self.root / self._git("rev-parse", "--git-common-dir").decode().rstrip("\n")
            self.branch = self._git("symbolic-ref", "--quiet", "--short", "HEAD").decode().strip()
            form = self._git("rev-parse", "--show-object-format").decode().strip()
        except FileNotFoundError as error:
            raise GitError(N_("Git is not installed.")) from error
        except subprocess.CalledProcessError as error:
            message = N_(
                "{root} is no Git working copy with a branch checked out; run “git init”, commit content/, and try again."
            )
            raise GitError(message, root=self.root) from error
        self._top = self.root if not self._prefix else Path(str(self.root)[: -len(self._prefix)] or "/")
        self._notes = self._folder / "branchpress"
        self._digest: Any = hashlib.sha256 if form == "sha256" else hashlib.sha1
        self._nobody = "0" * (64 if form == "sha256" else 40)

    # What is committed.

    def head(self) -> str:
        """Returns the id of the commit that is checked out. Raises GitError before the first one."""
        found = self._loose_head()
        if found is not None:
            return found
        try:
            return self._git("rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
        except subprocess.CalledProcessError as error:
            raise GitError(N_("Nothing is committed yet; commit content/ first.")) from error

    def _loose_head(self) -> str | None:
        """Returns the commit that is checked out where two files say it, which is asked several times a request; None where Git
        keeps branches in another way or packed them, or a branch is another name of one."""
        try:
            branch = _BRANCH.fullmatch(read_file(self._folder / "HEAD", _MOST_REF))
            if branch is None:
                return None
            commit = _ID.fullmatch(read_file(self._common / os.fsdecode(branch[1]), _MOST_REF))
        except OSError:
            return None
        return commit[1].decode() if commit is not None else None

    def files(self, commit: str, folder: str) -> tuple[TreeFile, ...]:
        """Returns the regular files below a folder of a commit, by path. Links and submodules are left out."""
        return self._listed(commit, folder)

    def _read_files(self, commit: str, folder: str) -> tuple[TreeFile, ...]:
        listed = self._git(
            "ls-tree", "-r", "-z", "-l", "--full-tree", commit, "--", f":(literal){self._prefix}{folder}/"
        )
        found: list[TreeFile] = []
        for row in listed.decode("utf-8", "surrogateescape").split("\0"):
            meta, _, path = row.partition("\t")
            mode, kind, blob, size = meta.split() if path else ("", "", "", "")
            if kind == "blob" and mode in _REGULAR:
                found.append(TreeFile(path.removeprefix(self._prefix), blob, int(size)))
        return tuple(found)

    def top(self, commit: str, folder: str) -> dict[str, tuple[Literal["file", "folder", "other"], str]]:
        """Returns what lies in a folder of a commit and in the folders there, by path, each with its blob: all at once, for an
        organization may have thousands of them."""
        listed = self._git(
            "ls-tree", "-r", "-t", "-z", "--full-tree", commit, "--", f":(literal){self._prefix}{folder}/"
        )
        found: dict[str, tuple[Literal["file", "folder", "other"], str]] = {}
        deepest = f"{self._prefix}{folder}".count("/") + 2
        for row in listed.decode("utf-8", "surrogateescape").split("\0"):
            if row and row.count("/") <= deepest:
                meta, _, path = row.partition("\t")
                mode, kind, blob = meta.split()
                what: Literal["file", "folder", "other"] = "folder" if kind == "tree" else "other"
                found[path.removeprefix(self._prefix)] = ("file" if mode in _REGULAR else what, blob)
        return found

    def blob_at(self, commit: str, path: str) -> str | None:
        """Returns the blob of a regular file in a commit; None if there is none."""
        return self._blobs_at(commit, [path]).get(path)

    def _blobs_at(self, commit: str, paths: Sequence[str]) -> dict[str, str]:
        literal = (f":(literal){self._prefix}{path}" for path in paths)
        listed = self._git("ls-tree", "-z", "--full-tree", commit, "--", *literal).decode("utf-8", "surrogateescape")
        rows = (row.partition("\t") for row in listed.split("\0") if row.startswith(_REGULAR))
        return {path.removeprefix(self._prefix): meta.split()[2] for meta, _, path in rows}

    def blobs(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Returns the contents of blobs by their ids."""
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return {}
        answer = self._git("cat-file", "--batch", given="".join(f"{each}\n" for each in wanted).encode())
        found: dict[str, bytes] = {}
        at = 0
        for each in wanted:
            end = answer.index(b"\n", at)
            head = answer[at:end].split()
            at = end + 1
            if len(head) == 3 and head[1] == b"blob":
                size = int(head[2])
                found[each] = answer[at : at + size]
                at += size + 1
        return found

    def read(self, commit: str, path: str) -> bytes | None:
        """Returns the bytes of a regular file in a commit; None if there is none."""
        blob = self.blob_at(commit, path)
        return self.blobs([blob]).get(blob) if blob is not None else None

    def log(self, start: str, path: str = "", most: int = 50) -> tuple[Commit, ...]:
        """Returns the commits that lead to one, the newest first; those that changed ``path`` if it is given."""
        form = "--format=%H%x00%an%x00%ae%x00%cn%x00%aI%x00%B%x01"
        where = ("--", f":(literal,top){self._prefix}{path}") if path else ()
        listed = self._git("log", f"-{most}", form, "--end-of-options", start, *where).decode("utf-8", "replace")
        rows = (row.strip("\n").split("\0") for row in listed.split("\1") if row.strip("\n"))
        return tuple(Commit(*row[:5], row[5].strip()) for row in rows if len(row) == 6)  # type: ignore[call-arg]

    def changed(self, old: str, new: str) -> dict[str, tuple[str, str]]:
        """Returns the paths under the root that differ between two commits, each with its blobs, "" where there is none."""
        return dict(self._difference(old, new))

    def _read_difference(self, old: str, new: str) -> Mapping[str, tuple[str, str]]:
        row = self._git("diff-tree", "-r", "-z", "--no-renames", "--raw", old, new).decode("utf-8", "surrogateescape")
        parts = row.split("\0")
        found: dict[str, tuple[str, str]] = {}
        for meta, path in zip(parts[::2], parts[1::2], strict=False):
            _, _, before, after, _ = meta.split()
            if path.startswith(self._prefix):
                found[path.removeprefix(self._prefix)] = (before.strip("0") and before, after.strip("0") and after)
        return found

    def is_ancestor(self, old: str, new: str) -> bool:
        """Tells whether one commit leads to another."""
        try:
            self._git("merge-base", "--is-ancestor", old, new)
        except subprocess.CalledProcessError:
            return False
        return True

    # New commits.

    def make(
        self,
        parents: Sequence[str],
        changes: Mapping[str, bytes | None],
        author: Author,
        committer: Author,
        message: str,
    ) -> str:
        """Makes a commit on top of the first of ``parents`` with other bytes for some paths (None: gone), and returns its id.
        No branch has it yet."""
        rows: dict[str, str] = {}
        for path, content in changes.items():
            rows[path] = (
                "" if content is None else self._git("hash-object", "-w", "--stdin", given=content).decode().strip()
            )
        tree = self._tree(parents[0], rows)
        who = {
            "GIT_AUTHOR_NAME": author.name,
            "GIT_AUTHOR_EMAIL": author.email,
            "GIT_COMMITTER_NAME": committer.name,
            "GIT_COMMITTER_EMAIL": committer.email,
        }
        above = [part for parent in parents for part in ("-p", parent)]
        made = self._git("commit-tree", tree, *above, given=message.encode(), extra=who)
        return made.decode().strip()

    def _tree(self, commit: str, blobs: Mapping[str, str]) -> str:
        """Makes the tree of a commit with other blobs for some paths ("": gone), and returns its id."""
        self._notes.mkdir(exist_ok=True)
        index = self._notes / f"index-{threading.get_ident()}"
        own = {"GIT_INDEX_FILE": str(index)}
        listed = "".join(
            f"{'100644' if blob else '0'} {blob or self._nobody}\t{self._prefix}{path}\0"
            for path, blob in blobs.items()
        )
        try:
            self._git("read-tree", commit, extra=own)
            self._git("update-index", "-z", "--index-info", given=listed.encode("utf-8", "surrogateescape"), extra=own)
            return self._git("write-tree", extra=own).decode().strip()
        finally:
            index.unlink(missing_ok=True)

    def lay_out(self, commit: str, blobs: Mapping[str, str], folder: Path) -> Path:
        """Brings another folder to the state of a commit with other blobs for some paths, and returns the root in it. Only files
        that differ from the last time are written."""
        index = folder.with_name(f"{folder.name}.index")
        index.with_name(f"{index.name}.lock").unlink(missing_ok=True)
        if not folder.is_dir():
            index.unlink(missing_ok=True)
        folder.mkdir(parents=True, exist_ok=True)
        place = {
            "GIT_INDEX_FILE": str(index.absolute()),
            "GIT_DIR": str(self._folder),
            "GIT_WORK_TREE": str(folder.absolute()),
        }
        self._git("read-tree", "--reset", "-u", self._tree(commit, blobs), extra=place, at=folder)
        return folder / self._prefix

    def edited_by_hand(self, commit: str, paths: Sequence[str]) -> list[str]:
        """Returns those of the paths whose file in the working copy is not that of a commit."""
        committed = self._blobs_at(commit, paths)
        return [path for path in paths if self._on_disk(path) != committed.get(path, "")]

    def advance(self, old: str, new: str) -> None:
        """Moves the branch that is checked out from one commit to another, with the files and the index. Files that somebody
        changed by hand stay as they are. Raises MovedError if the branch is elsewhere meanwhile."""
        with self._lock:
            changes = self.changed(old, new)
            note = {"old": old, "new": new}
            self._write_note(note)
            try:
                self._git("update-ref", "-m", "branchpress edit", f"refs/heads/{self.branch}", new, old)
            except subprocess.CalledProcessError as error:
                self._note.unlink(missing_ok=True)
                raise MovedError from error
            self._bring(changes)
            self._note.unlink(missing_ok=True)

    def recover(self) -> bool:
        """Finishes what a killed process had begun; returns True if there was something."""
        try:
            note = json.loads(read_file(self._note, 1000))
        except (OSError, ValueError):
            return False
        with self._lock:
            for lost in (*self._notes.glob("index-*"), *self._notes.glob("new-*"), *self._folder.glob("index.lock")):
                lost.unlink(missing_ok=True)
            if self.head() == note["new"]:
                self._bring(self.changed(note["old"], note["new"]))
            self._note.unlink(missing_ok=True)
        return True

    def set_branch(self, name: str, new: str | None, old: str | None) -> None:
        """Moves, makes (``old`` is None) or removes (``new`` is None) another branch. Raises MovedError if it is elsewhere."""
        ref, before = f"refs/heads/{name}", old or self._nobody
        try:
            if new is None:
                self._git("update-ref", "-d", ref, before)
            else:
                self._git("update-ref", "-m", "branchpress edit", ref, new, before)
        except subprocess.CalledProcessError as error:
            raise MovedError from error

    def branches(self, folder: str) -> dict[str, str]:
        """Returns the branches whose name begins with a folder, with their commits."""
        listed = self._git("for-each-ref", "--format=%(refname)%00%(objectname)", f"refs/heads/{folder}/").decode()
        rows = (row.partition("\0") for row in listed.splitlines())
        return {name.removeprefix("refs/heads/"): commit for name, _, commit in rows}

    # Another repository.

    def push(self, remote: str, commit: str) -> bool:
        """Makes a commit the branch's in another repository, too; False if that has one which is not below it. Raises
        GitError where it cannot be reached."""
        try:
            self._git("push", "--porcelain", "--no-verify", "--", remote, f"{commit}:refs/heads/{self.branch}")
        except subprocess.CalledProcessError as error:
            if b"[rejected]" in error.stdout or b"[remote rejected]" in error.stdout:
                return False
            raise _unreachable(remote, error) from error
        return True

    def fetch(self, remote: str) -> str:
        """Returns the commit of the branch in another repository, after fetching it. Raises GitError."""
        try:
            self._git("fetch", "--quiet", "--no-tags", "--", remote, f"refs/heads/{self.branch}")
            return self._git("rev-parse", "FETCH_HEAD").decode().strip()
        except subprocess.CalledProcessError as error:
            raise _unreachable(remote, error) from error

    def person(self) -> Author:
        """Returns the person that Git's own settings name; this machine's user where they name nobody."""
        found = {}
        for key in ("user.name", "user.email"):
            try:
                found[key] = self._git("config", "--get", key).decode().strip()
            except subprocess.CalledProcessError:
                found[key] = ""
        return Author(found["user.name"] or "editor", found["user.email"] or "editor@localhost")

    # The files of the working copy.

    @property
    def _note(self) -> Path:
        return self._notes / "moving.json"

    def _write_note(self, note: Mapping[str, str]) -> None:
        self._notes.mkdir(exist_ok=True)
        beside = self._note.with_suffix(".new")
        with beside.open("w", encoding="utf-8", newline="\n") as stream:
            json.dump(note, stream)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(self._note)

    def _bring(self, changes: Mapping[str, tuple[str, str]]) -> None:
        """Brings files from their old blobs to their new ones; those that hold neither were changed by hand and stay, and those
        that hold the new one have it already."""
        contents = self.blobs(new for _, new in changes.values() if new)
        for path, (old, new) in changes.items():
            now = self._on_disk(path)
            if now not in ("", old):
                continue
            if new:
                self._write(path, contents[new])
            elif not new and now:
                self._remove(path)
        listed = "".join(f"{self._prefix}{path}\0" for path in changes).encode("utf-8", "surrogateescape")
        self._git("update-index", "--add", "--remove", "-z", "--stdin", given=listed, at=self._top)

    def _on_disk(self, path: str) -> str:
        """Returns the blob that a file of the working copy would be; "" where there is none."""
        try:
            content = read_file(self.root / path, _MOST_FILE)
        except OSError:
            return ""
        return str(self._digest(b"blob %d\0" % len(content) + content).hexdigest())

    def _write(self, path: str, content: bytes) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.parent.resolve().is_relative_to(self.root):
            raise GitError(N_("{path} leads out of the working copy."), path=path)
        beside = self._notes / f"new-{threading.get_ident()}"
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            beside.replace(file)
        except OSError:
            # The repository's own folder may be on another file system.
            near = file.with_name(f".{file.name}.new")
            near.write_bytes(content)
            near.replace(file)
            beside.unlink(missing_ok=True)

    def _remove(self, path: str) -> None:
        file = self.root / path
        file.unlink(missing_ok=True)
        for folder in file.parents:
            if folder == self.root or not _is_empty(folder):
                break
            folder.rmdir()

    def _git(
        self,
        *arguments: str,
        given: bytes | None = None,
        extra: Mapping[str, str] | None = None,
        at: Path | None = None,
    ) -> bytes:
        kept = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
        environment = kept | {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C.UTF-8"} | dict(extra or {})
        done = subprocess.run(
            ["git", "-c", "core.quotepath=off", "-c", "core.hooksPath=/dev/null", *arguments],
            cwd=at or self.root,
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            env=environment,
            timeout=_SECONDS,
            check=True,
        )
        return done.stdout


def _is_empty(folder: Path) -> bool:
    with os.scandir(folder) as entries:
        return next(entries, None) is None


def _unreachable(remote: str, error: subprocess.CalledProcessError) -> GitError:
    lines = [line for line in error.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return GitError(
        N_("The repository {remote} cannot be reached: {reason}"), remote=remote, reason=lines[-1] if lines else ""
    )
