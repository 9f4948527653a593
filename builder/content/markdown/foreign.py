"""What is left of other generators' syntax: it stays text, and the author is told the CommonMark way to say it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from builder.messages.diagnostics import Diagnostic

_FENCE = re.compile(r"[ \t>]*(`{3,}|~{3,})")
_CODE = re.compile(r"(?<!`)(`{1,9})(?!`)[^\n]{1,500}?(?<!`)\1(?!`)")
_INSTEAD = (
    (re.compile(r"\{\{[<%][^\n]{0,200}?[>%]\}\}"), "![…](…)"),
    (re.compile(r"\{%[^%\n]{0,200}%\}"), "Markdown"),
    (re.compile(r"^[ \t]*(?:!!!|\?\?\?\+?)[ \t]+\S.*"), "> [!NOTE]"),
    (re.compile(r'^[ \t]*===[ \t]+".*"'), "## …"),
    (re.compile(r"^[ \t]*(?:\[TOC\]|\[\[_?TOC_?\]\]|\[\[toc\]\])[ \t]*$"), "## …"),
    (re.compile(r"\{:[^}\n]{0,200}\}|(?<=\S)[ \t]*\{[#.][\w-][^}\n]{0,200}\}[ \t]*$"), "Markdown"),
    (re.compile(r"^[ \t]*:::+[ \t]*\w+"), "> [!NOTE]"),
)


def foreign_syntax(text: str, first_line: int) -> Iterator[Diagnostic]:
    """A finding for the first place of each kind on each line, outside code."""
    fence = ""
    for number, line in enumerate(text.split("\n"), first_line):
        match = _FENCE.match(line)
        if fence:
            if match is not None and match[1].startswith(fence) and not line.strip(" \t>").strip(fence[0]):
                fence = ""
            continue
        if match is not None:
            fence = match[1]
            continue
        if not re.search(r"[{!?=\[:]", line) or line.startswith(("    ", "\t")):
            continue
        shown = _CODE.sub(lambda code: " " * len(code[0]), line)
        for pattern, instead in _INSTEAD:
            found = pattern.search(shown)
            if found is not None:
                what = found[0].strip()[:60]
                column = found.start() + len(found[0]) - len(found[0].lstrip()) + 1
                yield Diagnostic("foreign-syntax", number, column, {"what": what, "instead": instead})
