"""The keys of each kind of file, with types and meanings. The JSON Schema and the reading both come from here."""

from __future__ import annotations

from collections.abc import Mapping

from builder.content.kinds import READERS
from builder.content.schema.compound import (
    DESCRIPTION,
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
    Picture,
    Size,
    Words,
    Zone,
)
from builder.content.schema.hosts import Email, HostName, SiteCode
from builder.content.schema.profile import AUDIT
from builder.content.schema.types import (
    ADDRESS,
    Authority,
    Colour,
    Date,
    DraftFlag,
    Flag,
    FlagOrDate,
    Iri,
    Language,
    OldPath,
    OneOf,
    OwnSlug,
    Pattern,
    Ref,
    SlugText,
    Text,
    TopicName,
    Url,
    Whole,
)
from builder.content.schema.ways import WAYS
from builder.messages.translation import N_

_PEOPLE, _BRANCHES, _REDIRECTS, _LANGUAGES = 200, 1000, 10_000, 20
_FORMER = ListOf(SlugText(), split=True, most=10)
"""Former names: all pages and feeds have an address under each."""

FILE = Fields(
    (
        Field(
            "file",
            FilePath(or_link=True),
            N_("File"),
            N_("Path to the file, relative to this one; or a web address."),
            required=True,
        ),
        Field("title", TEXT, N_("Title"), N_("The name that readers see.")),
    ),
    short="file",
    turned=("title", "file"),
)
CREDIT = Fields(
    (
        Field("name", TEXT, N_("Name"), N_("The name of the source."), required=True),
        Field("url", Url(), N_("Address"), N_("Web address of the source.")),
    ),
    short="name",
)
CONTACT = Fields(
    (
        Field("person", TEXT, N_("Person"), N_("The person to ask for.")),
        Field("email", Email(), N_("E-mail"), N_("E-mail address.")),
        Field("phone", TEXT, N_("Telephone"), N_("Telephone number, as it is shown.")),
        Field("address", DESCRIPTION, N_("Address"), N_("Postal address or room.")),
    ),
    short="person",
)
SECTION = Fields(
    (
        Field("title", TEXT, N_("Title"), N_("Name of the section in the navigation.")),
        Field(
            "titles", MapOf(Language(), TEXT), N_("Titles"), N_("Names of the section in other languages, by language.")
        ),
        Field("type", OneOf(tuple(READERS)), N_("Type"), N_("The kind of entries in the section.")),
        Field("dated", Flag(), N_("Dated"), N_("false: entries without dates, in the order of their names.")),
        Field("description", DESCRIPTION, N_("Description"), N_("One sentence shown below the title.")),
        Field(
            "update_within",
            Length(),
            N_("Update within"),
            N_("The longest time that the section may go without a new entry."),
        ),
        Field(
            "interpret_within",
            Length(),
            N_("Interpret within"),
            N_("The longest time that a policy may go without an explanation."),
        ),
        Field("reply_within", Length(), N_("Reply within"), N_("The longest time that a letter may wait for a reply.")),
        Field("formerly", _FORMER, N_("Formerly"), N_("Earlier names of the section's folder.")),
    ),
    short="title",
)
MEMBER = Fields(
    (
        Field("name", TEXT, N_("Name"), N_("Name of the member."), required=True),
        Field("role", TEXT, N_("Role"), N_("Position on the committee.")),
        Field("photo", FilePath(), N_("Photograph"), N_("Path to a portrait.")),
        Field("since", TEXT, N_("Since"), N_("The beginning of the term.")),
    ),
    short="name",
    turned=("name", "role"),
)
_PUBLIC = Field("public", Flag(), N_("Public"), N_("true: pages of freshness and figures, for everybody to see."))
_TERMS = (
    Field("branch", TEXT, N_("Branch"), N_("One part of the organization, such as 支部, 分馆 or chapter.")),
    Field("branches", TEXT, N_("All branches"), N_("All parts, such as 全部分馆 or chapters; default: from “branch”.")),
    Field("committee", TEXT, N_("Committee"), N_("Those who lead a part, such as 支部委员会 or board.")),
    Field("members", TEXT, N_("Members"), N_("Those who belong to a part, such as 党员, 会员 or members.")),
)
TERMS = Fields(
    (
        *_TERMS,
        Field(
            "zh", Fields(_TERMS), N_("In Chinese"), N_("The same on Chinese pages, where the organization's are not.")
        ),
        Field(
            "en", Fields(_TERMS), N_("In English"), N_("The same on English pages, where the organization's are not.")
        ),
    ),
    short="branch",
)
DISCUSSION = Fields(
    (
        Field("question", DESCRIPTION, N_("Question"), N_("The question to be discussed.")),
        Field("opens", Date(), N_("Opens"), N_("First day of the discussion.")),
        Field("closes", Date(), N_("Closes"), N_("Last day of the discussion.")),
    ),
    short="question",
)

