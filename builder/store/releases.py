"""Releases on disk: manifests, records, and the lock of a store."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from builder.catalogue import Slice
from builder.diagnostics import Problem
from builder.documents import BranchContent, Document
from builder.feeds import FeedItem
from builder.model import Branch
from builder.store.exchange import replace_folder, settle_folder

VERSION = 1
HUB_NAME = "hub"


class PageKey(msgspec.Struct, frozen=True):
    """What a page was made of, part by part: equal keys give equal bytes."""

    content: str
    data: str
    site: str
    theme: str


class FileRecord(msgspec.Struct, frozen=True):
    """A published file: its bytes' SHA-256 and number, and the modification time that it keeps while they are equal."""

    sha256: str
    size: int
    mtime_ns: int


class MediaRecord(msgspec.Struct, frozen=True):
    """A published copy of a source file, and the documents that use it."""

    source: str
    size: int
    mtime_ns: int
    users: tuple[str, ...]

    def same_bytes(self, other: MediaRecord) -> bool:
        """True if the source has not been touched since."""
        return (self.source, self.size, self.mtime_ns) == (other.source, other.size, other.mtime_ns)


class Manifest(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a release says of itself.

    ``digest`` is the hash of ``part``, ``inputs`` that of all that the release was derived from, ``now`` its clock, ``due``
    the next instant at which the passing of time alone changes it. ``outputs`` are the keys of the files that are no
    pages, ``media`` what each copied file was copied from; ``counts`` the number of entries in each state.
    """

    part: Slice
    digest: str
    inputs: str
    now: datetime
    due: datetime | None = None
    pages: Mapping[str, PageKey] = {}
    files: Mapping[str, FileRecord] = {}
    outputs: Mapping[str, str] = {}
    media: Mapping[str, MediaRecord] = {}
    problems: tuple[Problem, ...] = ()
    counts: Mapping[str, int] = {}
    version: int = VERSION


# Everything is stored as JSON: MessagePack would bring every time back in UTC, and dates are told in the zone they were
# written in.


class Record(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a release keeps for the next build: everything read, the last good version of what is broken now, the last
    good branch.yml, the sizes of pictures by source path (bytes, time, width, height), and when reading began."""

    content: BranchContent
    good: Mapping[str, Document] = {}
    branch: Branch | None = None
    pictures: Mapping[str, tuple[int, int, int, int]] = {}
    read_ns: int = 0
    version: int = VERSION


class StoreLockedError(Exception):
    """Another build holds the store; ``holder`` says which."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class Store:
    """The store of one output folder."""

    def __init__(self, state: Path, output: Path) -> None:
        key = hashlib.sha256(os.fsencode(output.resolve())).hexdigest()[:16]
        self.folder = state / key

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Holds the store for one build. Raises StoreLockedError if another one does, OSError if it cannot be written."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("a+", encoding="utf-8") as file:
            self._lock(file)
            try:
                self._repair()
                yield
            finally:
                file.seek(0)
                file.truncate()

    def _lock(self, file: IO[str]) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            raise StoreLockedError(file.read().strip() or "?") from error
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()

    def _repair(self) -> None:
        """Removes what a killed build left half-done."""
        shutil.rmtree(self.staging, ignore_errors=True)
        sites = self.folder / "sites"
        for entry in sorted(sites.iterdir()) if sites.is_dir() else ():
            settle_folder(sites / entry.name.removesuffix(".old"))

    def clock_ns(self) -> int:
        """The file system's clock, in nanoseconds: the modification time of the lock, which was just written."""
        return (self.folder / "lock").stat().st_mtime_ns

    @property
    def staging(self) -> Path:
        """Where releases are written before they count; emptied at the start of each build."""
        return self.folder / "staging"

    @property
    def bytecode(self) -> Path:
        """Where compiled templates are kept."""
        return self.folder / "templates"

    def release(self, slug: str) -> Path:
        """The folder of a site's release; the hub's slug is empty."""
        return self.folder / "sites" / (slug or HUB_NAME)

    def site(self, slug: str) -> Path:
        """The files of a site's release."""
        return self.release(slug) / "site"

    def slugs(self) -> tuple[str, ...]:
        """The branches that have a release, in order."""
        sites = self.folder / "sites"
        names = sorted(entry.name for entry in os.scandir(sites)) if sites.is_dir() else []
        return tuple(name for name in names if name != HUB_NAME and (sites / name / "manifest.json").is_file())

    def manifest(self, slug: str) -> Manifest | None:
        """A site's manifest; None if there is none, or none that this version reads."""
        try:
            manifest = msgspec.json.decode((self.release(slug) / "manifest.json").read_bytes(), type=Manifest)
        except (OSError, msgspec.MsgspecError):
            return None
        return manifest if manifest.version == VERSION else None

    def record(self, slug: str) -> Record | None:
        """A site's record; None if there is none, or none that this version reads."""
        try:
            record = msgspec.json.decode((self.release(slug) / "record.json").read_bytes(), type=Record)
        except (OSError, msgspec.MsgspecError):
            return None
        return record if record.version == VERSION else None

    def items(self, slug: str) -> Mapping[str, FeedItem]:
        """The feed items of a branch's newest entries, by ref."""
        try:
            content = (self.release(slug) / "items.json").read_bytes()
            return msgspec.json.decode(content, type=dict[str, FeedItem])
        except (OSError, msgspec.MsgspecError):
            return {}

    def complete(self, slug: str, manifest: Manifest) -> bool:
        """True if the release's files are all there, each with its number of bytes."""
        site = os.fspath(self.site(slug))
        try:
            return all(os.stat(f"{site}/{path}").st_size == file.size for path, file in manifest.files.items())
        except OSError:
            return False

    def stage(self, slug: str) -> Path:
        """An empty folder for a site's next release, with an empty ``site/`` in it."""
        folder = self.staging / (slug or HUB_NAME)
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "site").mkdir(parents=True)
        return folder

    def commit(
        self, slug: str, folder: Path, manifest: Manifest, record: Record, items: Mapping[str, FeedItem]
    ) -> None:
        """Makes a staged folder the site's release."""
        encoder = msgspec.json.Encoder(order="deterministic")
        (folder / "manifest.json").write_bytes(encoder.encode(manifest))
        (folder / "record.json").write_bytes(msgspec.json.encode(record))
        (folder / "items.json").write_bytes(msgspec.json.encode(items))
        replace_folder(folder, self.release(slug))

    def remove(self, slug: str) -> None:
        """Forgets a site."""
        shutil.rmtree(self.release(slug), ignore_errors=True)
