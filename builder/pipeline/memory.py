"""The site that a process read or made last, as it is laid down: neither the next step nor a preview's next build decodes it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import msgspec

from builder.catalogue.reading import SiteAt, SiteSource, found_in, reading_of
from builder.content.documents import Document
from builder.model.history import History
from builder.model.published import LiveSite
from builder.model.sealed import DamagedStateError
from builder.model.site_id import SiteId
from builder.pipeline.edited_site import EditedSite
from builder.pipeline.session import Session
from builder.store import Manifest, Parts, Record, Saved, Store, joined, read_parts, write_parts

_PARTS = ("manifest", "record", "slice", "items", "feeds")


class _Memory:
    """The last reading, whole or of some texts, and the last release of a site, each with the marks of the files that have it;
    ``parts`` are the documents of the reading as they are laid down."""

    def __init__(self) -> None:
        self.reading: tuple[object, SiteAt] | None = None
        self.parts: Parts = {}
        self.saved: tuple[object, Saved] | None = None
        self.edited: tuple[object, EditedSite] | None = None


@lru_cache(maxsize=1)
def _memory(store: Store) -> _Memory:
    return _Memory()


def lay_down(session: Session, slug: str, found: SiteSource, saved: Saved) -> SiteAt:
    """Saves what was found in a site's folder for the later stages of this build, and returns the site as it was read.

    It is as others will have it, who decode it: what is hashed must not depend on who does it. Documents that were ``saved`` by
    the last build have been decoded.
    """
    store, record = session.store, saved.record
    known = {id(document) for document in record.content.documents} if record is not None else set[int]()
    fresh = tuple(document for document in found.content.documents if id(document) not in known)
    read = msgspec.json.decode(msgspec.json.encode(_with_documents(found, fresh)), type=SiteSource)
    decoded = {document.path: document for document in read.content.documents}
    whole = _with_documents(read, tuple(decoded.get(each.path, each) for each in found.content.documents))
    places = (store.documents(slug),)
    parts = write_parts(store.laid_down(slug), whole.content.documents, store.apart, saved.parts, places)
    bare = _with_documents(whole, ()) if parts else whole
    store.stash("found", slug, msgspec.json.encode((tuple(parts), bare)))
    reading, memory = reading_of(whole, session.now, drafts=session.drafts), _memory(store)
    memory.reading, memory.parts = (_key(session, slug), reading), parts
    return reading


def _with_documents(found: SiteSource, documents: tuple[Document, ...]) -> SiteSource:
    return msgspec.structs.replace(found, content=msgspec.structs.replace(found.content, documents=documents))


def read_back(session: Session, slug: str) -> SiteAt:
    """Returns the site as it was read in this build. Raises OSError if it was not."""
    key, memory, store = _key(session, slug), _memory(session.store), session.store
    # Threads may share it: it is asked once.
    known = memory.reading
    if known is not None and known[0] == key:
        return known[1]
    content = store.stashed("found", slug)
    if content is None:
        return reading_of(found_in(edited_of(session, slug).whole()), session.now, drafts=session.drafts)
    names, found = msgspec.json.decode(content, type=tuple[tuple[str, ...], SiteSource])
    parts = read_parts(store.laid_down(slug), names)
    if parts is None:
        raise DamagedStateError(slug)
    whole = _with_documents(found, joined(parts)) if parts else found
    reading = reading_of(whole, session.now, drafts=session.drafts)
    memory.reading, memory.parts = (key, reading), parts
    return reading


def parts_of(session: Session, slug: str) -> Parts:
    """Returns the documents of a site, which this process has just read, as they are laid down."""
    known = _memory(session.store).reading
    return _memory(session.store).parts if known is not None and known[0] == _key(session, slug) else {}


def lay_down_edited(session: Session, edited: EditedSite) -> None:
    """Saves the documents of a site that were read again for the later stages of this build; of all others its release tells."""
    session.store.stash("edited", edited.slug, msgspec.json.encode(tuple(edited.read.values())))
    _memory(session.store).edited = _key(session, edited.slug, "edited"), edited


def edited_of(session: Session, slug: str) -> EditedSite:
    """Returns a site of which some texts were read again in this build. Raises OSError if it was not, DamagedStateError."""
    store, key = session.store, _key(session, slug, "edited")
    known = _memory(store).edited
    if known is not None and known[0] == key:
        return known[1]
    content = store.stashed("edited", slug)
    if content is None:
        raise OSError(f"{SiteId(slug).folder} was not read")
    return EditedSite(store, slug, head_of(store, slug), msgspec.json.decode(content, type=tuple[Document, ...]))


def _key(session: Session, slug: str, kind: str = "found") -> object:
    file = session.store.staging / kind / f"{SiteId(slug).folder}.json"
    return slug, session.build_id, session.now, session.drafts, _mark(file)


def head_of(store: Store, slug: str) -> Saved:
    """Returns what the last build saved of a site, but for its slice and for documents that lie apart: as this process knows it,
    if its files are those that it wrote or read."""
    known = _known(store, slug)
    if known is not None and known.manifest is not None and store.complete(slug, known.manifest):
        return known
    return _remembered(store, slug, store.saved(slug))


def saved_of(store: Store, slug: str) -> Saved:
    """Returns all that the last build saved of a site, like :func:`head_of`."""
    saved = store.whole(slug, head_of(store, slug))
    return _remembered(store, slug, saved if saved.part is not None else saved._replace(part=store.live_site(slug)))


def _remembered(store: Store, slug: str, saved: Saved) -> Saved:
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
    return known.part if known is not None and known.part is not None else store.live_site(slug)


def remember(store: Store, slug: str, manifest: Manifest, record: Record, part: LiveSite, parts: Parts) -> None:
    """Remembers the release of a branch that was just committed; those of the hub are large, and nobody reads them next. Its
    ``parts`` have documents as far as these are in memory."""
    if slug:
        history = msgspec.json.decode(msgspec.json.encode(record.history), type=History)
        saved = Saved(manifest, msgspec.structs.replace(record, history=history), part, damaged=False, parts=parts)
        _memory(store).saved = _marks(store, slug), saved


def _known(store: Store, slug: str) -> Saved | None:
    known = _memory(store).saved
    return known[1] if known is not None and known[0] == _marks(store, slug) else None


def _marks(store: Store, slug: str) -> object:
    release, documents = store.release(slug), store.documents(slug)
    parts = sorted(documents.iterdir()) if documents.is_dir() else ()
    return slug, tuple(_mark(release / f"{part}.json") for part in _PARTS), tuple(map(_mark, parts))


def _mark(file: Path) -> tuple[int, int, int, int] | None:
    """Returns a mark that tells a file from all that were at its place before, and as it was from what was written into it since,
    whatever its time was set to; None if there is none."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
