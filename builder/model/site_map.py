"""The site map: every place at which a site publishes something, and the formats of feeds. Pure.

``PLACES`` is the one list of them. What follows from it is asked here: which names content may not take
(:func:`is_reserved`), what is at a path of a site (:func:`find`), where an old address may be (:func:`may_redirect_from`),
and the media type that a file is served with (:func:`media_type_of`). A page has its file ``index.html`` in a folder of its
own; a place with ``feeds`` has every file of ``FEED_FORMATS`` beside that, archives and a calendar included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Literal

import msgspec

from builder.model.slugs import folded, too_long

Owner = Literal["hub", "branch"]
Level = Literal["branch", "section", "entry", "topic", "tag"]

MOST_PATH = 1_000
"""The most bytes of a path in a site: far below what file systems and servers take (PATH_MAX is 4,096)."""
MOST_NAME = 255
"""The most bytes of one name in a path (NAME_MAX)."""


class FeedFormat(msgspec.Struct, frozen=True):
    """A format of feeds: the ``file`` in the folder of each list, its ``media_type`` (RFC 6838), the ``title`` that
    people see, and its ``writer``, as ``module:function`` (a feed in, bytes out). ``archive`` is the name of a file
    with older items, if the format has such; ``shown`` says that pages offer it to people, not only to programs.
    ``served_as`` is the media type that servers give where that is another one: of ``application/xml`` browsers show
    the style sheet.
    """

    file: str
    media_type: str
    title: str
    writer: str
    archive: str = ""
    shown: bool = True
    served_as: str = ""

    def archive_file(self, number: int) -> str:
        """Returns the name of the archive file with this number, counted from the oldest."""
        return self.archive.replace("{number}", str(number))


FEED_FORMATS = (
    FeedFormat("feed.xml", "application/rss+xml", "RSS", "builder.formats.feeds:rss", served_as="application/xml"),
    FeedFormat(
        "atom.xml",
        "application/atom+xml",
        "Atom",
        "builder.formats.feeds:atom",
        archive="archive-{number}.xml",
        served_as="application/xml",
    ),
    FeedFormat(
        "feed.json",
        "application/feed+json",
        "JSON",
        "builder.formats.feeds:json_feed",
        archive="archive-{number}.json",
        shown=False,
    ),
)
"""The formats that every list with feeds is published in, in the order in which pages name them."""
CALENDAR_FILE = "calendar.ics"
CALENDAR_TYPE = "text/calendar"
EVENT_FILE = "event.ics"
"""The calendar of one event alone, beside its page."""
HUB_SITEMAP = "sitemap-hub.xml"
"""The sitemap of the hub's own pages: a sitemap may only list what lies in its folder or below (sitemaps.org)."""
FEED_STYLESHEET = "feeds/feed.css"
"""The style sheet of feeds, in a site with an address of its own."""


class Place(msgspec.Struct, frozen=True):
    """One place, or many of a kind, that a site publishes.

    ``pattern`` is the path below the site's home; names in braces vary. ``{branch}``, ``{section}``, ``{page}``, ``{entry}``,
    ``{topic}`` and ``{tag}`` come from content, ``{number}``, ``{year}`` and ``{month}`` from the builder; ``{path}`` is
    any path below a folder. ``feeds`` says that a list there has feeds, ``document`` names the kind of content that
    has its page there; ``indexed`` pages are in the sitemap. ``immutable`` files never change under their name.
    """

    owner: Owner
    pattern: str
    feeds: bool = False
    document: Literal["", "page", "entry", "topic", "tag"] = ""
    indexed: bool = True
    immutable: bool = False
    media_type: str = ""


