"""The values of keys as forms show them, and what has to be written where somebody changed one.

A form gets texts, lists of texts and mappings, whatever the way in which somebody wrote them; what it sends back is compared
with what it got, so that only what a person changed is written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import tzinfo
from typing import TypeAlias

from builder.content.schema.compound import Field, Fields, FilePath, ListOf, Names, Words
from builder.content.schema.hiding import FALSE, TRUE
from builder.content.schema.names import normal_name, own_key
from builder.content.schema.types import Date, Flag, FlagOrDate, OneOf, Text, Type, Whole
from builder.content.yaml.nodes import Node
from builder.content.yaml.rewrite import Plain, Value
from builder.model.dates import parse_moment

FormValue: TypeAlias = "str | list[FormValue] | dict[str, FormValue]"
_COMMAS = re.compile(r"[,，、\n]")


def form_values(node: Node, fields: Fields, zone: tzinfo) -> dict[str, FormValue]:
    """Returns the values of the keys in a mapping, by the keys' own names; empty ones and unknown keys are left out."""
    known = [field.key for field in fields.fields]
    types = {field.key: field.type for field in fields.fields}
    found: dict[str, FormValue] = {}
    for name, value in node.pairs:
        key = own_key(name.text, known)
        if key and key not in found and (shown := form_value(value, types[key], zone)):
            found[key] = shown
    return found


def form_value(node: Node, kind: Type, zone: tzinfo) -> FormValue:
    """Returns a value as a form shows it; an empty one if there is nothing to show."""
    if node.kind == "none":
        return ""
    if isinstance(kind, Fields):
        if node.kind == "map":
            return dict(form_values(node, kind, zone))
        return {kind.short: _text(node)} if kind.short and node.kind == "text" and node.text.strip() else {}
    if isinstance(kind, Words | Names | ListOf):
        return _list(node, kind, zone)
    if node.kind != "text":
        return ""
    return _scalar(node, kind, zone)


def _list(node: Node, kind: Words | Names | ListOf, zone: tzinfo) -> FormValue:
    item: Type = kind.item if isinstance(kind, ListOf) else Text()
    if node.kind == "text" and _is_split(kind):
        return list[FormValue](_parts(node.text))
    nodes = node.items if node.kind == "list" else [node]
    if isinstance(kind, Names):
        nodes = [each.get("name") or each if each.kind == "map" else each for each in nodes]
    shown = (form_value(each, item, zone) for each in nodes)
    return [each for each in shown if each]


def _is_split(kind: Words | Names | ListOf) -> bool:
    return isinstance(kind, Words) or (isinstance(kind, ListOf) and kind.split)


def _parts(text: str) -> list[str]:
    """Returns what one text that stands for a list holds, with commas between."""
    parts = (part.strip() for part in _COMMAS.split(text.strip("[]")))
    return [part for part in parts if part]


def _scalar(node: Node, kind: Type, zone: tzinfo) -> str:
    if isinstance(kind, Text):
        return _text(node) if kind.lines else " ".join(node.text.split())
    word = normal_name(node.text)
    if isinstance(kind, Flag | FlagOrDate) and (word in TRUE or word in FALSE):
        return "true" if word in TRUE else "false"
    if isinstance(kind, Date | FlagOrDate):
        moment = parse_moment(node.text, zone)
        if moment is None:
            return _text(node)
        at = moment.at.astimezone(zone)
        return f"{at:%Y-%m-%d}" if moment.day else f"{at:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    if isinstance(kind, OneOf):
        word = " ".join(node.text.lower().replace("_", " ").split())
        return kind.aliases.get(word, word)
    return _text(node)


def _text(node: Node) -> str:
    return node.text.strip()


def changes(
    node: Node, old: Mapping[str, FormValue], new: Mapping[str, FormValue], fields: Fields
) -> dict[str, Value | None]:
    """Returns what has to be written into the mapping ``node``, by the keys as it has them, so that a form which showed
    ``old`` shows ``new``. Keys that forms do not know are never in it."""
    known = {field.key: field for field in fields.fields}
    written = {own_key(name.text, known): name.text for name, _ in reversed(node.pairs)}
    found: dict[str, Value | None] = {}
    for key, field in known.items():
        before, after = old.get(key), new.get(key)
        if _same(before, after, field.type):
            continue
        name = written.get(key, key)
        value = node.get(name)
        if after:
            found[name] = _written(value, after, field)
        elif value is not None:
            found[name] = None
    return found


def _same(before: FormValue | None, after: FormValue | None, kind: Type) -> bool:
    if not before and not after:
        return True
    if isinstance(kind, Fields) and isinstance(before, dict) and isinstance(after, dict):
        return {key: each for key, each in before.items() if each} == {key: each for key, each in after.items() if each}
    return before == after


def _written(node: Node | None, value: FormValue, field: Field) -> Value:
    kind = field.type
    if isinstance(kind, Fields) and isinstance(value, dict):
        return _mapping(node, value, kind)
    if isinstance(kind, Words | Names | ListOf) and isinstance(value, list):
        item: Type = kind.item if isinstance(kind, ListOf) else Text()
        old = node.items if node is not None and node.kind == "list" else []
        like = dict(enumerate(old))
        items = [_item(like.get(index), each, item) for index, each in enumerate(value)]
        alone = items[0] if len(items) == 1 and node is not None and node.kind == "text" else None
        # One that holds a comma would be read as two.
        several = isinstance(alone, str) and _is_split(kind) and _parts(alone) != [alone]
        return items if alone is None or several else alone
    if isinstance(value, str) and isinstance(kind, Flag | FlagOrDate | Whole | Date):
        return Plain(value)
    if isinstance(value, str) and node is not None and node.block and node.text.endswith("\n"):
        return value + "\n"
    return value


def _item(node: Node | None, value: FormValue, kind: Type) -> Value:
    if isinstance(kind, Fields) and isinstance(value, dict):
        shown = {key: each for key, each in value.items() if each}
        short = kind.short
        simple = node is None or node.kind == "text"
        if short and set(shown) == {short} and simple and isinstance(_type_of(kind, short), FilePath):
            return shown[short]
        return shown
    return value


def _type_of(kind: Fields, key: str) -> Type | None:
    return next((field.type for field in kind.fields if field.key == key), None)


def _mapping(node: Node | None, value: Mapping[str, FormValue], kind: Fields) -> Value:
    shown = {key: each for key, each in value.items() if each}
    if node is None or node.kind != "map":
        short = kind.short
        if short and set(shown) == {short}:
            return shown[short]
        types = {field.key: field for field in kind.fields}
        return {key: _written(None, each, types[key]) if key in types else each for key, each in shown.items()}
    # Only what differs inside is said: the rest of the mapping keeps its hand.
    known = {field.key: field for field in kind.fields}
    names = {own_key(name.text, known): name.text for name, _ in reversed(node.pairs)}
    found: dict[str, Value | None] = {}
    for key, field in known.items():
        name = names.get(key, key)
        before = node.get(name)
        if key in shown:
            found[name] = _written(before, shown[key], field)
        elif before is not None and before.kind != "none":
            found[name] = None
    return found
