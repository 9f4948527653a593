"""Tables as Markdown where it can draw them, else as HTML, which keeps merged cells."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from html import escape
from typing import Any

from builder.edit.imports.markdown.inline import html_words, plain, words_of

_LISTS, _BLOCKS = ("ul", "ol"), ("p", "div", "section", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre")
_MOST_SPAN = 999


def table(element: Any) -> list[str]:
    """Returns the lines of a table; none for one without words and pictures."""
    rows = [row for row in _rows(element) if row]
    if not any(_filled(cell) for row in rows for cell in row):
        return []
    caption = element.find("caption")
    told = words_of(caption) if caption is not None else ""
    drawn = _piped(rows) if _is_simple(rows) else _html(element, rows)
    return [told, "", *drawn] if told else drawn


def _rows(element: Any) -> Iterator[list[Any]]:
    """Yields the rows of a table, not those of tables in its cells."""
    for row in element.iter("tr"):
        if next(row.iterancestors("table"), None) is element:
            yield [cell for cell in row if cell.tag in ("td", "th")]


def _filled(cell: Any) -> bool:
    return bool(plain("".join(cell.itertext())).strip()) or next(cell.iter("img"), None) is not None


def _is_simple(rows: list[list[Any]]) -> bool:
    width = len(rows[0])
    return width > 1 and all(
        len(row) == width
        and all(span(cell, "colspan") == span(cell, "rowspan") == 1 and _is_inline(cell) for cell in row)
        for row in rows
    )


def _is_inline(cell: Any) -> bool:
    return next(cell.iter("table", "ul", "ol", "pre", "blockquote"), None) is None and not (
        cell.tag == "th" and next(cell.iterancestors("tbody"), None) is not None
    )


def span(cell: Any, name: str) -> int:
    """Returns how many columns or rows a cell takes."""
    written = cell.get(name) or "1"
    return max(1, min(int(written), _MOST_SPAN)) if written.isascii() and written.isdigit() and len(written) < 6 else 1


def _piped(rows: list[list[Any]]) -> list[str]:
    lines = ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return [lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]]


def _cell(cell: Any) -> str:
    return "<br>".join(part for each in _leaves(cell) if (part := words_of(each, "cell")))


def _leaves(element: Any) -> Iterator[Any]:
    """Yields the innermost blocks of a cell; words beside blocks are paragraphs of their own."""
    if next(element.iterdescendants(*_BLOCKS), None) is None:
        yield element
        return
    loose = element.makeelement("p")
    loose.text = element.text
    for child in element:
        if child.tag in _BLOCKS or next(child.iterdescendants(*_BLOCKS), None) is not None:
            yield loose
            yield from _leaves(child)
            loose = element.makeelement("p")
            loose.text = child.tail
        else:
            loose.append(deepcopy(child))
    yield loose


def _html(element: Any, rows: list[list[Any]]) -> list[str]:
    has_head = element.find("thead") is not None
    lines = ["<table>"]
    for place, row in enumerate(rows):
        lines.append("<tr>")
        for cell in row:
            name = "th" if cell.tag == "th" or (place == 0 and has_head) else "td"
            spans = "".join(f' {key}="{span(cell, key)}"' for key in ("colspan", "rowspan") if span(cell, key) > 1)
            lines.append(f"<{name}{spans}>{_html_blocks(cell)}</{name}>")
        lines.append("</tr>")
    return [*lines, "</table>"]


def _html_blocks(element: Any) -> str:
    """Returns the content of a cell on one line: a blank line would end the table."""
    parts: list[str] = []
    words = escape(plain(element.text or ""), quote=False)
    for child in element:
        if child.tag == "table":
            parts += [words.strip(), "".join(table_html(child))]
            words = ""
        elif child.tag in _LISTS:
            items = "".join(f"<li>{_html_blocks(item)}</li>" for item in child if item.tag == "li")
            parts += [words.strip(), f"<{child.tag}>{items}</{child.tag}>"]
            words = ""
        elif child.tag in _BLOCKS:
            parts += [words.strip(), _html_blocks(child)]
            words = ""
        else:
            holder = child.makeelement("span")
            tail, child.tail = child.tail, None
            place = child.getparent().index(child)
            holder.append(child)
            words += html_words(holder)
            element.insert(place, child)
            child.tail = tail
        words += escape(plain(child.tail or ""), quote=False)
    parts.append(words.strip())
    filled = [part for part in parts if part]
    return (
        "<br>".join(filled)
        if not any(part.startswith(("<ul", "<ol", "<table")) for part in filled)
        else "".join(filled)
    )


def table_html(element: Any) -> list[str]:
    """Returns a table as HTML."""
    return _html(element, [row for row in _rows(element) if row])
