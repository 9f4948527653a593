"""The reading of all sites for a command that builds nothing: in workers, so that a source which takes too long is named."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from builder.audit.duplicates import texts_of
from builder.catalogue.changes import SiteChanges, changes_of
from builder.catalogue.failed_sources import Request, SiteRequest, request_without_failed
from builder.catalogue.reading import SiteSource, find_site, found_in, reading_of
from builder.content.workspace import Workspace
from builder.messages.problems import Problem
from builder.model.site_id import SiteId
from builder.model.values import Organization
from builder.store import Store
from builder.store.progress_note import Notes
from builder.workers import TaskLost, TaskRunner

_BATCH = 8
"""The number of branches that one worker reads at a time, where they are many."""


class ReadSite(msgspec.Struct, frozen=True):
    """A site as it was read, the sketches of its texts by the hash of the source, and its changes since its last release."""

    found: SiteSource
    sketches: Mapping[str, bytes] = {}
    changes: SiteChanges = SiteChanges()


class UnreadSite(msgspec.Struct, frozen=True):
    """A site that could not be read: the problem, and what its last release has, if there is one."""

    problem: Problem
    found: SiteSource | None = None


class _Shared(msgspec.Struct, frozen=True):
    """The data that the reading of all sites shares. ``pictures`` says whether they are looked at, ``sketched`` whether texts
    are prepared for comparison."""

    root: Path
    organization: Organization
    now: datetime
    store: Store | None
    reserved: frozenset[str]
    notes: Notes
    pictures: bool
    sketched: bool
    find: Callable[..., SiteSource]


def read_sites(
    root: Path,
    workspace: Workspace,
    now: datetime,
    store: Store | None,
    workers: Callable[[], Executor],
    *,
    pictures: bool = True,
    sketched: bool = False,
    find: Callable[..., SiteSource] = find_site,
) -> Iterator[ReadSite | UnreadSite]:
    """Yields every site, the branches in order and the hub last. With the ``store`` of an output folder texts that have not
    changed since the last build are not read again. ``find`` reads a site's folder."""
    slugs = (*workspace.slugs, "")
    with tempfile.TemporaryDirectory(prefix="branchpress-") as folder, TaskRunner(workers) as runner:
        shared = _Shared(
            root,
            workspace.organization,
            now,
            store,
            frozenset(workspace.slugs),
            Notes(Path(folder)),
            pictures,
            sketched,
            find,
        )
        requests = [SiteRequest(slug) for slug in slugs]
        size = _BATCH if len(slugs) > 4 * _BATCH else 1
        found: dict[str, bytes | TaskLost] = {}
        for request, result in runner.each(
            partial(_read, shared), requests, size, partial(retried_request, shared.notes)
        ):
            found[request.slug] = result
    for slug in slugs:
        content = found[slug]
        yield (
            _unread(store, slug, content)
            if isinstance(content, TaskLost)
            else msgspec.json.decode(content, type=ReadSite)
        )


def retried_request(notes: Notes, request: Request, result: object) -> Request | None:
    """Returns the request to repeat when a worker was lost on a site: without the source that it was reading."""
    return request_without_failed(notes, request, result.reason) if isinstance(result, TaskLost) else None


def _read(shared: _Shared, requests: Sequence[SiteRequest]) -> list[bytes]:
    """Reads sites, for another process: as JSON, which is encoded and decoded faster than anything else here."""
    return [msgspec.json.encode(_read_site(shared, request)) for request in requests]


def _read_site(shared: _Shared, request: SiteRequest) -> ReadSite:
    slug, store = request.slug, shared.store
    record, last = (store.record(slug), store.live_site(slug)) if store is not None else (None, None)
    with shared.notes.begin(slug) as note:
        found = shared.find(
            shared.root,
            slug,
            shared.organization,
            shared.now,
            record=record,
            last=last,
            # A check says what is in the files.
            allow_deletions=True,
            reserved=frozenset() if slug else shared.reserved,
            look_at_pictures=shared.pictures,
            failed=request.failed,
            note=note.write,
            past=store.past_of(shared.reserved) if store is not None else lambda name: None,
        )
    reading = reading_of(found, shared.now)
    texts = texts_of(reading.live, {}) if shared.sketched else ()
    changes = SiteChanges()
    if store is not None and (last is not None or not set(store.slugs()) <= shared.reserved):
        changes = changes_of(record, last, reading, shared.organization.feeds.items)
    return ReadSite(found, {text.digest: text.sketch for text in texts if text.sketch is not None}, changes)


def _unread(store: Store | None, slug: str, lost: TaskLost) -> UnreadSite:
    record = store.record(slug) if store is not None else None
    problem = Problem(
        code="render-failed",
        severity="error",
        path=SiteId(slug).source,
        arguments={"reason": lost.reason},
        branch=slug,
        effect="kept" if record is not None else "missing",
    )
    return UnreadSite(problem, found_in(record) if record is not None else None)
