"""What HTML may stay: an allow-list, applied by nh3; and what to tell the author of the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import nh3

from builder.messages.diagnostics import Diagnostic

_TAGS = frozenset(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2 "
    "h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub summary sup "
    "table tbody td tfoot th thead time tr u ul var wbr".split()
)
_ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "lang", "dir", "title", "data-sourcepos"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "code": {"class"},
    "div": {"class"},
    "section": {"class"},
    "sup": {"class"},
    "span": {"data-math-style"},
    "input": {"type", "checked", "disabled"},
    "p": {"class"},
    "time": {"datetime"},
    "blockquote": {"cite"},
    "q": {"cite"},
    "details": {"open"},
    "col": {"span"},
    "colgroup": {"span"},
}
_SCHEMES = frozenset("http https mailto tel webcal ftp magnet sms geo".split())
_CLASSES = re.compile(r"language-[^\s\"<>]{1,40}|markdown-alert[a-z-]*|footnotes|footnote-ref")
_NAME = re.compile(r"<([a-zA-Z][a-zA-Z0-9-]*)((?:\s[^<>]*)?)/?>")
_HANDLER = re.compile(r"\s(on[a-zA-Z]+)\s*=")
# These hold no text that would be missed.
_WITH_CONTENT = frozenset({"script", "style", "noscript", "template", "object", "embed", "applet", "svg", "math"})


def sanitized(html: str, allow: bool, frames_from: tuple[str, ...]) -> str:
    """``html`` with only what may stay, well-formed. With ``allow`` everything stays, and is made well-formed."""
    if allow:
        return _balanced(html)
    return _cleaner(frames_from).clean(html)  # type: ignore[no-any-return]


@cache
def _cleaner(frames_from: tuple[str, ...]) -> Any:
    attributes = {tag: set(names) for tag, names in _ATTRIBUTES.items()}
    tags = set(_TAGS)
    if frames_from:
        tags.add("iframe")
        attributes["iframe"] = {"src", "width", "height", "allowfullscreen"}

    def kept(tag: str, name: str, value: str) -> str | None:
        if tag == "iframe" and name == "src":
            return value if _frame_allowed(value, frames_from) else None
        if name == "class":
            return " ".join(word for word in value.split() if _CLASSES.fullmatch(word)) or None
        if name == "id":
            return None if value.startswith(("__", "bp-")) or re.search(r"\s", value) or not value else value
        if name in ("width", "height") and not re.fullmatch(r"\d{1,5}", value):
            return None
        if name == "align" and value not in ("left", "center", "right"):
            return None
        if name in ("colspan", "rowspan", "span") and not re.fullmatch(r"[1-9]\d{0,2}", value):
            return None
        return value

    return nh3.Cleaner(
        tags=tags,
        clean_content_tags=set(_WITH_CONTENT),
        attributes=attributes,
        attribute_filter=kept,
        link_rel=None,
        url_schemes=set(_SCHEMES),
    )


def _frame_allowed(address: str, hosts: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme == "https" and (parts.hostname or "") in hosts


def _balanced(html: str) -> str:
    from lxml import html as lxml_html

    root = lxml_html.fragment_fromstring(html, create_parent="div")
    text: str = lxml_html.tostring(root, encoding="unicode")
    return text[len("<div>") : -len("</div>")] if text.startswith("<div>") else ""


def removed(html: str, text: str, first_line: int, frames_from: tuple[str, ...]) -> Iterator[Diagnostic]:
    """What the sanitizer takes out, once for each kind, on the line where it first stands in the source."""
    seen: set[str] = set()
    for match in _NAME.finditer(html):
        name = match[1].lower()
        whats = [f"<{name}>"] if name not in _TAGS and not (name == "iframe" and frames_from) else []
        whats += [handler.lower() for handler in _HANDLER.findall(match[2])]
        if "javascript:" in match[2].lower():
            whats.append("javascript:")
        for what in whats:
            if what not in seen:
                seen.add(what)
                yield Diagnostic(
                    "raw-html-removed", _line_of(what.rstrip(">"), text) + first_line - 1, None, {"what": what}
                )


def _line_of(what: str, text: str) -> int:
    position = text.lower().find(what)
    return text.count("\n", 0, position) + 1 if position >= 0 else 1
