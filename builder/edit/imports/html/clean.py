"""Pasted HTML made plain: hidden nodes and what runs taken out, styles turned into elements, lists of Word into lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from builder.edit.imports.html.css import declarations, is_bold, is_hidden
from builder.edit.imports.imported import Note
from builder.edit.imports.marks import ITEM, MARK_SIGNS, TEXT, mark
from builder.messages.translation import N_

_GONE = frozenset("script style noscript template head title meta link base button select textarea input svg".split())
_PLAYERS = frozenset(
    "iframe frame object embed video audio mpvoice mp-voice mpvideo mp-video mpvideosnap mp-common-videosnap mp-common-mpaudio "
    "mp-miniprogram mp-weapp mp-common-profile mp-common-product qqmusic mp-common-qqmusic mpgongyi mp-style-type".split()
)
_SOURCES = ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-origin", "src")
_DOTS = frozenset("·•●○■□◆◇▪➢Ø§üo-–—*→")
_LIST = re.compile(r"\bl\d+\s+level(\d)\b")
_BACKGROUND = re.compile(r"url\(\s*['\"]?(?:https?:|//)", re.IGNORECASE)


def without_the_unseen(root: Any) -> Iterator[Note]:
    """Takes out what nobody sees and what would run; yields notes of both."""
    signs = passages = 0
    for element in list(root.iterdescendants()):
        if is_hidden(element) and _lies_in(element, root):
            words = len("".join("".join(element.itertext()).split()))
            signs, passages = signs + words, passages + bool(words)
            _drop(element)
    if passages:
        yield Note(
            "hidden",
            N_("Hidden text ({count} passages, {signs} characters) was left out."),
            {"count": str(passages), "signs": str(signs)},
        )
    players: Counter[str] = Counter()
    for element in list(root.iter(*_GONE, *_PLAYERS)):
        if not _lies_in(element, root):
            continue
        if element.tag in _PLAYERS:
            players[element.tag] += 1
        _drop(element)
    if players:
        yield Note(
            "unreadable",
            N_("Videos, sounds and cards ({count}) cannot be taken over; add them as files or links."),
            {"count": str(sum(players.values()))},
        )
    grounds = sum(_BACKGROUND.search(each.get("style") or "") is not None for each in root.iter())
    if grounds:
        yield Note("unreadable", N_("Pictures behind text ({count}) were left out."), {"count": str(grounds)})


def _lies_in(element: Any, root: Any) -> bool:
    """Tells whether an element is still there, and has not gone with another one that it was in."""
    return any(each is root for each in element.iterancestors())


def _drop(element: Any) -> None:
    """Takes an element out with everything in it; what stands behind it stays."""
    parent = element.getparent()
    before, tail = element.getprevious(), element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def with_real_sources(root: Any) -> None:
    """Gives pictures the address that a script would have given them, and takes out those that only count readers."""
    for element in list(root.iter("img")):
        found = next((address for name in _SOURCES if (address := (element.get(name) or "").strip())), "")
        sizes = [element.get(side) or "" for side in ("width", "height")]
        if not found or all(size in ("0", "1", "2") for size in sizes) or found.startswith(("about:", "javascript:")):
            _drop(element)
        elif element.get("data-emoji") or "emoji" in (element.get("class") or "").lower():
            words = element.makeelement("span")
            words.text, words.tail = element.get("alt") or element.get("title") or "", element.tail
            element.getparent().replace(element, words)
        else:
            element.set("src", f"https:{found}" if found.startswith("//") else found)


def with_elements_for_styles(root: Any) -> None:
    """Turns bold, italic, struck and raised styles into the elements that mean them."""
    for element in list(root.iterdescendants()):
        style, inline = declarations(element), element.tag in ("span", "font", "b", "strong", "i", "em", "u", "a")
        wanted = [
            name
            for name, wants in (
                ("strong", is_bold(element) and element.tag not in ("b", "strong", "th") and not _is_heading(element)),
                ("em", style.get("font-style") in ("italic", "oblique") and element.tag not in ("i", "em")),
                ("del", "line-through" in style.get("text-decoration", "") + style.get("text-decoration-line", "")),
                ("sup", inline and style.get("vertical-align") == "super"),
                ("sub", inline and style.get("vertical-align") == "sub"),
            )
            if wants
        ]
        if element.tag in ("b", "strong") and is_bold(element) is False:
            element.tag = "span"
        for name in wanted:
            _wrap_inside(element, name)


def _is_heading(element: Any) -> bool:
    return re.fullmatch(r"h[1-6]", element.tag) is not None


def _wrap_inside(element: Any, name: str) -> None:
    """Puts an element around the words in another one, unless that holds blocks, each of which says it for itself."""
    if next(element.iter("p", "div", "section", "table", "ul", "ol", "li", "h1", "h2", "h3"), element) is not element:
        return
    if any(each is not element for each in element.iter("p", "div", "section", "table", "ul", "ol")):
        return
    inner = element.makeelement(name)
    inner.text, element.text = element.text, None
    for child in list(element):
        inner.append(child)
    element.append(inner)


def mark_lists_of_word(root: Any) -> None:
    """Marks the paragraphs that Word and WPS write for lists: their number stands in them, as text that looks like one."""
    for text in root.itertext():
        if not MARK_SIGNS.isdisjoint(text):
            _strip_marks(root)
            break
    for paragraph in list(root.iter("p", "div", "h1", "h2", "h3")):
        match = _LIST.search(paragraph.get("style") or "")
        if match is None:
            continue
        sign = next((each for each in paragraph.iter("span") if "mso-list" in declarations(each)), None)
        shown = "".join("".join(sign.itertext()).split()) if sign is not None else ""
        if sign is not None:
            _drop(sign)
        if not shown:
            continue
        level = int(match[1]) - 1
        number = re.fullmatch(r"(\d{1,6})\.", shown)
        if _is_heading(paragraph):
            paragraph.text = f"{shown}{'' if shown.endswith(('、', '）')) else ' '}{(paragraph.text or '').lstrip()}"
        elif shown in _DOTS:
            paragraph.text = mark(ITEM, level, -1) + (paragraph.text or "")
        elif number is not None:
            paragraph.text = mark(ITEM, level, int(number[1])) + (paragraph.text or "")
        else:
            joint = "" if shown.endswith(("、", "）")) else " "
            paragraph.text = mark(TEXT, level) + shown + joint + (paragraph.text or "").lstrip()


def _strip_marks(root: Any) -> None:
    for element in root.iter():
        for name in ("text", "tail"):
            words = getattr(element, name)
            if words:
                setattr(element, name, "".join(sign for sign in words if sign not in MARK_SIGNS))
