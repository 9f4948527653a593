"""What is laid aside for the next audit."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def write_aside(file: Path, content: bytes) -> None:
    """Writes a file in one step, if that can be done: nobody is worse for it if it cannot."""
    # A build and an audit may be at it at the same time.
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        beside.write_bytes(content)
        beside.replace(file)
