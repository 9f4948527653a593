"""The HTML of items, cleaned for feed readers: no scripts or styles; links in place of frames and players, formulas and
check boxes as text."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

# What runs, asks or is drawn: it goes with all that is in it.
_DROPPED = frozenset(
    "script style frameset applet noscript template svg canvas head title meta link base "
    "button select textarea input datalist dialog progress meter".split()
)
# What shows something from elsewhere: readers leave it out without a word, so a link stands in its place.
_EMBEDDED = frozenset("iframe frame object embed audio video".split())
# What the W3C validator takes as safe; the text of any other element stays.
_KEPT = frozenset(
    "a abbr address article aside b bdi blockquote br caption cite code col colgroup dd del details dfn div dl dt em "
    "figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p picture pre q rp rt ruby s "
    "samp section small source span strong sub summary sup table tbody td tfoot th thead time tr track u ul var wbr".split()
)
_ATTRIBUTES = frozenset(
    "abbr align alt cite colspan datetime dir height href hreflang label lang media open reversed rowspan scope span src "
    "start title type valign value width".split()
)
_WEB = "http://", "https://"
_LINKS = (*_WEB, "ftp://", "mailto:", "tel:", "sms:", "geo:", "webcal:", "magnet:")
_ADDRESSES = "href", "src", "cite"


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
    if name == "math":
        _replace(element, _formula(element), "code")
    elif name == "input" and element.get("type") == "checkbox":
        _replace(element, "☑" if "checked" in element.attrib else "☐", "span")
    elif name in _EMBEDDED:
        _link(element)
    elif not name or name in _DROPPED:
        element.drop_tree()
    elif name not in _KEPT:
        element.drop_tag()
    else:
        _clean_attributes(element, name)


def _clean_attributes(element: Any, name: str) -> None:
    for attribute, written in element.attrib.items():
        value = written
        if attribute in _ADDRESSES:
            value = _whole(value)
            element.set(attribute, value)
        allowed = _LINKS if attribute == "href" else _WEB if attribute in _ADDRESSES else ("",)
        # A link within the same text leads nowhere in a feed reader: its words stay.
        if attribute not in _ATTRIBUTES or not value.lower().startswith(allowed):
            del element.attrib[attribute]
    if name in ("source", "track"):
        # To libxml2 these are no empty elements: what follows them is in them.
        element.drop_tag()
    elif name == "img" and "src" not in element.attrib:
        if element.get("alt"):
            _replace(element, element.get("alt"), "span")
        else:
            element.drop_tree()


def _whole(written: str) -> str:
    """Returns an address that has no protocol with the usual one."""
    address = written.strip()
    return f"https:{address}" if address.startswith("//") else address


def _link(element: Any) -> None:
    """Puts a link in the place of a frame or a player; what has no address of the Web leaves the text that is in it."""
    if element.tag == "embed":
        # To libxml2 it is no empty element: what follows it is in it.
        alone = element.makeelement("embed", dict(element.attrib))
        element.addprevious(alone)
        element.drop_tag()
        element = alone
    inside = (each.get("src") for each in element.iter("source", "embed"))
    address = _whole(next(filter(None, (element.get("src"), element.get("data"), *inside)), ""))
    text = " ".join("".join(element.itertext()).split())
    words = element.get("title") or element.get("aria-label") or text
    if not address.lower().startswith(_WEB):
        _replace(element, text, "span") if text else element.drop_tree()
    elif any(above.tag == "a" for above in element.iterancestors()):
        _replace(element, words or address, "span")
    else:
        _replace(element, words or address, "a").set("href", address)


def _formula(element: Any) -> str:
    """Returns the LaTeX of a formula if it is given, else its characters."""
    notes = [each.text for each in element.iter("annotation", "{*}annotation") if each.text]
    return " ".join((element.get("alttext") or "".join(notes[:1]) or "".join(element.itertext())).split())


def _replace(element: Any, text: str, name: str) -> Any:
    """Replaces an element and everything in it by ``text``; returns what holds it."""
    made = element.makeelement(name)
    made.text = text
    made.tail = element.tail
    element.getparent().replace(element, made)
    return made
