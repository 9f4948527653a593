"""The reader of one build: it surveys sites, and makes the pictures that they show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from builder.catalogue.failed_sources import request_without_failed
from builder.pipeline.failed_site import loss_at
from builder.pipeline.progress import Progress
from builder.pipeline.session import Session
from builder.pipeline.site_table import SiteTable
from builder.pipeline.stages import (
    Original,
    Request,
    Steps,
    SurveyResult,
    make_pictures,
    released,
    survey_sites,
)
from builder.workers import Account, TaskLost, TaskRunner


class Reader:
    """Records in ``table`` what is found in the folders of sites. ``withdrew`` tells whether anything was withdrawn from them,
    ``unrenderable`` are the texts that could not be made into pages, with the reasons, by slug: such a text counts as broken."""

    def __init__(
        self,
        table: SiteTable,
        runner: TaskRunner,
        steps: Steps,
        progress: Callable[[Progress], None],
        tasks: Account,
        picture_seconds: float,
    ) -> None:
        """``tasks`` is the account of all tasks that read and make a site; its new pictures have ``picture_seconds``."""
        self._table, self._runner, self._steps, self._progress = table, runner, steps, progress
        self._tasks, self._picture_seconds = tasks, picture_seconds
        self.unrenderable: dict[str, dict[str, str]] = {}
        self.withdrew = False
        self._failed_sources: dict[str, Mapping[str, str]] = {}
        self._originals: dict[Original, set[str]] = {}
        self._picture_time: Counter[str] = Counter()

    def survey(self, session: Session, slugs: Iterable[str], *, read: bool = False) -> None:
        """Surveys sites; with ``read`` they are read even if nothing has changed."""
        table = self._table
        requests = [
            Request(
                slug,
                self._failed_sources.get(slug, {}),
                None if read else table.expected(slug),
                self.unrenderable.get(slug, {}),
                None if read else table.last_survey(slug),
            )
            for slug in slugs
        ]
        step = partial(survey_sites, session, self._steps)
        size = max(1, len(requests) // 32)
        results = self._runner.each(step, requests, size, self._without_failed, self._tasks)
        for done, (request, found) in enumerate(results, 1):
            slug = request.slug
            self._failed_sources[slug] = request.failed
            if isinstance(found, TaskLost):
                present = released(table.store, slug, session.output)
                found = SurveyResult(slug, None, present, failed=loss_at(table.store, slug, found))
            table.surveyed(found)
            self.withdrew |= found.withdrew
            for original in found.originals:
                self._originals.setdefault(original, set()).add(found.slug)
            self._progress(Progress("read", done, len(requests), 0))

    def _without_failed(self, request: Request, found: SurveyResult | TaskLost) -> Request | None:
        """Returns the request to repeat if it was one source that could not be read."""
        reason = found.reason if isinstance(found, TaskLost) else found.failed
        return request_without_failed(self._table.store.notes, request, reason) if reason else None

    def develop(self, session: Session) -> tuple[frozenset[str], list[str]]:
        """Makes the pictures of the sites that were read. Returns the keys of those for which there was no time, and the sites of
        which some cannot be made: they are to be read again without them."""
        originals, self._originals = self._originals, {}
        # One picture may be shown by several sites, under several names.
        todo = list({original.key: original for original in sorted(originals, reverse=True)}.values())
        bad: set[str] = set()
        late: set[str] = set()
        if todo:
            session.pictures.mark()
        shown = dict[str, set[str]]()
        for original, slugs in originals.items():
            shown.setdefault(original.key, set()).update(slugs)
        step = partial(make_pictures, session, self._steps)
        account = Account(lambda original: shown[original.key], self._picture_seconds, self._picture_time)
        results = self._runner.each(step, todo, account=account)
        for done, (original, trouble) in enumerate(results, 1):
            if isinstance(trouble, TaskLost) and trouble.spent:
                late.add(original.key)
            elif isinstance(trouble, TaskLost):
                session.pictures.fail(original.key, "picture-unreadable")
            if trouble:
                bad.add(original.key)
            self._progress(Progress("pictures", done, len(todo), self._table.pages))
        again = {slug for original, slugs in originals.items() if original.key in bad for slug in slugs}
        return frozenset(late), sorted(again)
