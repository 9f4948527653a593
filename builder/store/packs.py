"""The files of a release in a few large ones: what a build adds lies in one pack, so that a release of thousands of pages
costs a handful of files.

A pack is never written again once its release counts, but for one thing: what the next release no longer needs of it is
blanked. The next release links the packs it still needs; a pack of which less than half is needed is copied over into the
new one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from io import FileIO
from pathlib import Path
from typing import BinaryIO

import msgspec

from builder.model.reading import PIECE, pieces
from builder.model.sealed import DamagedStateError, seal, unseal

_MOST = 8
"""Packs of one release."""
_GONE = "gone.json"
"""The parts of packs that are still to be blanked."""


class FileRecord(msgspec.Struct, frozen=True, array_like=True):
    """A published file: its bytes' SHA-256 and number, the modification time that it keeps while they are equal, and
    where it lies: the pack's name and the first byte's place in it."""

    sha256: str
    size: int
    mtime_ns: int
    pack: str
    start: int


class Packed:
    """The files of the release of a site, for reading. Raises DamagedStateError where a pack is gone or not as it was."""

    def __init__(self, folder: Path, slug: str) -> None:
        self._folder, self._slug = folder, slug
        self._open: dict[str, FileIO] = {}

    def read(self, file: FileRecord) -> bytes:
        """Returns a file's bytes."""
        return b"".join(self.pieces(file))

    def pieces(self, file: FileRecord) -> Iterator[bytes]:
        """Yields a file's bytes in pieces, of which none counts before the last: only then are they known to be right."""
        pack = self._open.get(file.pack)
        if pack is None:
            try:
                pack = self._open[file.pack] = (self._folder / file.pack).open("rb", buffering=0)
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
                raise DamagedStateError(self._slug) from error
        pack.seek(file.start)
        digest = hashlib.sha256()
        for piece in pieces(pack, file.size):
            digest.update(piece)
            yield piece
        if digest.hexdigest() != file.sha256:
            raise DamagedStateError(self._slug)

    def close(self) -> None:
        """Closes what was opened."""
        for pack in self._open.values():
            pack.close()
        self._open.clear()


class PackEnd(msgspec.Struct, frozen=True):
    """The end of the pack that a release has added: its name, and its number of bytes."""

    pack: str
    size: int

    def add(self, folder: Path, content: bytes, before: FileRecord | None) -> FileRecord:
        """Adds a file at the end of the pack, which lies in a folder; with the bytes that it had ``before`` it keeps its
        modification time. Raises OSError."""
        file, sha256 = folder / self.pack, hashlib.sha256(content).hexdigest()
        with file.open("ab") as pack:
            pack.write(content)
        same = before is not None and before.sha256 == sha256
        mtime_ns = before.mtime_ns if before is not None and same else file.stat().st_mtime_ns
        return FileRecord(sha256, len(content), mtime_ns, self.pack, self.size)


