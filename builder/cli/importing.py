"""``branchpress import``: files from elsewhere become entries, with a report of what was left out and what to look at."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from builder.cli.console import NOTHING_DONE, OK, now_of, organization_of, root_of, say
from builder.cli.errors import CommandError, refusals
from builder.messages.translation import N_, Translator, translator

if TYPE_CHECKING:
    from builder.imports import Destination, Imported
    from builder.model.dates import Moment
    from builder.model.values import Organization

_INDENT = "  "


def run(parsed: argparse.Namespace) -> int:
    """Runs the command; returns the exit status. All files are imported, or none."""
    from builder.imports import ImportRefusedError, destination, find_programs, import_file, write_files

    root = root_of(parsed)
    with refusals(root):
        organization = organization_of(root)
        text = translator(organization.language)
        entries: list[Imported] = []
        refused = False
        try:
            now, date = now_of(parsed, organization), _date(parsed.date, organization)
            place = destination(root, organization, parsed.to, now, date=date, publish=parsed.publish)
            programs = find_programs()
        except ImportRefusedError as error:
            say(text.gettext(error.message, **error.values))
            return NOTHING_DONE
        for file in parsed.files:
            try:
                entries.append(import_file(_read(file), file.name, place, programs))
            except ImportRefusedError as error:
                say(text.gettext(error.message, **error.values))
                refused = True
        if refused:
            return NOTHING_DONE
        try:
            written = write_files(root, entries)
        except ImportRefusedError as error:
            say(text.gettext(error.message, **error.values))
            return NOTHING_DONE
    for path, entry in zip(written, entries, strict=True):
        print(path)
        say("\n".join(_report(entry, place, text)))
    return OK


def _report(entry: Imported, place: Destination, text: Translator) -> Iterator[str]:
    yield entry.title
    for sentence in entry.report(text):
        yield f"{_INDENT}{sentence}"
    if not place.publish:
        yield _INDENT + text.gettext(N_("It is a draft: read it, then delete the line “draft: true”."))


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
    from builder.imports.package import MOST_BYTES
    from builder.model.reading import read_file

    return read_file(file, MOST_BYTES)
