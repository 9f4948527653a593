"""Breaches of rules, as inspections and audits find them."""

from __future__ import annotations

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