class Packing:
    """A release in the making. A file whose bytes are those of the last release keeps its modification time."""

    def __init__(self, folder: Path, last: Path, slug: str, before: Mapping[str, FileRecord]) -> None:
        """``folder`` is the next release's, ``last`` the present one's of the site ``slug``, ``before`` its files by path."""
        self.files: dict[str, FileRecord] = {}
        self.written = 0
        self._folder, self._last, self._before = folder, last, before
        self._packed = Packed(last, slug)
        names = [int(name) for file in before.values() if (name := file.pack[4:]).isdigit()]
        self._name = f"pack{max(names, default=0) + 1}"
        self._file: BinaryIO | None = None
        self._size = 0
        self._fresh: list[str] = []

    def write(self, path: str, content: bytes) -> None:
        """Adds a file."""
        before = self._before.get(path)
        if before is not None and before.sha256 == hashlib.sha256(content).hexdigest():
            self.files[path] = before
        else:
            self._add_fresh(path, self._add((content,)))

    def copy(self, path: str, content: Iterable[bytes]) -> None:
        """Adds a file whose bytes come in pieces."""
        start, before = self._size, self._before.get(path)
        made = self._add(content)
        if before is not None and before.sha256 == made.sha256:
            self._take_back(start)
            self.files[path] = before
            return
        self._add_fresh(path, made)

    def _add_fresh(self, path: str, made: FileRecord) -> None:
        self.files[path] = made
        self._fresh.append(path)
        self.written += 1

    def take_over(self, path: str) -> None:
        """Adds a file of the last release as it is."""
        self.files[path] = self._before[path]

    def read(self, path: str) -> bytes:
        """Returns the bytes of a file of the last release. Raises DamagedStateError."""
        return self._packed.read(self._before[path])

    def finish(self) -> PackEnd:
        """Writes all that is still to be written, and returns where one more file may be added. What the packs hold of files that
        the release no longer has is to be removed by :func:`blank` as soon as it counts. Raises OSError."""
        self._copy_sparse()
        if self._file is not None:
            self._file.close()
            if not any(file.pack == self._name for file in self.files.values()):
                (self._folder / self._name).unlink()
                self._size = 0
        if self._fresh:
            # The clock of the file system: those who compare times compare with it.
            now = os.stat(self._folder / self._name).st_mtime_ns
            for path in self._fresh:
                self.files[path] = msgspec.structs.replace(self.files[path], mtime_ns=now)
        for name in sorted({file.pack for file in self.files.values()} - {self._name}):
            os.link(self._last / name, self._folder / name)
        self._packed.close()
        self.files = dict(sorted(self.files.items()))
        # An empty file begins where the next one does, and keeps none of its bytes.
        kept = {(file.pack, file.start) for file in self.files.values() if file.size}
        linked = {file.pack for file in self.files.values()}
        gone = sorted(
            (file.pack, file.start, file.size)
            for file in self._before.values()
            if file.size and file.pack in linked and (file.pack, file.start) not in kept
        )
        if gone:
            (self._folder / _GONE).write_bytes(seal(_GONE, msgspec.json.encode(gone)))
        return PackEnd(self._name, self._size)

    def _add(self, content: Iterable[bytes], mtime_ns: int = 0) -> FileRecord:
        if self._file is None:
            self._file = (self._folder / self._name).open("wb", buffering=1 << 20)
        digest, start = hashlib.sha256(), self._size
        for piece in content:
            digest.update(piece)
            self._file.write(piece)
            self._size += len(piece)
        return FileRecord(digest.hexdigest(), self._size - start, mtime_ns, self._name, start)

    def _take_back(self, start: int) -> None:
        """Takes back what was added from ``start``."""
        if self._file is not None:
            self._file.truncate(start)
            self._file.seek(start)
            self._size = start

    def _copy_sparse(self) -> None:
        """Copies what is left of packs of which less than half is needed; of all but the largest, where they are many."""
        needed: dict[str, int] = {}
        for file in self.files.values():
            if file.pack != self._name:
                needed[file.pack] = needed.get(file.pack, 0) + file.size
        sizes = {name: (self._last / name).stat().st_size for name in needed}
        sparse = {name for name, size in needed.items() if 2 * size < sizes[name]}
        if len(needed) > _MOST:
            sparse |= set(sorted(needed, key=lambda name: (needed[name], name))[:-1])
        for path, file in list(self.files.items()):
            if file.pack in sparse:
                self.files[path] = self._add(self._packed.pieces(file), file.mtime_ns)


def blank(folder: str | Path) -> None:
    """Overwrites what the packs of a release hold of files that it no longer has: what was withdrawn or replaced is in no
    file of the state, either. A build that was killed over it is followed by one that does it. Raises OSError."""
    try:
        with open(f"{folder}/{_GONE}", "rb") as stored:  # noqa: PTH123 - asked of every site, and few have one
            gone = unseal(_GONE, stored.read())
    except (FileNotFoundError, NotADirectoryError):
        return
    if gone is not None:
        for name, start, size in msgspec.json.decode(gone, type=list[tuple[str, int, int]]):
            with Path(folder, name).open("r+b") as pack:
                pack.seek(start)
                for at in range(0, size, PIECE):
                    pack.write(bytes(min(PIECE, size - at)))
    Path(folder, _GONE).unlink()
