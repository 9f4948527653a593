"""The reading of all sites for a command that builds nothing: in workers, so that a source which takes too long is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

import msgspec

from builder.audit.duplicates import Text, text_of, texts_of
from builder.catalogue.bodies import resolved
from builder.catalogue.catalogue import Catalogue
from builder.catalogue.changes import SiteChanges, changes_of
from builder.catalogue.checks import check_site
from builder.catalogue.failed_sources import Request, SiteRequest, lost_problem, request_without_failed
from builder.catalogue.reading import SiteAt, SiteSource, find_site, found_in, reading_of
from builder.catalogue.shelf import Shelf
from builder.content.documents import Document
from builder.content.workspace import Workspace
from builder.messages.problems import Problem
from builder.model.published import SiteSummary
from builder.store import Store
from builder.store.progress_note import Notes
from builder.workers import TaskLost, TaskRunner

_BATCH = 8
"""The number of branches that one worker reads at a time, where they are many."""


class ReadSite(msgspec.Struct, frozen=True):
    """A site as it was read: the summary of what it publishes (None where there is no branch), the problems of its files, its
    texts without their words, its changes since its last release, and when time alone changes it. ``lost`` is the problem of
    one that could not be read: the rest is what its last release has."""

    slug: str
    summary: SiteSummary | None = None
    problems: tuple[Problem, ...] = ()
    texts: tuple[Text, ...] = ()
    changes: SiteChanges = SiteChanges()
    due: datetime | None = None
    lost: Problem | None = None


class Sources(msgspec.Struct, frozen=True):
    """The data that the reading of all sites shares. ``pictures`` says whether they are looked at, ``sketched`` whether texts are
    prepared for comparison; ``find`` reads a site's folder."""

    root: Path
    now: datetime
    store: Store | None
    reserved: frozenset[str]
    shelf: Shelf
    pictures: bool = True
    sketched: bool = False
    find: Callable[..., SiteSource] = find_site

    @property
    def notes(self) -> Notes:
        """The notes of what is being read."""
        return Notes(self.shelf.folder / "notes")


class SiteReader:
    """All sites of a root, read and then checked in the tasks of a runner; as a context, it leaves nothing behind."""

    def __init__(
        self,
        root: Path,
        workspace: Workspace,
        now: datetime,
        store: Store | None,
        runner: TaskRunner,
        *,
        pictures: bool = True,
        sketched: bool = False,
        find: Callable[..., SiteSource] = find_site,
    ) -> None:
        """With the ``store`` of an output folder texts that have not changed since the last build are not read again."""
        self._folder = TemporaryDirectory(prefix="branchpress-")
        shelf = Shelf(Path(self._folder.name), workspace.organization)
        reserved = frozenset(workspace.slugs)
        self._sources = Sources(root, now, store, reserved, shelf, pictures, sketched, find)
        self._slugs, self._runner = (*workspace.slugs, ""), runner

    def __enter__(self) -> SiteReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def read(self) -> tuple[ReadSite, ...]:
        """Returns every site, the branches in order and the hub last."""
        sources, found = self._sources, dict[str, ReadSite]()
        requests = [SiteRequest(slug) for slug in self._slugs]
        again = partial(retried_request, sources.notes)
        for request, result in self._runner.each(partial(_read, sources), requests, self._size, again):
            found[request.slug] = (
                _read_last(sources, request.slug, result.reason)
                if isinstance(result, TaskLost)
                else msgspec.json.decode(result, type=ReadSite)
            )
        return tuple(found[slug] for slug in self._slugs)

    def catalogue(self, sites: Iterable[ReadSite]) -> Catalogue:
        """Returns the catalogue of the sites that were read, as the checks will have it."""
        return self._sources.shelf.draw_up(site.summary for site in sites if site.summary is not None)

    def check(self, sites: Iterable[ReadSite]) -> Iterator[Problem]:
        """Yields the problems of sites that follow from the catalogue."""
        slugs = [site.slug for site in sites if site.summary is not None]
        for slug, result in self._runner.each(partial(_check, self._sources), slugs, self._size):
            if isinstance(result, TaskLost):
                yield lost_problem(slug, result.reason, "none")
            else:
                yield from msgspec.json.decode(result, type=tuple[Problem, ...])

    def live(self, slug: str) -> tuple[Document, ...]:
        """Returns the published documents of a site that was read, without their bodies."""
        return self._sources.shelf.take("live", slug, tuple[Document, ...])

    def load(self) -> Callable[[Iterable[Text]], Mapping[str, str]]:
        """Returns a function that gives the words of texts, by path, in a worker."""
        return partial(_words, self._sources.shelf)

    @property
    def _size(self) -> int:
        return _BATCH if len(self._slugs) > 4 * _BATCH else 1


