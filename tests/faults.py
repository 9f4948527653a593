"""Steps of a build that go wrong for one branch, in this process and in every worker."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from builder.pipeline.site_build import Job
from builder.pipeline.stages import STEPS, Steps


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


FAULTS: Mapping[str, Callable[[], None]] = {each.__name__: each for each in (hangs, wants_much)}
