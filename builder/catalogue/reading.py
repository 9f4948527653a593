"""The reading of one site's content: documents, their states at an instant, and the live site that others need."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from builder.catalogue.deletion_guard import count_vanished_entries
from builder.catalogue.history import carry_on, paths_of, published_paths, under_present_name
from builder.catalogue.live_site import live_site, pictures_of
from builder.catalogue.renamed import versions_under_present_names
from builder.catalogue.states import STATES, DocumentState, due, keeps, resolve_states
from builder.content import read_branch, read_hub, shared_settings
from builder.content.documents import BranchContent, Document
from builder.content.head import is_gone, withdrawal_in
from builder.messages.problems import Effect, Problem, few
from builder.model.dates import Moment
from builder.model.history import History
from builder.model.kinds import Notice, Period
from builder.model.media import Picture
from builder.model.published import LiveSite, digest_of_stored, stored
from builder.model.slugs import folded
from builder.model.values import Branch, Entry, Organization, Page, Topic
from builder.pictures import Cache
from builder.store import Record

SAFE_NS = 2_000_000_000
"""A file younger than this when it was read may have been changed since without a sign of it."""
_PAST = Moment(at=datetime(1900, 1, 1, tzinfo=UTC), end=datetime(1900, 1, 1, tzinfo=UTC))


class SiteSource(msgspec.Struct, frozen=True, omit_defaults=True):
    """The content of a site's folder, independent of the clock: enough to make its :class:`SiteAt` at any instant.

    ``good`` are the last good versions of documents that are broken or gone; ``branch`` is the last good branch.yml.
    ``guarded`` says that sources vanished but are kept, because too many did at once: how many of how many.
    ``unrenderable`` are documents that cannot be rendered, by source path, with the reason: they count as broken.
    ``history`` is that of the last release, ``known`` its entries by path, with whether they were announced (None: there is no
    release). ``former`` is, for the hub, what feed ids carried, if that has changed and nothing says that it is meant.
    """

    content: BranchContent
    good: Mapping[str, Document] = {}
    branch: Branch | None = None
    pictures: Mapping[str, Picture] = {}
    guarded: tuple[int, int] | None = None
    unrenderable: Mapping[str, str] = {}
    history: History = History()
    known: Mapping[str, bool] | None = None
    former: str = ""


class SiteAt(msgspec.Struct, frozen=True):
    """A site as it was read, with the versions that count at an instant.

    ``digest`` is the hash of ``part``. ``good`` holds the last good versions to keep after this build although their
    sources are broken or gone. ``history`` is the one to keep, ``former`` that of :class:`SiteSource`.
    """

    slug: str
    content: BranchContent
    states: tuple[DocumentState, ...]
    part: LiveSite
    good: Mapping[str, Document]
    due: datetime | None
    problems: tuple[Problem, ...]
    pictures: Mapping[str, Picture]
    digest: str = ""
    guarded: tuple[int, int] | None = None
    unrenderable: Mapping[str, str] = {}
    history: History = History()
    former: str = ""

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of entries in each state."""
        found: dict[str, int] = dict.fromkeys(STATES, 0)
        kinds = {document.path: document.kind for document in self.content.documents}
        for one in self.states:
            if kinds.get(one.path, "entry") == "entry":
                found[one.state] += 1
        return found

    @property
    def live(self) -> tuple[Document, ...]:
        """The published documents, each in the version that counts, by source path."""
        return tuple(one.version for one in self.states if one.live and one.version is not None)


def remembered(reading: SiteAt) -> tuple[BranchContent, Mapping[str, Document]]:
    """Returns the sources and last good versions that a release may keep. Of an expired document only that fact is kept,
    so that its address goes on saying so even if its source can no longer be read."""
    over = {one.path: one.version for one in reading.states if one.state == "expired"}
    if not over:
        return reading.content, reading.good
    documents = tuple(document for document in reading.content.documents if document.path not in over)
    ended = {path: _reduce_to_end(version) for path, version in over.items() if version is not None}
    return msgspec.structs.replace(reading.content, documents=documents), {**reading.good, **ended}


