"""The site that a process read or made last, as it is laid down: neither the next step nor a preview's next build decodes it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from builder.catalogue.reading import SiteAt, SiteSource, reading_of
from builder.model.history import History
from builder.model.published import LiveSite
from builder.model.site_id import SiteId
from builder.pipeline.session import Session
from builder.store import Manifest, Record, Saved, Store

_PARTS = ("manifest", "record", "slice", "items", "feeds")


class _Memory:
    """The last reading and the last release of a site, each with the marks of the files that have it."""

    def __init__(self) -> None:
        self.reading: tuple[object, SiteAt] | None = None
        self.saved: tuple[object, Saved] | None = None


@lru_cache(maxsize=1)
def _memory(store: Store) -> _Memory:
    return _Memory()


def lay_down(session: Session, slug: str, found: SiteSource, record: Record | None) -> SiteAt:
    """Saves what was found in a site's folder for the later stages of this build, and returns the site as it was read.

    It is as others will have it, who decode it: what is hashed must not depend on who does it. Documents that are those of the
    ``record`` have been decoded.
    """
    session.store.stash("found", slug, msgspec.json.encode(found))
    known = {id(document) for document in record.content.documents} if record is not None else set[int]()
    fresh = tuple(document for document in found.content.documents if id(document) not in known)
    bare = msgspec.structs.replace(found, content=msgspec.structs.replace(found.content, documents=fresh))
    read = msgspec.json.decode(msgspec.json.encode(bare), type=SiteSource)
    decoded = {document.path: document for document in read.content.documents}
    documents = tuple(decoded.get(document.path, document) for document in found.content.documents)
    whole = msgspec.structs.replace(read, content=msgspec.structs.replace(read.content, documents=documents))
    reading = reading_of(whole, session.now, drafts=session.drafts)
    _memory(session.store).reading = _key(session, slug), reading
    return reading


def read_back(session: Session, slug: str) -> SiteAt:
    """Returns the site as it was read in this build. Raises OSError if it was not."""
    key, memory = _key(session, slug), _memory(session.store)
    # Threads may share it: it is asked once.
    known = memory.reading
    if known is not None and known[0] == key:
        return known[1]
    content = session.store.stashed("found", slug)
    if content is None:
        raise OSError(f"{SiteId(slug).folder} was not read")
    reading = reading_of(msgspec.json.decode(content, type=SiteSource), session.now, drafts=session.drafts)
    memory.reading = key, reading
    return reading


def _key(session: Session, slug: str) -> object:
    file = session.store.staging / "found" / f"{SiteId(slug).folder}.json"
    return slug, session.build_id, session.now, session.drafts, _mark(file)


def saved_of(store: Store, slug: str) -> Saved:
    """Returns what the last build saved of a site: as this process knows it, if its files are those that it wrote or read."""
    known = _known(store, slug)
    if known is not None and known.manifest is not None and store.complete(slug, known.manifest):
        return known
    saved = store.saved(slug)
    if slug and saved.manifest is not None:
        _memory(store).saved = _marks(store, slug), saved
    return saved


def manifest_of(store: Store, slug: str) -> Manifest | None:
    """Returns the manifest of a site's release; None if there is none that can be read."""
    known = _known(store, slug)
    return known.manifest if known is not None else store.manifest(slug)


def live_site_of(store: Store, slug: str) -> LiveSite | None:
    """Returns the slice that a site's release was made with; None if there is none."""
    known = _known(store, slug)
    return known.part if known is not None else store.live_site(slug)


def remember(store: Store, slug: str, manifest: Manifest, record: Record, part: LiveSite) -> None:
    """Remembers the release of a branch that was just committed; those of the hub are large, and nobody reads them next."""
    if slug:
        history = msgspec.json.decode(msgspec.json.encode(record.history), type=History)
        saved = Saved(manifest, msgspec.structs.replace(record, history=history), part, damaged=False)
        _memory(store).saved = _marks(store, slug), saved


def _known(store: Store, slug: str) -> Saved | None:
    known = _memory(store).saved
    return known[1] if known is not None and known[0] == _marks(store, slug) else None


def _marks(store: Store, slug: str) -> object:
    release = store.release(slug)
    return slug, tuple(_mark(release / f"{part}.json") for part in _PARTS)


def _mark(file: Path) -> tuple[int, int, int, int] | None:
    """Returns a mark that tells a file from all that were at its place before, and as it was from what was written into it since,
    whatever its time was set to; None if there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
