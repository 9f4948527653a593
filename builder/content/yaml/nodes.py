"""YAML as a tree of texts with their places. Nothing is converted: ``no``, ``1.10`` and ``2026-02-30`` stay as written.

libyaml's events are read, never objects: tags, anchors and aliases are refused, so that neither code nor a bomb can
come in; depth is bounded. A syntax error is told once, placed by :mod:`builder.content.yaml.cause`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import yaml

from builder.content.yaml.quoting import quoted_line
from builder.messages.diagnostics import Diagnostic
from builder.model.patterns import pattern_of

if TYPE_CHECKING:
    from builder.content.yaml.cause import Cause

MOST_DEPTH = 50


class Node(msgspec.Struct):
    """A part of a YAML file; ``none`` is a key's missing value. ``plain``: unquoted; ``block``: written after ``|`` or
    ``>``.
    """

    kind: Literal["text", "list", "map", "none"]
    line: int = 1
    column: int = 1
    text: str = ""
    plain: bool = True
    block: bool = False
    items: list[Node] = msgspec.field(default_factory=list)
    pairs: list[tuple[Node, Node]] = msgspec.field(default_factory=list)
    cut: tuple[int, int, str] | None = None
    """Of a plain text, line, column and words of a comment that cuts it."""
    last_line: int = 0
    """Of a text that goes on over several lines, the last one; else 0."""

    @property
    def place(self) -> tuple[int, int]:
        """Line and column, 1-based."""
        return self.line, self.column

    def get(self, key: str) -> Node | None:
        """Returns the value of a key, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)

    def key(self, key: str) -> Node | None:
        """Returns the node of the key itself."""
        return next((name for name, _ in self.pairs if name.text == key), None)


