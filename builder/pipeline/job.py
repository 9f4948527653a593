"""The order to bring one site up to date, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from builder.messages.problems import Effect, Problem
from builder.model.site_id import SiteId
from builder.pipeline.session import Session
from builder.pipeline.survey import Inputs


class Job(msgspec.Struct, frozen=True):
    """An order to bring one site up to date.

    ``inputs`` are the hashes of what it is derived from; with ``feeds_only`` only texts of other branches have changed, with
    ``texts_only`` some of its own, which alone were read again.
    ``late`` are branches whose release does not hold their feed items yet. For the hub, ``sites`` has the hash of each branch's
    build.json; if that is None, these are not known yet, and its release is laid by. ``slices`` has the hash of what each branch
    publishes, for the hub and, of those below it, for a branch with many. ``purge`` says that something it may have shown was
    withdrawn: none of its old files may be left over.
    """

    session: Session
    slug: str
    inputs: Inputs
    feeds_only: bool = False
    texts_only: bool = False
    late: frozenset[str] = frozenset()
    sites: Mapping[str, str] | None = {}
    slices: Mapping[str, str] = {}
    purge: bool = False

    @property
    def branch_hashes(self) -> Mapping[str, str] | None:
        """Returns what build.json says of other sites, which only the hub's does."""
        return None if self.slug else self.sites

    def is_ahead_of(self, other: Job) -> bool:
        """Tells whether its release, which was laid by, is the one that the ``other`` job of the same site orders."""
        mine, others = self.inputs, other.inputs
        same = (mine.own_digest, mine.texts, self.slices) == (others.own_digest, others.texts, other.slices)
        return self.slug == other.slug and same and not other.feeds_only


class Outcome(msgspec.Struct, frozen=True):
    """The outcome of one site's build. ``why`` names the parts that made each page stale, ``reason`` what failed.

    ``sha256`` is the hash of its build.json, ``files`` the number of its files, ``problems`` are those of its pages.
    ``unrenderable`` are documents that cannot be rendered, with the reason: nothing was built then, and they have to
    count as broken. ``withdrew`` says that the site no longer publishes something that it did. ``collision`` is the path of
    a file that cannot be published, if that is what failed, ``damaged`` the site whose saved state is damaged. ``laid`` is a
    release that was laid by, as JSON: nothing of it counts before it is committed.
    """

    slug: str
    state: Literal["built", "failed", "poisoned", "damaged"]
    why: Mapping[str, tuple[str, ...]] = {}
    reason: str = ""
    sha256: str = ""
    files: int = 0
    problems: tuple[Problem, ...] = ()
    unrenderable: Mapping[str, str] = {}
    withdrew: bool = False
    collision: str = ""
    damaged: str = ""
    laid: bytes = b""


class Failure(msgspec.Struct, frozen=True):
    """Why a site stays as it was: the ``reason``, and the path of the file that cannot be published, if that is it."""

    reason: str
    collision: str = ""

    def problem(self, slug: str, effect: Effect) -> Problem:
        """Return what is told of it."""
        collided = bool(self.collision)
        return Problem(
            code="output-path" if collided else "render-failed",
            severity="error",
            path=SiteId(slug).source,
            arguments={"name": self.collision} if collided else {"reason": self.reason},
            branch=slug,
            effect=effect,
        )
