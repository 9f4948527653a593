"""The rows of a spreadsheet as entries, one each, by a mapping of its columns."""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec
from lxml import html as lxml_html

from builder.content.yaml.quoting import quoted
from builder.edit.imports.destination import Destination
from builder.edit.imports.entry import ImportedText, checked, make_entry
from builder.edit.imports.imported import Imported, ImportRefusedError, Note
from builder.edit.imports.programs import Programs
from builder.edit.imports.sheet.cells import Sheet, read_sheets
from builder.edit.imports.sheet.mapping import ROW_KINDS, Columns, guessed, mapping_text, names_of, read_mapping
from builder.messages.translation import N_, Translator
from builder.model.dates import Moment, parse_moment

MOST_ROWS = 2_000
_TITLE_LENGTH = 40
_DATES = ("starts", "ends", "received", "replied")


def write_mapping(content: bytes, name: str, kind: str, text: Translator) -> str:
    """Returns the mapping file for a spreadsheet, as it is guessed. Raises ImportRefusedError."""
    sheet = read_sheets(content, name)[0][0]
    return mapping_text(guessed(sheet, kind), sheet, text)


def import_rows(
    content: bytes, name: str, mapping: bytes, mapping_name: str, kind: str, place: Destination
) -> tuple[tuple[Imported, ...], tuple[Note, ...]]:
    """Returns an entry for each row, and the report on all of them; nothing is written. Raises ImportRefusedError."""
    if ROW_KINDS[kind] != place.section.type:
        raise ImportRefusedError(
            N_("--as {kind} needs a section of the type “{type}”; the section “{section}” has another one."),
            kind=kind,
            type=ROW_KINDS[kind],
            section=place.section.slug,
        )
    columns = read_mapping(mapping, mapping_name, kind)
    sheets, notes = read_sheets(content, name)
    sheet = next(
        (each for each in sheets if "".join(each.name.split()) == columns.sheet), None if columns.sheet else sheets[0]
    )
    if sheet is None:
        raise ImportRefusedError(N_("{name} has no visible sheet “{sheet}”."), name=name, sheet=columns.sheet)
    _require_columns(columns, sheet, mapping_name)
    if len(sheet.rows) - sheet.head - 1 > MOST_ROWS:
        raise ImportRefusedError(N_("{name} has more than {most} rows; divide it."), name=name, most=str(MOST_ROWS))
    entries: dict[str, Imported] = {}
    found = list(notes)
    for number, text, day in _texts(sheet, columns, place, found):
        where = msgspec.structs.replace(place, date=day) if day is not None else place
        entry = make_entry(text, where, name, Programs(), check=False, taken=frozenset(entries))
        entries[entry.path] = entry
        found += (
            Note(note.kind, N_("Row {row}: {what}"), {"row": str(number), "what": note.told(place.text)})
            for note in entry.notes
            if note.kind == "personal"
        )
    if not entries:
        raise ImportRefusedError(N_("{name} has no row that can become an entry."), name=name)
    files = {path: each for entry in entries.values() for path, each in entry.files.items()}
    return tuple(entries.values()), (*found, *checked(place, files))


def _require_columns(columns: Columns, sheet: Sheet, mapping_name: str) -> None:
    names = names_of(sheet)
    missing = [each for each in (*columns.keys.values(), *columns.body) if each not in names]
    if missing:
        raise ImportRefusedError(
            N_("{name} names columns that the sheet does not have: {missing}. It has: {names}."),
            name=mapping_name,
            missing=tuple(missing),
            names=tuple(dict.fromkeys(names)),
        )
    if columns.missing:
        raise ImportRefusedError(
            N_("{name} has no column for: {keys}. Write one behind each, and run the command again."),
            name=mapping_name,
            keys=tuple(columns.missing),
        )


def _texts(
    sheet: Sheet, columns: Columns, place: Destination, notes: list[Note]
) -> Iterator[tuple[int, ImportedText, Moment | None]]:
    names = names_of(sheet)
    for number, row in zip(sheet.numbers[sheet.head + 1 :], sheet.rows[sheet.head + 1 :], strict=True):
        cells = dict(zip(reversed(names), reversed(row), strict=True))
        values = {key: cells[column] for key, column in columns.keys.items() if cells[column]}
        empty = [columns.keys[key] for key in _needed(columns) if key not in values]
        dates = {key: parse_moment(values[key], place.organization.zone) for key in _DATES if key in values}
        wrong = [columns.keys[key] for key, moment in dates.items() if moment is None]
        if empty or wrong:
            message = N_("Row {row} was left out: nothing in the column {columns}.")
            if wrong:
                message = N_("Row {row} was left out: no date in the column {columns}.")
            notes.append(Note("unreadable", message, {"row": str(number), "columns": tuple(wrong or empty)}))
            continue
        title = (values.pop("title", "") or values.get("question", "")).replace("\n", " ")
        root = lxml_html.fragment_fromstring("", create_parent="div")
        for column in columns.body:
            for line in cells[column].split("\n"):
                paragraph = root.makeelement("p")
                paragraph.text = line
                root.append(paragraph)
        keys = {key: _value(key, value) for key, value in values.items()}
        day = dates.get("starts") or dates.get("received")
        yield number, ImportedText(root, title[:_TITLE_LENGTH], keys), _whole_day(day)


def _needed(columns: Columns) -> tuple[str, ...]:
    return tuple(
        key
        for key in ("title", "question", "received", "starts")
        if key in columns.keys and key not in _optional(columns)
    )


def _optional(columns: Columns) -> tuple[str, ...]:
    return ("title",) if columns.kind == "letters" else ()


def _value(key: str, value: str) -> str:
    """Returns a value as YAML has it."""
    return value if key in _DATES else json.dumps(value, ensure_ascii=False) if "\n" in value else quoted(value)


def _whole_day(moment: Moment | None) -> Moment | None:
    """Returns the day of a moment, by which the entry is named."""
    return msgspec.structs.replace(moment, day=True) if moment is not None else None
