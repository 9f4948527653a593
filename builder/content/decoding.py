"""A file's bytes as text: encodings, line ends, and what may not be in it."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from builder.content.markdown.body import Body
from builder.content.yaml.nodes import Node, read_yaml
from builder.messages.diagnostics import Diagnostic

MOST_BYTES = 1_000_000
"""The largest file of settings."""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


class Decoded(NamedTuple):
    """A file's text with ``\\n`` as its only line end, and the encoding it was in if that was not UTF-8."""

    text: str
    encoding: str = ""


def decode(content: bytes) -> Decoded | None:
    """The text of a file's bytes: UTF-8, else UTF-16, else GB18030; None if it is none of them."""
    found = _decoded(content)
    if found is None:
        return None
    return found._replace(text=found.text.replace("\r\n", "\n").replace("\r", "\n"))


def _decoded(content: bytes) -> Decoded | None:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _try(content, "utf-16", "UTF-16")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = None
    if text is not None and "\0" not in text:
        return Decoded(text)
    for encoding, nulls in (("utf-16-le", content[1::2]), ("utf-16-be", content[0::2])):
        if len(content) > 1 and nulls.count(0) > len(nulls) // 4:
            found = _try(content, encoding, "UTF-16")
            if found is not None:
                return found
    if text is not None:
        return Decoded(text)
    found = _try(content, "gb18030", "GB18030")
    return found if found is not None and _plausible(found.text) else None


def _try(content: bytes, encoding: str, name: str) -> Decoded | None:
    try:
        return Decoded(content.decode(encoding), name)
    except UnicodeDecodeError:
        return None


def _plausible(text: str) -> bool:
    """Chinese text in GB18030 is mostly common characters; other bytes read as it give rare and private ones."""
    beyond = [character for character in text if ord(character) > 0x7F]
    common = sum(
        "\u4e00" <= character <= "\u9fff" or "\u3000" <= character <= "\u303f" or "\uff00" <= character <= "\uffef"
        for character in beyond
    )
    return (
        bool(beyond) and common * 2 >= len(beyond) and not any(unicodedata.category(c) in ("Co", "Cc") for c in beyond)
    )


_CODE = re.compile(r"(?<!`)(`+)(?!`)[\s\S]{1,5000}?(?<!`)\1(?!`)")
_REFERENCE = re.compile(r"&#(?:([0-9]{1,7})|[xX]([0-9a-fA-F]{1,6}));")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")


def diagnostics_of(text: str) -> list[Diagnostic]:
    """Control characters and merge conflict markers: one diagnostic of each kind, at its first place."""
    diagnostics: list[Diagnostic] = []
    match = _CONTROL.search(text)
    if match is not None:
        line = text.count("\n", 0, match.start()) + 1
        column = match.start() - (text.rfind("\n", 0, match.start()) + 1) + 1
        diagnostics.append(Diagnostic("control-character", line, column, {"character": f"U+{ord(match[0]):04X}"}))
    if "<<<<<<<" in text:
        line = _conflict(text)
        if line:
            diagnostics.append(Diagnostic("merge-conflict", line, 1))
    return diagnostics


def escaped_control(text: str, body: Body) -> tuple[int, int, str] | None:
    """Line and column in ``text`` of the character reference that brought a control character into its ``body``."""
    if not any(_CONTROL.search(part) for part in (body.title, body.text, *body.segments)):
        return None
    shown = _CODE.sub(lambda code: "".join(sign if sign == "\n" else " " for sign in code[0]), text)
    for match in _REFERENCE.finditer(shown):
        number = int(match[1]) if match[1] else int(match[2], 16)
        if number < 0x110000 and _CONTROL.search(chr(number)):
            before = text[: match.start()]
            return before.count("\n") + 1, match.start() - before.rfind("\n"), f"U+{number:04X}"
    return 1, 1, "U+0000"


def _conflict(text: str) -> int:
    """The line on which the first conflict begins whose three markers are all there, outside code; 0 for none."""
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


def read_settings(file: Path) -> tuple[Node | None, list[Diagnostic]]:
    """The mapping in a file of settings, and its diagnostics."""
    try:
        if file.stat().st_size > MOST_BYTES:
            size = str(file.stat().st_size)
            return None, [Diagnostic("file-too-large", arguments={"size": size, "most": str(MOST_BYTES)})]
        content = file.read_bytes()
    except OSError as error:
        return None, [Diagnostic("file-unreadable", arguments={"name": file.name, "reason": error.strerror or ""})]
    decoded = decode(content)
    if decoded is None:
        return None, [Diagnostic("encoding-unknown")]
    diagnostics = [Diagnostic("encoding-converted", 1, 1, {"encoding": decoded.encoding})] if decoded.encoding else []
    blocking = diagnostics_of(decoded.text)
    if blocking:
        return None, [*diagnostics, *blocking]
    node, problems = read_yaml(decoded.text)
    return node, [*diagnostics, *problems]
