"""What a worker says that it is at, for those who find it dead."""

from __future__ import annotations

import os
from pathlib import Path


class Note:
    """One line that says what is being done. Written over and over, so it is one system call a time. ``began_ns`` is the
    file system's clock, in nanoseconds, when that began."""

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
        """Takes the note away: all is done."""
        os.close(self._handle)
        self._file.unlink(missing_ok=True)
