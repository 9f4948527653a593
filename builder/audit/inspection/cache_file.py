"""Cache files for the next audit: a line with the settings they are valid for and a hash, and then the content."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from builder.model.sealed import seal, unseal


def write_cache_file(file: Path, settings_digest: str, content: bytes) -> None:
    """Writes a cache file in one step; failure is ignored, since the cache is optional."""
    # A build and an audit may be at it at the same time.
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        beside.write_bytes(f"{settings_digest} ".encode() + seal(file.name, content))
        beside.replace(file)


def read_cache_file(file: Path, settings_digest: str | None = None) -> bytes:
    """Returns the content of a cache file with these settings or, if none are named, any; nothing if it cannot be read."""
    try:
        head, _, sealed = file.read_bytes().partition(b" ")
    except OSError:
        return b""
    if settings_digest is not None and head != settings_digest.encode():
        return b""
    return unseal(file.name, sealed) or b""


def is_cache_file(file: Path, settings_digest: str) -> bool:
    """Tells whether a cache file with these settings exists. Most of it is not read."""
    wanted = settings_digest.encode() + b" "
    try:
        with file.open("rb") as content:
            return content.read(len(wanted)) == wanted
    except OSError:
        return False
