"""The shape of a code."""

from __future__ import annotations

from typing import NamedTuple

from builder.messages.diagnostics import Severity


class Code(NamedTuple):
    """A kind of problem: its permanent name, its severity, and its message, as English msgids.

    ``what`` is one sentence with ``{names}`` that a problem's arguments fill; ``why`` says what follows from it, ``how``
    what to do.
    """

    name: str
    severity: Severity
    what: str
    why: str
    how: str
