"""From settled documents to the slice that others need of a site, and the pictures that it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from builder.documents import BranchContent, Document
from builder.links import source_path
from builder.media import Size, is_picture, pixels, refused, regular
from builder.model import Branch, Entry, Organization, Page, Topic
from builder.slices import LiveEntry, Slice, entry_path, page_path
from builder.states import Settled, listed
from builder.store import Record


def slice_of(
    content: BranchContent,
    settled: Iterable[Settled],
    branch: Branch | None,
    now: datetime,
    pictures: Mapping[str, Size],
    *,
    drafts: bool = False,
) -> Slice:
    """The slice of a site at ``now``; ``branch`` is its branch.yml in the version that counts. With ``drafts`` lists show
    what is scheduled."""
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
            entries.append(_live(one.version, what, one.state == "held", drafts or listed(what, now), pictures))
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


def _live(document: Document, entry: Entry, held: bool, shown: bool, pictures: Mapping[str, Size]) -> LiveEntry:
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
        listed=shown,
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


def pictures_of(
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
