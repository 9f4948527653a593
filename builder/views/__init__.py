"""The pages nobody wrote, and those somebody did: from what is live to pages with data. Pure.

:func:`branch_pages` and :func:`hub_pages` derive every page of a site. What a template shows is in a page's ``meta``, so
the bytes of ``meta`` say whether the page has changed.
"""

from builder.views.branch import branch_pages
from builder.views.common import ROOT, Context, Written
from builder.views.feed_items import own_items
from builder.views.feeds import FeedDocument, foreign_feeds
from builder.views.frame import site_extra, site_nav
from builder.views.health import health_rows
from builder.views.hub import hub_pages

__all__ = [
    "ROOT",
    "Context",
    "FeedDocument",
    "Written",
    "branch_pages",
    "foreign_feeds",
    "health_rows",
    "hub_pages",
    "own_items",
    "site_extra",
    "site_nav",
]
