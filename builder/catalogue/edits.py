"""Edits: what differs between what a site publishes now and what its last release did, so that a build can say why. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import msgspec

from builder.catalogue.reading import SiteAt
from builder.content.documents import Document
from builder.content.markdown.body import Body
from builder.model.edits import Edit
from builder.model.published import LiveSite
from builder.model.site_id import SiteId
from builder.model.values import Branch, Entry, Page, Section, Topic
from builder.store import Record

_OWN = frozenset({"path", "summary_written"})
"""Members that say nothing of what readers see."""


_KEYS = {"hidden": "sections"}
"""The keys of branch.yml from which members of other names are made."""


def edits_of(record: Record, last: LiveSite, reading: SiteAt, shared: Collection[Section] = ()) -> tuple[Edit, ...]:
    """Returns the edits of a site since its last release, in the order of their sources. An edit of sections that are ``shared``
    by all branches is none of a branch."""
    at, content = SiteId(reading.slug), reading.content
    before = {subject.path: subject for subject in last.subjects}
    now = {subject.path: subject for subject in reading.part.subjects}
    known = {document.path: document for document in record.content.documents}
    there = {document.path: document for document in content.documents}
    found = [
        Edit(_place(path), parts, before.get(path) == now.get(path))
        for path in sorted({*before, *now})
        if (parts := _differing(before.get(path), now.get(path), known.get(path), there.get(path)))
    ]
    if settings := sorted(set(_settings(last.branch, reading.part.branch, shared))):
        found.append(Edit(at.folder, tuple(settings)))
    return tuple(found)


def _settings(before: Branch | None, now: Branch | None, shared: Collection[Section]) -> Iterator[str]:
    """Yields the keys of branch.yml that differ."""
    if before is None or now is None:
        yield from () if before is now else ("settings",)
        return
    one, other = msgspec.structs.asdict(before), msgspec.structs.asdict(now)
    yield from (_KEYS.get(name, name) for name in other if name != "sections" and one[name] != other[name])
    known = {section.slug: section for section in before.sections}
    for section in now.sections:
        if known.pop(section.slug, None) != section and section not in shared:
            yield "sections"
    if known:
        yield "sections"


def _differing(
    before: Entry | Page | Topic | None,
    now: Entry | Page | Topic | None,
    known: Document | None,
    there: Document | None,
) -> tuple[str, ...]:
    if before is None or now is None:
        return ("gone",) if now is None else ("new",)
    parts: list[str] = []
    if before != now:
        one, other = _members(before), _members(now)
        parts = sorted(name for name in {*one, *other} - _OWN if one.get(name) != other.get(name))
    if known is None or there is None or known.sha256 == there.sha256:
        return tuple(parts)
    if _read_by_all(known.body) != _read_by_all(there.body):
        # A summary that nobody wrote is a part of the text.
        written = getattr(now, "summary_written", False)
        parts = [*(name for name in parts if name != "summary" or written), "text"]
    return tuple(parts)


def text_edit(before: Document, now: Document) -> Edit | None:
    """Returns the edit of a text in which nothing else has changed; None if readers see nothing of it."""
    if _read_by_all(before.body) == _read_by_all(now.body):
        return None
    return Edit(_place(now.path), ("text",), apart=True)


def _read_by_all(body: Body | None) -> Body | None:
    """Returns a body without what only its editors are told: an edit of the head moves the lines of links and problems, too."""
    if body is None:
        return None
    links = tuple(msgspec.structs.replace(link, line=0, column=None) for link in body.links)
    return msgspec.structs.replace(body, links=links, diagnostics=())


def _members(subject: Entry | Page | Topic) -> Mapping[str, object]:
    members = msgspec.structs.asdict(subject)
    kind = members.pop("kind", None)
    return members | (msgspec.structs.asdict(kind) if isinstance(kind, msgspec.Struct) else {})


def _place(path: str) -> str:
    inside = path.removeprefix("content/")
    folder, slash, name = inside.rpartition("/")
    stem = name.rpartition(".")[0] or name
    return folder if stem == "index" else f"{folder}{slash}{stem}"
