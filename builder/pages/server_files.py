"""The facts of all sites for the web server: which addresses have moved, which pages were withdrawn, who has an error page."""

from __future__ import annotations

import msgspec

from builder.catalogue.catalogue import Catalogue
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
    moved = {
        old: target
        for site, pairs in {**redirects(catalogue), "": ctx.moved}.items()
        if site not in own
        for old, target in pairs.items()
        if old != target and not _is_living(catalogue, old)
    }
    gone = {
        path
        for slug, summary in catalogue.summaries.items()
        if slug not in own
        for path in summary.withdrawn
        if not _is_living(catalogue, path)
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


def _is_living(catalogue: Catalogue, path: str) -> bool:
    """Tells whether something has a page at a path now, that no old address may take."""
    slug, _, inside = path[1:].partition("/")
    branch, summary = catalogue.branches.get(slug), catalogue.summaries.get(slug)
    if path in catalogue.summaries[""].places if "" in catalogue.summaries else False:
        return True
    if branch is None or summary is None:
        return False
    if not inside or path in summary.places or any(inside == f"{each.slug}/" for each in branch.visible_sections):
        return True
    ref = path.strip("/")
    return path == f"/{ref}/" and any(stub.ref == ref and stub.kind.has_page for stub in catalogue.stubs[slug])
