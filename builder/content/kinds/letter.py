"""Keys of a letter: the question, and the dates on which it came and was answered. The text is the reply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from builder.content.kinds.reader import Context, KindReader
from builder.content.schema.compound import TEXT, Field
from builder.content.schema.types import LONG, Date, Text
from builder.messages.translation import N_
from builder.model.kinds import AnyKind, Letter


class LetterReader(KindReader):
    """The reader of letters."""

    title = N_("A letter")
    fields = (
        Field(
            "question",
            Text(lines=True, longest=LONG),
            N_("Question"),
            N_("The question as it was asked."),
            required=True,
        ),
        Field("received", Date(), N_("Received"), N_("The date on which the letter arrived."), required=True),
        Field("replied", Date(), N_("Replied"), N_("The date on which it was answered.")),
        Field("from", TEXT, N_("From"), N_("The name of the sender, shown as written; never an address.")),
    )
    title_key = "question"
    examples: ClassVar[Mapping[str, str]] = {"received": "{date}"}

    def read(self, values: Mapping[str, Any], context: Context) -> AnyKind:
        """Returns a letter. A reply that has a date and no text is reported."""
        body = context.body
        answered = body is not None and bool(body.text.strip() or body.links)
        if values.get("replied") is not None and not answered:
            context.report("replied", "reply-missing")
        received, replied = values["received"], values.get("replied")
        if replied is not None and replied.end < received.at:
            days = {"received": f"{received.at:%Y-%m-%d}", "replied": f"{replied.at:%Y-%m-%d}"}
            context.report("replied", "reply-before-letter", **days)
        return Letter(
            question=values["question"].strip(),
            received=received,
            replied=replied,
            sender=values.get("from", ""),
            answered=answered,
        )

    def summary_of(self, values: Mapping[str, Any]) -> str:
        """Returns the question."""
        question: str = values.get("question", "")
        return question


READER = LetterReader()
