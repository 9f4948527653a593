"""One site from what was read to a release: derive, plan, stage, render, commit. The hub takes the same way."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec

from builder.addresses import Addresses
from builder.bodies import Resolved, html, resolved, used_files
from builder.catalogue import Catalogue
from builder.checks import check_site
from builder.feeds import FeedItem
from builder.media import published_at, refused, regular
from builder.outputs import Made, build_json, site_outputs
from builder.plan import make_plan
from builder.reading import Reading
from builder.render import Renderer
from builder.render.site import RenderError, Site, SitePage, Theme
from builder.store import FileRecord, Manifest, MediaRecord, Record, Store
from builder.views import ROOT, Context, Written, branch_pages, hub_pages, own_items, site_extra, site_nav

_log = logging.getLogger(__name__)


class Job(msgspec.Struct, frozen=True):
    """All that the building of one site needs.

    ``look`` is the hash of the theme and the renderer, ``inputs`` that of everything the site is derived from. ``moved``
    leads from old paths in its folder to new ones, ``items`` are feed items of other branches by ref, ``assets`` the
    theme's files by published path, for a site that has its own, ``sites`` the hash of each branch's build.json.
    """

    root: Path
    reading: Reading
    catalogue: Catalogue
    addresses: Addresses
    theme: Theme
    look: str
    now: datetime
    inputs: str
    read_ns: int
    moved: Mapping[str, str] = {}
    items: Mapping[str, FeedItem] = {}
    assets: Mapping[str, bytes] = {}
    sites: Mapping[str, str] = {}
    clean: bool = False

    @property
    def slug(self) -> str:
        """The site's slug; empty for the hub."""
        return self.reading.slug

    def record(self) -> Record:
        """What the next build must know of what was read."""
        return Record(
            content=self.reading.content,
            good=self.reading.good,
            branch=self.reading.part.branch,
            pictures=self.reading.pictures,
            read_ns=self.read_ns,
        )


class Outcome(msgspec.Struct, frozen=True):
    """What became of a site. ``why`` names the parts that made each page stale, ``reason`` what failed."""

    slug: str
    state: Literal["built", "unchanged", "failed"]
    manifest: Manifest | None = None
    why: Mapping[str, tuple[str, ...]] = {}
    reason: str = ""


def build_site(job: Job, store: Store) -> Outcome:
    """Brings a site's release up to date. Whatever fails in it comes back as an outcome; nothing is raised."""
    last = store.manifest(job.slug)
    if last is not None and not job.clean and last.inputs == job.inputs and store.complete(job.slug, last):
        return Outcome(job.slug, "unchanged", last)
    try:
        return _build(job, store, last)
    except RenderError as error:
        return Outcome(job.slug, "failed", last, reason=str(error))
    except Exception as error:
        _log.debug("%s: cannot be built", job.slug or "hub", exc_info=True)
        return Outcome(job.slug, "failed", last, reason=f"{type(error).__name__}: {error}")


def _build(job: Job, store: Store, last: Manifest | None) -> Outcome:
    present = last if last is not None and store.complete(job.slug, last) else None
    reusable = None if job.clean else present
    bodies = {document.path: resolved(document, job.catalogue) for document in job.reading.live}
    problems = tuple(check_site(job.root, job.reading, bodies.values(), job.catalogue, job.now))
    media = _media(job, bodies.values())
    ctx = context(job, bodies, media)
    pages = tuple(branch_pages(ctx) if job.slug else hub_pages(ctx))
    site = _site(job, ctx, pages)
    plan = make_plan(site, job.look, reusable)
    own = own_items(ctx, bodies) if job.slug else {}
    outputs = tuple(site_outputs(ctx, {**job.items, **own}, pages, bodies))
    staged = Staging(store.stage(job.slug) / "site", store.site(job.slug), present)
    wanted = frozenset(plan.stale)
    stale = msgspec.structs.replace(site, pages=tuple(page for page in pages if page.path in wanted))
    if stale.pages:
        rendered = renderer(job.theme, job.look, store.bytecode).render(stale, staged.folder)
        if rendered.failed:
            path, reason = min(rendered.failed.items())
            raise RenderError(path, reason)
    for path in plan.stale:
        staged.settle(path)
    for path in plan.kept:
        staged.take_over(path)
    keys = reusable.outputs if reusable is not None else {}
    for made in outputs:
        staged.make(made, keys.get(made.path) == made.key)
    for path, content in job.assets.items():
        staged.write(path, content)
    for path, source in media.items():
        staged.copy(path, job.root / source.source, source, reusable)
    content = build_json(
        {path: file.sha256 for path, file in sorted(staged.files.items())}, None if job.slug else job.sites
    )
    staged.write("build.json", content)
    manifest = Manifest(
        part=job.reading.part,
        digest=job.reading.digest,
        inputs=job.inputs,
        now=job.now,
        due=job.reading.due,
        pages=plan.keys,
        outputs={made.path: made.key for made in outputs},
        files=dict(sorted(staged.files.items())),
        media=media,
        problems=(*job.reading.problems, *problems),
        counts=job.reading.counts,
    )
    store.commit(job.slug, staged.folder.parent, manifest, job.record(), own)
    return Outcome(job.slug, "built", manifest, plan.why)


