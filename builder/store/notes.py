"""Notes that commands leave in the state for ``status``: the last build, and the last publication to each target."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from builder.messages.problems import Problem
from builder.model.sealed import read_sealed, write_sealed
from builder.store.releases import Store

T = TypeVar("T")


class BuildNote(msgspec.Struct, frozen=True):
    """The last build: its time (ISO 8601), the version of the program, its exit status, what the report counts, when time
    alone changes something next, the branches that were ``kept`` or are ``missing``, and the problems that hold something
    back."""

    at: str
    program: str
    exit: int
    counts: Mapping[str, int]
    next_due: str | None = None
    kept: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class Published(msgspec.Struct, frozen=True):
    """The last publication to a target: when, the number of the release, and the SHA-256 of the ``build.json`` that it shows,
    empty where it is an earlier one; ``checked`` is when readers were last found to see what was built."""

    at: str
    release: int
    build: str = ""
    checked: str = ""


def note_build(store: Store, note: BuildNote) -> None:
    """Notes a build. Raises OSError."""
    write_sealed(store.folder / "built.json", msgspec.json.encode(note, order="deterministic"))


def last_build(store: Store) -> BuildNote | None:
    """Returns the last build that was noted; None if there is none that can be read."""
    return _read(store.folder / "built.json", BuildNote)


def note_publication(store: Store, target: str, published: Published) -> None:
    """Notes what readers see at a target. Raises OSError."""
    file = store.folder / "published" / "published.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    noted = {**last_publications(store), target: published}
    write_sealed(file, msgspec.json.encode(noted, order="deterministic"))


def last_publications(store: Store) -> Mapping[str, Published]:
    """Returns the last publication to each target; none that cannot be read."""
    return _read(store.folder / "published" / "published.json", dict[str, Published]) or {}


def _read(file: Path, kind: type[T]) -> T | None:
    content = read_sealed(file)
    try:
        return msgspec.json.decode(content, type=kind) if content else None
    except msgspec.MsgspecError:
        return None
