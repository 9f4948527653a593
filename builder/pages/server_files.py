"""The facts of all sites for the web server: which addresses have moved, which pages were withdrawn, who has an error page."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from builder.catalogue.catalogue import Catalogue, path_of
from builder.catalogue.redirects import redirects
from builder.content.forms.page import form_policy
from builder.formats.servers import ServerFacts
from builder.model.media_types import DOWNLOADED, SHOWN
from builder.model.site_map import immutable_folders, served_types, shared_folders
from builder.pages.context import Context


def server_facts(ctx: Context, policy: str) -> ServerFacts:
    """Returns the facts for the server of a site. Branches with an address of their own are served by another than the hub's."""
    catalogue, own = ctx.catalogue, ctx.addresses.own
    here = ctx.addresses.prefix(ctx.site)
    facts = ServerFacts(
        policy,
        tuple(served_types()),
        immutable_folders(),
        shared_folders(),
        f"{here}/",
        shown=SHOWN,
        downloaded=DOWNLOADED,
    )
    if ctx.site:
        return facts
    living = set(_living(catalogue))
    moved = {
        old: target
        for site, pairs in {**redirects(catalogue), "": ctx.moved}.items()
        if site not in own
        for old, target in pairs.items()
        if old not in living and old != target
    }
    gone = {
        path
        for slug, part in catalogue.live_sites.items()
        if slug not in own
        for path in part.withdrawn
        if path not in living
    }
    editing = ctx.organization.forms_host
    return msgspec.structs.replace(
        facts,
        branches=tuple(slug for slug in sorted(catalogue.branches) if slug not in own),
        moved=tuple((here + old, _address(ctx, here, target)) for old, target in sorted(moved.items())),
        gone=tuple(sorted(here + path for path in gone)),
        policies=(("admin", f"{form_policy(editing)}; frame-ancestors 'none'"),) if editing is not None else (),
    )


def _address(ctx: Context, here: str, path: str) -> str:
    link = ctx.addresses.link("", path)
    return here + link if link.startswith("/") else link


def _living(catalogue: Catalogue) -> Iterator[str]:
    """Yields the path of everything that has a page now, and that no old address may take."""
    for slug, branch in catalogue.branches.items():
        yield f"/{slug}/"
        yield from (f"/{slug}/{section.slug}/" for section in branch.visible_sections)
    for part in catalogue.live_sites.values():
        yield from (path_of(what) for what in part.subjects)
