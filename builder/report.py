"""``report.json`` and the summary of a build."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from builder.build import Result
from builder.i18n import Translator
from builder.reports import problem_object

VERSION = 1


def exit_status(result: Result, *, strict: bool) -> int:
    """0 if all that should be published is, 1 if something is held, missing or kept, or with ``strict`` has a warning."""
    if any(problem.effect != "none" for problem in result.problems) or {"kept", "missing"} & set(result.sites.values()):
        return 1
    return 1 if strict and any(problem.severity == "warning" for problem in result.problems) else 0


def report_json(result: Result, translator: Translator, status: int) -> bytes:
    """The report of a build as JSON."""
    data: dict[str, Any] = {
        "version": VERSION,
        "exit": status,
        "next_due": result.next_due.isoformat() if result.next_due else None,
        "counts": counts(result),
        "problems": [problem_object(problem, translator) for problem in result.problems],
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=1) + b"\n"


def counts(result: Result) -> Mapping[str, int]:
    """What the report counts."""
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


def summary(result: Result, translator: Translator) -> str:
    """What a person should know after a build, in a few lines."""
    text, number = translator.gettext, counts(result)
    lines = [
        text(
            "{branches} branches: {branches_built} built, {branches_unchanged} unchanged.",
            **{key: number[key] for key in ("branches", "branches_built", "branches_unchanged")},
        ),
        text(
            "{published} of {entries} entries are published; {drafts} drafts, {scheduled} scheduled, {expired} expired, "
            "{waiting} waiting for a reply.",
            **{key: number[key] for key in ("published", "entries", "drafts", "scheduled", "expired", "waiting")},
        ),
        text(
            "{files_written} files written, {files_unchanged} unchanged, {files_removed} removed.",
            **{key: number[key] for key in ("files_written", "files_unchanged", "files_removed")},
        ),
    ]
    if number["held"]:
        lines.append(text("{held} entries stay in their last good version until they are mended.", held=number["held"]))
    if number["missing"]:
        lines.append(text("{missing} entries are left out until they are mended.", missing=number["missing"]))
    kept, missing = (
        ", ".join(slug for slug, what in result.sites.items() if what == state) for state in ("kept", "missing")
    )
    if kept:
        lines.append(text("Branches that stay as they were: {names}", names=kept))
    if missing:
        lines.append(text("Branches that cannot be shown: {names}", names=missing))
    if number["errors"] or number["warnings"]:
        lines.append(
            text(
                "{errors} errors, {warnings} warnings: see above.", errors=number["errors"], warnings=number["warnings"]
            )
        )
    if result.next_due:
        lines.append(text("Next due: {moment}", moment=result.next_due.isoformat()))
    return "\n".join(lines) + "\n"
