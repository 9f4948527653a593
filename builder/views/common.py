"""What all views share: the context they read, dates as text, and the data of one entry in a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from builder.addresses import Addresses, output_file
from builder.catalogue import Catalogue, LiveEntry, entry_path, pinned
from builder.i18n import N_, Translator, translator
from builder.media import published_at
from builder.model import Branch, Entry, Moment, Organization
from builder.render.site import SitePage
from builder.slugs import slugify

Data = dict[str, Any]
_ENCODER = msgspec.json.Encoder(order="deterministic")
_MONTHS = "January February March April May June July August September October November December".split()

STATUS = {
    "in force": N_("in force"),
    "amended": N_("amended"),
    "repealed": N_("repealed"),
    "confirmed": N_("confirmed"),
    "tentative": N_("tentative"),
    "cancelled": N_("cancelled"),
}


class Written(msgspec.Struct, frozen=True):
    """A document's body, ready for its page: finished HTML, and its headings (level, id, text)."""

    html: str = ""
    headings: tuple[tuple[int, str, str], ...] = ()


@dataclass(frozen=True)
class Context:
    """What a view may read: all that is live, the addresses, the site it is for, and the instant."""

    catalogue: Catalogue
    addresses: Addresses
    site: str
    now: datetime
    written: Mapping[str, Written]
    sizes: Mapping[str, int]

    @property
    def organization(self) -> Organization:
        """The organization."""
        return self.catalogue.organization

    @property
    def branch(self) -> Branch | None:
        """The branch that the site is of; None for the hub."""
        return self.catalogue.branches.get(self.site)

    @property
    def language(self) -> str:
        """The site's language."""
        return self.branch.language if self.branch else self.organization.language

    @property
    def text(self) -> Translator:
        """The site's texts."""
        return translator(self.language)

    def link(self, path: str) -> str:
        """``path`` as this site's pages write it."""
        return self.addresses.link(self.site, path)

    def file(self, source: str) -> str:
        """The address at which this site publishes the file ``source`` for a page of its own."""
        part = self.catalogue.slices.get(self.site)
        return self.link(published_at(source, self.site, part.bundles if part else {}))

    def page(
        self, path: str, title: str, template: str, data: Mapping[str, Any], written: Written | None = None
    ) -> SitePage:
        """The page at ``path`` (of the organization), with what every page's data holds."""
        inside = path[len(self.site) + 1 :] if self.site else path
        meta: Data = {"root": self.addresses.root(path), "canonical": self.addresses.absolute(path), **data}
        meta = {key: value for key, value in meta.items() if value not in (None, "", [], {})}
        body = written or Written()
        return SitePage(
            path=output_file(inside),
            title=title,
            template=template,
            meta=_ENCODER.encode(meta),
            html=body.html,
            headings=body.headings,
        )


def date_text(day: date, language: str) -> str:
    """A date as readers of a language write it."""
    if language.startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_text(year: int, month: int, language: str) -> str:
    """A month of a year."""
    return f"{year}年{month}月" if language.startswith("zh") else f"{_MONTHS[month - 1]} {year}"


def moment_text(moment: Moment | None, language: str) -> str:
    """A moment, with its time where one was written; empty for None."""
    if moment is None:
        return ""
    text = date_text(moment.at.date(), language)
    return text if moment.day else f"{text} {moment.at:%H:%M}"


def iso(moment: Moment | None) -> str:
    """A moment for ``datetime=``: a date alone, or RFC 3339."""
    if moment is None:
        return ""
    return moment.at.date().isoformat() if moment.day else moment.at.isoformat()


def branch_link(ctx: Context, branch: Branch) -> Data:
    """A branch's name and address."""
    return {"title": branch.title, "url": ctx.link(f"/{branch.slug}/")}


def section_link(ctx: Context, branch: Branch, slug: str) -> Data:
    """A section's title and address in ``branch``."""
    section = branch.section(slug)
    return {"title": section.title if section else slug, "url": ctx.link(f"/{branch.slug}/{slug}/"), "slug": slug}


def tag_links(ctx: Context, entry: Entry) -> list[Data]:
    """An entry's tags, each with its page in the entry's branch (or in the hub's, on the hub)."""
    home = f"/{ctx.site}/" if ctx.site == entry.branch else "/"
    return [{"title": tag, "url": ctx.link(f"{home}tags/{slugify(tag) or tag}/")} for tag in entry.tags]


