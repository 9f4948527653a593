"""``branchpress check``: every problem of every file in one run, without building anything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path

import msgspec

from builder.audit.duplicates import Pair, duplicates, texts_of
from builder.catalogue.bodies import resolved
from builder.catalogue.catalogue import Catalogue
from builder.catalogue.changes import SiteChanges, changes_of, tell_changes, vanished_entries
from builder.catalogue.checks import OrganizationCheck, check_organization, check_site
from builder.catalogue.reading import SiteSource, find_site, reading_of
from builder.content.workspace import open_workspace
from builder.messages.problems import Problem, in_order
from builder.model.values import Organization
from builder.store import Store
from builder.workers import SerialExecutor

_BATCH = 8
"""The number of branches that one worker reads at a time."""


def check_content(
    root: Path,
    now: datetime,
    store: Store | None = None,
    *,
    duplicates: bool = False,
    workers: Callable[[], Executor] = SerialExecutor,
    many: int = 40,
) -> tuple[Problem, ...]:
    """Returns all problems of the content, in order; with ``duplicates`` also texts that are nearly the same as others.

    With the ``store`` of an output folder each problem has its effect on the published version; without, nothing counts
    as published yet. ``workers`` makes the executor that reads the branches if they are ``many`` or more. Raises UnusableError.
    """
    return tuple(in_order(_problems(root, now, store, duplicates, workers, many)))


class _Request(msgspec.Struct, frozen=True):
    """Sites to be read; with ``sketched`` their texts are also prepared for comparison."""

    root: Path
    organization: Organization
    now: datetime
    store: Store | None
    slugs: tuple[str, ...]
    reserved: frozenset[str]
    sketched: bool


class _Read(msgspec.Struct, frozen=True):
    """A site as it was read, the sketches of its texts by the hash of the source, and its changes since its last release."""

    found: SiteSource
    sketches: Mapping[str, bytes] = {}
    changes: SiteChanges = SiteChanges()


def _read_sites(request: _Request) -> bytes:
    """Reads sites, for another process: as JSON, which is encoded and decoded faster than anything else here."""
    return msgspec.json.encode([_read(request, slug) for slug in request.slugs])


def _read(request: _Request, slug: str) -> _Read:
    store = request.store
    record, last = (store.record(slug), store.live_site(slug)) if store is not None else (None, None)
    found = find_site(
        request.root,
        slug,
        request.organization,
        request.now,
        record=record,
        last=last,
        # A check says what is in the files.
        allow_deletions=True,
        reserved=frozenset() if slug else request.reserved,
    )
    reading = reading_of(found, request.now)
    texts = texts_of(reading.live, {}) if request.sketched else ()
    changes = SiteChanges()
    if store is not None and (last is not None or not set(store.slugs()) <= request.reserved):
        changes = changes_of(record, last, reading, request.organization.feeds.items)
    return _Read(found, {text.digest: text.sketch for text in texts if text.sketch is not None}, changes)


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
    many: int,
) -> Iterator[Problem]:
    workspace = open_workspace(root)
    yield from workspace.problems
    slugs, reserved = (*workspace.slugs, ""), frozenset(workspace.slugs)
    whole = _Request(root, workspace.organization, now, store, slugs, reserved, with_duplicates)
    read: list[_Read] = []
    if len(slugs) < many:
        read += [_read(whole, slug) for slug in slugs]
    else:
        batches = [slugs[start : start + _BATCH] for start in range(0, len(slugs), _BATCH)]
        with workers() as executor:
            for content in executor.map(_read_sites, [msgspec.structs.replace(whole, slugs=each) for each in batches]):
                read += msgspec.json.decode(content, type=list[_Read])
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


def next_due(root: Path, now: datetime, store: Store | None = None) -> datetime | None:
    """Returns the next instant at which time alone changes something. With the ``store`` of an output folder this includes
    documents in their last good version. Raises UnusableError."""
    workspace = open_workspace(root)
    records = ((slug, store.record(slug) if store is not None else None) for slug in (*workspace.slugs, ""))
    dues = (
        reading_of(find_site(root, slug, workspace.organization, now, record=record, look_at_pictures=False), now).due
        for slug, record in records
    )
    return min((due for due in dues if due is not None), default=None)
