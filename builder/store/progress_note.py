"""The progress notes of workers, which name their last step if they fail."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from builder.model.reading import BINARY
from builder.model.site_id import SiteId


class Note:
    """A line that names the present step of a worker. It is rewritten often, so each write is one system call.
    ``began_ns`` is the file system's clock, in nanoseconds, when that began.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | BINARY, 0o644)
        self.began_ns = os.fstat(self._handle).st_mtime_ns
        self._longest = 0

    def write(self, text: str) -> None:
        """Replaces the note."""
        content = text.encode("utf-8", "surrogateescape")
        self._longest = max(self._longest, len(content))
        content = content.ljust(self._longest, b"\0")
        if hasattr(os, "pwrite"):
            os.pwrite(self._handle, content, 0)
        else:
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, content)

    def __enter__(self) -> Note:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Removes the note if the work is done; what failed is named by it."""
        os.close(self._handle)
        if kind is None:
            self._file.unlink(missing_ok=True)


class Notes(NamedTuple):
    """A folder with the progress notes of workers, one for each site."""

    folder: Path

    def begin(self, slug: str) -> Note:
        """Returns the note of a worker that begins with a site."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return Note(self.folder / SiteId(slug).folder)

    def last(self, slug: str) -> str:
        """Reads the last step that was noted for a site; empty if there was none, or it is done."""
        try:
            return os.fsdecode((self.folder / SiteId(slug).folder).read_bytes()).strip("\0 ")
        except OSError:
            return ""
