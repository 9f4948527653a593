"""A large branch in which a few files were saved: these alone are read again, as long as nothing but their texts has changed.

What others see of the branch is then what they saw, and so is all that follows from its other documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from builder.catalogue.catalogue import site_of
from builder.catalogue.live_site import linked
from builder.catalogue.reading import SiteAt
from builder.content.documents import Document
from builder.content.folder import reread_documents
from builder.model.signature import Signature
from builder.model.sources import TEXTS
from builder.model.values import Organization
from builder.store import Record, Source

_MOST = 50
"""So many files saved at once are no matter of single texts."""


def sources_of(reading: SiteAt) -> tuple[Source, ...]:
    """Returns the sources of a branch that was read, by which a later build sees which of them were saved since; none if it shows
    what has none."""
    live = {document.path: document for document in reading.live}
    documents = reading.content.documents
    if reading.guarded or reading.unrenderable or live.keys() - {document.path for document in documents}:
        return ()
    return tuple(Source(each.path, each.sha256, live.get(each.path, each).sha256, each.signature) for each in documents)


def saved_since(
    sources: Iterable[Source], files: Mapping[str, tuple[int, ...]], trust_before_ns: int
) -> tuple[Source, ...] | None:
    """Returns the sources that may have been saved since they were read, with the signatures that they have now among ``files``;
    None if one is not there, or if they are many."""
    found: list[Source] = []
    for source in sources:
        now = files.get(source.path)
        if now != source.signature or source.signature.touched_ns >= trust_before_ns:
            if now is None or len(found) == _MOST:
                return None
            found.append(msgspec.structs.replace(source, signature=Signature(*now)))
    return tuple(found)


def reread(
    root: Path,
    organization: Organization,
    record: Record,
    saved: Iterable[Source],
    before: Callable[[str], Document | None],
    note: Callable[[str], None] = lambda path: None,
) -> tuple[Document, ...] | None:
    """Reads sources of a branch again, which was read when the ``record`` was made with the same settings and the same other
    files. ``before`` gives the documents that they were. None if more than their texts has changed."""
    files = {source.path: source.signature for source in saved}
    read = msgspec.json.encode(tuple(reread_documents(root, organization, record.content, files, note)))
    # As others will have them, who decode them.
    documents = msgspec.json.decode(read, type=tuple[Document, ...])
    if [document.path for document in documents] != list(files):
        return None
    return documents if all(_is_same(before(each.path), each) for each in documents) else None


def _is_same(before: Document | None, now: Document) -> bool:
    """Tells whether nothing of a document is another than before but its text."""
    if before is None or before.subject is None or before.body is None or now.body is None:
        return False
    bare = msgspec.structs.replace(
        now, signature=before.signature, sha256=before.sha256, body=before.body, impersonal=before.impersonal
    )
    # Not compared as they are: one instant in two zones is the same, and is told otherwise.
    return msgspec.json.encode(bare) == msgspec.json.encode(before) and list(_reach(now)) == list(_reach(before))


def _reach(document: Document) -> Iterator[object]:
    """Returns what a document's text says to others than its own readers."""
    named = set(linked(document))
    yield sorted(path for path in named if not path.endswith(TEXTS))
    yield sorted(set(map(site_of, named)) - {document.branch})
    links = document.body.links if document.body is not None else ()
    yield next(((link.target, link.text) for link in links if link.kind == "image"), None)
