"""A branch of a Git repository that a host serves as a website (Pages): one commit a release, pushed whole or not at all."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from builder.messages.translation import N_
from builder.publishing.commands import run
from builder.publishing.listing import Listing, Source, read_listing
from builder.publishing.plan import Plan
from builder.publishing.releases import Release, TargetError, read_release

_MARK = "Branchpress-Release: "
_NAME = "Branchpress"


class GitDestination:
    """The ``branch`` at the address ``remote``; what is fetched of it lies in ``folder``. ``domain`` is the website's own,
    if any."""

    def __init__(self, remote: str, branch: str, keep: int, folder: Path, domain: str = "") -> None:
        if remote.startswith("-") or not re.fullmatch(r"[\w][\w./-]*", branch, re.ASCII) or ".." in branch:
            raise TargetError(
                N_("“{place}” is not a repository, or “{branch}” not a branch."), place=remote, branch=branch
            )
        self._remote, self._branch, self._keep = remote, branch, keep
        self._folder, self._domain = folder, domain
        self._base = ""

    def listing(self, known: Listing) -> Listing:
        """See Destination."""
        self._fetch()
        if not self._base:
            return Listing()
        return read_listing(self._read, known) or Listing()

    def history(self) -> Sequence[Release]:
        """See Destination."""
        self._fetch()
        if not self._base:
            return []
        found: list[Release] = []
        for body in self._git("log", "--format=%B%x00", f"--max-count={self._keep}", self._base).split(b"\0"):
            line = next((line for line in body.decode("utf-8", "replace").splitlines() if line.startswith(_MARK)), "")
            release = read_release(line.removeprefix(_MARK), current=not found)
            found += [release] if release is not None else []
        return found[::-1]

    def publish(self, source: Source, plan: Plan, release: Release) -> None:
        """See Destination."""
        index = self._folder / "publish.index"
        index.unlink(missing_ok=True)
        environment = {"GIT_INDEX_FILE": str(index.absolute())}
        if self._base:
            self._git("read-tree", self._base, environment=environment)
        blobs = self._blobs(source, plan.sent)
        for path, content in self._own_files().items():
            blobs[path] = self._git("hash-object", "-w", "--stdin", data=content).decode().strip()
        lines = [f"0 {'0' * 40}\t{path}" for path in plan.removed]
        lines += [f"100644 {blob}\t{path}" for path, blob in blobs.items()]
        data = "".join(f"{line}\0" for line in lines).encode()
        self._git("update-index", "-z", "--index-info", data=data, environment=environment)
        tree = self._git("write-tree", environment=environment).decode().strip()
        index.unlink(missing_ok=True)
        self._commit(tree, release)

    def roll_back(self, release: Release) -> None:
        """See Destination."""
        tree = ""
        for commit in self._git("log", "--format=%H", f"--max-count={self._keep}", self._base).decode().split():
            body = self._git("log", "-1", "--format=%B", commit).decode("utf-8", "replace")
            if f'{_MARK}{{"number":{release.number},' in body:
                tree = self._git("rev-parse", f"{commit}^{{tree}}").decode().strip()
        if not tree:
            raise TargetError(N_("There is no release {number}."), number=release.number)
        self._commit(tree, release)

    def _commit(self, tree: str, release: Release) -> None:
        stored = msgspec.json.encode(msgspec.structs.replace(release, current=False)).decode()
        message = f"Release {release.number}\n\n{_MARK}{stored}\n".encode()
        parents = ("-p", self._base) if self._base else ()
        who = {
            name: value
            for role in ("AUTHOR", "COMMITTER")
            for name, value in ((f"GIT_{role}_NAME", _NAME), (f"GIT_{role}_EMAIL", "branchpress@localhost"))
        }
        commit = self._git("commit-tree", tree, *parents, data=message, environment=who).decode().strip()
        lease = f"--force-with-lease=refs/heads/{self._branch}:{self._base}"
        self._git("push", "--quiet", lease, "--", self._remote, f"{commit}:refs/heads/{self._branch}")
        self._base = commit

    def _own_files(self) -> dict[str, bytes]:
        """Returns what hosts of pages want besides: nothing is to be left out that begins with a line or a dot."""
        return {".nojekyll": b"", **({"CNAME": f"{self._domain}\n".encode()} if self._domain else {})}

    def _blobs(self, source: Source, paths: Sequence[str]) -> dict[str, str]:
        for path in paths:
            source.read(path)
        listed = [path for path in paths if "\n" not in path]
        data = "".join(f"{(source.folder / path).absolute()}\n" for path in listed).encode()
        hashes = self._git("hash-object", "-w", "--no-filters", "--stdin-paths", data=data).decode().split()
        return dict(zip(listed, hashes, strict=True))

    def _fetch(self) -> None:
        if not (self._folder / "HEAD").is_file():
            self._folder.mkdir(parents=True, exist_ok=True)
            run(["git", "init", "--quiet", "--bare", "--", str(self._folder)])
        heads = self._git("ls-remote", "--heads", "--", self._remote, f"refs/heads/{self._branch}").decode().split()
        self._base = heads[0] if heads else ""
        if self._base:
            self._git("fetch", "--quiet", f"--depth={self._keep}", "--", self._remote, f"refs/heads/{self._branch}")

    def _read(self, path: str) -> bytes | None:
        try:
            return self._git("cat-file", "blob", f"{self._base}:{path}")
        except TargetError:
            return None

    def _git(self, *arguments: str, data: bytes = b"", environment: dict[str, str] | None = None) -> bytes:
        safe = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        return run(
            ["git", f"--git-dir={self._folder}", *arguments], data, {**os.environ, **safe, **(environment or {})}
        )