# What XML cannot hold; in a file itself it is found before YAML is read, but quoted texts can escape it.
_CONTROL = pattern_of("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_CUT = pattern_of(r"(?: |\s+(?=#\S))(#.*\S)\s*$")
_TABS = pattern_of(r"^[ \t]*\t[ \t]*(?=- |$)", re.MULTILINE)
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_WORD = r"\w(?:[\w .-]*+(?<! ))?+"
_SIMPLE_LINE = pattern_of(
    r"(?P<key>[^\W\d][\w-]{0,60}): (?:"
    r"(?P<plain>[^\s\-?:,\[\]{}#&*!|>'\"%@`][^#:]*+(?::(?! |$)[^#:]*+)*+(?<! ))"
    rf"|\[(?P<list>{_WORD}(?:, {_WORD})*+)\]"
    r"|\"(?P<double>[^\"\\]*+)\"|'(?P<single>[^']*+)'"
    r")"
)
"""A key with a text in one line, or with a list of words in brackets, so that nothing can be meant but what stands there."""


def read_yaml(text: str, first_line: int = 1, syntax: str = "yaml-syntax") -> tuple[Node | None, list[Diagnostic]]:
    """Returns the mapping that a text of YAML is, and its diagnostics; None where its syntax or shape is wrong.

    ``first_line`` is the line of the file on which the text begins, ``syntax`` the code of a syntax error. Raises nothing.
    """
    simple = read_simple(text, first_line)
    if simple is not None:
        return simple, []
    return read_any(text, first_line, syntax)


def read_simple(text: str, first_line: int) -> Node | None:
    """Returns what :func:`read_any` would, for a mapping whose every line is as simple as those of most heads; None for any
    other. It takes an eighth of the time."""
    rows = text.split("\n")
    # Signs that YAML refuses, or takes for line ends, are none that can be printed.
    if not "".join(rows).isprintable():
        return None
    pairs: list[tuple[Node, Node]] = []
    seen: set[str] = set()
    for line, row in enumerate(rows, first_line):
        match = _SIMPLE_LINE.fullmatch(row)
        if match is None:
            return None
        key, kind = match["key"], match.lastgroup or ""
        column, words = match.start(kind) + 1, match[kind]
        if key in seen or key in _NULLS:
            return None
        seen.add(key)
        if kind == "list":
            value = Node("list", line, column - 1)
            for word in words.split(", "):
                value.items.append(_plain(word, line, column))
                column += len(word) + 2
        elif kind == "plain":
            value = _plain(words, line, column)
        else:
            value = Node("text", line, column - 1, words, plain=False)
        pairs.append((Node("text", line, 1, key), value))
    return Node("map", first_line, 1, pairs=pairs)


def _plain(text: str, line: int, column: int) -> Node:
    return Node("none" if text in _NULLS else "text", line, column, text)


def read_any(text: str, first_line: int, syntax: str) -> tuple[Node | None, list[Diagnostic]]:
    """Reads any text of YAML, for :func:`read_yaml`."""
    # libyaml takes these three for line ends; editors do not, and lines must count as editors count them.
    text = text.translate({0x85: 0x20, 0x2028: 0x20, 0x2029: 0x20})
    root, diagnostics = _read(text, first_line, syntax)
    if root is not None or "\t" not in text:
        return root, diagnostics
    # Before the items of a list a tab can only be an indentation, as Hexo takes it; before a key it may hide one.
    plain = _TABS.sub(lambda match: match[0].replace("\t", " "), text)
    if plain == text:
        return None, diagnostics
    mended, told = _read(plain, first_line, syntax)
    if mended is None:
        return None, diagnostics
    return mended, [Diagnostic("yaml-tabs", text.count("\n", 0, text.index("\t")) + first_line, 1), *told]


def _read(text: str, first_line: int, syntax: str) -> tuple[Node | None, list[Diagnostic]]:
    reader = _Reader(first_line, text.split("\n"))
    try:
        root = reader.document(yaml.parse(text, Loader=yaml.CSafeLoader))
    except _Stop:
        return None, reader.diagnostics
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        line, column = (mark.line, mark.column) if mark is not None else (0, 0)
        cause = _cause(text, line, column)
        return None, [Diagnostic(syntax, cause.line + first_line, cause.column + 1, cause.arguments)]
    if root is None or root.kind == "none":
        return Node("map", first_line, 1), reader.diagnostics
    if root.kind != "map":
        cause = _cause(text, 0, 0)
        code, args = (syntax, cause.arguments) if cause.arguments.get("cause") != "other" else ("yaml-not-mapping", {})
        return None, [*reader.diagnostics, Diagnostic(code, cause.line + first_line, cause.column + 1, args)]
    return root, reader.diagnostics


def _cause(text: str, line: int, column: int) -> Cause:
    # Loaded when something is wrong: its expressions take as long to compile as all the rest here.
    from builder.content.yaml.cause import find_cause

    return find_cause(text, line, column)


class _Stop(Exception):  # noqa: N818 - what is wrong is already recorded
    """Raised where reading further is useless."""


class _Reader:
    """Builds the tree of one document; ``diagnostics`` gathers what is forbidden on the way."""

    def __init__(self, first_line: int, lines: list[str]) -> None:
        self.first_line = first_line
        self.lines = lines
        self.diagnostics: list[Diagnostic] = []

    def document(self, events: Iterator[yaml.Event]) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
            elif isinstance(event, yaml.NodeEvent):
                node = self.node(event, events, 0)
                if documents == 1:
                    root = node
                elif node.kind != "none":
                    self.report("yaml-several-documents", event)
                    raise _Stop
        return root

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Node:
        if depth > MOST_DEPTH:
            self.report("yaml-too-deep", event)
            raise _Stop
        mark: Any = event.start_mark
        line, column = mark.line + self.first_line, mark.column + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            self.report("yaml-anchor", event, value=str(getattr(event, "anchor", "")))
        if isinstance(event, yaml.AliasEvent):
            return Node("text", line, column, f"*{event.anchor}")
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "!":
            self.report("yaml-tag", event, value=str(tag).replace("tag:yaml.org,2002:", "!!"))
        if isinstance(event, yaml.ScalarEvent):
            text = event.value.replace("\r\n", "\n").replace("\r", "\n")
            if event.style == '"' and (escaped := _CONTROL.search(text)):
                self.report("control-character", event, character=f"U+{ord(escaped[0]):04X}")
                text = _CONTROL.sub("", text)
            plain = event.style is None or event.style == ""
            kind: Literal["text", "none"] = "none" if plain and text in _NULLS else "text"
            end: Any = event.end_mark
            # A block of lines ends where the next line begins.
            last = end.line + self.first_line - (end.column == 0 and event.style in ("|", ">"))
            return Node(
                kind,
                line,
                column,
                text,
                plain,
                event.style in ("|", ">"),
                cut=self.comment_behind(end) if plain else None,
                last_line=last if last > line else 0,
            )
        if isinstance(event, yaml.SequenceStartEvent):
            node = Node("list", line, column)
            for inner in events:
                if isinstance(inner, yaml.SequenceEndEvent):
                    break
                node.items.append(self.node(inner, events, depth + 1))
            return node
        node = Node("map", line, column)
        seen: dict[str, int] = {}
        for inner in events:
            if isinstance(inner, yaml.MappingEndEvent):
                break
            key = self.node(inner, events, depth + 1)
            value = self.node(next(events), events, depth + 1)
            if key.kind in ("list", "map"):
                self.diagnostics.append(Diagnostic("yaml-key", key.line, key.column))
            elif key.text in seen:
                self.diagnostics.append(
                    Diagnostic(
                        "yaml-duplicate-key", key.line, key.column, {"key": key.text, "first": str(seen[key.text])}
                    )
                )
            else:
                seen[key.text] = key.line
                node.pairs.append((key, value))
        return node

    def report(self, code: str, event: yaml.Event, **args: str) -> None:
        mark: Any = event.start_mark
        if code in ("yaml-tag", "yaml-anchor"):
            args["line"] = quoted_line(self.lines[mark.line], mark.column)
        self.diagnostics.append(Diagnostic(code, mark.line + self.first_line, mark.column + 1, args))

    def comment_behind(self, end: Any) -> tuple[int, int, str] | None:
        """Returns place and text of a comment that cuts a plain value: one that a single blank parts from it, or whose sign
        stands at a word. Others are comments."""
        line = self.lines[end.line] if end.line < len(self.lines) else ""
        match = _CUT.match(line, end.column)
        if match is None:
            return None
        return end.line + self.first_line, match.start(1) + 1, match[1].rstrip()
