"""The build of one site, from its reading to a release: derive, plan, render, pack, commit. The hub is built alike."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import lru_cache, partial
from importlib import import_module
from itertools import chain
from typing import NamedTuple

import msgspec

from builder.catalogue.bodies import Resolved
from builder.catalogue.checks import check_edited, check_site, check_texts
from builder.formats.feeds import FeedItem
from builder.formats.html import Renderer, assets
from builder.formats.html.site import RenderError, Site, Theme
from builder.formats.servers import server_files
from builder.messages.problems import Problem
from builder.model.addresses import mark_file
from builder.model.card import Card, CardFont
from builder.model.media import is_unreadable, located
from builder.model.published import withdrew_from
from builder.model.reading import open_file, pieces
from builder.model.sealed import DamagedStateError
from builder.model.site_id import SiteId
from builder.pages import (
    Context,
    Known,
    branch_pages,
    foreign_feeds,
    hub_pages,
    own_items,
    server_facts,
    site_extra,
    site_nav,
    told_changes,
)
from builder.pictures import MARKS, cleaned_recording, draw_card, is_recording
from builder.pipeline.comparison import ReleaseParts, compare_outputs, compare_pages, compare_parts
from builder.pipeline.edited import Bodies, edited_documents, pages_after, texts_of, untouched
from builder.pipeline.files import OutputFile, edited_outputs, search_outputs, site_outputs
from builder.pipeline.job import Job, Outcome
from builder.pipeline.memory import live_site_of, manifest_of, parts_of, remember
from builder.pipeline.plan import Plan, known_inputs, make_plan
from builder.pipeline.session import Session
from builder.pipeline.site_build import SiteBuild
from builder.store import (
    FileRecord,
    Manifest,
    MediaRecord,
    OutputPathError,
    PageKey,
    Record,
    ReleaseContent,
    ReleaseWriter,
    ShownFeed,
    ShownFeeds,
)
from builder.workers import is_fatal, without_collector

_log = logging.getLogger(__name__)
_ENGINES = (
    "audit.inspection.cache",
    "audit.inspection.pages",
    "content.markdown.conversion",
    "formats.feeds.atom_writer",
    "formats.feeds.ical",
    "formats.feeds.json_writer",
    "formats.feeds.rss_writer",
)
"""The modules that a site's first entry, feed and calendar load. NumPy is not among them: it has threads of its own, and a
process with threads must not be forked."""
_FEW = 100
"""So many pages may be rendered without a look for garbage: templates leave some of it."""
SiteOutputs = Callable[..., Iterable[OutputFile]]


def build_site(job: Job, outputs: SiteOutputs = site_outputs, *, thorough: bool = False) -> Outcome:
    """Makes a site's next release, with the files that ``outputs`` yields. Failures are returned as an outcome.

    A ``thorough`` build makes pages and files although they are known from the last release, and fails if they are others.
    Raises OSError if the disk is full or cannot be written, and MemoryError: the worker knows how much was allowed.
    """
    try:
        with ExitStack() as calm:
            calm.enter_context(without_collector())
            return _build(SiteBuild(job), outputs, calm, thorough=thorough)
    except DamagedStateError as error:
        return damaged(job, error)
    except RenderError as error:
        return Outcome(job.slug, "failed", reason=str(error))
    except OutputPathError as error:
        return Outcome(job.slug, "failed", reason=str(error), collision=error.path)
    except MemoryError:
        raise
    except Exception as error:
        if is_fatal(error):
            raise
        _log.debug("%s: cannot be built", SiteId(job.slug).folder, exc_info=True)
        return Outcome(job.slug, "failed", reason=f"{type(error).__name__}: {error}")


def damaged(job: Job, error: DamagedStateError) -> Outcome:
    """Returns the outcome of a site that cannot be made before what was saved of another, or of itself, is made again."""
    culprit = job.slug if error.slug is None else error.slug
    reason = f"the state of {SiteId(culprit).folder} is damaged"
    return Outcome(job.slug, "damaged", reason=reason, damaged=culprit)


class DerivedSite(NamedTuple):
    """All that a site shows, before it is planned what of it is rendered: the ``site`` has all pages. If the texts of documents
    alone were ``edited``, these are their source paths, and ``bodies`` are resolved when they are asked for."""

    bodies: Mapping[str, Resolved]
    media: Mapping[str, MediaRecord]
    ctx: Context
    site: Site
    edited: frozenset[str] | None = None


def derive(build: SiteBuild, last: Manifest | None = None) -> DerivedSite:
    """Derives the site from its reading and from what the catalogue has of others; of pages of its ``last`` release that were
    derived from the same only that is told. Raises OSError if it was not read."""
    lazy = Bodies(build.documents, build.catalogue)
    edited = edited_documents(build, lazy, last) if last is not None else None
    if last is not None and edited is not None:
        return _derive_edited(build, last, lazy, edited)
    if build.edited is not None:
        raise RuntimeError("more has changed than texts")
    bodies = dict(lazy)
    media = build.media(bodies.values())
    ctx = build.context(bodies, media)
    around, site = build.job.inputs.around, _site(build, ctx)
    if around:
        before = known_inputs(site, build.session.theme_digest, last)
        read = partial(_read_file, build, last.files if last is not None else {})
        same = build.same if last is not None else frozenset[str]()
        ctx = replace(ctx, known=Known(around, before, read, same, common=build.job.inputs.common))
    pages = tuple(branch_pages(ctx) if build.slug else hub_pages(ctx))
    return DerivedSite(bodies, media, ctx, msgspec.structs.replace(site, pages=pages))


def _derive_edited(build: SiteBuild, last: Manifest, bodies: Bodies, edited: frozenset[str]) -> DerivedSite:
    """Derives what an edit of some texts reaches."""
    ctx = build.context({path: bodies[path] for path in edited}, last.media)
    site = _site(build, ctx)
    before = known_inputs(site, build.session.theme_digest, last)
    inputs = build.job.inputs
    known = Known(inputs.around, before, edited=edited, surroundings=last.surroundings, common=inputs.common)
    ctx = replace(ctx, known=known)
    pages = pages_after(ctx, edited, last)
    return DerivedSite(bodies, last.media, ctx, msgspec.structs.replace(site, pages=pages), edited)


def _read_file(build: SiteBuild, files: Mapping[str, FileRecord], path: str) -> bytes:
    """Returns the bytes of a file of the site's last release, empty if it has none."""
    if path not in files:
        return b""
    packed = build.store.packed(build.slug)
    try:
        return packed.read(files[path])
    finally:
        packed.close()


