"""A cache of published pictures, by the hash of the original: made once, whichever branches show it.

A picture is a folder of its own, which counts as soon as it has its name. Beside them lies, for each site, the list of
those that its release publishes: what nobody's release publishes is removed at the end of the next build that changes any.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Literal

from builder.model.site_id import SiteId
from builder.model.version import installed
from builder.pictures.recipe import FULL, RECIPE

_LIBRARIES = frozenset(("pillow", "lxml"))
_FAILED = "failed"
_USED = "used"


@lru_cache(maxsize=1)
def _engine() -> str:
    return f"{RECIPE} {' '.join(installed(_LIBRARIES, sys.path))}"


def cache_key(sha256: str, form: str, limit: int) -> str:
    """Returns the name under which the pictures made of an original are kept: they are another's if the recipe, the
    libraries, the format that the name stands for, or the largest size allowed are.
    """
    return hashlib.sha256(f"{sha256} {form} {limit} {_engine()}".encode()).hexdigest()[:32]


class Cache:
    """The pictures of one store; ``folder`` need not be there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def state(self, key: str) -> Literal["made", "failed", "missing"]:
        """Tells whether the picture has been made, could not be made, or is new."""
        if os.path.isfile(f"{self._folder}/{key}/{FULL}"):  # noqa: PTH113 - thousands of them
            return "made"
        return "failed" if (self._folder / key / _FAILED).is_file() else "missing"

    def why(self, key: str) -> str:
        """Returns the code of the problem that kept it from being made."""
        return (self._folder / key / _FAILED).read_text("utf-8")

    def put(self, key: str, files: Mapping[str, bytes]) -> None:
        """Keeps what was made. Raises OSError."""
        beside = self._folder / f".{key}.{os.getpid()}"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        for name, content in files.items():
            (beside / name).write_bytes(content)
        shutil.rmtree(self._folder / key, ignore_errors=True)
        beside.rename(self._folder / key)

    def fail(self, key: str, code: str) -> None:
        """Records that it cannot be made, so that it is not tried again."""
        self.put(key, {_FAILED: code.encode()})

    def length(self, key: str, name: str = FULL) -> int:
        """Returns the bytes of one of its files. Raises OSError."""
        return os.stat(f"{self._folder}/{key}/{name}").st_size

    def read(self, key: str, name: str = FULL) -> bytes:
        """Reads one of its files. Raises OSError."""
        return (self._folder / key / name).read_bytes()

    def use(self, slug: str, keys: Iterable[str]) -> None:
        """Records the pictures that the release of a site publishes, before the release is complete, so that none is
        lost.
        """
        wanted = sorted(set(keys))
        file = self._folder / _USED / SiteId(slug).folder
        if not wanted and not file.exists():
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        content = "".join(f"{key}\n" for key in wanted)
        if not file.exists() or file.read_text("utf-8") != content:
            self.mark()
            beside = file.with_name(f".{file.name}")
            beside.write_text(content, "utf-8")
            beside.replace(file)

    def mark(self) -> None:
        """Marks the cache: there may be something to remove."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / ".sweep").touch()

    def sweep(self, slugs: Iterable[str]) -> int:
        """Removes what no release of the sites ``slugs`` publishes, if anything changed; the number of pictures removed."""
        if not (self._folder / ".sweep").exists():
            return 0
        live = {SiteId(slug).folder for slug in slugs}
        kept: set[str] = set()
        for file in (self._folder / _USED).iterdir() if (self._folder / _USED).is_dir() else ():
            if file.name in live:
                kept.update(file.read_text("utf-8").split())
            else:
                file.unlink()
        removed = 0
        for entry in self._folder.iterdir():
            if entry.is_dir() and entry.name != _USED and entry.name not in kept:
                shutil.rmtree(entry, ignore_errors=True)
                removed += 1
        (self._folder / ".sweep").unlink()
        return removed
