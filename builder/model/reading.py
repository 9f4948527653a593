"""The one way in which the bytes of a file under content/ are read: whatever lies there, in bounded memory and time."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def read_file(file: Path, most: int) -> bytes:
    """Returns the bytes of a file, at most ``most`` and one more, so that its reader can tell that it is larger.

    What it is and how large counts after it was opened: it may have been exchanged since somebody looked, or may be growing.
    Raises OSError, for what is no regular file, too; a FIFO or a device is not waited for.
    """
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    with open(handle, "rb") as stream:  # noqa: PTH123 - a descriptor
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "is no regular file", os.fspath(file))
        return stream.read(most + 1)
