"""Types made of other types: lists, mappings, files, and what has a unit."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any
from urllib.parse import unquote

import msgspec

from builder.content.date_hints import probable_dates
from builder.content.schema.hiding import EFFECTS, concealment, may_conceal, means_draft, nested_concealment
from builder.content.schema.names import foreign_key, normal_name, own_key
from builder.content.schema.types import ADDRESS, PARAGRAPH, SHORT, Date, FlagOrDate, Json, ReadContext, Text, Type
from builder.content.yaml.nodes import Node
from builder.content.yaml.quoting import mapping_line
from builder.messages.translation import N_
from builder.model.dates import parse_day, parse_size, parse_span
from builder.model.patterns import pattern_of
from builder.model.sources import comparable
from builder.model.zones import zone_of

_BETWEEN = pattern_of(r"\s*(?:(?<=[日号])-|至|到|—+|–|~|～|\s-\s|/|\bto\b|,|，)\s*")
_JOINED = pattern_of(
    r"^[#＃]\S|[;；|｜]|^[【［\[]|[】］\]]$|^[-－•·][^\s\d]|^\d{1,2}[.、]\s*\S+\s+\d{1,2}[.、]|"
    r"^[\u4e00-\u9fff]{2,6}(?:[ \u3000]+[\u4e00-\u9fff]{2,6})+$"
)
_HASHES = pattern_of(r"(?:^|\s)[#＃]+\s*|[;；|｜,，、\n]")
_SIGNS = pattern_of(r"(?:^|\s)[-－•·]\s*|(?:^|\s)\d{1,2}[.、]\s*|[\s#＃;；|｜【】［］\[\]]+")
_MARKUP = pattern_of(
    r"\*\*[^*]+\*\*|</?(?:br|b|i|u|font|span|p|strong|em|center|sup|sub)\b[^<>]{0,60}>|"
    r"&(?:nbsp|amp|lt|gt|quot|ldquo|rdquo|middot|#\d{1,5});|\]\([^()\s]+\)",
    re.IGNORECASE,
)
_WIDE_COMMAS = pattern_of(r"[，、]")
_COMMAS = pattern_of(r"[,，、\n]")
_NAME_KEYS = ("name", "display_name", "nickname", "title", "slug", "login")
_FILE_KEYS = tuple(
    normal_name(key)
    for key in "path src source url file filename image img feature featured teaser cover thumbnail lg large".split()
)
_LONGEST_KEY = 60
"""Longer names are like none of our keys; comparing them takes time."""
_DATES = (Date, FlagOrDate)
MOST = 50
"""The number of values of a list that count, where a list names no other."""


def _own(key: str) -> str:
    """Returns the name of a key without those around it and without numbers."""
    return next((part for part in reversed(key.split(".")) if not part.isdecimal()), key)


def report_many(number: int, most: int, node: Node, key: str, reading: ReadContext) -> None:
    """Reports a list or mapping of more values than count."""
    if number > most:
        reading.report("too-many", node, key=key.rpartition(".")[2], number=str(number), most=str(most))


class Length(Type, frozen=True):
    """A length of time."""

    expected = N_("a length of time like 14 days, 6 months or 5 working days")

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> Any:
        span = parse_span(text)
        if span is None:
            self.refuse(node, key, reading)
        return span

    def json(self) -> Json:
        return {"type": "string", "examples": ["14 days", "6 months", "5 working days"]}


class Size(Type, frozen=True):
    """A number of bytes."""

    expected = N_("a size like 500 kB or 2 MB")

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> int | None:
        size = parse_size(text)
        if size is None:
            self.refuse(node, key, reading)
        return size

    def json(self) -> Json:
        return {"type": ["string", "integer"], "examples": ["2 MB"]}


class Zone(Type, frozen=True):
    """The name of a time zone (IANA)."""

    expected = N_("a time zone like Asia/Shanghai")

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        if zone_of(text) is not None:
            return text
        self.refuse(node, key, reading)
        return None


class Days(Type, frozen=True):
    """A day, or a row of days with a slash between the first and the last."""

    expected = N_("a day like 2026-10-01, or 2026-10-01/2026-10-07")

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> Any:
        first, _, last = text.partition("/") if text.count("/") == 1 else (text, "", "")
        start, end = parse_day(first), parse_day(last or first)
        if start is None or end is None or end < start:
            self.refuse(node, key, reading)
            return None
        return start, end


class FilePath(Type, frozen=True):
    """A path to a file, relative to the file it is written in; read as a path under the root.

    ``or_link``: a web address will do, and is read as it stands.
    """

    or_link: bool = False
    expected = N_("a path like media/photo.jpg")
    longest = ADDRESS

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        written = (unquote(text) if "%" in text else text).replace("\\", "/")
        if self.or_link and re.match(r"(?:https?:)?//[^\s/]", text, re.IGNORECASE):
            return text if text[0] != "/" else f"https:{text}"
        if re.match(r"file:|[A-Za-z]:/", written, re.IGNORECASE) or text.startswith("\\\\"):
            reading.report("file-local", node, target=text[:80])
            return None
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", written) or written.startswith("//"):
            reading.report("external-file", node, target=text[:80])
            return None
        if self.or_link and re.match(r"www\.[\w-]+\.", text, re.IGNORECASE):
            reading.report("address-incomplete", node, target=text[:80])
            return None
        base = "content" if written.startswith("/") else reading.folder
        path = comparable(posixpath.normpath(posixpath.join(base, written.strip().lstrip("/"))))
        if not path.startswith("content/") or "\0" in path:
            reading.report("path-outside", node, key=key.partition(".")[0], value=text[:80])
            return None
        return path


class Picture(FilePath, frozen=True):
    """A path to a picture; of the list or mapping that other systems have there, the first file that it names."""

    def read(self, node: Node, key: str, reading: ReadContext) -> Any:
        if node.kind == "text":
            return super().read(node, key, reading)
        named = _first_file(node)
        if named is not None:
            return super().read(named, key, reading)
        self.refuse(node, key, reading, "image-unnamed")
        return None


def _first_file(node: Node) -> Node | None:
    """Returns the first text of a list, or of a mapping's keys that name a file, however deep; None if there is none."""
    if node.kind == "text":
        return node if node.text.strip() else None
    pairs = {normal_name(name.text): value for name, value in node.pairs}
    inside = [*node.items, *(pairs[each] for each in _FILE_KEYS if each in pairs)]
    return next((found for each in inside if (found := _first_file(each)) is not None), None)


