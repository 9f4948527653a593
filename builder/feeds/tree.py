"""XML trees as bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

from lxml import etree

_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'


def written(root: Any, stylesheet: str = "", finish: Callable[[Any], None] = lambda _: None) -> bytes:
    """The tree as UTF-8, an element a line, with the instruction that names a style sheet. ``finish`` changes it once its
    lines are broken."""
    etree.indent(root, " ")
    finish(root)
    content: bytes = etree.tostring(root, encoding="utf-8")
    sheet = f'<?xml-stylesheet type="text/css" href="{escape(stylesheet)}"?>\n'.encode() if stylesheet else b""
    return _DECLARATION + sheet + content + b"\n"


def fragment(element: Any, parents: Iterable[Any], finish: Callable[[Any], None] = lambda _: None) -> bytes:
    """An element as it stands in a document, below ``parents`` (the root first), whose namespaces it shares.

    ``finish`` changes it once its lines are broken.
    """
    root, *rest = parents
    inner = root
    for each in rest:
        inner.append(each)
        inner = each
    inner.append(element)
    etree.indent(root, " ")
    finish(element)
    element.tail = None
    content: bytes = etree.tostring(root, encoding="utf-8")
    # What stands before and behind it: only the start and the end tags of its parents.
    name = etree.QName(element).localname.encode()
    return content[content.index(b"<" + name) : content.rindex(b"</" + name + b">") + len(name) + 3]


def spliced(document: bytes, end: bytes, parts: Iterable[bytes], depth: int) -> bytes:
    """``document`` with ``parts`` as the last children of the element whose end tag is ``end``."""
    at = document.rindex(end)
    head = document[:at].rstrip()
    gap = b"\n" + b" " * depth
    return head + b"".join(gap + part for part in parts) + b"\n" + b" " * (depth - 1) + document[at:]
