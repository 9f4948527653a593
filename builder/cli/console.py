"""The command line's common parts: the folder, organization, clock and workers that arguments name, and ways to speak.

Texts for people go to stderr, results to stdout.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from builder.cli.errors import CommandError
from builder.messages.terms import neutral, translator_of
from builder.messages.translation import N_, Translator

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from builder.messages.problems import Problem
    from builder.model.values import Organization
    from builder.preview import PreviewSettings

OK, PROBLEMS, NOTHING_DONE, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses: done; done, and there are problems; not done, and nothing was changed; stopped by Ctrl+C."""


def root_of(parsed: argparse.Namespace) -> Path:
    """Returns the folder that ``--root`` names. Raises :class:`CommandError` where it holds no content/."""
    root: Path = parsed.root
    if not (root / "content").is_dir():
        raise CommandError(N_("There is no folder content/ in {folder}."), folder=root.resolve())
    return root


def organization_of(root: Path) -> Organization:
    """Returns what content/organization.yml says. Raises ``UnusableError`` with its problems where it cannot be read."""
    from builder.content import read_organization
    from builder.content.workspace import UnusableError

    organization, problems = read_organization(root)
    if organization is None:
        raise UnusableError(problems)
    return organization


def now_of(parsed: argparse.Namespace, organization: Organization) -> datetime:
    """Returns the build's time: ``--now``, else the present, in the organization's zone."""
    from builder.model.dates import parse_moment

    zone = organization.zone
    if parsed.now is None:
        return datetime.now(zone).replace(microsecond=0)
    moment = parse_moment(parsed.now, zone)
    if moment is None:
        raise CommandError(
            N_("--now {text} is not a valid date; write it like 2026-11-20T09:30+08:00."), text=parsed.now
        )
    return moment.at


def executor_of(parsed: argparse.Namespace, organization: Organization) -> Callable[[], Executor]:
    """Returns the factory of the executor that ``--executor`` and ``--jobs`` name."""
    from builder.workers import executor_named

    if parsed.jobs is not None and parsed.jobs < 1:
        raise CommandError(N_("--jobs must be 1 or more."))
    limits = organization.limits
    seconds = limits.branch_seconds if parsed.deadline is None else parsed.deadline
    # Megabytes in full: a limit that is not 0 must not become 0, which is none.
    megabytes = -(-limits.worker_memory // 1_000_000) if parsed.memory is None else parsed.memory
    for option, value in (("--deadline", seconds), ("--memory", megabytes)):
        if not 0 <= value < math.inf:
            raise CommandError(N_("{option} must be 0 (no limit) or more."), option=option)
    jobs = parsed.jobs or os.cpu_count() or 1
    if parsed.executor.startswith("dask:"):
        return _cluster_of(parsed, parsed.executor.removeprefix("dask:"), (seconds, megabytes, jobs), organization)
    try:
        return executor_named(parsed.executor, jobs, seconds, megabytes)
    except LookupError as error:
        raise CommandError(N_("{name} is not an executor: {reason}."), name=parsed.executor, reason=error) from error


_CLUSTER_TROUBLES = {
    "missing": N_("A cluster needs a part that is not installed: pip install 'branchpress[cluster]'."),
    "scheduler": N_("There is no scheduler of Dask at {address}: {reason}."),
    "empty": N_("The scheduler at {address} has no workers: start some (“dask worker {address}”), and build again."),
    "unseen": N_("The worker {worker} does not answer, or has not installed this program. Look at what it prints."),
    "version": N_(
        "The worker {worker} has another version of this program or of Python. Install the same one everywhere, start "
        "the workers again, and build again."
    ),
    "unshared": N_(
        "The worker {worker} does not see {folder}, the state and the output as this machine does. All machines of a "
        "cluster need one shared file system, at the same path, with the same rights."
    ),
}


def _cluster_of(
    parsed: argparse.Namespace, address: str, limits: tuple[float, int, int], organization: Organization
) -> Callable[[], Executor]:
    """Returns the factory of an executor on a cluster, which is looked at now. Raises CommandError if it cannot be used."""
    from builder.workers import WorkerPool
    from builder.workers.cluster.executor import ClusterError, Limits, connect

    root, text = parsed.root.absolute(), translator_of(organization)
    state, output = parsed.state or root / ".branchpress", parsed.output or root / "sites"
    seconds, megabytes, jobs = limits

    def gone() -> None:
        say(text.gettext("The cluster is gone; the build goes on with the processes of this machine."))

    def again() -> Executor:
        try:
            return connect(address, root, state, output, Limits(*limits), gone)
        except ClusterError:
            gone()
            return WorkerPool(jobs, seconds, megabytes)

    try:
        first = [connect(address, root, state, output, Limits(*limits), gone)]
    except ClusterError as error:
        raise CommandError(_CLUSTER_TROUBLES[error.kind], **error.values) from error
    return lambda: first.pop() if first else again()


def preview_settings(parsed: argparse.Namespace, root: Path, organization: Organization) -> PreviewSettings:
    """Returns what a preview of the folder needs, with the clock, the workers and the voice of a command."""
    from builder.preview import PreviewSettings

    return PreviewSettings(
        root,
        parsed.state or root / ".branchpress",
        organization,
        lambda known: now_of(parsed, known),
        executor_of(parsed, organization),
        say,
        lambda problems: say_problems(problems, languages_of(organization)),
        parsed.deadline,
    )


def languages_of(organization: Organization | None) -> tuple[Translator, ...]:
    """Returns the language of the organization; both languages while it is not known."""
    return (translator_of(organization),) if organization is not None else (neutral("zh"), neutral("en"))


def ask(question: str, otherwise: str) -> str:
    """Asks on a terminal; returns ``otherwise`` anywhere else."""
    if not sys.stdin.isatty():
        return otherwise
    sys.stderr.write(f"{question} ")
    sys.stderr.flush()
    return sys.stdin.readline().strip() or otherwise


def path_below(root: Path, path: Path) -> str:
    """Returns a path from the command line as problems write it: relative to the root."""
    full = path if path.exists() else root / path
    if not full.exists():
        raise CommandError(N_("There is no file or folder {path}."), path=path)
    try:
        return full.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        raise CommandError(N_("{path} is not in {folder}."), path=path, folder=root.resolve()) from None


def say_problems(problems: Sequence[Problem], languages: tuple[Translator, ...], *, verbose: bool = False) -> None:
    """Prints problems in each of the languages to stderr."""
    from builder.messages.formats import problems_text

    sys.stderr.write(problems_text(problems, languages, color=sys.stderr.isatty(), verbose=verbose))


def say(text: str) -> None:
    """Prints a text for people to stderr."""
    sys.stderr.write(text if text.endswith("\n") else text + "\n")


def write_whole(file: Path, content: bytes) -> None:
    """Writes a file so that it is never seen half written; a device or a pipe is written to."""
    if file.exists() and not file.is_file():
        file.write_bytes(content)
        return
    beside = file.with_name(file.name + ".new")
    beside.write_bytes(content)
    beside.replace(file)
