"""The contents of digests: of each branch what is held and why, what waits, what falls due, and what is newly published.

All of it is read from the releases of the last build: what readers see, and nothing that only lies in the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from builder.catalogue.catalogue import Catalogue
from builder.catalogue.failed_sources import lost_problem
from builder.catalogue.reading import SiteAt, found_in, reading_of
from builder.catalogue.shelf import Shelf
from builder.digest.memory import mark
from builder.messages.problems import Problem
from builder.model.dates import Moment
from builder.model.periods import day_of
from builder.model.published import SiteSummary, path_of
from builder.model.values import Branch, Entry, Organization
from builder.pages.dues import Due, dues
from builder.store import Store
from builder.store.notes import BuildNote
from builder.workers import SerialExecutor, TaskLost, TaskRunner

AHEAD = timedelta(days=7)
_NEW = timedelta(days=1)
"""The age up to which an entry is news for a branch that never had a digest."""


class Waiting(msgspec.Struct, frozen=True):
    """An entry that readers do not see yet, or not much longer: its title, and when that changes."""

    title: str
    at: Moment


class News(msgspec.Struct, frozen=True):
    """An entry that was newly published: its title and its path."""

    title: str
    path: str


class BranchDigest(msgspec.Struct, frozen=True):
    """The things to tell of a branch. ``held`` are problems that keep something back, ``letters`` the section and the day of each
    letter without a reply, ``scheduled`` and ``ending`` entries, ``due`` tasks up to a week ahead, each with its words, ``news``
    what is newly published; ``marks`` are those of all that is published. ``branch`` is None where none was ever good."""

    slug: str
    branch: Branch | None
    held: tuple[Problem, ...] = ()
    letters: tuple[tuple[str, date], ...] = ()
    scheduled: tuple[Waiting, ...] = ()
    ending: tuple[Waiting, ...] = ()
    due: tuple[tuple[Due, str], ...] = ()
    news: tuple[News, ...] = ()
    marks: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name of the branch."""
        return self.branch.title if self.branch is not None else self.slug

    def __bool__(self) -> bool:
        return bool(self.held or self.letters or self.scheduled or self.ending or self.due or self.news)


class _Asked(msgspec.Struct, frozen=True):
    """A branch of which the digest is wanted: the problems that hold something back, and what its last digest knew."""

    slug: str
    held: tuple[Problem, ...]
    known: tuple[str, ...] | None


def branch_digests(
    organization: Organization,
    store: Store,
    build: BuildNote,
    now: datetime,
    known: Callable[[str], Collection[str] | None],
    workers: Callable[[], Executor] = SerialExecutor,
) -> tuple[BranchDigest, ...]:
    """Returns the digest of every branch, in order of the slugs, and last that of the hub and of what belongs to no branch, whose
    slug is empty. ``known`` gives the marks of the entries that a branch's last digest knew, None if it never had one;
    ``workers`` makes the executor that looks into the releases. Of a branch for which that takes too long the digest says so."""
    held: dict[str, list[Problem]] = {}
    for problem in build.problems:
        held.setdefault(problem.branch, []).append(problem)
    with TemporaryDirectory(prefix="branchpress-") as folder, TaskRunner(workers) as runner:
        shelf = Shelf(Path(folder), organization)
        summaries, lost = list[SiteSummary](), set[str]()
        for slug, content in runner.each(partial(_read, shelf, store, now), (*store.slugs(), "")):
            if isinstance(content, TaskLost):
                lost.add(slug)
                held.setdefault(slug, []).append(lost_problem(slug, content.reason, "none"))
            elif content:
                summaries.append(msgspec.json.decode(content, type=SiteSummary))
        catalogue = shelf.draw_up(sorted(summaries, key=lambda each: each.slug))
        asked = []
        for slug in (*sorted({*store.slugs(), *held} - {""}), ""):
            marks = known(slug)
            asked.append(_Asked(slug, tuple(held.get(slug, ())), tuple(marks) if marks is not None else None))
        found = {each.slug: BranchDigest(each.slug, None, each.held) for each in asked if each.slug in lost}
        left = [each for each in asked if each.slug not in found]
        for each, content in runner.each(partial(_tell, shelf, store, now), left):
            if isinstance(content, TaskLost):
                told = (*each.held, lost_problem(each.slug, content.reason, "none"))
                found[each.slug] = BranchDigest(each.slug, catalogue.branches.get(each.slug), told)
            else:
                found[each.slug] = msgspec.json.decode(content, type=BranchDigest)
    return tuple(found[each.slug] for each in asked)


