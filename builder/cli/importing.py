"""``branchpress import``: files from elsewhere become entries, with a report of what was left out and what to look at."""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from builder.cli.console import NOTHING_DONE, OK, now_of, organization_of, root_of, say
from builder.cli.errors import CommandError, refusals
from builder.messages.terms import translator_of
from builder.messages.translation import N_, Translator

if TYPE_CHECKING:
    from builder.edit.imports import Destination, Imported, Note
    from builder.model.dates import Moment
    from builder.model.values import Organization

_INDENT = "  "
_ROWS = ("members", "letters", "events")
_PASTED = "-"


def run(parsed: argparse.Namespace) -> int:
    """Runs the command; returns the exit status. All files are imported, or none."""
    from builder.edit.bounded import BoundedCalls
    from builder.edit.imports import ImportRefusedError, destination, write_files
    from builder.edit.refusal import RefusalError

    root, calls = root_of(parsed), BoundedCalls(_deadline(parsed.deadline))
    with refusals(root):
        organization = organization_of(root)
        text = translator_of(organization)
        now, date = now_of(parsed, organization), _date(parsed.date, organization)
        results: list[_Result] = []
        refused = False
        try:
            place = destination(root, organization, parsed.to, now, date=date, publish=parsed.publish)
            for file in parsed.files:
                try:
                    source = _source(file, place, pasted=parsed.what == "html" and str(file) == _PASTED)
                    results.append(
                        calls.call(
                            _import, parsed.what, vars(parsed).get("form"), vars(parsed).get("mapping"), source, place
                        )
                    )
                except ImportRefusedError as error:
                    say(text.gettext(error.message, **error.values))
                    refused = True
                except RefusalError as error:
                    say(f"{file}: {error.sentence(text)}")
                    refused = True
            if refused:
                return NOTHING_DONE
            write_files(root, [entry for result in results for entry in result.entries])
        except ImportRefusedError as error:
            say(text.gettext(error.message, **error.values))
            return NOTHING_DONE
    for result in results:
        for path in result.paths(root):
            print(path)
        say("\n".join(result.report(place, text)))
    return OK


class _Result:
    """The result of one file: entries with a report each, or one on all, or a mapping to look at."""

    def __init__(
        self, entries: Iterable[Imported], notes: Iterable[Note] | None = None, mapping: Path | None = None
    ) -> None:
        self.entries, self.notes, self.mapping = tuple(entries), notes, mapping

    def paths(self, root: Path) -> Iterator[Path]:
        """Yields what was written."""
        if self.mapping is not None:
            yield self.mapping
        yield from (root / entry.path for entry in self.entries)

    def report(self, place: Destination, text: Translator) -> Iterator[str]:
        """Yields the lines of the report."""
        from builder.edit.imports.imported import in_order

        if self.mapping is not None:
            yield text.gettext(
                N_("{file} says which column becomes what. Look at it, change it, and run the same command again."),
                file=self.mapping,
            )
            return
        if self.notes is None:
            for entry in self.entries:
                yield entry.title
                yield from (_INDENT + sentence for sentence in entry.report(text))
        else:
            yield text.gettext(N_("Entries: {n}"), n=len(self.entries))
            yield from (_INDENT + note.told(text) for note in in_order(self.notes))
        if not place.publish:
            yield _INDENT + text.gettext(N_("It is a draft: read it, then delete the line “draft: true”."))


class _Source(NamedTuple):
    """A file to import: where it is, what it is called, its bytes."""

    path: Path
    name: str
    content: bytes


def _source(file: Path, place: Destination, *, pasted: bool) -> _Source:
    """Returns a file that somebody named; with ``pasted`` what the standard input holds."""
    if pasted:
        return _Source(file, place.text.gettext(N_("Pasted text")) + ".html", sys.stdin.buffer.read())
    return _Source(file, file.name, _read(file))


def _import(what: str, form: str | None, mapping: Path | None, source: _Source, place: Destination) -> _Result:
    """Returns what one file becomes; called in a process of its own, since nobody knows what reading it takes."""
    from builder.edit.imports import find_programs, import_as_attachment, import_file, import_rows, write_mapping

    file, name, content = source
    if what == "sheet" and form in _ROWS:
        mapping = mapping or file.with_name(f"{file.stem}.mapping.yml")
        if not mapping.exists():
            words = write_mapping(content, name, form, place.text)
            with mapping.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(words)
            return _Result((), mapping=mapping)
        return _Result(*import_rows(content, name, _read(mapping), mapping.name, form, place))
    if what == "sheet" and form == "attachments":
        return _Result([import_as_attachment(content, name, place)])
    _require_kind(what, name)
    return _Result([import_file(content, name, place, find_programs(), _beside(file))])


def _deadline(seconds: float) -> float:
    if not 0 <= seconds < math.inf:
        raise CommandError(N_("{option} must be 0 (no limit) or more."), option="--deadline")
    return seconds


def _require_kind(what: str, name: str) -> None:
    """Raises ImportRefusedError for a file of another kind than was said, with the command for it."""
    from builder.edit.imports import ImportRefusedError

    kinds = {"html": ("html", "htm"), "sheet": ("xlsx", "xlsm", "xltx", "csv", "tsv")}
    ending = name.rpartition(".")[2].lower()
    right = next((kind for kind, endings in kinds.items() if ending in endings), "word")
    if right != what and (right != "word" or what != "word"):
        raise ImportRefusedError(
            N_("{name} is for another command: branchpress import {kind} {name} …"), name=name, kind=right
        )


def _beside(file: Path) -> Callable[[str], bytes | None]:
    """Returns a reader of the files in the folder of another one, and below it."""
    from urllib.parse import unquote

    home = file.resolve().parent

    def read(address: str) -> bytes | None:
        from builder.model.reading import read_file

        try:
            content = read_file(home / unquote(address.partition("?")[0]), _MOST_PICTURE, home)
        except (OSError, ValueError):
            # No system has a name with a zero in it.
            return None
        return content if len(content) <= _MOST_PICTURE else None

    return read


_MOST_PICTURE = 50_000_000


def _date(written: str | None, organization: Organization) -> Moment | None:
    from builder.model.dates import parse_moment

    if written is None:
        return None
    moment = parse_moment(written, organization.zone)
    if moment is None:
        raise CommandError(N_("--date {text} is not a valid date; write it like 2026-11-20."), text=written)
    return moment


def _read(file: Path) -> bytes:
    """Returns the bytes of a file that somebody named, which may lie anywhere."""
    from builder.edit.imports.package import MOST_BYTES
    from builder.model.reading import read_file

    return read_file(file, MOST_BYTES)
