"""The types of values that authors write: how each is read from a node, and its JSON Schema.

A value that is not understood is reported at its place, and counts as not written. Short forms (one word where a list
may stand) are read as the long ones, so that one mistake is told once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, tzinfo
from difflib import get_close_matches
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec

from builder.content.date_hints import probable_dates
from builder.content.schema.hiding import FALSE, TRUE
from builder.content.schema.names import normal_name
from builder.content.yaml.nodes import Node
from builder.content.yaml.quoting import quoted
from builder.messages.diagnostics import Argument, Diagnostic
from builder.messages.translation import N_
from builder.model.addresses import ascii_host
from builder.model.dates import halved, in_zone, is_dated, next_midnight, parse_moment
from builder.model.patterns import pattern_of
from builder.model.site_map import fits, is_output_file
from builder.model.slugs import is_slug, slugify, too_long

Json = dict[str, Any]
_COLOURS = tuple(
    "red pink purple deep-purple indigo blue light-blue cyan teal green light-green lime yellow amber orange deep-orange "
    "brown grey blue-grey black".split()
)
SHORT, PARAGRAPH, ADDRESS, LONG = 300, 1000, 2000, 10_000
"""The most characters of what stands in lists: titles and names, descriptions, addresses; and of what is searched whole."""
_TICKS = {"√": True, "✓": True, "✔": True, "☑": True, "×": False, "✗": False, "✘": False, "☐": False}
_SPANS = {"starts": "ends", "from": "to", "opens": "closes"}
_LANGUAGE = pattern_of(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_IRI = pattern_of(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


class ReadContext(msgspec.Struct):
    """The state of reading one file: the zone of its dates, the folder its paths start from, the diagnostics and places
    found, and the keys whose values were not understood.
    """

    zone: tzinfo
    folder: str
    published: datetime | None = None
    """The date that the file's name says."""
    withholds: bool = False
    """True while the keys of a text are read, which may be hidden."""
    hidden: bool = False
    """True once a key was found by which the text was meant to be hidden."""
    diagnostics: list[Diagnostic] = msgspec.field(default_factory=list)
    places: dict[str, tuple[int, int]] = msgspec.field(default_factory=dict)
    broken: set[str] = msgspec.field(default_factory=set)

    def report(self, code: str, node: Node, **arguments: Argument) -> None:
        """Reports what is wrong with a node."""
        self.diagnostics.append(Diagnostic(code, node.line, node.column, arguments))


class Type(msgspec.Struct, frozen=True):
    """A type of values. ``expected`` is an English msgid that describes a valid value, ``longest`` the most characters that it
    may have; 0 where the form itself bounds it."""

    expected = N_("a text")
    longest = 0

    def read(self, node: Node, key: str, reading: ReadContext) -> Any:
        """Returns the value of a node, None after reporting what is wrong."""
        if node.kind != "text":
            self.refuse(node, key, reading)
            return None
        text = node.text.strip()
        if self.is_too_long(text, node, key, reading):
            return None
        value = self.parse(text, node, key, reading)
        if value is not None:
            reading.places[key] = node.place
        return value

    def is_too_long(self, text: str, node: Node, key: str, reading: ReadContext) -> bool:
        """Tells whether a text has more characters than it may have, after reporting it."""
        if not self.longest or len(text) <= self.longest:
            return False
        reading.report("text-too-long", node, key=_last(key), most=str(self.longest), length=str(len(text)))
        return True

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> Any:
        """Returns the value of a text, None after reporting what is wrong."""
        return text

    def report_cut(self, node: Node, key: str, reading: ReadContext, whole: str = "") -> None:
        """Reports a comment that cuts a value which is free text; ``whole`` is the value as it is to be written, if it is
        no text in quotation marks."""
        if node.cut is not None:
            line, column, rest = node.cut
            whole = f"{_last(key).rpartition('.')[2]}: {whole or quoted(f'{node.text} {rest}')}"
            arguments = {"key": _last(key), "rest": rest[:60], "line": whole[:120]}
            reading.diagnostics.append(Diagnostic("value-cut", line, column, arguments))

    def refuse(self, node: Node, key: str, reading: ReadContext, code: str = "value-type") -> None:
        """Reports that the value is not of this type."""
        found = " ".join(_written(node).split())[:60]
        reading.report(code, node, key=_last(key), expected=self.expected, value=found)

    def json(self) -> Json:
        """Returns the JSON Schema of the type."""
        return {"type": "string"}


def _written(node: Node) -> str:
    """Returns a value roughly as it is written."""
    if node.kind == "list":
        return f"[{', '.join(map(_written, node.items))}]"
    if node.kind == "map":
        return f"{{{', '.join(f'{key.text}: {_written(value)}' for key, value in node.pairs)}}}"
    return node.text


def _last(key: str) -> str:
    # Number by number from the end: one expression for all would be tried from each of them.
    name, dot, number = key.rpartition(".")
    while dot and number.isdecimal():
        key = name
        name, dot, number = key.rpartition(".")
    return key


