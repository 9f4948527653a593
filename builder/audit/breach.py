"""Breaches of rules, as inspections and audits find them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from builder.messages.diagnostics import Diagnostic
from builder.model.dates import Span


class Breach(Diagnostic, frozen=True, omit_defaults=True, kw_only=True):
    """A breach of a rule, whose name is the code, before the profile rates it.

    ``path`` is a source under the root (``content/…``), or a page of the output (``sites/…``). ``branch`` is empty for
    the organization as a whole. ``measure`` is counted in ``unit``; ``limit`` is the number or the length of time
    it is measured by.
    """

    branch: str = ""
    section: str = ""
    path: str = ""
    measure: int | None = None
    unit: str = ""
    limit: int | Span | None = None


MOST_OF_FILE, MOST_TOLD = 100, 2_000
"""The most breaches of one rule that are told of one file, and of one branch."""


def few_breaches(breaches: Iterable[Breach]) -> tuple[list[Breach], list[str]]:
    """Returns of each file and branch as many breaches of each rule as somebody can mend in one go; also the branches of which
    there are more."""
    told: Counter[tuple[str, str, str]] = Counter()
    over: dict[str, None] = {}
    few: list[Breach] = []
    for each in breaches:
        file, whole = (each.branch, each.code, each.path), (each.branch, each.code, "*")
        if told[whole] >= MOST_TOLD or told[file] >= MOST_OF_FILE:
            over[each.branch] = None
            continue
        told.update((file, whole))
        few.append(each)
    return few, list(over)
