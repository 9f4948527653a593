"""A file's bytes as text: encodings, line ends, and what may not be in it."""

from __future__ import annotations

import re
from pathlib import Path

from builder.content.encodings import broken_byte, decode, first_wrong
from builder.content.markdown.body import Body
from builder.content.markdown.masking import holds
from builder.content.yaml.nodes import Node, read_yaml
from builder.messages.diagnostics import Diagnostic
from builder.model.patterns import pattern_of
from builder.model.reading import read_file

MOST_BYTES = 1_000_000
"""The largest file of settings."""
_FENCE = pattern_of(r" {0,3}(`{3,}|~{3,})")


def read_text(content: bytes) -> tuple[str | None, list[Diagnostic]]:
    """Returns the text of a file's bytes, None if it has none, and what is to be said of its encoding."""
    found = decode(content)
    if found is not None:
        converted = Diagnostic("encoding-converted", 1, 1, {"encoding": found.encoding})
        return found.text, [converted] if found.encoding else []
    broken = broken_byte(content)
    if broken is not None:
        return None, [Diagnostic("encoding-byte", broken.line, broken.column, {"byte": broken.byte})]
    return None, [Diagnostic("encoding-unknown", *first_wrong(content))]


_CODE = pattern_of(r"(?<!`)(`+)(?!`)[\s\S]{1,5000}?(?<!`)\1(?!`)")
_REFERENCE = pattern_of(r"&#(?:([0-9]{1,7})|[xX]([0-9a-fA-F]{1,6}));")
_FEW_CONTROLS = 8
"""More than these, and more than one in twenty characters, is no text."""
_CONTROL = pattern_of(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


def without_controls(text: str) -> tuple[str, list[Diagnostic]]:
    """Return a text without its control characters, and a diagnostic of the first one. A NUL, or many, is an error."""
    match = _CONTROL.search(text)
    if match is None:
        return text, []
    found, start = _CONTROL.findall(text), match.start()
    line, column = text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start)
    character = f"U+{ord(found[0]):04X}"
    if "\0" in found or len(found) > max(_FEW_CONTROLS, len(text) // 20):
        return text, [Diagnostic("not-text", line, column, {"character": character, "count": str(len(found))})]
    clean = _CONTROL.sub(lambda sign: " " if sign[0] in "\x0b\x0c\x85" else "", text)
    return clean, [Diagnostic("control-character", line, column, {"character": character})]


def conflict_in(text: str) -> list[Diagnostic]:
    """Return a diagnostic of the first merge conflict in a text, if there is one."""
    line = _conflict(text) if holds(text, "<<<<<<<") else 0
    return [Diagnostic("merge-conflict", line, 1)] if line else []


def without_references(text: str) -> str:
    """Return a Markdown text without the character references, outside code, that stand for control characters."""
    shown = _CODE.sub(lambda code: "\0" * len(code[0]), text)
    parts, end = [], 0
    for match in _REFERENCE.finditer(shown):
        if _is_control(match):
            parts.append(text[end : match.start()])
            end = match.end()
    return "".join((*parts, text[end:]))


def _is_control(match: re.Match[str]) -> bool:
    number = int(match[1]) if match[1] else int(match[2], 16)
    return number < 0x110000 and _CONTROL.search(chr(number)) is not None


def escaped_control(text: str, body: Body) -> tuple[int, int, str] | None:
    """Finds line and column in ``text`` of the character reference that brought a control character into its ``body``."""
    if "&" not in text or not any(_CONTROL.search(part) for part in (body.title, body.text, *body.segments)):
        return None
    shown = _CODE.sub(lambda code: "".join(sign if sign == "\n" else " " for sign in code[0]), text)
    for match in _REFERENCE.finditer(shown):
        if _is_control(match):
            number = int(match[1]) if match[1] else int(match[2], 16)
            before = text[: match.start()]
            return before.count("\n") + 1, match.start() - before.rfind("\n"), f"U+{number:04X}"
    return 1, 1, "U+0000"


def _conflict(text: str) -> int:
    """Returns the line on which the first conflict begins whose three markers are all there, outside code; 0 for none."""
    fence, start, half = "", 0, False
    for number, line in enumerate(text.split("\n"), 1):
        match = _FENCE.match(line)
        if fence:
            if match is not None and match[1].startswith(fence) and not line.strip().strip(fence[0]):
                fence = ""
            continue
        if match is not None:
            fence = match[1]
        elif re.match(r"<{7}(?: |$)", line):
            start, half = number, False
        elif start and re.fullmatch(r"={7}\s*", line):
            half = True
        elif start and half and re.match(r">{7}(?: |$)", line):
            return start
    return 0


def read_settings(file: Path, home: Path | None = None) -> tuple[Node | None, list[Diagnostic]]:
    """Returns the mapping in a file of settings, which lies in the folder ``home``, and its diagnostics."""
    try:
        content = read_file(file, MOST_BYTES, home)
        if len(content) > MOST_BYTES:
            size = str(max(file.stat().st_size, len(content)))
            return None, [Diagnostic("file-too-large", arguments={"size": size, "most": str(MOST_BYTES)})]
    except OSError as error:
        return None, [Diagnostic("file-unreadable", arguments={"name": file.name, "reason": error.strerror or ""})]
    return parse_settings(content)


def parse_settings(content: bytes) -> tuple[Node | None, list[Diagnostic]]:
    """Returns the mapping in the bytes of a file of settings, and its diagnostics."""
    text, diagnostics = read_text(content)
    if text is None:
        return None, diagnostics
    text, controls = without_controls(text)
    diagnostics += controls
    blocking = [each for each in controls if each.code == "not-text"] + conflict_in(text)
    if blocking:
        return None, [*diagnostics, *conflict_in(text)]
    node, problems = read_yaml(text)
    return node, [*diagnostics, *problems]