def _build(build: SiteBuild, outputs: SiteOutputs, calm: ExitStack, *, thorough: bool) -> Outcome:
    job, store, reading, session = build.job, build.store, build.reading, build.session
    last = manifest_of(store, job.slug)
    present = last if last is not None and store.complete(job.slug, last) else None
    reusable = None if session.clean else present
    derived = derive(build, reusable)
    entire = _read_whole(build)
    whole = derive(entire) if thorough and reusable is not None else None
    if whole is not None and reusable is not None:
        compare_pages(derived.site, whole.site, session.theme_digest, reusable)
    bodies, media, ctx, edited = derived.bodies, derived.media, derived.ctx, derived.edited
    problems = _problems(build, derived, reusable)
    used = {record.made[0] for record in media.values() if record.made}
    own_host = not job.slug or job.slug in build.addresses.own
    session.pictures.use(job.slug, used | ({session.organization.logo_key} - {""} if own_host else set()))
    plan = make_plan(derived.site, session.theme_digest, reusable)
    if len(plan.stale) > _FEW:
        calm.close()
    writer = ReleaseWriter(store, job.slug, present, reusable)
    keys, unrenderable = _render(build, derived.site, plan, writer, reusable)
    if unrenderable:
        return Outcome(job.slug, "poisoned", unrenderable=unrenderable)
    for path in plan.kept:
        writer.take_over(path)
    own = _own_items(build, derived)
    items = build.items(own)
    if edited is None:
        made = outputs(ctx, items, derived.site.pages, bodies)
    else:
        made = edited_outputs(ctx, items, bodies, edited)
    if thorough and reusable is not None:
        made = compare_outputs(made, reusable)
    _write_outputs(build, ctx, made, bodies, writer, reusable)
    if edited is not None and reusable is not None:
        for path, key in untouched(reusable, writer.outputs):
            writer.take_over_output(path, key)
    else:
        for card in _cards(build, ctx):
            writer.write_output(card.path, card.key, card.make)
    if own_host:
        assets_here = _assets(session.theme, session.theme_digest).items()
        for path, content in (*assets_here, *_marks(build)):
            writer.write(path, content)
    headers = _write_headers(build, derived, writer, None if thorough else reusable) if own_host else ""
    _copy_media(build, media, writer, reusable)
    known = last is not None and build.edited is None
    withdrew = withdrew_from(live_site_of(store, job.slug) if known else None, reading.part)
    changes = told_changes(ctx)
    if whole is not None and edited is not None:
        full = own_items(whole.ctx, whole.bodies)
        every = (*outputs(whole.ctx, build.items(full), whole.site.pages, whole.bodies), *_cards(build, whole.ctx))
        kept = ReleaseParts(writer.outputs, own, problems, media, changes)
        there = _problems(entire, whole, None), whole.media, told_changes(whole.ctx)
        compare_parts(kept, ReleaseParts({each.path: each.key for each in every}, full, *there))
    record = build.record(changes)
    laid = writer.lay_by(
        Manifest(
            digest=reading.digest,
            inputs=job.inputs.digest,
            own_digest=job.inputs.own_digest,
            due=reading.due,
            pages=keys,
            media=media,
            problems=problems,
            counts=build.edited.last.counts if build.edited is not None else reading.counts,
            frame=job.inputs.frame,
            texts=texts_of(build) if job.slug else {},
            surroundings=ctx.surroundings if job.slug and ctx.known is not None else "",
            headers=headers,
        ),
        _shown_feeds(build, ctx, items) if job.inputs.texts else ShownFeeds({}),
        _content(build, record, own),
    )
    if job.sites is None:
        # As JSON it costs a third of what it does as it is, from process to process.
        told = msgspec.json.encode(laid)
        return Outcome(job.slug, "built", why=plan.why, problems=problems, withdrew=withdrew, laid=told)
    manifest = laid.commit(store, job.branch_hashes)
    remember(store, job.slug, manifest, _as_stored(record, writer), reading.part, writer.parts)
    return built(job.slug, manifest, plan.why, withdrew=withdrew)