def _reduce_to_end(document: Document) -> Document:
    """Returns a document that has only its address and its expiry left: it has ended whatever the clock says, and its date is
    the day on which it did."""
    path, slug, what = document.path, document.slug, document.subject
    ended = what.expires.end if what is not None and what.expires is not None else _PAST.at
    if what is not None and what.expires == _PAST and what.date is not None:
        ended = what.date
    bare = Document(path=path, kind=document.kind, branch=document.branch, section=document.section, slug=slug)
    if isinstance(what, Entry):
        kind = what.kind.bare(_PAST)
        if isinstance(kind, Notice) and what.period is not None:
            kind = msgspec.structs.replace(kind, period=Period())
        entry = Entry(
            branch=what.branch, section=what.section, slug=what.slug, path=path, kind=kind, title="", date=ended
        )
        return msgspec.structs.replace(bare, entry=msgspec.structs.replace(entry, expires=_PAST))
    if isinstance(what, Page):
        page = Page(branch=what.branch, slug=what.slug, path=path, title="", date=ended, expires=_PAST)
        return msgspec.structs.replace(bare, page=page)
    topic = what and Topic(slug=what.slug, path=path, title="", date=ended, expires=_PAST)
    return msgspec.structs.replace(bare, topic=topic)


def _has_ended(document: Document) -> bool:
    return document.subject is not None and document.subject.expires == _PAST


def find_site(
    root: Path,
    slug: str,
    organization: Organization,
    now: datetime,
    *,
    record: Record | None = None,
    last: LiveSite | None = None,
    clean: bool = False,
    allow_deletions: bool = False,
    reserved: frozenset[str] = frozenset(),
    retry_unrenderable: Mapping[str, tuple[str, str]] = {},
    theme_digest: str = "",
    drafts: bool = False,
    cache: Cache | None = None,
    look_at_pictures: bool = True,
    margin_ns: int = SAFE_NS,
    failed: Mapping[str, str] = {},
    note: Callable[[str], None] = lambda path: None,
    past: Past = lambda name: None,
) -> SiteSource:
    """Reads the folder of the branch ``slug`` (empty: the hub).

    ``record`` and ``last`` are the record and the live site of its last release, if it has one. With ``clean`` every file is
    read again; the last good versions are kept all the same. With ``drafts`` unpublished texts are live, too. No page
    of the hub may have an address that begins with one of ``reserved``, the branches. ``retry_unrenderable`` are
    documents that could not be rendered, by source path: the hashes of the file and of the theme with which that was
    tried (empty: whatever they are now), and the reason. ``cache`` knows which pictures cannot be made; without it
    pictures are not checked. Files that were touched within ``margin_ns`` before they were read are read again. ``note`` is
    called with the path of each source before it is read; ``failed`` are those that could not be read before, with the reason.
    ``past`` gives record and live site of a branch that is gone, by the name of its folder: a branch that was renamed has its
    history from there.
    """
    previous = record.content if record is not None and not clean else None
    trust = record.read_ns - margin_ns if record is not None else 0
    if slug:
        good_branch = record.branch if record is not None else None
        content = read_branch(root, slug, organization, previous, trust, good_branch, failed, note)
        branch = content.branch or good_branch
        before = _record_under_former_name(branch, past) if branch is not None and record is None else None
    else:
        hub = read_hub(root, organization, previous, trust, failed, note)
        content, branch, before = _drop_reserved(hub, reserved), None, None
    content = _with_unreadable_files(root, content, record)
    good = _last_good(record)
    unrenderable = {
        document.path: retry_unrenderable[document.path][1]
        for document in content.documents
        if document.path in retry_unrenderable
        and retry_unrenderable[document.path][0] in ("", f"{document.sha256} {theme_digest}")
    }
    fine = {document.path for document in content.documents if document.subject is not None} - set(unrenderable)
    if branch is not None:
        broken = {document.path for document in content.documents} - fine - set(good)
        earlier = _last_good(before[0]) if before is not None else good
        good = {**good, **versions_under_present_names(earlier, branch, broken)} if broken else good
    guarded = None if allow_deletions else count_vanished_entries(content, last)
    renamed = _history_of(branch, before) if branch is not None and before is not None else None
    found = SiteSource(
        content=content,
        good={path: document for path, document in good.items() if path not in fine},
        branch=branch,
        guarded=guarded,
        unrenderable=unrenderable,
        history=record.history if record is not None else renamed[0] if renamed is not None else History(),
        known=published_paths(last, branch) if last is not None else renamed[1] if renamed is not None else None,
        former=_former_authority(record, organization) if record is not None and not slug else "",
    )
    states = _states(found, now, drafts)
    if not look_at_pictures:
        return found
    # What was said of pictures by another program, or with other limits, does not hold.
    same = record is not None and not clean and shared_settings(record.content) == shared_settings(content)
    known = record.pictures if record is not None and same else {}
    unseen = record.pictures if record is not None else {}
    pictures = pictures_of(root, states, found.branch, organization, known, cache, trust, unseen)
    return msgspec.structs.replace(found, pictures=pictures)


Past = Callable[[str], tuple[Record, LiveSite | None] | None]