class Words(Type, frozen=True):
    """Words: a list, or one text with commas between them; of lists within it, and of mappings with a name, each. Empty
    ones are dropped, repeated ones too; the first ``most`` count."""

    most: int = MOST
    expected = N_("a list of words")
    longest = SHORT

    def read(self, node: Node, key: str, reading: ReadContext) -> Any:
        self.report_cut(node, key, reading)
        if node.kind == "text":
            parts = [(part, node) for part in _COMMAS.split(node.text)]
        elif node.kind == "list":
            parts = []
            for item in _flat(node):
                if item.kind not in ("text", "none"):
                    self.refuse(item, key, reading)
                    return None
                # Between brackets a Chinese comma separates nothing for YAML, but it does for people.
                written = item.text if item.kind == "text" or item.text != "~" else ""
                parts += [(part, item) for part in _WIDE_COMMAS.split(written)]
        else:
            self.refuse(node, key, reading)
            return None
        found: dict[str, Node] = {}
        for part, place in parts:
            word = " ".join(part.split())
            if self.is_too_long(word, place, key, reading):
                return None
            if word:
                found.setdefault(word, place)
        report_many(len(found), self.most, node, key, reading)
        found = dict(islice(found.items(), self.most))
        joined = next((word for word in found if _JOINED.search(word)), None)
        if joined is not None:
            # All of them in one line: the signs of a list may be at the first and the last.
            words = [part for word in found for part in _SIGNS.split(word) if part]
            line = f"{_own(key)}: [{', '.join(dict.fromkeys(words))}]"
            reading.report("words-joined", found[joined], key=_own(key), value=joined[:60], line=line[:120])
        for number, place in enumerate(found.values()):
            reading.places[f"{key}.{number}"] = place.place
        return tuple(found)

    def report_cut(self, node: Node, key: str, reading: ReadContext, whole: str = "") -> None:
        """Reports the first comment that cuts a word, with all words as the list to write."""
        places = list(_flat(node)) if node.kind == "list" else [node]
        cut = next((each for each in places if each.cut is not None), None)
        if cut is not None:
            written = (f"{each.text} {each.cut[2] if each.cut else ''}" for each in places)
            words = (part.strip() for text in written for part in _HASHES.split(text))
            super().report_cut(cut, key, reading, whole or f"[{', '.join(dict.fromkeys(filter(None, words)))}]")

    def json(self) -> Json:
        word: Json = {"type": ["string", "number"]}
        several = {"type": "array", "items": word | {"maxLength": self.longest}, "maxItems": self.most}
        return {"anyOf": [several, word]}


