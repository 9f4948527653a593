"""The page of an entry, and the undated pages: everything around the body."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from builder.catalogue.catalogue import LiveEntry, newest_first, path_of
from builder.catalogue.states import pending
from builder.catalogue.tags import loose, tag_slug
from builder.formats.html.site import SitePage
from builder.messages.date_texts import date_text
from builder.model.addresses import output_file
from builder.model.media import published_at, size_text
from builder.model.media_types import extension
from builder.model.values import Entry, File, Page
from builder.pages.context import Context, event_file, picture, section_link, topic_link, undated
from builder.pages.frame import alternates
from builder.pages.items import bare_item, card, item, items
from builder.pages.kinds import PAGES
from builder.pages.page_data.item import Item
from builder.pages.page_data.pages import EntryPage, UndatedPage
from builder.pages.page_data.parts import Attachment, Link, OpenGraph, Picture
from builder.pages.schema_org import entry_node, page_node
from builder.pages.ways import to_correct, to_write

_ENCODER = msgspec.json.Encoder(order="deterministic")
_MOST_RELATED, _NEAR = 4, 2


def entry_page(
    ctx: Context, live: LiveEntry, near: tuple[LiveEntry | None, LiveEntry | None], crumbs: tuple[Link, ...]
) -> SitePage:
    """Makes the page of an entry; ``near`` is the next newer and the next older one of its section. One that was derived from the
    same before is not made."""
    entry = live.entry
    others, shown = _others(ctx, live, near), item(ctx, live)
    inputs = _inputs_of(ctx, live, others, shown, crumbs)
    path = output_file(path_of(entry)[len(ctx.home) - 1 :])
    if ctx.known is not None and ctx.known.pages.get(path) == inputs:
        return SitePage(path, "", "", inputs=inputs, known=True)
    branch = ctx.catalogue.branches[entry.branch]
    section = branch.section(entry.section)
    title = section.title if section else entry.section
    home = f"/{entry.branch}/{entry.section}/"
    back = section_link(ctx, branch, entry.section)
    credit = entry.credit
    dated, topics = not undated(ctx, entry), ctx.catalogue.topics
    calendar = event_file(ctx, entry)
    data = EntryPage(
        type=entry.type,
        section=back,
        date=shown.date,
        date_text=shown.date_text,
        summary=entry.summary,
        pinned=shown.pinned,
        mark=shown.mark,
        image=shown.image,
        description=entry.summary,
        lang=entry.lang,
        crumbs=(*crumbs, back),
        alternates=alternates(ctx, (home, f"{ctx.title} · {title}")),
        tags=_tag_links(ctx, entry),
        author=ctx.text.joined(entry.authors),
        source=Link(title=credit.name, url=credit.url) if credit else Link(title=branch.name),
        cover=_cover(ctx, live),
        attachments=attachments(ctx, entry.attachments),
        newer=others.newer,
        older=others.older,
        edit_url=edit_url(ctx, entry.path),
        published=entry.date.isoformat() if dated else "",
        updated=entry.updated.date().isoformat() if entry.updated else "",
        updated_text=date_text(entry.updated.date(), ctx.language) if entry.updated else "",
        modified=(entry.updated or entry.date).isoformat() if dated else "",
        expires=entry.expires.end.isoformat() if entry.expires is not None else "",
        interprets=others.interprets,
        interpretations=others.interpretations,
        replaces=others.replaces,
        replaced_by=others.replaced_by,
        topics=tuple(topic_link(ctx, topics[slug]) for slug in entry.topics if slug in topics),
        related=others.related,
        labels=_labels(ctx, entry, title, branch.name),
        og=_og(ctx, live),
        calendar_url=ctx.link(calendar) if calendar else "",
        correction=to_correct(ctx, entry),
        write=to_write(ctx, path_of(entry)) if entry.kind.gets_replies else None,
        facts=tuple(PAGES[entry.type].facts(ctx, entry.kind)),
        **card(ctx, live),
    )
    about = [entry_node(ctx, live, title)]
    return ctx.page(path_of(entry), entry.title, data, ctx.written.get(entry.path), about, inputs)


def _inputs_of(ctx: Context, live: LiveEntry, *shown: object) -> str:
    """Returns the hash of what the page of an entry is derived from, with what it has ``shown``; empty if unknown."""
    if ctx.known is None:
        return ""
    path = live.entry.path
    own = live, str(live.entry.kind.state_at(ctx.now)), ctx.written.get(path)
    digest = hashlib.sha256(ctx.surroundings.encode())
    digest.update(_ENCODER.encode((own, shown)))
    return digest.hexdigest()[:24]


class _Others(msgspec.Struct, frozen=True):
    """The entries that the page of an entry shows beside its own."""

    newer: Item | None
    older: Item | None
    interprets: tuple[Item, ...]
    interpretations: tuple[Item, ...]
    replaces: tuple[Item, ...]
    replaced_by: tuple[Item, ...]
    related: tuple[Item, ...]


def _others(ctx: Context, live: LiveEntry, near: tuple[LiveEntry | None, LiveEntry | None]) -> _Others:
    entry, catalogue = live.entry, ctx.catalogue
    newer, older = near
    return _Others(
        newer=bare_item(ctx, newer) if newer else None,
        older=bare_item(ctx, older) if older else None,
        interprets=items(ctx, catalogue.entries_called(entry.interprets), mixed=True),
        interpretations=items(ctx, catalogue.interpretations(entry.ref), mixed=True),
        replaces=items(ctx, catalogue.entries_called(entry.kind.replaces), mixed=True),
        replaced_by=items(ctx, catalogue.replacements(entry.ref), mixed=True),
        related=items(ctx, related(ctx, entry)),
    )


def _tag_links(ctx: Context, entry: Entry) -> tuple[Link, ...]:
    """Returns an entry's tags in their preferred spelling, each with its page in this site."""
    tags = dict.fromkeys(ctx.tags.get(loose(tag), tag) for tag in entry.tags)
    urls = ((tag, ctx.link(f"{ctx.home}tags/{slug}/") if (slug := tag_slug(tag)) else "") for tag in tags)
    return tuple(Link(title=tag, url=url) for tag, url in urls)


