"""The hub's next release made while branches are: all of it but what its build.json says of these."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import NamedTuple

import msgspec

from builder.catalogue.catalogue import Catalogue
from builder.pipeline.job import Job, Outcome
from builder.pipeline.site_table import SiteTable
from builder.pipeline.stages import Steps, build_sites
from builder.store import LaidRelease
from builder.workers import Account, Allowance, TaskLost, TaskRunner

_FEW = 10
"""Beside so many branches it is made rather than after them: it makes the feed items of theirs that it shows."""


class _Begun(NamedTuple):
    job: Job
    outcome: Callable[[], Outcome | TaskLost | None]


class HubAhead:
    """The hub as it is made ahead, if it is. What was made counts if branches have become what it was made with; else it is
    forgotten, and the hub is made after them."""

    def __init__(self, table: SiteTable, runner: TaskRunner, steps: Steps, account: Account) -> None:
        self._table, self._runner, self._steps, self._account = table, runner, steps, account
        self._begun: _Begun | None = None

    def may_begin(self, catalogue: Catalogue, todo: Collection[str]) -> bool:
        """Tells whether the hub can be made before these branches are."""
        table = self._table
        if not 0 < len(todo) <= _FEW or not {"", *todo} <= table.surveys.keys() & table.releases.keys():
            return False
        # Releases tell the pictures of branches with addresses of their own, which it publishes, and redirects to renamed ones.
        renamed = set(catalogue.names.former.values())
        return not any(slug in renamed or catalogue.branches[slug].url for slug in todo)

    def begin(self, job: Job, allowance: Allowance) -> None:
        """Begins with the hub, for which the executor must have room beside branches."""
        outcome = self._runner.begin(partial(build_sites, self._steps), job, self._account, allowance)
        self._begun = _Begun(job, outcome) if outcome is not None else None

    def is_for(self, job: Job) -> bool:
        """Tells whether what is made is what a job orders; if not, it is forgotten."""
        if self._begun is not None and not self._begun.job.is_ahead_of(job):
            self.drop()
        return self._begun is not None

    def finish(self, job: Job) -> Outcome | TaskLost | None:
        """Waits for the outcome, and makes it the hub's release, whose build.json says what the job does of branches; None if
        nothing is known of it. Raises OSError."""
        begun, self._begun = self._begun, None
        made = begun.outcome() if begun is not None else None
        if made is None or isinstance(made, TaskLost) or not made.laid:
            return made
        laid = msgspec.json.decode(made.laid, type=LaidRelease)
        manifest = laid.commit(job.session.store, job.branch_hashes, job.inputs.digest)
        told = manifest.files["build.json"]
        return msgspec.structs.replace(made, sha256=told.sha256, files=len(manifest.files), laid=b"")

    def drop(self) -> None:
        """Waits until nobody makes it any more, and forgets it."""
        if self._begun is not None:
            self._begun.outcome()
        self._begun = None
