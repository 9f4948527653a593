"""The site: what templates read as ``config.extra``, the same on every page."""

from __future__ import annotations

from collections.abc import Mapping

from builder.pages.page_data.parts import ContactLines, FeedLink, Link, Part, SectionLink


class SiteNames(Part, frozen=True, kw_only=True):
    """The site's name and state; ``kind`` is branch or hub."""

    kind: str
    title: str
    name: str
    home: str
    language: str
    description: str = ""
    status: str = ""
    closed_text: str = ""


class OrganizationNames(Part, frozen=True, kw_only=True):
    """The organization that the site belongs to."""

    name: str
    short_name: str
    home: str
    lang: str = ""
    description: str = ""
    logo: str = ""
    contact: ContactLines | None = None


class TermWords(Part, frozen=True, kw_only=True):
    """The organization's words for a branch, for all of them, for who leads one, and for who belongs to one; as a heading or a
    label begins where the name ends in ``_label``."""

    branch: str
    branches: str
    branch_label: str
    branches_label: str
    committee_label: str
    members_label: str


class SiteData(Part, frozen=True, kw_only=True):
    """The data that all pages of a site share. ``trail`` leads from the hub to the branch above, ``languages``
    are those of navigation
    titles in another language than the site's, by output file. ``assets`` and ``policy`` come with the renderer: nobody sets
    them here."""

    site: SiteNames
    organization: OrganizationNames
    terms: TermWords
    accent: str = ""
    icon: str = ""
    frames: tuple[str, ...] = ()
    trail: tuple[Link, ...] = ()
    sections: tuple[SectionLink, ...] = ()
    languages: Mapping[str, str] = {}
    contact: ContactLines | None = None
    feeds: tuple[FeedLink, ...] = ()
    labels: Mapping[str, str] = {}
    subscribe_url: str = ""
    search_url: str = ""
    tree_url: str = ""
    assets: Mapping[str, str] = {}
    policy: str = ""
