"""A text file as a form shows it, and the file again with what somebody changed in the form.

Whatever nobody changed keeps its bytes: of the front matter only the values that differ are written
(:mod:`builder.content.yaml.rewrite`), of the text only the blocks that differ (:mod:`builder.edit.blocks`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import tzinfo
from difflib import SequenceMatcher

from builder.content.encodings import decode
from builder.content.front_matter import split
from builder.content.schema.compound import Fields
from builder.content.yaml.nodes import Node, read_yaml
from builder.content.yaml.rewrite import RewriteError, rewrite
from builder.edit.blocks import merged
from builder.edit.values import FormValue, changes, form_values
from builder.messages.translation import N_
from builder.model.struct import Struct

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(r"(\r\n|\r|\n)")


class NotEditableError(Exception):
    """A file cannot be changed in a form; ``message`` is an English msgid."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class EntryForm(Struct, frozen=True):
    """The content of a form: the values of its keys, and its text in Markdown."""

    values: Mapping[str, FormValue] = {}
    body: str = ""

    def text(self) -> str:
        """Returns the form as a text with front matter; every value is in quotation marks, so that none is taken for a
        number or a date."""
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in self.values.items()]
        return "\n".join(("---", *lines, "---", "", self.body, ""))


class EntryFile:
    """A file of an entry or page, taken apart. Raises NotEditableError for one that forms cannot change."""

    def __init__(self, content: bytes, fields: Fields, zone: tzinfo, *, only_yaml: bool = False) -> None:
        self._content, self._fields, self._zone, self._yaml = content, fields, zone, only_yaml
        decoded = decode(content)
        if decoded is None:
            raise NotEditableError(N_("This file is not in UTF-8; it has to be converted before a form can change it."))
        self._converted = bool(decoded.encoding)
        self._lines = decoded.text.split("\n")
        if only_yaml:
            self._head, self._body = (0, len(self._lines)), len(self._lines)
        else:
            parts, wrong = split(decoded.text)
            if wrong is not None:
                raise NotEditableError(
                    N_("The front matter of this file cannot be read; repair it in the file itself.")
                )
            if parts.syntax != "yaml":
                raise NotEditableError(N_("The front matter of this file is TOML, which forms cannot change."))
            first = parts.matter_line - 1
            self._head = (first, parts.body_line - 2) if parts.matter is not None else (0, 0)
            self._body = parts.body_line - 1
        node, _ = read_yaml("\n".join(self._lines[slice(*self._head)]))
        if node is None:
            raise NotEditableError(N_("The front matter of this file cannot be read; repair it in the file itself."))
        self._node: Node = node

    def form(self) -> EntryForm:
        """Returns what a form shows."""
        values = form_values(self._node, self._fields, self._zone)
        body = values.pop("body", "") if self._yaml else "\n".join(self._lines[self._body :]).strip()
        return EntryForm(values, str(body))

    def with_form(self, form: EntryForm) -> bytes:
        """Returns the file's bytes with what differs between :meth:`form` and another one. Raises NotEditableError."""
        old = self.form()
        before, after = dict(old.values), dict(form.values)
        if self._yaml:
            before["body"], after["body"] = old.body, merged(old.body, form.body) if form.body else ""
            body = ""
        else:
            body = self._merged_body(old.body, form.body)
        changed = changes(self._node, before, after, self._fields)
        written = "\n".join(self._lines[self._body :])
        if not changed and (self._yaml or body == written):
            return self._content
        head = "\n".join(self._lines[slice(*self._head)])
        try:
            new_head = rewrite(head, changed, [field.key for field in self._fields.fields])
        except RewriteError as error:
            raise NotEditableError(
                N_("This change cannot be written into the file without changing more of it.")
            ) from error
        return self._joined(new_head, body)

    def _merged_body(self, old: str, new: str) -> str:
        written = "\n".join(self._lines[self._body :])
        if old == new.strip():
            return written
        lead = written[: len(written) - len(written.lstrip("\n"))] or ("\n" if not old else "")
        trail = written[len(written.rstrip()) :] or "\n"
        return f"{lead}{merged(old, new.strip())}{trail}" if new.strip() else trail

    def _joined(self, head: str, body: str) -> bytes:
        if self._yaml:
            return self._encoded(head)
        start, end = self._head
        if (start, end) == (0, 0) and self._body == 0:
            return self._encoded(f"---\n{head}---\n{body}")
        before, lines, closing = self._lines[:start], self._lines[start:end], self._lines[end]
        if head != "\n".join(lines):
            # A head without lines is none, not an empty one.
            lines = [head if lines else head.removesuffix("\n")] if head else []
        return self._encoded("\n".join((*before, *lines, closing, body)))

    def _encoded(self, text: str) -> bytes:
        """Returns a text as bytes, with the byte order mark and the line ends of the old one."""
        if self._converted:
            return text.encode()
        mark = _BOM if self._content.startswith(_BOM) else b""
        raw = self._content.removeprefix(_BOM).decode()
        if "\r" not in raw:
            return mark + text.encode()
        parts = _LINE_END.split(raw)
        old, ends = parts[::2], [*parts[1::2], ""]
        new = text.split("\n")
        written = ["\r\n" if "\r\n" in raw else "\r"] * len(new)
        for what, first, last, start, _ in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            for number in range(last - first) if what == "equal" else ():
                written[start + number] = ends[first + number] or written[start + number]
        written[-1] = ""
        return mark + "".join(line + end for line, end in zip(new, written, strict=True)).encode()


def new_file(form: EntryForm, fields: Fields) -> bytes:
    """Returns the bytes of a new Markdown file with what somebody wrote into a form."""
    empty = Node("map")
    changed = changes(empty, {}, form.values, fields)
    head = rewrite("", changed, [field.key for field in fields.fields])
    return f"---\n{head}---\n\n{form.body.strip()}\n".encode() if form.body.strip() else f"---\n{head}---\n".encode()


def read_form(text: str, fields: Fields, zone: tzinfo) -> EntryForm:
    """Returns what a form sent: a text with front matter. Raises NotEditableError for one that cannot be read."""
    parts, wrong = split(text)
    node, _ = read_yaml(parts.matter or "") if wrong is None and parts.syntax == "yaml" else (None, [])
    if node is None:
        raise NotEditableError(N_("What the form sent cannot be read."))
    return EntryForm(form_values(node, fields, zone), parts.body.strip())
