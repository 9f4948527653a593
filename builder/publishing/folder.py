"""A folder of this machine: releases beside each other, and ``current``, a symbolic link that is replaced in one step."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from builder.messages.translation import N_
from builder.publishing.listing import Listing, Source, read_bytes, read_listing
from builder.publishing.plan import Plan, steps
from builder.publishing.releases import Release, TargetError, read_release

_NEW = ".new"


class FolderDestination:
    """The folder ``root`` with its ``releases``, of which the newest ``keep`` stay."""

    def __init__(self, root: Path, keep: int) -> None:
        self.root, self._keep = root, keep
        self._releases, self.current = root / "releases", root / "current"

    def listing(self, known: Listing) -> Listing:
        """See Destination."""
        if self.root.is_dir() and not self._releases.is_dir() and any(self.root.iterdir()):
            raise TargetError(
                N_(
                    "{folder} contains files that were not published by this command. Choose another folder, or empty this one."
                ),
                folder=self.root,
            )
        if self.current.exists() and not self.current.is_symlink():
            raise TargetError(N_("{folder} is no release. Remove it, and publish again."), folder=self.current)
        return read_listing(lambda path: read_bytes(self.current / path), known) or Listing()

    def history(self) -> Sequence[Release]:
        """See Destination."""
        shown = self.current.readlink().name if self.current.is_symlink() else ""
        found: list[Release] = []
        for file in self._releases.glob("*.json"):
            content = read_bytes(file)
            if content is not None and (self._releases / file.stem).is_dir():
                release = read_release(content, current=file.stem == shown)
                found += [release] if release is not None else []
        return sorted(found, key=lambda release: release.number)

    def publish(self, source: Source, plan: Plan, release: Release) -> None:
        """See Destination."""
        try:
            self._publish(source, plan, release)
        except OSError as error:
            raise _unusable(self.root, error) from error

    def _publish(self, source: Source, plan: Plan, release: Release) -> None:
        self._releases.mkdir(parents=True, exist_ok=True)
        new = self._releases / _NEW
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o755)
        old = self.current.resolve() if self.current.exists() else None
        sent = set(plan.sent)
        for path in (each for group in steps(source.listing.files) for each in group):
            if path in sent or old is None or not _link(old / path, new / path, source.folder / path):
                _write(new / path, source.read(path))
        if old is not None:
            for path in plan.carried:
                _link(old / path, new / path)
        stored = msgspec.json.encode(msgspec.structs.replace(release, current=False))
        name = f"{release.number:06d}"
        shutil.rmtree(self._releases / name, ignore_errors=True)
        _write(self._releases / f"{name}.json", stored)
        new.rename(self._releases / name)
        self._show(name)
        self._prune()

    def roll_back(self, release: Release) -> None:
        """See Destination."""
        try:
            self._show(f"{release.number:06d}")
        except OSError as error:
            raise _unusable(self.root, error) from error

    def folder_of(self, release: Release) -> Path:
        """Returns the folder of a release."""
        return self._releases / f"{release.number:06d}"

    def _show(self, name: str) -> None:
        beside = self.root / "current.new"
        beside.unlink(missing_ok=True)
        beside.symlink_to(f"releases/{name}")
        beside.replace(self.current)

    def _prune(self) -> None:
        # The current one is the newest.
        for release in self.history()[: -self._keep]:
            (self._releases / f"{release.number:06d}.json").unlink(missing_ok=True)
        known = {f"{release.number:06d}" for release in self.history()}
        for entry in self._strays(known):
            shutil.rmtree(entry, ignore_errors=True)

    def _strays(self, known: Iterable[str]) -> list[Path]:
        names = set(known)
        return [entry for entry in self._releases.iterdir() if entry.is_dir() and entry.name not in names]


def _link(old: Path, new: Path, like: Path | None = None) -> bool:
    """Puts the file ``old`` at ``new`` without a copy; false if there is none, or none of the size of ``like``."""
    try:
        if like is not None and old.stat().st_size != like.stat().st_size:
            return False
        new.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(old, new)
        except OSError:
            shutil.copy2(old, new)
    except OSError:
        return False
    return True


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def _unusable(place: Path, error: OSError) -> TargetError:
    return TargetError(
        N_("{file} cannot be used: {reason}."), file=error.filename or place, reason=error.strerror or error
    )
