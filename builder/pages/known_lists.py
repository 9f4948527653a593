"""Pages of long lists: by what their rows are derived from it is seen that one is as it was, before any row is made."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from builder.catalogue.catalogue import LiveEntry, pinned
from builder.formats.html.site import SitePage
from builder.model.addresses import output_file
from builder.model.stubs import Listed, Stub
from builder.pages.context import Context

_ENCODER = msgspec.json.Encoder(order="deterministic")


def rows_digest(ctx: Context, lives: Sequence[Listed], *shown: object) -> str:
    """Returns the hash of what a page with rows of these entries is derived from, and of what else it has ``shown``; empty if
    that is not known: rows of what takes place show more than the entry, and pages with translations depend on other branches."""
    known = ctx.known
    if known is None or not known.common or any(live.entry.kind.takes_place for live in lives):
        return ""
    if ctx.catalogue.translations.get(ctx.site):
        return ""
    rows = [
        (_digest_of(ctx, live), live.entry.kind.state_at(ctx.now), live.entry.date > ctx.now, _pinned(ctx, live))
        for live in lives
    ]
    digest = hashlib.sha256(ctx.shared_surroundings)
    digest.update(_ENCODER.encode((rows, shown)))
    return digest.hexdigest()[:24]


def known_page(ctx: Context, path: str, inputs: str) -> SitePage | None:
    """Returns the page at ``path`` (of the organization) if it was derived from the same in the last release."""
    file = output_file(path[len(ctx.home) - 1 :])
    if ctx.known is None or ctx.known.pages.get(file) != inputs:
        return None
    return SitePage(file, "", "", inputs=inputs, known=True)


def _digest_of(ctx: Context, live: Listed) -> str:
    if isinstance(live, Stub):
        return live.digest
    branch = live.entry.branch
    kept: dict[str, Mapping[str, str]] = ctx.kept_lists.setdefault("digests of stubs", {})
    if branch not in kept:
        kept[branch] = {stub.ref: stub.digest for stub in ctx.catalogue.stubs[branch]}
    return kept[branch][live.entry.ref]


def _pinned(ctx: Context, live: Listed) -> bool:
    """Tells whether a row may be marked as one that stays on top: only a branch's own are."""
    return isinstance(live, LiveEntry) and live.entry.branch == ctx.site and pinned(live.entry, ctx.now)
