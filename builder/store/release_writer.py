"""The one way in which a site's next release comes about, whatever it is made from."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from builder.content.documents import Document
from builder.formats.feeds import FeedItem
from builder.model.addresses import encoded
from builder.model.published import LiveSite
from builder.model.sealed import DamagedStateError, sealed_parts
from builder.model.site_map import fits
from builder.store.exchange import replace_folder
from builder.store.hub_stubs import HubStubs
from builder.store.packs import FileRecord, PackEnd, Packing, blank
from builder.store.parts import DOCUMENTS, NO_PARTS, Names, Parts, link_parts, names_of, replace_documents, write_parts
from builder.store.releases import Manifest, Record, ShownFeeds, Store

VERSION = 1
"""The version of build.json."""
_BUILD_JSON = "build.json"


class OutputPathError(Exception):
    """A release has a file at ``path`` that no output folder can hold together with the others."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class ReleaseContent(msgspec.Struct, frozen=True):
    """The content that a release was made from: the record for the next build, and what other sites read of it. ``stubs`` are
    those of the hub, ``parts`` the record's documents as far as they are stored, in this build or in the present release. If
    nothing but the texts of some documents has changed, these are the ``replaced`` ones, by path, and the slice is that of the
    present release."""

    record: Record
    part: LiveSite
    items: Mapping[str, FeedItem]
    stubs: HubStubs = HubStubs()
    parts: Parts = NO_PARTS
    replaced: Mapping[str, Document] | None = None


class ReleaseWriter:
    """The next release of one site. Files are written or taken over from the present one; none of it counts before
    :meth:`commit`; then ``parts`` are the documents of the record as they are stored, by their ``names``."""

    def __init__(self, store: Store, slug: str, present: Manifest | None, reusable: Manifest | None = None) -> None:
        """``present`` is the manifest of the release there is, ``reusable`` that of the one whose outputs need not be made
        again, if their keys are the same."""
        self.outputs: dict[str, str] = {}
        self.parts = NO_PARTS
        self.names: Names = {}
        self._store, self._slug = store, slug
        self._keys = reusable.outputs if reusable is not None else {}
        self._present_paths = set(present.files) if present is not None else set[str]()
        self._build_json = present.files[_BUILD_JSON] if present is not None else None
        self._prior = self._build_json.sha256 if self._build_json is not None else ""
        self._folder = store.staged(slug)
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        self._packing = Packing(self._folder, store.release(slug), slug, present.files if present is not None else {})

    def __contains__(self, path: object) -> bool:
        """Tells whether the release has a file at ``path`` by now."""
        return path in self._packing.files

    def write(self, path: str, content: bytes) -> None:
        """Adds a file; one with the bytes that it had before keeps its modification time. Raises OutputPathError if there is
        one at that path."""
        self._claim(path)
        self._packing.write(path, content)

    def copy(self, path: str, content: Iterable[bytes]) -> None:
        """Adds a file whose bytes come in pieces, like :meth:`write`."""
        self._claim(path)
        self._packing.copy(path, content)

    def take_over(self, path: str) -> None:
        """Adds a file of the present release as it is. Raises OutputPathError if there is one at that path."""
        self._claim(path)
        self._packing.take_over(path)

    def _claim(self, path: str) -> None:
        if path in self._packing.files or path == _BUILD_JSON:
            raise OutputPathError(path)

    def write_output(self, path: str, key: str, make: Callable[[], bytes]) -> None:
        """Adds a file that is no page and no copy; it is made only if its ``key`` is not that of the last release."""
        self._claim(path)
        if self._keys.get(path) == key:
            self._packing.take_over(path)
        else:
            self._packing.write(path, make())
        self.outputs[path] = key

    def take_over_output(self, path: str, key: str) -> None:
        """Adds a file of the present release that is no page and no copy as it is, with its ``key``."""
        self.take_over(path)
        self.outputs[path] = key

    def read(self, path: str) -> bytes:
        """Returns the bytes of a file of the present release. Raises DamagedStateError."""
        return self._packing.read(path)

    def commit(
        self,
        manifest: Manifest,
        feeds: ShownFeeds,
        content: ReleaseContent | None = None,
        *,
        sites: Mapping[str, str] | None = None,
    ) -> Manifest:
        """Makes all of it the site's release, and return its manifest: the given one with its files.

        Without ``content`` it is made from the same as the present one. ``sites`` are the hashes of the branches' build.json
        (for the hub). No byte of what the release no longer has is left. Raises OutputPathError, OSError.
        """
        return self.lay_by(manifest, feeds, content).commit(self._store, sites)

    def lay_by(self, manifest: Manifest, feeds: ShownFeeds, content: ReleaseContent | None = None) -> LaidRelease:
        """Lays all of it by, to be committed when it is known what build.json says of other sites. Raises OutputPathError,
        OSError."""
        if {*self._packing.files, _BUILD_JSON} != self._present_paths:
            _check_paths(self._slug, self._packing.files)
        end = self._packing.finish()
        prior = "" if self._present_paths - self._packing.files.keys() - {_BUILD_JSON} else self._prior
        made = {"files": self._packing.files, "outputs": self.outputs, "prior": prior}
        manifest = _complete(msgspec.structs.replace(manifest, **made))
        self._save("feeds", msgspec.json.encode(feeds))
        present = self._store.release(self._slug)
        if content is None:
            for name in ("record.json", "slice.json", "items.json"):
                os.link(present / name, self._folder / name)
            with contextlib.suppress(FileNotFoundError):
                os.link(present / "stubs.json", self._folder / "stubs.json")
            link_parts(self._store.documents(self._slug), self._folder / DOCUMENTS)
        else:
            self._save_record(content.record, content.parts, content.replaced)
            if content.replaced is None:
                self._save("slice", msgspec.json.encode(content.part))
            else:
                os.link(present / "slice.json", self._folder / "slice.json")
            self._save("items", msgspec.json.encode(content.items))
            if content.stubs.branches:
                self._save("stubs", msgspec.json.encode(content.stubs))
        return LaidRelease(self._slug, manifest, end, self._build_json)

    def _save_record(self, record: Record, known: Parts, replaced: Mapping[str, Document] | None) -> None:
        store, slug, folder = self._store, self._slug, self._folder / DOCUMENTS
        if replaced is None:
            places = store.laid_down(slug), store.documents(slug)
            self.parts = write_parts(folder, record.content.documents, store.apart, known, places)
            names = names_of(self.parts)
        else:
            parts = replace_documents(folder, record.parts, replaced, known, store.documents(slug))
            if parts is None:
                raise DamagedStateError(slug)
            names = dict(zip(record.parts, parts, strict=True))
            self.parts = {name: documents or known.get(name, ()) for name, documents in parts.items()}
        if names:
            bare = msgspec.structs.replace(record.content, documents=())
            record = msgspec.structs.replace(record, content=bare, parts=names)
        self.names = names
        self._save("record", msgspec.json.encode(record))

    def _save(self, name: str, content: bytes) -> None:
        _save(self._folder, name, content)


