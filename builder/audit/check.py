"""``branchpress check``: every problem of every file in one run, without building anything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from pathlib import Path

from builder.audit.duplicates import Candidate, Load, Pair, compare, rate
from builder.audit.reading import SiteReader
from builder.catalogue.changes import SiteChanges, tell_changes, vanished_entries
from builder.catalogue.checks import OrganizationCheck, check_organization
from builder.catalogue.reading import SiteSource, find_site
from builder.content.mailing import MAILING_FILE, read_mailing
from builder.content.targets import TARGETS_FILE, read_targets
from builder.content.workspace import Workspace, open_workspace
from builder.messages.problems import Problem, few, in_order
from builder.store import Store
from builder.workers import SerialExecutor, TaskLost, TaskRunner


def check_content(
    root: Path,
    now: datetime,
    store: Store | None = None,
    *,
    duplicates: bool = False,
    workers: Callable[[], Executor] = SerialExecutor,
    find: Callable[..., SiteSource] = find_site,
) -> tuple[Problem, ...]:
    """Returns all problems of the content, in order; with ``duplicates`` also texts that are nearly the same as others.

    With the ``store`` of an output folder each problem has its effect on the published version; without, nothing counts
    as published yet. ``workers`` makes the executor that reads and checks the branches; ``find`` reads a branch's folder. Raises
    UnusableError.
    """
    workspace = open_workspace(root)
    with (
        TaskRunner(workers) as runner,
        SiteReader(root, workspace, now, store, runner, sketched=duplicates, find=find) as reader,
    ):
        return tuple(in_order(_problems(root, workspace, store, reader, runner, with_duplicates=duplicates)))


def _removed(store: Store, slugs: Collection[str]) -> Iterator[SiteChanges]:
    """Returns the changes of branches that are published and have no folder any more."""
    for slug in store.slugs():
        record, last = store.record(slug), store.live_site(slug)
        if slug not in slugs and record is not None and last is not None:
            yield vanished_entries(record, last)


def _problems(
    root: Path,
    workspace: Workspace,
    store: Store | None,
    reader: SiteReader,
    runner: TaskRunner,
    *,
    with_duplicates: bool,
) -> Iterator[Problem]:
    yield from workspace.problems
    if (root / TARGETS_FILE).is_file():
        yield from read_targets(root)[1]
    if (root / MAILING_FILE).is_file():
        yield from read_mailing(root)[1]
    sites = reader.read()
    catalogue = reader.catalogue(sites)
    for site in sites:
        yield from site.problems
        if site.lost is not None:
            yield site.lost
    yield from reader.check(sites)
    yield from check_organization(catalogue, OrganizationCheck(), {}, reader.live).problems
    if store is not None:
        yield from tell_changes([*(site.changes for site in sites), *_removed(store, workspace.slugs)], catalogue)
    if with_duplicates:
        texts = (text for site in sites for text in site.texts)
        compared = compare(texts, rate_all=partial(rate_in_tasks, runner, reader.load()))
        yield from few(_copy_problem(pair) for pair in compared.pairs)


def rate_in_tasks(
    runner: TaskRunner, load: Load, work: Sequence[Sequence[Candidate]]
) -> Iterator[Sequence[float | None]]:
    """Compares texts in the tasks of a runner, those of each site in one; what cannot be compared in time is like nothing."""
    found: dict[int, Sequence[float | None]] = {}
    numbered = list(enumerate(work))
    for (number, some), result in runner.each(partial(_rate_numbered, load), numbered):
        found[number] = [None] * len(some) if isinstance(result, TaskLost) else result
    return (found[number] for number, _ in numbered)


def _rate_numbered(load: Load, work: Sequence[tuple[int, Sequence[Candidate]]]) -> list[list[float | None]]:
    return rate(load, [some for _, some in work])


def _copy_problem(pair: Pair) -> Problem:
    return Problem(
        code="near-duplicate" if pair.first.branch != pair.second.branch else "near-duplicate-own",
        severity="warning",
        path=pair.second.path,
        line=pair.second.line,
        column=1,
        arguments={
            "other": f"{pair.first.path}:{pair.first.line}",
            "percent": str(round(100 * pair.similarity)),
            "branch": pair.second.branch,
        },
        branch=pair.second.branch,
    )


def within(problems: tuple[Problem, ...], paths: tuple[str, ...]) -> tuple[Problem, ...]:
    """Returns the problems of the given files and folders, which are relative to the root."""
    if not paths:
        return problems
    return tuple(
        problem
        for problem in problems
        if any(problem.path == path or problem.path.startswith(f"{path}/") for path in paths)
    )


def next_due(
    root: Path,
    now: datetime,
    store: Store | None = None,
    workers: Callable[[], Executor] = SerialExecutor,
) -> tuple[datetime | None, tuple[Problem, ...]]:
    """Returns the next instant at which time alone changes something, and the problems of sites that could not be read. With
    the ``store`` of an output folder this includes documents in their last good version. Raises UnusableError."""
    workspace = open_workspace(root)
    with (
        TaskRunner(workers) as runner,
        SiteReader(root, workspace, now, store, runner, pictures=False) as reader,
    ):
        sites = reader.read()
    problems = tuple(site.lost for site in sites if site.lost is not None)
    return min((site.due for site in sites if site.due is not None), default=None), problems