EDITING = Fields(
    (
        Field(
            "host",
            OneOf(("github", "gitlab", "gitea", "forgejo")),
            N_("Git host"),
            N_(
                "The program that the repository is kept with: github, gitlab, gitea or forgejo; none for branchpress edit."
            ),
        ),
        Field(
            "repo",
            Pattern(r"\w[\w.-]*(?:/\w[\w.-]*)+", N_("a repository like party/sites")),
            N_("Repository"),
            N_("Owner and name of the repository, as in its address: party/sites."),
        ),
        Field(
            "branch",
            Pattern(r"\w[\w.-]*(?:/\w[\w.-]*)*", N_("the name of a Git branch, like main")),
            N_("Git branch"),
            N_("The Git branch from which the sites are built; default: main."),
        ),
        Field(
            "url",
            Url(host_only=True),
            N_("Address of the host"),
            N_("Address of a Git host of your own; without it github.com or gitlab.com."),
        ),
        Field(
            "app_id",
            Pattern(r"[\w.-]+", N_("the id of an application, as the Git host shows it")),
            N_("Application id"),
            N_("The id under which the forms are registered at the Git host for signing in."),
        ),
        Field(
            "review",
            Flag(),
            N_("Review"),
            N_("true: what is saved in a form is a proposal until somebody else releases it."),
        ),
    ),
)