def _flat(node: Node) -> Iterator[Node]:
    """Yields what a list and the lists within it hold; of a mapping its name, as other systems write tags."""
    for each in node.items:
        if each.kind == "list":
            yield from _flat(each)
        else:
            yield (_name_in(each) or each) if each.kind == "map" else each


def _name_in(node: Node) -> Node | None:
    """Returns the name that a mapping gives, be it called otherwise."""
    return next((value for key in _NAME_KEYS if (value := node.get(key)) is not None), None)


class Names(Type, frozen=True):
    """Names of people: one, or a list; of a mapping, as other systems have it, its ``name``. The first ``most`` count."""

    most: int = MOST
    expected = N_("a name, or a list of names")
    longest = SHORT

    def read(self, node: Node, key: str, reading: ReadContext) -> Any:
        found: list[str] = []
        for each in node.items if node.kind == "list" else [node]:
            name = _name_in(each) if each.kind == "map" else each
            if name is None or name.kind not in ("text", "none"):
                self.refuse(each, key, reading)
                return None
            self.report_cut(name, key, reading)
            text = " ".join(name.text.split()) if name.kind == "text" else ""
            if self.is_too_long(text, name, key, reading):
                return None
            if text:
                found.append(text)
        reading.places[key] = node.place
        names = tuple(dict.fromkeys(found))
        report_many(len(names), self.most, node, key, reading)
        return names[: self.most]

    def json(self) -> Json:
        name = {"type": ["string", "number"], "maxLength": self.longest}
        return {"anyOf": [{"type": "array", "items": name, "maxItems": self.most}, name]}


class ListOf(Type, frozen=True):
    """A list; one value alone will do. ``split``: one text may hold several, with commas between. The first ``most`` count."""

    item: Type
    split: bool = False
    most: int = MOST
    expected = N_("a list")

    def read(self, node: Node, key: str, reading: ReadContext) -> Any:
        nodes = node.items if node.kind == "list" else [node]
        if node.kind == "text" and self.split:
            nodes = [
                Node("text", node.line, node.column, part.strip())
                for part in _COMMAS.split(node.text.strip("[]"))
                if part.strip()
            ]
        nodes = [each for each in nodes if each.kind != "none"]
        report_many(len(nodes), self.most, node, key, reading)
        found: list[Any] = []
        for each in nodes[: self.most]:
            value = self.item.read(each, f"{key}.{len(found)}", reading)
            if value is None:
                reading.broken.add(key)
                continue
            reading.places[f"{key}.{len(found)}"] = each.place
            found.append(value)
        return tuple(found)

    def json(self) -> Json:
        several = {"type": "array", "items": self.item.json(), "maxItems": self.most}
        return {"anyOf": [several, self.item.json()]}


