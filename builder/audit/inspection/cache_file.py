"""Cache files for the next audit: a line with the settings they are valid for, and then the content."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_cache_file(file: Path, settings_digest: str, content: bytes) -> None:
    """Writes a cache file in one step; failure is ignored, since the cache is optional."""
    # A build and an audit may be at it at the same time.
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        beside.write_bytes(settings_digest.encode() + b"\n" + content)
        beside.replace(file)


def read_cache_file(file: Path, settings_digest: str | None = None) -> bytes:
    """Returns the content of a cache file with these settings or, if none are named, any; nothing if it cannot be read."""
    try:
        head, _, content = file.read_bytes().partition(b"\n")
    except OSError:
        return b""
    return content if settings_digest is None or head == settings_digest.encode() else b""


def is_cache_file(file: Path, settings_digest: str) -> bool:
    """Tells whether a cache file with these settings exists. Most of it is not read."""
    wanted = settings_digest.encode() + b"\n"
    try:
        with file.open("rb") as content:
            return content.read(len(wanted)) == wanted
    except OSError:
        return False
