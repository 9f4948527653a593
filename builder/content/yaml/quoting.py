"""A line of YAML written again so that it is understood: what a message tells the author to copy."""

from __future__ import annotations

_MOST = 120
"""A longer line is cut in a message, and is then no line to copy."""


def quoted(value: str) -> str:
    """Returns a text in the kind of quotation marks that it does not contain."""
    text = value.strip()
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def quoted_line(line: str, start: int) -> str:
    """Returns a line whose value begins at ``start``, with the whole value in quotation marks."""
    value = line[start:].strip()
    if value[:1] in "\"'“”‘’":
        # What stands behind a closing mark belongs to the value as well.
        value = value.replace(value[0], "", 2) if value.count(value[0]) > 1 else value[1:]
    return f"{line[:start].strip()} {quoted(value)}"[:_MOST]


def mapping_line(line: str) -> str:
    """Returns a line with a mapping between braces, its Chinese commas and colons as YAML has them."""
    text = line.strip()
    for wide, narrow in (
        ("，", ", "),
        ("、", ", "),
        ("：", ": "),
        ("；", ", "),
        ("｛", "{"),
        ("｝", "}"),
        ("［", "["),
        ("］", "]"),
    ):
        text = text.replace(wide, narrow)
    while "  " in text:
        text = text.replace("  ", " ")
    return text[:_MOST]
