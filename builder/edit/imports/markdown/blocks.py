"""The blocks of a text as Markdown: headings, paragraphs, lists, quotations, code, tables, footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from typing import Any

from builder.edit.imports.markdown.inline import note_label, picture, words_of
from builder.edit.imports.markdown.tables import table

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CONTAINERS = frozenset(
    "div section article main header footer aside center figure body html form fieldset details nav dl".split()
)
_BLOCKS = frozenset(
    (*_HEADINGS, *_CONTAINERS, *"p ul ol li blockquote pre table hr figcaption dt dd summary address".split())
)
_DEEPEST = 60


def to_markdown(root: Any) -> str:
    """Returns the text of an HTML element without comments as Markdown that ends with a line end; empty for nothing.

    Pictures have to have relative addresses already. What has no counterpart in Markdown leaves its words.
    """
    blocks = list(_blocks(root, 0))
    return (
        "\n\n".join("\n".join(block) for block in blocks if any(line.strip() for line in block)).rstrip() + "\n"
        if blocks
        else ""
    )


def _blocks(element: Any, depth: int) -> Iterator[list[str]]:
    """Yields the blocks in an element, each as its lines; words beside blocks are paragraphs of their own."""
    loose = element.makeelement("p")
    loose.text = element.text
    for child in list(element):
        if child.tag in _BLOCKS or _holds_blocks(child):
            yield from _paragraph(loose)
            yield from _block(child, depth + 1)
            loose = element.makeelement("p")
            loose.text = child.tail
        else:
            loose.append(deepcopy(child))
    yield from _paragraph(loose)


def _holds_blocks(element: Any) -> bool:
    return next(element.iterdescendants(*_BLOCKS), None) is not None


def _paragraph(element: Any) -> Iterator[list[str]]:
    formula = _display_formula(element)
    if formula:
        yield ["$$", formula, "$$"]
        return
    words = words_of(element)
    if words:
        yield from (paragraph.split("\n") for paragraph in words.split("\n\n"))


def _display_formula(element: Any) -> str:
    found = element.find("span")
    if len(element) == 1 and found is not None and (found.get("class") or "").split()[:2] == ["math", "display"]:
        return " ".join("".join(found.itertext()).split())
    return ""


def _block(element: Any, depth: int) -> Iterator[list[str]]:
    name = element.tag
    if depth > _DEEPEST:
        yield from _paragraph(element)
    elif name in _HEADINGS:
        words = words_of(element, "heading")
        if words:
            yield [f"{'#' * _HEADINGS[name]} {re.sub(r'(#+)$', lambda match: chr(92) + match[1], words)}"]
        yield from ([picture(each)] for each in element.iter("img") if not words and each.get("src"))
    elif name in ("ul", "ol"):
        yield from _list(element, depth)
    elif name == "blockquote":
        inner = _separated(_blocks(element, depth))
        if inner:
            yield [f"> {line}".rstrip() for line in inner]
    elif name == "pre":
        yield from _code(element)
    elif name == "table":
        yield from _table(element, depth)
    elif name == "hr":
        yield ["---"]
    elif "footnotes" in (element.get("class") or "").split():
        yield from _footnotes(element, depth)
    elif name == "p" and not _holds_blocks(element):
        yield from _paragraph(element)
    else:
        yield from _blocks(element, depth)


def _table(element: Any, depth: int) -> Iterator[list[str]]:
    cells = [cell for cell in element.iter("td", "th") if next(cell.iterancestors("table"), None) is element]
    if len(cells) == 1:
        # A frame around a text, not a table.
        yield from _blocks(cells[0], depth)
        return
    lines = table(element)
    if lines:
        yield lines


def _code(element: Any) -> Iterator[list[str]]:
    text = "".join(element.itertext()).strip("\n")
    if text.strip():
        fence = "`" * max(3, max((len(run) for run in re.findall(r"`+", text)), default=0) + 1)
        yield [fence, *text.split("\n"), fence]


def _list(element: Any, depth: int) -> Iterator[list[str]]:
    items = [(item, _item_blocks(item, depth)) for item in element]
    items = [(item, blocks) for item, blocks in items if blocks]
    if not items:
        return
    ordered = element.tag == "ol"
    # Two lists in a row are one to Markdown, unless their signs differ.
    second = _lists_before(element) % 2
    start = element.get("start") or "1"
    number = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 1
    # A list in an item follows its words at once; everything else that follows makes the list a loose one.
    loose = any(not _is_list(block) for _, blocks in items for block in blocks[1:])
    lines: list[str] = []
    for place, (_, blocks) in enumerate(items):
        sign = f"{number + place}{').'[not second]} " if ordered else "-*"[second] + " "
        inner = _separated(blocks) if loose else [line for block in blocks for line in block]
        if lines and loose:
            lines.append("")
        lines.append(f"{sign}{inner[0]}")
        lines += [f"{' ' * len(sign)}{line}" if line else "" for line in inner[1:]]
    yield lines


def _lists_before(element: Any) -> int:
    """Returns how many lists of the same kind stand right before a list."""
    count, before = 0, element.getprevious()
    while before is not None and before.tag == element.tag and not (before.tail or "").strip():
        count, before = count + 1, before.getprevious()
    return count


def _item_blocks(item: Any, depth: int) -> list[list[str]]:
    return list(_blocks(item, depth)) if item.tag == "li" else list(_block(item, depth + 1))


def _is_list(block: list[str]) -> bool:
    return re.match(r"(?:[-*]|\d{1,9}[.)]) ", block[0]) is not None


def _footnotes(element: Any, depth: int) -> Iterator[list[str]]:
    for item in element.iter("li"):
        if not (item.get("id") or "").startswith("fn"):
            continue
        lines = _separated(_blocks(item, depth))
        if lines:
            label = note_label(item.get("id"))
            yield [f"[^{label}]: {lines[0]}", *(f"    {line}" if line else "" for line in lines[1:])]


def _separated(blocks: Iterable[list[str]]) -> list[str]:
    """Returns the lines of blocks with a blank line between any two."""
    lines: list[str] = []
    for block in blocks:
        lines += ["", *block] if lines else block
    return lines