def _content(build: SiteBuild, record: Record, items: Mapping[str, FeedItem]) -> ReleaseContent:
    edited, part = build.edited, build.reading.part
    if edited is not None:
        return ReleaseContent(record, part, items, parts=edited.parts, replaced=edited.read)
    return ReleaseContent(record, part, items, build.stubs(), parts_of(build.session, build.slug))


def _as_stored(record: Record, writer: ReleaseWriter) -> Record:
    """Returns a record with the names of its parts, and the documents that it has."""
    return msgspec.structs.replace(record, parts=writer.names)


def _read_whole(build: SiteBuild) -> SiteBuild:
    """Returns the same with all of a site of which only texts were read again."""
    return SiteBuild(msgspec.structs.replace(build.job, texts_only=False)) if build.edited is not None else build


def _problems(build: SiteBuild, derived: DerivedSite, last: Manifest | None) -> tuple[Problem, ...]:
    root, now, bodies = build.session.root, build.session.now, derived.bodies
    if derived.edited is None or last is None:
        return tuple(check_site(root, build.reading, bodies.values(), build.catalogue, now))
    if build.edited is not None:
        pictures, document = build.reading.pictures, build.edited.document
        again = {*derived.edited, *build.edited.read}
        found = check_texts(root, pictures, bodies, build.catalogue, now, again, last.problems, document)
        if found is None:
            raise RuntimeError("more is to be told than is known")
        return found
    return tuple(check_edited(root, build.reading, bodies, build.catalogue, now, derived.edited, last.problems))


def _own_items(build: SiteBuild, derived: DerivedSite) -> Mapping[str, FeedItem]:
    """Returns the feed items of a branch's newest entries, by ref; those of entries that were not edited are known."""
    if not build.slug:
        return {}
    if derived.edited is None:
        return own_items(derived.ctx, derived.bodies)
    known = build.store.items(build.slug)
    lives = derived.ctx.catalogue.live_sites[build.slug].entries
    refs = {live.entry.ref for live in lives if live.entry.path in derived.edited} & known.keys()
    return {**known, **own_items(derived.ctx, derived.bodies, refs.__contains__)} if refs else known


