"""A lock that one process holds at a time: a file that says which."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_LAST_BREATH, _MOMENT = 5.0, 0.05


class StoreLockedError(Exception):
    """Another process holds the lock; ``holder`` says which."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Holds the lock ``file``. Raises StoreLockedError if another process does, OSError if it cannot be written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_symlink():
        file.unlink()
    elif file.is_dir():
        shutil.rmtree(file)
    with file.open("a+", encoding="utf-8") as held:
        _take(held)
        try:
            yield
        finally:
            held.seek(0)
            held.truncate()


def _take(file: IO[str]) -> None:
    patience = _LAST_BREATH
    while not _try(file):
        file.seek(0)
        holder = file.read().strip()
        # The workers of a process that was killed hold its lock until they have gone too, a moment later.
        known = holder.isdigit() and Path("/proc/self").exists()
        if patience <= 0 or not known or Path(f"/proc/{holder}").exists():
            raise StoreLockedError(holder or "?")
        time.sleep(_MOMENT)
        patience -= _MOMENT
    file.seek(0)
    file.truncate()
    file.write(f"{os.getpid()}\n")
    file.flush()


def _try(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
