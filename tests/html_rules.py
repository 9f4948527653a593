"""The rules of Nu and html-validate that pages have broken before, for whole pages: a list of faults in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib

_IMPLIED = {
    "table": "table",
    "thead": "rowgroup",
    "tbody": "rowgroup",
    "tr": "row",
    "td": "cell",
    "nav": "navigation",
    "aside": "complementary",
    "main": "main",
    "ul": "list",
    "ol": "list",
    "li": "listitem",
    "button": "button",
    "article": "article",
    "form": "form",
}
_NATIVE = {
    "region": "section",
    "navigation": "nav",
    "button": "button",
    "list": "ul",
    "heading": "h2",
    "table": "table",
}
_NEVER_EMPTY = ("action", "formaction", "href", "src", "srcset", "for", "id", "name", "lang", "datetime")
_REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers")
_NAMED = set(
    "a area article aside audio button dialog details fieldset figure footer form header iframe img input main meter nav"
    " object output progress section select summary table td textarea th video".split()
)
_INTERACTIVE = {"a", "button", "input", "select", "textarea", "label", "iframe", "audio", "video", "details"}
_LANDMARKS = ("nav", "aside", "main", "form", "section")


def faults(text: str) -> list[str]:
    """Returns what is wrong with a page."""
    return read_page(text)[1]


def read_page(text: str) -> tuple[Element, list[str]]:
    """Returns a page as a tree, and what is wrong with it."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root: Element = parser.parse(text.strip())
    found = [str(error) for error in parser.errors]
    if not text.lstrip().startswith("<!DOCTYPE html>"):
        found.append("no doctype")
    ids = Counter(node.attrib["id"] for node in root.iter() if "id" in node.attrib)
    found += [f"id {name} occurs {count} times" for name, count in ids.items() if count > 1]
    landmarks: Counter[tuple[str, str]] = Counter()
    for node, above in _walk(root, ()):
        tag = str(node.tag)
        found += _attribute_faults(tag, node, above, set(ids))
        if tag in _INTERACTIVE - {"label"} and "a" in above:
            found.append(f"{tag} in a link")
        name = node.get("aria-label") or node.get("aria-labelledby") or ""
        if tag == "aside" and not name:
            found.append("aside without a name")
        if tag in _LANDMARKS and (tag in ("nav", "aside", "main") or name):
            landmarks[tag, name] += 1
    found += [f"{count} {tag} have the name {name!r}" for (tag, name), count in landmarks.items() if count > 1]
    return root, found


def _walk(node: Element, above: tuple[str, ...]) -> Iterator[tuple[Element, tuple[str, ...]]]:
    yield node, above
    for child in node:
        if isinstance(child.tag, str):
            yield from _walk(child, (*above, str(node.tag)))


def _attribute_faults(tag: str, node: Element, above: tuple[str, ...], ids: set[str]) -> Iterator[str]:
    role = node.get("role", "")
    for name in _NEVER_EMPTY:
        if not node.get(name, "-").strip():
            yield f"{name} of {tag} is empty"
    for name in _REFERENCES:
        for each in node.get(name, "").split():
            if each not in ids:
                yield f"{name} of {tag} names {each}, which there is not"
    if role and (_IMPLIED.get(tag) == role or (tag in ("td", "th", "tr", "thead", "tbody") and "table" in above)):
        yield f"role {role} of {tag}"
    if tag in ("div", "span", "p") and role in _NATIVE:
        yield f"{tag} has the role of {_NATIVE[role]}"
    if ("aria-label" in node.attrib or "aria-labelledby" in node.attrib) and tag not in _NAMED and not role:
        yield f"{tag} cannot have a name"
    if tag == "button" and node.get("type") not in ("button", "submit", "reset"):
        yield "button without a type"
