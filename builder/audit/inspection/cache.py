"""The cache of inspections, from audit to audit and from a build to the next audit.

A site whose folder has the listing it had, and in which nothing has fallen due since, is not read again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from builder.audit.duplicates import Text, texts_of
from builder.audit.inspection.cache_file import read_cache_file, write_cache_file
from builder.audit.inspection.site import Inspected, Inspector, Known
from builder.catalogue.failed_sources import SiteRequest
from builder.catalogue.reading import SAFE_NS, SiteAt, SiteSource, find_site, found_in, reading_of
from builder.content.walk import listing
from builder.model.published import LiveSite
from builder.model.site_id import SiteId
from builder.model.values import Organization
from builder.model.version import settings_digest
from builder.store import Store
from builder.store.progress_note import Notes


class _Head(msgspec.Struct, frozen=True):
    """The first line of a cached inspection, its validity besides the settings: a folder with this ``listing`` (if empty:
    none), from ``since`` until ``until``; the files ``outside`` have to be the same, too. It may be ``bare``: only what saves
    work in the next one."""

    listing: str
    since: datetime
    until: datetime | None
    outside: tuple[str, ...]
    bare: bool = False


class Inspections(msgspec.Struct, frozen=True):
    """The inspections of one content folder's sites at an instant, made in this process or another.

    ``settings_digest`` is the hash of the settings for reading folders; ``read_ns`` is the file system's time, in
    nanoseconds, when this began; what was touched within ``margin_ns`` before is inspected again next time. With a ``store``
    results are kept there. ``find`` reads a site's folder.
    """

    root: Path
    organization: Organization
    slugs: tuple[str, ...]
    now: datetime
    settings_digest: str
    read_ns: int
    store: Store | None = None
    margin_ns: int = SAFE_NS
    find: Callable[..., SiteSource] = find_site

    @classmethod
    def of(
        cls,
        root: Path,
        organization: Organization,
        slugs: tuple[str, ...],
        now: datetime,
        store: Store | None,
        margin_ns: int = SAFE_NS,
        find: Callable[..., SiteSource] = find_site,
    ) -> Inspections:
        """Makes the inspections of an audit; ``slugs`` are all branches."""
        read_ns = 0
        if store is not None:
            # When the last build began or ended: what has been touched since is inspected each time, until it is built.
            with contextlib.suppress(OSError):
                read_ns = store.clock_ns()
        digest = settings_digest(organization, drafts=False)
        return cls(root.absolute(), organization, slugs, now, digest, read_ns, store, margin_ns, find)

    def inspect(self, notes: Notes, requests: Sequence[SiteRequest]) -> list[bytes]:
        """Inspects sites; the hub's slug is empty. What is being read is noted in ``notes``. Returns JSON, which is encoded and
        decoded faster than anything else and is the format of the cache."""
        return [self._inspect(notes, request) for request in requests]

    def inspect_last(self, slug: str) -> bytes:
        """Inspects a site that cannot be read: as its last release has it, which may be nothing."""
        record = self.store.record(slug) if self.store is not None else None
        if record is None:
            return msgspec.json.encode(Inspected(LiveSite(slug)))
        reading = reading_of(found_in(record), self.now)
        return msgspec.json.encode(Inspected(part=reading.part, settings=reading.content.settings))

    def _inspect(self, notes: Notes, request: SiteRequest) -> bytes:
        slug = request.slug
        head, _, kept = self._read_kept(slug, self.settings_digest).partition(b"\n")
        if self._holds(slug, head):
            return kept
        with notes.begin(slug) as note:
            reading = self._read_site(request, note.write)
        return (
            self._keep(reading, lasting=not request.failed)
            if self.store is not None
            else msgspec.json.encode(self._inspect_reading(reading, Known()))
        )

    def keep(self, reading: SiteAt) -> None:
        """Inspects a site that was read in a build, for later audits, which then need not read it."""
        self._keep(reading, lasting=reading.guarded is None and not reading.unrenderable)

    def keep_known(self, slug: str, digests: Collection[str], gone: Collection[str] | None = None) -> None:
        """Keeps of the last inspection of a site only what saves work in the next one, of the texts of these digests; the others
        are ``gone``, if that is known."""
        if self.store is None:
            return
        kept = self._read_kept(slug, self.settings_digest)
        if gone is not None and _is_bare(kept) and not any(digest.encode() in kept for digest in gone):
            return
        known = _decode_known(kept)
        sources = msgspec.structs.replace(
            known.sources,
            personal={sha256: data for sha256, data in known.sources.personal.items() if sha256 in digests},
        )
        texts = tuple(text for text in known.texts if text.digest in digests)
        left = msgspec.json.encode(Known(texts, sources, known.settings))
        head = msgspec.json.encode(_Head("", self.now, None, (), bare=True))
        write_cache_file(self.store.kept("files", slug), self.settings_digest, head + b"\n" + left)

    def _keep(self, reading: SiteAt, *, lasting: bool = True) -> bytes:
        found = self._inspect_reading(reading, _decode_known(self._read_kept(reading.slug, None)))
        content = msgspec.json.encode(found)
        seen, newest = self._listing(reading.slug, found.outside)
        lasting &= newest < self.read_ns - self.margin_ns
        head = msgspec.json.encode(_Head(seen if lasting else "", self.now, found.until, found.outside))
        if self.store is not None:
            write_cache_file(self.store.kept("files", reading.slug), self.settings_digest, head + b"\n" + content)
        return content

    def _inspect_reading(self, reading: SiteAt, known: Known) -> Inspected:
        # With a store the texts themselves lie in the releases.
        bare = self.store is not None
        inspector = Inspector(self.root, self.organization, self.now, self.read_ns, self.margin_ns)
        return inspector.inspect(reading, known, bare=bare)

    def _read_site(self, request: SiteRequest, note: Callable[[str], None] = lambda path: None) -> SiteAt:
        slug = request.slug
        found = self.find(
            self.root,
            slug,
            self.organization,
            self.now,
            record=self.store.record(slug) if self.store is not None else None,
            reserved=frozenset() if slug else frozenset(self.slugs),
            margin_ns=self.margin_ns,
            failed=request.failed,
            note=note,
        )
        return reading_of(found, self.now)

    def _holds(self, slug: str, written: bytes) -> bool:
        try:
            head = msgspec.json.decode(written, type=_Head)
        except msgspec.MsgspecError:
            return False
        if not head.listing or head.since > self.now or (head.until is not None and self.now >= head.until):
            return False
        return self._listing(slug, head.outside)[0] == head.listing

    def _listing(self, slug: str, outside: Collection[str]) -> tuple[str, int]:
        seen, newest, _ = listing(self.root, SiteId(slug).source, outside)
        return f"{seen} {'' if slug else ' '.join(self.slugs)}", newest

    def _read_kept(self, slug: str, settings_digest: str | None) -> bytes:
        return read_cache_file(self.store.kept("files", slug), settings_digest) if self.store is not None else b""

    def texts(self, wanted: Collection[Text], failed: Mapping[str, Mapping[str, str]] = {}) -> Mapping[str, str]:
        """Returns texts that were left out, by path: from the releases or, if they are not there, read again. ``failed`` are
        the sources of each site that cannot be read."""
        by_branch: dict[str, dict[str, str]] = {}
        for text in wanted:
            by_branch.setdefault(text.branch, {})[text.path] = text.digest
        found: dict[str, str] = {}
        for slug, digests in by_branch.items():
            record = self.store.record(slug) if self.store is not None else None
            known = (*record.good.values(), *record.content.documents) if record is not None else ()
            at_hand = [each for each in known if digests.get(each.path) == each.sha256]
            found |= {text.path: text.text for text in texts_of(at_hand)}
            if not digests.keys() <= found.keys():
                again = (
                    each
                    for each in self._read_site(SiteRequest(slug, failed.get(slug, {}))).live
                    if each.path in digests
                )
                found |= {text.path: text.text for text in texts_of(again)}
        return found


def _is_bare(written: bytes) -> bool:
    try:
        return msgspec.json.decode(written.partition(b"\n")[0], type=_Head).bare
    except msgspec.MsgspecError:
        return False


def _decode_known(written: bytes) -> Known:
    try:
        return msgspec.json.decode(written.partition(b"\n")[2], type=Known)
    except msgspec.MsgspecError:
        return Known()
