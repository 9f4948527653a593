"""The repository's history: the audit at an earlier revision, the changes since then, the arrival of files.

Only this module calls Git. A history that was rewritten, or begins with a migration, proves less than it seems to.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path

import msgspec

from builder.audit.breach import Breach
from builder.audit.findings import Finding
from builder.audit.run import Audit, Inventory, audit
from builder.messages.diagnostics import Argument
from builder.messages.translation import N_
from builder.model.dates import fixed
from builder.model.periods import day_of, last_day

_SECONDS = 300
_FAILED = N_("The repository's history cannot be read: {reason}")
_OWN = ("mkdocs.yml", "theme")


class HistoryError(Exception):
    """There is no Git, no repository, or no such revision: an English msgid, and what fills its ``{names}``."""

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


class Changes(msgspec.Struct, frozen=True):
    """The new and the resolved findings since a revision, which was audited as of its own time ``then``.

    ``points`` are the scores of each branch before and now; ``None`` before for a branch that was not there.
    """

    revision: str
    then: datetime
    new: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    points: Mapping[str, tuple[float | None, float]]


def changes_since(root: Path, revision: str, now: Audit, executor: Executor, branches: Iterable[str] = ()) -> Changes:
    """Compares an audit with one of the content at a revision. Raises HistoryError, UnusableError.

    Findings in built pages or on other hosts are left out of the comparison: there is nothing to compare them with.
    """
    commit = _commit(root, revision)
    told = _git(root, "show", "-s", "--format=%cI", commit).strip()
    zone = now.organization.zone
    then = min(fixed(datetime.fromisoformat(told).astimezone(zone)), now.now)
    with tempfile.TemporaryDirectory() as name:
        old = Path(name)
        content = _run(root, "archive", "--format=tar", commit, "content")
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            archive.extractall(old, filter="data")
        for own in _OWN:
            (old / own).symlink_to((root / own).resolve())
        before = audit(old, then, executor)
    named = frozenset(branches)
    here = {_key(one): one for one in now.findings if one.path.startswith("content/") and one.code not in _ELSEWHERE}
    there = {_key(one): one for one in before.findings if not named or one.branch in named}
    points = {score.branch: score.points for score in before.scores}
    return Changes(
        revision=revision,
        then=then,
        new=tuple(one for key, one in here.items() if key not in there),
        gone=tuple(one for key, one in there.items() if key not in here),
        points={score.branch: (points.get(score.branch), score.points) for score in now.scores},
    )


_ELSEWHERE = ("external-dead", "date-before-history")


def _key(finding: Finding) -> tuple[str, str, str, str, Argument]:
    """Returns the key that a finding shares with an earlier one: lines move and numbers grow."""
    what = finding.arguments.get("target") or finding.arguments.get("value") or finding.arguments.get("other", "")
    return finding.code, finding.branch, finding.section, finding.path, what


def dated_back(root: Path, revision: str, inventory: Inventory) -> Iterator[Breach]:
    """Returns breaches for entries dated long before their file was added to the repository, of those added since a
    revision. Raises HistoryError."""
    setting = inventory.organization.profile.rules.get("date-before-history")
    if setting is None or setting.within is None:
        return
    zone = inventory.organization.zone
    added = _arrival_times(root, revision)
    for site in inventory.sites.values():
        for entry in (live.entry for live in site.part.entries):
            came = added.get(entry.path)
            if came is None:
                continue
            day, came_on = day_of(entry.date, zone), day_of(came, zone)
            if last_day(day, setting.within) < came_on:
                yield Breach(
                    code="date-before-history",
                    branch=entry.branch,
                    section=entry.section,
                    path=entry.path,
                    line=1,
                    measure=(came_on - day).days,
                    unit="days",
                    limit=setting.within,
                    arguments={"date": day.isoformat(), "added": came_on.isoformat()},
                )


def _arrival_times(root: Path, revision: str) -> Mapping[str, datetime]:
    """Returns when each file below content/ was added since a revision; files that were only moved do not count."""
    commit = _commit(root, revision)
    form = ("--format=%x01%cI", "--name-only", "-z", "--relative", "--diff-filter=A", "-M", "--no-show-signature")
    told = _git(root, "log", *form, f"{commit}..HEAD", "--", "content")
    found: dict[str, datetime] = {}
    for part in told.split("\x01")[1:]:
        when, _, names = part.partition("\0")
        moment = datetime.fromisoformat(when.strip())
        for name in names.split("\0"):
            path = name.strip("\n")
            found[path] = min(moment, found.get(path, moment))
    return found


def _commit(root: Path, revision: str) -> str:
    """Returns the hash of a revision's commit."""
    if _ask(root, "rev-parse", "--git-dir").returncode:
        raise HistoryError(N_("{folder} is not in a Git repository, so it has no history."), folder=str(root))
    done = _ask(root, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    if done.returncode:
        raise HistoryError(N_("The repository has no revision “{revision}”."), revision=revision)
    return done.stdout.decode().strip()


def _git(root: Path, *arguments: str) -> str:
    return _run(root, *arguments).decode("utf-8", "replace")


def _run(root: Path, *arguments: str) -> bytes:
    done = _ask(root, *arguments)
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise HistoryError(_FAILED, reason=said[-1] if said else f"git {arguments[0]}")
    return done.stdout


def _ask(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(root), *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS)
    except FileNotFoundError as error:
        raise HistoryError(N_("Git is not installed, so the repository's history cannot be read.")) from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise HistoryError(_FAILED, reason=str(error)) from error
