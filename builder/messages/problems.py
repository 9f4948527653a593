"""Problems: what authors are told, as data. Texts: :mod:`builder.messages.codes`; output: :mod:`builder.messages.formats`.

A problem carries its code and the words that vary, never a finished sentence: a cached problem can be told in any
language, and two runs compare equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

import msgspec

Severity = Literal["error", "warning", "note"]
Effect = Literal["held", "missing", "kept", "none"]


class Position(NamedTuple):
    """A place in a file: 1-based line, 1-based column in Unicode code points, the BOM not counted."""

    line: int
    column: int


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One problem of one file. ``path`` is relative to the root and uses ``/``; line and column are None where unknown."""

    code: str
    severity: Severity
    path: str
    line: int | None = None
    column: int | None = None
    args: Mapping[str, str] = {}
    branch: str = ""
    effect: Effect = "none"


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems without repetition, by path, line, column, code; those without a line come first."""

    def key(problem: Problem) -> tuple[str, int, int, str, tuple[tuple[str, str], ...]]:
        return (
            problem.path,
            problem.line or 0,
            problem.column or 0,
            problem.code,
            tuple(sorted(problem.args.items())),
        )

    return sorted({key(problem): problem for problem in problems}.values(), key=key)
