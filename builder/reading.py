"""READ: one site's content, brought to what counts now: documents, their states, and the slice that others need of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from builder.catalogue import LiveEntry, Slice, entry_path, page_path, slice_digest
from builder.content import read_branch, read_hub
from builder.diagnostics import Effect, Problem
from builder.documents import BranchContent, Document
from builder.links import source_path
from builder.media import Size, is_picture, pixels, refused, regular
from builder.model import Branch, Entry, Organization, Page, Topic
from builder.slugs import folded
from builder.states import STATES, Settled, due, keeps, listed, settle
from builder.store import Manifest, Record

_SAFE_NS = 2_000_000_000


class Reading(msgspec.Struct, frozen=True):
    """A site as it was read.

    ``digest`` is the hash of ``part``. ``good`` holds the last good version of what is not good now. ``guarded`` are
    sources that vanished and stay, because too many did at once: how many of how many.
    """

    slug: str
    content: BranchContent
    settled: tuple[Settled, ...]
    part: Slice
    good: Mapping[str, Document]
    due: datetime | None
    problems: tuple[Problem, ...]
    pictures: Mapping[str, Size]
    digest: str = ""
    guarded: tuple[int, int] | None = None

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of entries in each state."""
        found: dict[str, int] = dict.fromkeys(STATES, 0)
        kinds = {document.path: document.kind for document in self.content.documents}
        for one in self.settled:
            if kinds.get(one.path, "entry") == "entry":
                found[one.state] += 1
        return found

    @property
    def live(self) -> tuple[Document, ...]:
        """The documents that are published, each in the version that counts, by source path."""
        return tuple(settled.version for settled in self.settled if settled.live and settled.version is not None)


def read_site(
    root: Path,
    slug: str,
    organization: Organization,
    now: datetime,
    *,
    record: Record | None = None,
    manifest: Manifest | None = None,
    clean: bool = False,
    allow_deletions: bool = False,
    taken: frozenset[str] = frozenset(),
) -> Reading:
    """The branch ``slug`` (empty: the hub) at ``now``.

    ``record`` and ``manifest`` are those of its last release, if it has one. With ``clean`` every file is read again;
    the last good versions are kept all the same. No page of the hub may have an address that begins with one of
    ``taken``, the branches.
    """
    previous = record.content if record is not None and not clean else None
    trust = record.read_ns - _SAFE_NS if record is not None else 0
    if slug:
        good_branch = record.branch if record is not None else None
        content = read_branch(root, slug, organization, previous, trust, good_branch)
        branch = content.branch or good_branch
    else:
        content, branch = _free(read_hub(root, organization, previous, trust), taken), None
    last_good = _last_good(record)
    guarded = None if allow_deletions else _guarded(content, manifest)
    documents = content.documents
    if guarded is not None:
        documents = tuple(sorted((*documents, *_vanished(content, last_good)), key=lambda document: document.path))
    settled = settle(documents, last_good, now)
    if guarded is not None:
        present = {document.path for document in content.documents}
        settled = tuple(one if one.path in present else _held(one) for one in settled)
    if slug and branch is None:
        settled = tuple(_without_branch(one) for one in settled)
    pictures = _pictures(root, settled, organization, record, clean)
    problems = tuple(_told(content, settled, branch))
    part = _slice(content, settled, branch, now, pictures)
    return Reading(
        slug=slug,
        content=content,
        settled=settled,
        part=part,
        digest=slice_digest(part),
        good=_kept(settled),
        due=due((one.version for one in settled if one.version is not None), now),
        problems=problems,
        pictures=pictures,
        guarded=guarded,
    )


def _free(hub: BranchContent, taken: frozenset[str]) -> BranchContent:
    """The hub without those pages whose address is a branch's, each with the error that says so."""
    names = {folded(slug): slug for slug in taken}

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
            args={"url": f"/{document.slug}/", "other": f"content/{other}"},
        )
        return msgspec.structs.replace(document, page=None, problems=(*document.problems, problem))

    return msgspec.structs.replace(hub, documents=tuple(checked(document) for document in hub.documents))


def _last_good(record: Record | None) -> Mapping[str, Document]:
    """The last good version of every source that had one."""
    if record is None:
        return {}
    now_good = {document.path: document for document in record.content.documents if document.subject is not None}
    return {**record.good, **now_good}


def _kept(settled: Iterable[Settled]) -> Mapping[str, Document]:
    """What must outlive this build although its source is broken or gone: never a draft, nothing expired."""
    return {
        one.path: one.version for one in settled if one.version is not None and (one.broken or one.held) and keeps(one)
    }


def _held(settled: Settled) -> Settled:
    return msgspec.structs.replace(settled, state="held") if settled.state == "published" else settled


def _without_branch(settled: Settled) -> Settled:
    """Nothing of a branch is published as long as its branch.yml has never been good."""
    return msgspec.structs.replace(settled, state="missing") if settled.live else settled


def _vanished(content: BranchContent, last_good: Mapping[str, Document]) -> Iterable[Document]:
    present = {document.path for document in content.documents}
    return (document for path, document in last_good.items() if path not in present)


def _guarded(content: BranchContent, manifest: Manifest | None) -> tuple[int, int] | None:
    """How many of how many published entries would vanish, if that is more than half of at least ten."""
    if manifest is None or not content.slug:
        return None
    present = {document.path for document in content.documents}
    refs = {document.entry.ref for document in content.documents if document.entry is not None}
    moved = {document.entry.moved_from for document in content.documents if document.entry is not None}
    published = [live.entry for live in manifest.part.entries]
    gone = [
        entry for entry in published if entry.path not in present and entry.ref not in refs and entry.ref not in moved
    ]
    return (len(gone), len(published)) if len(published) >= 10 and 2 * len(gone) > len(published) else None


