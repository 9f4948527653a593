"""What authors write, kind by kind: every key, its type, what it means. The JSON Schema and the reading both come from here."""

from __future__ import annotations

from collections.abc import Mapping

from builder.messages.translation import N_
from builder.content.kinds import READERS
from builder.content.schema.compound import (
    LINES,
    TEXT,
    AllOr,
    Days,
    Field,
    Fields,
    FilePath,
    Length,
    ListOf,
    MapOf,
    Names,
    Size,
    Words,
    Zone,
)
from builder.content.schema.profile import AUDIT
from builder.content.schema.types import (
    Authority,
    Colour,
    Date,
    Flag,
    FlagOrDate,
    Iri,
    Language,
    OldPath,
    OneOf,
    Ref,
    SlugText,
    Text,
    Url,
    Whole,
)

FILE = Fields(
    (
        Field("file", FilePath(or_link=True), N_("File"), N_("Path to the file, relative to this one; or a web address."), required=True),
        Field("title", TEXT, N_("Title"), N_("What the file is called for readers.")),
    ),
    short="file",
)
CREDIT = Fields(
    (
        Field("name", TEXT, N_("Name"), N_("Where the text was taken from."), required=True),
        Field("url", Url(), N_("Address"), N_("Web address of the source.")),
    ),
    short="name",
)
CONTACT = Fields(
    (
        Field("person", TEXT, N_("Person"), N_("Whom to ask for.")),
        Field("email", TEXT, N_("E-mail"), N_("E-mail address.")),
        Field("phone", TEXT, N_("Telephone"), N_("Telephone number, as it is shown.")),
        Field("address", TEXT, N_("Address"), N_("Where to find you.")),
    ),
    short="person",
)
SECTION = Fields(
    (
        Field("title", TEXT, N_("Title"), N_("Name of the section in the navigation.")),
        Field("type", OneOf(tuple(READERS)), N_("Type"), N_("What kind of entries the section holds.")),
        Field("dated", Flag(), N_("Dated"), N_("false: entries without dates, in the order of their names.")),
        Field("description", TEXT, N_("Description"), N_("One sentence under the title.")),
        Field(
            "update_within", Length(), N_("Update within"), N_("How long the section may stay without anything new.")
        ),
        Field("interpret_within", Length(), N_("Interpret within"), N_("How long a policy may stay unexplained.")),
        Field("reply_within", Length(), N_("Reply within"), N_("How long a letter may wait for its reply.")),
        Field("formerly", ListOf(SlugText(), split=True), N_("Formerly"), N_("Earlier names of the section's folder.")),
    ),
    short="title",
)
MEMBER = Fields(
    (
        Field("name", TEXT, N_("Name"), N_("Name of the member."), required=True),
        Field("role", TEXT, N_("Role"), N_("Office in the committee.")),
        Field("photo", FilePath(), N_("Photograph"), N_("Path to a portrait.")),
        Field("since", TEXT, N_("Since"), N_("When the term began.")),
    ),
    short="name",
)
DISCUSSION = Fields(
    (
        Field("question", TEXT, N_("Question"), N_("What is to be discussed.")),
        Field("opens", Date(), N_("Opens"), N_("First day of the discussion.")),
        Field("closes", Date(), N_("Closes"), N_("Last day of the discussion.")),
    ),
    short="question",
)

