"""The live site: the published data of one site that others need, made from its resolved documents, and its pictures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from builder.catalogue.links import source_path
from builder.catalogue.states import DocumentState, listed
from builder.content.documents import BranchContent, Document
from builder.model.dates import FIRST_YEAR
from builder.model.media import Picture, Shape, is_picture, is_unreadable, published_at, regular, renamed
from builder.model.media_types import extension
from builder.model.published import LiveEntry, LiveSite, Withdrawal, path_of
from builder.model.signature import signature_of
from builder.model.site_id import SiteId
from builder.model.sources import comparable, is_bundle
from builder.model.values import Branch, Entry, Organization, Page, Topic
from builder.pictures import LATE, Cache, cache_key, look_at

_SOURCES = (".md", ".yml", ".yaml", ".markdown")


def live_site(
    content: BranchContent,
    states: Iterable[DocumentState],
    branch: Branch | None,
    now: datetime,
    pictures: Mapping[str, Picture],
    *,
    drafts: bool = False,
) -> LiveSite:
    """Makes the live site at ``now``; ``branch`` is its branch.yml in the version that counts. With ``drafts`` lists show
    scheduled entries."""
    entries: list[LiveEntry] = []
    pages: list[Page] = []
    topics: list[Topic] = []
    unpublished: list[str] = []
    withdrawn: list[str] = []
    withdrawals: dict[str, Withdrawal] = {}
    bundles: dict[str, str] = {}
    waiting = 0
    asked: list[tuple[str, datetime]] = []
    for one in states:
        what = one.version.subject if one.version is not None else None
        waiting += one.state == "waiting"
        if one.state == "waiting" and isinstance(what, Entry) and what.letter is not None:
            asked.append((what.section, what.letter.received.at))
        if one.state == "expired" and what is not None:
            withdrawn.extend(_place(what))
            withdrawals |= {path: _withdrawal(what) for path in _place(what)}
        if not one.live or one.version is None or what is None:
            unpublished.append(one.path)
        elif isinstance(what, Entry):
            entries.append(_live(one.version, what, one.state == "held", drafts or listed(what, now), pictures))
            if is_bundle(one.path):
                bundles[comparable(one.path.rpartition("/")[0])] = path_of(what).partition("#")[0]
        elif isinstance(what, Page):
            pages.append(what)
        else:
            topics.append(what)
    taken = {published_at(path, content.slug, bundles) for path in (*content.files, *pictures)}
    bundles |= {
        path: renamed(published_at(path, content.slug, bundles), picture.form, taken)
        for path, picture in pictures.items()
        if picture.form and picture.form != extension(path)
    }
    pages.sort(key=lambda page: (page.order is None, page.order or 0, page.slug))
    return LiveSite(
        slug=content.slug,
        branch=branch,
        entries=tuple(sorted(entries, key=lambda live: live.entry.ref)),
        pages=tuple(pages),
        topics=tuple(sorted(topics, key=lambda topic: topic.slug)),
        unpublished=tuple(unpublished),
        withdrawn=(gone := tuple(sorted(set(withdrawn) - _used_names(entries, pages)))),
        withdrawals={path: withdrawals[path] for path in gone},
        files=tuple(sorted(map(comparable, content.files))),
        bundles=bundles,
        waiting=waiting,
        asked=tuple(sorted(asked)),
    )


def _used_names(entries: Iterable[LiveEntry], pages: Iterable[Page]) -> set[str]:
    return {path_of(live.entry) for live in entries} | {path_of(page) for page in pages}


def _place(what: Entry | Page | Topic) -> Iterable[str]:
    return () if isinstance(what, Entry) and not what.has_page else (path_of(what),)


def _withdrawal(what: Entry | Page | Topic) -> Withdrawal:
    """Returns why something that has expired is no longer published, without a word of it."""
    end = what.expires.end if what.expires is not None else None
    # Of what can no longer be read only that it has ended is known for certain, and its date says when.
    if end is not None and end.year <= FIRST_YEAR:
        end = what.date if what.date is not None and what.date.year > FIRST_YEAR else None
    day = end.date().isoformat() if end is not None else ""
    if isinstance(what, Entry):
        return Withdrawal(f"/{what.branch}/{what.section}/", day, what.period is not None)
    return Withdrawal("/topics/" if isinstance(what, Topic) else SiteId(what.branch).home, day)


def _live(document: Document, entry: Entry, held: bool, shown: bool, pictures: Mapping[str, Picture]) -> LiveEntry:
    picture, alt = _picture(document, entry)
    portrait = entry.kind.portrait
    if picture not in pictures or pictures[picture].trouble:
        picture, alt = "", ""
    return LiveEntry(
        entry=entry,
        picture=picture,
        picture_alt=alt,
        picture_shape=pictures[picture].shape if picture else Shape(),
        portrait_shape=pictures[portrait].shape if portrait in pictures else Shape(),
        held=held,
        listed=shown,
    )


def _picture(document: Document, entry: Entry) -> tuple[str, str]:
    """Returns the source path and alternative text of the picture for lists: the cover, else the first of the body."""
    if entry.image:
        return entry.image, entry.image_alt
    for link in document.body.links if document.body is not None else ():
        path = source_path(link.target, entry.path) if link.kind == "image" else None
        if path is not None and is_picture(path):
            return path, link.text
    return "", ""


def files_used(documents: Iterable[Document], branch: Branch | None, logo: str) -> Iterator[str]:
    """Returns the source paths of all files that a site may publish; ``logo`` is the organization's, for the hub."""
    if logo:
        yield logo
    for member in branch.committee if branch is not None else ():
        if member.photo:
            yield member.photo
    for document in documents:
        yield from (path for path in linked(document) if not path.endswith(_SOURCES))
        what = document.subject
        if what is not None and what.image:
            yield what.image
        for file in getattr(what, "attachments", ()):
            if file.path:
                yield file.path
        if document.entry is not None and document.entry.kind.portrait:
            yield document.entry.kind.portrait


