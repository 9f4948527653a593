"""The quick build of a site in which only texts of other branches in its feeds have changed: those feeds are made again,
and nothing else. An edited paragraph in one of a thousand branches costs the hub no more than that."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import msgspec

from builder.formats.feeds import FeedItem
from builder.model.sealed import DamagedStateError
from builder.model.site_id import SiteId
from builder.pages import Context, FeedDocument
from builder.pages.feed_items import Items
from builder.pipeline.files import OutputFile, feed_files
from builder.pipeline.job import Job, Outcome
from builder.pipeline.release import built, damaged, item_hashes
from builder.pipeline.site_build import SiteBuild
from builder.store import Manifest, ReleaseWriter, ShownFeeds
from builder.workers import is_fatal

_log = logging.getLogger(__name__)


def refresh_site(job: Job) -> Outcome:
    """Makes a site's next release from its present one. Failures are returned as an outcome.

    Raises OSError if the disk is full or cannot be written, and MemoryError: the worker knows how much was allowed.
    """
    try:
        build = SiteBuild(job)
        last, shown = build.store.manifest(job.slug), build.store.feeds(job.slug)
        if last is None or shown is None:
            return Outcome(job.slug, "failed", reason="its release is not whole")
        return _refresh(build, last, shown)
    except DamagedStateError as error:
        return damaged(job, error)
    except MemoryError:
        raise
    except Exception as error:
        if is_fatal(error):
            raise
        _log.debug("%s: its feeds cannot be made anew", SiteId(job.slug).folder, exc_info=True)
        return Outcome(job.slug, "failed", reason=f"{type(error).__name__}: {error}")


def _refresh(build: SiteBuild, last: Manifest, shown: ShownFeeds) -> Outcome:
    job, texts = build.job, build.job.inputs.texts
    changed = {slug for slug in texts if texts[slug] != shown.texts.get(slug)}
    items = build.items(build.store.items(build.slug))
    archived = {ref: digest for ref, digest in shown.archived.items() if ref.partition("/")[0] in changed}
    if item_hashes(items, archived) != archived:
        return Outcome(job.slug, "failed", reason="archives of its feeds hold a text that has changed")
    writer = ReleaseWriter(build.store, job.slug, last, last)
    writer.outputs.update(last.outputs)
    feeds = tuple(_feeds(build, shown, changed, items))
    anew = {made.path for made in feeds} | {"build.json"}
    for path in last.files:
        if path not in anew:
            writer.take_over(path)
    for made in feeds:
        writer.write_output(made.path, made.key, made.make)
    manifest = writer.commit(
        msgspec.structs.replace(last, inputs=job.inputs.digest, frame=job.inputs.frame),
        msgspec.structs.replace(shown, texts=job.inputs.texts),
        sites=job.branch_hashes,
    )
    return built(job.slug, manifest)


def _feeds(
    build: SiteBuild, shown: ShownFeeds, changed: Collection[str], finished: Mapping[str, FeedItem]
) -> Iterator[OutputFile]:
    """Makes the feeds that hold an entry of a branch whose texts have ``changed``."""
    ctx = Context(build.catalogue, build.addresses, build.slug, build.session.now, {}, {})
    items = Items(ctx, finished, {})
    for feed in shown.feeds:
        if any(ref.partition("/")[0] in changed for ref in feed.refs):
            lives = [build.catalogue.entries[ref] for ref in feed.refs]
            own = ctx if feed.site == ctx.site else replace(ctx, site=feed.site)
            document = FeedDocument(feed.site, feed.path, feed.folders, 0, feed.head, lives, older=feed.older)
            yield from feed_files(own, document, items if own is ctx else items.for_site(own), ctx.home)
