"""The files of a site besides its pages: feeds, calendars, sitemaps, data files, pictures and attachments. Pure.

Each is an :class:`OutputFile`: a key that identifies its content, and a function that makes its bytes, called only if the
key differs from that of the last release.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import Generic, TypeVar

import msgspec

from builder.catalogue.bodies import Resolved
from builder.catalogue.catalogue import LiveEntry, path_of
from builder.content.forms.page import form_program
from builder.formats.feeds import Feed, FeedItem, Outline, calendar, opml, stylesheet
from builder.formats.html.site import SitePage
from builder.formats.search import Before, index_files, last_digests
from builder.formats.sitemap import index, robots, urlset
from builder.formats.table import csv_table
from builder.model.site_map import CALENDAR_FILE, FEED_FORMATS, FEED_STYLESHEET, HUB_SITEMAP, FeedFormat, is_indexed
from builder.model.version import code_version
from builder.pages.calendars import calendar_of, event_calendar
from builder.pages.context import Context, event_file
from builder.pages.data import PAGE, data_files
from builder.pages.dues import reminders
from builder.pages.feed_items import Items
from builder.pages.feed_lists import FeedDocument, addressed, documents, followed, stylesheet_from, written_lists
from builder.pages.figures import TABLE, dated_entries, figures_tables
from builder.pages.opml_tree import branch_outlines, outline_sources, outlines
from builder.pages.search_parts import search_parts
from builder.pipeline.admin import admin_files

_SEARCH = "search/"
_Made = TypeVar("_Made")


class OutputFile(msgspec.Struct, frozen=True):
    """A file of a site: its path in the site, the key of its content, and a function that makes its bytes."""

    path: str
    key: str
    make: Callable[[], bytes]


def site_outputs(
    ctx: Context,
    items: Mapping[str, FeedItem],
    pages: Iterable[SitePage],
    bodies: Mapping[str, Resolved] = {},
    data_size: int = PAGE,
) -> Iterator[OutputFile]:
    """Returns all files of the site that are neither pages nor copies of source files, except its build.json.

    ``items`` are finished feed items by ref, ``bodies`` the texts of the site's own entries by source path, for the older
    ones that only archives hold. A data file has up to ``data_size`` entries.
    """
    whole = ctx.site == "" or ctx.site in ctx.addresses.own
    yield from _feed_outputs(ctx, Items(ctx, items, bodies), whole=whole)
    addresses = sorted(_sitemap(ctx, pages))
    if ctx.site:
        yield OutputFile("sitemap.xml", _key(addresses), partial(urlset, addresses))
    else:
        yield from _hub_outputs(ctx, addresses, data_size)
    if whole:
        sitemap = ctx.addresses.absolute(f"{ctx.home}sitemap.xml")
        yield OutputFile("robots.txt", _key(sitemap), partial(robots, (sitemap,)))


def _feed_outputs(ctx: Context, items: Items, *, whole: bool) -> Iterator[OutputFile]:
    for own, lists in written_lists(ctx):
        known = items if own is ctx else items.for_site(own)
        archives: list[FeedDocument] = []
        for what in lists:
            feed, *older = documents(own, what)
            archives += older
            yield from feed_files(own, feed, known, ctx.home)
            events = calendar_of(own, what)
            if events is None:
                continue
            for folder in what.folders:
                yield OutputFile(folder[len(ctx.home) :] + CALENDAR_FILE, _key(events), partial(calendar, events))
        for live in ctx.catalogue.live_sites[ctx.site].entries if own is ctx else ():
            path = event_file(ctx, live.entry)
            if path:
                event = event_calendar(ctx, live)
                yield OutputFile(path[len(ctx.home) :], _key(event), partial(calendar, event))
        # Those of one time after the other: they share their entries, which are then made once.
        archives.sort(key=lambda document: document.lives[0].feed_date)
        for document in archives:
            yield from feed_files(own, document, known, ctx.home)
    if whole:
        yield OutputFile(FEED_STYLESHEET, _key(FEED_STYLESHEET), stylesheet)


def edited_outputs(
    ctx: Context, items: Mapping[str, FeedItem], bodies: Mapping[str, Resolved], edited: Collection[str]
) -> Iterator[OutputFile]:
    """Returns the feeds of a branch and the archives behind them that hold the text of an entry at one of the source paths
    ``edited``."""
    part = ctx.catalogue.live_sites[ctx.site]
    refs = {live.entry.ref for live in part.entries if live.entry.path in edited}
    known = Items(ctx, items, bodies)
    for what in followed(ctx) if refs else ():
        for document in documents(ctx, what):
            if not document.brief and any(live.entry.ref in refs for live in document.lives):
                yield from feed_files(ctx, document, known, ctx.home)


def feed_files(ctx: Context, document: FeedDocument, items: Items, home: str) -> Iterator[OutputFile]:
    """Makes a feed, or an archive behind it, in each format and each folder that it has. ``home`` is the path of the site that it
    is written for."""
    key, filled = _document(document, items)
    for each in FEED_FORMATS:
        name = each.archive_file(document.number) if document.number else each.file
        if not name:
            continue
        made: dict[str, _Once[bytes]] = {}
        for folder in document.folders:
            style = stylesheet_from(ctx, folder)
            if style not in made:
                made[style] = _Once(partial(_write_feed, ctx, document, each, style, filled))
            own = key if style == document.head.stylesheet else _key((key, style))
            yield OutputFile(folder[len(home) :] + name, own, made[style])


def _document(document: FeedDocument, items: Items) -> tuple[str, _Once[Feed]]:
    """Returns the key of a feed document, and a function that makes it."""
    digests = items.digests(document.lives, brief=document.brief)
    return _key((document.head, document.older, digests)), _Once(partial(_fill, document, items))


def _fill(document: FeedDocument, items: Items) -> Feed:
    own = document.head.items
    made = (*own, *(items.item(live, brief=document.brief) for live in document.lives))
    told = document.head.updated
    changes = (*(item.updated for item in made), *((told,) if told is not None else ()))
    return msgspec.structs.replace(document.head, items=made, updated=max(changes, default=None))


def search_outputs(
    ctx: Context,
    bodies: Mapping[str, Resolved],
    keys: Mapping[str, str] = {},
    read: Callable[[str], bytes] | None = None,
) -> Iterator[OutputFile]:
    """Returns the files of the site's search index. With the ``keys`` of the last release's files, which ``read`` reads, only
    what has changed is made."""
    before = None
    if read is not None:
        last = {path.removeprefix(_SEARCH): key for path, key in keys.items() if path.startswith(_SEARCH)}
        before = Before(last, lambda path: read(_SEARCH + path))
    known = last_digests(before) if before is not None else {}
    if not ctx.site:
        # All else is made: the index of an organization need not find room beside its entries.
        for slug in ctx.catalogue.summaries:
            ctx.catalogue.forget(slug)
    for path, key, make in index_files(search_parts(ctx, bodies, known), code_version(), before):
        yield OutputFile(_SEARCH + path, key, make)


def _hub_outputs(ctx: Context, addresses: list[tuple[str, datetime | None]], data_size: int) -> Iterator[OutputFile]:
    yield OutputFile(HUB_SITEMAP, _key(addresses), partial(urlset, addresses))
    absolute = ctx.addresses.absolute
    maps = [(absolute(f"/{HUB_SITEMAP}"), _newest_of(moment for _, moment in addresses))]
    for slug, summary in sorted(ctx.catalogue.summaries.items()):
        if summary.branch is not None and not summary.branch.url:
            newest = max([stub.changed for stub in ctx.catalogue.stubs[slug] if stub.listed], default=None)
            maps.append((absolute(f"/{slug}/sitemap.xml"), newest))
    yield OutputFile("sitemap.xml", _key(maps), partial(index, maps))
    changes = [stub.told for stub in ctx.catalogue.stubs.all if stub.hub and stub.listed]
    latest = _newest_of((max(changes, default=None), ctx.told.get("hub")))
    title = ctx.organization.name
    told = _key((title, outline_sources(ctx), latest, absolute("/")))
    yield OutputFile("feeds.opml", told, partial(_opml, ctx, outlines, latest))
    yield OutputFile("branches.opml", told, partial(_opml, ctx, branch_outlines, latest))
    for slug, branch in sorted(ctx.catalogue.branches.items()) if ctx.organization.health_public else ():
        due = reminders(ctx, branch)
        for name in (slug, *ctx.catalogue.names.former_names(slug)):
            yield OutputFile(f"health/branches/{name}/health.ics", _key(due), partial(calendar, due))
    for year, rows in figures_tables(ctx, dated_entries(ctx)) if ctx.organization.health_public else ():
        yield OutputFile(f"health/years/{year}/{TABLE}", _key(rows), partial(csv_table, rows))
    for path, parts, make in data_files(ctx, data_size):
        yield OutputFile(path[1:], _key(parts), make)
    for path, parts, make in admin_files(ctx, form_program() if ctx.organization.forms_host else None):
        yield OutputFile(path, _key(parts), make)


def _opml(ctx: Context, make: Callable[[Context], tuple[Outline, ...]], latest: datetime | None) -> bytes:
    return opml(ctx.organization.name, make(ctx), updated=latest, owner_id=ctx.addresses.absolute("/"))


def _sitemap(ctx: Context, pages: Iterable[SitePage]) -> Iterator[tuple[str, datetime | None]]:
    """Returns the address of every page that search engines may list, with the last change of its content."""
    part = ctx.catalogue.live_sites[ctx.site]
    changed: dict[str, datetime | None] = {}
    for live in part.entries:
        changed[path_of(live.entry)] = _last_change(live)
    for page in part.pages:
        changed[path_of(page)] = page.updated or page.date
    for each in pages:
        if b'"noindex":true' in each.meta or not is_indexed("branch" if ctx.site else "hub", each.path):
            continue
        path = ctx.home + each.path.removesuffix("index.html")
        yield ctx.addresses.absolute(path), changed.get(path)


def _last_change(live: LiveEntry) -> datetime | None:
    """Returns when an entry last changed; None for an event whose date was only derived from its start, which is ahead."""
    return live.entry.updated or live.entry.date if live.listed else None


def _newest_of(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment is not None), default=None)


def _write_feed(
    ctx: Context, document: FeedDocument, feed_format: FeedFormat, style: str, filled: _Once[Feed]
) -> bytes:
    module, _, name = feed_format.writer.partition(":")
    head, feed = addressed(ctx, document, feed_format), filled()
    write: Callable[[Feed], bytes] = getattr(import_module(module), name)
    return write(msgspec.structs.replace(head, stylesheet=style, items=feed.items, updated=feed.updated))


class _Once(Generic[_Made]):
    """Something that is made once for all that need it."""

    def __init__(self, make: Callable[[], _Made]) -> None:
        self._make: Callable[[], _Made] | None = make
        self._made: _Made

    def __call__(self) -> _Made:
        if self._make is not None:
            self._made = self._make()
            self._make = None
        return self._made


def _key(value: object) -> str:
    # Not MessagePack, to which equal times in different zones are the same.
    return hashlib.sha256(msgspec.json.encode((code_version(), value), order="deterministic")).hexdigest()[:24]
