"""The visible cells of a spreadsheet, each as the text that it shows."""

from __future__ import annotations

import csv
import io
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from builder.edit.imports.imported import ImportRefusedError, Note, NoteKind
from builder.edit.imports.package import damaged, open_package, text_in
from builder.messages.translation import N_

MOST_CELLS = 50_000
_NAMED = 8
_SEPARATORS = ",;\t"
_PLAIN_NAME = re.compile(r"(?:sheet|工作表|表)\s*\d*", re.IGNORECASE)
_ERROR = re.compile(r"#(?:REF!|DIV/0!|N/A|NAME\?|VALUE!|NUM!|NULL!|SPILL!)")


class Sheet(msgspec.Struct, frozen=True):
    """One sheet: its visible rows, and the cells that take several columns or rows, by row and column (from 0), with both
    numbers. ``numbers`` are the numbers of the rows in the file."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    spans: Mapping[tuple[int, int], tuple[int, int]] = {}
    numbers: tuple[int, ...] = ()

    @property
    def named(self) -> str:
        """Its name; empty if that is only a number."""
        return "" if _PLAIN_NAME.fullmatch(self.name.strip()) else self.name.strip()

    @property
    def head(self) -> int:
        """The row that names the columns: the first one that is full, else the first with two cells."""
        wide = {row for (row, _), (columns, _) in self.spans.items() if columns > 1}
        full = (place for place, row in enumerate(self.rows) if len(row) > 1 and all(row) and place not in wide)
        several = (place for place, row in enumerate(self.rows) if sum(map(bool, row)) > 1)
        return next(full, next(several, 0))


def read_sheets(content: bytes, name: str, most: int = MOST_CELLS) -> tuple[tuple[Sheet, ...], tuple[Note, ...]]:
    """Returns the visible sheets of a .xlsx or .csv, and notes of what was left out. Raises ImportRefusedError."""
    ending = name.rpartition(".")[2].lower()
    if ending in ("csv", "tsv", "txt"):
        sheets: tuple[Sheet, ...] = (_read_csv(content, name),)
        notes: list[Note] = []
    elif ending in ("xlsx", "xlsm", "xltx"):
        sheets, notes = _read_workbook(content, name)
    else:
        raise ImportRefusedError(
            N_("{name} is no spreadsheet that can be read; save it as .xlsx or .csv, and try again."), name=name
        )
    filled = tuple(sheet for sheet in sheets if any(any(row) for row in sheet.rows))
    if not filled:
        raise ImportRefusedError(N_("{name} has no cells that can be seen."), name=name)
    if sum(len(row) for sheet in filled for row in sheet.rows) > most:
        raise ImportRefusedError(
            N_("{name} has more than {most} cells; import it with --as attachments, or a part of it."),
            name=name,
            most=str(most),
        )
    return filled, tuple(notes)


def _read_csv(content: bytes, name: str) -> Sheet:
    text = text_in(content, name)
    said = re.match(r"sep=(.)\n", text)
    first = re.sub(r'"[^"]*"', "", text[said.end() if said is not None else 0 :].partition("\n")[0])
    separator = said[1] if said is not None else max(_SEPARATORS, key=first.count)
    try:
        reader = csv.reader(
            io.StringIO(text[said.end() :] if said is not None else text, newline=""), delimiter=separator
        )
        rows = [[_csv_cell(cell) for cell in row] for row in reader]
    except csv.Error as error:
        raise ImportRefusedError(N_("{name} could not be read: {reason}."), name=name, reason=str(error)) from error
    return _sheet("", dict(_placed(rows)), {})


def _csv_cell(cell: str) -> str:
    # ="001" is how programs keep Excel from taking a text for a number.
    match = re.fullmatch(r'="([^"]*)"', cell.strip())
    return (match[1] if match is not None else cell).strip()


def _placed(rows: Iterable[Iterable[str]]) -> Iterator[tuple[tuple[int, int], str]]:
    for number, row in enumerate(rows, 1):
        yield from (((number, column), cell) for column, cell in enumerate(row, 1) if cell)


def _read_workbook(content: bytes, name: str) -> tuple[tuple[Sheet, ...], list[Note]]:
    import warnings

    from openpyxl import load_workbook

    parts = open_package(content, name)
    if b"spreadsheetml" not in parts.get("[Content_Types].xml", b""):
        raise ImportRefusedError(
            N_("{name} is no spreadsheet that can be read; save it as .xlsx or .csv, and try again."), name=name
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            formulas = load_workbook(io.BytesIO(content), keep_links=False)
            values = load_workbook(io.BytesIO(content), keep_links=False, data_only=True)
    except MemoryError:
        raise
    except Exception as error:
        # The library stumbles over a broken part in many ways.
        raise damaged(name) from error
    found = _Found()
    sheets = []
    for written, shown in zip(formulas.worksheets, values.worksheets, strict=True):
        if written.sheet_state != "visible":
            found.hidden_sheets.append(written.title)
            continue
        sheets.append(_visible(written, shown, found))
    return tuple(sheets), list(found.notes())


class _Found:
    """The things that were noticed while cells were read."""

    def __init__(self) -> None:
        self.hidden_sheets: list[str] = []
        self.hidden_columns: list[str] = []
        self.hidden_rows = 0
        self.hidden_cells = 0
        self.without_value: list[str] = []
        self.errors: list[str] = []
        self.commented = 0

    def notes(self) -> Iterator[Note]:
        """Yields what is to be told."""
        yield from _named("hidden", N_("Hidden sheets ({count}) were left out: {names}."), self.hidden_sheets)
        yield from _named("hidden", N_("Hidden columns ({count}) were left out: {names}."), self.hidden_columns)
        message = N_(
            "Formulas without a stored value ({count}) are empty: {names}. Open the file in Excel, save it, and try again."
        )
        yield from _named("unreadable", message, self.without_value)
        yield from _named("unreadable", N_("Formulas with an error ({count}): {names}."), self.errors)
        if self.hidden_rows:
            yield Note("hidden", N_("Hidden rows ({count}) were left out."), {"count": str(self.hidden_rows)})
        if self.hidden_cells:
            yield Note(
                "hidden", N_("Cells whose content is hidden ({count}) are empty."), {"count": str(self.hidden_cells)}
            )
        if self.commented:
            yield Note("commented", N_("Comments ({count}) were left out."), {"count": str(self.commented)})


def _named(kind: NoteKind, message: str, names: list[str]) -> Iterator[Note]:
    if names:
        shown = tuple(names[:_NAMED])
        if len(names) > _NAMED:
            shown = (*shown[:-1], f"{shown[-1]} …")
        yield Note(kind, message, {"count": str(len(names)), "names": shown})


def _visible(written: Any, shown: Any, found: _Found) -> Sheet:
    from openpyxl.utils import get_column_letter

    columns = _hidden_columns(written)
    rows = {number for number, row in written.row_dimensions.items() if row.hidden or row.height == 0}
    merges = {(area.min_row, area.min_col): (area.max_row, area.max_col) for area in written.merged_cells.ranges}
    texts: dict[tuple[int, int], str] = {}
    gone_columns, gone_rows = set[int](), set[int]()
    # Only the cells that are in the file: a format on whole columns would make millions of empty ones.
    for (row, column), cell in sorted(written._cells.items()):
        if cell.value is None:
            continue
        if column in columns or row in rows:
            (gone_columns if column in columns else gone_rows).add(column if column in columns else row)
            # A merged cell shows its text wherever a part of it is seen.
            if (row, column) not in merges:
                continue
        found.commented += cell.comment is not None
        texts[row, column] = _text_of(written, cell, shown.cell(row, column).value, found)
    found.hidden_columns += [get_column_letter(column) for column in sorted(gone_columns)]
    found.hidden_rows += len(gone_rows)
    return _sheet(written.title, texts, merges, columns, rows)


def _hidden_columns(sheet: Any) -> set[int]:
    found: set[int] = set()
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden or dimension.width == 0:
            first = dimension.min or 0
            found |= set(range(first, min(dimension.max or first, 16_384) + 1))
    return found


def _text_of(sheet: Any, cell: Any, value: Any, found: _Found) -> str:
    place = f"{sheet.title}!{cell.coordinate}" if len(sheet.parent.worksheets) > 1 else str(cell.coordinate)
    if cell.data_type == "f" and value is None:
        found.without_value.append(place)
        return ""
    form = str(cell.number_format or "General")
    if form.replace(" ", "") == ";;;" or _is_white_on_white(cell):
        found.hidden_cells += 1
        return ""
    text = shown_text(value, form)
    if _ERROR.fullmatch(text):
        found.errors.append(place)
    return text


def _is_white_on_white(cell: Any) -> bool:
    colour = cell.font.color.rgb if cell.font.color is not None else None
    return isinstance(colour, str) and colour.upper() == "FFFFFFFF" and cell.fill.fill_type is None


def shown_text(value: Any, form: str) -> str:
    """Returns a value as its number format shows it: whole dates, percentages, zeros in front, decimals."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return (
            f"{value:%Y-%m-%d}" if (value.hour, value.minute, value.second) == (0, 0, 0) else f"{value:%Y-%m-%d %H:%M}"
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(value, int | float):
        return _number(value, form)
    return re.sub(r"_x000D_", "", str(value)).strip() if value is not None else ""


