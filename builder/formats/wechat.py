"""The text of an entry as the editor of WeChat Official Accounts keeps it when it is pasted there.

The editor keeps the look of a text only where it is written on each element, and takes out what could run, load or lead away.
What it is known to take out (``tests/test_wechat.py`` has the list) is not written. Besides:

- links to other hosts than its own lose their address, so that each is text with a number here, and its address stands at the
  end; addresses within the text lead nowhere;
- blanks and line ends in code are joined, so that they are no-break blanks and ``<br>``;
- a list in an item of a list is pulled out, so that it stands behind the item here;
- pictures are fetched by their address once, when they are pasted: they need a full one, and a format that it knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from builder.formats.feeds.content import feed_html

OWN_HOST = "https://mp.weixin.qq.com/"
_UNKNOWN_PICTURES = (".svg", ".avif", ".bmp", ".ico")
_FONT = "font-size: 16px; line-height: 1.8; color: #2b2b2b;"
_STYLES: Mapping[str, str] = {
    "p": f"margin: 0 0 16px; {_FONT} text-align: justify;",
    "h2": "margin: 32px 0 16px; padding: 0 0 0 10px; border-left: 4px solid #b3261e; font-size: 20px; line-height: 1.5; "
    "font-weight: bold; color: #1f1f1f;",
    "h3": "margin: 24px 0 12px; font-size: 18px; line-height: 1.5; font-weight: bold; color: #1f1f1f;",
    "h4": "margin: 20px 0 10px; font-size: 16px; line-height: 1.6; font-weight: bold; color: #1f1f1f;",
    "ul": "margin: 0 0 16px; padding: 0 0 0 24px; list-style-type: disc;",
    "ol": "margin: 0 0 16px; padding: 0 0 0 28px; list-style-type: decimal;",
    "li": f"margin: 0 0 6px; {_FONT}",
    "blockquote": "margin: 0 0 16px; padding: 10px 14px; border-left: 4px solid #d5d5d5; background-color: #f6f6f6;",
    "table": "margin: 0 0 16px; width: 100%; border-collapse: collapse;",
    "th": "padding: 6px 8px; border: 1px solid #d5d5d5; background-color: #f6f6f6; font-size: 14px; line-height: 1.6; "
    "font-weight: bold; text-align: left;",
    "td": "padding: 6px 8px; border: 1px solid #d5d5d5; font-size: 14px; line-height: 1.6;",
    "pre": "margin: 0 0 16px; padding: 10px 12px; background-color: #f6f6f6; font-family: Menlo, Consolas, monospace; "
    "font-size: 13px; line-height: 1.6;",
    "code": "padding: 1px 4px; background-color: #f2f2f2; font-family: Menlo, Consolas, monospace; font-size: 14px;",
    "img": "display: block; margin: 0 auto; max-width: 100%; height: auto;",
    "hr": "margin: 24px 0; border: 0; border-top: 1px solid #d5d5d5;",
    "strong": "font-weight: bold;",
    "em": "font-style: normal; border-bottom: 1px dotted #2b2b2b;",
    "del": "text-decoration: line-through;",
    "mark": "background-color: #fff2b3;",
    "sup": "font-size: 12px; vertical-align: super; line-height: 0;",
    "sub": "font-size: 12px; vertical-align: sub; line-height: 0;",
    "section": "margin: 0 0 16px;",
    "figcaption": "margin: 6px 0 16px; font-size: 14px; line-height: 1.6; color: #666666; text-align: center;",
    "small": "font-size: 13px; color: #666666;",
}
_RENAMED: Mapping[str, str] = {
    "b": "strong", "i": "em", "s": "del", "ins": "span", "u": "span", "div": "section", "article": "section", "aside": "section",
    "main": "section", "header": "section", "footer": "section", "figure": "section", "figcaption": "p", "details": "section",
    "summary": "p", "dl": "section", "dt": "p", "dd": "p", "address": "p", "h1": "h2", "h5": "h4", "h6": "h4", "kbd": "code",
    "samp": "code", "var": "em", "cite": "em", "dfn": "strong", "center": "section", "nav": "section", "menu": "ul",
}  # fmt: skip
_KEPT = frozenset(
    "p h2 h3 h4 ul ol li blockquote table thead tbody tfoot tr th td pre code img br hr strong em del mark sup sub section "
    "span small a ruby rt rp".split()
)
_KEPT_ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "a": ("href",),
    "img": ("src", "alt"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
    "ol": ("start",),
}


def wechat_html(html: str, links_title: str, original: tuple[str, str] | None = None) -> str:
    """Returns the HTML of an entry, whose addresses are full, as one ``<section>`` for the editor.

    ``links_title`` stands over the addresses at the end. ``original`` is a word for where the text was first published, and the
    address.
    """
    from lxml import html as lxml_html

    source = lxml_html.fragment_fromstring(html, create_parent="div")
    _drop_ways_back(source)
    cleaned = feed_html(lxml_html.tostring(source, encoding="unicode")[len("<div>") : -len("</div>")])
    root = lxml_html.fragment_fromstring(cleaned or "", create_parent="section")
    addresses = list(_links_as_text(root, _count_notes(root)))
    _code_with_blanks(root)
    _lists_side_by_side(root)
    for element in list(root.iter()):
        if isinstance(element.tag, str) and element is not root:
            _restyle(element)
    for number, address in addresses:
        _paragraph(root, f"[{number}] {address}", _STYLES["small"])
    if addresses:
        title = root.makeelement("p", style=_STYLES["h4"])
        title.text = links_title
        root.insert(len(root) - len(addresses), title)
    if original is not None:
        _paragraph(root, f"{original[0]}{original[1]}", _STYLES["small"])
    root.set("style", _FONT)
    text: str = lxml_html.tostring(root, encoding="unicode")
    return text


def _paragraph(root: Any, words: str, style: str) -> None:
    made = root.makeelement("p", style=f"margin: 0 0 6px; {style} word-break: break-all;")
    made.text = words
    root.append(made)


def _drop_ways_back(root: Any) -> None:
    """Takes out the signs that lead from a footnote back into the text, and brackets the numbers that lead to it."""
    for link in list(root.iter("a")):
        address = link.get("href") or ""
        if address.startswith("#fnref"):
            link.drop_tree()
        elif address.startswith("#fn") and link.getparent().tag == "sup":
            link.text = f"[{''.join(link.itertext())}]"
            for child in list(link):
                child.drop_tree()


def _count_notes(root: Any) -> int:
    """Returns the number of footnotes that the text has of its own."""
    return max(
        (int(match[1]) for each in root.iter("sup") if (match := re.fullmatch(r"\[(\d{1,4})\]", each.text_content()))),
        default=0,
    )


def _links_as_text(root: Any, notes: int) -> Iterator[tuple[int, str]]:
    """Puts a number behind each link to elsewhere; yields the numbers with the addresses, each address once."""
    numbers: dict[str, int] = {}
    for link in list(root.iter("a")):
        address = link.get("href") or ""
        if address.startswith(OWN_HOST):
            continue
        words = "".join(link.itertext()).strip()
        link.tag = "span"
        plain = re.sub(r"^mailto:|^tel:", "", address)
        if not address or not words or words in (address, plain, address.rstrip("/")):
            continue
        if address not in numbers:
            numbers[address] = notes + len(numbers) + 1
            yield numbers[address], plain
        mark = link.makeelement("sup")
        mark.text = f"[{numbers[address]}]"
        link.append(mark)


def _code_with_blanks(root: Any) -> None:
    for block in root.iter("pre"):
        lines = "".join(block.itertext()).strip("\n").split("\n")
        for child in list(block):
            block.remove(child)
        block.text = _unbreakable(lines[0])
        for line in lines[1:]:
            end = block.makeelement("br")
            end.tail = _unbreakable(line)
            block.append(end)


def _unbreakable(line: str) -> str:
    return line.replace("\t", "    ").replace(" ", "\u00a0")


def _lists_side_by_side(root: Any) -> None:
    for inner in reversed(list(root.iter("ul", "ol"))):
        item = inner.getparent()
        if item is None or item.tag != "li":
            continue
        tail, inner.tail = inner.tail or "", None
        if tail.strip():
            before = inner.getprevious()
            if before is not None:
                before.tail = (before.tail or "") + tail
            else:
                item.text = (item.text or "") + tail
        item.addnext(inner)


def _restyle(element: Any) -> None:
    was = element.tag
    name = _RENAMED.get(was, was)
    if name not in _KEPT:
        element.drop_tag()
        return
    address = element.get("src") or ""
    if name == "img" and (
        not address.startswith(("https://", "http://")) or address.lower().endswith(_UNKNOWN_PICTURES)
    ):
        words = element.makeelement("span")
        words.text, words.tail = f"[{element.get('alt')}]" if element.get("alt") else "", element.tail
        element.getparent().replace(element, words)
        return
    element.tag = name
    kept = {key: element.get(key) for key in _KEPT_ATTRIBUTES.get(name, ()) if element.get(key)}
    align = element.get("align") or ""
    element.attrib.clear()
    for key, value in kept.items():
        element.set(key, value)
    style = _STYLES.get(was if was == "figcaption" else name, "")
    if name == "code" and element.getparent().tag == "pre":
        style = ""
    if name == "p" and element.getparent().tag in ("li", "td", "th", "blockquote"):
        style = f"margin: 0; {_FONT}" if element.getparent().tag != "td" else "margin: 0;"
    if align in ("left", "center", "right"):
        style += f" text-align: {align};"
    if style:
        element.set("style", style)
