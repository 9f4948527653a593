"""Releases on disk: manifests and records."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

import msgspec

from builder.content.documents import BranchContent, Document
from builder.formats.feeds import Feed, FeedItem
from builder.messages.problems import Problem
from builder.model.history import History
from builder.model.media import Picture
from builder.model.published import LiveSite
from builder.model.sealed import DamagedStateError, remove, write_sealed
from builder.model.signature import Signature
from builder.model.site_id import SiteId
from builder.model.values import Branch
from builder.store.exchange import settle_folder
from builder.store.lock import locked
from builder.store.packs import FileRecord, Packed, blank
from builder.store.parts import APART, DOCUMENTS, NO_PARTS, Names, Parts, joined, read_parts
from builder.store.progress_note import Notes
from builder.store.stored import decoded, is_unsealed, sealed_content

VERSION = 6
T = TypeVar("T")


class PageKey(msgspec.Struct, frozen=True):
    """The key of a page: hashes of all that it was made of. Equal keys give equal bytes. ``inputs`` is the hash of what content
    and data were derived from, empty where that is not known."""

    content: str
    data: str
    site: str
    theme: str
    inputs: str = ""


class MediaRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """A published copy of a source file, and the documents that use it.

    ``signature`` is that of the source, ``length`` is the number of bytes published. ``made`` is where that
    lies in the cache of pictures, key and name; empty if it is the source itself. ``cleaned`` is the cleaner that a recording
    went through, 0 for any other file.
    """

    source: str
    signature: Signature
    users: tuple[str, ...]
    length: int = 0
    made: tuple[str, str] | None = None
    cleaned: int = 0

    def same_bytes(self, other: MediaRecord) -> bool:
        """Tells whether the source has not been touched since, and would be published as it was."""
        if self.made or other.made:
            return self.made == other.made
        return (self.source, self.signature, self.cleaned) == (other.source, other.signature, other.cleaned)


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True):
    """The description of a release: its files, and what they were made from.

    ``digest`` is the hash of its slice, ``inputs`` that of all that the release was derived from, ``own_digest`` that of all
    of it but other branches' texts, of which feeds.json tells. ``outputs`` are the keys
    of the files that are no pages, ``media`` what each copied file was copied from; ``problems`` are those of the site,
    ``due`` the next instant at which the passing of time alone changes it, ``counts`` the number of entries in each state.
    ``packs`` are the sizes of its packs in bytes, ``folders`` those that its files lie in; both follow from ``files``.
    ``prior`` is the hash of the build.json of the release before it if this one has all files of that, too: names of what
    is gone are kept nowhere. ``frame``, of a branch, is the hash of all that it was derived from but its own texts, ``texts`` are
    the hashes of the sources of these, by path, ``surroundings`` is that of what any page of an entry may show beside entries.
    ``headers`` is the hash of what its files with response headers were made of.
    """

    digest: str
    inputs: str
    own_digest: str = ""
    due: datetime | None = None
    pages: Mapping[str, PageKey] = {}
    files: Mapping[str, FileRecord] = {}
    outputs: Mapping[str, str] = {}
    media: Mapping[str, MediaRecord] = {}
    problems: tuple[Problem, ...] = ()
    counts: Mapping[str, int] = {}
    packs: Mapping[str, int] = {}
    folders: tuple[str, ...] = ()
    prior: str = ""
    frame: str = ""
    texts: Mapping[str, str] = {}
    surroundings: str = ""
    headers: str = ""
    version: int = VERSION


# Everything is stored as JSON: MessagePack would bring every time back in UTC, and dates are told in the zone they were
# written in.


class Source(msgspec.Struct, frozen=True, array_like=True):
    """The source of a document: its path, the hash of its bytes and that of the version that counts, and its signature."""

    path: str
    sha256: str
    shown: str
    signature: Signature


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """The memory of a release for the next build: everything read, the last good version of what is broken now, the last
    good branch.yml, what is known of pictures by source path, when reading began, and the
    documents whose pages could not be rendered: by source path the hash of the file and of the look, and the reason.

    ``history`` is what content does not say of its past; ``authority``, of the hub, is what the feed ids carry that
    subscribers know. Of a large site, ``parts`` are the files in which its documents are stored, and ``sources`` what is
    known of these without reading them."""

    content: BranchContent
    good: Mapping[str, Document] = {}
    branch: Branch | None = None
    pictures: Mapping[str, Picture] = {}
    read_ns: int = 0
    unrenderable: Mapping[str, tuple[str, str]] = {}
    history: History = History()
    authority: str = ""
    parts: Names = {}
    sources: tuple[Source, ...] = ()
    version: int = VERSION


class ShownFeed(msgspec.Struct, frozen=True):
    """A feed as a release has it: its site, its own folder and those that it is written in, its head, the refs of its entries,
    and the number of the archive behind it, 0 if there is none."""

    site: str
    path: str
    folders: tuple[str, ...]
    head: Feed
    refs: tuple[str, ...]
    older: int


class ShownFeeds(msgspec.Struct, frozen=True):
    """The feeds of a release that hold entries of other branches, and the hashes of the texts of those, by slug. ``archived`` are
    the hashes of their items that archives hold in full, by ref: archives are not made again with the feeds alone."""

    texts: Mapping[str, str]
    feeds: tuple[ShownFeed, ...] = ()
    archived: Mapping[str, str] = {}


class Saved(NamedTuple):
    """The manifest, the record and the slice of a site's release, as far as they are there and wanted; ``damaged`` says that
    anything of it is gone or not as it was made. ``parts`` has the record's documents as they are stored, as far as they were
    read."""

    manifest: Manifest | None
    record: Record | None
    part: LiveSite | None
    damaged: bool
    parts: Parts = NO_PARTS


class Store:
    """The store of one output folder. About ``apart`` documents of a large site lie together."""

    def __init__(self, state: Path, output: Path, apart: int = APART) -> None:
        key = hashlib.sha256(os.fsencode(output.resolve())).hexdigest()[:16]
        self.folder, self.apart = state / key, apart

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Store) and other.folder == self.folder

    def __hash__(self) -> int:
        return hash(self.folder)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the store for one build. Raises StoreLockedError if another one does, OSError if it cannot be written."""
        with locked(self.folder / "lock"):
            try:
                self._repair()
                yield
            finally:
                shutil.rmtree(self.staging, ignore_errors=True)

    def _repair(self) -> None:
        """Removes what a killed build left half-done."""
        shutil.rmtree(self.staging, ignore_errors=True)
        # Earlier versions kept compiled templates, which is code: none is taken from there.
        shutil.rmtree(self.folder / "templates", ignore_errors=True)
        for beside in self.folder.glob("audit/*.json.[0-9]*"):
            beside.unlink(missing_ok=True)
        sites = self.folder / "sites"
        names = [entry.name for entry in os.scandir(sites)] if sites.is_dir() else []
        for name in names:
            if name.endswith(".old"):
                settle_folder(sites / name.removesuffix(".old"))
        for name in {name.removesuffix(".old") for name in names}:
            blank(f"{sites}/{name}")

    def clock_ns(self) -> int:
        """Returns the file system's clock, in nanoseconds: the modification time of the lock, which was just written."""
        return (self.folder / "lock").stat().st_mtime_ns

    @property
    def staging(self) -> Path:
        """The folder in which releases are written before they are complete; emptied at the start of each build."""
        return self.folder / "staging"

    @property
    def pictures(self) -> Path:
        """The folder of the picture cache, shared by all sites."""
        return self.folder / "pictures"

    def kept(self, what: str, slug: str) -> Path:
        """Returns the file in which the audit caches results of a site for its next run."""
        return self.folder / "audit" / f"{SiteId(slug).folder}.{what}.json"

    def drop_kept(self, slug: str) -> None:
        """Removes what audits cached for a site."""
        for kept in self.folder.glob(f"audit/{SiteId(slug).folder}.*.json"):
            kept.unlink(missing_ok=True)

    def release(self, slug: str) -> Path:
        """Returns the folder of a site's release; the hub's slug is empty."""
        return Path(self._release(slug))

    def _release(self, slug: str) -> str:
        # Text, not a path: it is asked for thousands of times.
        return f"{self.folder}/sites/{SiteId(slug).folder}"

    def slugs(self) -> tuple[str, ...]:
        """Returns the branches that have a release, in order."""
        sites = self.folder / "sites"
        names = sorted(entry.name for entry in os.scandir(sites)) if sites.is_dir() else []
        return tuple(name for name in names if SiteId.of(name).slug and os.path.isfile(f"{sites}/{name}/manifest.json"))  # noqa: PTH113

    def stamp(self, slug: str) -> tuple[int, int, int] | None:
        """Returns a mark that tells one release of a site from another without reading it; None if there is none."""
        try:
            status = os.stat(f"{self._release(slug)}/manifest.json")
        except OSError:
            return None
        return status.st_ino, status.st_size, status.st_mtime_ns

    def manifest(self, slug: str) -> Manifest | None:
        """Returns a site's manifest; None if there is none, or none that this version reads."""
        manifest = self._read(slug, "manifest", Manifest)
        return manifest if manifest is not None and manifest.version == VERSION else None

    def record(self, slug: str) -> Record | None:
        """Returns a site's record; None if there is none, or none that this version reads."""
        record = self._read(slug, "record", Record)
        if record is None or record.version != VERSION:
            return None
        return self.whole(slug, Saved(None, record, None, damaged=False)).record

    def documents(self, slug: str) -> Path:
        """Returns the folder of the parts in which the documents of a site's record lie."""
        return Path(f"{self._release(slug)}/{DOCUMENTS}")

    def laid_down(self, slug: str) -> Path:
        """Returns the folder in which the documents of a site lie for later stages of this build, in parts."""
        return self.staging / DOCUMENTS / SiteId(slug).folder

    def live_site(self, slug: str) -> LiveSite | None:
        """Returns the slice that a site's release was made with; None if there is none."""
        return self._read(slug, "slice", LiveSite)

    def past_of(self, present: Collection[str]) -> Callable[[str], tuple[Record, LiveSite | None] | None]:
        """Returns a function that gives the record and the slice of a branch that is not among those ``present``; None if nothing
        of it is known."""

        def past(name: str) -> tuple[Record, LiveSite | None] | None:
            record = self.record(name) if name not in present else None
            return (record, self.live_site(name)) if record is not None else None

        return past

    def items(self, slug: str) -> Mapping[str, FeedItem]:
        """Returns the feed items of a branch's newest entries, by ref. Raises DamagedStateError."""
        items = self._read(slug, "items", dict[str, FeedItem])
        if items is None and self.stamp(slug) is not None:
            raise DamagedStateError(slug)
        return items or {}

    def feeds(self, slug: str) -> ShownFeeds | None:
        """Returns the feeds of a site that hold entries of other branches; None if that is not known."""
        return self._read(slug, "feeds", ShownFeeds)

    def _read(self, slug: str, name: str, kind: type[T]) -> T | None:
        return decoded(sealed_content(self._release(slug), name), kind)

    def packed(self, slug: str) -> Packed:
        """Returns the files of a site's release."""
        return Packed(self.release(slug), slug)

    def spoil(self, slug: str) -> None:
        """Makes a release that is not as it was made count as none; its record stays, which has last good versions."""
        remove(self.release(slug) / "manifest.json")

    def whole(self, slug: str, saved: Saved) -> Saved:
        """Returns what was saved of a site with all documents of its record; no record if they are not as they were made."""
        record = saved.record
        if record is None or not record.parts or record.content.documents:
            return saved
        parts = read_parts(self.documents(slug), record.parts.values(), saved.parts)
        if parts is None:
            return saved._replace(manifest=None, record=None, damaged=True, parts=NO_PARTS)
        content = msgspec.structs.replace(record.content, documents=joined(parts))
        return saved._replace(record=msgspec.structs.replace(record, content=content), parts=parts)

    def saved(self, slug: str) -> Saved:
        """Returns what the last build saved of a site, but for its slice and documents that lie apart. A release that is damaged
        counts as none.

        Packs are only measured; what they hold is verified when it is read."""
        release = self._release(slug)
        present = os.path.isdir(release) and not is_unsealed(f"{release}/manifest.json")  # noqa: PTH112 - thousands
        found = {name: sealed_content(release, name) for name in ("manifest", "record", "slice", "items", "feeds")}
        manifest = decoded(found["manifest"], Manifest)
        record = decoded(found["record"], Record)
        record = record if record is not None and record.version == VERSION else None
        damaged = present and None in found.values()
        manifest = manifest if manifest is not None and manifest.version == VERSION else None
        damaged |= present and manifest is not None and not self.complete(slug, manifest)
        return Saved(None if damaged else manifest, record, None, damaged)

    def complete(self, slug: str, manifest: Manifest) -> bool:
        """Tells whether the packs of a release are all there and long enough."""
        release = self._release(slug)
        try:
            found = ((os.stat(f"{release}/{name}"), size) for name, size in manifest.packs.items())
            return all(stat.S_ISREG(status.st_mode) and status.st_size >= size for status, size in found)
        except OSError:
            return False

    def spare(self, slug: str) -> Path:
        """Returns the place of a second copy of a branch's published folder, for the next exchange."""
        return self.folder / "spare" / SiteId(slug).folder

    def staged(self, slug: str) -> Path:
        """Returns the folder in which a site's next release is written."""
        return self.staging / "releases" / SiteId(slug).folder

    def remembered(self, kind: type[T]) -> T | None:
        """Reads a value that the last build saved for this one; None if there is none that this version can read."""
        return decoded(sealed_content(os.fspath(self.folder), "memory"), kind)

    def forgot(self) -> bool:
        """Tells whether what the last build saved for this one is damaged."""
        return os.path.lexists(self.folder / "memory.json") and sealed_content(os.fspath(self.folder), "memory") is None

    def remember(self, what: object) -> None:
        """Saves a value for the next build, in one step."""
        write_sealed(self.folder / "memory.json", msgspec.json.encode(what))

    def stash(self, kind: str, slug: str, content: bytes) -> None:
        """Stores bytes for later stages of this build: ``kind`` is one word, such as ``slice``."""
        folder = self.staging / kind
        folder.mkdir(parents=True, exist_ok=True)
        # Not in its place: what was stored there before is known by its file.
        beside = folder / f"{SiteId(slug).folder}.new"
        beside.write_bytes(content)
        beside.replace(folder / f"{SiteId(slug).folder}.json")

    def stashed(self, kind: str, slug: str) -> bytes | None:
        """Reads what :meth:`stash` stored in this build; None if there is nothing."""
        try:
            return (self.staging / kind / f"{SiteId(slug).folder}.json").read_bytes()
        except OSError:
            return None

    def unstash(self, slug: str) -> None:
        """Removes everything stashed for a site."""
        for stashed in self.staging.glob(f"*/{SiteId(slug).folder}.json"):
            stashed.unlink(missing_ok=True)

    @property
    def notes(self) -> Notes:
        """The progress notes of the workers of the present build."""
        return Notes(self.staging / "notes")

    def remove(self, slug: str) -> None:
        """Removes everything stored for a site."""
        self.drop_kept(slug)
        shutil.rmtree(self.spare(slug), ignore_errors=True)
        shutil.rmtree(self.release(slug), ignore_errors=True)