def _record_under_former_name(branch: Branch, past: Past) -> tuple[Record, LiveSite | None] | None:
    """Returns record and live site of the release that a branch had under its latest former name."""
    return next(filter(None, map(past, reversed(branch.formerly))), None)


def _history_of(branch: Branch, before: tuple[Record, LiveSite | None]) -> tuple[History, Mapping[str, bool] | None]:
    """Returns the history of a branch from a release under a former name, and the entries of that."""
    record, last = before
    return under_present_name(record.history, branch), published_paths(last, branch) if last is not None else None


def _with_unreadable_files(root: Path, content: BranchContent, record: Record | None) -> BranchContent:
    """Returns what was read of a site with the files that its last release knows and that cannot be read now."""
    hidden = tuple(f"{path}/" for path in content.unreadable)
    unseen = record.content.files.items() if record is not None and hidden else ()
    kept = {
        path: size
        for path, size in unseen
        if path not in content.files and f"{path}/".startswith(hidden) and not is_gone(root, path)
    }
    return msgspec.structs.replace(content, files=dict(sorted({**content.files, **kept}.items()))) if kept else content


def _former_authority(record: Record, organization: Organization) -> str:
    changed = record.authority and record.authority != organization.authority and not organization.fixed
    return record.authority if changed else ""


def found_in(record: Record) -> SiteSource:
    """Returns the site source as it was when a release was made."""
    known = {document.path for document in record.content.documents}
    over = [each for path, each in record.good.items() if path not in known and _has_ended(each)]
    documents = tuple(sorted((*record.content.documents, *over), key=lambda document: document.path))
    return SiteSource(
        content=msgspec.structs.replace(record.content, documents=documents),
        good=record.good,
        branch=record.branch,
        pictures=record.pictures,
        unrenderable={path: reason for path, (_, reason) in record.unrenderable.items()},
        history=record.history,
    )


def at_head(
    root: Path, found: SiteSource, last: LiveSite, organization: Organization, now: datetime, *, allow_deletions: bool
) -> SiteSource:
    """Returns a site source without what is seen to be gone, or says in its head that it is a draft or over: withdrawals count
    even where a folder cannot be read."""
    paths = {document.path for document in found.content.documents} | set(found.good)
    gone = {path for path in paths if is_gone(root, path)}
    if not allow_deletions and count_vanished_entries(_without(found, gone).content, last) is not None:
        gone = set()
    said = {path: withdrawal_in(root, path, now, organization.zone) for path in sorted(paths - gone)}
    over = {path for path, what in said.items() if what == "expired"}
    return _without(found, gone | {path for path, what in said.items() if what == "draft"}, over)


def _without(found: SiteSource, paths: set[str], over: Collection[str] = ()) -> SiteSource:
    """Returns a site source without the documents at ``paths``, and with only the fact left that those of ``over`` have ended."""

    def ended(document: Document) -> Document:
        return _reduce_to_end(document) if document.path in over and document.subject is not None else document

    documents = tuple(ended(document) for document in found.content.documents if document.path not in paths)
    content = msgspec.structs.replace(found.content, documents=documents)
    good = {path: ended(document) for path, document in found.good.items() if path not in paths}
    return msgspec.structs.replace(found, content=content, good=good)


def reading_of(found: SiteSource, now: datetime, *, drafts: bool = False) -> SiteAt:
    """Resolves a site's folder at ``now``, with drafts and scheduled texts if ``drafts`` is true. Pure."""
    states = _states(found, now, drafts)
    part = live_site(found.content, states, found.branch, now, found.pictures, drafts=drafts)
    present = set(paths_of((*found.content.documents, *found.good.values()), found.branch))
    part, history = carry_on(part, found.history, found.known, present, now)
    part = stored(part)
    return SiteAt(
        slug=found.content.slug,
        content=found.content,
        states=states,
        part=part,
        digest=digest_of_stored(part),
        good=_versions_to_keep(states),
        due=due(_time_dependent(found, states), now),
        problems=tuple(few(_describe_problems(found, states))),
        pictures=found.pictures,
        guarded=found.guarded,
        unrenderable=found.unrenderable,
        history=history,
        former=found.former,
    )


def _time_dependent(found: SiteSource, states: Iterable[DocumentState]) -> Iterable[Document]:
    """Returns the documents that time may change: the versions that count, and broken ones that say when they expire."""
    yield from (one.version for one in states if one.version is not None)
    yield from (document for document in _documents(found) if document.subject is None)


