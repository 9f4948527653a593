"""A site of which some texts alone were read again: these, and what its release has of all others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from builder.catalogue.reading import SiteAt
from builder.content.documents import Document
from builder.model.published import LiveSite
from builder.model.sealed import DamagedStateError
from builder.store import Record, Saved, Store, part_of, read_parts


class EditedSite(Mapping[str, Document]):
    """The published documents of a branch by source path, those that were ``read`` again as they are now; the others are read
    from the release when they are asked for. ``last`` is its manifest, ``part`` its slice, if this process knows it, ``parts``
    are its documents as they are stored, as far as they were read. Raises DamagedStateError."""

    def __init__(self, store: Store, slug: str, saved: Saved, documents: tuple[Document, ...] = ()) -> None:
        """``saved`` is what the last build saved of the branch, ``documents`` those that were read again."""
        if saved.manifest is None or saved.record is None:
            raise DamagedStateError(slug)
        self.slug, self.last, self.part, self._record = slug, saved.manifest, saved.part, saved.record
        self.parts = dict(saved.parts)
        self._store, self._saved = store, saved
        self.read = {document.path: document for document in documents}
        self._others: dict[str, Document] = {}

    def document(self, path: str) -> Document | None:
        """Returns a document, published or not; None if the release has none of that path."""
        if path in self.read:
            return self.read[path]
        if path not in self._others:
            name = part_of(self._record.parts, path)
            part = read_parts(self._store.documents(self.slug), (name,) if name else (), self.parts)
            if part is None:
                raise DamagedStateError(self.slug)
            self.parts |= part
            self._others |= {each.path: each for documents in part.values() for each in documents}
        return self._others.get(path)

    @property
    def texts(self) -> Mapping[str, str]:
        """The hash of the source of each published document, by path."""
        now = {path: document.sha256 for path, document in self.read.items() if path in self.last.texts}
        return {**self.last.texts, **now}

    def reading(self, part: LiveSite) -> SiteAt:
        """Returns the site as it was read, with its slice and without its documents."""
        record = self._record
        return SiteAt(
            slug=self.slug,
            content=msgspec.structs.replace(record.content, documents=()),
            states=(),
            part=part,
            good=record.good,
            due=self.last.due,
            problems=(),
            pictures=record.pictures,
            digest=self.last.digest,
            history=record.history,
        )

    def record(self, read_ns: int, told: Mapping[str, datetime]) -> Record:
        """Returns the record for the next build, without documents; ``told`` are the last changes that the site's feeds tell."""
        record, read = self._record, self.read
        sources = tuple(
            msgspec.structs.replace(
                source,
                sha256=read[source.path].sha256,
                shown=read[source.path].sha256,
                signature=read[source.path].signature,
            )
            if source.path in read
            else source
            for source in record.sources
        )
        return msgspec.structs.replace(
            record,
            content=msgspec.structs.replace(record.content, documents=()),
            read_ns=read_ns,
            history=msgspec.structs.replace(record.history, feeds=told),
            sources=sources,
        )

    def whole(self) -> Record:
        """Returns the last record, with the documents that were read again. Raises DamagedStateError."""
        record = self._store.whole(self.slug, self._saved).record
        if record is None:
            raise DamagedStateError(self.slug)
        documents = tuple(self.read.get(each.path, each) for each in record.content.documents)
        return msgspec.structs.replace(record, content=msgspec.structs.replace(record.content, documents=documents))

    def __getitem__(self, path: str) -> Document:
        document = self.document(path) if path in self.last.texts else None
        if document is None:
            raise KeyError(path)
        return document

    def __iter__(self) -> Iterator[str]:
        return iter(self.last.texts)

    def __len__(self) -> int:
        return len(self.last.texts)

    def __contains__(self, path: object) -> bool:
        return path in self.last.texts
