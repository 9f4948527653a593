"""Which code is running: what was cached by another version is not taken over."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

_ENGINES = (
    "mkdocs",
    "mkdocs-material",
    "jinja2",
    "comrak",
    "nh3",
    "pygments",
    "latex2mathml",
    "feedgen",
    "icalendar",
    "segno",
    "pillow",
)


@lru_cache(maxsize=1)
def code_version() -> str:
    """A hash of the program's own sources and of the versions of the engines it uses."""
    digest = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in _ENGINES).encode())
    folder = Path(__file__).parent
    for file in sorted(folder.rglob("*.py")):
        digest.update(file.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    for file in sorted(folder.rglob("*.mo")):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]
