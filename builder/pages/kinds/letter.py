"""The pages of a letter: the question, and the time that the reply took. The entry's text is the reply."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from builder.catalogue.catalogue import LiveEntry
from builder.messages.date_texts import iso, moment_text
from builder.messages.translation import N_, Translator
from builder.model import kinds as model
from builder.pages import data_types
from builder.pages.context import Context
from builder.pages.kinds.kind_pages import KindPages
from builder.pages.page_data.parts import Part


class LetterFacts(Part, frozen=True, kw_only=True, rename={"sender": "from"}):
    """The facts about a letter; ``days`` is how many days the reply took."""

    question: str
    received_text: str
    replied_text: str = ""
    days: str = ""
    sender: str = ""


class LetterCard(Part, frozen=True, kw_only=True):
    """The data that only a letter has."""

    letter: LetterFacts | None = None


class Letter(data_types.Data, frozen=True, kw_only=True, rename={"sender": "from"}):
    """The fields that only a letter has; the reply is the entry's page."""

    question: str
    received: data_types.Moment
    replied: data_types.Moment = ""
    sender: str = ""


class LetterPages(KindPages[model.Letter]):
    """Letters, as readers see them."""

    column_type = N_("Letters and replies")
    card_type = LetterCard
    data_key = "letter"
    data_type = Letter

    def card(self, ctx: Context, live: LiveEntry, kind: model.Letter) -> Part:
        """Return its facts."""
        days = _days(kind)
        facts = LetterFacts(
            question=kind.question,
            received_text=moment_text(kind.received, ctx.language),
            replied_text=moment_text(kind.replied, ctx.language),
            days="" if days is None else str(days),
            sender=kind.sender,
        )
        return LetterCard(letter=facts)

    def data(self, ctx: Context, kind: model.Letter, file: Callable[[str], str]) -> Letter:
        """Return its facts."""
        return Letter(
            question=kind.question, received=iso(kind.received), replied=iso(kind.replied), sender=kind.sender
        )

    def feed_opening(self, text: Translator, kind: model.Letter, file: Callable[[str], str]) -> str:
        """Return the question, before the reply."""
        sent = ", ".join(part for part in (kind.sender, moment_text(kind.received, text.language)) if part)
        question = escape(kind.question.strip(), quote=False).replace("\n", "<br>")
        replied = ", ".join(
            part for part in (moment_text(kind.replied, text.language), _reply_time(text, kind)) if part
        )
        heads = [
            f"{text.gettext(N_('Question'))} ({sent})",
            text.gettext(N_("Reply")) + (f" ({replied})" if replied else ""),
        ]
        first, second = (f"<p><strong>{escape(head, quote=False)}</strong></p>" for head in heads)
        return f"{first}\n<blockquote><p>{question}</p></blockquote>\n{second}"

    def said(self, kind: model.Letter) -> str:
        """Return the question."""
        return kind.question

    def keywords(self, kind: model.Letter) -> Iterator[str]:
        """Return who wrote."""
        yield kind.sender


def _days(kind: model.Letter) -> int | None:
    """Returns how many days the reply took; None if there is none, or its date is before the letter's."""
    days = (kind.replied.at.date() - kind.received.at.date()).days if kind.replied else -1
    return days if days >= 0 else None


def _reply_time(text: Translator, kind: model.Letter) -> str:
    days = _days(kind)
    if days is None:
        return ""
    if days == 0:
        return text.gettext(N_("answered the same day"))
    return (
        text.gettext(N_("answered in one day"))
        if days == 1
        else text.gettext("answered in {days} days", days=str(days))
    )


PAGES = LetterPages()