class LaidRelease(msgspec.Struct, frozen=True):
    """A release that is whole but for its build.json: ``manifest`` lacks that file, which is added at the ``end`` of its pack;
    ``before`` is the one of the present release."""

    slug: str
    manifest: Manifest
    end: PackEnd
    before: FileRecord | None

    def commit(self, store: Store, sites: Mapping[str, str] | None = None, inputs: str | None = None) -> Manifest:
        """Makes it the site's release, with ``inputs`` as the hash of what it was derived from, if that was not known either. See
        :meth:`ReleaseWriter.commit`."""
        folder, present, files = store.staged(self.slug), store.release(self.slug), self.manifest.files
        record = self.end.add(
            folder, _build_json({path: file.sha256 for path, file in files.items()}, sites), self.before
        )
        manifest = msgspec.structs.replace(
            self.manifest,
            files=dict(sorted({**files, _BUILD_JSON: record}.items())),
            packs={**self.manifest.packs, record.pack: record.start + record.size},
            inputs=self.manifest.inputs if inputs is None else inputs,
        )
        _save(folder, "manifest", msgspec.json.Encoder(order="deterministic").encode(manifest))
        replace_folder(folder, present)
        blank(present)
        return manifest


def _save(folder: Path, name: str, content: bytes) -> None:
    with (folder / f"{name}.json").open("wb") as file:
        file.writelines(sealed_parts(f"{folder.name}/{name}", content))


def _check_paths(slug: str, paths: Iterable[str]) -> None:
    """Raises OutputPathError for a path that is no path below a folder, too long, or both a file and a folder."""
    files = set(paths)
    home = f"{slug}/" if slug else ""
    for path in sorted(files):
        parts = path.split("/")
        if not fits(home + path) or any(part in ("", ".", "..") for part in parts) or "\0" in path:
            raise OutputPathError(path)
        if any("/".join(parts[:depth]) in files for depth in range(1, len(parts))):
            raise OutputPathError(path)


def _complete(manifest: Manifest) -> Manifest:
    """Returns the manifest with the packs and folders that follow from its files."""
    packs: dict[str, int] = {}
    folders = {"", *(path.rpartition("/")[0] for path in manifest.files)}
    for file in manifest.files.values():
        packs[file.pack] = max(packs.get(file.pack, 0), file.start + file.size)
    for above in sorted(folders):
        while above:
            above = above.rpartition("/")[0]
            folders.add(above)
    return msgspec.structs.replace(manifest, packs=packs, folders=tuple(sorted(folders)))


def _build_json(files: Mapping[str, str], sites: Mapping[str, str] | None) -> bytes:
    """Returns ``build.json``: the SHA-256 of each file by path; of the hub also that of each branch's build.json."""
    data: dict[str, object] = {"version": VERSION, "files": {encoded(path): sha for path, sha in files.items()}}
    if sites is not None:
        data["sites"] = sites
    return msgspec.json.format(msgspec.json.Encoder(order="deterministic").encode(data), indent=1) + b"\n"
