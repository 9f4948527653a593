"""Front matter in TOML (``+++``), as Hugo's texts have it: read as a tree like YAML's."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime, time
from typing import Any

from builder.content.yaml.nodes import Node
from builder.messages.diagnostics import Diagnostic
from builder.model.patterns import pattern_of

_PLACE = pattern_of(r"\(at line (\d+), column (\d+)\)")


def read_toml(
    text: str, first_line: int = 1, syntax: str = "front-matter-syntax"
) -> tuple[Node | None, list[Diagnostic]]:
    """Returns the mapping that a text of TOML is, or a diagnostic of its syntax. Values are texts, placed on the lines of
    their keys."""
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place is not None else (1, 1)
        return None, [Diagnostic(syntax, line + first_line - 1, column, {"cause": "toml"})]
    return _node(values, text.split("\n"), 0, first_line), []


def _node(value: Any, lines: list[str], line: int, first_line: int) -> Node:
    """Returns the node of a value that stands on the line of that number, or on one below it."""
    node = Node("text", line + first_line, 1, plain=False)
    if isinstance(value, dict):
        node.kind = "map"
        for key, inner in value.items():
            place = _line_of(key, lines, line)
            node.pairs.append((Node("text", place + first_line, 1, key), _node(inner, lines, place, first_line)))
    elif isinstance(value, list):
        node.kind = "list"
        node.items = [_node(inner, lines, line, first_line) for inner in value]
    elif isinstance(value, bool):
        node.text = "true" if value else "false"
    elif isinstance(value, datetime):
        node.text = value.isoformat(" ")
    elif isinstance(value, (date, time)):
        node.text = value.isoformat()
    else:
        node.text = str(value)
    return node


def _line_of(key: str, lines: list[str], start: int) -> int:
    name = re.escape(key)
    pattern = re.compile(
        rf"\s*(?:\[+\s*)?(?:[\w.-]+\.)?[\"']?{name}[\"']?\s*(?:=|\]|\.)|.*[{{,]\s*[\"']?{name}[\"']?\s*="
    )
    return next((number for number in range(start, len(lines)) if pattern.match(lines[number])), start)
