"""The JSON files for other programs: data/entries.json with its older pages, data/branches.json, and their schemas.

They have public fields only; references to anything unpublished are left out. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from operator import attrgetter
from typing import Any, Literal

import msgspec

from builder.catalogue.catalogue import LiveEntry, path_of
from builder.messages.date_texts import iso
from builder.messages.translation import translator
from builder.model.media import published_at
from builder.model.media_types import media_type
from builder.model.stubs import Stub
from builder.model.values import Branch, Contact, Entry, Section
from builder.pages import data_model as model
from builder.pages import data_types
from builder.pages.branch import newest_listed
from builder.pages.context import Context
from builder.pages.feed_items import entry_id
from builder.pages.hub import in_tree_order
from builder.pages.kinds import PAGES

PAGE = 1000
_ENCODER = msgspec.json.Encoder(order="deterministic")
_File = tuple[str, object, Callable[[], bytes]]


def data_files(ctx: Context, size: int = PAGE) -> Iterator[_File]:
    """Returns each data file: its path, the key of its content, and a function that makes its bytes.

    The first file holds the newest entries, up to ``size``; older ones lie in files of exactly so many that are numbered from
    the oldest, so that a new entry rewrites one file. ``next`` leads to the next older one.
    """
    lives = ctx.catalogue.stubs.newest
    full = max(0, (len(lives) - 1) // size)
    first = len(lives) - full * size
    yield _page(ctx, "/data/entries.json", lives[:first], full)
    for number in range(full, 0, -1):
        start = first + (full - number) * size
        yield _page(ctx, f"/data/entries-{number}.json", lives[start : start + size], number - 1)
    branches = _branches(ctx)
    yield "/data/branches.json", branches, partial(_encode, branches)
    for name, kind in (("entries", model.EntriesPage), ("branches", model.Branches)):
        path = f"/data/{name}.schema.json"
        address = ctx.addresses.absolute(path)
        yield path, address, partial(model.json_schema, kind, address)


def _page(ctx: Context, path: str, lives: Sequence[Stub], following: int) -> _File:
    after = ctx.addresses.absolute(f"/data/entries-{following}.json") if following else ""
    written, moved = ctx.catalogue.feed_ids.written, ctx.catalogue.feed_ids.moved
    slugs = sorted(set(map(attrgetter("branch"), lives)))
    owners = list(zip(slugs, map(branch_digests(ctx).__getitem__, slugs), strict=True))
    entries: list[object] = list(map(attrgetter("digest"), lives))
    if any(map(attrgetter("names"), lives)):
        entries += [_published_references(ctx, ctx.catalogue.entries.whole(stub).entry) for stub in lives if stub.names]
    some = lives if written or moved else ()
    ids = [(stub.ref, moved.get(stub.ref)) for stub in some if stub.ref in written or stub.ref in moved]
    key = ctx.organization.url, ctx.organization.authority, after, owners, entries, ids

    def make() -> bytes:
        kept = dict(_kept_rows(ctx, path))
        made = (
            (not stub.names and kept.get(stub.ref)) or _entry(ctx, ctx.catalogue.entries.whole(stub)) for stub in lives
        )
        return _encode(_Page(version=1, next=after, entries=tuple(made)))

    return path, key, make


class _Page(data_types.Data, frozen=True, kw_only=True):
    """A page of entries, some of which are as they were written before."""

    version: Literal[1]
    next: str = ""
    entries: tuple[model.Entry | msgspec.Raw, ...]


class _Written(msgspec.Struct, frozen=True):
    entries: tuple[msgspec.Raw, ...] = ()


class _Name(msgspec.Struct, frozen=True):
    branch: str
    section: str
    slug: str


def _kept_rows(ctx: Context, path: str) -> Iterator[tuple[str, msgspec.Raw]]:
    """Yields the entries of a data file, by ref, that are still written as they are in the last release: of branches that have
    not changed, but for those that name other things or have an id that is not that of their place."""
    known = ctx.known
    if known is None or not known.same:
        return
    names, ids = ctx.catalogue.names, ctx.catalogue.feed_ids
    with suppress(msgspec.MsgspecError):
        for row in msgspec.json.decode(known.read(path[1:]) or b"{}", type=_Written).entries:
            name = msgspec.json.decode(row, type=_Name)
            ref = f"{name.branch}/{name.section}/{name.slug}"
            own = ref not in ids.written and ref not in ids.moved and names.first_path(ref) == ref
            if own and name.branch in known.same:
                yield ref, row


def branch_digests(ctx: Context) -> Mapping[str, str]:
    """Returns the hash of what each branch says of itself, by slug."""
    if "branches" not in ctx.kept_lists:
        branches = ctx.catalogue.branches.items()
        ctx.kept_lists["branches"] = {
            slug: hashlib.sha256(_ENCODER.encode(branch)).hexdigest()[:24] for slug, branch in branches
        }
    digests: Mapping[str, str] = ctx.kept_lists["branches"]
    return digests


def _encode(value: msgspec.Struct) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


def _published_references(ctx: Context, entry: Entry) -> tuple[tuple[str, ...], ...]:
    """Returns the published things that an entry names: policies interpreted or replaced, topics, receiving branches."""
    catalogue = ctx.catalogue
    receivers = map(catalogue.names.present_name, entry.share_with)
    return (
        tuple(live.entry.ref for live in catalogue.entries_called(entry.interprets)),
        tuple(live.entry.ref for live in catalogue.entries_called(entry.kind.replaces)),
        tuple(slug for slug in entry.topics if slug in catalogue.topics),
        tuple(name for name in receivers if name in catalogue.branches or name in ("all", "ancestors", "subtree")),
    )


def _entry(ctx: Context, live: LiveEntry) -> model.Entry:
    entry = live.entry
    absolute = ctx.addresses.absolute
    bundles = ctx.catalogue.live_sites[entry.branch].bundles

    def file(source: str) -> str:
        return absolute(published_at(source, entry.branch, bundles)) if source else ""

    interprets, _, topics, share_with = _published_references(ctx, entry)
    path, _, fragment = path_of(entry).partition("#")
    return model.Entry(
        id=entry_id(ctx, entry),
        url=absolute(path) + (f"#{fragment}" if fragment else ""),
        branch=entry.branch,
        section=entry.section,
        slug=entry.slug,
        type=entry.type,
        title=entry.title,
        date=entry.date.isoformat(),
        updated=entry.updated.isoformat() if entry.updated else "",
        summary=entry.summary,
        author=translator(ctx.catalogue.branches[entry.branch].language).joined(entry.authors),
        authors=entry.authors,
        source=model.Source(name=entry.credit.name, url=entry.credit.url) if entry.credit else None,
        tags=entry.tags,
        image=file(live.picture),
        image_alt=live.picture_alt,
        attachments=tuple(
            model.Attachment(url=each.url, title=each.title)
            if each.url
            else model.Attachment(url=file(each.path), title=each.title, mime_type=media_type(file(each.path)))
            for each in entry.attachments
        ),
        expires=iso(entry.expires),
        pinned=entry.pinned or iso(entry.pinned_until) or False,
        topics=topics,
        share_with=share_with,
        hub=entry.hub,
        moved_from=entry.moved_from,
        aliases=entry.aliases,
        interprets=interprets,
        language=entry.lang,
        **_own_data(ctx, entry, file),
    )


def _own_data(ctx: Context, entry: Entry, file: Callable[[str], str]) -> dict[str, Any]:
    """Returns the member that only entries of this kind have."""
    pages = PAGES[entry.type]
    return {pages.data_key: pages.data(ctx, entry.kind, file)} if pages.data_key else {}


def _branches(ctx: Context) -> model.Branches:
    organization = ctx.organization
    topics = tuple(
        model.Topic(
            slug=slug,
            title=topic.title,
            url=ctx.addresses.absolute(f"/topics/{slug}/"),
            summary=topic.summary,
            closed=iso(topic.closed),
        )
        for slug, topic in sorted(ctx.catalogue.topics.items())
    )
    return model.Branches(
        version=1,
        organization=model.Organization(
            name=organization.name,
            short_name=organization.short_name,
            url=ctx.addresses.absolute("/"),
            description=organization.description,
            language=organization.language,
            timezone=organization.timezone,
            sections=_sections(tuple(ctx.catalogue.sections.shown.values())),
            topics=topics,
        ),
        branches=tuple(_branch(ctx, branch) for branch in in_tree_order(ctx)),
    )


def _branch(ctx: Context, branch: Branch) -> model.Branch:
    newest = newest_listed(ctx, branch.slug)
    absolute, known = ctx.addresses.absolute, ctx.catalogue.entries
    home = f"/{branch.slug}/"
    own = any(stub.kind.takes_place for stub in ctx.catalogue.stubs[branch.slug])
    timed = own or any(live.entry.event for live in ctx.catalogue.shared(branch.slug))
    return model.Branch(
        slug=branch.slug,
        name=branch.name,
        short_name=branch.short_name,
        parent=ctx.catalogue.parent(branch),
        url=absolute(home),
        rss=absolute(f"{home}feed.xml"),
        atom=absolute(f"{home}atom.xml"),
        json=absolute(f"{home}feed.json"),
        calendar=absolute(f"{home}calendar.ics") if timed else "",
        description=branch.description,
        language=branch.language,
        accent=branch.accent,
        status=branch.status,
        closed=iso(branch.closed),
        contact=_contact(branch.contact),
        committee=tuple(
            model.Member(name=member.name, role=member.role, since=member.since) for member in branch.committee
        ),
        sections=_sections(branch.visible_sections),
        accept=branch.accept
        if isinstance(branch.accept, str)
        else tuple(slug for slug in branch.accept if slug in ctx.catalogue.branches),
        refuse=tuple(ref for ref in branch.refuse if ref in known),
        place=tuple(model.Place(entry=ref, section=section) for ref, section in branch.place if ref in known),
        entries=ctx.catalogue.summaries[branch.slug].entries,
        latest=newest.date.isoformat() if newest else "",
    )


def _sections(sections: Sequence[Section]) -> tuple[model.Section, ...]:
    return tuple(
        model.Section(
            slug=section.slug,
            title=section.title,
            type=section.type,
            description=section.description,
            dated=section.dated,
        )
        for section in sections
    )


def _contact(contact: Contact | None) -> model.Contact | None:
    if contact is None:
        return None
    return model.Contact(person=contact.person, email=contact.email, phone=contact.phone, address=contact.address)
