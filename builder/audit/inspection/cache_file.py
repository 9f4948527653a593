"""What is laid aside for the next audit: a line that says what it was found with, and then whatever was found."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_cache_file(file: Path, settings_digest: str, content: bytes) -> None:
    """Writes a file in one step, if that can be done: nobody is worse for it if it cannot."""
    # A build and an audit may be at it at the same time.
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        beside.write_bytes(settings_digest.encode() + b"\n" + content)
        beside.replace(file)


def read_cache_file(file: Path, settings_digest: str | None = None) -> bytes:
    """What was laid aside, with this basis or, if none is named, with any; nothing if that cannot be read."""
    try:
        head, _, content = file.read_bytes().partition(b"\n")
    except OSError:
        return b""
    return content if settings_digest is None or head == settings_digest.encode() else b""


def is_cache_file(file: Path, settings_digest: str) -> bool:
    """True if something was laid aside with this basis. Most of it is not read."""
    wanted = settings_digest.encode() + b"\n"
    try:
        with file.open("rb") as content:
            return content.read(len(wanted)) == wanted
    except OSError:
        return False
