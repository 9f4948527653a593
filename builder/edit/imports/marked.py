"""The converter's HTML with the marks in it turned into what they stand for: headings, lists, captions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import html as lxml_html

from builder.edit.imports.marks import CAPTION, HEADING, ITEM, MARK_SIGNS, TEXT, Mark, split_mark


def structured(html: str) -> Any:
    """Returns the converter's HTML as one element, in which every mark has had its effect."""
    # The converter writes a comment between two lists.
    root = lxml_html.fragment_fromstring(html, create_parent=True, parser=lxml_html.HTMLParser(remove_comments=True))
    apply_marks(root)
    return root


def apply_marks(root: Any) -> None:
    """Gives every mark in an element its effect."""
    parents = {id(each.getparent()): each.getparent() for each in root.iter(*_MARKED) if each is not root}
    for parent in list(parents.values()):
        _structure(parent)
    for element in root.iter():
        for name in ("text", "tail"):
            words = getattr(element, name)
            if words and not MARK_SIGNS.isdisjoint(words):
                setattr(element, name, _unmarked(words))


_MARKED = ("p", "div", *(f"h{level}" for level in range(1, 7)))


def _unmarked(words: str) -> str:
    """Returns words without marks that stand where none was put, as where the converter joined two paragraphs."""
    parts = words.split("\ufdd0")
    return parts[0] + "".join(split_mark("\ufdd0" + part)[1] for part in parts[1:])


def _structure(parent: Any) -> None:
    lists: list[tuple[int, Any]] = []
    for child in list(parent):
        found = _take_mark(child) if child.tag in _MARKED and not _holds_paragraphs(child) else None
        if found is None or found.name not in (ITEM, TEXT):
            lists = []
        if found is None:
            continue
        if found.name == HEADING:
            child.tag = f"h{found.level}"
        elif found.name == CAPTION:
            _caption(child)
        elif found.name == TEXT:
            while lists and lists[-1][0] >= found.level:
                lists.pop()
            if lists:
                # Belongs to the item above it.
                lists[-1][1][-1].append(child)
        else:
            _add_item(parent, child, found, lists)


def _holds_paragraphs(element: Any) -> bool:
    return any(each is not element for each in element.iter(*_MARKED, "li"))


def _take_mark(paragraph: Any) -> Mark | None:
    """Returns the mark of a paragraph, and takes it out of its words."""
    for element, name in _first_words(paragraph):
        words = getattr(element, name)
        if not words:
            continue
        found, rest = split_mark(words)
        if found is not None:
            setattr(element, name, rest)
        return found
    return None


def _first_words(element: Any) -> Iterator[tuple[Any, str]]:
    yield element, "text"
    for child in element:
        yield from _first_words(child)
        yield child, "tail"


def _add_item(parent: Any, paragraph: Any, found: Mark, lists: list[tuple[int, Any]]) -> None:
    tag = "ul" if found.number < 0 else "ol"
    while lists and lists[-1][0] > found.level:
        lists.pop()
    if lists and lists[-1][0] == found.level and not _continues(lists[-1][1], tag, found.number):
        lists.pop()
    if not lists or lists[-1][0] < found.level:
        made = parent.makeelement(tag)
        if tag == "ol" and found.number != 1:
            made.set("start", str(found.number))
        if lists:
            lists[-1][1][-1].append(made)
        else:
            paragraph.addprevious(made)
        lists.append((found.level, made))
    item = parent.makeelement("li")
    lists[-1][1].append(item)
    tail, paragraph.tail = paragraph.tail, None
    item.append(paragraph)
    lists[-1][1].tail = tail if lists[-1][1].getparent() is parent else None


def _continues(element: Any, tag: str, number: int) -> bool:
    return element.tag == tag and (tag == "ul" or number == int(element.get("start") or "1") + len(element))


def _caption(paragraph: Any) -> None:
    """Makes a caption the title of the picture before it; without one it stays a paragraph."""
    before = paragraph.getprevious()
    pictures = list(before.iter("img")) if before is not None else []
    if pictures:
        pictures[-1].set("title", " ".join("".join(paragraph.itertext()).split()))
        paragraph.getparent().remove(paragraph)
