"""The result of an import, and the sentences that go with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from builder.messages.translation import Translator

NoteKind = Literal["hidden", "tracked", "commented", "moved", "unreadable", "personal", "told"]
"""The reasons for a note, in the order in which a report has them."""
_ORDER: tuple[NoteKind, ...] = ("personal", "hidden", "tracked", "commented", "moved", "unreadable", "told")


class Note(msgspec.Struct, frozen=True):
    """One line of the report: ``message`` is an English msgid, ``values`` fill its names, several in one as lists are written."""

    kind: NoteKind
    message: str
    values: Mapping[str, str | tuple[str, ...]] = {}

    def told(self, text: Translator) -> str:
        """Returns the sentence in a language."""
        return text.gettext(self.message, **self.values)


class ImportRefusedError(Exception):
    """Nothing can be imported, and nothing was written: ``message`` is an English msgid, ``values`` fill its names."""

    def __init__(self, message: str, **values: str | tuple[str, ...]) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


class Imported(msgspec.Struct, frozen=True):
    """A new entry that is not written yet.

    ``files`` are its files by their paths relative to the root, its text (``path``) among them; ``notes`` are the report.
    """

    path: str
    title: str
    files: Mapping[str, bytes]
    notes: tuple[Note, ...] = ()

    def report(self, text: Translator) -> tuple[str, ...]:
        """Returns the report as sentences in a language, personal data first."""
        return tuple(note.told(text) for note in in_order(self.notes))


def in_order(notes: Iterable[Note]) -> Iterator[Note]:
    """Yields notes without repetition, those of one kind together."""
    found = list(notes)
    seen: set[tuple[object, ...]] = set()
    for kind in _ORDER:
        for note in found:
            key = note.message, tuple(sorted(note.values.items()))
            if note.kind == kind and key not in seen:
                seen.add(key)
                yield note
