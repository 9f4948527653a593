"""The one way in which the bytes of a file under content/ are read: whatever lies there, in bounded memory and time."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

PIECE = 1 << 18
"""The most bytes of a large file that are in memory at once."""
BINARY: int = getattr(os, "O_BINARY", 0)
"""The flag of :func:`os.open` without which Windows changes the ends of lines; 0 elsewhere."""
# Windows has neither of these, nor what they are against.
_WAIT_FOR_NOTHING: int = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


def open_file(file: Path, home: Path | None = None) -> BinaryIO:
    """Opens a regular file for reading. What it is counts after it was opened: it may have been exchanged since somebody
    looked. With a ``home`` it has to lie in that folder, links followed; a file whose links were resolved has its own.

    Raises OSError, for what is no regular file, too; a FIFO or a device is not waited for.
    """
    handle = os.open(file, os.O_RDONLY | BINARY | _WAIT_FOR_NOTHING)
    stream = open(handle, "rb")  # noqa: PTH123, SIM115 - a descriptor, which the caller closes
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "is no regular file", os.fspath(file))
        if home is not None:
            real = Path(os.path.realpath(file))
            if not real.is_relative_to(os.path.realpath(home)) or not os.path.samestat(status, real.stat()):
                raise OSError(errno.EINVAL, "was exchanged", os.fspath(file))
    except OSError:
        stream.close()
        raise
    return stream


def read_file(file: Path, most: int, home: Path | None = None) -> bytes:
    """Returns the bytes of a file, at most ``most`` and one more, so that its reader can tell that it is larger. Raises
    OSError like :func:`open_file`."""
    with open_file(file, home) as stream:
        return stream.read(most + 1)


def lies_in(real: str, home: str) -> bool:
    """Tells whether a path is that of a folder or lies in it; both as :func:`os.path.realpath` gives them."""
    return real == home or real.startswith(home.rstrip(os.sep) + os.sep)


def pieces(stream: BinaryIO, size: int) -> Iterator[bytes]:
    """Yields the first ``size`` bytes of a stream, or as many as there are, in pieces; a file may be growing meanwhile."""
    left = size
    while left > 0 and (piece := stream.read(min(PIECE, left))):
        left -= len(piece)
        yield piece


def hash_file(file: Path) -> str:
    """Returns the SHA-256 of the bytes that a file had when it was opened. Raises OSError like :func:`open_file`."""
    digest = hashlib.sha256()
    with open_file(file, file.parent) as stream:
        for piece in pieces(stream, os.fstat(stream.fileno()).st_size):
            digest.update(piece)
    return digest.hexdigest()
