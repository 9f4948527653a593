"""The resolution of a body's links: source paths in, places in the organization out. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from typing import Literal
from urllib.parse import unquote

import msgspec

from builder.catalogue.catalogue import Catalogue
from builder.content.markdown.anchors import anchor_of
from builder.model.media import embedded_path
from builder.model.patterns import pattern_of
from builder.model.sources import comparable, document_key

_SCHEME = pattern_of(r"[A-Za-z][A-Za-z0-9+.-]*:")
# A name of the Web without its protocol. Of names without "www." only those of hosts that no file is called like.
_HOST = pattern_of(
    r"(?:www\.[\w-]+(?:\.[\w-]+)+|(?:[\w-]+\.)+(?:com|cn|net|org|edu|gov|mil|info|io|eu|de|uk|jp|kr|hk|tw|mo|ru|fr|中国|公司|网络))"
    r"(?::\d+)?(?:[/?#]|$)",
    re.IGNORECASE,
)
_ALLOWED = ("http:", "https:", "mailto:", "tel:", "webcal:", "ftp:", "magnet:", "sms:", "geo:")


class Target(msgspec.Struct, frozen=True):
    """The target of a link: ``page`` and ``file`` have a path (of the organization; of the source), ``external`` an
    address; ``broken`` has the reason, one of the codes ``link-broken``, ``link-unpublished``, ``anchor-missing``,
    ``address-incomplete``, ``address-local``."""

    kind: Literal["page", "file", "external", "anchor", "broken"]
    place: str
    fragment: str = ""
    query: str = ""
    reason: str = ""


def resolve(target: str, source: str, anchors: Collection[str], catalogue: Catalogue) -> Target:
    """Returns the target of the link ``target``, written in the file ``source``, which has the anchors ``anchors``.

    The title of a page, by the name that it would have as a heading, stands for the page's beginning.
    """
    if _SCHEME.match(target) or target.startswith("//"):
        scheme = target.partition(":")[0].lower() + ":"
        if scheme == "data:":
            return Target("file", embedded_path(target, source))
        if target.startswith("//") or scheme in _ALLOWED:
            return Target("external", target)
        return Target("broken", target, reason="link-broken")
    rest, _, fragment = target.partition("#")
    written, _, query = rest.partition("?")
    fragment = unquote(fragment)
    if not written:
        if fragment and fragment not in anchors and fragment != "top":
            own = catalogue.source(source)
            if own is None or fragment != anchor_of(own[2]):
                return Target("broken", target, reason="anchor-missing")
            fragment = "top"
        return Target("anchor", "", fragment)
    if unquote(written).startswith("\\"):
        # The address of a shared folder, \\server\folder; of its two strokes Markdown takes the first for an escape.
        return Target("broken", target, reason="address-local")
    path = source_path(target, source)
    if path is None:
        return Target("broken", target, reason="link-broken")
    if not catalogue.knows(path):
        path = _present_source(path, catalogue)
    if catalogue.is_file(path):
        return Target("file", path, fragment, query)
    source_page = catalogue.source(path)
    if source_page is not None:
        place, known, heading = source_page
        if fragment and fragment not in known:
            if fragment == anchor_of(heading):
                return Target("page", place, "", query)
            return Target("page", place, reason="anchor-missing")
        return Target("page", place, fragment, query)
    if catalogue.is_unpublished(path):
        return Target("broken", target, reason="link-unpublished")
    place = _folder(document_key(path), catalogue)
    if place:
        return Target("page", place, fragment)
    return Target("broken", target, reason="address-incomplete" if _HOST.match(target) else "link-broken")


def _present_source(path: str, catalogue: Catalogue) -> str:
    """Returns the source path that a document or file has now which was at ``path``."""
    moved = catalogue.moves.moved_ref(document_key(path).removeprefix("content/"))
    live = catalogue.entries.get(moved) if moved else None
    return live.entry.path if live is not None else catalogue.names.current_source(path)


def shown(target: str) -> str:
    """Returns an address as people write it: percent-encoded text is decoded if it is visible."""
    try:
        found = unquote(target, errors="strict")
    except UnicodeDecodeError:
        return target
    return found if found.isprintable() else target


def source_path(target: str, source: str) -> str | None:
    """Returns the path under the root that ``target`` means in the file ``source``; None if it is not a file's address or
    is outside content/. A leading slash means content/ itself."""
    if _SCHEME.match(target) or target.startswith("//"):
        return None
    written = unquote(target.partition("#")[0].partition("?")[0]).replace("\\", "/")
    if not written or "\0" in written:
        return None
    base = "content" if written.startswith("/") else posixpath.dirname(source)
    path = comparable(posixpath.normpath(posixpath.join(base, written.strip().lstrip("/"))))
    return path if path == "content" or path.startswith("content/") else None


def _folder(path: str, catalogue: Catalogue) -> str:
    """Returns the page of a branch's or section's folder; empty if there is none."""
    parts = path.split("/")[1:]
    if not parts:
        return "/"
    branch = catalogue.branches.get(parts[0])
    if branch is None:
        return ""
    if len(parts) == 1:
        return f"/{branch.slug}/"
    if len(parts) == 2 and any(section.slug == parts[1] for section in branch.visible_sections):
        return f"/{branch.slug}/{parts[1]}/"
    return ""
