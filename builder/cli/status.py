"""``branchpress status``: the last build, what it holds back, what is due and what readers see, for people and for programs."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from builder import __version__
from builder.cli.console import OK, PROBLEMS, now_of, organization_of, root_of
from builder.cli.errors import CommandError, refusals
from builder.cli.report import moment_line
from builder.content.targets import TARGETS_FILE, read_targets
from builder.messages.date_texts import moment_text
from builder.messages.formats import problem_object
from builder.messages.terms import translator_of
from builder.messages.translation import N_, Translator
from builder.messages.visible import visible
from builder.model.dates import Moment
from builder.model.values import Organization
from builder.publishing.listing import BUILD_JSON, read_bytes
from builder.store import Store
from builder.store.notes import BuildNote, Published, last_build, last_publications

VERSION = 1
_PATIENCE = 3600
"""The seconds that what is due may wait for a build before it counts as a fault."""
_SHOWN = 10
_ENTRIES = ("published", "held", "missing", "drafts", "scheduled", "expired", "waiting")


class Target(msgspec.Struct, frozen=True):
    """A target of publish.yml: what was last published there, and whether that is what was built last."""

    name: str
    last: Published | None
    current: bool


class Status(msgspec.Struct, frozen=True):
    """The state of an output folder at a time. ``overdue`` says that something should have changed long ago, ``late`` that the
    last build is older than it may be."""

    now: datetime
    build: BuildNote
    targets: tuple[Target, ...]
    overdue: bool
    late: bool

    @property
    def good(self) -> bool:
        """True if nothing needs anybody's attention."""
        return not (self.build.exit or self.overdue or self.late) and all(each.current for each in self.targets)

    def age(self, at: str) -> int:
        """Returns how many seconds ago a time was."""
        return int((self.now - datetime.fromisoformat(at)).total_seconds())


def run(parsed: argparse.Namespace) -> int:
    """Prints the status; returns 0 if all is well, 1 if something needs attention."""
    root = root_of(parsed)
    with refusals(root):
        organization = organization_of(root)
        output = parsed.output or root / "sites"
        store = Store(parsed.state or root / ".branchpress", output)
        status = status_of(root, output, store, now_of(parsed, organization), parsed.max_age)
    text = translator_of(organization)
    if parsed.format == "json":
        print(json.dumps(_object(status, text), ensure_ascii=False, indent=1))
    elif parsed.format == "prometheus":
        sys.stdout.write(prometheus(status))
    else:
        sys.stdout.write("".join(f"{line}\n" for line in _lines(status, organization, text)))
    return OK if status.good else PROBLEMS


def status_of(root: Path, output: Path, store: Store, now: datetime, max_age: int | None = None) -> Status:
    """Returns the status of an output folder; a build older than ``max_age`` minutes is late. Raises CommandError where none
    was made."""
    build = last_build(store)
    if build is None:
        raise CommandError(N_("Nothing has been built here yet."))
    age = (now - datetime.fromisoformat(build.at)).total_seconds()
    due = datetime.fromisoformat(build.next_due) if build.next_due else None
    return Status(
        now=now,
        build=build,
        targets=tuple(_targets(root, output, store)),
        overdue=due is not None and (now - due).total_seconds() > _PATIENCE,
        late=max_age is not None and age > 60 * max_age,
    )


def _targets(root: Path, output: Path, store: Store) -> Iterator[Target]:
    known = last_publications(store)
    names: Sequence[str] = tuple(read_targets(root)[0]) if (root / TARGETS_FILE).is_file() else ()
    listed = read_bytes(output / BUILD_JSON)
    built = hashlib.sha256(listed).hexdigest() if listed is not None else ""
    for name in names:
        last = known.get(name)
        yield Target(name, last, current=last is not None and last.build == built != "")


def _object(status: Status, text: Translator) -> Mapping[str, object]:
    build = status.build
    return {
        "version": VERSION,
        "program": __version__,
        "now": status.now.isoformat(),
        "good": status.good,
        "build": {
            "at": build.at,
            "age_seconds": status.age(build.at),
            "late": status.late,
            "exit": build.exit,
            "program": build.program,
            "counts": build.counts,
            "kept": build.kept,
            "missing": build.missing,
            "problems": [problem_object(each, text) for each in build.problems],
        },
        "next_due": build.next_due,
        "overdue": status.overdue,
        "targets": [
            {
                "name": each.name,
                "release": each.last.release if each.last else None,
                "at": each.last.at if each.last else None,
                "age_seconds": status.age(each.last.at) if each.last else None,
                "checked": (each.last.checked or None) if each.last else None,
                "current": each.current,
            }
            for each in status.targets
        ],
    }


