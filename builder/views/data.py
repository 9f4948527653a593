"""What other programs read: data/entries.json and its older pages, data/branches.json. Public fields only. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from builder.catalogue import LiveEntry, entry_path
from builder.media import media_type, published_at
from builder.model import Branch, Contact, Entry
from builder.views.branch import newest_listed
from builder.views.common import Context, iso
from builder.views.feed_items import entry_id
from builder.views.hub import in_tree_order
from builder.views.lists import visible_sections

VERSION = 1
PAGE = 1000
_ENCODER = msgspec.json.Encoder(order="deterministic")


def data_files(ctx: Context) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of each data file.

    The first file holds the newest entries, up to 1,000; older ones lie in files of exactly 1,000 that are numbered from
    the oldest, so that a new entry rewrites one file. ``next`` leads to the next older one.
    """
    lives = sorted(ctx.catalogue.entries.values(), key=lambda live: live.entry.ref)
    lives.sort(key=lambda live: live.entry.date, reverse=True)
    full = max(0, (len(lives) - 1) // PAGE)
    first = len(lives) - full * PAGE
    yield "/data/entries.json", _page(ctx, lives[:first], full)
    for number in range(full, 0, -1):
        start = first + (full - number) * PAGE
        yield f"/data/entries-{number}.json", _page(ctx, lives[start : start + PAGE], number - 1)
    branches = {"version": VERSION, "branches": [_branch(ctx, branch) for branch in in_tree_order(ctx)]}
    yield "/data/branches.json", msgspec.json.format(_ENCODER.encode(branches), indent=1) + b"\n"


def _page(ctx: Context, lives: Sequence[LiveEntry], following: int) -> bytes:
    page: dict[str, Any] = {"version": VERSION}
    if following:
        page["next"] = ctx.addresses.absolute(f"/data/entries-{following}.json")
    page["entries"] = [_entry(ctx, live) for live in lives]
    return msgspec.json.format(_ENCODER.encode(page), indent=1) + b"\n"


def _entry(ctx: Context, live: LiveEntry) -> Mapping[str, Any]:
    entry = live.entry
    absolute = ctx.addresses.absolute
    bundles = ctx.catalogue.slices[entry.branch].bundles

    def file(source: str) -> str:
        return absolute(published_at(source, entry.branch, bundles)) if source else ""

    path, _, fragment = entry_path(entry).partition("#")
    data: dict[str, Any] = {
        "id": entry_id(ctx, entry),
        "url": absolute(path) + (f"#{fragment}" if fragment else ""),
        "branch": entry.branch,
        "section": entry.section,
        "slug": entry.slug,
        "type": entry.type,
        "title": entry.title,
        "date": entry.date.isoformat(),
        "updated": entry.updated.isoformat() if entry.updated else "",
        "summary": entry.summary,
        "author": entry.author,
        "source": {"name": entry.credit.name, "url": entry.credit.url} if entry.credit else None,
        "tags": list(entry.tags),
        "image": file(live.picture),
        "image_alt": live.picture_alt,
        "attachments": [
            {"url": file(each.path), "title": each.title, "mime_type": media_type(each.path)}
            for each in entry.attachments
        ],
        "expires": iso(entry.expires),
        "pinned": True if entry.pinned else iso(entry.pinned_until),
        "topics": list(entry.topics),
        "share_with": list(entry.share_with),
        "hub": entry.hub,
        "moved_from": entry.moved_from,
        "aliases": list(entry.aliases),
        "interprets": list(entry.interprets),
        "language": entry.lang,
        **_typed(entry, file),
    }
    return {key: value for key, value in data.items() if value not in ("", None, [])}


def _typed(entry: Entry, file: Any) -> Mapping[str, Any]:
    data: dict[str, Any] = {}
    if entry.period is not None:
        data["period"] = {"from": iso(entry.period.start), "to": iso(entry.period.to)}
    if entry.policy is not None:
        policy = entry.policy
        data["policy"] = {
            "number": policy.number,
            "issuer": policy.issuer,
            "issued": iso(policy.issued),
            "effective": iso(policy.effective),
            "status": policy.status,
            "replaces": list(policy.replaces),
        }
    if entry.event is not None:
        event = entry.event
        data["event"] = {
            "starts": iso(event.starts),
            "ends": iso(event.ends),
            "all_day": event.all_day,
            "location": event.location,
            "online": event.online,
            "organizer": event.organizer,
            "status": event.status,
        }
    if entry.letter is not None:
        letter = entry.letter
        data["letter"] = {
            "question": letter.question,
            "received": iso(letter.received),
            "replied": iso(letter.replied),
            "from": letter.sender,
        }
    if entry.voice is not None:
        data["voice"] = {
            "text": entry.voice.text,
            "person": entry.voice.person,
            "portrait": file(entry.voice.portrait),
        }
    return {key: {name: value for name, value in part.items() if value not in ("", [])} for key, part in data.items()}


def _branch(ctx: Context, branch: Branch) -> Mapping[str, Any]:
    newest = newest_listed(ctx, branch.slug)
    home = f"/{branch.slug}/"
    data: dict[str, Any] = {
        "slug": branch.slug,
        "name": branch.name,
        "short_name": branch.short_name,
        "parent": ctx.catalogue.parent(branch),
        "url": ctx.addresses.absolute(home),
        "rss": ctx.addresses.absolute(f"{home}feed.xml"),
        "atom": ctx.addresses.absolute(f"{home}atom.xml"),
        "description": branch.description,
        "language": branch.language,
        "accent": branch.accent,
        "status": branch.status,
        "closed": iso(branch.closed),
        "contact": _contact(branch.contact),
        "committee": [{"name": member.name, "role": member.role, "since": member.since} for member in branch.committee],
        "sections": [
            {"slug": section.slug, "title": section.title, "type": section.type} for section in visible_sections(branch)
        ],
        "entries": len(ctx.catalogue.slices[branch.slug].entries),
        "latest": newest.entry.date.isoformat() if newest else "",
    }
    return {key: value for key, value in data.items() if value not in ("", None, [], {})}


def _contact(contact: Contact | None) -> Mapping[str, str]:
    built: dict[str, str] = msgspec.to_builtins(contact) if contact is not None else {}
    return built