_COMMON = (
    Field("title", TEXT, N_("Title"), N_("Title of the text; default: its first heading.")),
    Field("summary", TEXT, N_("Summary"), N_("One paragraph for lists; default: the first paragraph.")),
    Field("image", FilePath(), N_("Cover picture"), N_("Path to a picture; default: the first one of the text.")),
    Field("image_alt", TEXT, N_("Alternative text"), N_("What the cover picture shows, for those who cannot see it.")),
    Field("attachments", ListOf(FILE), N_("Attachments"), N_("Files to download: paths, or file and title.")),
    Field("draft", Flag(), N_("Draft"), N_("true: never published.")),
    Field("expires", Date(), N_("Expires"), N_("Last day; after it the text is withdrawn everywhere.")),
    Field("updated", Date(), N_("Updated"), N_("Last significant change.")),
    Field("aliases", ListOf(TEXT, split=True), N_("Old addresses"), N_("Old paths that lead here, like /branch/old/.")),
    Field("lang", Language(), N_("Language"), N_("Language of the text; default: the branch's.")),
    Field("slug", SlugText(), N_("Slug"), N_("Last part of the address; default: from the file's name.")),
)
_ENTRY = (
    *_COMMON,
    Field("date", Date(), N_("Date"), N_("When it was published; default: the date that the file's name begins with.")),
    Field("author", Names(), N_("Author"), N_("Who wrote it: a name, or a list of names.")),
    Field("source", CREDIT, N_("Source"), N_("Where it was taken from: a name, or name and url.")),
    Field("tags", Words(), N_("Tags"), N_("Words to find it by.")),
    Field("pinned", FlagOrDate(), N_("Pinned"), N_("true, or the last day on which it stays on top.")),
    Field("topics", ListOf(SlugText(), split=True), N_("Topics"), N_("Special topics that it belongs to.")),
    Field(
        "share_with",
        ListOf(TEXT, split=True),
        N_("Share with"),
        N_("Branches that also list it, or all, ancestors, subtree."),
    ),
    Field("hub", Flag(), N_("In the hub"), N_("false: not in the lists and feeds of the hub.")),
    Field("moved_from", Ref(), N_("Moved from"), N_("Where it was first published: branch/section/entry.")),
    Field("id", Iri(), N_("Feed id"), N_("An identifier of its own in feeds.")),
    Field("interprets", ListOf(Ref(), split=True), N_("Interprets"), N_("The policy that it explains.")),
)
_BODY = Field("body", LINES, N_("Text"), N_("The text, in Markdown, in an entry written as YAML."))
ENTRIES: Mapping[str, Fields] = {name: Fields((*_ENTRY, *kind.fields, _BODY)) for name, kind in READERS.items()}
DEFAULTS = Fields(_ENTRY)
PAGE = Fields(
    (
        *_COMMON,
        Field("date", Date(), N_("Date"), N_("Not shown; in the future the page is not published before.")),
        Field("order", Whole(-1_000_000), N_("Order"), N_("Place in the navigation.")),
    ),
)
TOPIC = Fields(
    (
        *(field for field in _COMMON if field.key not in ("aliases", "attachments", "updated")),
        Field("closed", Date(), N_("Closed"), N_("Last day of the topic.")),
        Field("discussion", DISCUSSION, N_("Discussion"), N_("When opinions are asked for, and on what.")),
    ),
)
BRANCH = Fields(
    (
        Field("name", TEXT, N_("Name"), N_("Full name of the branch."), required=True),
        Field("short_name", TEXT, N_("Short name"), N_("Name for narrow places.")),
        Field(
            "parent",
            SlugText(),
            N_("Parent"),
            N_("Folder name of the branch above; none: directly under the organization."),
        ),
        Field("description", TEXT, N_("Description"), N_("One sentence about the branch.")),
        Field("contact", CONTACT, N_("Contact"), N_("How to reach the branch.")),
        Field("committee", ListOf(MEMBER), N_("Committee"), N_("Who leads the branch.")),
        Field(
            "url", Url(host_only=True), N_("Own address"), N_("Only if the branch is served on an address of its own.")
        ),
        Field("language", Language(), N_("Language"), N_("Language of the pages: zh or en.")),
        Field("accent", Colour(), N_("Colour"), N_("A colour of the theme's palette.")),
        Field(
            "sections",
            Fields(
                (
                    Field(
                        "hide",
                        ListOf(SlugText(), split=True),
                        N_("Hide"),
                        N_("Sections that the branch does not show."),
                    ),
                    Field("add", MapOf(SlugText(), SECTION), N_("Add"), N_("Sections of its own.")),
                    Field("order", ListOf(SlugText(), split=True), N_("Order"), N_("Sections that come first.")),
                )
            ),
            N_("Sections"),
            N_("How its sections differ from the organization's."),
        ),
        Field(
            "defaults",
            DEFAULTS,
            N_("Defaults"),
            N_("Front matter that every entry starts from."),
        ),
        Field("owners", ListOf(TEXT, split=True), N_("Owners"), N_("Who may change this folder.")),
        Field("accept", AllOr(("all", "none"), SlugText()), N_("Accept"), N_("Whose shared entries are listed.")),
        Field("refuse", ListOf(Ref(), split=True), N_("Refuse"), N_("Shared entries that are not listed.")),
        Field("place", MapOf(Ref(), SlugText()), N_("Place"), N_("In which section a shared entry is listed.")),
        Field("order", Whole(-1_000_000), N_("Order"), N_("Place among its siblings.")),
        Field("status", OneOf(("active", "closed")), N_("Status"), N_("closed: kept readable, and marked.")),
        Field("closed", Date(), N_("Closed"), N_("When the branch was closed.")),
    ),
)
ORGANIZATION = Fields(
    (
        Field("name", TEXT, N_("Name"), N_("Name of the organization."), required=True),
        Field("short_name", TEXT, N_("Short name"), N_("Name for narrow places.")),
        Field("url", Url(host_only=True), N_("Address"), N_("Where the sites are published."), required=True),
        Field("id", Authority(), N_("Feed authority"), N_("The host name that feed ids carry for ever.")),
        Field("language", Language(("zh", "en")), N_("Language"), N_("Language of pages and messages: zh or en.")),
        Field("timezone", Zone(), N_("Time zone"), N_("For every date that is written without one.")),
        Field("description", TEXT, N_("Description"), N_("One sentence about the organization.")),
        Field("contact", CONTACT, N_("Contact"), N_("How to reach the organization.")),
        Field("logo", FilePath(), N_("Logo"), N_("Path to a picture under content/.")),
        Field("site_id", TEXT, N_("Site code"), N_("SiteIDCode of the official label set.")),
        Field("edit_url", Url(), N_("Edit address"), N_("Where a source file can be edited; its path is put behind.")),
        Field(
            "sections", MapOf(SlugText(), SECTION), N_("Sections"), N_("The sections that every branch has, in order.")
        ),
        Field(
            "feeds",
            Fields(
                (
                    Field("items", Whole(1, 1000), N_("Items"), N_("How many entries a feed holds.")),
                    Field("full_text", Flag(), N_("Full text"), N_("false: feeds hold summaries only.")),
                    Field("websub", ListOf(Url()), N_("WebSub hubs"), N_("Hubs that are told of changes.")),
                )
            ),
            N_("Feeds"),
        ),
        Field(
            "markdown",
            Fields(
                (
                    Field(
                        "raw_html",
                        OneOf(("sanitize", "allow")),
                        N_("Raw HTML"),
                        N_("Whether HTML in texts is cleaned."),
                    ),
                    Field(
                        "frames_from",
                        ListOf(TEXT, split=True),
                        N_("Frames from"),
                        N_("Hosts whose frames may be embedded."),
                    ),
                )
            ),
            N_("Markdown"),
        ),
        Field(
            "limits",
            Fields(
                (
                    Field("page_bytes", Size(), N_("Page size"), N_("The largest text file.")),
                    Field(
                        "image_bytes",
                        Size(),
                        N_("Picture size"),
                        N_("The most bytes of a published picture; larger photographs are made smaller."),
                    ),
                    Field("branch_pages", Whole(1), N_("Pages"), N_("The most text files of a branch.")),
                    Field("branch_seconds", Whole(1), N_("Seconds"), N_("The longest time for a branch.")),
                    Field("worker_memory", Size(), N_("Memory"), N_("The most memory of a worker.")),
                )
            ),
            N_("Limits"),
        ),
        Field(
            "redirects",
            MapOf(OldPath(), TEXT),
            N_("Redirects"),
            N_("Old addresses outside the branches' folders."),
        ),
        Field("holidays", ListOf(Days(), split=True), N_("Holidays"), N_("Days that are no working days.")),
        Field("health", Fields((Field("public", Flag(), N_("Public"), N_("false: no health page.")),)), N_("Health")),
        Field("audit", AUDIT, N_("Audit"), N_("Profile and thresholds.")),
    ),
)

KINDS: Mapping[str, Fields] = {"organization": ORGANIZATION, "branch": BRANCH, "topic": TOPIC, "page": PAGE, **ENTRIES}
