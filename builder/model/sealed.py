"""Files of the state carry a hash of themselves and of their name, so that damage and exchange are seen when they are read."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from pathlib import Path


class DamagedStateError(Exception):
    """Something that an earlier build saved is not as it was saved. ``slug`` is the site whose release it belongs to; None
    for what belongs to none."""

    def __init__(self, slug: str | None = None) -> None:
        super().__init__(slug)
        self.slug = slug


def seal(name: str, content: bytes) -> bytes:
    """Returns the bytes that are stored for a content under a name: a line with their hash, and the content."""
    return b"".join(sealed_parts(name, content))


def sealed_parts(name: str, content: bytes) -> tuple[bytes, bytes]:
    """Returns the same in two parts, for a content too long to be there twice."""
    return _hash(name, content) + b"\n", content


def unseal(name: str, stored: bytes) -> bytes | None:
    """Returns the content that was sealed under this name; None if it was not, or not so."""
    told, _, content = stored.partition(b"\n")
    return content if told == _hash(name, content) else None


def write_sealed(file: Path, content: bytes) -> None:
    """Writes a file of the state that belongs to no release, sealed, in one step. Raises OSError."""
    beside = file.with_name(f"{file.name}.new")
    remove(beside)
    beside.write_bytes(seal(f"{file.parent.name}/{file.stem}", content))
    if file.is_dir():
        remove(file)
    beside.replace(file)


def read_sealed(file: Path) -> bytes:
    """Returns what :func:`write_sealed` wrote; nothing if that is not there, or not as it was written."""
    try:
        return unseal(f"{file.parent.name}/{file.stem}", file.read_bytes()) or b""
    except OSError:
        return b""


def remove(place: Path) -> None:
    """Removes whatever lies at a place of the state, be it no file. What cannot be removed stays."""
    with contextlib.suppress(OSError):
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place, ignore_errors=True)
        else:
            place.unlink(missing_ok=True)


def _hash(name: str, content: bytes) -> bytes:
    digest = hashlib.sha256(f"{name}\0".encode())
    digest.update(content)
    return digest.hexdigest().encode()
