"""The files of a release that are JSON: sealed under their names, and read only if they are as they were sealed."""

from __future__ import annotations

from typing import TypeVar

import msgspec

from builder.model.sealed import unseal

T = TypeVar("T")


def sealed_content(folder: str, name: str) -> bytes | None:
    """Returns the content of ``<name>.json`` in a folder; None if that is not there, or not as it was sealed."""
    try:
        with open(f"{folder}/{name}.json", "rb") as stored:  # noqa: PTH123 - many files
            return unseal(f"{folder.rpartition('/')[2]}/{name}", stored.read())
    except OSError:
        return None


def decoded(content: bytes | None, kind: type[T]) -> T | None:
    """Returns the value that JSON stands for; None if it stands for none of that kind, or is none."""
    try:
        return msgspec.json.decode(content, type=kind) if content is not None else None
    except (ValueError, RecursionError, msgspec.MsgspecError):
        return None


def is_unsealed(file: str) -> bool:
    """Tells whether a file was written by a version that sealed none."""
    try:
        with open(file, "rb") as stored:  # noqa: PTH123 - many files
            return stored.read(1) == b"{"
    except OSError:
        return False
