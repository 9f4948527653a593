"""The sources that could not be read: whatever ended the reading of a site was the fault of the one that was being read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from builder.messages.problems import Effect, Problem
from builder.model.site_id import SiteId
from builder.store.progress_note import Notes

_MOST = 5
"""Sources of one site that may turn out not to be readable in one run before the site as a whole counts as unread."""


class SiteRequest(msgspec.Struct, frozen=True):
    """A site to read. ``failed`` are its sources that could not be read before, with the reason: they count as broken."""

    slug: str
    failed: Mapping[str, str] = {}


Request = TypeVar("Request", bound=SiteRequest)


def request_without_failed(notes: Notes, request: Request, reason: str) -> Request | None:
    """Returns the request to repeat when the reading of a site has ended for a ``reason``: without the source that the notes
    name. None if they name none, or if too many have failed."""
    source, folder = notes.last(request.slug), SiteId(request.slug).source
    if not source.startswith(f"{folder}/") or source in request.failed or len(request.failed) >= _MOST:
        return None
    return msgspec.structs.replace(request, failed={**request.failed, source: reason})


def lost_problem(slug: str, reason: str, effect: Effect) -> Problem:
    """Returns the problem of a site that could not be read or looked at in time."""
    return Problem(
        code="render-failed",
        severity="error",
        path=SiteId(slug).source,
        arguments={"reason": reason},
        branch=slug,
        effect=effect,
    )
