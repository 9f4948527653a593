"""Something wrong in a file, as data: the one shape that the readers of YAML, Markdown and values, the checks between files
and the audit share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Severity = Literal["error", "warning", "note"]
Argument = str | tuple[str, ...]
"""A word that varies in a message, or several names, which are joined as the reader's language joins them."""


class Diagnostic(msgspec.Struct, frozen=True, omit_defaults=True):
    """A permanent code, a place in the file, and the words that vary.

    ``line`` and ``column`` are 1-based, None where unknown; columns count Unicode code points, the BOM not counted. Texts
    belong to the code (:mod:`builder.messages.codes`, :mod:`builder.messages.rules`), never to the diagnostic: a cached one
    can be told in any language, and two runs compare equal.
    """

    code: str
    line: int | None = None
    column: int | None = None
    arguments: Mapping[str, Argument] = {}

    @property
    def position(self) -> tuple[int, int]:
        """Its place as a sort key: what has no line or column comes first."""
        return self.line or 0, self.column or 0

    def at(self, place: tuple[int | None, int | None]) -> Diagnostic:
        """Returns the same at another line and column."""
        return Diagnostic(self.code, *place, self.arguments)
