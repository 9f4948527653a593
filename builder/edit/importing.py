"""Texts from elsewhere as drafts: a document, a spreadsheet or what was copied goes through the same import as on the command
line, and becomes a new entry at the desk, or a part of the text that somebody writes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from urllib.parse import quote

from builder.content.kinds import READERS
from builder.edit.desk import Desk, Saved, Worker
from builder.edit.drafting import NewEntry
from builder.edit.imports import (
    Destination,
    Fragment,
    Imported,
    ImportRefusedError,
    Programs,
    destination,
    find_programs,
    import_file,
    import_fragment,
)
from builder.edit.places import HUB, BranchFiles
from builder.edit.refusal import RefusalError
from builder.messages.translation import N_
from builder.model.slugs import slugify
from builder.model.struct import Struct
from builder.model.values import Branch

MOST_BYTES = 60_000_000
"""Of one file, and of what was copied at once."""
MOST_PASTED = 5_000_000
"""Of what is pasted into a text, without its pictures."""
_AT_ONCE = 2
_PATIENCE = 60.0
_LONGEST_NAME = 200


class Made(Struct, frozen=True):
    """A draft that was made: what became of its saving, with the report; its title, and where the form shows it."""

    saved: Saved
    title: str
    form: str


class Importing:
    """Makes drafts at a desk; of all who ask, a few at a time are served."""

    def __init__(self, desk: Desk, programs: Callable[[], Programs] = find_programs) -> None:
        self._desk, self._programs = desk, programs
        self._places = threading.BoundedSemaphore(_AT_ONCE)

    def sections(self, slug: str) -> list[tuple[str, str]]:
        """Returns the sections of a branch that take texts from elsewhere, with their names."""
        if slug == HUB:
            return []
        return [(each.slug, each.title) for each in self._desk.branch(slug).visible_sections if _takes_texts(each.type)]

    def make(self, worker: Worker, slug: str, section: str, name: str, content: bytes) -> Made:
        """Returns the draft that a file called ``name`` became. Raises RefusalError, and then nothing was changed."""
        if section not in {each for each, _ in self.sections(slug)}:
            raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, N_("The branch has no section “{name}”."), name=section)
        name = " ".join(name.replace("\\", "/").rpartition("/")[2].split())[-_LONGEST_NAME:]
        with self._place():
            organization = self._desk.organization()

            def entry(files: BranchFiles) -> NewEntry:
                place = destination(self._desk.copy.root, organization, f"{slug}/{section}", self._desk.now())
                made = self._import(content, name, place, files)
                return NewEntry(made.path, made.title, made.files, made.report(place.text))

            try:
                saved, new = self._desk.add(worker, slug, entry)
            except ImportRefusedError as error:
                raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, error.message, **error.values) from error
        folder = new.path.split("/")[3]
        form = f"/admin/edit/{quote(slug)}/#/collections/{quote(section)}/entries/{quote(folder)}/index"
        return Made(saved, new.title, form)

    def paste(self, content: bytes) -> tuple[Fragment, tuple[str, ...]]:
        """Returns what copied HTML says, and sentences on what was left out. Raises RefusalError."""
        text = self._desk.text()
        with self._place():
            try:
                made = self._desk.calls.call(import_fragment, content, text.gettext(N_("Pasted text")))
            except ImportRefusedError as error:
                raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, error.message, **error.values) from error
        return made, tuple(note.told(text) for note in made.notes)

    def _import(self, content: bytes, name: str, place: Destination, files: BranchFiles) -> Imported:
        taken = _taken(files, place.branch, place.section.slug)
        return self._desk.calls.call(_imported, content, name, place, self._programs(), taken)

    @contextmanager
    def _place(self) -> Iterator[None]:
        if not self._places.acquire(timeout=_PATIENCE):
            message = N_("Too many documents are being taken over at once; try again in a minute.")
            raise RefusalError(HTTPStatus.SERVICE_UNAVAILABLE, message)
        try:
            yield
        finally:
            self._places.release()


def _imported(content: bytes, name: str, place: Destination, programs: Programs, taken: set[str]) -> Imported:
    return import_file(content, name, place, programs, taken=taken)


def _takes_texts(kind: str) -> bool:
    reader = READERS[kind]
    return not (reader.is_yaml and reader.title_key)


def _taken(files: BranchFiles, branch: Branch, section: str) -> set[str]:
    """Returns the paths that new entries cannot have: each text of a section takes that of the folder with its address."""
    home = f"content/{branch.slug}/{section}"
    names = {path.split("/")[3] for path in files.by_path if path.startswith(f"{home}/")}
    stems = {name.rpartition(".")[0] or name for name in names}
    return {f"{home}/{each}/index.md" for name in names | stems for each in (name, slugify(name))}
