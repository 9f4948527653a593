"""The pages of a notice: the period of a public one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import tzinfo

from builder.catalogue.catalogue import LiveEntry
from builder.messages.date_texts import iso, moment_text
from builder.messages.translation import N_, Translator
from builder.model.kinds import Notice
from builder.pages import data_types
from builder.pages.context import Context
from builder.pages.kinds.kind_pages import KindPages
from builder.pages.page_data.parts import FeedFact, Part


class Running(Part, frozen=True, kw_only=True):
    """The end of a public notice that runs; ``until`` is the first instant after it."""

    to: str
    to_text: str
    until: str


class NoticeCard(Part, frozen=True, kw_only=True):
    """The data that only a notice has: its period, and its state."""

    running: Running | None = None
    over: bool = False
    period_text: str = ""


class Period(data_types.Data, frozen=True, kw_only=True, rename={"start": "from"}):
    """The period of a public notice."""

    start: data_types.Moment = ""
    to: data_types.Moment = ""


class NoticePages(KindPages[Notice]):
    """Notices, as readers see them."""

    column_type = N_("Notices")
    card_type = NoticeCard
    data_key = "period"
    data_type = Period

    def card(self, ctx: Context, live: LiveEntry, kind: Notice) -> Part:
        """Return the state of its period."""
        if kind.period is None or kind.period.to is None:
            return NoticeCard(period_text=_period_text(ctx.text, kind))
        to = kind.period.to
        running = Running(to=iso(to), to_text=moment_text(to, ctx.language), until=to.end.isoformat())
        over = to.over(ctx.now)
        return NoticeCard(running=None if over else running, over=over, period_text=_period_text(ctx.text, kind))

    def feed_facts(self, text: Translator, zone: tzinfo, kind: Notice) -> Iterator[FeedFact]:
        """Return its period."""
        yield FeedFact(label=N_("Period"), text=_period_text(text, kind))

    def data(self, ctx: Context, kind: Notice, file: Callable[[str], str]) -> Period | None:
        """Return its period."""
        return Period(start=iso(kind.period.start), to=iso(kind.period.to)) if kind.period is not None else None


def _period_text(text: Translator, kind: Notice) -> str:
    if kind.period is None:
        return ""
    start, to = moment_text(kind.period.start, text.language), moment_text(kind.period.to, text.language)
    if start and to:
        return text.gettext("{start} to {end}", start=start, end=to)
    return text.gettext("until {end}", end=to) if to else text.gettext("from {start}", start=start)


PAGES = NoticePages()