def linked(document: Document) -> Iterator[str]:
    """Returns the source paths that the links and pictures of a document's body name."""
    for link in document.body.links if document.body is not None else ():
        path = source_path(link.target, document.path)
        if path is not None and path.count("/"):
            yield path


def pictures_of(
    root: Path,
    states: Iterable[DocumentState],
    branch: Branch | None,
    organization: Organization,
    known: Mapping[str, Picture] = {},
    cache: Cache | None = None,
    trust_before_ns: int = 0,
    unseen: Mapping[str, Picture] = {},
) -> Mapping[str, Picture]:
    """Returns the data of every picture that the site may publish, by source path. ``known`` is the still valid result of
    an earlier build, which read files last touched before ``trust_before_ns`` for good; a picture that the
    ``cache`` knows to have failed has that problem. Pictures that cannot be read now stay as in ``unseen``."""
    live = (one.version for one in states if one.live and one.version is not None)
    logo = organization.logo if branch is None else ""
    limit = organization.limits.image_bytes
    found: dict[str, Picture] = {}
    for path in sorted({path for path in files_used(live, branch, logo) if is_picture(path)}):
        file = regular(root, path)
        if path in unseen and is_unreadable(root, path):
            found[path] = unseen[path]
            continue
        if file is None:
            continue
        try:
            signature = signature_of(file.stat())
            if signature.size > organization.limits.file_bytes:
                found[path] = Picture(signature, trouble="file-over-limit", detail=str(signature.size))
                continue
            last = known.get(path)
            if last is not None and last.trouble == LATE:
                last = msgspec.structs.replace(last, trouble="")
            trusted = last is not None and last.signature.touched_ns < trust_before_ns
            picture = look_at(file, limit, last, trusted=trusted)
        except OSError:
            continue
        key = cache_key(picture.sha256, picture.form, limit)
        if cache is not None and not picture.trouble and cache.state(key) == "failed":
            picture = msgspec.structs.replace(picture, trouble=cache.why(key))
        found[path] = picture
    return found
