"""The fallback for a site that cannot be rendered: its last good release, without anything withdrawn since in any branch.

Pages of withdrawn documents become the withdrawn page or are removed; pages that mention them become plain ones, which
need no renderer; feeds, calendar, search and sitemap are made again without them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape

import msgspec

from builder.catalogue.bodies import resolved
from builder.catalogue.reading import at_head, found_in, reading_of
from builder.catalogue.tags import tag_slug
from builder.model.addresses import encoded, output_file
from builder.model.published import LiveSite, live_site_digest, path_of
from builder.model.values import Entry, Page, Topic
from builder.pages import Context, own_items, plain_page, plain_withdrawn_page, told_changes
from builder.pipeline.files import search_outputs, site_outputs
from builder.pipeline.job import Job
from builder.pipeline.site_build import SiteBuild
from builder.pipeline.withdrawn_links import LinkLiveness
from builder.store import Manifest, PageKey, ReleaseContent, ReleaseWriter, ShownFeeds


def keep_site(job: Job, *, unread: bool = False) -> None:
    """Removes everything withdrawn from the last release of a site. For an ``unread`` one, whose content could not be
    read, its last reading counts. Raises OSError if it has no release."""
    build = SiteBuild(job)
    last, before = build.store.manifest(job.slug), build.store.live_site(job.slug)
    record = build.store.record(job.slug)
    if last is None or before is None or record is None:
        raise OSError(f"{build.store.release(job.slug)} holds no release")
    if unread:
        session = job.session
        found = at_head(
            session.root,
            found_in(record),
            before,
            session.organization,
            session.now,
            allow_deletions=session.allow_deletions,
        )
        build = SiteBuild(job, reading_of(found, session.now, drafts=session.drafts))
    gone = tuple(_find_withdrawn(before, build.reading.part))
    if gone:
        build.store.drop_kept(job.slug)
    kept = _SiteKeeper(build, last, before, gone)
    if gone or not set(build.reading.part.withdrawn) <= set(before.withdrawn) or kept.shows_lost():
        kept.write()


def _find_withdrawn(before: LiveSite, now: LiveSite) -> Iterator[Entry | Page | Topic]:
    live = {what.path for what in now.subjects}
    return (what for what in before.subjects if what.path not in live)


def _drop_withdrawn(before: LiveSite, now: LiveSite, gone: Iterable[Entry | Page | Topic]) -> LiveSite:
    paths = {what.path for what in gone}
    return msgspec.structs.replace(
        before,
        entries=tuple(live for live in before.entries if live.entry.path not in paths),
        pages=tuple(page for page in before.pages if page.path not in paths),
        topics=tuple(topic for topic in before.topics if topic.path not in paths),
        withdrawn=now.withdrawn,
        withdrawals=now.withdrawals,
        unpublished=now.unpublished,
    )


class _SiteKeeper:
    """Makes the kept release of one site."""

    def __init__(
        self, build: SiteBuild, last: Manifest, before: LiveSite, gone: tuple[Entry | Page | Topic, ...]
    ) -> None:
        self.last, self.before = last, before
        self.part = _drop_withdrawn(before, build.reading.part, gone)
        self.reading = msgspec.structs.replace(build.reading, part=self.part)
        self.build = SiteBuild(build.job, self.reading, {self.part.slug: self.part}, moved={})
        wanted = {what.path for what in self.part.subjects}
        self.bodies = {
            document.path: resolved(document, self.build.catalogue)
            for document in self.reading.live
            if document.path in wanted
        }
        self.gone = {what.path for what in gone}
        own = self.build.addresses.own
        self.foreign = tuple(slug for slug in own if slug in self.build.catalogue.live_sites) if not build.slug else ()
        self.marks = tuple(sorted({mark for what in gone for mark in _identifying_texts(what)}))
        self.ctx: Context = self.build.context(self.bodies, {})
        self.slug = build.slug
        self.start = len(self.build.addresses.home(build.slug))
        tags = {self.slug: frozenset(map(tag_slug, self.ctx.tags.values()))}
        self.liveness = LinkLiveness(self.build.catalogue, self.build.addresses, tags)

    def shows_lost(self) -> bool:
        """Tells whether the site shows anything that another site no longer publishes."""
        known, shown = self.build.catalogue.entries, self.build.store.feeds(self.slug)
        lost = shown is not None and any(ref not in known for feed in shown.feeds for ref in feed.refs)
        if lost or self.build.job.purge:
            return True
        packed = self.build.store.packed(self.slug)
        pages = [path for path in self.last.pages if path in self.last.files]
        lost = any(
            self.liveness.leads_to_withdrawn(self._at(path), packed.read(self.last.files[path])) for path in pages
        )
        packed.close()
        return lost

    def write(self) -> None:
        self.writer = writer = ReleaseWriter(self.build.store, self.slug, self.last)
        media = {path: each for path, each in self.last.media.items() if not set(each.users) <= self._lost(each.users)}
        withdrawn = {self._file(path) for path in self.part.withdrawn}
        # A voice has no page of its own: that on which it stood stays, without it.
        dropped = {self._file(path_of(what)) for what in self.before.subjects if what.path in self.gone}
        plain = set(withdrawn)
        for path in self.last.files:
            if path in self.last.outputs or path == "build.json" or path in dropped:
                continue
            if not self.liveness.is_live(self._at(path)) and path not in self.last.media:
                continue
            if path in self.last.media:
                if path in media:
                    writer.take_over(path)
            elif path in self.last.pages and self._names(path):
                writer.write(path, plain_page(self.ctx, self._at(path), self.part, self.bodies))
                plain.add(path)
            else:
                writer.take_over(path)
        for path in sorted(withdrawn):
            writer.write(path, self._withdrawn_page(path))
        self.build.session.pictures.use(self.slug, (record.made[0] for record in media.values() if record.made))
        items = dict(own_items(self.ctx, self.bodies)) if self.slug else {}
        outputs = (
            *site_outputs(self.ctx, self.build.items(items), (), self.bodies),
            *search_outputs(self.ctx, self.bodies),
        )
        for made in outputs:
            writer.write_output(made.path, made.key, made.make)
        manifest = msgspec.structs.replace(
            self.last,
            digest=live_site_digest(self.part),
            inputs="",
            own_digest="",
            frame="",
            headers="",
            # A plain page is not what its key was made of: it is rendered as soon as that can be done again.
            pages={
                path: PageKey("", "", "", "") if path in plain else key
                for path, key in self.last.pages.items()
                if path in writer
            },
            media=media,
        )
        content = ReleaseContent(self.build.record(told_changes(self.ctx)), self.part, items)
        writer.commit(manifest, ShownFeeds({}), content, sites=self.build.job.branch_hashes)

    def _lost(self, users: Iterable[str]) -> frozenset[str]:
        """Returns those of the documents that show a picture which are gone: of the site itself, or of branches whose pictures
        the hub publishes, too."""
        entries = {live.entry.path for each in self.foreign for live in self.build.catalogue.live_sites[each].entries}
        others = (user for user in users if user.startswith(tuple(f"content/{each}/" for each in self.foreign)))
        return frozenset(self.gone | {user for user in others if user not in entries})

    def _withdrawn_page(self, file: str) -> bytes:
        place = self._at(file)
        return plain_withdrawn_page(self.ctx, place, self.part.withdrawals.get(place))

    def _file(self, path: str) -> str:
        return output_file(path)[self.start - 1 :]

    def _at(self, path: str) -> str:
        """Returns the path of the page whose output file is ``path``."""
        return self.ctx.home + path.removesuffix("index.html")

    def _names(self, path: str) -> bool:
        # Pages on what is due name policies without leading there.
        if not self.slug and path.startswith("health/"):
            return True
        content = self.writer.read(path)
        return any(mark in content for mark in self.marks) or self.liveness.leads_to_withdrawn(self._at(path), content)


def _identifying_texts(what: Entry | Page | Topic) -> Iterator[bytes]:
    """Returns the texts by which a page that mentions ``what`` is found: its address, its title, its summary."""
    path, _, fragment = path_of(what).partition("#")
    if not fragment:
        yield encoded("/".join(path.split("/")[-3:])).encode()
    texts = [what.title, what.summary]
    if isinstance(what, Entry) and what.voice is not None:
        texts.append(what.voice.text)
    for text in texts:
        if text:
            yield escape(text).encode()
            yield json.dumps(text, ensure_ascii=False)[1:-1].encode()
            yield text.encode("utf-8", "xmlcharrefreplace")
