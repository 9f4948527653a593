"""A document's source: its bytes checked, its front matter read by the schema of its kind."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, tzinfo
from os import PathLike
from os.path import split as split_path
from pathlib import Path
from typing import Any

import msgspec

from builder.content.decoding import conflict_in, read_text, without_controls
from builder.content.doubts import doubts, stamp
from builder.content.front_matter import Split, draft_line, says_draft, split, swallowed_line
from builder.content.personal import is_impersonal
from builder.content.schema.compound import Fields
from builder.content.schema.types import ReadContext
from builder.content.toml import read_toml
from builder.content.yaml.nodes import Node, read_yaml
from builder.messages.diagnostics import Diagnostic
from builder.model.dates import moment_of, name_prefix
from builder.model.reading import read_file


class Source(msgspec.Struct, frozen=True):
    """A source file as read: the values of its keys, its body, and its diagnostics.

    ``values`` is None if there is no understanding them; ``body`` is None where there is none to be read.
    ``draft`` is true if it says that it is a draft, be it where nothing is read. ``broken`` are the keys whose
    values were not understood; ``indents`` the columns before the body on its first line, and
    on the others. ``impersonal`` says that nothing in it can be personal data.
    """

    sha256: str = ""
    values: Mapping[str, Any] | None = None
    body: str | None = None
    body_line: int = 1
    diagnostics: tuple[Diagnostic, ...] = ()
    places: Mapping[str, tuple[int, int]] = {}
    broken: frozenset[str] = frozenset()
    indents: tuple[int, int] = (0, 0)
    draft: bool = False
    impersonal: bool = False


def read_source(
    file: str | PathLike[str],
    folder: str,
    fields: Fields,
    zone: tzinfo,
    *,
    only_yaml: bool = False,
    most: int = 100_000_000,
    home: Path | None = None,
) -> Source:
    """Reads a Markdown file with front matter, or a YAML file whose body is the key ``body``.

    ``folder`` is the source path that relative paths start from, ``most`` the largest size in bytes,
    ``home`` the folder that no file may lie outside of.
    """
    above, name = split_path(file)
    try:
        content = read_file(file, most, home)
    except OSError as error:
        arguments = {"name": name, "reason": error.strerror or ""}
        return Source(diagnostics=(Diagnostic("file-unreadable", arguments=arguments),))
    if _stem(name) == "index":
        name = f"{split_path(above)[1]}/"
    if len(content) > most:
        size = str(len(content))
        return Source(diagnostics=(Diagnostic("file-too-large", arguments={"size": size, "most": str(most)}),))
    digest = hashlib.sha256(content).hexdigest()
    text, diagnostics = read_text(content)
    if text is None:
        return Source(digest, diagnostics=tuple(diagnostics))
    written = text
    text, controls = without_controls(text)
    diagnostics += controls
    conflicts = conflict_in(text)
    if conflicts or any(each.code == "not-text" for each in controls):
        return Source(digest, diagnostics=(*diagnostics, *conflicts), draft=says_draft(text))
    if only_yaml:
        read = _yaml_only(digest, text, name, folder, fields, zone, diagnostics)
        return msgspec.structs.replace(read, impersonal=is_impersonal(written))
    parts, diagnostic = split(text)
    if diagnostic is not None:
        return Source(digest, diagnostics=(*diagnostics, diagnostic), draft=says_draft(text))
    read_head = read_toml if parts.syntax == "toml" else read_yaml
    matter, problems = (
        read_head(parts.matter, parts.matter_line, "front-matter-syntax")
        if parts.matter is not None
        else (Node("map"), [])
    )
    diagnostics += problems
    if matter is None:
        return Source(digest, diagnostics=tuple(diagnostics), draft=says_draft(parts.matter or ""))
    if not parts.opened:
        diagnostics.append(Diagnostic("front-matter-open", parts.matter_line, 1))
    reading = ReadContext(zone, folder, _date_in(name, zone))
    values = fields.read(matter, "", reading)
    misplaced = [
        each
        for each in (
            swallowed_line(matter, text) if values.get("draft") is not True else None,
            draft_line(parts.body, parts.body_line) if values.get("draft") is not True else None,
        )
        if each is not None
    ]
    if any(each.code == "draft-in-text" for each in misplaced):
        values["draft"] = True
    diagnostics += misplaced
    _find_marks(name, parts, values, reading)
    if "body" in values:
        reading.report("key-unknown", matter.key("body") or matter, key="body", near="")
        values = {key: value for key, value in values.items() if key != "body"}
    return Source(
        digest,
        values,
        parts.body,
        parts.body_line,
        (*diagnostics, *reading.diagnostics),
        reading.places,
        frozenset(reading.broken),
        impersonal=is_impersonal(written),
    )


def _find_marks(name: str, parts: Split, values: dict[str, Any], reading: ReadContext) -> None:
    """Reports marks of a draft, in the title or elsewhere, that say less than ``draft: true``; one in the title hides."""
    if values.get("draft") is True:
        return
    mark = stamp(values.get("title", ""), parts.body)
    if mark:
        line = next((number for number, each in enumerate(parts.body.split("\n")) if each.strip()), 0) + parts.body_line
        place = reading.places.get("title", (line, 1))
        reading.diagnostics.append(Diagnostic("draft-in-title", *place, {"mark": mark}))
        values["draft"] = True
        return
    reading.diagnostics += doubts(name, parts.matter or "", parts.matter_line, parts.body, parts.body_line, values)


def _stem(name: str) -> str:
    """Returns a file's name without its ending."""
    return name.rpartition(".")[0] or name


