"""The serialization of XML trees."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape
from typing import Any

from lxml import etree

_SPECIAL = re.compile("[&<>\"']")
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'


def written(root: Any, stylesheet: str = "") -> bytes:
    """Serializes the tree as UTF-8, one element a line, with the instruction that names a style sheet."""
    etree.indent(root, " ")
    content: bytes = etree.tostring(root, encoding="utf-8")
    sheet = f'<?xml-stylesheet type="text/css" href="{escape(stylesheet)}"?>\n'.encode() if stylesheet else b""
    return _DECLARATION + sheet + content + b"\n"


def fragment(made: Any, parents: Iterable[Any]) -> bytes:
    """Serializes an element as part of a document, below ``parents`` (the root first), whose namespaces it shares."""
    root, *rest = parents
    inner = root
    for each in rest:
        inner.append(each)
        inner = each
    inner.append(made)
    etree.indent(root, " ")
    content: bytes = etree.tostring(root, encoding="utf-8")
    # What stands before and behind it: only the start and the end tags of its parents.
    name = made.tag.encode()
    return content[content.index(b"<" + name) : content.rindex(b"</" + name + b">") + len(name) + 3]


def _escape(text: str) -> str:
    return escape(text) if _SPECIAL.search(text) else text


@lru_cache(maxsize=4096)
def element(name: str, text: str = "", **attributes: str) -> str:
    """Makes an element with a text and those attributes that are not empty."""
    return enclosed(name, _escape(text), **attributes)


def enclosed(name: str, inside: str, **attributes: str) -> str:
    """Makes an element with content that is already markup."""
    given = "".join(f' {key}="{_escape(value)}"' for key, value in attributes.items() if value)
    return f"<{name}{given}>{inside}</{name}>" if inside else f"<{name}{given}/>"


def extended(made: bytes, end: bytes, parts: Iterable[str], depth: int) -> bytes:
    """Adds children, each on a line of its own, to an element that ends with the tag ``end``."""
    gap = "\n" + " " * depth
    inside = "".join(gap + part for part in parts if part)
    return made.removesuffix(end).rstrip() + inside.encode() + b"\n" + b" " * (depth - 1) + end


def spliced(document: bytes, end: bytes, parts: Iterable[bytes], depth: int) -> bytes:
    """Returns ``document`` with ``parts`` as the last children of the element whose end tag is ``end``."""
    at = document.rindex(end)
    head = document[:at].rstrip()
    gap = b"\n" + b" " * depth
    return head + b"".join(gap + part for part in parts) + b"\n" + b" " * (depth - 1) + document[at:]
