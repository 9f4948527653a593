"""The addresses and ids in a page's HTML. Made for tens of thousands of pages: markup in the usual form is read from the
bytes, a parser reads the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from html import unescape
from typing import Any

_NAMES = (b"href", b"src", b"poster", b"data")
_SETS = (b"srcset", b"imagesrcset")
_HIDING = ((b"<script", b">", b"</script>"), (b"<style", b">", b"</style>"), (b"<!-", b"-", b"-->"))
"""The parts of a page that are no content: the beginning of each, of its inside, and its end."""
_ELSEWHERE = re.compile(rb"[a-z]+:|/")


def bound(text: bytes, steps: int) -> Iterator[bytes]:
    """Returns the lines of a part in which an address in the usual form is not :func:`portable`."""
    for match in _from_below(steps).finditer(text):
        start, end = text.rfind(b"\n", 0, match.start()) + 1, text.find(b"\n", match.start())
        yield text[start : end if end >= 0 else None]


@cache
def _from_below(steps: int) -> re.Pattern[bytes]:
    up = rb"\.\./" * steps if steps else rb"(?!)"
    return re.compile(
        rb" (?:href|src|poster|data|(?:image)?srcset)=\"(?!\"|" + up + rb"|[a-z]+:|/)| (?:image)?srcset=\"[^\"]*,"
    )


def portable(address: bytes, steps: int) -> bool:
    """Tells whether an address starts at least so many folders above the page's own, or elsewhere."""
    return (steps > 0 and address.startswith(b"../" * steps)) or _ELSEWHERE.match(address) is not None


def targets_of(part: bytes) -> frozenset[bytes] | None:
    """Returns every address in the elements of a part of a page, as written; those in a ``srcset`` one by one. None if some
    may be written in another form than in double quotes right behind the attribute's name in lower case.

    The part is taken from the result of :func:`bare`.
    """
    small = part.lower()
    sets, images = small.count(b"srcset"), small.count(b"imagesrcset")
    found: set[bytes] = set()
    for name, others in ((b"href", 0), (b"src", sets), (b"poster", 0), (b"srcset", images), (b"imagesrcset", 0)):
        written = small.count(name) - others
        if not written:
            continue
        values = _values(part, name)
        if len(values) != written and len(_written_as(name).findall(small)) != len(values):
            return None
        if name in _SETS:
            found.update(each for value in values for each in _in_set(value))
        else:
            found.update(values)
    if part.count(b"<!--") != part.count(b"<!---->"):
        return None
    if b"data=" in small:
        found.update(_values(part, b"data"))
    found.discard(b"")
    return frozenset(found)


def ids_of(content: bytes) -> frozenset[str]:
    """Returns the ids of the page's elements, and the names of its old-style anchors."""
    if content.count(b" id=") == content.count(b' id="') and b" name=" not in content.replace(b"<meta name=", b""):
        return frozenset(unescape(value.decode("utf-8", "replace")) for value in _values(content, b"id"))
    page = _tree(content)
    return frozenset(str(value) for value in page.xpath("//@id | //a/@name"))


def bare(content: bytes) -> bytes:
    """Returns the page with comments, scripts and styles emptied; their places can still be seen."""
    for start, inner, end in _HIDING:
        if start in content:
            first, *rest = content.split(start)
            parts = [first]
            for part in rest:
                head, found, tail = part.partition(inner)
                _, closed, after = tail.partition(end)
                # What is opened and never closed stays as it is.
                parts += [start, head, inner, end, after] if found and closed else [start, part]
            content = b"".join(parts)
    return content


def hiding(text: bytes) -> Iterator[bytes]:
    """Returns the lines of a part of a page that have a comment, a script or a style."""
    for start, _, _ in _HIDING:
        place = text.find(start)
        while place >= 0:
            begin, end = text.rfind(b"\n", 0, place) + 1, text.find(b"\n", place)
            yield text[begin : end if end >= 0 else None]
            place = text.find(start, end) if end >= 0 else -1


def torn(line: bytes) -> bool:
    """Tells whether a tag, a comment, a script or a style begins in a line and ends in another."""
    if line.count(b"<") != line.count(b">") or not 0 <= line.find(b"<") < line.find(b">"):
        return True
    if line.count(b"<!--") != line.count(b"-->"):
        return True
    return any(line.count(b"<" + name) != line.count(b"</" + name) for name in (b"script", b"style"))


def parsed_targets(part: bytes) -> frozenset[bytes]:
    """Returns the addresses in a page or in a line of one as :func:`targets_of` does, in whatever form they are written."""
    return frozenset(value for value in _parse_values(part) if value)


@cache
def _written_as(name: bytes) -> re.Pattern[bytes]:
    return re.compile(name + rb"(?<![\w-]" + name + rb")\s*(?:=|$)", re.MULTILINE)


def _values(body: bytes, name: bytes) -> list[bytes]:
    pieces = body.split(b" " + name + b'="')
    return [piece[: piece.find(b'"')] for piece in pieces[1:]]


def _in_set(value: bytes) -> Iterable[bytes]:
    return (part.split()[0] for part in value.split(b",") if part.strip())


def _parse_values(content: bytes) -> Iterator[bytes]:
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
    from lxml import etree, html

    text = content.decode("utf-8", "replace").encode()
    try:
        return html.document_fromstring(text, html.HTMLParser(encoding="utf-8", huge_tree=True))
    except etree.ParserError:
        # There is no element in it: it is empty, or a comment.
        return etree.Element("html")
