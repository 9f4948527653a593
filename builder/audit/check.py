"""``branchpress check``: every problem of every file in one run, without building anything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path

from builder.audit.duplicates import Pair, duplicates, texts_of
from builder.audit.reading import ReadSite, UnreadSite, read_sites
from builder.catalogue.bodies import resolved
from builder.catalogue.catalogue import Catalogue
from builder.catalogue.changes import SiteChanges, tell_changes, vanished_entries
from builder.catalogue.checks import OrganizationCheck, check_organization, check_site
from builder.catalogue.reading import SiteSource, find_site, reading_of
from builder.content.mailing import MAILING_FILE, read_mailing
from builder.content.targets import TARGETS_FILE, read_targets
from builder.content.workspace import open_workspace
from builder.messages.problems import Problem, in_order
from builder.store import Store
from builder.workers import SerialExecutor


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
    as published yet. ``workers`` makes the executor that reads the branches, ``find`` reads one's folder. Raises UnusableError.
    """
    return tuple(in_order(_problems(root, now, store, duplicates, workers, find)))


def _removed(store: Store, slugs: Collection[str]) -> Iterator[SiteChanges]:
    """Returns the changes of branches that are published and have no folder any more."""
    for slug in store.slugs():
        record, last = store.record(slug), store.live_site(slug)
        if slug not in slugs and record is not None and last is not None:
            yield vanished_entries(record, last)


def _problems(
    root: Path,
    now: datetime,
    store: Store | None,
    with_duplicates: bool,
    workers: Callable[[], Executor],
    find: Callable[..., SiteSource],
) -> Iterator[Problem]:
    workspace = open_workspace(root)
    yield from workspace.problems
    if (root / TARGETS_FILE).is_file():
        yield from read_targets(root)[1]
    if (root / MAILING_FILE).is_file():
        yield from read_mailing(root)[1]
    read: list[ReadSite] = []
    for site in read_sites(root, workspace, now, store, workers, sketched=with_duplicates, find=find):
        if isinstance(site, ReadSite):
            read.append(site)
        else:
            yield site.problem
            read += [ReadSite(site.found)] if site.found is not None else []
    readings = [reading_of(one.found, now) for one in read]
    parts = [reading.part for reading in readings if not reading.slug or reading.part.branch is not None]
    catalogue = Catalogue.of(workspace.organization, parts)
    for reading in readings:
        yield from reading.problems
        if reading.slug and reading.part.branch is None:
            continue
        bodies = [resolved(document, catalogue) for document in reading.live]
        yield from check_site(root, reading, bodies, catalogue, now)
    by_slug = {reading.slug: reading for reading in readings}
    yield from check_organization(catalogue, OrganizationCheck(), {}, lambda slug: by_slug[slug].live).problems
    if store is not None:
        yield from tell_changes([*(one.changes for one in read), *_removed(store, workspace.slugs)], catalogue)
    if with_duplicates:
        sketches = {digest: sketch for one in read for digest, sketch in one.sketches.items()}
        texts = texts_of((one for each in readings for one in each.live), sketches)
        yield from (_copy_problem(pair) for pair in duplicates(texts))


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
    root: Path, now: datetime, store: Store | None = None, workers: Callable[[], Executor] = SerialExecutor
) -> tuple[datetime | None, tuple[Problem, ...]]:
    """Returns the next instant at which time alone changes something, and the problems of sites that could not be read. With
    the ``store`` of an output folder this includes documents in their last good version. Raises UnusableError."""
    sites = tuple(read_sites(root, open_workspace(root), now, store, workers, pictures=False))
    dues = (reading_of(site.found, now).due for site in sites if site.found is not None)
    problems = tuple(site.problem for site in sites if isinstance(site, UnreadSite))
    return min((due for due in dues if due is not None), default=None), problems
