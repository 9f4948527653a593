"""The form's program, Sveltia CMS, that the tests of writing in the browser drive: built by ``make forms`` where Node.js is.

As a program, it brings what is missing: Node.js from Debian's packages where apt and root are at hand, then the bundle.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from programs import are_required, run

FOLDER = Path(__file__).resolve().parent.parent / "builder" / "edit" / "forms"
DIGEST = Path("dist/sources.sha256")
MISSING = (
    "The tests that need the form are skipped: “make forms” has not built it, which takes Node.js 20 and npm. / "
    "编辑表单还没有构建（需要 Node.js 20 和 npm，用 make forms），相关测试都跳过了。"
)
REQUIRED = (
    "BROWSER_TESTS=required, but the form is not built, and Node.js could not be installed. / "
    "设定了 BROWSER_TESTS=required，但是表单没有构建，Node.js 也没有装上。"
)
SOURCES = (
    "package.json",
    "package-lock.json",
    "vite.config.js",
    "src/main.js",
    "src/paste.js",
    "../clipboard.js",
    "../../preview/copy.js",
    "src/main.css",
    "src/host.js",
)
_OLDEST = (20, 19)


def is_built(folder: Path = FOLDER) -> bool:
    """Return true where the bundle is there, made of the very files that lie beside it: ``vite.config.js`` writes the digest."""
    digest = hashlib.sha256()
    for name in SOURCES:
        digest.update((folder / name).read_bytes() + b"\0")
    try:
        return (folder / DIGEST).read_text() == digest.hexdigest()
    except OSError:
        return False


def node_version() -> tuple[int, ...]:
    """Return the version of Node.js with npm beside it; empty where one is missing."""
    if not shutil.which("node") or not shutil.which("npm"):
        return ()
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout.strip()
    return tuple(int(part) for part in told.removeprefix("v").split(".") if part.isdecimal())


class Builder:
    """The ways to bring the bundle; what it runs and what it finds can be replaced."""

    def __init__(
        self,
        run: Callable[[Sequence[str]], bool],
        say: Callable[[str], None],
        built: Callable[[], bool] = is_built,
        node: Callable[[], tuple[int, ...]] = node_version,
    ) -> None:
        self._run, self._say, self._built, self._node = run, say, built, node

    def bring(self, *, required: bool) -> int:
        """Build what is missing; return the status to end with."""
        if self._built():
            return 0
        if self._node() < _OLDEST and os.geteuid() == 0 and self._run(["apt-get", "--version"]):
            self._run(["apt-get", "update", "-qq"])
            self._run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "nodejs", "npm"])
        if self._node() >= _OLDEST:
            self._say("Building the form for the browser tests … / 正在构建测试所需的表单……")
            self._run(["npm", "ci", "--prefix", str(FOLDER), "--ignore-scripts", "--no-audit", "--no-fund"])
            self._run(["npm", "run", "build", "--prefix", str(FOLDER), "--silent"])
        if self._built():
            return 0
        self._say(REQUIRED if required else MISSING)
        return 1 if required else 0


if __name__ == "__main__":
    sys.exit(
        Builder(run, lambda text: print(text, file=sys.stderr, flush=True)).bring(
            required=are_required(os.environ, "BROWSER")
        )
    )