def feed_items(job: Job) -> Mapping[str, FeedItem]:
    """The feed items of a branch's newest entries by ref, for the feeds of others."""
    bodies = {document.path: resolved(document, job.catalogue) for document in job.reading.live}
    sizes = {record.source: record.size for record in _media(job, bodies.values()).values()}
    return own_items(Context(job.catalogue, job.addresses, job.slug, job.now, {}, sizes), bodies)


@lru_cache(maxsize=1)
def renderer(theme: Theme, look: str, bytecode: Path) -> Renderer:
    """The process's renderer, kept warm while the ``look`` is the same: loading MkDocs and compiling templates costs more
    than a site's pages."""
    return Renderer(theme, bytecode)


def _media(job: Job, bodies: Iterable[Resolved]) -> dict[str, MediaRecord]:
    """The source of each picture and attachment that something published uses, by its path in the site."""
    users: dict[str, set[str]] = {}
    for body in bodies:
        for path, _ in used_files(body):
            users.setdefault(path, set()).add(body.document.path)
    branch = job.reading.part.branch
    if branch is not None:
        for member in branch.committee:
            if member.photo:
                users.setdefault(member.photo, set()).add(f"content/{job.slug}/branch.yml")
    organization = job.catalogue.organization
    if not job.slug and organization.logo:
        users.setdefault(organization.logo, set()).add("content/organization.yml")
    found: dict[str, MediaRecord] = {}
    start = len(job.addresses.home(job.slug))
    for source in sorted(users):
        file = regular(job.root, source)
        if file is None or refused(file, organization.limits.image_bytes):
            continue
        status = file.stat()
        path = published_at(source, job.slug, job.reading.part.bundles)[start:]
        found.setdefault(
            path,
            MediaRecord(
                source=source, size=status.st_size, mtime_ns=status.st_mtime_ns, users=tuple(sorted(users[source]))
            ),
        )
    return found


def context(job: Job, bodies: Mapping[str, Resolved], media: Mapping[str, MediaRecord]) -> Context:
    sizes = {record.source: record.size for record in media.values()}
    shapes = {path: (size[2], size[3]) for path, size in job.reading.pictures.items()}
    shown = {path: body.pictures() for path, body in bodies.items()}
    ctx = Context(job.catalogue, job.addresses, job.slug, job.now, {}, sizes, shown, job.moved)

    def link(target: str) -> str:
        address = ctx.link(target)
        return ROOT + address if address.startswith("/") else address

    def file(source: str) -> str:
        address = ctx.file(source) if source in sizes else ""
        return ROOT + address if address.startswith("/") else address

    finished = {
        path: Written(
            html=html(body, link, file, sizes=shapes),
            headings=tuple((heading.level, heading.id, heading.text) for heading in body.body.headings),
        )
        for path, body in bodies.items()
    }
    return Context(job.catalogue, job.addresses, job.slug, job.now, finished, sizes, shown, job.moved, frozenset(media))


def _site(job: Job, ctx: Context, pages: tuple[SitePage, ...]) -> Site:
    own = not job.slug or job.slug in job.addresses.own
    organization = job.catalogue.organization
    branch = ctx.branch
    return Site(
        name=branch.name if branch else organization.name,
        url=job.addresses.site_url(job.slug),
        language=ctx.language,
        nav=site_nav(ctx),
        extra=site_extra(ctx),
        pages=pages,
        assets="assets/" if own else "../assets/",
    )


class Staging:
    """A release in the making. A file whose bytes are those of the last release is that very file, time included."""

    def __init__(self, folder: Path, last: Path, manifest: Manifest | None) -> None:
        self.folder = folder
        self.files: dict[str, FileRecord] = {}
        self.last = last
        self._before = manifest.files if manifest is not None else {}
        self._folders: set[Path] = set()

    def write(self, path: str, content: bytes) -> None:
        """Adds a file."""
        before = self._before.get(path)
        digest = hashlib.sha256(content).hexdigest()
        if before is not None and before.sha256 == digest:
            self.take_over(path)
            return
        target = self._target(path)
        target.write_bytes(content)
        self.files[path] = FileRecord(digest, len(content), target.stat().st_mtime_ns)

    def settle(self, path: str) -> None:
        """Takes into account a file that the renderer has written."""
        target = self.folder / path
        content = target.read_bytes()
        before = self._before.get(path)
        digest = hashlib.sha256(content).hexdigest()
        if before is not None and before.sha256 == digest:
            target.unlink()
            self.take_over(path)
        else:
            self.files[path] = FileRecord(digest, len(content), target.stat().st_mtime_ns)

    def make(self, made: Made, same: bool) -> None:
        """Adds a file that is made only if its key has changed."""
        if same and made.path in self._before:
            self.take_over(made.path)
        else:
            self.write(made.path, made.make())

    def copy(self, path: str, source: Path, record: MediaRecord, manifest: Manifest | None) -> None:
        """Adds a copy of a source file."""
        if manifest is not None and path in self._before:
            before = manifest.media.get(path)
            if before is not None and before.same_bytes(record):
                self.take_over(path)
                return
        self.write(path, source.read_bytes())

    def take_over(self, path: str) -> None:
        """Adds a file of the last release as it is."""
        target = self._target(path)
        os.link(self.last / path, target)
        self.files[path] = self._before[path]

    def _target(self, path: str) -> Path:
        target = self.folder / path
        if target.parent not in self._folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(target.parent)
        return target
