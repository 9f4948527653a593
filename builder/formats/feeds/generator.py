"""The XML that feedgen builds, as raw material for the writers of RSS and Atom: the head of a feed and each of its items.

The shortcomings of feedgen 1.0.0: it uses the clock for every time that is not set, switches the process's locale for
RSS's dates, refuses whole feeds for one character or time without a zone, loses the relations of entry links, and takes
the last link for that of RSS. All of this is avoided here; the writers add what its output lacks.
"""

from __future__ import annotations

from html import escape
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from builder.formats.feeds.content import feed_html
from builder.formats.feeds.items import (
    Feed,
    FeedItem,
    Person,
    address,
    clean,
    clean_html,
    item_summary,
    item_title,
    language,
    media_type,
    people,
)

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
XML = "http://www.w3.org/XML/1998/namespace"
XHTML = "http://www.w3.org/1999/xhtml"
_HISTORY = "http://purl.org/syndication/history/1.0"
GENERATOR = "Branchpress"


class _Generator(FeedGenerator):  # type: ignore[misc]
    """feedgen without its own RSS dates: writing one switches the locale of the whole process."""

    def __init__(self) -> None:
        super().__init__()
        self._FeedGenerator__rss_lastBuildDate = None


def rss_tree(feed: Feed) -> Any:
    """Returns feedgen's RSS tree without items."""
    made, title = _generator(feed)
    page = address(feed.url)
    made.docs("https://www.rssboard.org/rss-specification")
    made.language(rss_language(feed.language))
    for person in people((feed.author,)):
        if person.email:
            made.managingEditor(f"{person.email} ({person.name})")
    if address(feed.logo):
        made.image(url=address(feed.logo), title=title, link=page)
    made.link(href=address(feed.self_url), rel="self", type="application/rss+xml")
    # Whatever its relation, the last link is what feedgen takes for RSS's own.
    made.link(href=page, rel="alternate")
    return etree.fromstring(made.rss_str())


def atom_tree(feed: Feed) -> Any:
    """Returns feedgen's Atom tree without entries, and without the time of its last change."""
    made, _ = _generator(feed)
    made.author([_author(each) for each in people((feed.author,))])
    made.icon(address(feed.icon))
    made.logo(address(feed.logo))
    for rel, href, kind in _links(feed):
        made.link(href=href, rel=rel, **({"type": kind} if kind else {}))
    return etree.fromstring(made.atom_str())


def rss_item(item: FeedItem) -> Any:
    """Returns feedgen's RSS item, without repeatable elements."""
    made = _entry(item)
    # Readers take RSS's description for HTML.
    made.summary(escape(item_summary(item), quote=False))
    authors = people(item.authors)
    if len(authors) == 1 and authors[0].email:
        made.author([_author(authors[0])])
    enclosure = next((each for each in item.enclosures if address(each.url)), None)
    if enclosure is not None:
        made.enclosure(address(enclosure.url), max(0, enclosure.length), media_type(enclosure.type))
    return made.rss_entry(extensions=False)


def atom_entry(item: FeedItem) -> Any:
    """Returns feedgen's Atom entry, without repeatable elements; its elements are in no namespace."""
    made = _entry(item)
    if clean(item.summary) or not item.html:
        made.summary(item_summary(item))
    made.updated(item.updated)
    made.published(item.published)
    return made.atom_entry(extensions=False)


def archive_links(feed: Feed) -> list[tuple[str, str]]:
    """Returns the relation and the address of each link to and from archived parts of the feed (RFC 5005)."""
    links = ("prev-archive", feed.older), ("current", feed.current)
    return [(rel, address(href)) for rel, href in links if address(href)]


def history(name: str) -> Any:
    """Makes an empty element of RFC 5005: ``archive`` for a document that no longer changes."""
    return etree.Element(f"{{{_HISTORY}}}{name}", nsmap={"fh": _HISTORY})


def note(feed: Feed) -> Any:
    """Makes the note for people who open the feed in a browser, with a link to the page; None if there is no text.

    It is XHTML: browsers show it and follow its link, feed readers ignore it.
    """
    if not feed.note:
        return None
    # The namespace without a prefix: some readers know no other way to write XHTML.
    made = etree.Element(f"{{{XHTML}}}div", nsmap={None: XHTML})
    etree.SubElement(made, f"{{{XHTML}}}p").text = clean(feed.note)
    link = etree.SubElement(etree.SubElement(made, f"{{{XHTML}}}p"), f"{{{XHTML}}}a", href=address(feed.url))
    link.text = clean(feed.note_link) or address(feed.url)
    return made


def _generator(feed: Feed) -> tuple[FeedGenerator, str]:
    """Makes a generator with the title and everything that both formats have."""
    made = _Generator()
    title = clean(feed.title) or address(feed.url)
    made.id(feed.id)
    made.title(title)
    # Sets Atom's subtitle as well.
    made.description(clean(feed.subtitle) or title)
    made.generator(GENERATOR)
    return made, title


def _links(feed: Feed) -> list[tuple[str, str, str]]:
    """Returns the relation, address and media type of each link of an Atom feed."""
    kind = "application/atom+xml"
    links = [("alternate", address(feed.url), "text/html"), ("self", address(feed.self_url), kind)]
    links += [("hub", address(hub), "") for hub in feed.hubs]
    links += [(rel, href, kind) for rel, href in archive_links(feed)]
    return [link for link in links if link[1]]


def _entry(item: FeedItem) -> FeedEntry:
    """Makes an entry with everything that both formats have."""
    made = FeedEntry()
    made.id(item.id)
    made.title(item_title(item))
    made.link(href=address(item.url), rel="alternate")
    html = item_html(item)
    if html:
        made.content(html, type="html")
    return made


def item_html(item: FeedItem) -> str:
    """Returns the full text of an item as every format holds it; empty if it has only a summary."""
    return feed_html(clean_html(item.html)) if item.html else ""


def _author(person: Person) -> dict[str, str]:
    made = {"name": person.name, "email": person.email, "uri": person.url}
    return {key: value for key, value in made.items() if value}


def rss_language(text: str) -> str:
    """Returns a language tag for RSS; Chinese without a region becomes that of the mainland."""
    known = language(text).lower()
    return "zh-cn" if known in ("zh", "zh-hans") else known
