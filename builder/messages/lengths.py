"""Lengths of time and other measures in words. Pure."""

from __future__ import annotations

from builder.messages.translation import N_, Translator
from builder.model.dates import Span

_UNITS = {
    "days": (N_("one day"), N_("{n} days")),
    "working days": (N_("one working day"), N_("{n} working days")),
    "weeks": (N_("one week"), N_("{n} weeks")),
    "months": (N_("one month"), N_("{n} months")),
    "years": (N_("one year"), N_("{n} years")),
}


def amount(number: int | None, unit: str, text: Translator) -> str:
    """Returns a measure in words."""
    if number is None or unit not in _UNITS:
        return "" if number is None else str(number)
    one, many = _UNITS[unit]
    return text.gettext(one) if number == 1 else text.gettext(many, n=number)


def span_text(span: Span, text: Translator) -> str:
    """Returns a length of time in words."""
    return amount(span.amount, span.unit, text)
