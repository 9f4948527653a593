"""Keys of an article: only those that every entry has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.content.kinds.reader import Context, KindReader
from builder.messages.translation import N_
from builder.model.kinds import AnyKind, Article


class ArticleReader(KindReader):
    """The reader of articles."""

    title = N_("An article")

    def read(self, values: Mapping[str, Any], context: Context) -> AnyKind:
        """Returns an article."""
        return Article()


READER = ArticleReader()
