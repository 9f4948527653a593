"""The addresses and ids in a page's HTML. Written for tens of thousands of pages: what is written the usual way is cut out of
the bytes, a parser reads the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from typing import Any

_NAMES = (b"href", b"src", b"poster", b"data")
_SETS = (b"srcset", b"imagesrcset")


def portable(line: bytes, steps: int) -> bool:
    """True if no address in a line starts from fewer than so many folders above the page's own."""
    return _from_below(steps).search(line) is None


@cache
def _from_below(steps: int) -> re.Pattern[bytes]:
    up = rb"\.\./" * steps if steps else rb"(?!)"
    return re.compile(
        rb"(?:href|src|poster|data|srcset)\s*=\s*[\"']?(?![\"']|" + up + rb"|[a-z]+:|/)|srcset\s*=[^>]*,", re.IGNORECASE
    )


def targets_of(lines: Iterable[bytes]) -> frozenset[bytes]:
    """Every address that the elements in lines of a page name, as written; those in a ``srcset`` one by one.

    The lines are some of what :func:`bare` gives.
    """
    part = b"\n".join(lines)
    if not _usual(part):
        return frozenset(_parsed(part))
    found = {value for name in (b"href", b"src") for value in _values(part, name)}
    if b"poster=" in part or b"data=" in part:
        found.update(value for name in (b"poster", b"data") for value in _values(part, name))
    if b"srcset=" in part:
        for name in _SETS:
            for value in _values(part, name):
                found.update(_in_set(value))
    found.discard(b"")
    return frozenset(found)


def ids_of(content: bytes) -> frozenset[str]:
    """The ids of the page's elements, and the names of its old anchors."""
    if content.count(b" id=") == content.count(b' id="') and b" name=" not in content.replace(b"<meta name=", b""):
        return frozenset(unescape(value.decode("utf-8", "replace")) for value in _values(content, b"id"))
    page = _tree(content)
    return frozenset(str(value) for value in page.xpath("//@id | //a/@name"))


def bare(content: bytes) -> bytes:
    """The page without what scripts and styles hold between their tags."""
    if b"<script" not in content and b"<style" not in content:
        return content
    for start, end in ((b"<script", b"</script>"), (b"<style", b"</style>")):
        first, *rest = content.split(start)
        parts = [first]
        for part in rest:
            head, _, tail = part.partition(b">")
            parts += [start, head, b">", end, tail.partition(end)[2]]
        content = b"".join(parts)
    return content


def _usual(part: bytes) -> bool:
    """True if every address stands in double quotes right behind the small name of its attribute, and nowhere else."""
    small = part.lower()
    for name in (b"href", b"src", b"poster", b"srcset", b"imagesrcset"):
        usual = part.count(b" " + name + b'="')
        if small.count(name) != usual and len(_written_as(name).findall(small)) != usual:
            return False
    return b"<!--" not in part


@cache
def _written_as(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![\w-])" + name + rb"\s*=")


def _values(body: bytes, name: bytes) -> Iterator[bytes]:
    pieces = body.split(b" " + name + b'="')
    del pieces[0]
    return (piece[: piece.find(b'"')] for piece in pieces)


def _in_set(value: bytes) -> Iterable[bytes]:
    return (part.split()[0] for part in value.split(b",") if part.strip())


def _parsed(content: bytes) -> Iterator[bytes]:
    for element in _tree(content).iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.attrib.items():
            plain = str(name).encode()
            if plain in _NAMES and (plain != b"data" or element.tag == "object"):
                yield str(value).strip().encode()
            elif plain in _SETS:
                yield from _in_set(str(value).encode())


def _tree(content: bytes) -> Any:
    from lxml import html

    text = content.decode("utf-8", "replace").encode()
    return html.document_fromstring(text or b"<p>", html.HTMLParser(encoding="utf-8", huge_tree=True))
