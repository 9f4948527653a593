"""A lock that one process holds at a time: a file that says which."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from filelock import lock_descriptor

from builder.model.reading import BINARY

_MOMENT = 0.05


class StoreLockedError(Exception):
    """Another process holds the lock; ``holder`` says which."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


@contextmanager
def locked(file: Path, patience: float = 5.0) -> Iterator[None]:
    """Holds the lock ``file``. Raises StoreLockedError if another process does, OSError if it cannot be written. Of a holder that
    is gone the lock is waited for, ``patience`` seconds."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.is_symlink():
        file.unlink()
    elif file.is_dir():
        shutil.rmtree(file)
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | BINARY, 0o666), "r+b") as held:
        _take(held, patience)
        try:
            yield
        finally:
            _put(held, b"")


def _take(file: BinaryIO, patience: float) -> None:
    while not lock_descriptor(file.fileno(), blocking=False):
        # Windows locks the first byte, and lets nobody else read it: what is said begins behind it.
        file.seek(1)
        holder = file.read().decode("utf-8", "replace").strip()
        # The workers of a process that was killed hold its lock until they have gone too, a moment later.
        known = holder.isdigit() and Path("/proc/self").exists()
        if patience <= 0 or not known or Path(f"/proc/{holder}").exists():
            raise StoreLockedError(holder or "?")
        time.sleep(_MOMENT)
        patience -= _MOMENT
    _put(file, f"\n{os.getpid()}\n".encode())


def _put(file: BinaryIO, content: bytes) -> None:
    file.seek(0)
    file.truncate()
    file.write(content)
    file.flush()
