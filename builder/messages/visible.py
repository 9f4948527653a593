"""Words that vary, made harmless for where they are printed: a terminal, a log in which lines may be commands."""

from __future__ import annotations

import re

from builder.model.patterns import pattern_of

_HIDDEN = pattern_of("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def visible(text: str) -> str:
    """Returns a text in one line, with controls, line breaks and changes of direction as signs that can be read."""
    return _HIDDEN.sub(_show, text)


def escaped(text: str) -> str:
    """Returns JSON that says the same, with everything but its own line breaks escaped that a terminal would not show."""
    return "\n".join(_HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", line) for line in text.split("\n"))


def _show(found: re.Match[str]) -> str:
    sign = found[0]
    if sign == "\n":
        return "⏎"
    return f"\\x{ord(sign):02x}" if ord(sign) < 0x100 else f"<U+{ord(sign):04X}>"
