"""The changes in a proposal, for people: values by the names of their fields, and the lines of texts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from difflib import unified_diff
from typing import NamedTuple

from builder.content.schema.compound import Fields
from builder.edit.document import EntryFile, EntryForm, NotEditableError
from builder.edit.values import FormValue
from builder.messages.translation import N_, Translator
from builder.model.media import size_text

_AROUND = 1


class ChangedValue(NamedTuple):
    """A field before and after."""

    label: str
    old: str
    new: str


class Difference(NamedTuple):
    """The changes in one file: values, and lines that begin with ``+``, ``-`` or a blank."""

    title: str
    values: tuple[ChangedValue, ...] = ()
    lines: tuple[tuple[str, str], ...] = ()


def text_difference(
    path: str, old: bytes | None, new: bytes | None, fields: Fields, zone: tzinfo, text: Translator, *, only_yaml: bool
) -> Difference:
    """Returns what changes in a text."""
    before, after = (_form(each, fields, zone, only_yaml) for each in (old, new))
    labels = {field.key: text.gettext(field.title) for field in fields.fields}
    values = tuple(
        ChangedValue(labels.get(key, key), _shown(before.values, key, text), _shown(after.values, key, text))
        for key in labels
        if before.values.get(key) != after.values.get(key)
    )
    rows = unified_diff(before.body.split("\n"), after.body.split("\n"), n=_AROUND, lineterm="")
    lines = tuple((row[0], row[1:]) for row in list(rows)[2:] if not row.startswith("@@"))
    title = path if new is not None else text.gettext(N_("{path} is taken away"), path=path)
    return Difference(title, values, lines)


def file_difference(path: str, old: bytes | None, new: bytes | None, text: Translator) -> Difference:
    """Returns what changes of a file that is no text."""
    if new is None:
        return Difference(text.gettext(N_("{path} is taken away"), path=path))
    form = N_("{path} is new ({size})") if old is None else N_("{path} is another one ({size})")
    return Difference(text.gettext(form, path=path, size=size_text(len(new))))


def _form(content: bytes | None, fields: Fields, zone: tzinfo, only_yaml: bool) -> EntryForm:
    if content is None:
        return EntryForm()
    try:
        return EntryFile(content, fields, zone, only_yaml=only_yaml).form()
    except NotEditableError:
        return EntryForm({}, content.decode("utf-8", "replace"))


def _shown(values: Mapping[str, FormValue], key: str, text: Translator) -> str:
    return _words(values.get(key, ""), text)


def _words(value: FormValue, text: Translator) -> str:
    if isinstance(value, str):
        return {"true": text.gettext(N_("Yes")), "false": text.gettext(N_("No"))}.get(value, value)
    parts = value.values() if isinstance(value, dict) else value
    return text.joined([_words(each, text) for each in parts])