class Field(msgspec.Struct, frozen=True):
    """A key that authors may write: its type, and what it means, as English msgids."""

    key: str
    type: Type
    title: str
    description: str = ""
    required: bool = False


class Fields(Type, frozen=True):
    """A mapping with known keys. ``short`` is the key that a text alone stands for."""

    fields: tuple[Field, ...]
    short: str = ""
    ends: tuple[str, str] | None = None
    """Keys of a first and a last day, which people write as one text with a word between."""
    turned: tuple[str, str] | None = None
    """Keys of a name and of what belongs to it, which people write as one key with its value."""
    expected = N_("keys and values, one per line")

    def read(self, node: Node, key: str, reading: ReadContext) -> Any:
        if node.kind == "text" and self.short:
            if not node.text.strip():
                return None
            part = next(each for each in self.fields if each.key == self.short)
            value = part.type.read(node, f"{key}.{self.short}" if key else self.short, reading)
            return None if value is None else {self.short: value}
        line = (self._ends_line(node, key, reading) or self._turned_line(node, key)) if key else ""
        if line:
            written = node.text or ", ".join(name.text for name, _ in node.pairs)
            reading.report("value-mapping", node, key=_own(key), value=written.strip()[:60], line=line)
            return None
        if node.kind != "map":
            self.refuse(node, key, reading)
            return None
        known = {each.key: each for each in self.fields}
        reading.withholds = reading.withholds or self.withholds
        values: dict[str, Any] = {}
        unknown: list[tuple[Node, Node]] = []
        first: dict[str, int] = {}
        empty: set[str] = set()
        for name, value in node.pairs:
            own = own_key(name.text, known)
            if not own:
                unknown.append((name, value))
                continue
            if own in first:
                self._read_again(own, name, value, first[own], values, reading)
                continue
            first[own] = name.line
            if value.kind == "none":
                empty.add(own)
            # From here on the key has its own name, by which its place is asked for.
            name.text = own
            self._read_value(known[own], value, key, values, reading)
        for name, value in unknown:
            self._read_unknown(name, value, key, values, empty, reading)
        if self.withholds and reading.hidden:
            values["draft"] = True
        for each in self.fields:
            full = f"{key}.{each.key}" if key else each.key
            if each.required and each.key not in values and full not in reading.broken:
                reading.report("key-missing", node.key(each.key) or node, key=each.key)
        # A value within others is whole or not there; of a text, what is known says whether it is hidden.
        if key and any(each.required and each.key not in values for each in self.fields):
            return None
        return values

    def _turned_line(self, node: Node, key: str) -> str:
        """Returns the line to write for a mapping whose keys are values that are meant, as ``梁小满: 支部书记``."""
        if not self.turned or node.kind != "map" or not node.pairs:
            return ""
        if any(name.text.isascii() or value.kind != "text" for name, value in node.pairs):
            return ""
        if any(own_key(name.text, [each.key for each in self.fields]) for name, _ in node.pairs):
            return ""
        first, second = self.turned
        parts = [f"{{{first}: {name.text}, {second}: {value.text}}}" for name, value in node.pairs]
        return f"{_own(key)}: [{', '.join(parts)}]"[:300]

    def _ends_line(self, node: Node, key: str, reading: ReadContext) -> str:
        """Returns the line to write for a text that names both ends, as ``2026-11-20 至 2026-12-01``, or for a mapping whose
        colons or commas are Chinese ones."""
        if node.kind == "map" and any(re.search("[：，]", name.text) for name, _ in node.pairs):
            written = (f"{name.text}: {value.text}" if value.text else name.text for name, value in node.pairs)
            return mapping_line(f"{_own(key)}: {{{', '.join(written)}}}")
        parts = _BETWEEN.split(node.text.strip()) if self.ends and node.kind == "text" else []
        if self.ends is None or len(parts) not in (1, 2):
            return ""
        if not all(parse_day(part) for part in parts):
            year = reading.published.year if reading.published is not None else None
            days = probable_dates(parts[0], year) if len(parts) == 2 else []
            parts = (
                [each[:10] for each in (*days[:1], *probable_dates(parts[-1], int(days[0][:4]))[:1])] if days else []
            )
            if len(parts) != 2:
                return ""
        pairs = zip(self.ends[-len(parts) :], parts, strict=True)
        return f"{key}: {{{', '.join(f'{name}: {part.strip()}' for name, part in pairs)}}}"

    @property
    def withholds(self) -> bool:
        """True for the keys of a text, which may be hidden."""
        return any(each.key == "draft" for each in self.fields)

    def _read_value(self, each: Field, value: Node, key: str, values: dict[str, Any], reading: ReadContext) -> None:
        full = f"{key}.{each.key}" if key else each.key
        if value.kind == "none":
            if isinstance(each.type, (Text, Words, Names)):
                each.type.report_cut(value, full, reading)
            if each.key == "draft" and self.withholds:
                each.type.refuse(value, full, reading)
                reading.broken.add(full)
            return
        if value.kind == "text" and not value.text.strip() and (each.required or isinstance(each.type, _DATES)):
            return
        found = each.type.read(value, full, reading)
        if found is not None:
            values[each.key] = found
            markup = _MARKUP.search(found) if each.key in ("title", "summary") and self.withholds else None
            if markup is not None:
                reading.report("markup-in-text", value, key=each.key, what=markup[0][:60])
            return
        reading.broken.add(full)
        if self.withholds and means_draft(each.key, value):
            values["draft"] = True

    def _read_again(
        self, own: str, name: Node, value: Node, first: int, values: dict[str, Any], reading: ReadContext
    ) -> None:
        """Reports a key that stands there under two names. Of one that can hide the text, neither value may be passed
        over.
        """
        if not self.withholds or own in ("draft", "date", "expires"):
            reading.report("yaml-duplicate-key", name, key=name.text[:60], first=str(first))
        else:
            reading.report("key-unknown", name, key=name.text[:60], near=own)
        if own == "draft" and self.withholds and means_draft(own, value):
            values["draft"] = True

    def _read_unknown(
        self,
        name: Node,
        value: Node,
        key: str,
        values: dict[str, Any],
        empty: Collection[str],
        reading: ReadContext,
    ) -> None:
        """Reports a key that is none of ours, as an error if it conceals the text. That it does so counts at once."""
        written = name.text[:60]
        # The day of the last change delays nothing.
        changed = foreign_key(name.text, ("updated",)) != ""
        pairs = [pair for pair in value.pairs if not (changed and normal_name(pair[0].text) == "date")]
        misplaced = nested_concealment(Node("map", items=value.items, pairs=pairs))
        if not self.withholds and reading.withholds:
            misplaced = nested_concealment(Node("map", pairs=[(name, value)])) or misplaced
        date = values.get("date")
        published = date.at if date is not None else reading.published
        near = self._near(name.text)
        found = concealment(name.text, value, reading.zone, published, near) if self.withholds else None
        if values.get("draft") is True or not reading.withholds:
            found = misplaced = None
        if found is not None:
            code = "key-hides" if normal_name(name.text) in EFFECTS else "key-misspelled"
            reading.report(code, name, key=written, near=found.near, line=f"{found.near}: {found.value[:60]}")
            reading.hidden = reading.hidden or found.hidden
        elif misplaced is not None:
            reading.report("key-misplaced", misplaced[0], key=misplaced[0].text[:60], near=misplaced[1])
            reading.hidden = reading.hidden or misplaced[1] == "draft"
        elif self.withholds and values.get("draft") is not True and may_conceal(name.text, value):
            reading.report("hiding-doubtful", name, line=f"{written}: {' '.join(value.text.split())[:60]}")
        elif owner := self._owner(name.text, value, empty):
            reading.report("key-unindented", name, key=written, owner=owner)
        else:
            reading.report("key-unknown", name, key=written, near=self._near(name.text, 0.7))

    def _owner(self, name: str, value: Node, empty: Collection[str]) -> str:
        """Returns the key to whose mapping one belongs that is none of these: one that was written without a value, or
        ``contact``; empty if there is none."""
        for each in self.fields:
            if each.key not in empty and each.key != "contact":
                continue
            if isinstance(each.type, Fields) and own_key(name, [inner.key for inner in each.type.fields]):
                return each.key
            if isinstance(each.type, MapOf) and value.kind == "map":
                return each.key
        return ""

    def _near(self, name: str, likeness: float = 0.6) -> str:
        word = name.strip().lower().replace("-", "_")
        if len(word) > _LONGEST_KEY:
            return ""
        keys = [each.key for each in self.fields]
        if other := foreign_key(name, keys):
            return other
        near = get_close_matches(word, keys, 1, likeness)
        return near[0] if near else ""

    def json(self) -> Json:
        return _fields_json(self.fields, self.short)


