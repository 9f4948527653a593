"""Voices: a few words of one person, without a page of their own."""

from __future__ import annotations

from typing import ClassVar

from builder.model.kinds.kind import Kind


class Voice(Kind, frozen=True):
    """The part of an entry that only a voice has; ``portrait`` is a source path under the root."""

    has_page: ClassVar[bool] = False
    is_news: ClassVar[bool] = False
    needs_summary: ClassVar[bool] = False

    text: str
    person: str = ""
    portrait: str = ""
