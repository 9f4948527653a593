"""Steps of a build that go wrong for one branch, in this process and in every worker.

Workers that take the place of lost ones load what their tasks name: this module, and nothing that tests alone need.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import msgspec

from builder.catalogue.reading import SiteSource, find_site
from builder.pictures import develop
from builder.pipeline.job import Job, Outcome
from builder.pipeline.release import build_site
from builder.pipeline.stages import STEPS, Steps
from builder.store import Manifest, Store
from builder.store.publish import FileCounts, publish_branch
from builder.workers import SerialExecutor, WorkerLostError


class Faulty(msgspec.Struct, frozen=True):
    """A step of a build that does what ``fault`` does wherever it is about the branch ``slug`` (empty: the hub)."""

    step: Callable[..., Any]
    slug: str
    fault: Callable[[], object]

    def __call__(self, first: Job | Path, *arguments: Any, **options: Any) -> Any:
        if self.slug == (first.slug if isinstance(first, Job) else arguments[0]):
            self.fault()
        return self.step(first, *arguments, **options)


def unreadable(slug: str, fault: Callable[[], object] | None = None) -> Steps:
    """The steps of a build in which the reader fails over a whole folder."""
    return Steps(find=Faulty(STEPS.find, slug, fault or raises))


def unbuildable(slug: str, fault: Callable[[], object]) -> Steps:
    """The steps of a build in which one branch's release cannot be made."""
    return Steps(make=Faulty(STEPS.make, slug, fault))


def unpublishable(slug: str) -> Steps:
    """The steps of a build in which one branch's folder cannot be published."""
    return Steps(publish=Faulty(STEPS.publish, slug, meets_folder))


class LosingExecutor(SerialExecutor):
    """An executor whose processes are lost."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Answers as a pool does whose process died."""
        future: Future[Any] = Future()
        future.set_exception(WorkerLostError("killed"))
        return future


class UnwantedStepError(BaseException):
    """A step was taken that must not be. No build takes this for the fault of a site."""


def never(*_: object, **__: object) -> Any:
    """A step that must not be taken."""
    raise UnwantedStepError


def raises() -> None:
    raise RuntimeError("boom")


def overflows() -> None:
    raise OverflowError("too large")


def meets_folder() -> None:
    raise IsADirectoryError(21, "Is a directory")


def hangs() -> None:
    time.sleep(600)


def dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def wants_much() -> None:
    bytearray(500_000_000)


def eats() -> None:
    pile = []
    while True:
        pile.append(bytearray(50_000_000))


def lose(lost: Path) -> None:
    """Ends the worker in which this happens: for the build that is a deadline that has passed, and nobody has to wait."""
    with lost.open("a") as file:
        file.write("x")
    os.kill(os.getpid(), signal.SIGKILL)


def find_and_lose(lost: Path, *arguments: Any, note: Callable[[str], None], **named: Any) -> SiteSource:
    """Reads a site; each text of beta costs its worker. So do the others with pictures, releases and publishing."""

    def noted(path: str) -> None:
        note(path)
        if path.startswith("content/beta/news/"):
            lose(lost)

    return find_site(*arguments, note=noted, **named)


def make_and_lose(lost: Path, job: Job) -> Outcome:
    if job.slug == "beta":
        lose(lost)
    return build_site(job)


def develop_and_lose(lost: Path, file: Path, limit: int) -> Mapping[str, bytes]:
    if "beta" in file.parts:
        lose(lost)
    return develop(file, limit)


def publish_and_lose(lost: Path, output: Path, slug: str, store: Store, manifest: Manifest) -> FileCounts:
    if slug == "beta":
        lose(lost)
    return publish_branch(output, slug, store, manifest)


FAULTS: Mapping[str, Callable[[], None]] = {each.__name__: each for each in (hangs, wants_much)}
