"""The rows of lists of other things than entries: branches, topics, sections, members, months, dues."""

from __future__ import annotations

from builder.pages.page_data.item import Item
from builder.pages.page_data.parts import ContactLines, FeedLink, Link, MonthTable, Part, Picture, SectionLink


class Month(Part, frozen=True, kw_only=True):
    """The entries of a month; of events, with the month as a table. ``anchor`` is its id on the page."""

    title: str
    anchor: str = ""
    grid: MonthTable | None = None
    entries: tuple[Item, ...]


class EventDay(Part, frozen=True, kw_only=True):
    """The events that begin on a day; ``anchor`` is its id on the page."""

    title: str
    anchor: str
    entries: tuple[Item, ...]


class SectionBlock(Part, frozen=True, kw_only=True):
    """A section and its first entries."""

    section: SectionLink
    entries: tuple[Item, ...] = ()


class SectionGroup(SectionLink, frozen=True, kw_only=True):
    """A section and some of its entries; ``count`` is the number of all."""

    count: int = 0
    entries: tuple[Item, ...] = ()


class TopicRow(Link, frozen=True, kw_only=True):
    """A topic in a list; ``count`` is the number of its entries."""

    summary: str = ""
    image: Picture | None = None
    closed: bool = False
    count: int = 0
    entries: tuple[Item, ...] = ()


class Discussion(Part, frozen=True, kw_only=True):
    """The discussion of a topic; ``open`` while it goes on."""

    question: str = ""
    opens_text: str = ""
    closes_text: str = ""
    open: bool = False


class About(Part, frozen=True, kw_only=True):
    """The opening of the page about the branch, and its address."""

    text: str
    url: str
    lang: str = ""


class Member(Part, frozen=True, kw_only=True):
    """A member of the committee."""

    name: str
    role: str = ""
    since: str = ""
    photo: str = ""


class More(Part, frozen=True, kw_only=True):
    """The whole lists behind the short ones of a home page, by address."""

    notice: str = ""
    event: str = ""
    letter: str = ""
    voice: str = ""
    branches: str = ""
    topic: str = ""


class Child(Link, frozen=True, kw_only=True):
    """A branch directly below the one whose home page it is."""

    date_text: str = ""
    status: str = ""


class BranchRow(Link, frozen=True, kw_only=True):
    """A branch in the tree, with those below it; ``last`` is its newest entry."""

    name: str
    description: str = ""
    status: str = ""
    contact: ContactLines | None = None
    members: int = 0
    count: int = 0
    last: Item | None = None
    all_url: str = ""
    children: tuple[BranchRow, ...] = ()


class FeedRow(Link, frozen=True, kw_only=True):
    """A list that can be subscribed to, in each format; ``anchor`` is its id on the page."""

    formats: tuple[FeedLink, ...] = ()
    anchor: str = ""


class FeedGroup(Part, frozen=True, kw_only=True):
    """Lists that can be subscribed to, under a title."""

    title: str
    url: str
    feeds: tuple[FeedRow, ...] = ()


class SearchChoice(Part, frozen=True, kw_only=True):
    """A branch or a section to search in; ``depth`` is its depth in the tree, ``url`` the branch's own search page if that is
    on another host."""

    slug: str
    title: str
    depth: int = 0
    url: str = ""


class Spark(Part, frozen=True, kw_only=True):
    """Two years of publications: the path of an SVG of 96 by 20, the same in words, the number."""

    path: str = ""
    text: str
    total: int


class SectionHealth(Part, frozen=True, kw_only=True):
    """A section: its last publication, and when the next is due."""

    title: str
    last_text: str = ""
    due_text: str = ""
    left_text: str = ""
    state: str
    state_text: str


class DueRow(Part, frozen=True, kw_only=True):
    """A task of a branch's editors."""

    text: str
    date: str
    date_text: str
    left_text: str
    over: bool = False


class FiguresRow(Link, frozen=True, kw_only=True):
    """The figures of a branch, or of all, in a year; ``before`` are the entries of the year before."""

    title: str = ""
    depth: int = 0
    entries: int
    before: int = 0
    replies: int
    mean: str = ""
    policies: int
    interpreted: int
    interpretations: int


class FiguresGroup(Part, frozen=True, kw_only=True):
    """The figures of a branch and those below it."""

    title: str
    lang: str = ""
    entries: int
    rows: tuple[FiguresRow, ...] = ()


class SectionFigures(SectionLink, frozen=True, kw_only=True):
    """A section, and how many entries it got in a year and in the one before."""

    count: int
    before: int = 0


class MonthBar(Part, frozen=True, kw_only=True):
    """The entries of a month and of the same month a year before; ``x`` and ``y`` are the place of its number in the chart."""

    title: str
    count: int
    before: int
    x: int
    y: int


class HealthRow(Link, frozen=True, kw_only=True):
    """A branch in the table of freshness. ``rank`` and ``left`` are for sorting: the worse, and the sooner due."""

    own_url: str
    depth: int
    state: str
    rank: int
    state_text: str
    gaps_text: str = ""
    last: str = ""
    last_text: str = ""
    section: str = ""
    left: int | None = None
    left_text: str = ""
    waiting: int = 0
    spark: Spark | None = None


class HealthGroup(Part, frozen=True, kw_only=True):
    """The freshness of a branch and those below it; ``late_text`` says how many are overdue."""

    title: str
    lang: str = ""
    count: int
    late_text: str = ""
    rows: tuple[HealthRow, ...] = ()
