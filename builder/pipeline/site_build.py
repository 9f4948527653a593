"""The input for building one site: its job, and everything that the job refers to, loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from html import escape

import msgspec

from builder.catalogue.bodies import Resolved, html, resolved, used_files
from builder.catalogue.catalogue import Catalogue
from builder.catalogue.reading import SiteAt, found_in, reading_of, remembered
from builder.catalogue.redirects import former_redirects, redirects
from builder.catalogue.rereading import sources_of
from builder.content.documents import Document
from builder.formats.direction import language_attributes
from builder.formats.feeds import FeedItem
from builder.model.addresses import Addresses
from builder.model.media import (
    embedded_content,
    is_embedded,
    is_picture,
    is_unreadable,
    on_hub,
    published_at,
    refused,
    regular,
)
from builder.model.published import LiveSite, path_of
from builder.model.sealed import DamagedStateError
from builder.model.signature import Signature, signature_of
from builder.model.site_id import SiteId
from builder.model.stubs import Stub
from builder.model.values import Entry
from builder.pages import Context, RenderedBody, own_items
from builder.pages.kinds.policy import POLICY_STATES
from builder.pictures import CLEANER, FULL, Refused, cache_key, clean_embedded, is_recording, variants
from builder.pipeline.edited_site import EditedSite
from builder.pipeline.job import Job
from builder.pipeline.memory import edited_of, read_back
from builder.pipeline.session import Session
from builder.store import HubStubs, MediaRecord, Record, Store, read_hub_stubs


class SiteBuild:
    """A job together with all the data that it needs. The branches that are the ``same`` publish what the hub's last release
    shows of them, and all around them is as it was."""

    def __init__(
        self,
        job: Job,
        reading: SiteAt | None = None,
        parts: Mapping[str, LiveSite] = {},
        moved: Mapping[str, str] | None = None,
    ) -> None:
        """``reading``, the live sites ``parts`` and the old addresses ``moved`` replace those that this build has saved."""
        session = job.session
        self.job, self.session, self.slug = job, session, job.slug
        self.store: Store = session.store
        self._reading, self._parts, self._moved = reading, parts, moved
        self._known = read_hub_stubs(self.store) if job.slices and not job.feeds_only else HubStubs()
        known = self._known_stubs(parts)
        hub = not self.slug and self._known.around == job.inputs.around
        self.same = frozenset(known) if hub else frozenset[str]()
        edited = self.edited.part if self.edited is not None else None
        self.catalogue: Catalogue = session.catalogue(parts, known, {self.slug: edited})
        self.addresses = Addresses(session.organization, self.catalogue.branches.values())

    def _known_stubs(self, parts: Container[str]) -> Mapping[str, tuple[Stub, ...]]:
        """Returns the stubs, as the hub's last release has them, of branches that publish what they did then."""
        decode = msgspec.json.Decoder(tuple[Stub, ...]).decode
        slices = self.job.slices
        try:
            return {
                slug: decode(made)
                for slug, (digest, made) in self._known.branches.items()
                if slices.get(slug) == digest and slug not in parts
            }
        except msgspec.MsgspecError:
            return {}

    def stubs(self) -> HubStubs:
        """Returns the stubs for the next release of the hub; of another site none."""
        if self.slug:
            return HubStubs()
        known, slices = self._known.branches, self.job.slices
        found = {
            slug: known[slug]
            if slug in known and known[slug][0] == digest
            else (digest, msgspec.Raw(msgspec.json.encode(self.catalogue.stubs[slug])))
            for slug, digest in slices.items()
        }
        return HubStubs(self.job.inputs.around, found)

    @cached_property
    def reading(self) -> SiteAt:
        """The site as it was read, without documents if only texts were edited. Raises OSError if it was not."""
        if self._reading is not None:
            return self._reading
        if self.edited is not None:
            return self.edited.reading(self.catalogue.live_sites[self.slug])
        return read_back(self.session, self.slug)

    @cached_property
    def edited(self) -> EditedSite | None:
        """The site if some of its texts alone were read again, and nothing else has changed. Raises OSError if they were not,
        DamagedStateError."""
        return edited_of(self.session, self.slug) if self.job.texts_only else None

    @property
    def documents(self) -> Mapping[str, Document]:
        """The published documents, by source path."""
        return self.edited if self.edited is not None else {document.path: document for document in self.reading.live}

    @cached_property
    def moved(self) -> Mapping[str, str]:
        """The redirects in the site's folder: new address by old one."""
        if self._moved is not None:
            return self._moved
        found = redirects(self.catalogue) if self._parts else self.session.redirects()
        former = self.catalogue.names.former if not self.slug else {}
        moved: dict[str, str] = dict(found.get(self.slug, {}))
        for old, slug in sorted(former.items()):
            last = self.store.manifest(slug)
            for path, target in former_redirects(
                old, slug, last.pages if last is not None else (), found.get(slug, {})
            ):
                moved.setdefault(path, target)
        return moved

    def record(self, told: Mapping[str, datetime]) -> Record:
        """The record of the reading, for the next build; ``told`` are the last changes that the site's feeds tell."""
        if self.edited is not None:
            return self.edited.record(self.session.read_ns, told)
        reading = self.reading
        shas = {document.path: document.sha256 for document in reading.content.documents}
        content, good = remembered(reading)
        return Record(
            content=content,
            good=good,
            branch=reading.part.branch,
            pictures=reading.pictures,
            read_ns=self.session.read_ns,
            unrenderable={
                path: (f"{shas.get(path, '')} {self.session.theme_digest}", reason)
                for path, reason in reading.unrenderable.items()
            },
            history=msgspec.structs.replace(reading.history, feeds=told),
            authority="" if self.slug else reading.former or self.session.organization.authority,
            sources=sources_of(reading) if self.slug and len(content.documents) > self.store.apart else (),
        )

    def items(self, own: Mapping[str, FeedItem]) -> Mapping[str, FeedItem]:
        """Returns feed items by ref: the site's ``own``, and those of other branches, which are loaded on demand."""
        return _Items(self, own)

    def page_files(self) -> Iterator[tuple[str, str]]:
        """The source path and the output file of each document's page."""
        start, part = len(self.addresses.home(self.slug)), self.reading.part
        for what in part.subjects:
            if not isinstance(what, Entry) or what.has_page:
                yield what.path, path_of(what)[start:] + "index.html"

    def media(self, bodies: Iterable[Resolved]) -> dict[str, MediaRecord]:
        """The source of each picture and attachment that something published uses, by its path in the site."""
        users: dict[str, set[str]] = {}
        embedded: dict[str, str] = {}
        for body in bodies:
            for path, _ in used_files(body):
                users.setdefault(path, set()).add(body.document.path)
            written = zip(body.body.links, body.targets, strict=True)
            embedded |= {target.place: link.target for link, target in written if is_embedded(link.target)}
        branch = self.reading.part.branch
        for member in branch.committee if branch is not None else ():
            if member.photo:
                users.setdefault(member.photo, set()).add(SiteId(self.slug).settings)
        organization = self.session.organization
        if not self.slug and organization.logo:
            users.setdefault(organization.logo, set()).add(organization.source)
        found: dict[str, MediaRecord] = {}
        start = len(self.addresses.home(self.slug))
        for source in sorted(users):
            if source not in embedded and not self.catalogue.is_file(source):
                # Front matter names files like links do: no sources, nothing of what is not published.
                continue
            path = published_at(source, self.slug, self.reading.part.bundles)[start:]
            by = tuple(sorted(users[source]))
            copies = (
                self._embedded(embedded[source], source, path, by)
                if source in embedded
                else self._copies(source, path, by)
            )
            for name, record in copies:
                if name == path or name not in found:
                    found[name] = record
        return found if self.slug else dict(self._from_elsewhere()) | found

    def maker(self, source: str) -> str:
        """Returns the slug of the site for which a picture that this one publishes was made: the hub's lists show those of
        branches."""
        return self.slug if self.slug or source in self.reading.pictures else SiteId.of(source).slug

    def _from_elsewhere(self) -> Iterator[tuple[str, MediaRecord]]:
        """Yields the pictures in the hub's lists that branches with addresses of their own have published, by their path in the
        hub."""
        for slug in sorted(self.addresses.own):
            part, release = self.catalogue.live_sites.get(slug), self.store.manifest(slug)
            for live in part.entries if part is not None and release is not None else ():
                if not live.picture or not live.entry.hub or part is None or release is None:
                    continue
                path = published_at(live.picture, slug, part.bundles)
                for name in (path, *variants(path, live.picture_shape)):
                    record = release.media.get(name.removeprefix(f"/{slug}/"))
                    if record is not None:
                        users = (live.entry.path,)
                        yield on_hub(name, slug)[1:], msgspec.structs.replace(record, users=users)

    def _embedded(
        self, address: str, source: str, path: str, users: tuple[str, ...]
    ) -> Iterator[tuple[str, MediaRecord]]:
        """Returns the file of a picture that is written into a text, published at ``path``."""
        content, cache = embedded_content(address), self.session.pictures
        key = cache_key(hashlib.sha256(content).hexdigest(), "embedded")
        if cache.state(key) == "missing":
            try:
                cache.put(key, {FULL: clean_embedded(content)[1]})
            except Refused as error:
                cache.fail(key, error.code)
        if cache.state(key) == "made":
            yield path, MediaRecord(source, Signature(len(content), 0, 0, 0), users, cache.length(key), (key, FULL))

    def _copies(self, source: str, path: str, users: tuple[str, ...]) -> Iterator[tuple[str, MediaRecord]]:
        """Returns the files published for one source file: at ``path`` and, for a picture, its versions beside it."""
        picture = self.reading.pictures.get(source)
        file = regular(self.session.root, source)
        if is_unreadable(self.session.root, source):
            if picture is None:
                yield from self._as_released(source, path, users)
                return
            file = self.session.root / source
        if file is None or refused(file, source) or (is_picture(source) and picture is None):
            return
        if picture is None:
            signature = signature_of(file.stat())
            if signature.size > self.session.organization.limits.file_bytes:
                return
            cleaned = CLEANER if is_recording(source) else 0
            yield path, MediaRecord(source, signature, users, signature.size, cleaned=cleaned)
        elif not picture.trouble:
            limit = self.session.organization.limits.image_bytes
            key, cache = cache_key(picture.sha256, picture.form, limit), self.session.pictures
            made = {path: FULL} | {
                name: f"{width}.{form}" for name, (width, form) in variants(path, picture.shape).items()
            }
            for published, name in made.items():
                length = cache.length(key, name)
                yield published, MediaRecord(source, picture.signature, users, length, (key, name))

    def _as_released(self, source: str, path: str, users: tuple[str, ...]) -> Iterator[tuple[str, MediaRecord]]:
        """Returns a file that cannot be read now as it is published; nothing if it is not."""
        last = self.store.manifest(self.slug)
        known = last.media.get(path) if last is not None else None
        if known is not None and known.source == source and known.made is None:
            yield path, msgspec.structs.replace(known, users=users)

    def context(self, bodies: Mapping[str, Resolved], media: Mapping[str, MediaRecord]) -> Context:
        """Returns the context for the page functions, with every body finished."""
        sizes = lengths(media)
        shapes = {path: picture.shape for path, picture in self.reading.pictures.items() if path in sizes}
        shown = {path: body.pictures() for path, body in bodies.items()}
        ctx = Context(self.catalogue, self.addresses, self.slug, self.session.now, {}, sizes, shown, self.moved)

        def file(source: str) -> str:
            return ctx.file(source) if source in sizes else ""

        def place(source: str) -> str:
            return published_at(source, self.slug, self.reading.part.bundles)

        word = escape(ctx.text.gettext(POLICY_STATES["repealed"]))
        off = f' <span class="state state-off" {language_attributes(ctx.language)}>{word}</span>'

        def mark(path: str) -> str:
            live = self.catalogue.entries.get(path.strip("/"))
            policy = live.entry.policy if live is not None else None
            return off if policy is not None and policy.status == "repealed" else ""

        covered = {path for path, body in bodies.items() if _has_cover(body, sizes)}
        finished = {
            path: RenderedBody(
                html=html(
                    body, ctx.link, file, place=place, shapes=shapes, eager=path not in covered, mark=mark, sizes=sizes
                ),
                headings=tuple((heading.level, heading.id, heading.text) for heading in body.body.headings),
            )
            for path, body in bodies.items()
        }
        return Context(
            self.catalogue,
            self.addresses,
            self.slug,
            self.session.now,
            finished,
            sizes,
            shown,
            self.moved,
            frozenset(media),
            shapes,
            self.reading.history.feeds,
        )