def _states(found: SiteSource, now: datetime, drafts: bool) -> tuple[DocumentState, ...]:
    documents = _documents(found)
    if found.guarded is not None:
        documents = tuple(
            sorted((*documents, *_find_vanished(found.content, found.good)), key=lambda document: document.path)
        )
    hidden = tuple(f"{path}/" for path in found.content.unreadable)
    if hidden:
        known = {document.path for document in documents}
        unseen = (each for path, each in found.good.items() if path not in known and f"{path}/".startswith(hidden))
        documents = tuple(sorted((*documents, *unseen), key=lambda document: document.path))
    states = resolve_states(documents, found.good, now, drafts=drafts)
    if found.guarded is not None or hidden:
        present = {document.path for document in found.content.documents}
        states = tuple(one if one.path in present else _hold(one) for one in states)
    if found.content.slug and found.branch is None:
        states = tuple(_without_branch(one) for one in states)
    return states


def _documents(found: SiteSource) -> tuple[Document, ...]:
    """Returns the documents; those that cannot be rendered have no subject."""
    if not found.unrenderable:
        return found.content.documents
    return tuple(
        _broken(document, found.unrenderable[document.path])
        if document.path in found.unrenderable and document.subject is not None
        else document
        for document in found.content.documents
    )


def _broken(document: Document, reason: str) -> Document:
    what = document.subject
    problem = Problem(
        code="render-failed", severity="error", path=document.path, arguments={"reason": reason}, branch=document.branch
    )
    return msgspec.structs.replace(
        document,
        entry=None,
        page=None,
        topic=None,
        draft=what is not None and what.draft,
        expires=what.expires if what is not None else None,
        problems=(*document.problems, problem),
    )


def _drop_reserved(hub: BranchContent, reserved: frozenset[str]) -> BranchContent:
    """Returns the hub without the pages whose address belongs to a branch, each with an error that says so."""
    names = {folded(slug): slug for slug in reserved}

    def checked(document: Document) -> Document:
        other = names.get(folded(document.slug.partition("/")[0])) if document.kind == "page" else None
        if other is None:
            return document
        line, column = document.places.get("slug", (None, None))
        problem = Problem(
            code="url-collision",
            severity="error",
            path=document.path,
            line=line,
            column=column,
            arguments={"url": f"/{document.slug}/", "other": f"content/{other}"},
        )
        return msgspec.structs.replace(document, page=None, problems=(*document.problems, problem))

    return msgspec.structs.replace(hub, documents=tuple(checked(document) for document in hub.documents))


def _last_good(record: Record | None) -> Mapping[str, Document]:
    """Returns the last good version of every source that has one."""
    if record is None:
        return {}
    now_good = {
        document.path: document
        for document in record.content.documents
        if document.subject is not None and document.path not in record.unrenderable
    }
    return {**record.good, **now_good}


def _versions_to_keep(states: Iterable[DocumentState]) -> Mapping[str, Document]:
    """Returns the last good versions to keep although their sources are broken or gone: no drafts, nothing expired."""
    return {
        one.path: one.version for one in states if one.version is not None and (one.broken or one.held) and keeps(one)
    }


def _hold(one: DocumentState) -> DocumentState:
    return msgspec.structs.replace(one, state="held") if one.state == "published" else one


def _without_branch(states: DocumentState) -> DocumentState:
    """Withholds everything of a branch whose branch.yml has never been good."""
    return msgspec.structs.replace(states, state="missing") if states.live else states


def _find_vanished(content: BranchContent, last_good: Mapping[str, Document]) -> Iterable[Document]:
    present = {document.path for document in content.documents}
    return (document for path, document in last_good.items() if path not in present)


def _describe_problems(found: SiteSource, states: Iterable[DocumentState]) -> Iterable[Problem]:
    """Returns the problems of the site's files, each with its effect on what readers see."""
    content, branch, states = found.content, found.branch, tuple(states)
    own: Effect = "none"
    if content.slug and content.branch is None:
        own = "held" if branch is not None else "missing"
    for problem in content.problems:
        unread = problem.path in content.unreadable and (
            any(one.held for one in states) or any(f"{path}/".startswith(f"{problem.path}/") for path in content.files)
        )
        yield _with(problem, "held" if unread and own == "none" else own if problem.severity == "error" else "none")
    by_path = {one.path: one for one in states}
    for document in _documents(found):
        state = by_path[document.path].state
        effect: Effect = "none"
        if document.subject is None and branch is None and content.slug:
            effect = "missing"
        elif document.subject is None and state not in ("draft", "expired"):
            effect = "missing" if state == "missing" else "held"
        for problem in document.problems:
            yield _with(problem, effect if problem.severity == "error" else "none")


def _with(problem: Problem, effect: Effect) -> Problem:
    return problem if problem.effect == effect else msgspec.structs.replace(problem, effect=effect)
