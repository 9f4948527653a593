"""The pages of an article: they show what every entry shows."""

from __future__ import annotations

from builder.messages.translation import N_
from builder.model.kinds import Article
from builder.pages.kinds.kind_pages import KindPages


class ArticlePages(KindPages[Article]):
    """Articles, as readers see them."""

    column_type = N_("News and articles")


PAGES = ArticlePages()