class Text(Type, frozen=True):
    """Plain text; line breaks become spaces unless ``lines``. Numbers and words like ``no`` are texts."""

    lines: bool = False
    longest: int = 0

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        self.report_cut(node, key, reading)
        return text if self.lines else " ".join(text.split())

    def json(self) -> Json:
        schema: Json = {"type": ["string", "number", "boolean"]}
        return schema | ({"maxLength": self.longest} if self.longest else {})


class Flag(Type, frozen=True):
    """Yes or no."""

    expected = N_("true or false")

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> bool | None:
        word = normal_name(text)
        if word in TRUE:
            return True
        if word in FALSE:
            return False
        if text in _TICKS:
            return _TICKS[text]
        self.refuse(node, key, reading)
        return None

    def json(self) -> Json:
        return {"type": "boolean"}


class DraftFlag(Flag, frozen=True):
    """The value of ``draft``: what is neither yes nor no withholds the text, and is told with what to write."""

    def refuse(self, node: Node, key: str, reading: ReadContext, code: str = "draft-unclear") -> None:
        super().refuse(node, key, reading, "draft-unclear")


class Whole(Type, frozen=True):
    """A whole number."""

    least: int = 0
    most: int = 1_000_000_000
    expected = N_("a whole number")

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> int | None:
        digits = halved(text)
        if re.fullmatch(r"-?\d{1,10}", digits, re.ASCII) and self.least <= int(digits) <= self.most:
            return int(digits)
        self.refuse(node, key, reading)
        return None

    def json(self) -> Json:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class Date(Type, frozen=True):
    """A date or a time."""

    expected = N_("a date like 2026-11-20 or 2026-11-20 09:30")

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> Any:
        moment = parse_moment(text, reading.zone)
        if moment is None:
            if is_dated(text):
                self._report_dated(text, node, key, reading)
            else:
                self._report_form(text, node, _last(key), reading)
            return None
        # Readers are in the organization's zone, whatever zone a program wrote the time in.
        return in_zone(moment, reading.zone)

    def _report_dated(self, text: str, node: Node, key: str, reading: ReadContext) -> None:
        """Reports what has the form of a date, but is none; with the line to write where it is the end of a day."""
        midnight, name = next_midnight(text), _last(key)
        if midnight:
            line = f"{name.rpartition('.')[2]}: {midnight}"
            reading.report("date-midnight", node, key=name, value=" ".join(text.split())[:60], line=line)
        else:
            self.refuse(node, key, reading, "date-invalid")

    @staticmethod
    def _report_form(text: str, node: Node, key: str, reading: ReadContext) -> None:
        """Reports a date of another form, with the line that says what it probably means."""
        name, value = key.rpartition(".")[2], " ".join(text.split())[:60]
        probable = probable_dates(text, reading.published.year if reading.published else None)
        if not probable:
            day = f"{reading.published:%Y-%m-%d}" if reading.published is not None else "2026-11-20"
            code = {"date": "date-open", "expires": "end-unclear"}.get(key, "date-unclear")
            if key == "expires":
                day = "2027-06-30"
            reading.report(code, node, key=key, value=value, line=f"{name}: {day}")
            return
        first, *second = probable
        if second and name in _SPANS:
            other = f"{_SPANS[name]}: {second[0]}"
            reading.report("date-span", node, key=key, value=value, line=f"{name}: {first}", other=other)
            return
        reading.report("date-form", node, key=key, value=value, line=f"{name}: {first}")

    def json(self) -> Json:
        return {"type": "string", "examples": ["2026-11-20", "2026-11-20 09:30"]}


class FlagOrDate(Type, frozen=True):
    """Yes, no, or a date until which it holds."""

    expected = N_("true, false, or a date")

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> Any:
        word = normal_name(text)
        if word in TRUE or (word in FALSE and not halved(text).startswith("-")):
            return word in TRUE
        if is_dated(text) or len(probable_dates(text, reading.published.year if reading.published else None)) == 1:
            return Date().parse(text, node, key, reading)
        self.refuse(node, key, reading)
        return None

    def json(self) -> Json:
        return {"type": ["boolean", "string"]}


class OneOf(Type, frozen=True):
    """One of a few words."""

    words: tuple[str, ...]
    aliases: Mapping[str, str] = msgspec.field(default_factory=dict)

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        word = " ".join(halved(text).lower().replace("_", " ").split())
        if word in self.words:
            return word
        if word in self.aliases:
            return self.aliases[word]
        near = get_close_matches(word, self.words, 1)
        reading.report(
            "value-choice",
            node,
            key=_last(key),
            value=text[:60],
            choices=self.words,
            near=near[0] if near else "",
        )
        return None

    def json(self) -> Json:
        return {"enum": list(self.words)}


class Pattern(Type, frozen=True):
    """A name of one fixed form, in ASCII; ``expected`` describes it."""

    pattern: str
    expected: str
    longest = SHORT

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        if re.fullmatch(self.pattern, text, re.ASCII):
            return text
        self.refuse(node, key, reading)
        return None

    def json(self) -> Json:
        return {"type": "string", "pattern": f"^{self.pattern}$"}