def built(slug: str, manifest: Manifest, why: Mapping[str, tuple[str, ...]] = {}, *, withdrew: bool = False) -> Outcome:
    """Returns the outcome of a site whose new release has that manifest."""
    return Outcome(
        slug=slug,
        state="built",
        why=why,
        sha256=manifest.files["build.json"].sha256,
        files=len(manifest.files),
        problems=manifest.problems,
        withdrew=withdrew,
    )


def _render(
    build: SiteBuild,
    site: Site,
    plan: Plan,
    writer: ReleaseWriter,
    reusable: Manifest | None,
) -> tuple[Mapping[str, PageKey], Mapping[str, str]]:
    """Renders the stale pages; returns the keys of all pages, and the documents that cannot be rendered.

    If even the last good version of a document cannot be rendered, its page stays as it is published. Raises RenderError
    if the site cannot be rendered.
    """
    wanted = frozenset(plan.stale)
    stale = tuple(page for page in site.pages if page.path in wanted)
    keys, unrenderable = dict(plan.keys), dict[str, str]()
    if not stale:
        return keys, unrenderable
    sources = {path: source for source, path in build.page_files()}
    shown = msgspec.structs.replace(site, pages=stale)
    for path, content in _render_watched(build, _renderer(build), shown):
        if not isinstance(content, RenderError):
            writer.write(path, content)
        elif path not in sources:
            raise content
        elif sources[path] not in build.reading.unrenderable:
            unrenderable[sources[path]] = content.message
        elif reusable is not None and path in reusable.pages:
            writer.take_over(path)
            keys[path] = reusable.pages[path]
        else:
            raise content
    return keys, unrenderable


def _render_watched(build: SiteBuild, engine: Renderer, site: Site) -> Iterator[tuple[str, bytes | RenderError]]:
    """Renders the pages and notes which one is under way: if the process dies, that page is the cause."""
    pages = engine.pages(site)
    with build.store.notes.begin(build.slug) as note:
        for page in site.pages:
            note.write(page.path)
            yield next(pages)


def _write_outputs(
    build: SiteBuild,
    ctx: Context,
    outputs: Iterable[OutputFile],
    bodies: Mapping[str, Resolved],
    writer: ReleaseWriter,
    reusable: Manifest | None,
) -> None:
    keys = reusable.outputs if reusable is not None else {}
    packed = build.store.packed(build.slug)
    read = (lambda path: packed.read(reusable.files[path])) if reusable is not None else None
    try:
        # One after the other: a file's bytes are not kept until all are made.
        for made in chain(outputs, search_outputs(ctx, bodies, keys, read)):
            writer.write_output(made.path, made.key, made.make)
    finally:
        packed.close()


def _copy_media(
    build: SiteBuild, media: Mapping[str, MediaRecord], writer: ReleaseWriter, reusable: Manifest | None
) -> None:
    for path, source in media.items():
        before = reusable.media.get(path) if reusable is not None else None
        held = source.made is None and is_unreadable(build.session.root, source.source)
        if held or (before is not None and before.same_bytes(source)):
            # What cannot be read now stays as it is published.
            writer.take_over(path)
        else:
            writer.copy(path, _media_pieces(build, source))


def _media_pieces(build: SiteBuild, record: MediaRecord) -> Iterator[bytes]:
    """Yields the bytes of what is published of a file, as many as it had when it was looked at."""
    if record.made is not None:
        try:
            yield build.session.pictures.read(*record.made)
        except DamagedStateError as error:
            raise DamagedStateError(build.maker(record.source)) from error
        return
    root = build.session.root
    with open_file(located(root, record.source), root / "content") as stream:
        yield from (cleaned_recording if is_recording(record.source) else pieces)(stream, record.signature.size)


