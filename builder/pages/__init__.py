"""All pages of a site, derived from the live documents: written pages and generated ones. Pure.

:func:`branch_pages` and :func:`hub_pages` derive every page of a site. Everything that a template shows is in a
page's ``meta``, so the bytes of ``meta`` say whether the page has changed.
"""

from builder.pages.branch import branch_pages, edited_pages
from builder.pages.context import Context, Known, RenderedBody
from builder.pages.feed_items import own_items
from builder.pages.feed_lists import FeedDocument, foreign_feeds, told_changes
from builder.pages.frame import site_extra, site_nav
from builder.pages.health import health_rows
from builder.pages.hub import hub_pages
from builder.pages.notices import plain_page, plain_withdrawn_page
from builder.pages.server_files import server_facts

__all__ = [
    "Context",
    "FeedDocument",
    "Known",
    "RenderedBody",
    "branch_pages",
    "edited_pages",
    "foreign_feeds",
    "health_rows",
    "hub_pages",
    "own_items",
    "plain_page",
    "plain_withdrawn_page",
    "server_facts",
    "site_extra",
    "site_nav",
    "told_changes",
]