def _read(shelf: Shelf, store: Store, now: datetime, slugs: Sequence[str]) -> list[bytes]:
    """Lays down what sites publish; returns the summaries, empty where there is nothing."""
    readings = (_reading(store, slug, now) for slug in slugs)
    return [msgspec.json.encode(shelf.put_part(each.part)) if each is not None else b"" for each in readings]


def _reading(store: Store, slug: str, now: datetime) -> SiteAt | None:
    record = store.record(slug)
    return reading_of(found_in(record), now) if record is not None else None


def _tell(shelf: Shelf, store: Store, now: datetime, asked: Sequence[_Asked]) -> list[bytes]:
    catalogue = shelf.catalogue()
    return [
        msgspec.json.encode(_digest(catalogue, each.slug, _reading(store, each.slug, now), each.held, now, each.known))
        for each in asked
    ]


def _digest(
    catalogue: Catalogue,
    slug: str,
    reading: SiteAt | None,
    held: tuple[Problem, ...],
    now: datetime,
    known: Collection[str] | None,
) -> BranchDigest:
    branch = catalogue.branches.get(slug)
    if reading is None:
        return BranchDigest(slug, branch, held)
    lives = reading.part.entries
    entries = [live.entry for live in lives]
    letters, due = _to_do(catalogue, branch, reading, now) if branch is not None else ((), ())
    return BranchDigest(
        slug=slug,
        branch=branch,
        held=held,
        letters=letters,
        scheduled=tuple(sorted(_scheduled(reading), key=lambda each: (each.at.at, each.title))),
        ending=tuple(sorted(_ending(entries, now + AHEAD), key=lambda each: (each.at.at, each.title))),
        due=due,
        news=tuple(_news([live.entry for live in lives if live.listed], now, known)),
        marks=tuple(mark(entry.ref) for entry in entries),
    )


def _to_do(
    catalogue: Catalogue, branch: Branch, reading: SiteAt, now: datetime
) -> tuple[tuple[tuple[str, date], ...], tuple[tuple[Due, str], ...]]:
    """Returns the letters without a reply, and what is due soon."""
    zone = catalogue.organization.zone
    until = day_of(now, zone) + AHEAD
    letters = tuple((_section(branch, section), day_of(at, zone)) for section, at in reading.part.asked)
    tasks = dues(catalogue, branch, now)
    return letters, tuple((due, _task(catalogue, branch, due)) for due in tasks if due.day <= until)


def _section(branch: Branch, slug: str) -> str:
    section = branch.section(slug)
    return section.title if section is not None else slug


def _task(catalogue: Catalogue, branch: Branch, due: Due) -> str:
    return catalogue.entries[due.name].entry.title if due.kind == "policy" else _section(branch, due.section)


def _scheduled(reading: SiteAt) -> Iterator[Waiting]:
    for one in reading.states:
        what = one.version.subject if one.version is not None else None
        if one.state == "scheduled" and what is not None and what.date is not None:
            midnight = (what.date.hour, what.date.minute, what.date.second) == (0, 0, 0)
            yield Waiting(what.title, Moment(at=what.date, end=what.date, day=midnight))


def _ending(entries: Collection[Entry], until: datetime) -> Iterator[Waiting]:
    for entry in entries:
        if entry.expires is not None and entry.expires.end <= until:
            yield Waiting(entry.title, entry.expires)


def _news(entries: Collection[Entry], now: datetime, known: Collection[str] | None) -> Iterator[News]:
    new: Mapping[str, Entry] = {
        entry.ref: entry
        for entry in entries
        if (mark(entry.ref) not in known if known is not None else entry.date > now - _NEW)
    }
    for entry in sorted(new.values(), key=lambda entry: (entry.date, entry.ref), reverse=True):
        yield News(entry.title, path_of(entry))
