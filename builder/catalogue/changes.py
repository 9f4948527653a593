"""Changes since the last release that subscribers would take for something else: renamed files, documents that come late. Pure.

They are seen by the build that publishes them, and by a check before it; once published, what was there is the past.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from builder.catalogue.catalogue import Catalogue
from builder.catalogue.checks import problem
from builder.catalogue.history import kept_paths, paths_of
from builder.catalogue.reading import SiteAt
from builder.content.documents import Document
from builder.messages.problems import Problem
from builder.model.edits import Edit
from builder.model.published import LiveEntry, LiveSite
from builder.model.site_id import SiteId
from builder.model.values import Branch
from builder.store import Record

_MOST = 50
"""Entries with the same title or text that are compared with each new one."""
_SHORTEST = 20
"""Characters that a text must have to be known again under another title."""


class EntryTrace(msgspec.Struct, frozen=True):
    """An entry as it can be known again: its ref, the hashes of its file and of its text, its title. Of a new one, ``renamed``
    and ``late`` are what is told if it turns out to be an old one, or if nobody hears of it."""

    ref: str
    file: str
    text: str
    title: str
    renamed: Problem | None = None
    late: Problem | None = None


class SiteChanges(msgspec.Struct, frozen=True):
    """The entries of a site that are gone with their files since its last release, and those that are new; all ``edits``."""

    vanished: tuple[EntryTrace, ...] = ()
    appeared: tuple[EntryTrace, ...] = ()
    edits: tuple[Edit, ...] = ()


def vanished_entries(record: Record, last: LiveSite) -> SiteChanges:
    """Returns the changes of a branch whose folder is gone."""
    gone = Edit(last.slug, ("gone",))
    return SiteChanges(vanished=tuple(_traces(_good(record), last.entries)), edits=(gone,))


def changes_of(record: Record | None, last: LiveSite | None, reading: SiteAt, items: int) -> SiteChanges:
    """Returns the changes of a branch that has been read; ``items`` is how many entries its feeds hold. Without a release all of
    it is new."""
    branch, part = reading.part.branch, reading.part
    if branch is None:
        return SiteChanges()
    kept = kept_paths(branch)
    before = {kept(live.entry.ref): live for live in (last.entries if last is not None else ())}
    now = {kept(live.entry.ref): live for live in part.entries}
    there = {document.path for document in reading.content.documents}
    # What is held because too much is gone at once is gone all the same.
    known, hidden = (
        set(paths_of(reading.content.documents, branch)),
        tuple(f"{each}/" for each in reading.content.unreadable),
    )
    gone = [
        live
        for path, live in before.items()
        if path not in known and live.entry.path not in there and not f"{live.entry.path}/".startswith(hidden)
    ]
    new = [live for path, live in now.items() if path not in before and not (live.entry.moved_from or live.entry.id)]
    if not gone and not new:
        return SiteChanges()
    documents = {document.path: document for document in reading.live}
    window = _window(part, branch, items)
    appeared = (
        msgspec.structs.replace(
            trace,
            renamed=problem(documents[live.entry.path], "entry-renamed", "warning", "title"),
            late=None if last is None or live.entry.ref in window else _late(documents[live.entry.path], live),
        )
        for live, trace in zip(new, _traces(documents, new), strict=True)
    )
    return SiteChanges(tuple(_traces(_good(record), gone)), tuple(appeared))


def tell_changes(changes: Iterable[SiteChanges], catalogue: Catalogue) -> Iterator[Problem]:
    """Returns what is to be told of the changes of all sites: of each new entry that one is gone which it seems to be, or that no
    subscriber hears of it."""
    changes = tuple(changes)
    claimed = {
        catalogue.names.first_path(claim.moved_from)
        for summary in catalogue.summaries.values()
        for claim in summary.claims
        if claim.moved_from
    }
    left = {trace.ref: trace for each in changes for trace in each.vanished}
    left = {
        ref: trace
        for ref, trace in left.items()
        # Neither moved nor in a branch that was renamed.
        if catalogue.names.first_path(ref) not in claimed
        and ((now := catalogue.names.current_ref(ref)) == ref or now not in catalogue.entries)
    }
    new = sorted((trace for each in changes for trace in each.appeared), key=lambda trace: trace.ref)
    renamed = _pairs(new, left)
    sections: dict[tuple[str, str, str], Problem] = {}
    for trace in new:
        old = renamed.get(trace.ref, "")
        section = _renamed_section(trace.ref, old, catalogue) if old else None
        if section is not None:
            sections[section.path, str(section.arguments["old"]), str(section.arguments["new"])] = section
        elif old and trace.renamed is not None:
            yield msgspec.structs.replace(trace.renamed, arguments={"target": old})
        elif trace.late is not None:
            yield trace.late
    yield from sections.values()


def _pairs(new: Iterable[EntryTrace], gone: Mapping[str, EntryTrace]) -> Mapping[str, str]:
    """Returns which new entry is which that is gone, by refs: the most alike first, each once."""
    alike: dict[tuple[str, ...], list[EntryTrace]] = {}
    for _, trace in sorted(gone.items()):
        for sign in _signs(trace):
            alike.setdefault(sign, []).append(trace)
    pairs = sorted(
        {
            (-_likeness(trace, other), trace.ref, other.ref)
            for trace in new
            for sign in _signs(trace)
            for other in alike.get(sign, ())[:_MOST]
        }
    )
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, ref, old in pairs:
        if ref not in found and old not in taken:
            found[ref] = old
            taken.add(old)
    return found


def _signs(trace: EntryTrace) -> Iterator[tuple[str, ...]]:
    """Returns what speaks for two entries being one, each alone. In two branches, equal titles are common."""
    yield "file", trace.file
    if trace.text:
        yield "text", trace.text
    yield "title", trace.ref.partition("/")[0], trace.title


def _renamed_section(ref: str, old: str, catalogue: Catalogue) -> Problem | None:
    """Returns the problem of a section that is called otherwise now, if that is why an entry is new."""
    slug, section, name = ref.split("/")
    owner, former, before = old.split("/")
    branch = catalogue.branches.get(slug)
    if (owner, before) != (slug, name) or former == section or branch is None or branch.section(former) is not None:
        return None
    organization = catalogue.organization
    shared = any(each.slug == section for each in organization.sections)
    return Problem(
        code="section-renamed",
        severity="warning",
        path=organization.source if shared else SiteId(slug).settings,
        arguments={"old": former, "new": section},
        branch="" if shared else slug,
    )


def _likeness(one: EntryTrace, other: EntryTrace) -> int:
    """Returns how much speaks for two entries being one."""
    own = one.ref.partition("/")[0] == other.ref.partition("/")[0]
    file, text = one.file == other.file, bool(one.text) and one.text == other.text
    title = one.title == other.title
    section = one.ref.rpartition("/")[0] == other.ref.rpartition("/")[0]
    slug = one.ref.rpartition("/")[2] == other.ref.rpartition("/")[2]
    return 32 * file + 16 * text + 8 * title + 4 * own + 2 * section + slug


def _good(record: Record | None) -> Mapping[str, Document]:
    if record is None:
        return {}
    return {**{document.path: document for document in record.content.documents}, **record.good}


def _traces(documents: Mapping[str, Document], lives: Iterable[LiveEntry]) -> Iterator[EntryTrace]:
    for live in lives:
        entry, document = live.entry, documents.get(live.entry.path)
        text = document.body.text if document is not None and document.body is not None else ""
        letters = "".join(text.split())
        known = (
            hashlib.sha256(letters.encode("utf-8", "surrogatepass")).hexdigest() if len(letters) >= _SHORTEST else ""
        )
        yield EntryTrace(entry.ref, document.sha256 if document is not None else entry.ref, known, entry.title)


def _window(part: LiveSite, branch: Branch, items: int) -> Collection[str]:
    """Returns the refs of what the feed of a branch holds, and of what is in no feed anyway."""
    undated = {section.slug for section in branch.sections if not section.dated}
    fed = [
        live for live in part.entries if live.listed and (live.entry.date_explicit or live.entry.section not in undated)
    ]
    fed.sort(key=lambda live: live.feed_date, reverse=True)
    beyond = {live.entry.ref for live in fed[items:]}
    return {live.entry.ref for live in part.entries} - beyond


def _late(document: Document, live: LiveEntry) -> Problem:
    return problem(document, "entry-late", "note", "date", date=f"{live.entry.date:%Y-%m-%d}")
