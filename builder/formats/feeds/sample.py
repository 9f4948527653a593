"""Items written after a sample: the engine writes one item of each form, and the texts of all others of that form are put in
its places. What an item looks like is the engine's; most of the time that it takes is saved."""

from __future__ import annotations

import re
from html import escape

from lxml import etree

ADDRESS = "https://branchpress-address-here"
"""The address that a sample has; its place is called ``address``."""
_PLACE = re.compile(r"(?:https://)?branchpress-(\w+)-here")


def place(name: str) -> str:
    """Returns the text that stands in a sample where each item has its own."""
    return f"branchpress-{name}-here"


def form_of(sample: bytes) -> str:
    """Returns a sample as a form that is filled by ``form % texts``."""
    return _PLACE.sub(r"%(\1)s", sample.decode().replace("%", "%%"))


def xml_text(text: str) -> str:
    """Writes a text as XML, as lxml does. Raises ValueError for signs that XML cannot hold."""
    etree.Element("text").text = text
    return escape(text, quote=False).replace("\r", "&#13;")
