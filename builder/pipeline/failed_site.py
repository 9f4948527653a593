"""The fallback of a build for a site that fails: its last release stays, without anything withdrawn since."""

from __future__ import annotations

import logging

from builder.model.sealed import DamagedStateError
from builder.model.site_id import SiteId
from builder.pipeline.job import Job
from builder.pipeline.site_table import SiteTable
from builder.store import Store
from builder.workers import TaskLost, is_fatal

_log = logging.getLogger(__name__)


def keep_release(table: SiteTable, job: Job, *, unread: bool = False) -> None:
    """Removes everything withdrawn from the release of a site that failed; for an ``unread`` one its last reading counts. A
    release that cannot be read is dropped, since nobody can tell what it holds."""
    # Builds in which nothing fails start without all that.
    from builder.pipeline.keep_last import keep_site

    try:
        keep_site(job, unread=unread)
    except Exception as error:
        if is_fatal(error):
            raise
        _log.debug("%s: cannot be kept", SiteId(job.slug).folder, exc_info=True)
        if isinstance(error, DamagedStateError):
            table.damaged.add(job.slug)
            table.store.spoil(job.slug)
        else:
            table.store.remove(job.slug)


def source_of(job: Job, page: str) -> str:
    """Returns the source path of the document whose page is the output file ``page``; empty if there is none."""
    if not page:
        return ""
    from builder.pipeline.site_build import SiteBuild

    return next((source for source, path in SiteBuild(job).page_files() if path == page), "")


def loss_at(store: Store, slug: str, lost: TaskLost) -> str:
    """Returns why a worker was lost on a site, with the page that it was rendering, if that is known."""
    place = store.notes.last(slug)
    return f"{place}: {lost.reason}" if place else lost.reason
