"""Frames and players written as HTML: they become pictures for the sanitizer, and what they can be after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from urllib.parse import urlsplit

from builder.model.addresses import plain_host

_EMBED = re.compile(r"<(iframe|video|audio|embed|object|frame)(?=[\s/>])", re.IGNORECASE)
_SOURCE = re.compile(r"<source(?=[\s/>])", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"[\s/]*+([^\s\"'<>/=]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'=<>`]++)))?+")
_END = re.compile(r"[\s/]*+>")
_CLOSED = frozenset(("iframe", "video", "audio", "object"))


def attributes_at(html: str, position: int) -> tuple[dict[str, str], int]:
    """Returns the attributes of the tag whose name ends at ``position``, and where the tag ends; -1 if it does not."""
    found: dict[str, str] = {}
    while (match := _ATTRIBUTE.match(html, position)) is not None:
        found.setdefault(match[1].lower(), unescape(match[2] or match[3] or match[4] or ""))
        position = match.end()
    end = _END.match(html, position)
    return found, end.end() if end is not None else -1


def embeds_as_pictures(html: str) -> str:
    """Returns ``html`` with a picture in the place of each frame, film, sound or object: what it shows, as ``src``, its
    words as ``alt``, and its kind as ``data-embed``.
    """
    if _EMBED.search(html) is None:
        return html
    return "".join(_parts(html))


def _parts(html: str) -> Iterator[str]:
    lower = html.lower()
    last = {name: lower.rfind(f"</{name}") for name in _CLOSED}
    position = 0
    while (match := _EMBED.search(html, position)) is not None:
        name = match[1].lower()
        attributes, end = attributes_at(html, match.end())
        yield html[position : match.start()]
        position = match.end() if end < 0 else end
        if end < 0:
            yield match[0]
            continue
        address = attributes.get("data" if name == "object" else "src", "")
        if name in _CLOSED and last[name] >= end:
            closing = lower.index(f"</{name}", end)
            address = address or _first_source(html, end, closing)
            position = html.find(">", closing) + 1 or len(html)
            if not address and name == "object":
                # Nothing is shown but what stands in it.
                yield html[end:closing]
        if address:
            kind = "frame" if name in ("iframe", "frame") else "media"
            words = attributes.get("title") or attributes.get("aria-label", "")
            size = "".join(f' {key}="{escape(attributes[key])}"' for key in ("width", "height") if key in attributes)
            yield f'<img src="{escape(address.strip())}" alt="{escape(words)}" data-embed="{kind}"{size}>'
    yield html[position:]


def _first_source(html: str, start: int, end: int) -> str:
    match = _SOURCE.search(html, start, end)
    return attributes_at(html, match.end())[0].get("src", "") if match is not None else ""


def frame_address(written: str, hosts: tuple[str, ...]) -> str:
    """Returns the address of a frame that an allowed host shows, in its plain form; empty for any other.

    A host counts in any spelling: letters of either case, a dot behind it, Punycode or not. What browsers and libraries
    read differently (a name before the host, a backslash, blanks, another port) is refused.
    """
    address = f"https:{written}" if written.startswith("//") else written
    if re.search(r"[\\\s\x00-\x20\x7f<>\"'`]", address):
        return ""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme != "https" or "@" in parts.netloc or port not in (None, 443):
        return ""
    host = plain_host(parts.hostname or "")
    if not host or host not in {plain_host(each) for each in hosts}:
        return ""
    return f"https://{host}" + address[address.index("//") + 2 + len(parts.netloc) :]
