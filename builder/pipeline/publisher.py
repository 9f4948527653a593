"""The publisher of one build: it brings the releases of sites before readers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path

import msgspec

from builder.model.sealed import DamagedStateError
from builder.pipeline.progress import Progress
from builder.pipeline.session import Session
from builder.pipeline.site_table import SiteTable
from builder.pipeline.stages import Steps, publish_sites
from builder.store.publish import FileCounts, Publication, publish_hub, remove_branch
from builder.workers import TaskLost, TaskRunner, is_fatal


class Publisher:
    """Publishes branches, as soon as somebody waits for them or together at the end, and the hub; removes branches.

    ``output`` is the folder for the sites; what could not be published is recorded in ``table``.
    """

    def __init__(
        self, output: Path, table: SiteTable, runner: TaskRunner, steps: Steps, progress: Callable[[Progress], None]
    ) -> None:
        self._output, self._table, self._runner = output, table, runner
        self._steps, self._progress = steps, progress
        self._shown: dict[str, FileCounts] = {}

    def waiting(self) -> list[str]:
        """Returns the branches of which readers do not see the release."""
        return [slug for slug in self._table.live if not self._table.releases[slug].published]

    def shown(self) -> FileCounts:
        """Returns the counts of the files of all branches of which readers see the release."""
        table = self._table
        present = [slug for slug in table.live if table.releases[slug].published]
        total = FileCounts(unchanged=sum(table.releases[slug].files for slug in present if slug not in self._shown))
        for slug in self._shown.keys() & set(present):
            total += self._shown[slug]
        return total

    def publish_touched(self, session: Session, touched: Collection[str]) -> None:
        """Publishes the branches that somebody has edited who waits for them: to make those above and the hub takes longer than
        they did. What fails is published with all others."""
        todo = [slug for slug in self.waiting() if slug in touched and slug in self._table.outcomes]
        for slug, written in self._runner.each(partial(publish_sites, session, self._steps), todo):
            self.record(slug, written)
        if todo:
            self._progress(Progress("publish", len(todo), len(todo), self._table.pages))

    def record(self, slug: str, written: object) -> None:
        """Records that a branch was published before the others; what could not be is tried once more, with them."""
        table = self._table
        if isinstance(written, Publication) and not written.failed:
            table.releases[slug] = msgspec.structs.replace(table.releases[slug], published=True)
            self._shown[slug] = written.files

    def publish(self, session: Session, todo: list[str]) -> tuple[FileCounts, list[str]]:
        """Publishes branches; also returns those of which the release is damaged."""
        table, total, damaged = self._table, FileCounts(), list[str]()
        step = partial(publish_sites, session, self._steps)
        for done, (slug, written) in enumerate(self._runner.each(step, todo, max(1, len(todo) // 32)), 1):
            published = Publication(failed=written.reason) if isinstance(written, TaskLost) else written
            if published.damaged:
                damaged.append(slug)
            elif published.failed:
                table.unpublished(slug, published.failed)
            total += published.files
            self._progress(Progress("publish", done, len(todo), table.pages))
        return total, sorted(damaged)

    def remove(self, session: Session, slugs: Iterable[str]) -> FileCounts:
        """Removes branches that are no longer there: what readers see of them, and what was saved."""
        total = FileCounts()
        for slug in slugs:
            total += remove_branch(self._output, slug)
            self._table.store.remove(slug)
            session.pictures.mark()
        return total

    def publish_hub(self) -> Publication:
        """Publishes the hub's release. Raises DamagedStateError if that is damaged."""
        store = self._table.store
        hub = store.manifest("")
        if hub is None:
            raise DamagedStateError("")
        return publish_hub(self._output, store, hub, self._table.live, is_fatal)