_COMMON = (
    Field("title", TEXT, N_("Title"), N_("Title of the text; default: its first heading.")),
    Field("summary", DESCRIPTION, N_("Summary"), N_("One paragraph for lists; default: the first paragraph.")),
    Field("image", Picture(), N_("Cover picture"), N_("Path to a picture; default: the first one of the text.")),
    Field(
        "image_alt",
        DESCRIPTION,
        N_("Alternative text"),
        N_("A description of the cover picture, for those who cannot see it."),
    ),
    Field("attachments", ListOf(FILE), N_("Attachments"), N_("Files to download: paths, or file and title.")),
    Field("draft", DraftFlag(), N_("Draft"), N_("true: never published.")),
    Field("expires", Date(), N_("Expires"), N_("Last day; after that, the text is withdrawn everywhere.")),
    Field("updated", Date(), N_("Updated"), N_("Last significant change.")),
    Field(
        "aliases",
        ListOf(Text(longest=ADDRESS), split=True),
        N_("Old addresses"),
        N_("Old paths that redirect here, like /branch/old/."),
    ),
    Field("lang", Language(), N_("Language"), N_("Language of the text; default: the branch's.")),
    Field("slug", OwnSlug(), N_("Slug"), N_("Last part of the address; default: from the file's name.")),
)
_ENTRY = (
    *_COMMON,
    Field("date", Date(), N_("Date"), N_("Publication date; default: the date at the beginning of the file name.")),
    Field("author", Names(), N_("Author"), N_("The author's name, or a list of names.")),
    Field("source", CREDIT, N_("Source"), N_("The source of the text: a name, or name and url.")),
    Field("tags", Words(), N_("Tags"), N_("Words by which readers can find it.")),
    Field("pinned", FlagOrDate(), N_("Pinned"), N_("true, or the last day on which it stays at the top.")),
    Field("topics", ListOf(TopicName(), split=True), N_("Topics"), N_("Special topics that it belongs to.")),
    Field(
        "share_with",
        ListOf(TEXT, split=True, most=_BRANCHES),
        N_("Share with"),
        N_("Branches that also list it, or all, ancestors or subtree."),
    ),
    Field("hub", Flag(), N_("In the hub"), N_("false: not in the lists and feeds of the hub.")),
    Field(
        "announce",
        Flag(),
        N_("Announce"),
        N_("true: feeds have it as of the day on which it first appeared, though its date is earlier."),
    ),
    Field("moved_from", Ref(), N_("Moved from"), N_("The place where it was first published: branch/section/entry.")),
    Field("id", Iri(), N_("Feed id"), N_("A fixed identifier for feeds.")),
    Field("interprets", ListOf(Ref(), split=True), N_("Interprets"), N_("The policy that it explains.")),
)
BODY = Field("body", LINES, N_("Text"), N_("The text, in Markdown, in an entry written as YAML."))
ENTRIES: Mapping[str, Fields] = {name: Fields((*_ENTRY, *kind.fields, BODY)) for name, kind in READERS.items()}
DEFAULTS = Fields(_ENTRY)
PAGE = Fields(
    (
        *_COMMON,
        Field("date", Date(), N_("Date"), N_("Not shown; the page is not published before this date.")),
        Field("order", Whole(-1_000_000), N_("Order"), N_("Position in the navigation.")),
        Field("for_editors", Flag(), N_("For editors"), N_("true: in no navigation and no search of readers.")),
    ),
)
TOPIC = Fields(
    (
        *(field for field in _COMMON if field.key not in ("aliases", "attachments", "updated")),
        Field("date", Date(), N_("Date"), N_("Not shown; the page is not published before this date.")),
        Field("closed", Date(), N_("Closed"), N_("Last day of the topic.")),
        Field(
            "discussion", DISCUSSION, N_("Discussion"), N_("The question on which opinions are invited, and the dates.")
        ),
    ),
)
BRANCH = Fields(
    (
        Field("name", TEXT, N_("Name"), N_("Full name of the branch."), required=True),
        Field("short_name", TEXT, N_("Short name"), N_("Short name, for use where there is little space.")),
        Field("name_en", TEXT, N_("English name"), N_("Short name in English, for pages in English.")),
        Field(
            "parent",
            SlugText(),
            N_("Parent"),
            N_("Folder name of the parent branch; without it, the branch is directly under the organization."),
        ),
        Field("description", DESCRIPTION, N_("Description"), N_("One sentence about the branch.")),
        Field("contact", CONTACT, N_("Contact"), N_("Contact details of the branch.")),
        Field(
            "ways",
            WAYS,
            N_("Ways to take part"),
            N_("How readers write to us; default: by mail to the contact's address."),
        ),
        Field("committee", ListOf(MEMBER, most=_PEOPLE), N_("Committee"), N_("The people who lead the branch.")),
        Field("members", Whole(1), N_("Number of members"), N_("How many people belong to the branch.")),
        Field("url", Url(host_only=True), N_("Own address"), N_("Only if the branch is served at its own address.")),
        Field("language", Language(), N_("Language"), N_("Language of the pages: zh or en.")),
        Field(
            "translations",
            MapOf(Language(), SlugText(), most=_LANGUAGES),
            N_("Translations"),
            N_(
                "Folders of the branches that are this one in other languages, by language: the sites lead to each other."
            ),
        ),
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
                    Field("add", MapOf(SlugText(), SECTION), N_("Add"), N_("Sections that only this branch has.")),
                    Field("order", ListOf(SlugText(), split=True), N_("Order"), N_("Sections that come first.")),
                )
            ),
            N_("Sections"),
            N_("Changes to the organization's sections."),
        ),
        Field(
            "defaults",
            DEFAULTS,
            N_("Defaults"),
            N_("Default front matter for all entries."),
        ),
        Field(
            "owners", ListOf(TEXT, split=True, most=_PEOPLE), N_("Owners"), N_("The people who may change this folder.")
        ),
        Field(
            "accept",
            AllOr(("all", "none"), SlugText(), most=_BRANCHES),
            N_("Accept"),
            N_("Branches whose shared entries are listed."),
        ),
        Field(
            "refuse", ListOf(Ref(), split=True, most=_BRANCHES), N_("Refuse"), N_("Shared entries that are not listed.")
        ),
        Field(
            "place",
            MapOf(Ref(), SlugText(), most=_BRANCHES),
            N_("Place"),
            N_("The section in which a shared entry is listed."),
        ),
        Field("order", Whole(-1_000_000), N_("Order"), N_("Position among its sibling branches.")),
        Field(
            "status",
            OneOf(("active", "closed"), {"正常": "active", "已撤销": "closed", "撤销": "closed"}),
            N_("Status"),
            N_("closed: still readable, and marked as closed."),
        ),
        Field("closed", Date(), N_("Closed"), N_("The date on which the branch was closed.")),
        Field(
            "formerly",
            _FORMER,
            N_("Formerly"),
            N_("Earlier names of the branch's folder, the first one first: their addresses and feeds go on."),
        ),
    ),
)
_BY_OWNERS = ("name", "short_name", "name_en", "description", "contact", "committee", "members", "accent")
BRANCH_PROFILE = Fields(tuple(field for field in BRANCH.fields if field.key in _BY_OWNERS))
"""The part of branch.yml that a branch's owners write in a form: what readers see of the branch itself."""
ORGANIZATION = Fields(
    (
        Field(
            "format",
            Whole(1, 1000),
            N_("Format"),
            N_("Version of the content format, for upgrades of the program; default: 1."),
        ),
        Field("name", TEXT, N_("Name"), N_("Name of the organization."), required=True),
        Field("short_name", TEXT, N_("Short name"), N_("Short name, for use where there is little space.")),
        Field("name_en", TEXT, N_("English name"), N_("Short name in English, for pages in English.")),
        Field(
            "url",
            Url(host_only=True),
            N_("Address"),
            N_("The address at which the sites are published."),
            required=True,
        ),
        Field("id", Authority(), N_("Feed authority"), N_("The host name used in feed ids; never change it.")),
        Field("language", Language(("zh", "en")), N_("Language"), N_("Language of pages and messages: zh or en.")),
        Field("timezone", Zone(), N_("Time zone"), N_("Used for every date that does not name one.")),
        Field("description", DESCRIPTION, N_("Description"), N_("One sentence about the organization.")),
        Field("contact", CONTACT, N_("Contact"), N_("Contact details of the organization.")),
        Field(
            "ways",
            WAYS,
            N_("Ways to take part"),
            N_("How readers write to us; default: by mail to the contact's address."),
        ),
        Field("terms", TERMS, N_("Terms"), N_("What the organization calls its parts, on all pages.")),
        Field("logo", FilePath(), N_("Logo"), N_("Path to a picture under content/.")),
        Field("site_id", SiteCode(), N_("Site code"), N_("SiteIDCode of the official label set.")),
        Field(
            "edit_url",
            Url(),
            N_("Edit address"),
            N_("Address for editing source files; the file's path is added to it."),
        ),
        Field(
            "sections", MapOf(SlugText(), SECTION), N_("Sections"), N_("The sections that every branch has, in order.")
        ),
        Field(
            "feeds",
            Fields(
                (
                    Field("items", Whole(1, 1000), N_("Items"), N_("The number of entries in a feed.")),
                    Field("full_text", Flag(), N_("Full text"), N_("false: feeds contain only summaries.")),
                    Field("websub", ListOf(Url()), N_("WebSub hubs"), N_("Hubs that are notified of changes.")),
                    Field(
                        "mail",
                        Url(),
                        N_("E-mail service"),
                        N_(
                            "Address of a page of yours where readers subscribe by e-mail; the subscribe page leads there."
                        ),
                    ),
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
                        N_("sanitize: unsafe HTML is removed from texts; allow: all HTML is kept."),
                    ),
                    Field(
                        "frames_from",
                        ListOf(HostName(), split=True),
                        N_("Frames from"),
                        N_("Hosts from which frames may be embedded."),
                    ),
                )
            ),
            N_("Markdown"),
        ),
        Field(
            "limits",
            Fields(
                (
                    Field("page_bytes", Size(), N_("Page size"), N_("Maximum size of a text file.")),
                    Field(
                        "image_bytes",
                        Size(),
                        N_("Picture size"),
                        N_("Maximum size of a published picture; larger photographs are reduced automatically."),
                    ),
                    Field(
                        "file_bytes",
                        Size(),
                        N_("File size"),
                        N_("Maximum size of an attachment, a recording or the original of a picture."),
                    ),
                    Field("branch_pages", Whole(1), N_("Pages"), N_("Maximum number of text files in a branch.")),
                    Field("branch_seconds", Whole(1), N_("Seconds"), N_("Maximum build time of a branch.")),
                    Field("worker_memory", Size(), N_("Memory"), N_("Maximum memory of a worker process.")),
                )
            ),
            N_("Limits"),
        ),
        Field(
            "redirects",
            MapOf(OldPath(), Text(longest=ADDRESS), most=_REDIRECTS),
            N_("Redirects"),
            N_("Old addresses outside the branches' folders."),
        ),
        Field(
            "holidays",
            ListOf(Days(), split=True, most=_BRANCHES),
            N_("Holidays"),
            N_("Days that are not working days."),
        ),
        Field(
            "health",
            Fields((_PUBLIC,)),
            N_("Health"),
        ),
        Field("audit", AUDIT, N_("Audit"), N_("Profile and thresholds.")),
        Field(
            "admins",
            ListOf(TEXT, split=True, most=_PEOPLE),
            N_("Administrators"),
            N_("The people who may change what belongs to no branch, and name the owners of branches."),
        ),
        Field(
            "owners_inherit",
            Flag(),
            N_("Owners of the parent"),
            N_("true: the owners of a branch may also change the branches below it."),
        ),
        Field("editing", EDITING, N_("Editing"), N_("The Git host on which people edit with forms in the browser.")),
    ),
)

KINDS: Mapping[str, Fields] = {"organization": ORGANIZATION, "branch": BRANCH, "topic": TOPIC, "page": PAGE, **ENTRIES}