def retried_request(notes: Notes, request: Request, result: object) -> Request | None:
    """Returns the request to repeat when a worker was lost on a site: without the source that it was reading."""
    return request_without_failed(notes, request, result.reason) if isinstance(result, TaskLost) else None


def _read(sources: Sources, requests: Sequence[SiteRequest]) -> list[bytes]:
    """Reads sites, for another process: as JSON, which is encoded and decoded faster than anything else here."""
    return [msgspec.json.encode(_read_site(sources, request)) for request in requests]


def _read_site(sources: Sources, request: SiteRequest) -> ReadSite:
    slug, store = request.slug, sources.store
    record, last = (store.record(slug), store.live_site(slug)) if store is not None else (None, None)
    with sources.notes.begin(slug) as note:
        found = sources.find(
            sources.root,
            slug,
            sources.shelf.organization,
            sources.now,
            record=record,
            last=last,
            # A check says what is in the files.
            allow_deletions=True,
            reserved=frozenset() if slug else sources.reserved,
            look_at_pictures=sources.pictures,
            failed=request.failed,
            note=note.write,
            past=store.past_of(sources.reserved) if store is not None else lambda name: None,
        )
    reading = reading_of(found, sources.now)
    changes = SiteChanges()
    if store is not None and (last is not None or not set(store.slugs()) <= sources.reserved):
        changes = changes_of(record, last, reading, sources.shelf.organization.feeds.items)
    return _lay_down(sources, found, reading, changes)


def _lay_down(sources: Sources, found: SiteSource, reading: SiteAt, changes: SiteChanges) -> ReadSite:
    """Lays down what the checks need of a site; returns what the command itself needs."""
    slug, shelf = reading.slug, sources.shelf
    there = not slug or reading.part.branch is not None
    if there:
        shelf.put("found", slug, found)
        shelf.put("live", slug, tuple(msgspec.structs.replace(each, body=None) for each in reading.live))
    return ReadSite(
        slug,
        shelf.put_part(reading.part) if there else None,
        reading.problems,
        tuple(texts_of(reading.live, {}, bare=True)) if sources.sketched else (),
        changes,
        reading.due,
    )


def _read_last(sources: Sources, slug: str, reason: str) -> ReadSite:
    record = sources.store.record(slug) if sources.store is not None else None
    problem = lost_problem(slug, reason, "kept" if record is not None else "missing")
    if record is None:
        return ReadSite(slug, lost=problem)
    found = found_in(record)
    last = _lay_down(sources, found, reading_of(found, sources.now), SiteChanges())
    return msgspec.structs.replace(last, lost=problem)


def _check(sources: Sources, slugs: Sequence[str]) -> list[bytes]:
    catalogue = sources.shelf.catalogue()
    return [msgspec.json.encode(tuple(_problems(sources, slug, catalogue))) for slug in slugs]


def _problems(sources: Sources, slug: str, catalogue: Catalogue) -> Iterator[Problem]:
    reading = reading_of(sources.shelf.take("found", slug, SiteSource), sources.now)
    bodies = (resolved(document, catalogue) for document in reading.live)
    yield from check_site(sources.root, reading, bodies, catalogue, sources.now)


def _words(shelf: Shelf, texts: Iterable[Text]) -> Mapping[str, str]:
    wanted: dict[str, set[str]] = {}
    for text in texts:
        wanted.setdefault(text.branch, set()).add(text.path)
    found: dict[str, str] = {}
    for slug, paths in wanted.items():
        source = shelf.take("found", slug, SiteSource)
        documents = (*source.good.values(), *source.content.documents)
        found |= {each.path: text_of(each) for each in documents if each.path in paths and each.body is not None}
    return found