def lengths(media: Mapping[str, MediaRecord]) -> dict[str, int]:
    """The bytes published of each source file, under its own name."""
    return {record.source: record.length for record in media.values() if record.made is None or record.made[1] == FULL}


def live_documents(session: Session, slug: str) -> tuple[Document, ...]:
    """Returns the documents of a site that are published now, as read in this build or as in its release."""
    if session.store.stashed("found", slug) is not None:
        return read_back(session, slug).live
    record = session.store.record(slug)
    return reading_of(found_in(record), session.now, drafts=session.drafts).live if record is not None else ()


def _has_cover(body: Resolved, sizes: Mapping[str, int]) -> bool:
    """Tells whether a page shows a cover picture above the body."""
    entry = body.document.entry
    return entry is not None and entry.image in sizes and entry.image not in body.pictures()


class _Items(Mapping[str, FeedItem]):
    """Feed items by ref. Those of a branch whose next release does not exist yet are made here."""

    def __init__(self, build: SiteBuild, own: Mapping[str, FeedItem]) -> None:
        self._build = build
        self._owners: dict[str, Mapping[str, FeedItem]] = {build.slug: own}

    def _of(self, owner: str) -> Mapping[str, FeedItem]:
        if owner not in self._owners:
            late = owner in self._build.job.late
            self._owners[owner] = _items_of(self._build, owner) if late else self._build.store.items(owner)
        return self._owners[owner]

    def __getitem__(self, ref: str) -> FeedItem:
        return self._of(ref.partition("/")[0])[ref]

    def __iter__(self) -> Iterator[str]:
        return (ref for owner in self._build.catalogue.branches for ref in self._of(owner))

    def __len__(self) -> int:
        return sum(len(self._of(owner)) for owner in self._build.catalogue.branches)


def _items_of(build: SiteBuild, slug: str) -> Mapping[str, FeedItem]:
    """Makes the feed items of a branch whose next release does not exist yet."""
    # It chooses by entries, of which it has all that it needs.
    other = SiteBuild(msgspec.structs.replace(build.job, slug=slug, slices={}, texts_only=False))
    bodies = {document.path: resolved(document, other.catalogue) for document in other.reading.live}
    try:
        sizes = lengths(other.media(bodies.values()))
    except DamagedStateError as error:
        # A picture belongs to no release: the branch that it was made for has to make it again.
        raise DamagedStateError(slug if error.slug is None else error.slug) from error
    return own_items(Context(other.catalogue, other.addresses, slug, build.session.now, {}, sizes), bodies)
