"""Tables for spreadsheets, as CSV (RFC 4180)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫")


def csv_table(rows: Iterable[Sequence[str | int]]) -> bytes:
    """Returns the rows as CSV. A byte order mark marks it as UTF-8 for spreadsheets; no text is read as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([_as_text(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _as_text(cell: str) -> str:
    """Returns a text that no spreadsheet runs as a formula (OWASP, CSV injection), whatever blanks stand before it."""
    return f"'{cell}" if cell.startswith(("\t", "\r")) or cell.lstrip().startswith(_FORMULA) else cell
