"""The progress note of a worker, which names its last step if it dies."""

from __future__ import annotations

import os
from pathlib import Path


class Note:
    """A line that names the present step of a worker. It is rewritten often, so each write is one system call.
    ``began_ns`` is the file system's clock, in nanoseconds, when that began.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        self.began_ns = os.fstat(self._handle).st_mtime_ns
        self._longest = 0

    def write(self, text: str) -> None:
        """Replaces the note."""
        content = text.encode("utf-8", "surrogateescape")
        self._longest = max(self._longest, len(content))
        os.pwrite(self._handle, content.ljust(self._longest, b"\0"), 0)

    def close(self) -> None:
        """Removes the note: the work is done."""
        os.close(self._handle)
        self._file.unlink(missing_ok=True)
