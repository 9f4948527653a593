"""An entry as the editor of WeChat Official Accounts takes it, drafts too: from its source, without building anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from builder.catalogue.bodies import Resolved, resolved, used_files
from builder.catalogue.catalogue import Catalogue, path_of
from builder.catalogue.reading import find_site, reading_of
from builder.formats.wechat import wechat_html
from builder.messages.translation import N_
from builder.model.addresses import Addresses
from builder.model.media import published_at, regular
from builder.model.sources import document_key
from builder.model.values import Organization
from builder.pages.context import Context
from builder.pages.feed_text import item_html
from builder.store import Record


def wechat_of(
    root: Path, organization: Organization, entry: str, now: datetime, record: Record | None = None
) -> str | None:
    """Returns the HTML of an entry, None if there is none.

    ``entry`` is a ref (``branch/section/slug``) or a source path. Only the entry's own branch is read, less what a ``record`` of
    it has already. Addresses are those at which pictures and pages are, or will be, published.
    """
    path = document_key(entry.removeprefix("./"))
    ref = path.removeprefix("content/")
    slug = ref.partition("/")[0]
    if ref.count("/") < 2 or not (root / "content" / slug).is_dir():
        return None
    found = find_site(root, slug, organization, now, record=record, drafts=True, allow_deletions=True)
    reading = reading_of(found, now, drafts=True)
    catalogue = Catalogue.of(organization, [reading.part] if reading.part.branch is not None else [])
    document = next(
        (
            each
            for each in reading.live
            if each.entry is not None and (each.entry.ref == ref or document_key(each.path) == f"content/{ref}")
        ),
        None,
    )
    live = catalogue.entries.get(document.entry.ref) if document is not None and document.entry is not None else None
    if document is None or live is None:
        return None
    body = resolved(document, catalogue)
    addresses = Addresses(organization, catalogue.branches.values())
    ctx = Context(catalogue, addresses, slug, now, {}, _sizes(root, body))
    bundles = reading.part.bundles

    def file(source: str) -> str:
        return addresses.absolute(published_at(source, slug, bundles)) if source in ctx.sizes else ""

    html = item_html(ctx, live, body, file)
    text = ctx.text
    original = text.gettext(N_("First published at")) + text.gettext(N_(": "))
    return wechat_html(html, text.gettext(N_("Addresses")), (original, addresses.absolute(path_of(live.entry))))


def _sizes(root: Path, body: Resolved) -> Mapping[str, int]:
    """Returns the bytes of each file that an entry uses, as it lies in the content."""
    files = {source: regular(root, source) for source, _ in used_files(body)}
    return {source: file.stat().st_size for source, file in files.items() if file is not None}
