"""The signature of a file, by which an untouched one is told from one that was replaced, without reading it."""

from __future__ import annotations

import os
import sys
from typing import NamedTuple


class Signature(NamedTuple):
    """Size, times in nanoseconds and inode. Size and time of modification alone can be made to stay the same, by ``cp -p``,
    ``rsync -t`` and archives."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int

    @property
    def touched_ns(self) -> int:
        """The last time at which the file or its name may have changed."""
        return max(self.mtime_ns, self.ctime_ns)


def signature_of(status: os.stat_result) -> Signature:
    """Returns the signature of a file of that status."""
    # Windows tells the number of a file by its name alone, not in the listing of its folder: none is the same everywhere.
    inode = 0 if sys.platform == "win32" else status.st_ino
    return Signature(status.st_size, status.st_mtime_ns, status.st_ctime_ns, inode)
