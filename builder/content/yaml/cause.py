"""The likeliest cause of a YAML syntax error. The parser often blames the line after the wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from builder.content.yaml.quoting import mapping_line, quoted_line


class Cause(NamedTuple):
    """0-based line and column in the text, and the words for the message: ``cause`` names the usual mistake."""

    line: int
    column: int
    arguments: Mapping[str, str]


# Possessive: nothing that content can write is tried in two ways.
_KEY = re.compile(r"(?P<before>\s*+(?:- ++)*+)(?P<key>[^\s:#'\"\[\]{},：][^:#'\"\[\]{},：]*+):(?P<rest>\s.*|$)")
_WIDE = re.compile(r"\s*+(?:- ++)*+(?P<key>[A-Za-z_][\w-]{0,30}+|[\u4e00-\u9fff]{1,8}+)\s*+：")
_TIGHT = re.compile(r"(?:- ++)*+(?P<key>[A-Za-z_][\w-]{0,30}+):(?=[^\s/])")
_DASH = re.compile(r"(?:-(?=[^\s-])|[－—–•·▪■◆○●][ \t\u3000]*+(?=\S)|\d{1,2}[.、)）][ \t]*+(?=\S))")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?\s*(?:#.*)?")
_COMMENT_INSIDE = re.compile(r"\s#")
_CLOSERS = {"[": "]", "{": "}"}
_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_PASSES = 4
"""The number of times that the lines of a text may be looked at again, for where values end, before causes are given up."""


class _Ahead:
    """The lines of a text as they are looked at for where a value ends: only so many, or each value would take all of them."""

    def __init__(self, lines: list[str]) -> None:
        self._left = _PASSES * sum(len(line) + 1 for line in lines) + 10_000

    def allows(self, line: str) -> bool:
        """Counts a line that is to be looked at."""
        self._left -= len(line) + 1
        return self._left > 0


def find_cause(text: str, blamed_line: int, blamed_column: int) -> Cause:
    """Returns the likeliest cause at or before the line that the parser blames; else that place itself."""
    lines = text.split("\n")
    until = min(blamed_line, len(lines) - 1)
    found = list(_suspects(lines))
    near = [cause for cause in found if cause.line <= until + 1]
    if near:
        # The parser stops at its first error; the suspect closest before it is the cause.
        return max(near, key=lambda cause: (cause.line <= until, cause.line if cause.line <= until else -cause.line))
    if found and until == 0:
        return found[0]
    line = until
    while line > 0 and not lines[line].strip():
        line -= 1
    return Cause(line, blamed_column if line == blamed_line else 0, {"cause": "other"})


def _suspects(lines: list[str]) -> Iterable[Cause]:
    block: int | None = None
    index, ahead = 0, _Ahead(lines)
    while index < len(lines) and ahead.allows(lines[index]):
        line = lines[index]
        stripped = line.lstrip(" \t")
        indent = len(line) - len(stripped)
        if block is not None and (not stripped or indent > block):
            if "\t" in line[:indent]:
                yield Cause(index, line.index("\t"), {"cause": "tab"})
            index += 1
            continue
        block = None
        if not stripped or stripped.startswith("#"):
            index += 1
            continue
        if "\t" in line[:indent]:
            yield Cause(index, line.index("\t"), {"cause": "tab"})
        wide, match, tight = _WIDE.match(line), _KEY.match(line), _TIGHT.match(stripped)
        if wide is not None and (match is None or match.start("rest") > wide.end()):
            yield Cause(index, wide.end() - 1, {"cause": "wide-colon", "key": wide["key"]})
        elif match is not None:
            rest = match["rest"].strip()
            if _BLOCK.fullmatch(rest):
                block = len(match["before"]) if "-" in match["before"] else indent
            elif rest:
                start = line.index(rest, match.start("rest"))
                cause, last = _value(lines, index, start, match["key"].rstrip(), ahead)
                if cause is not None:
                    yield cause
                index = max(index, last)
        elif tight is not None:
            yield Cause(index, indent + tight.end() - 1, {"cause": "tight-colon", "key": tight["key"]})
        elif _DASH.match(stripped) is not None:
            yield Cause(index, indent, {"cause": "tight-dash", "line": f"- {_DASH.sub('', stripped).strip()}"[:60]})
        elif stripped.startswith("- "):
            start = len(line) - len(stripped[2:].lstrip())
            if start < len(line):
                cause, last = _value(lines, index, start, "-", ahead)
                if cause is not None:
                    yield cause
                index = max(index, last)
        index += 1


def _value(lines: list[str], index: int, start: int, key: str, ahead: _Ahead) -> tuple[Cause | None, int]:
    """Returns the mistake in the value that begins there, and the line it ends on."""
    value = lines[index][start:]
    first = value[0]
    if first in "\"'":
        end = _closing_quote(value, first)
        if end is None:
            # A quoted text may go on over lines that are indented.
            for later in range(index + 1, len(lines)):
                if not ahead.allows(lines[later]):
                    return None, later
                if lines[later].strip() and not lines[later].startswith((" ", "\t")):
                    break
                if _closing_quote(first + lines[later], first) is not None:
                    return None, later
            return Cause(index, start, {"cause": "quote", "key": key}), index
        rest = value[end + 1 :].strip()
        if rest and not rest.startswith(("#", ",", "]", "}")):
            line = quoted_line(lines[index], start)
            return Cause(index, start + end + 1, {"cause": "after-quote", "key": key, "line": line}), index
        return None, index
    if first in _CLOSERS:
        if first == "{" and re.search(r"[，、；：]", _QUOTED.sub("", value)):
            return Cause(index, start, {"cause": "wide-comma", "key": key, "line": mapping_line(lines[index])}), index
        if value.count('"') % 2 and re.search("[“”]", value):
            return Cause(index, start + value.rindex('"'), {"cause": "quote", "key": key}), index
        behind = re.fullmatch(r"\[[^\[\]]*\]\s*([^\s#].*)|\{[^{}]*\}\s*([^\s#].*)", value)
        if behind is not None and key != "-":
            line = quoted_line(lines[index], start)
            return Cause(index, start, {"cause": "special", "key": key, "character": first, "line": line}), index
        comment = _COMMENT_INSIDE.search(re.sub(r"\"[^\"]*\"|'[^']*'", lambda text: "x" * len(text[0]), value))
        if comment is not None and _CLOSERS[first] in value[comment.start() :]:
            arguments = {"cause": "comment-inside", "key": key, "rest": value[comment.start() :].strip()[:40]}
            return Cause(index, start + comment.start() + 1, arguments), index
        depth, later = 0, index
        while later < len(lines):
            if not ahead.allows(lines[later]):
                return None, later
            part = _QUOTED.sub("", lines[later][start:] if later == index else lines[later])
            if later > index and _KEY.match(part) and not part.startswith((" ", "\t")):
                break
            depth += sum(part.count(sign) for sign in "[{") - sum(part.count(sign) for sign in "]}")
            if depth <= 0:
                if depth < 0 or re.search(r"[\]}][^\]},#\s][^\]}]*$", part):
                    return Cause(index, start, {"cause": "bracket", "key": key}), later
                return None, later
            later += 1
        return Cause(index, start, {"cause": "bracket", "key": key}), index
    if (
        first in "@`%|>,]}"
        or (first in "*&!" and not re.fullmatch(r"[*&!][\w!:/.-]+", value.split(" ")[0], re.ASCII))
        or re.match(r"[-?]\s", value)
    ):
        line = quoted_line(lines[index], start)
        return Cause(index, start, {"cause": "special", "key": key, "character": first, "line": line}), index
    colon = re.search(r":(?:\s|$)", re.sub(r"\s#.*", "", value))
    if colon is not None and key != "-":
        line = quoted_line(lines[index], start)
        return Cause(index, start + colon.start(), {"cause": "colon", "key": key, "line": line}), index
    return None, index


def _closing_quote(value: str, quote: str) -> int | None:
    position = 1
    while position < len(value):
        if quote == '"' and value[position] == "\\":
            position += 2
        elif value[position] == quote:
            if quote == "'" and value[position + 1 : position + 2] == "'":
                position += 2
                continue
            return position
        else:
            position += 1
    return None