def undated_page(ctx: Context, page: Page, crumbs: tuple[Link, ...]) -> SitePage:
    """Makes an undated page of a branch or of the hub."""
    data = UndatedPage(
        description=page.summary,
        mark=pending(page, ctx.now),
        lang=ctx.spoken(page.lang),
        crumbs=crumbs,
        alternates=alternates(ctx),
        attachments=attachments(ctx, page.attachments),
        edit_url=edit_url(ctx, page.path),
        updated_text=date_text(page.updated.date(), ctx.language) if page.updated else "",
        labels={"ColumnName": page.title},
        correction=to_correct(ctx, page),
    )
    return ctx.page(path_of(page), page.title, data, ctx.written.get(page.path), [page_node(ctx, page)])


def neighbours(lives: Sequence[LiveEntry]) -> Mapping[str, tuple[LiveEntry | None, LiveEntry | None]]:
    """Returns for each ref the next newer and the next older entry, by date alone; pins do not count."""
    row = sorted(sorted(lives, key=lambda live: live.entry.ref), key=lambda live: live.entry.date, reverse=True)
    return {
        live.entry.ref: (row[place - 1] if place else None, row[place + 1] if place + 1 < len(row) else None)
        for place, live in enumerate(row)
    }


def related(ctx: Context, entry: Entry) -> list[LiveEntry]:
    """Returns entries of the branch that share topics or tags with this one, the most similar first, then the newest.

    Only the neighbours in time in each topic and tag are considered, so that a new entry changes the pages of its
    neighbours and not of everything with the same tag.
    """
    marks = [("topic", slug) for slug in entry.topics] + [("tag", tag) for tag in entry.tags]
    counted: dict[str, int] = {}
    lives: dict[str, LiveEntry] = {}
    for mark in marks:
        here = ctx.kindred_places[mark, entry.ref]
        for live in ctx.kindred[mark][max(0, here - _NEAR) : here + _NEAR + 1]:
            ref = live.entry.ref
            lives[ref] = live
            counted[ref] = counted.get(ref, 0) + (2 if mark[0] == "topic" else 1)
    lives.pop(entry.ref, None)
    row = newest_first(lives.values(), ctx.now, ctx.site)
    row.sort(key=lambda live: -counted[live.entry.ref])
    return row[:_MOST_RELATED]


def attachments(ctx: Context, files: Sequence[File]) -> tuple[Attachment, ...]:
    """Returns the published attachments with type and size; one on another host is a link with neither."""
    return tuple(_attachment(ctx, file) for file in files if file.url or file.path in ctx.sizes)


def _attachment(ctx: Context, file: File) -> Attachment:
    if file.url:
        return Attachment(title=file.title or file.url, url=file.url)
    return Attachment(
        title=file.title or file.path.rpartition("/")[2],
        url=ctx.file(file.path),
        type=extension(ctx.published(file.path)).upper(),
        size_text=size_text(ctx.sizes[file.path]),
    )


def edit_url(ctx: Context, path: str) -> str:
    """Returns the address where the source can be edited; empty if the organization has not set one."""
    from builder.model.addresses import encoded

    base = ctx.organization.edit_url
    return base.rstrip("/") + "/" + encoded(path.removeprefix("content/")) if base else ""


def _cover(ctx: Context, live: LiveEntry) -> Picture | None:
    """Returns the cover picture, unless the body shows it anyway."""
    entry = live.entry
    if not entry.image or entry.image not in ctx.sizes or entry.image in ctx.shown.get(entry.path, ()):
        return None
    part = ctx.catalogue.live_sites[ctx.site]
    return picture(ctx, published_at(entry.image, ctx.site, part.bundles), entry.image_alt, live.picture_shape)


def _og(ctx: Context, live: LiveEntry) -> OpenGraph:
    path = ctx.published(live.picture) if live.picture in ctx.sizes else ""
    if not path or extension(path) == "svg":
        # No program that shows links to others draws SVG.
        return OpenGraph(type="article")
    image = ctx.addresses.absolute(path)
    return OpenGraph(type="article", image=image, image_alt=live.picture_alt)


def _labels(ctx: Context, entry: Entry, column: str, owner: str) -> Mapping[str, str]:
    labels = {
        "ArticleTitle": entry.title,
        "PubDate": "" if undated(ctx, entry) else f"{entry.date:%Y-%m-%d %H:%M}",
        "ContentSource": entry.credit.name if entry.credit else owner,
        "Author": ctx.text.joined(entry.authors),
        "Keywords": ",".join(entry.tags),
        "Description": entry.summary,
        "ColumnName": column,
        "Url": ctx.addresses.absolute(path_of(entry)),
    }
    return {name: value for name, value in labels.items() if value}
