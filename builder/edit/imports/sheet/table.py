"""A spreadsheet as a text for an entry: tables to read, or a file to download with nothing hidden in it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from lxml import html as lxml_html

from builder.content.yaml.quoting import quoted
from builder.edit.imports.entry import ImportedText, title_of_file
from builder.edit.imports.package import open_package, pack
from builder.edit.imports.sheet.cells import Sheet, read_sheets
from builder.messages.translation import N_, Translator
from builder.model.slugs import slugify

_STAMP = "docProps/core.xml"
_WHEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_MOST_CELLS = 2_000_000


def read_table(content: bytes, name: str) -> ImportedText:
    """Returns a text with a table for each visible sheet. Raises ImportRefusedError."""
    sheets, notes = read_sheets(content, name)
    root = lxml_html.fragment_fromstring("", create_parent="div")
    title = ""
    for sheet in sheets:
        above = [" ".join(cell for cell in row if cell) for row in sheet.rows[: sheet.head]]
        if len(sheets) == 1 and above:
            title, above = above[0].replace("\n", ""), above[1:]
        elif len(sheets) > 1:
            _add(root, "h2", sheet.named or sheet.name)
        for line in above:
            _add(root, "p", line)
        root.append(_table(sheet))
    title = title or (sheets[0].named if len(sheets) == 1 else "") or title_of_file(name)
    return ImportedText(root, title, notes=notes)


def _add(root: Any, tag: str, text: str) -> Any:
    element = root.makeelement(tag)
    element.text, *rest = text.split("\n")
    for line in rest:
        element.append(root.makeelement("br"))
        element[-1].tail = line
    root.append(element)
    return element


def _table(sheet: Sheet) -> Any:
    table = lxml_html.fragment_fromstring("", create_parent="table")
    covered = {
        (row + down, column + across)
        for (row, column), (width, height) in sheet.spans.items()
        for down in range(height)
        for across in range(width)
        if (down, across) != (0, 0)
    }
    for place in range(sheet.head, len(sheet.rows)):
        holder = table
        if place == sheet.head:
            holder = table.makeelement("thead")
            table.append(holder)
        row = table.makeelement("tr")
        holder.append(row)
        for column, text in enumerate(sheet.rows[place]):
            if (place, column) in covered:
                continue
            cell = _add(row, "th" if place == sheet.head else "td", text)
            across, down = sheet.spans.get((place, column), (1, 1))
            for key, count in (("colspan", across), ("rowspan", down)):
                if count > 1:
                    cell.set(key, str(count))
    return table


def read_attachment(content: bytes, name: str, now: datetime, text: Translator) -> ImportedText:
    """Returns a text with the spreadsheet as a file to download: a copy with what can be seen, and nothing else. Raises
    ImportRefusedError."""
    sheets, notes = read_sheets(content, name, _MOST_CELLS)
    stem, _, ending = name.rpartition(".")
    is_csv = ending.lower() in ("csv", "tsv", "txt")
    title = title_of_file(name)
    file = f"{slugify(stem) or 'table'}.{'csv' if is_csv else 'xlsx'}"
    root = lxml_html.fragment_fromstring("", create_parent="div")
    count = sum(len(sheet.rows) - sheet.head - 1 for sheet in sheets)
    _add(root, "p", text.gettext(N_("Rows: {n}; see the attachment."), n=max(count, 0)))
    keys = {"attachments": f"[{{file: {quoted(file)}, title: {quoted(title)}}}]"}
    return ImportedText(
        root, title, keys, files={file: _csv(sheets[0]) if is_csv else _workbook(sheets, now)}, notes=notes
    )


def _csv(sheet: Sheet) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(sheet.rows)
    # The mark at the beginning tells Excel that it is UTF-8.
    return written.getvalue().encode("utf-8-sig")


def _workbook(sheets: Sequence[Sheet], now: datetime) -> bytes:
    """Returns a workbook of texts; the same texts give the same bytes."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        made = book.create_sheet(sheet.name or "1")
        for row, cells in enumerate(sheet.rows, 1):
            for column, value in enumerate(cells, 1):
                if value:
                    cell = made.cell(row, column, value)
                    # A text that begins with “=” is no formula.
                    cell.data_type = "s"
        for (row, column), (across, down) in sheet.spans.items():
            made.merge_cells(start_row=row + 1, start_column=column + 1, end_row=row + down, end_column=column + across)
    written = io.BytesIO()
    book.save(written)
    parts = open_package(written.getvalue(), "")
    stamp = f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}".encode()
    return pack({**parts, _STAMP: _WHEN.sub(rb"\g<1>" + stamp, parts[_STAMP])})
