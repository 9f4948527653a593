"""The pages: for each template the data that it reads as ``page.meta``."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from builder.model.kinds import KINDS
from builder.pages.page_data.item import Item, with_cards
from builder.pages.page_data.parts import (
    Attachment,
    Choice,
    Choices,
    Code,
    ContactLines,
    Fact,
    FeedLink,
    Link,
    MonthTable,
    PageData,
    Pager,
    Picture,
    Quarter,
    SectionLink,
    TagCount,
    TakePart,
    Unit,
)
from builder.pages.page_data.rows import (
    About,
    BranchRow,
    Child,
    Discussion,
    DueRow,
    EventDay,
    FeedGroup,
    FiguresGroup,
    FiguresRow,
    HealthGroup,
    HealthRow,
    Member,
    Month,
    MonthBar,
    More,
    SearchChoice,
    SectionBlock,
    SectionFigures,
    SectionGroup,
    SectionHealth,
    Spark,
    TopicRow,
)


class BaseEntryPage(PageData, frozen=True, kw_only=True):
    """The page of an entry. The members of every kind's card come beside these: ``event`` is there for events alone, and so
    on; ``facts`` are those of a kind that the template does not know. ``calendar_url`` is the calendar of one event alone."""

    TEMPLATE: ClassVar[str] = "entry.html"

    type: str
    section: SectionLink
    date: str = ""
    date_text: str = ""
    summary: str = ""
    pinned: bool = False
    mark: str = ""
    image: Picture | None = None
    tags: tuple[Link, ...] = ()
    author: str = ""
    source: Link | None = None
    cover: Picture | None = None
    attachments: tuple[Attachment, ...] = ()
    newer: Item | None = None
    older: Item | None = None
    updated: str = ""
    updated_text: str = ""
    expires: str = ""
    interprets: tuple[Item, ...] = ()
    interpretations: tuple[Item, ...] = ()
    replaces: tuple[Item, ...] = ()
    replaced_by: tuple[Item, ...] = ()
    topics: tuple[Link, ...] = ()
    related: tuple[Item, ...] = ()
    facts: tuple[Fact, ...] = ()
    calendar_url: str = ""
    correction: TakePart | None = None
    write: TakePart | None = None


if TYPE_CHECKING:
    EntryPage = BaseEntryPage
else:
    EntryPage = with_cards(BaseEntryPage, "EntryPage", [name for name, kind in KINDS.items() if kind.has_page])


class UndatedPage(PageData, frozen=True, kw_only=True):
    """An undated page of a branch, or of the hub."""

    TEMPLATE: ClassVar[str] = "page.html"

    mark: str = ""
    attachments: tuple[Attachment, ...] = ()
    updated_text: str = ""
    correction: TakePart | None = None


class Home(PageData, frozen=True, kw_only=True):
    """The data of all home pages. ``running`` are the public notices whose period has not ended, ``soon`` the events of the next
    days and ``events`` those after, ``more`` the whole lists."""

    latest: tuple[Item, ...] = ()
    notices: tuple[Item, ...] = ()
    running: tuple[Item, ...] = ()
    soon: tuple[Item, ...] = ()
    events: tuple[Item, ...] = ()
    voices: tuple[Item, ...] = ()
    letters: tuple[Item, ...] = ()
    topics: tuple[TopicRow, ...] = ()
    about: About | None = None
    more: More = More()
    contact: ContactLines | None = None
    write: TakePart | None = None


class BranchHome(Home, frozen=True, kw_only=True):
    """The home page of a branch; ``elsewhere`` are its lists that no section has."""

    TEMPLATE: ClassVar[str] = "home.html"

    news_sections: tuple[SectionBlock, ...] = ()
    committee: tuple[Member, ...] = ()
    members: int = 0
    children: tuple[Child, ...] = ()
    from_branches: tuple[Item, ...] = ()
    elsewhere: tuple[Link, ...] = ()
    health_url: str = ""


class HubHome(Home, frozen=True, kw_only=True):
    """The home page of the hub."""

    TEMPLATE: ClassVar[str] = "hub-home.html"

    sections: tuple[SectionBlock, ...] = ()
    filters: tuple[Choices, ...] = ()
    tree: tuple[Unit, ...] = ()
    many: bool = False


class SectionPage(PageData, frozen=True, kw_only=True):
    """A page of a section's list. Of what takes place, ``entries`` are those to come, ``past`` the others."""

    TEMPLATE: ClassVar[str] = "section.html"

    section: SectionLink
    type: str
    dated: bool = True
    entries: tuple[Item, ...] = ()
    past: tuple[Item, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    years: tuple[Choice, ...] = ()
    pages: Pager | None = None
    filters: tuple[Choices, ...] = ()
    grids: tuple[MonthTable, ...] = ()
    statistics: tuple[Quarter, ...] = ()
    waiting: int = 0
    write: TakePart | None = None


class ArchivePage(PageData, frozen=True, kw_only=True):
    """A year of a section; its months are ``folded`` where they have many entries."""

    TEMPLATE: ClassVar[str] = "archive.html"

    section: SectionLink
    type: str
    dated: bool = True
    feeds: tuple[FeedLink, ...] = ()
    year: str = ""
    years: tuple[Choice, ...] = ()
    months: tuple[Month, ...] = ()
    folded: bool = False


class ListPage(PageData, frozen=True, kw_only=True):
    """A page of a list that is no section's: shared entries, everything of a branch and those below it."""

    TEMPLATE: ClassVar[str] = "list.html"

    lead: str = ""
    entries: tuple[Item, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    pages: Pager | None = None
    grids: tuple[MonthTable, ...] = ()
    coming: tuple[Item, ...] = ()
    coming_days: tuple[EventDay, ...] = ()
    search_url: str = ""
    sections: tuple[SectionGroup, ...] = ()


class TagPage(PageData, frozen=True, kw_only=True):
    """A page of the entries with a tag."""

    TEMPLATE: ClassVar[str] = "tag.html"

    tag: str
    entries: tuple[Item, ...] = ()
    pages: Pager | None = None


class TagsPage(PageData, frozen=True, kw_only=True):
    """All tags: of many, those used most, and the ``others``."""

    TEMPLATE: ClassVar[str] = "tags.html"

    tags: tuple[TagCount, ...] = ()
    others: tuple[TagCount, ...] = ()


class TopicPage(PageData, frozen=True, kw_only=True):
    """A special topic: its contributions by time, those without a date by section; ``late`` is what came after its discussion
    had closed, and the months of a long timeline are ``folded``."""

    TEMPLATE: ClassVar[str] = "topic.html"

    lead: str = ""
    image: Picture | None = None
    feeds: tuple[FeedLink, ...] = ()
    closed: bool = False
    sections: tuple[SectionGroup, ...] = ()
    discussion: Discussion | None = None
    late: tuple[Item, ...] = ()
    timeline: tuple[Month, ...] = ()
    folded: bool = False
    join: TakePart | None = None


class TopicsPage(PageData, frozen=True, kw_only=True):
    """All special topics; of many, the last ones are ``others``."""

    TEMPLATE: ClassVar[str] = "topics.html"

    topics: tuple[TopicRow, ...] = ()
    others: tuple[TopicRow, ...] = ()


class EventsPage(PageData, frozen=True, kw_only=True):
    """The events of all branches, or those of a month. ``months`` are those near the one that is shown, ``years`` lead to
    the others; many events are by day: ``coming_days`` and ``past_days``."""

    TEMPLATE: ClassVar[str] = "events.html"

    calendar_url: str
    lead: str = ""
    filters: tuple[Choices, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    coming: tuple[Item, ...] = ()
    past: tuple[Item, ...] = ()
    coming_days: tuple[EventDay, ...] = ()
    past_days: tuple[EventDay, ...] = ()
    months: tuple[Choice, ...] = ()
    years: tuple[Choice, ...] = ()
    grids: tuple[MonthTable, ...] = ()


class LettersPage(PageData, frozen=True, kw_only=True):
    """The letters to all branches; ``waiting`` have no reply yet."""

    TEMPLATE: ClassVar[str] = "letters.html"

    lead: str = ""
    filters: tuple[Choices, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    entries: tuple[Item, ...] = ()
    pages: Pager | None = None
    waiting: int = 0
    statistics: tuple[Quarter, ...] = ()
    write: TakePart | None = None


class TreePage(PageData, frozen=True, kw_only=True):
    """All branches: of a few, everything about each; of many, ``units`` to choose from."""

    TEMPLATE: ClassVar[str] = "tree.html"

    branches: tuple[BranchRow, ...] = ()
    units: tuple[Unit, ...] = ()


class SubscribePage(PageData, frozen=True, kw_only=True):
    """The feeds and calendars of a site. ``readers`` are programs by system, ``mail`` the organization's service that sends
    what is new by e-mail; ``opml`` lists all feeds, ``opml_branches`` one of each branch."""

    TEMPLATE: ClassVar[str] = "feeds.html"

    groups: tuple[FeedGroup, ...] = ()
    branches: tuple[Unit, ...] = ()
    many: bool = False
    readers: tuple[Fact, ...] = ()
    calendars: bool = False
    mail: str = ""
    opml: str = ""
    opml_branches: str = ""
    qr: Code


class SearchPage(PageData, frozen=True, kw_only=True):
    """The search; ``index`` is the folder of the site's index. ``below`` is what to look for the branches below in, on the
    hub's search page."""

    TEMPLATE: ClassVar[str] = "search.html"

    links: tuple[Link, ...] = ()
    index: str
    branches: tuple[SearchChoice, ...] = ()
    sections: tuple[SearchChoice, ...] = ()
    years: tuple[str, ...] = ()
    hub_search: str = ""
    below: str = ""


class HealthPage(PageData, frozen=True, kw_only=True):
    """The freshness of all branches: in one table, or of many in ``groups``, one for each of the uppermost."""

    TEMPLATE: ClassVar[str] = "health.html"

    today_text: str
    rows: tuple[HealthRow, ...] = ()
    groups: tuple[HealthGroup, ...] = ()
    years: tuple[Choice, ...] = ()


class BranchHealthPage(PageData, frozen=True, kw_only=True):
    """The freshness of a branch, and what its editors have to do."""

    TEMPLATE: ClassVar[str] = "health-branch.html"

    today_text: str
    branch: Link
    state: str
    state_text: str
    gaps_text: str = ""
    dues: tuple[DueRow, ...] = ()
    sections: tuple[SectionHealth, ...] = ()
    spark: Spark | None = None
    calendar_url: str


class FiguresPage(PageData, frozen=True, kw_only=True):
    """The figures of a year, beside those of ``before``, the year before it if something was published then; ``table`` is the
    same for spreadsheets. Many branches are in ``groups``, one for each of the uppermost. ``bars`` and ``before_bars`` are
    paths of a chart of 720 by 190."""

    TEMPLATE: ClassVar[str] = "figures.html"

    years: tuple[Choice, ...] = ()
    year: str = ""
    before: str = ""
    table: str = ""
    months: tuple[MonthBar, ...] = ()
    bars: str = ""
    before_bars: str = ""
    total: FiguresRow
    sections: tuple[SectionFigures, ...] = ()
    branches: tuple[FiguresRow, ...] = ()
    groups: tuple[FiguresGroup, ...] = ()


class NotFoundPage(PageData, frozen=True, kw_only=True):
    """The page at addresses where there is none."""

    TEMPLATE: ClassVar[str] = "notfound.html"


class WithdrawnPage(PageData, frozen=True, kw_only=True):
    """The page at the address of something withdrawn: the ``reason`` as a sentence, and the list that it was in."""

    TEMPLATE: ClassVar[str] = "withdrawn.html"

    reason: str = ""
    since: str = ""
    since_text: str = ""
    home: Link | None = None


class RedirectPage(PageData, frozen=True, kw_only=True):
    """The page at an old address, which leads to the new one."""

    TEMPLATE: ClassVar[str] = "redirect.html"

    target: str
