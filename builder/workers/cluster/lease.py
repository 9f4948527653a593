"""The lease: a folder in the state by which workers of a cluster know that they see what the build sees, and that it lives."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import secrets
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from builder.model.shipped import theme_folder
from builder.model.version import code_version
from builder.workers.cluster.worker import BUILD

_CONTENT, _ORGANIZATION = "content", "content/organization.yml"


class Sight(NamedTuple):
    """The view that a process has of a build: hashes of the names in content and theme (the place of a theme that comes with the
    program), the folder of the output, the mark in the lease with the hash of organization.yml, whether the lease counts as
    locked there, and the version of the program."""

    content: str
    theme: str
    output: str
    mark: str
    locked: bool
    version: str

    def differs(self, other: Sight | None) -> str:
        """Returns the kind of trouble that there is if another process sees ``other``; empty if it sees the same."""
        if other is None:
            return "unseen"
        if other.version != self.version:
            return "version"
        return "" if other == self else "unshared"


def look(root: str, output: str, folder: str) -> Sight:
    """Returns what this process sees of a build's folders."""
    try:
        with Path(folder, BUILD).open("r+b") as build:
            mark = build.read().decode()
            try:
                fcntl.flock(build, fcntl.LOCK_SH | fcntl.LOCK_NB)
                locked = False
            except BlockingIOError:
                locked = True
    except OSError:
        mark, locked = "", False
    organization = Path(root, _ORGANIZATION)
    with contextlib.suppress(OSError):
        mark += hashlib.sha256(organization.read_bytes()).hexdigest()
    # The output may not be there yet: what it will lie in is.
    above = next((place for place in (Path(output), *Path(output).parents) if place.is_dir()), Path("/"))
    version = f"{code_version()} {sys.version_info.major}.{sys.version_info.minor}"
    theme = "".join(_names(place) for place in (Path(root, "theme"), Path(root, "theme/partials")))
    # The one that comes with the program is read where the build has it.
    theme = theme or os.fspath(theme_folder(Path(root)))
    return Sight(_names(Path(root, _CONTENT)), theme, f"{above} {above.stat().st_ino}", mark, locked, version)


def _names(folder: Path) -> str:
    """Returns a hash of the names in a folder and of its number in its file system, which all machines have from there."""
    try:
        names = sorted(entry.name for entry in os.scandir(folder))
        return hashlib.sha256(
            "\0".join([str(folder.stat().st_ino), *names]).encode("utf-8", "surrogatepass")
        ).hexdigest()
    except OSError:
        return ""


class Lease:
    """A lease that this process holds until it is released or has ended."""

    def __init__(self, root: Path, state: Path, output: Path) -> None:
        """Makes a lease in the folder ``state``, and removes those of builds that have ended. Raises OSError."""
        self.root, self.output = os.fspath(root.absolute()), os.fspath(output.absolute())
        base = state.absolute() / "cluster"
        base.mkdir(parents=True, exist_ok=True)
        for old in sorted(base.iterdir()):
            if not _is_held(old):
                shutil.rmtree(old, ignore_errors=True)
        self.name = secrets.token_hex(8)
        self.folder = os.fspath(base / self.name)
        os.mkdir(self.folder)  # noqa: PTH102 - beside its name
        self._build = Path(self.folder, BUILD).open("wb")  # noqa: SIM115 - held until it is released
        fcntl.flock(self._build, fcntl.LOCK_EX)
        self._build.write(self.name.encode())
        self._build.flush()

    def look(self) -> Sight:
        """Returns what this process sees. A lock belongs to an open file: to this look, too, the lease is locked."""
        return look(self.root, self.output, self.folder)

    def release(self) -> None:
        """Ends the lease: whatever still runs under it ends."""
        self._build.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            Path(self.folder).parent.rmdir()


def _is_held(folder: Path) -> bool:
    try:
        with (folder / BUILD).open("r+b") as build:
            fcntl.flock(build, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        # Another build may be making it at this moment.
        return not (folder / BUILD).exists()
    return False
