"""A cache of published pictures, by the hash of the original: made once, whichever branches show it.

A picture is a folder of its own, which counts as soon as it has its name. Beside them lies, for each site, the list of
those that its release publishes: what nobody's release publishes is removed at the end of the next build that changes any.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from builder.model.sealed import DamagedStateError, remove, seal, unseal
from builder.model.site_id import SiteId
from builder.model.version import installed
from builder.pictures.recipe import FULL, RECIPE

_LIBRARIES = frozenset(("pillow", "lxml", "resvg-py"))
LATE = "picture-late"
"""The code of a picture that waits for the next build, since those of its site had had their time in this one."""
_SUMS = "sums.json"
_USED = "used"


@cache
def _engine() -> str:
    return f"{RECIPE} {' '.join(installed(_LIBRARIES, sys.path))}"


def cache_key(sha256: str, form: str, limit: int = 0) -> str:
    """Returns the name under which the pictures made of an original are kept: they are another's if the recipe, the
    libraries, the format that the name stands for, or the largest size allowed are, where there is one.
    """
    return hashlib.sha256(f"{sha256} {form} {limit} {_engine()}".encode()).hexdigest()[:32]


class _Entry(msgspec.Struct, frozen=True):
    """The files made of an original, each with its size and SHA-256 by name, or the code of why there are none."""

    files: Mapping[str, tuple[int, str]] = {}
    failed: str = ""


class Cache:
    """The pictures of one store; ``folder`` need not be there. What is not as it was made is as if it had not been. ``late`` are
    those that are to wait for the next build."""

    def __init__(self, folder: Path, late: Collection[str] = ()) -> None:
        self._folder, self._late = folder, late
        self._entries: dict[str, _Entry] = {}

    def state(self, key: str) -> Literal["made", "failed", "missing"]:
        """Tells whether the picture has been made, could not be made, or is new."""
        entry = self._entry(key)
        if entry is None:
            return "failed" if key in self._late else "missing"
        return "failed" if entry.failed else "made"

    def why(self, key: str) -> str:
        """Returns the code of the problem that kept it from being made."""
        entry = self._entry(key)
        return entry.failed if entry is not None else LATE if key in self._late else ""

    def put(self, key: str, files: Mapping[str, bytes], failed: str = "") -> None:
        """Keeps what was made. Raises OSError."""
        beside = self._folder / f".{key}.{os.getpid()}"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        for name, content in files.items():
            (beside / name).write_bytes(content)
        told = {name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in files.items()}
        (beside / _SUMS).write_bytes(seal(key, msgspec.json.encode(_Entry(told, failed))))
        self._drop(key)
        beside.rename(self._folder / key)

    def fail(self, key: str, code: str) -> None:
        """Records that it cannot be made, so that it is not tried again."""
        self.put(key, {}, code)

    def length(self, key: str, name: str = FULL) -> int:
        """Returns the bytes of one of its files. Raises DamagedStateError."""
        size = self._sum(key, name)[0]
        try:
            if os.stat(f"{self._folder}/{key}/{name}").st_size == size:
                return size
        except OSError:
            pass
        raise self._damaged(key)

    def read(self, key: str, name: str = FULL) -> bytes:
        """Reads one of its files. Raises DamagedStateError."""
        told = self._sum(key, name)
        try:
            content = (self._folder / key / name).read_bytes()
        except OSError as error:
            raise self._damaged(key) from error
        if told != (len(content), hashlib.sha256(content).hexdigest()):
            raise self._damaged(key)
        return content

    def _entry(self, key: str) -> _Entry | None:
        if key not in self._entries:
            try:
                with open(f"{self._folder}/{key}/{_SUMS}", "rb") as stored:  # noqa: PTH123 - thousands of them
                    content = unseal(key, stored.read())
                if content is None:
                    return None
                self._entries[key] = msgspec.json.decode(content, type=_Entry)
            except (OSError, msgspec.MsgspecError):
                return None
        return self._entries[key]

    def _sum(self, key: str, name: str) -> tuple[int, str]:
        entry = self._entry(key)
        if entry is None or name not in entry.files:
            raise self._damaged(key)
        return entry.files[name]

    def _damaged(self, key: str) -> DamagedStateError:
        """Drops a picture that is not as it was made, so that it is made again."""
        self._drop(key)
        return DamagedStateError()

    def _drop(self, key: str) -> None:
        self._entries.pop(key, None)
        remove(self._folder / key)

    def use(self, slug: str, keys: Iterable[str]) -> None:
        """Records the pictures that the release of a site publishes, before the release is complete, so that none is
        lost.
        """
        wanted = sorted(set(keys))
        file = self._folder / _USED / SiteId(slug).folder
        if not wanted and not file.exists():
            return
        content = "".join(f"{key}\n" for key in wanted).encode()
        if _read(file) != content:
            self.mark()
            if not file.parent.is_dir():
                remove(file.parent)
            file.parent.mkdir(parents=True, exist_ok=True)
            beside = file.with_name(f".{file.name}")
            remove(beside)
            beside.write_bytes(content)
            if file.is_dir():
                remove(file)
            beside.replace(file)

    def mark(self) -> None:
        """Marks the cache: there may be something to remove."""
        if not self._folder.is_dir():
            remove(self._folder)
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
                kept.update((_read(file) or b"").decode("utf-8", "replace").split())
            else:
                remove(file)
        removed = 0
        for entry in self._folder.iterdir():
            if entry.is_dir() and entry.name != _USED and entry.name not in kept:
                shutil.rmtree(entry, ignore_errors=True)
                removed += 1
        remove(self._folder / ".sweep")
        return removed


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
