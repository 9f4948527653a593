"""An item's HTML as feed readers take it: nothing that runs, frames or styles; formulas as text."""

from __future__ import annotations

import re
from functools import lru_cache

_DROPPED = "script style iframe object embed form input button select textarea noscript template".split()


@lru_cache(maxsize=512)
def feed_html(html: str) -> str:
    """``html`` without what the W3C validator warns of (SecurityRisk, DangerousStyleAttr, non-HTML elements).

    Remembered for a while: an item is in the feeds of its section, its branch, those above, and the hub's, in each format.
    """
    if not html.strip():
        return ""
    from lxml import etree
    from lxml import html as lxml_html

    root = lxml_html.fragment_fromstring(html, create_parent="div")
    for name in _DROPPED:
        for element in list(root.iter(name)):
            element.drop_tree()
    for element in list(root.iter("{*}math", "math")):
        code = lxml_html.HtmlElement(" ".join("".join(element.itertext()).split()))
        code.tag = "code"
        code.tail = element.tail
        parent = element.getparent()
        if parent is not None:
            parent.replace(element, code)
    for element in root.iter(etree.Element):
        for name in list(element.attrib):
            if name.startswith("on") or name in ("style", "tabindex", "class", "id", "loading") or ":" in name:
                del element.attrib[name]
        _without_fragment(element)
    for element in list(root.iter("img")):
        if not (element.get("src") or "").startswith(("http://", "https://")):
            element.drop_tree()
    text: str = lxml_html.tostring(root, encoding="unicode")
    return re.sub(r"^<div>|</div>$", "", text).strip()


def _without_fragment(element: object) -> None:
    """A link within the same text leads nowhere in a feed reader: its words stay."""
    href = element.get("href") if element.tag == "a" else None  # type: ignore[attr-defined]
    if href is not None and href.startswith("#"):
        del element.attrib["href"]  # type: ignore[attr-defined]
