"""The memory of digests: the day on which each was sent last, and what it knew, so that nobody is told twice a day."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from builder.model.sealed import read_sealed, write_sealed
from builder.store import Store


class Sent(msgspec.Struct, frozen=True):
    """The last digest of one kind: its day (ISO 8601), and a mark of each entry that was published then. Marks do not tell
    names: what is withdrawn leaves none in the state."""

    day: str
    marks: tuple[str, ...] = ()


def mark(ref: str) -> str:
    """Returns the mark of an entry."""
    return hashlib.sha256(ref.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def last_sent(store: Store, name: str) -> Sent | None:
    """Returns what was sent last under a name: a branch's slug, or that of a group or the operator; None if it is not known."""
    content = read_sealed(_file(store, name))
    try:
        return msgspec.json.decode(content, type=Sent) if content else None
    except msgspec.MsgspecError:
        return None


def note_sent(store: Store, name: str, sent: Sent | None) -> None:
    """Notes what is sent under a name, None if it was not sent after all. Raises OSError."""
    file = _file(store, name)
    if sent is None:
        file.unlink(missing_ok=True)
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    write_sealed(file, msgspec.json.encode(sent))


def _file(store: Store, name: str) -> Path:
    return store.folder / "digests" / f"{hashlib.sha256(name.encode()).hexdigest()[:24]}.json"