def _number(value: float, form: str) -> str:
    first = re.sub(r"\[[^\]]*\]|\"[^\"]*\"|\\.", "", form.split(";")[0])
    decimals = len(match[1]) if (match := re.search(r"\.([0#]+)", first)) is not None else 0
    if "%" in first:
        return f"{value * 100:.{decimals}f}%"
    if re.fullmatch(r"0{2,}", first.strip()):
        return f"{value:0{len(first.strip())}.0f}"
    sign = _currency(form)
    if re.search(r"[0#]", first):
        comma = "," if "," in first else ""
        return f"{sign}{value:{comma}.{decimals}f}"
    if isinstance(value, int) or value.is_integer():
        return str(int(value)) if abs(value) < 1e15 else f"{value:.10g}"
    return f"{value:.10f}".rstrip("0").rstrip(".") if abs(value) >= 1e-4 else f"{value:.6g}"


def _currency(form: str) -> str:
    """Returns the sign of money in a format of numbers: ``[$€-407]`` names it with a place, ``[$-804]`` a place alone."""
    if (named := re.search(r"\[\$([^\]-]+)", form)) is not None:
        return f"{named[1].strip()} " if named[1].strip().isalnum() else named[1].strip()
    plain = re.sub(r"\[[^\]]*\]", "", form)
    return next((each for each in "¥￥$€£" if each in plain), "")


