"""The base of all kinds of entries: what only entries of a kind have, and in what the kind differs from others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, Self

import msgspec

from builder.model.dates import Moment
from builder.model.struct import Struct


class Kind(Struct, frozen=True, tag_field="type", tag=str.lower):
    """The part of an entry that only entries of its kind have. A kind is a class: its name, in lower case, is the
    ``type`` that sections and data files give, its class variables are the rules that its entries follow.
    """

    has_page: ClassVar[bool] = True
    """False: its entries have no page of their own, and are found in their section's list."""
    needs_text: ClassVar[bool] = False
    """True: without a text, a picture or a file to download there is nothing to read."""
    takes_place: ClassVar[bool] = False
    """True: its entries happen at a time of their own, by which their section's lists are sorted. It is also their date
    where none is written, and such a date schedules nothing.
    """
    gets_replies: ClassVar[bool] = False
    """True: its entries are questions; their section tells how many wait for a reply, and how long replies took."""
    is_news: ClassVar[bool] = True
    """True: home pages show its entries among the news."""
    is_duty: ClassVar[bool] = False
    """True: its sections are among those that a public site has to keep up to date."""
    needs_summary: ClassVar[bool] = True
    """True: an audit asks for a summary that somebody wrote."""
    needs_source: ClassVar[bool] = False
    """True: an audit asks for an author or a source."""

    @classmethod
    def type_name(cls) -> str:
        """Returns the ``type`` of sections that hold this kind."""
        return cls.__name__.lower()

    @classmethod
    def bare(cls, moment: Moment) -> Self:
        """Returns an instance that says nothing: of its required parts the texts are empty, the moments ``moment``."""
        required = (field for field in msgspec.structs.fields(cls) if field.required)
        return cls(**{field.name: moment if field.type is Moment else field.type() for field in required})

    @property
    def starts(self) -> Moment | None:
        """The time at which it happens, for a kind that takes place."""
        return None

    @property
    def waiting(self) -> bool:
        """True while it is counted and not published yet, because a reply is missing."""
        return False

    @property
    def replaces(self) -> tuple[str, ...]:
        """Refs of the entries that it takes the place of."""
        return ()

    @property
    def portrait(self) -> str:
        """The source path of a picture of the person that it is by."""
        return ""

    def over(self, now: datetime) -> bool:
        """Tells whether it has ended, for a kind that takes place."""
        return False

    def instants(self) -> Iterator[datetime]:
        """Returns the instants at which time alone changes how it is shown."""
        yield from ()

    def state_at(self, now: datetime) -> int:
        """Returns the part of it that time alone changes, as it is at ``now``: pages that show it depend on this."""
        return 0

    def soon(self, now: datetime) -> bool:
        """Tells whether it takes place within the next days, or does already: home pages show it above all that has time."""
        return False

    def month_at(self, now: datetime) -> tuple[int, int] | None:
        """Returns the year and the month of ``now``, for a kind that takes place, if it does so in this month."""
        return None