def item(ctx: Context, live: LiveEntry, *, mixed: bool = False) -> Data:
    """What lists show of an entry; ``mixed`` lists name its branch."""
    entry = live.entry
    owner = ctx.catalogue.branches[entry.branch]
    language = ctx.language
    data: Data = {
        "title": entry.title,
        "url": ctx.link(entry_path(entry)) if entry.type != "voice" else ctx.link(f"/{entry.branch}/{entry.section}/"),
        "date": entry.date.date().isoformat(),
        "date_text": date_text(entry.date.date(), language),
        "summary": entry.summary,
        "section": section_link(ctx, owner, entry.section),
        "type": entry.type,
        "pinned": pinned(entry, ctx.now) or None,
        "lang": entry.lang if entry.lang != language else None,
        "image": _picture(ctx, live),
    }
    if mixed:
        data["branch"] = branch_link(ctx, owner)
    if entry.branch != ctx.site and ctx.site:
        data["origin"] = branch_link(ctx, owner)
    data |= _typed(ctx, entry, language)
    if entry.type == "policy":
        data["interpreted"] = bool(ctx.catalogue.interpretations.get(entry.ref))
    return {key: value for key, value in data.items() if value is not None and value != ""}


def items(ctx: Context, lives: Iterable[LiveEntry], *, mixed: bool = False) -> list[Data]:
    """The data of several entries, in the order given."""
    return [item(ctx, live, mixed=mixed) for live in lives]


def _picture(ctx: Context, live: LiveEntry) -> Data | None:
    if not live.picture:
        return None
    entry = live.entry
    part = ctx.catalogue.slices[entry.branch]
    path = published_at(live.picture, entry.branch, part.bundles)
    return {"url": ctx.link(path), "alt": live.picture_alt}


def _typed(ctx: Context, entry: Entry, language: str) -> Data:
    """The part of an entry's data that only its type has."""
    text = ctx.text.gettext
    if entry.type == "notice" and entry.period is not None and entry.period.to is not None:
        to = entry.period.to
        state = {"to": iso(to), "to_text": moment_text(to, language), "until": to.end.isoformat()}
        return {"over": True} if to.over(ctx.now) else {"running": state}
    if entry.event is not None:
        event = entry.event
        at = event.starts.at
        return {
            "event": {
                "starts": iso(event.starts),
                "starts_text": moment_text(event.starts, language),
                "day": str(at.day),
                "month_text": f"{at.month}月" if language.startswith("zh") else _MONTHS[at.month - 1][:3],
                "ends": iso(event.ends),
                "ends_text": moment_text(event.ends, language),
                "all_day": event.all_day,
                "location": event.location,
                "online": event.online,
                "organizer": event.organizer,
                "status": event.status,
                "status_text": text(STATUS[event.status]),
                "over": over(entry, ctx.now),
            }
        }
    if entry.voice is not None:
        voice = entry.voice
        return {
            "slug": entry.slug,
            "voice": {
                "text": voice.text,
                "person": voice.person,
                "portrait": ctx.link(published_at(voice.portrait, entry.branch, {})) if voice.portrait else "",
            },
        }
    if entry.letter is not None:
        letter = entry.letter
        return {
            "letter": {
                "question": letter.question,
                "received_text": moment_text(letter.received, language),
                "replied_text": moment_text(letter.replied, language),
                "days": str((letter.replied.at.date() - letter.received.at.date()).days) if letter.replied else "",
                "from": letter.sender,
            }
        }
    if entry.policy is not None:
        policy = entry.policy
        return {
            "policy": {
                "number": policy.number,
                "issuer": policy.issuer,
                "status": policy.status,
                "status_text": text(STATUS[policy.status]),
                "issued_text": moment_text(policy.issued, language),
                "effective_text": moment_text(policy.effective, language),
            }
        }
    return {}


def over(entry: Entry, now: datetime) -> bool:
    """True once an event has ended (its start counts where no end is written)."""
    return entry.event is not None and (entry.event.ends or entry.event.starts).end <= now


def coming(lives: Iterable[LiveEntry], now: datetime) -> list[LiveEntry]:
    """Events that have not ended, by start, then ref."""
    events = [live for live in lives if live.entry.event is not None and not over(live.entry, now)]
    return sorted(events, key=lambda live: (live.entry.event.starts.at, live.entry.ref))  # type: ignore[union-attr]
