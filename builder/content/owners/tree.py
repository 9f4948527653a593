"""A state of the content: what lies in its folders, and the bytes of its settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Protocol

from builder.content.decoding import MOST_BYTES
from builder.model.reading import read_file

Kind = Literal["file", "folder", "other"]


class Tree(Protocol):
    """A root folder as it is, or as it was at a revision. Paths are relative to it and use ``/``."""

    def names(self, folder: str) -> Mapping[str, Kind]:
        """Returns the names in a folder with what they are; a link is ``other``. Nothing for a folder that is not there."""

    def read(self, path: str) -> bytes | None:
        """Returns the bytes of a file of settings; None for one that is not there, too large, or no file."""


class FolderTree:
    """The state of a root folder on disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self, folder: str) -> Mapping[str, Kind]:
        """Returns the names in a folder."""
        try:
            return {entry.name: _kind(entry) for entry in os.scandir(self._root / folder)}
        except OSError:
            return {}

    def read(self, path: str) -> bytes | None:
        """Returns the bytes of a file."""
        try:
            content = read_file(self._root / path, MOST_BYTES, self._root / "content")
        except OSError:
            return None
        return content if len(content) <= MOST_BYTES else None


def _kind(entry: os.DirEntry[str]) -> Kind:
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    return "file" if entry.is_file(follow_symlinks=False) else "other"