class SlugText(Type, frozen=True):
    """A slug, written as one."""

    expected = N_("a slug: lowercase letters, digits, dots and hyphens")

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        slug = unicodedata.normalize("NFC", text)
        if is_slug(slug):
            return slug
        reading.report("slug-invalid", node, key=_last(key), value=text[:60], near=slugify(text))
        return None

    def json(self) -> Json:
        return {"type": ["string", "integer"]}


class OwnSlug(SlugText, frozen=True):
    """The slug of a text, written as one; without a good one the file's name has it."""

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        if is_slug(unicodedata.normalize("NFC", text)):
            return super().parse(text, node, key, reading)
        reading.report("slug-unused", node, value=text[:60], near=slugify(text.strip("/").rpartition("/")[2]))
        return None


class TopicName(SlugText, frozen=True):
    """The slug of a topic, or its name written as people do. Whether there is such a topic is told where all are known."""

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        slug = slugify(text)
        if slug and not too_long(slug):
            return slug
        reading.report("topic-unknown", node, target=text[:60], near="")
        return None


class Colour(SlugText, frozen=True):
    """The name of a colour of Material's palette. Others are taken too: a theme may have its own."""

    expected = N_("the name of a colour, such as red or teal")

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        if not is_slug(text.lower()):
            reading.report("accent-unknown", node, value=text[:60], choices=_COLOURS, near="red")
            return None
        name = super().parse(text.lower(), node, key, reading)
        if name is not None and name not in _COLOURS:
            near = get_close_matches(name, _COLOURS, 1)
            reading.report("accent-unknown", node, value=text[:60], choices=_COLOURS, near=near[0] if near else "red")
        return name


class Ref(Type, frozen=True):
    """``<branch>/<section>/<slug>``, or without the branch for one's own."""

    expected = N_("a reference like branch/section/entry")
    longest = ADDRESS

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        parts = unicodedata.normalize("NFC", text).strip("/").removesuffix(".md").split("/")
        if len(parts) in (2, 3) and all(slugify(part) == part and part for part in parts):
            return "/".join(parts)
        self.refuse(node, key, reading)
        return None


class Url(Type, frozen=True):
    """An absolute web address."""

    host_only: bool = False
    expected = N_("a web address like https://example.org/")
    longest = ADDRESS

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        try:
            parts = urlsplit(text)
            good = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"]", text)
            _ = parts.port
        except ValueError:
            good = False
        if good and not (self.host_only and (parts.query or parts.fragment or parts.username)):
            return ascii_host(text)
        self.refuse(node, key, reading)
        return None

    def json(self) -> Json:
        return {"type": "string", "format": "uri"}


class Authority(Type, frozen=True):
    """The name of an authority in tag URIs (RFC 4151): a host name, or an e-mail address; in IDNA form, lower case."""

    expected = N_("a host name like example.org")
    longest = SHORT

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        person, at, host = text.rpartition("@")
        try:
            host = host.encode("idna").decode("ascii").lower()
        except UnicodeError:
            host = ""
        if re.fullmatch(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?", host) and (
            not at or re.fullmatch(r"[\w.-]+", person, re.ASCII)
        ):
            return f"{person}{at}{host}"
        self.refuse(node, key, reading)
        return None


class OldPath(Type, frozen=True):
    """A path of the site that is no more: from its root on, percent-decoded, without query or ``..``."""

    expected = N_("an old address like /old/page/")
    longest = ADDRESS

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        path = old_path(text)
        if path is None:
            self.refuse(node, key, reading)
        return path


def old_path(text: str) -> str | None:
    """Returns a former address as a path from the root, percent-decoded, with a page's ``index.html`` left out.

    None where it is no such path: with a query or ``..``, or where an output file of the site stands.
    """
    path = re.sub(r"/index\.html?$", "/", unicodedata.normalize("NFC", unquote(text)), flags=re.IGNORECASE)
    if not path.startswith("/") or re.search(r"[?#\\\x00-\x1f\x7f]|//", path):
        return None
    parts = path.strip("/").split("/")
    if not fits(path) or any(part in ("", ".", "..") or is_output_file(part) or too_long(part) for part in parts):
        return None
    return path


class Iri(Type, frozen=True):
    """An absolute IRI (RFC 3987)."""

    expected = N_("an absolute IRI like tag:example.org,2026:name")
    longest = ADDRESS

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        if _IRI.fullmatch(text):
            return text
        if ":" in text:
            self.refuse(node, key, reading)
        else:
            # Other systems number their texts here; that never was an identifier in feeds.
            reading.report("id-unused", node, key=_last(key), value=text[:60])
        return None


class Language(Type, frozen=True):
    """A language tag (BCP 47), or one of ``only``."""

    only: tuple[str, ...] = ()
    expected = N_("a language like zh or en")
    longest = 100

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> str | None:
        tag = text.replace("_", "-")
        if _LANGUAGE.fullmatch(tag) and (not self.only or tag in self.only):
            return tag
        self.refuse(node, key, reading)
        return None

    def json(self) -> Json:
        return {"enum": list(self.only)} if self.only else {"type": "string", "pattern": f"^{_LANGUAGE.pattern}$"}
