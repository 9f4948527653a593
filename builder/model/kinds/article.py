"""Articles: news and everything that is no other kind."""

from __future__ import annotations

from typing import ClassVar

from builder.model.kinds.kind import Kind


class Article(Kind, frozen=True):
    """An article has nothing of its own."""

    needs_text: ClassVar[bool] = True
    needs_source: ClassVar[bool] = True
