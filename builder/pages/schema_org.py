"""Structured data of pages for search engines, in the schema.org vocabulary. Pure.

The ``@id`` of an organization is its home page's address.
"""

from __future__ import annotations

from collections.abc import Mapping

from builder.catalogue.catalogue import LiveEntry, path_of
from builder.model.media_types import extension
from builder.model.values import Contact, Entry, Page, Section
from builder.pages.context import Context, undated
from builder.pages.kinds import PAGES
from builder.pages.kinds.kind_pages import JsonLd


def column_labels(ctx: Context, section: Section) -> Mapping[str, str]:
    """Returns the labels of a section's page that Chinese public sites have (General Office of the State Council,
    Guidelines for the Development of Government Websites, 2017, annex 2)."""
    return {
        "ColumnName": section.title,
        "ColumnType": ctx.text.gettext(PAGES[section.type].column_type),
        "ColumnDescription": section.description or f"{ctx.title} · {section.title}",
        "ColumnKeywords": f"{section.title},{ctx.title}",
    }


def entry_node(ctx: Context, live: LiveEntry, section: str) -> JsonLd:
    """Returns an entry as its kind is in that vocabulary, or as ``NewsArticle``; ``section`` is the title of its section."""
    entry = live.entry
    branch = ctx.catalogue.branches[entry.branch]
    node: JsonLd = {
        "@id": (address := ctx.addresses.absolute(path_of(entry))),
        "url": address,
        "description": entry.summary,
        "inLanguage": entry.lang or ctx.language,
        "image": _picture(ctx, live),
        "keywords": list(entry.tags),
    }
    home = ctx.addresses.absolute(f"/{entry.branch}/")
    owner = {"@type": "Organization", "@id": home, "name": branch.name, "url": home}
    own = PAGES[entry.type].json_ld(ctx, entry, entry.kind, owner)
    if own is not None:
        return node | own
    if undated(ctx, entry):
        return node | {"@type": "WebPage", "name": entry.title, "publisher": owner}
    return node | {
        "@type": "NewsArticle",
        "headline": entry.title,
        "mainEntityOfPage": address,
        "articleSection": section,
        "datePublished": entry.date.isoformat(),
        "dateModified": (entry.updated or entry.date).isoformat(),
        "author": _authors(entry) or owner,
        "publisher": owner,
    }


def page_node(ctx: Context, page: Page) -> JsonLd:
    """Returns an undated page as ``WebPage``."""
    home = ctx.addresses.absolute(ctx.home)
    name = ctx.branch.name if ctx.branch else ctx.organization.name
    address = ctx.addresses.absolute(path_of(page))
    return {
        "@type": "WebPage",
        "@id": address,
        "url": address,
        "name": page.title,
        "description": page.summary,
        "inLanguage": page.lang or ctx.language,
        "dateModified": page.updated.isoformat() if page.updated else "",
        "isPartOf": {"@id": f"{home}#site"},
        "publisher": {"@type": "Organization", "@id": home, "name": name, "url": home},
    }


def _authors(entry: Entry) -> JsonLd | list[JsonLd]:
    people: list[JsonLd] = [{"@type": "Person", "name": name} for name in entry.authors]
    return people[0] if len(people) == 1 else people


def home_nodes(ctx: Context) -> tuple[JsonLd, ...]:
    """Returns a home page's ``WebSite`` and its ``Organization``."""
    organization, branch = ctx.organization, ctx.branch
    home = ctx.addresses.absolute(ctx.home)
    hub = ctx.addresses.absolute("/")
    who: JsonLd = {
        "@type": "Organization",
        "@id": home,
        "url": home,
        "name": branch.name if branch else organization.name,
        "description": branch.description if branch else organization.description,
        **_contact(branch.contact if branch else organization.contact),
    }
    if branch is None:
        logo = ctx.addresses.mark(ctx.home, organization, "card")
        if logo:
            who["logo"] = ctx.addresses.absolute(logo)
    else:
        parent = ctx.catalogue.parent(branch)
        above = ctx.addresses.absolute(f"/{parent}/") if parent else hub
        who["parentOrganization"] = {"@type": "Organization", "@id": above}
    site: JsonLd = {
        "@type": "WebSite",
        "@id": f"{home}#site",
        "url": home,
        "name": branch.title if branch else organization.short_name or organization.name,
        "inLanguage": ctx.language,
        "publisher": {"@id": home},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{home}search/?q={{search_term_string}}"},
            "query-input": "required name=search_term_string",
        },
    }
    return who, site


def _contact(contact: Contact | None) -> JsonLd:
    if contact is None:
        return {}
    return {"email": contact.email, "telephone": contact.phone, "address": contact.address}


def _picture(ctx: Context, live: LiveEntry) -> str:
    """Returns the address of an entry's picture, or of the logo: no search engine takes SVG for a picture."""
    path = ctx.published(live.picture) if live.picture in ctx.sizes else ""
    if not path or extension(path) == "svg":
        path = ctx.addresses.mark(ctx.home, ctx.organization, "card")
    return ctx.addresses.absolute(path) if path else ""
