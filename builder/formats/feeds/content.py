"""The HTML of items, cleaned for feed readers: no scripts, frames or styles; formulas and check boxes as text."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

# What runs, frames, asks or is drawn: it goes with all that is in it.
_DROPPED = frozenset(
    "script style iframe frame frameset object embed applet noscript template svg canvas head title meta link base "
    "button select textarea input datalist dialog progress meter".split()
)
# What the W3C validator takes as safe; the text of any other element stays.
_KEPT = frozenset(
    "a abbr address article aside audio b bdi blockquote br caption cite code col colgroup dd del details dfn div dl dt em "
    "figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p picture pre q rp rt ruby s "
    "samp section small source span strong sub summary sup table tbody td tfoot th thead time tr track u ul var video "
    "wbr".split()
)
_ATTRIBUTES = frozenset(
    "abbr align alt cite colspan controls datetime dir height href hreflang kind label lang media open poster reversed "
    "rowspan scope span src srclang start title type valign value width".split()
)
_WEB = "http://", "https://"
_LINKS = (*_WEB, "mailto:", "tel:", "ftp://")


@lru_cache(maxsize=512)
def feed_html(html: str) -> str:
    """Returns ``html`` without anything that the W3C validator warns of (SecurityRisk, DangerousStyleAttr, NotHtml,
    ContainsRelRef).

    The result is cached for a while: an item is in the feeds of its section, its branch, those above, and the hub's, in
    each format.
    """
    if not html.strip():
        return ""
    from lxml import etree
    from lxml import html as lxml_html

    try:
        root = lxml_html.fragment_fromstring(html, create_parent="div")
    except etree.ParserError:
        return ""
    for element in list(root.iterdescendants()):
        _clean(element)
    text: str = lxml_html.tostring(root, encoding="unicode")
    return text.removeprefix("<div>").removesuffix("</div>").strip()


def _clean(element: Any) -> None:
    name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    if element.getparent() is None:
        return
    if name == "math":
        _replace(element, _formula(element), "code")
    elif name == "input" and element.get("type") == "checkbox":
        _replace(element, "☑" if "checked" in element.attrib else "☐", "span")
    elif not name or name in _DROPPED:
        element.drop_tree()
    elif name not in _KEPT:
        element.drop_tag()
    else:
        _clean_attributes(element, name)


def _clean_attributes(element: Any, name: str) -> None:
    for attribute, written in element.attrib.items():
        value = written
        if attribute in ("href", "src", "poster", "cite") and value.startswith("//"):
            value = f"https:{value}"
            element.set(attribute, value)
        allowed = _LINKS if attribute == "href" else _WEB if attribute in ("src", "poster", "cite") else ("",)
        # A link within the same text leads nowhere in a feed reader: its words stay.
        if attribute not in _ATTRIBUTES or not value.lower().startswith(allowed):
            del element.attrib[attribute]
    if name in ("source", "track") or (name in ("audio", "video") and "src" not in element.attrib):
        # To libxml2 the former are no empty elements: what follows them is in them.
        element.drop_tag()
    elif name == "img" and "src" not in element.attrib:
        if element.get("alt"):
            _replace(element, element.get("alt"), "span")
        else:
            element.drop_tree()


def _formula(element: Any) -> str:
    """Returns the LaTeX of a formula if it is given, else its characters."""
    notes = [each.text for each in element.iter("annotation", "{*}annotation") if each.text]
    return " ".join((element.get("alttext") or "".join(notes[:1]) or "".join(element.itertext())).split())


def _replace(element: Any, text: str, name: str) -> None:
    """Replaces an element and everything in it by ``text``."""
    made = element.makeelement(name)
    made.text = text
    made.tail = element.tail
    element.getparent().replace(element, made)