def _told(content: BranchContent, settled: Iterable[Settled], branch: Branch | None) -> Iterable[Problem]:
    """The problems of the site's files, each with what became of its file."""
    own: Effect = "none"
    if content.slug and content.branch is None:
        own = "held" if branch is not None else "missing"
    for problem in content.problems:
        yield _with(problem, own if problem.severity == "error" else "none")
    states = {one.path: one for one in settled}
    for document in content.documents:
        state = states[document.path].state
        effect: Effect = "none"
        if document.subject is None and branch is None and content.slug:
            effect = "missing"
        elif document.subject is None and state not in ("draft", "expired"):
            effect = "missing" if state == "missing" else "held"
        for problem in document.problems:
            yield _with(problem, effect if problem.severity == "error" else "none")


def _with(problem: Problem, effect: Effect) -> Problem:
    return problem if problem.effect == effect else msgspec.structs.replace(problem, effect=effect)


def _slice(
    content: BranchContent,
    settled: Iterable[Settled],
    branch: Branch | None,
    now: datetime,
    pictures: Mapping[str, Size],
) -> Slice:
    entries: list[LiveEntry] = []
    pages: list[Page] = []
    topics: list[Topic] = []
    unpublished: list[str] = []
    withdrawn: list[str] = []
    bundles: dict[str, str] = {}
    waiting = 0
    for one in settled:
        what = one.version.subject if one.version is not None else None
        waiting += one.state == "waiting"
        if one.state == "expired" and what is not None:
            withdrawn.extend(_place(what))
        if not one.live or one.version is None or what is None:
            unpublished.append(one.path)
        elif isinstance(what, Entry):
            entries.append(_live(one.version, what, one.state == "held", now, pictures))
            if _is_bundle(one.path):
                bundles[one.path.rpartition("/")[0]] = entry_path(what).partition("#")[0]
        elif isinstance(what, Page):
            pages.append(what)
        else:
            topics.append(what)
    pages.sort(key=lambda page: (page.order is None, page.order or 0, page.slug))
    return Slice(
        slug=content.slug,
        branch=branch,
        entries=tuple(sorted(entries, key=lambda live: live.entry.ref)),
        pages=tuple(pages),
        topics=tuple(sorted(topics, key=lambda topic: topic.slug)),
        unpublished=tuple(unpublished),
        withdrawn=tuple(sorted(set(withdrawn) - _taken(entries, pages))),
        files=tuple(sorted(content.files)),
        bundles=bundles,
        waiting=waiting,
    )


def _taken(entries: Iterable[LiveEntry], pages: Iterable[Page]) -> set[str]:
    return {entry_path(live.entry) for live in entries} | {page_path(page) for page in pages}


def _place(what: Entry | Page | Topic) -> Iterable[str]:
    if isinstance(what, Entry):
        return () if what.type == "voice" else (entry_path(what),)
    return (page_path(what),) if isinstance(what, Page) else (f"/topics/{what.slug}/",)


def _is_bundle(path: str) -> bool:
    return path.rpartition("/")[2].partition(".")[0].lower() == "index"


def _live(document: Document, entry: Entry, held: bool, now: datetime, pictures: Mapping[str, Size]) -> LiveEntry:
    picture, alt = _picture(document, entry)
    if picture not in pictures:
        picture, alt = "", ""
    size = pictures[picture][2:] if picture else (0, 0)
    return LiveEntry(
        entry=entry,
        picture=picture,
        picture_alt=alt,
        picture_size=(size[0], size[1]),
        held=held,
        listed=listed(entry, now),
    )


def _picture(document: Document, entry: Entry) -> tuple[str, str]:
    """Source path and alternative text of what lists show: the cover, else the first picture of the body."""
    if entry.image:
        return entry.image, entry.image_alt
    for link in document.body.links if document.body is not None else ():
        path = source_path(link.target, entry.path) if link.kind == "image" else None
        if path is not None and is_picture(path):
            return path, link.text
    return "", ""


def _pictures(
    root: Path, settled: Iterable[Settled], organization: Organization, record: Record | None, clean: bool
) -> Mapping[str, Size]:
    """Bytes, time, width and height of every picture that a live document shows, by source path."""
    known = record.pictures if record is not None and not clean else {}
    wanted: set[str] = set()
    for one in settled:
        document = one.version
        if not one.live or document is None:
            continue
        what = document.subject
        if what is not None and what.image:
            wanted.add(what.image)
        for link in document.body.links if document.body is not None else ():
            path = source_path(link.target, document.path) if link.kind == "image" else None
            if path is not None and is_picture(path):
                wanted.add(path)
    found: dict[str, Size] = {}
    for path in sorted(wanted):
        file = regular(root, path)
        if file is not None and not refused(file, organization.limits.image_bytes):
            found[path] = pixels(file, known.get(path))
    return found


def fingerprint(reading: Reading) -> str:
    """A hash of everything in the reading that pages may show."""
    digest = hashlib.sha256(reading.digest.encode())
    for document in reading.live:
        digest.update(f"{document.path}\0{document.sha256}\0".encode())
    digest.update(msgspec.msgpack.encode(dict(sorted(reading.pictures.items()))))
    digest.update(reading.content.settings.encode())
    digest.update(msgspec.msgpack.encode(reading.problems, order="deterministic"))
    return digest.hexdigest()