def _shown_feeds(build: SiteBuild, ctx: Context, items: Mapping[str, FeedItem]) -> ShownFeeds:
    feeds: list[ShownFeed] = []
    archived: set[str] = set()
    for feed in foreign_feeds(ctx):
        refs = tuple(live.entry.ref for live in feed.lives)
        if feed.number:
            archived.update(ref for ref in refs if ref.partition("/")[0] != build.slug)
        else:
            feeds.append(ShownFeed(feed.site, feed.path, feed.folders, feed.head, refs, feed.older))
    return ShownFeeds(build.job.inputs.texts, tuple(feeds), item_hashes(items, archived))


def item_hashes(items: Mapping[str, FeedItem], refs: Iterable[str]) -> Mapping[str, str]:
    """Returns the hash of each feed item by ref, of those entries that have one with their text."""
    found = ((ref, items.get(ref)) for ref in sorted(refs))
    return {ref: hashlib.sha256(msgspec.json.encode(item)).hexdigest()[:24] for ref, item in found if item is not None}


def load_engines(session: Session) -> None:
    """Loads what the making of every site needs, before workers are forked: they share it, where each would load it alone.

    A fault of the theme is told of with the sites that it keeps from being made.
    """
    for name in _ENGINES:
        import_module(f"builder.{name}")
    organization = session.organization
    example = Site(organization.name, organization.url, organization.language, assets="../assets/")
    with suppress(RenderError):
        renderer(session.theme, session.theme_digest).load(example)


def _renderer(build: SiteBuild) -> Renderer:
    return renderer(build.session.theme, build.session.theme_digest)


@lru_cache(maxsize=1)
def renderer(theme: Theme, theme_digest: str) -> Renderer:
    """Returns the process's renderer, kept while ``theme_digest`` is the same: loading MkDocs and compiling templates costs more
    than a site's pages."""
    return Renderer(theme, theme_digest)


@lru_cache(maxsize=1)
def _assets(theme: Theme, theme_digest: str) -> Mapping[str, bytes]:
    return {f"assets/{path}": content for path, content in assets(theme).files.items()}


def _cards(build: SiteBuild, ctx: Context) -> Iterator[OutputFile]:
    """Returns the cards of the site that its pages name: each is made anew for another path."""
    font = build.session.organization.card_font
    if font is None:
        return
    for path, card in {card.file(font): card for card in ctx.cards.values()}.items():
        yield OutputFile(path, path, partial(_card, build, card, font))


def _card(build: SiteBuild, card: Card, font: CardFont) -> bytes:
    return draw_card(card, font, build.session.pictures.read(card.logo, "icon.png") if card.logo else b"")


def _marks(build: SiteBuild) -> Iterator[tuple[str, bytes]]:
    """Returns the organization's logo in each of its forms."""
    organization = build.session.organization
    for name in MARKS if organization.logo_key else ():
        yield mark_file(organization, name), build.session.pictures.read(organization.logo_key, f"{name}.png")


def _write_headers(build: SiteBuild, derived: DerivedSite, writer: ReleaseWriter, reusable: Manifest | None) -> str:
    """Adds the files with response headers: all for the hub, and for a branch that has its own address the one that its web
    server may read by itself. Returns the hash of what they were made of. As long as it is the same they are taken over, for
    their policy is that of the theme, which must be loaded to tell it."""
    site = msgspec.structs.replace(derived.site, pages=())
    without = server_files(server_facts(derived.ctx, ""))
    paths = [path for path in without if not build.slug or "/" not in path]
    made_of = (build.session.theme_digest, site, [(path, without[path]) for path in paths])
    key = hashlib.sha256(msgspec.json.encode(made_of, order="deterministic")).hexdigest()
    if reusable is not None and reusable.headers == key:
        for path in paths:
            writer.take_over(path)
        return key
    files = server_files(server_facts(derived.ctx, _renderer(build).policy(site)))
    for path in paths:
        writer.write(path, files[path])
    return key


def _site(build: SiteBuild, ctx: Context) -> Site:
    """Returns what all pages of the site share, before there are any."""
    own = not build.slug or build.slug in build.addresses.own
    branch = ctx.branch
    return Site(
        name=branch.name if branch else build.session.organization.name,
        url=build.addresses.site_url(build.slug),
        language=ctx.language,
        nav=site_nav(ctx),
        extra=site_extra(ctx),
        assets="assets/" if own else "../assets/",
    )