PLACES = (
    Place("hub", "", feeds=True),
    Place("hub", "404.html", indexed=False),
    Place("hub", "build.json", media_type="application/json"),
    Place("hub", "sitemap.xml", media_type="application/xml"),
    Place("hub", HUB_SITEMAP, media_type="application/xml"),
    Place("hub", "robots.txt", media_type="text/plain"),
    Place("hub", "feeds.opml", media_type="text/x-opml"),
    Place("hub", "branches.opml", media_type="text/x-opml"),
    Place("hub", "_headers", media_type="text/plain"),
    Place("hub", "hub/{path}"),
    Place("hub", "assets/{path}", immutable=True),
    Place("hub", "data/{path}"),
    Place("hub", "sections/{section}/"),
    Place("hub", "sections/{section}/page/{number}/"),
    Place("hub", "topics/"),
    Place("hub", "topics/{topic}/", feeds=True, document="topic"),
    Place("hub", "tags/"),
    Place("hub", "tags/{tag}/", document="tag"),
    Place("hub", "tags/{tag}/page/{number}/"),
    Place("hub", "events/"),
    Place("hub", "events/{month}/"),
    Place("hub", "letters/"),
    Place("hub", "letters/page/{number}/"),
    Place("hub", "branches/"),
    Place("hub", "feeds/"),
    Place("hub", FEED_STYLESHEET, media_type="text/css"),
    Place("hub", "feeds/{section}/", feeds=True),
    Place("hub", "search/"),
    Place("hub", "search/{path}"),
    Place("hub", "health/"),
    Place("hub", "health/branches/{branch}/"),
    Place("hub", "health/branches/{branch}/health.ics", media_type=CALENDAR_TYPE),
    Place("hub", "health/years/{year}/"),
    Place("hub", "health/years/{year}/figures.csv", media_type="text/csv"),
    # Forms for editors, which `branchpress edit config` writes.
    Place("hub", "admin/{path}"),
    Place("hub", "{page}/", document="page"),
    Place("branch", "", feeds=True),
    Place("branch", "404.html", indexed=False),
    Place("branch", "build.json", media_type="application/json"),
    Place("branch", "sitemap.xml", media_type="application/xml"),
    Place("branch", "robots.txt", media_type="text/plain"),
    Place("branch", "_headers", media_type="text/plain"),
    Place("branch", "assets/card/{path}", immutable=True),
    Place("branch", "assets/{path}", immutable=True),
    Place("branch", "media/{path}"),
    Place("branch", "tags/"),
    Place("branch", "tags/{tag}/", document="tag"),
    Place("branch", "tags/{tag}/page/{number}/"),
    Place("branch", "shared/"),
    Place("branch", "shared/page/{number}/"),
    Place("branch", "all/", feeds=True),
    Place("branch", "all/page/{number}/"),
    Place("branch", "feeds/"),
    Place("branch", FEED_STYLESHEET, media_type="text/css"),
    Place("branch", "search/"),
    Place("branch", "search/{path}"),
    Place("branch", "{page}/", document="page"),
    Place("branch", "{section}/", feeds=True),
    Place("branch", "{section}/page/{number}/"),
    Place("branch", "{section}/archive/{year}/"),
    Place("branch", "{section}/{entry}/", document="entry"),
    Place("branch", f"{{section}}/{{entry}}/{EVENT_FILE}", media_type=CALENDAR_TYPE),
    Place("branch", "{section}/{entry}/{path}"),
)
"""Every place of a site; of several that fit a path, the first counts."""

# Kept free besides what is published: contract, section "sites/", and the content format's reserved names.
_KEPT_FREE: Mapping[Level, tuple[str, ...]] = {"branch": ("page", "404", "hub"), "entry": ("index", "feed")}
_VARIES = {
    "path": r".+",
    "number": r"[1-9][0-9]*",
    "year": r"[0-9]{4}",
    "month": r"[0-9]{4}-[0-9]{2}",
}


def feed_files() -> Iterator[tuple[str, str]]:
    """Yields the name of each file that a list with feeds has, archives with ``{number}`` in theirs, and the media type that
    it is served with."""
    for each in FEED_FORMATS:
        served = each.served_as or each.media_type
        yield each.file, served
        if each.archive:
            yield each.archive, served
    yield CALENDAR_FILE, CALENDAR_TYPE


def shared_folders() -> tuple[str, ...]:
    """Returns the folders at the root whose files programs of other sites may read, as they may feeds."""
    return ("data",)


def is_reserved(level: Level, name: str) -> bool:
    """Tells whether a branch (or the first part of a hub page), a section (or a branch's page), an entry, a topic or a
    tag may not have this name as its slug, because the builder publishes something there.
    """
    known = folded(name)
    return known in _segments(level) or is_output_file(known)


def is_output_file(name: str) -> bool:
    """Tells whether files of this name are written by the builder, wherever that is."""
    return folded(name) in _file_names() or _archives().fullmatch(folded(name)) is not None


def find(owner: Owner, path: str) -> tuple[Place, Mapping[str, str]] | None:
    """Returns the place at a path below the home of a site, with the names that vary; None for a path with nothing.

    A page's path ends with a slash, or with the name of a file of its folder.
    """
    for place, pattern in _patterns(owner):
        found = pattern.fullmatch(path)
        if found is not None:
            return place, found.groupdict()
    return None


def is_indexed(owner: Owner, path: str) -> bool:
    """Tells whether a page is one that search engines may list."""
    found = find(owner, path)
    return found is None or found[0].indexed


