"""The types of the data files, from which the files are written and their JSON Schema is generated.

A member that is empty, false or absent is left out, unless it has no default here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta

from builder.model.kinds import KINDS
from builder.pages.data_types import Address, BranchSlug, Data, Moment, Ref
from builder.pages.kinds import PAGES

_DRAFT = "https://json-schema.org/draft/2020-12/schema"

if TYPE_CHECKING:
    EntryType = str
else:
    EntryType = Literal[tuple(KINDS)]


class Source(Data, frozen=True, kw_only=True):
    """The publication that an entry was taken from."""

    name: str
    url: str = ""


class Attachment(Data, frozen=True, kw_only=True):
    """A file to download."""

    url: Address
    title: str = ""
    mime_type: str = ""


class BaseEntry(Data, frozen=True, kw_only=True):
    """A published entry."""

    id: Annotated[str, Meta(description="The id that it has in feeds, for ever.")]
    url: Annotated[
        str, Meta(description="Its page; of a voice, its place in its section's page.", pattern="^https?://")
    ]
    branch: BranchSlug
    section: str
    slug: str
    type: EntryType
    title: str
    date: Annotated[
        str, Meta(description="When it was published. While that of an event lies ahead, lists by date leave it out.")
    ]
    updated: Annotated[str, Meta(description="The last significant change; absent: date.")] = ""
    summary: str = ""
    author: Annotated[str, Meta(description="The authors in one line, as the branch's language joins them.")] = ""
    authors: tuple[str, ...] = ()
    source: Source | None = None
    tags: tuple[str, ...] = ()
    image: str = ""
    image_alt: str = ""
    attachments: tuple[Attachment, ...] = ()
    expires: Moment = ""
    pinned: Annotated[
        bool | str, Meta(description="On top of its own branch's lists: always, or until the end of this moment.")
    ] = False
    topics: Annotated[tuple[str, ...], Meta(description="Slugs of special topics.")] = ()
    share_with: Annotated[
        tuple[str, ...],
        Meta(description="Who else lists it, unless they refuse: slugs of branches, all, ancestors, subtree."),
    ] = ()
    hub: Annotated[bool, Meta(description="False: in no list over all branches.")]
    moved_from: str = ""
    aliases: tuple[str, ...] = ()
    interprets: tuple[Ref, ...] = ()
    language: str


if TYPE_CHECKING:
    Entry = BaseEntry
else:
    Entry = msgspec.defstruct(
        "Entry",
        [(kind.data_key, kind.data_type | None, None) for kind in PAGES.values() if kind.data_type is not None],
        bases=(BaseEntry,),
        namespace={"__doc__": BaseEntry.__doc__},
        frozen=True,
        kw_only=True,
    )


class EntriesPage(Data, frozen=True, kw_only=True):
    """Published entries, newest first by date, then by branch/section/slug in code-point order.

    entries.json holds the newest, up to 1,000. Older ones are in entries-<n>.json, exactly 1,000 each, numbered from the
    oldest, so that a new entry changes the first file alone; each leads to the next older one.
    """

    version: Literal[1]
    next: Annotated[str, Meta(description="The file that goes on with older entries.", pattern="^https?://")] = ""
    entries: tuple[Entry, ...]


class Section(Data, frozen=True, kw_only=True):
    """A section of a branch or of the organization, in the order of the navigation."""

    slug: str
    title: str
    type: EntryType
    description: str = ""
    dated: Annotated[bool, Meta(description="False: its entries are listed by slug.")] = True


class Contact(Data, frozen=True, kw_only=True):
    """A way to reach somebody."""

    person: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""


class Member(Data, frozen=True, kw_only=True):
    """A member of a committee."""

    name: str
    role: str = ""
    since: str = ""


class Place(Data, frozen=True, kw_only=True):
    """A place where a branch lists an entry that is shared with it."""

    entry: Ref
    section: str


class Branch(Data, frozen=True, kw_only=True):
    """A published branch."""

    slug: str
    name: str
    short_name: str = ""
    parent: Annotated[str, Meta(description="The branch above it; absent: directly under the organization.")] = ""
    url: Address
    rss: Address
    atom: Address
    json: Address
    calendar: str = ""
    description: str = ""
    language: str
    accent: str = ""
    status: Literal["active", "closed"]
    closed: Moment = ""
    contact: Contact | None = None
    committee: tuple[Member, ...] = ()
    sections: tuple[Section, ...] = ()
    accept: Annotated[
        str | tuple[str, ...], Meta(description="Whose shared entries it lists: all, none, or those of these branches.")
    ] = "all"
    refuse: Annotated[tuple[Ref, ...], Meta(description="Shared entries that it does not list.")] = ()
    place: tuple[Place, ...] = ()
    entries: Annotated[int, Meta(description="How many it has published.")]
    latest: Annotated[str, Meta(description="The date of its newest one.")] = ""


class Topic(Data, frozen=True, kw_only=True):
    """A special topic: entries of any branch join it."""

    slug: str
    title: str
    url: Address
    summary: str = ""
    closed: Moment = ""


class Organization(Data, frozen=True, kw_only=True):
    """The organization."""

    name: str
    short_name: str = ""
    url: Address
    description: str = ""
    language: str
    timezone: Annotated[str, Meta(description="IANA name of the zone of every date written without one.")]
    sections: tuple[Section, ...] = ()
    topics: tuple[Topic, ...] = ()


class Branches(Data, frozen=True, kw_only=True):
    """The organization and its branches in the order of the tree: each is followed by those below it."""

    version: Literal[1]
    organization: Organization
    branches: tuple[Branch, ...]


def json_schema(kind: type[Data], address: str) -> bytes:
    """Returns the JSON Schema (draft 2020-12) of a data file, which is published at ``address``."""
    made: dict[str, Any] = msgspec.json.schema(kind, ref_template="#/$defs/{name}")
    for each in made["$defs"].values():
        each["description"] = " ".join(each["description"].split())
    schema = {"$schema": _DRAFT, "$id": address, **made}
    return msgspec.json.format(msgspec.json.encode(schema, order="deterministic"), indent=1) + b"\n"