class MapOf(Type, frozen=True):
    """A mapping from free keys to values of one type. The first ``most`` count."""

    keys: Type
    values: Type
    most: int = 100
    expected = N_("keys and values, one per line")

    def read(self, node: Node, key: str, reading: ReadContext) -> Any:
        if node.kind != "map":
            self.refuse(node, key, reading)
            return None
        report_many(len(node.pairs), self.most, node, key, reading)
        found: dict[str, Any] = {}
        for name, value in node.pairs[: self.most]:
            slug = self.keys.read(name, f"{key}.{name.text}", reading)
            if value.kind == "none" and isinstance(self.values, Fields):
                value = Node("map", name.line, name.column)
            got = self.values.read(value, f"{key}.{name.text}", reading) if slug is not None else None
            if got is None:
                return None
            reading.places[f"{key}.{len(found)}"] = name.place
            found[slug] = got
        return found

    def json(self) -> Json:
        values = self.values.json()
        if isinstance(self.values, Fields):
            values = {"anyOf": [values, {"type": "null"}]}
        return {"type": "object", "additionalProperties": values, "maxProperties": self.most}


class AllOr(Type, frozen=True):
    """One of a few words, or a list of other values."""

    words: tuple[str, ...]
    item: Type
    most: int = MOST
    expected = N_("all, none, or a list")

    def read(self, node: Node, key: str, reading: ReadContext) -> Any:
        if node.kind == "text" and node.text.strip().lower() in self.words:
            return node.text.strip().lower()
        return ListOf(self.item, split=True, most=self.most).read(node, key, reading)

    def json(self) -> Json:
        several = {"type": "array", "items": self.item.json(), "maxItems": self.most}
        return {"anyOf": [{"enum": list(self.words)}, several, {"type": "string"}]}


TEXT, DESCRIPTION, LINES = Text(longest=SHORT), Text(longest=PARAGRAPH), Text(lines=True)


def _fields_json(fields: Sequence[Field], short: str) -> Json:
    """Returns the schema of a mapping; texts are msgids still."""
    properties = {}
    for each in fields:
        schema = each.type.json() | {"title": each.title}
        if each.description:
            schema["description"] = each.description
        # A key without a value counts as not written.
        properties[each.key] = {"anyOf": [schema, {"type": "null"}], **_head(schema)}
    required = [each.key for each in fields if each.required]
    whole: Json = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        whole["required"] = required
    return {"anyOf": [whole, {"type": "string"}]} if short else whole


def _head(schema: Json) -> Json:
    return {key: schema.pop(key) for key in ("title", "description") if key in schema}