def immutable_folders() -> tuple[str, ...]:
    """Returns the folders of a site whose files never change under their names: browsers may keep them for ever."""
    return tuple(sorted({place.pattern.partition("/")[0] for place in PLACES if place.immutable}))


def may_redirect_from(owner: Owner, path: str) -> bool:
    """Tells whether an old address may be at ``path`` below the home of a site: where content is or may have been, never on
    or below something that the builder publishes itself, and with names and a length that every file system takes."""
    parts = path.strip("/").split("/")
    if not all(parts) or not fits(path) or any(is_output_file(part) or too_long(part) for part in parts):
        return False
    levels: tuple[Level, ...] = ("branch",) if owner == "hub" else ("section", "entry")
    return not any(is_reserved(level, part) for level, part in zip(levels, parts, strict=False))


def fits(path: str) -> bool:
    """Tells whether each name of a path, and the whole of it, is short enough for common file systems and web servers."""
    encoded = path.encode("utf-8", "surrogatepass")
    return len(encoded) <= MOST_PATH and all(len(part) <= MOST_NAME for part in encoded.split(b"/"))


def served_types() -> Iterator[tuple[str, str]]:
    """Yields the name, with ``{number}`` for an archive's, and the media type of each file whose ending alone does not
    tell a server what it is.
    """
    yield from feed_files()
    for place in PLACES:
        name = place.pattern.rpartition("/")[2]
        if place.owner == "hub" and name.endswith((".xml", ".opml", ".ics")):
            yield name, place.media_type


def media_type_of(path: str) -> str:
    """Returns the media type of a file that the builder writes itself, by its name; empty for all others."""
    name = path.rpartition("/")[2]
    if name in _types():
        return _types()[name]
    for file, media_type in feed_files():
        if "{number}" in file and re.fullmatch(_pattern_of(file), name):
            return media_type
    return ""


@cache
def _types() -> Mapping[str, str]:
    named = {place.pattern.rpartition("/")[2]: place.media_type for place in PLACES if place.media_type}
    return {**named, **{file: media_type for file, media_type in feed_files() if "{" not in file}}


@cache
def _file_names() -> frozenset[str]:
    written = {place.pattern.rpartition("/")[2] for place in PLACES if not place.pattern.endswith("/")}
    written |= {file for file, _ in feed_files()} | {"index.html"}
    return frozenset(name for name in written if name and "{" not in name)


@cache
def _archives() -> re.Pattern[str]:
    return re.compile("|".join(_pattern_of(file) for file, _ in feed_files() if "{" in file) or r"(?!)")


@cache
def _segments(level: Level) -> frozenset[str]:
    """Returns the fixed names that stand where content of a level could."""
    found = set(_KEPT_FREE.get(level, ()))
    owner, before = {
        "branch": ("hub", ()),
        "section": ("branch", ()),
        "entry": ("branch", ("{section}",)),
        "topic": ("hub", ("topics",)),
        "tag": ("branch", ("tags",)),
    }[level]
    for place in PLACES:
        parts = tuple(place.pattern.strip("/").split("/"))
        at = len(before)
        if place.owner == owner and parts[:at] == before and len(parts) > at and parts[at] and "{" not in parts[at]:
            found.add(parts[at])
    return frozenset(found)


@cache
def _patterns(owner: Owner) -> tuple[tuple[Place, re.Pattern[str]], ...]:
    return tuple((place, re.compile(_with_files(place, owner))) for place in PLACES if place.owner == owner)


def _with_files(place: Place, owner: Owner) -> str:
    """Returns the pattern of a place and of the files that come with it."""
    folder = _pattern_of(place.pattern, several=owner == "hub" and place.document == "page")
    files = [_pattern_of(file) for file, _ in feed_files()] if place.feeds else []
    if place.pattern.endswith("/") or not place.pattern:
        files += ["index[.]html"]
        return f"{folder}(?:{'|'.join(files)})?"
    return folder


def _pattern_of(pattern: str, *, several: bool = False) -> str:
    """Returns the regular expression of a pattern; ``several``: the page may have folders above it, as the hub's have."""

    def name(found: re.Match[str]) -> str:
        key = found[1]
        inside = _VARIES.get(key, r"[^/]+(?:/[^/]+)*" if several else r"[^/]+")
        return f"(?P<{key}>{inside})" if key not in _VARIES else f"(?:{inside})"

    return re.sub(r"\\\{(\w+)\\\}", name, re.escape(pattern))
