"""The files of built sites with their hashes, as build.json of the hub and of each branch list them: here and at a target."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote

import msgspec

from builder.model.reading import read_file

BUILD_JSON = "build.json"
_MOST = 1_000_000_000

Read = Callable[[str], bytes | None]
"""Reads a file by its path; None where there is none."""


class Listing(msgspec.Struct, frozen=True):
    """The SHA-256 of each file by path, every build.json among them, and the slugs of the branches."""

    files: Mapping[str, str] = {}
    branches: tuple[str, ...] = ()

    def branch_of(self, path: str) -> str:
        """Returns the branch in whose folder a file lies; empty for the hub's."""
        first = path.partition("/")[0]
        return first if first in self.branches else ""


class _BuildJson(msgspec.Struct, frozen=True):
    version: int
    files: dict[str, str]
    sites: dict[str, str] = {}


class OutputChangedError(Exception):
    """A file of the output is not as build.json says: it was changed by hand, or a build was broken off."""


def read_listing(read: Read, known: Listing | None = None) -> Listing | None:
    """Returns the listing of a folder; None if it has no build.json that can be read.

    What a branch has is taken from ``known`` if its build.json is the same there. A branch whose own cannot be read counts
    as empty.
    """
    hub = read(BUILD_JSON)
    listed = _decode(hub)
    if hub is None or listed is None:
        return None
    files = _plain("", listed, hub)
    shared = _by_branch(known) if known is not None else {}
    # A site is a folder of its own; what is read at a target may have been written by others.
    sites = {
        slug: sha for slug, sha in listed.sites.items() if "/" not in slug and _is_inside(slug) and slug.isprintable()
    }
    for slug, sha in sites.items():
        if known is not None and known.files.get(f"{slug}/{BUILD_JSON}") == sha:
            files |= shared.get(slug, {})
            continue
        own = read(f"{slug}/{BUILD_JSON}")
        found = _decode(own)
        if own is not None and found is not None:
            files |= _plain(f"{slug}/", found, own)
    return Listing(files, tuple(sites))


def _plain(home: str, listed: _BuildJson, content: bytes) -> dict[str, str]:
    files = {home + unquote(path): sha for path, sha in listed.files.items()}
    return {path: sha for path, sha in files.items() if _is_inside(path)} | {
        home + BUILD_JSON: hashlib.sha256(content).hexdigest()
    }


def _is_inside(path: str) -> bool:
    return all(part not in ("", ".", "..") for part in path.split("/")) and "\0" not in path


def _decode(content: bytes | None) -> _BuildJson | None:
    try:
        return msgspec.json.decode(content, type=_BuildJson) if content is not None else None
    except (ValueError, RecursionError):
        return None


def _by_branch(listing: Listing) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path, sha in listing.files.items():
        if branch := listing.branch_of(path):
            found.setdefault(branch, {})[path] = sha
    return found


class Source:
    """The output folder of a finished build."""

    def __init__(self, folder: Path, listing: Listing) -> None:
        self.folder, self.listing = folder, listing

    @classmethod
    def at(cls, folder: Path) -> Source | None:
        """Returns the sites in a folder; None if nothing was built there."""
        listing = read_listing(lambda path: read_bytes(folder / path))
        return cls(folder, listing) if listing is not None else None

    def read(self, path: str) -> bytes:
        """Returns the bytes of a file. Raises OutputChangedError if they are not those that build.json lists."""
        content = read_bytes(self.folder / path)
        if content is None or hashlib.sha256(content).hexdigest() != self.listing.files[path]:
            raise OutputChangedError(path)
        return content


def read_bytes(file: Path) -> bytes | None:
    """Returns the bytes of a regular file; None if there is none."""
    try:
        return read_file(file, _MOST)
    except OSError:
        return None
