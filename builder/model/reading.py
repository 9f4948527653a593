"""The one way in which the bytes of a file under content/ are read: whatever lies there, in bounded memory and time."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import BinaryIO

PIECE = 1 << 18
"""The most bytes of a large file that are in memory at once."""
BINARY: int = getattr(os, "O_BINARY", 0)
"""The flag of :func:`os.open` without which Windows changes the ends of lines; 0 elsewhere."""
# Windows has neither of these, nor what they are against.
_WAIT_FOR_NOTHING: int = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


def open_file(file: str | os.PathLike[str], home: Path | None = None) -> BinaryIO:
    """Opens a regular file for reading. What it is counts after it was opened: it may have been exchanged since somebody
    looked. With a ``home`` it has to lie in that folder, links followed; a file whose links were resolved has its own.

    Raises OSError, for what is no regular file, too; a FIFO or a device is not waited for.
    """
    return open(_opened(file, home)[0], "rb")  # noqa: PTH123 - a descriptor, which the caller closes


def _opened(file: str | os.PathLike[str], home: Path | None) -> tuple[int, int]:
    """Returns the descriptor of an opened file, and how many bytes it has."""
    handle = os.open(file, os.O_RDONLY | BINARY | _WAIT_FOR_NOTHING)
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "is no regular file", os.fspath(file))
        if home is not None and not _is_as_written(handle, os.fspath(file), os.fspath(home)):
            real = Path(os.path.realpath(file))
            if not real.is_relative_to(os.path.realpath(home)) or not os.path.samestat(status, real.stat()):
                raise OSError(errno.EINVAL, "was exchanged", os.fspath(file))
    except OSError:
        os.close(handle)
        raise
    return handle, status.st_size


def _is_as_written(handle: int, file: str, home: str) -> bool:
    """Tells whether the system knows an open file by the very path that it was opened with, so that there is no link in it, and
    that path lies in ``home``. False where the system does not say."""
    try:
        return os.readlink(f"/proc/self/fd/{handle}") == file and file.startswith(home + os.sep)  # noqa: PTH115
    except OSError:
        return False


def read_file(file: str | os.PathLike[str], most: int, home: Path | None = None) -> bytes:
    """Returns the bytes of a file, at most ``most`` and one more, so that its reader can tell that it is larger. Raises
    OSError like :func:`open_file`."""
    handle, size = _opened(file, home)
    try:
        content = os.read(handle, min(size, most) + 1)
        if len(content) == size <= most:
            return content
        # It is growing, or the system gives less at once.
        parts, left = [content], most + 1 - len(content)
        while left > 0 and (part := os.read(handle, min(PIECE, left))):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)
    finally:
        os.close(handle)


def lies_in(real: str, home: str) -> bool:
    """Tells whether a path is that of a folder or lies in it; both as :func:`os.path.realpath` gives them."""
    return real == home or real.startswith(home.rstrip(os.sep) + os.sep)


def pieces(stream: BinaryIO | FileIO, size: int) -> Iterator[bytes]:
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
