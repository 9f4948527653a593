"""The history of a site, carried on: which events were revised, and when entries first appeared. Pure.

A calendar program takes a change of an event only if its revision number has grown, and a feed shows what is new by its
date. Content need not say either. What the last release knew does, with the ``now`` of the build that sees the change.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from builder.content.documents import Document
from builder.model.history import EventMark, History
from builder.model.published import LiveEntry, LiveSite
from builder.model.values import Branch, Entry

_MINUTE = timedelta(minutes=1)


def kept_paths(branch: Branch | None) -> Callable[[str], str]:
    """Returns a function that gives, for the ref of an entry of a branch, the path that stands for it whatever the folders of the
    branch and its sections were called."""
    folders: dict[str, str] = {}

    def kept(ref: str) -> str:
        folder, _, entry = ref.rpartition("/")
        if folder not in folders:
            slug, name = folder.split("/")
            if branch is not None and slug in (branch.slug, *branch.formerly):
                slug, section = branch.slug, branch.section_called(name)
                name = branch.first_name(section) if section is not None else name
            folders[folder] = f"{slug}/{name}"
        return unicodedata.normalize("NFC", f"{folders[folder]}/{entry}")

    return kept


def paths_of(documents: Iterable[Document], branch: Branch | None) -> Iterator[str]:
    """Returns the path of each entry among documents, broken ones too."""
    kept = kept_paths(branch)
    for document in documents:
        if document.kind == "entry" and document.slug:
            yield kept(f"{document.branch}/{document.section}/{document.slug}")


def published_paths(last: LiveSite, branch: Branch | None) -> Mapping[str, bool]:
    """Returns the path of each entry of the last release, and whether it was to be announced."""
    kept = kept_paths(branch)
    return {kept(live.entry.ref): live.entry.announce for live in last.entries}


def under_present_name(history: History, branch: Branch) -> History:
    """Returns the history of a branch whose folder was called otherwise in its last release."""
    kept = kept_paths(branch)
    events = {kept(path): mark for path, mark in history.events.items()}
    appeared = {kept(path): since for path, since in history.appeared.items()}
    return msgspec.structs.replace(history, events=events, appeared=appeared)


def carry_on(
    part: LiveSite, history: History, known: Mapping[str, bool] | None, present: Collection[str], now: datetime
) -> tuple[LiveSite, History]:
    """Returns a site with what its history adds to its entries, and the history with what is new at ``now``.

    ``known`` are the entries of its last release, None if it has none; ``present`` are the paths of all that there is, published
    or not: of anything else nothing is kept.
    """
    events = {path: mark for path, mark in history.events.items() if path in present}
    appeared = {path: since for path, since in history.appeared.items() if path in present}
    lives: list[LiveEntry] = []
    kept = kept_paths(part.branch)
    for live in part.entries:
        entry = live.entry
        path = kept(entry.ref)
        before = kept(entry.moved_from) if entry.moved_from else path
        if entry.event is not None:
            last = history.events.get(path) or history.events.get(before)
            # What another branch knew of it is not known here.
            foreign = last is None and before != path and known is not None and path not in known
            events[path] = _mark(entry, last, now, foreign=foreign)
        since = history.appeared.get(path) or history.appeared.get(before)
        if since is None and _is_late(entry, path, known, now):
            since = now.astimezone(entry.date.tzinfo).replace(microsecond=0)
        if since is not None:
            appeared[path] = since
        lives.append(_with_history(live, events.get(path), since))
    carried = History(dict(sorted(events.items())), dict(sorted(appeared.items())), history.feeds)
    return msgspec.structs.replace(part, entries=tuple(lives)), carried


def _with_history(live: LiveEntry, mark: EventMark | None, since: datetime | None) -> LiveEntry:
    entry = live.entry
    revised = mark.revised if mark is not None and mark.revised != entry.updated else None
    announced = since if since is not None and entry.announce and since > entry.date else None
    if revised is None and announced is None:
        return live
    return msgspec.structs.replace(live, revised=revised, announced=announced)


def _mark(entry: Entry, last: EventMark | None, now: datetime, *, foreign: bool) -> EventMark:
    """Returns the mark of an event: revised when it says so, else when its change was seen, and never before the last time."""
    event = entry.event
    assert event is not None
    facts = (event.starts, event.ends, event.all_day, event.location, event.online, event.status)
    digest = hashlib.sha256(msgspec.json.encode(facts)).hexdigest()[:24]
    before, written = last.revised if last is not None else None, entry.updated
    if written is not None and (before is None or written > before):
        return EventMark(digest, written)
    if not foreign and (last is None or last.digest == digest):
        return EventMark(digest, before)
    seen = now.astimezone(UTC).replace(microsecond=0)
    # Revision numbers count minutes.
    return EventMark(digest, seen if before is None else max(seen, before.astimezone(UTC) + _MINUTE))


def _is_late(entry: Entry, path: str, known: Mapping[str, bool] | None, now: datetime) -> bool:
    """Tells whether an entry appears now and is dated before this day, or is announced only now."""
    if known is None or entry.moved_from:
        return False
    if path in known:
        return entry.announce and not known[path]
    return entry.announce or entry.date.date() < now.astimezone(entry.date.tzinfo).date()
