"""``report.json`` and the summary of a build."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from builder import __version__
from builder.messages.date_texts import moment_text
from builder.messages.formats import problem_object
from builder.messages.translation import N_, Translator
from builder.messages.visible import visible
from builder.model.dates import Moment
from builder.model.edits import Edit
from builder.model.values import Organization
from builder.pipeline.conductor import Result
from builder.store.notes import BuildNote

VERSION = 1
_SHOWN = 5


def exit_status(result: Result, *, strict: bool) -> int:
    """Returns 0 if everything is published, 1 if there is an error, or something is held, missing or kept or, with ``strict``,
    has a warning."""
    if any(problem.effect != "none" or problem.severity == "error" for problem in result.problems):
        return 1
    if {"kept", "missing"} & set(result.sites.values()):
        return 1
    return 1 if strict and any(problem.severity == "warning" for problem in result.problems) else 0


def report_json(result: Result, translator: Translator, status: int) -> bytes:
    """Returns the report of a build as JSON."""
    data: dict[str, Any] = {
        "version": VERSION,
        "exit": status,
        "next_due": whole(result.next_due).isoformat() if result.next_due else None,
        "counts": counts(result),
        "problems": [problem_object(problem, translator) for problem in result.problems],
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=1) + b"\n"


_SAID = 3


def explained(result: Result) -> Iterator[str]:
    """Yields a line for each page that was rendered: its path, the parts that differ, and the edits that are the cause."""
    for site, pages in result.why.items():
        own = result.edits.get(site, ())
        for page, parts in sorted(pages.items()):
            edits = _causes(result, own, f"{site}/{page}")
            more = ["…"] if len(edits) > _SAID else []
            said = ", ".join([*(f"{', '.join(each.parts)} of {each.place}" for each in edits[:_SAID]), *more])
            yield f"{site}/{page}: {', '.join(parts)}" + (f" ({said})" if said and parts != ("theme",) else "")


def _causes(result: Result, own: Sequence[Edit], page: str) -> Sequence[Edit]:
    """Returns the edits that a page shows: that of its own source alone, else those of its site, else those of others; what
    only the text says is seen nowhere else."""
    for edit in own:
        if page.startswith(f"{edit.place}/index.html"):
            return [edit]
    everywhere = [edit for edits in result.edits.values() for edit in edits]
    wide = [edit for edit in (own or everywhere) if not edit.apart]
    return wide or own or everywhere


def build_note(result: Result, status: int, at: datetime) -> BuildNote:
    """Returns what ``status`` tells of a build."""
    return BuildNote(
        at=at.isoformat(),
        program=__version__,
        exit=status,
        counts=counts(result),
        next_due=whole(result.next_due).isoformat() if result.next_due else None,
        kept=tuple(slug for slug, state in result.sites.items() if state == "kept"),
        missing=tuple(slug for slug, state in result.sites.items() if state == "missing"),
        problems=tuple(each for each in result.problems if each.effect != "none"),
    )


def whole(due: datetime) -> datetime:
    """Returns an instant in whole seconds, as it was written: what ends at a time is over at the first instant after it."""
    return due.replace(microsecond=0)


def moment_line(due: datetime, organization: Organization, translator: Translator) -> str:
    """Returns the line that says what time the next item is due, in the organization's zone."""
    at = whole(due).astimezone(organization.zone)
    moment = moment_text(Moment(at=at, end=at), organization.language, weekday=True)
    return translator.gettext("Next due: {moment}", moment=moment)


def counts(result: Result) -> Mapping[str, int]:
    """Returns the numbers of the report."""
    states = list(result.sites.values())
    entries = result.counts
    return {
        "branches": len(states),
        "branches_built": states.count("built"),
        "branches_unchanged": states.count("unchanged"),
        "branches_kept": states.count("kept"),
        "branches_missing": states.count("missing"),
        "entries": sum(entries.values()),
        "published": entries.get("published", 0),
        "held": entries.get("held", 0),
        "missing": entries.get("missing", 0),
        "drafts": entries.get("draft", 0),
        "scheduled": entries.get("scheduled", 0),
        "expired": entries.get("expired", 0),
        "waiting": entries.get("waiting", 0),
        "files_written": result.files.written,
        "files_unchanged": result.files.unchanged,
        "files_removed": result.files.removed,
        "warnings": sum(problem.severity == "warning" for problem in result.problems),
        "errors": sum(problem.severity == "error" for problem in result.problems),
    }


def summary(result: Result, translator: Translator, output: Path) -> str:
    """Returns the summary of a build for people: what is new, what is held back and why, where to look."""
    text, number = translator.gettext, counts(result)
    pages = [parts for why in result.why.values() for parts in why.values()]
    new = sum("new" in parts for parts in pages)
    lines = [
        text(
            "{built} of {branches} branches have changed: {new} new pages, {changed} changed pages, {removed} files removed.",
            built=number["branches_built"],
            branches=number["branches"],
            new=new,
            changed=len(pages) - new,
            removed=number["files_removed"],
        )
        if pages or number["files_removed"] or number["files_written"]
        else text("Nothing has changed in {branches} branches.", branches=number["branches"]),
        _entries(number, translator),
    ]
    lines += _held_back(result, translator)
    if number["errors"] or number["warnings"]:
        lines.append(
            text(
                "Errors: {errors}, warnings: {warnings}; see above.",
                errors=number["errors"],
                warnings=number["warnings"],
            )
        )
    if result.next_due:
        lines.append(moment_line(result.next_due, result.organization, translator))
    lines.append(text("The sites are in {folder}.", folder=output))
    return "\n".join(lines) + "\n"


def _entries(number: Mapping[str, int], translator: Translator) -> str:
    """Returns the line with the numbers of entries that are published, not yet published, or no longer."""
    text = translator.gettext
    told = [text("{published} of {entries} entries are published", **number)]
    kinds = {
        "scheduled": N_("{scheduled} scheduled"),
        "expired": N_("{expired} expired"),
        "waiting": N_("{waiting} waiting for a reply"),
    }
    if number["drafts"]:
        told.append(translator.ngettext("{n} draft", "{n} drafts", number["drafts"]))
    told += [text(message, **{name: number[name]}) for name, message in kinds.items() if number[name]]
    return text("{list}.", list=tuple(told))


def _held_back(result: Result, translator: Translator) -> list[str]:
    """Returns lines about content that differs from its source: the numbers, and the first few with file and line."""
    text, number = translator.gettext, counts(result)
    lines: list[str] = []
    if number["held"]:
        lines.append(
            translator.ngettext(
                "{n} entry stays in its last good version until it is fixed.",
                "{n} entries stay in their last good version until they are fixed.",
                number["held"],
            )
        )
    if number["missing"]:
        lines.append(
            translator.ngettext(
                "{n} entry is left out until it is fixed.",
                "{n} entries are left out until they are fixed.",
                number["missing"],
            )
        )
    kept, missing = (
        tuple(slug for slug, what in result.sites.items() if what == state) for state in ("kept", "missing")
    )
    if kept:
        lines.append(text("Branches that were left unchanged: {names}", names=kept))
    if missing:
        lines.append(text("Branches that cannot be shown: {names}", names=missing))
    held = [problem for problem in result.problems if problem.effect != "none"]
    for problem in held[:_SHOWN]:
        place = visible(f"{problem.path}:{problem.line}" if problem.line else problem.path)
        lines.append(f"  {place}  {problem_object(problem, translator)['message']}")
    return lines