def prometheus(status: Status) -> str:
    """Returns the status in the text format of Prometheus, for the textfile collector of node_exporter or a push gateway."""
    return "".join(f"{line}\n" for line in _metrics(status))


def _metrics(status: Status) -> Iterator[str]:
    build, counts = status.build, status.build.counts
    yield from _metric("info", "The version of the program.", {f'version="{__version__}"': 1})
    yield from _metric("good", "1 if nothing needs attention.", {"": int(status.good)})
    yield from _metric("build_timestamp_seconds", "Time of the last build.", {"": _seconds(build.at)})
    yield from _metric("build_exit_status", "Exit status of the last build.", {"": build.exit})
    entries = {f'state="{name}"': counts.get(name, 0) for name in _ENTRIES}
    yield from _metric("entries", "Entries by state.", entries)
    branches = {
        f'state="{name}"': counts.get(f"branches_{name}", 0) for name in ("built", "unchanged", "kept", "missing")
    }
    yield from _metric("branches", "Branches by what the last build did with them.", branches)
    problems = {f'severity="{name}"': counts.get(f"{name}s", 0) for name in ("error", "warning")}
    yield from _metric("problems", "Problems of the content.", problems)
    if build.next_due:
        due = {"": _seconds(build.next_due)}
        yield from _metric("next_due_timestamp_seconds", "When time alone changes something next.", due)
    shown = [(f'target="{each.name}"', each) for each in status.targets]
    if shown:
        current = {label: int(each.current) for label, each in shown}
        yield from _metric("publish_current", "1 if readers see the last build.", current)
    done = [(label, each.last) for label, each in shown if each.last is not None]
    if done:
        times = {label: _seconds(last.at) for label, last in done}
        yield from _metric("publish_timestamp_seconds", "Time of the release that readers see.", times)
        releases = {label: last.release for label, last in done}
        yield from _metric("publish_release", "Number of the release that readers see.", releases)


def _metric(name: str, told: str, values: Mapping[str, int]) -> Iterator[str]:
    yield f"# HELP branchpress_{name} {told}"
    yield f"# TYPE branchpress_{name} gauge"
    for label, value in values.items():
        yield f"branchpress_{name}{{{label}}} {value}" if label else f"branchpress_{name} {value}"


def _seconds(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp())


def _lines(status: Status, organization: Organization, text: Translator) -> Iterator[str]:
    build, counts = status.build, status.build.counts
    _ = text.gettext
    ago = {"moment": _moment(build.at, organization), "ago": _ago(status.age(build.at), text)}
    yield _("Last build: {moment} ({ago}), status {status}", status=build.exit, **ago)
    if status.late:
        yield "  " + _("It should have been built again by now.")
    yield _(
        "{published} of {entries} entries are published, {held} held in their last good version, {missing} left out.",
        **{name: counts.get(name, 0) for name in ("published", "entries", "held", "missing")},
    )
    for names, message in (
        (build.kept, N_("Branches that were left unchanged: {names}")),
        (build.missing, N_("Branches that cannot be shown: {names}")),
    ):
        if names:
            yield _(message, names=names)
    for problem in build.problems[:_SHOWN]:
        place = f"{problem.path}:{problem.line}" if problem.line else problem.path
        yield f"  {visible(place)}  {problem_object(problem, text)['message']}"
    if len(build.problems) > _SHOWN:
        yield "  " + _("and {n} more", n=len(build.problems) - _SHOWN)
    if build.next_due:
        yield moment_line(datetime.fromisoformat(build.next_due), organization, text)
        if status.overdue:
            yield "  " + _("That has passed; build again.")
    for each in status.targets:
        yield _target_line(each, status, organization, text)


def _target_line(target: Target, status: Status, organization: Organization, text: Translator) -> str:
    if target.last is None:
        return text.gettext("{target}: nothing published yet", target=target.name)
    message = (
        N_("{target}: release {number} of {moment} ({ago}); readers see the last build")
        if target.current
        else N_("{target}: release {number} of {moment} ({ago}); readers do not see the last build")
    )
    at = target.last.at
    told = {"moment": _moment(at, organization), "ago": _ago(status.age(at), text)}
    return text.gettext(message, target=target.name, number=target.last.release, **told)


def _moment(at: str, organization: Organization) -> str:
    moment = datetime.fromisoformat(at).astimezone(organization.zone)
    return moment_text(Moment(at=moment, end=moment), organization.language)


def _ago(seconds: int, text: Translator) -> str:
    if seconds < 0:
        return text.gettext("in the future")
    if seconds < 60:
        return text.gettext("just now")
    if seconds < 5400:
        return text.gettext("{n} min ago", n=seconds // 60)
    if seconds < 48 * 3600:
        return text.gettext("{n} h ago", n=seconds // 3600)
    return text.gettext("{n} days ago", n=seconds // 86400)