def _date_in(name: str, zone: tzinfo) -> datetime | None:
    """Returns the date that the name of a file, or of its folder, with a slash behind it, begins with."""
    _, day = name_prefix(name.removesuffix("/") if name.endswith("/") else _stem(name))
    return moment_of(day, zone).at if day is not None else None


def _yaml_only(
    digest: str, text: str, name: str, folder: str, fields: Fields, zone: tzinfo, diagnostics: list[Diagnostic]
) -> Source:
    root, problems = read_yaml(_without_fences(text))
    diagnostics += problems
    if root is None:
        return Source(digest, diagnostics=tuple(diagnostics), draft=says_draft(text))
    reading = ReadContext(zone, folder, _date_in(name, zone))
    values = fields.read(root, "", reading)
    swallowed = swallowed_line(root, text) if values.get("draft") is not True else None
    if swallowed is not None:
        diagnostics.append(swallowed)
        values["draft"] = values.get("draft", False) or swallowed.code == "draft-in-text"
    _find_marks(name, Split(text, 1, "", 1), values, reading)
    body = root.get("body")
    line, indents = 1, (0, 0)
    if body is not None and body.kind == "text":
        # A block begins on the line after its key; its own place is that of the sign `|`.
        line = body.line + 1 if body.block else body.line
        indents = (_indent(text, line),) * 2 if body.block else (body.column - body.plain, 0)
        values["body"] = body.text
    return Source(
        digest,
        values,
        values.pop("body", None),
        line,
        (*diagnostics, *reading.diagnostics),
        reading.places,
        frozenset(reading.broken),
        indents,
    )


def _indent(text: str, line: int) -> int:
    """Returns the columns before the first line of a block that has any text."""
    first = next((each for each in text.split("\n")[line - 1 :] if each.strip()), "")
    return len(first) - len(first.lstrip(" "))


def _without_fences(text: str) -> str:
    """Removes the fences of a YAML file that has them like front matter: the second one becomes a blank line."""
    lines = text.split("\n")
    if lines and lines[0].strip() == "---":
        for number in range(len(lines) - 1, 0, -1):
            if lines[number].strip() == "---" and not any(line.strip() for line in lines[number + 1 :]):
                lines[number] = ""
                break
    return "\n".join(lines)
