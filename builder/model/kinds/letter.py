"""Letters to the organization, with their replies."""

from __future__ import annotations

from typing import ClassVar

from builder.model.dates import Moment
from builder.model.kinds.kind import Kind


class Letter(Kind, frozen=True):
    """The part of an entry that only a letter has; ``replied`` is None while it waits, or when only the reply's text is
    there.
    """

    gets_replies: ClassVar[bool] = True
    is_news: ClassVar[bool] = False
    needs_summary: ClassVar[bool] = False

    question: str
    received: Moment
    replied: Moment | None = None
    sender: str = ""
    answered: bool = False

    @property
    def waiting(self) -> bool:
        """True without a reply: it is counted, never published."""
        return not self.answered
