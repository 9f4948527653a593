"""The reference of keys: for each kind of file a table of key, meaning, form, default and example, as Markdown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from builder.content.kinds import READERS
from builder.content.schema.compound import Field, Fields, ListOf, MapOf
from builder.content.schema.document import kind_title
from builder.content.schema.kinds import ENTRIES, KINDS
from builder.content.schema.names import CHINESE_NAMES, own_key
from builder.content.schema.samples import default_of, example_of, form_of, has_own_sample
from builder.content.schema.types import Type
from builder.messages.translation import N_, Translator

_HEADS = (N_("Key"), N_("Meaning"), N_("How to write it"), N_("If it is left out"), N_("Example"))


class Key(NamedTuple):
    """A key of a kind of file: where it stands, as ``period.to``, the same as people read it, and the key itself."""

    path: str
    shown: str
    field: Field


def keys_of(kind: str) -> Iterator[Key]:
    """Yields every key of a kind, those inside others after them. ``defaults`` of a branch holds those of entries."""
    yield from _keys_in(KINDS[kind], "", "")


def entry_tables(text: Translator) -> Iterator[tuple[str, str]]:
    """Yields a heading and a table for the keys of every entry, then for those that each kind adds, then for pages and
    special topics."""
    shared = {field.key for field in ENTRIES["article"].fields}
    yield text.gettext("Every entry"), table("article", keys_of("article"), text)
    for kind in READERS:
        own = [
            key for key in keys_of(kind) if key.path.partition(".")[0] not in shared or has_own_sample(kind, key.path)
        ]
        if own:
            yield kind_title(kind, text), table(kind, own, text)
    for kind in ("page", "topic"):
        yield kind_title(kind, text), table(kind, keys_of(kind), text)


def table(kind: str, keys: Iterable[Key], text: Translator) -> str:
    """Returns the table of some keys of a kind."""
    rows = [tuple(text.gettext(head) for head in _HEADS), ("---",) * len(_HEADS)]
    names = [field.key for field in KINDS[kind].fields]
    rows += [_row(kind, key, names, text) for key in keys]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _keys_in(of: Type, path: str, shown: str) -> Iterator[Key]:
    if isinstance(of, ListOf):
        yield from _keys_in(of.item, path, shown)
    elif isinstance(of, MapOf):
        yield from _keys_in(of.values, path, f"{shown} › …")
    elif isinstance(of, Fields) and path != "defaults":
        for field in of.fields:
            inner = f"{path}.{field.key}" if path else field.key
            named = f"{shown} › `{field.key}`" if shown else f"`{field.key}`"
            yield Key(inner, named, field)
            yield from _keys_in(field.type, inner, named)


def _row(kind: str, key: Key, names: Collection[str], text: Translator) -> tuple[str, ...]:
    field = key.field
    other = _chinese_name(key.path, names) if text.language == "zh" else ""
    shown = text.gettext("{one} or {other}", one=key.shown, other=f"`{other}`") if other else key.shown
    default = text.gettext("It must be there.") if field.required else default_of(kind, key.path, field, text)
    cells = (
        shown,
        text.gettext(field.description or field.title),
        form_of(field.type, text),
        default or "—",
        _shown_example(kind, key, text),
    )
    return tuple(cell.replace("|", "\\|").replace("<", "&lt;") if "`" not in cell else cell for cell in cells)


def _shown_example(kind: str, key: Key, text: Translator) -> str:
    example = example_of(kind, key.path, key.field, text)
    if "\n" in example:
        return (
            text.gettext("as below") if isinstance(key.field.type, (Fields, ListOf, MapOf)) else f"`{key.field.key}: …`"
        )
    return f"`{key.field.key}: {example}`" if example else "—"


def _chinese_name(path: str, names: Collection[str]) -> str:
    """Returns the Chinese name that a key may have in a file with such keys; empty for keys inside others."""
    found = [name for name in CHINESE_NAMES if "." not in path and name > "一" and own_key(name, names) == path]
    return min(found, key=lambda name: len(CHINESE_NAMES[name]), default="")