def _sheet(
    name: str,
    texts: Mapping[tuple[int, int], str],
    merges: Mapping[tuple[int, int], tuple[int, int]],
    hidden_columns: Iterable[int] = (),
    hidden_rows: Iterable[int] = (),
) -> Sheet:
    """Returns a sheet without rows and columns that are hidden or empty."""
    gone_columns, gone_rows = set(hidden_columns), set(hidden_rows)
    moved: dict[tuple[int, int], str] = {}
    areas: list[tuple[int, int, int, int]] = []
    for (row, column), text in texts.items():
        last_row, last_column = merges.get((row, column), (row, column))
        rows = [each for each in range(row, min(last_row, row + 5000) + 1) if each not in gone_rows]
        columns = [each for each in range(column, min(last_column, column + 500) + 1) if each not in gone_columns]
        if text and rows and columns:
            moved[rows[0], columns[0]] = text
            areas.append((rows[0], columns[0], rows[-1], columns[-1]))
    used_rows = sorted({row for row, _ in moved})
    used_columns = sorted({column for _, column in moved})
    spans = {}
    for row, column, last_row, last_column in areas:
        left, top = bisect_left(used_columns, column), bisect_left(used_rows, row)
        across = bisect_right(used_columns, last_column) - left
        down = bisect_right(used_rows, last_row) - top
        if across > 1 or down > 1:
            spans[top, left] = (across, down)
    rows_made = tuple(tuple(moved.get((row, column), "") for column in used_columns) for row in used_rows)
    return Sheet(name, rows_made, spans, tuple(used_rows))
