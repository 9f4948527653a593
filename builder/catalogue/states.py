"""The states of documents at an instant, and the version of each that counts. Pure.

The rules are those of the content format's section on errors: a broken document keeps its last good version; a
draft, a passed ``expires`` and a deleted file take effect at once, on the last good version too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal, get_args

import msgspec

from builder.content.documents import Document
from builder.model.dates import over_at
from builder.model.values import Entry, Page, Topic

State = Literal["published", "draft", "expired", "scheduled", "waiting", "held", "missing"]

STATES: tuple[State, ...] = get_args(State)


class DocumentState(msgspec.Struct, frozen=True):
    """A document with its state: ``version`` is the one that is shown (None if it has never been good)."""

    path: str
    state: State
    version: Document | None
    broken: bool = False

    @property
    def held(self) -> bool:
        """Tells whether the document is published in its last good version."""
        return self.state == "held"

    @property
    def live(self) -> bool:
        """Tells whether the document is published, in its present or its last good version."""
        return self.state in ("published", "held")


def resolve_states(
    documents: Iterable[Document], good: Mapping[str, Document], now: datetime, *, drafts: bool = False
) -> tuple[DocumentState, ...]:
    """Returns the state of each document at ``now``; ``good`` holds last good versions by source path. With ``drafts``,
    for a preview, drafts and scheduled documents count as published."""
    return tuple(_resolve(document, good.get(document.path), now, drafts) for document in documents)


def _resolve(document: Document, good: Document | None, now: datetime, drafts: bool) -> DocumentState:
    broken = document.subject is None
    if broken and document.draft and not drafts:
        return DocumentState(document.path, "draft", None, broken)
    if broken and document.expires is not None and document.expires.over(now):
        return DocumentState(document.path, "expired", good, broken)
    version = good if broken else document
    what = version.subject if version is not None else None
    if version is None or what is None:
        return DocumentState(document.path, "missing", None, broken)
    state: State = "held" if broken else "published"
    if what.draft and not drafts:
        state = "draft"
    elif what.expires is not None and what.expires.over(now):
        state = "expired"
    elif scheduled(what, now) and not drafts:
        state = "scheduled"
    elif isinstance(what, Entry) and what.waiting:
        state = "waiting"
    return DocumentState(document.path, state, version, broken)


def scheduled(what: Entry | Page | Topic, now: datetime) -> bool:
    """Tells whether a written date is still ahead. An event's date that was derived from its start schedules nothing."""
    if isinstance(what, Entry):
        return what.date > now and (what.date_explicit or not what.kind.takes_place)
    return what.date is not None and what.date > now


def listed(entry: Entry, now: datetime) -> bool:
    """Tells whether lists and feeds by date show the entry: an event without a date of its own waits for its start."""
    return entry.date <= now


def pending(what: Entry | Page | Topic, now: datetime) -> str:
    """Returns why readers do not see a document yet, for a preview: ``draft``, ``scheduled``, or nothing."""
    if what.draft:
        return "draft"
    return "scheduled" if scheduled(what, now) else ""


def keeps(one: DocumentState) -> bool:
    """Tells whether this version may be kept as the last good one, which nothing withdrawn may."""
    return one.version is not None and one.state not in ("draft", "expired")


def due(documents: Iterable[Document], now: datetime) -> datetime | None:
    """Returns the next instant after ``now`` at which time alone changes what is shown."""
    instants = (instant for document in documents for instant in _instants(document))
    return min((instant for instant in instants if instant > now), default=None)


def _instants(document: Document) -> Iterable[datetime]:
    what = document.subject
    if what is None:
        yield from over_at(document.expires)
        return
    yield from over_at(what.expires)
    if isinstance(what, Topic):
        if what.date is not None:
            yield what.date
        yield from over_at(what.closed)
        if what.discussion is not None:
            yield from over_at(what.discussion.closes)
            if what.discussion.opens is not None:
                yield what.discussion.opens.at
        return
    if what.date is not None:
        yield what.date
    if isinstance(what, Entry):
        yield from over_at(what.pinned_until)
        yield from what.kind.instants()
