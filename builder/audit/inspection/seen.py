"""What an inspection or an audit sees, as data."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from builder.model.values import Span


class Breach(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A breach of a rule before the profile is asked: its place, and the words that vary.

    ``path`` is a source under the root (``content/…``), or a page of the output (``sites/…``). ``branch`` is empty for what
    concerns the whole. ``measure`` is counted in ``unit``; ``limit`` is the number or the length of time it is measured by.
    """

    rule: str
    branch: str = ""
    section: str = ""
    path: str = ""
    line: int | None = None
    column: int | None = None
    measure: int | None = None
    unit: str = ""
    limit: int | Span | None = None
    args: Mapping[str, str] = {}
