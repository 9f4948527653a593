"""Formulas as MathML, which browsers show without any script; what cannot be converted stays readable as written."""

from __future__ import annotations

import re
from html import escape

MOST = 2_000


def formula(source: str, display: bool) -> str:
    """A LaTeX formula as MathML, or as code if it is not understood."""
    text = source.strip()
    converted = _converted(text, display) if text and len(text) <= MOST else ""
    return converted or f'<code class="math">{escape(text, quote=False)}</code>'


def _converted(text: str, display: bool) -> str:
    from latex2mathml.converter import convert

    if text.count("{") > 100 or text.count("\\left") > 20:
        return ""
    try:
        markup: str = convert(text, display="block" if display else "inline")
    except Exception:
        return ""
    # The converter copies unknown commands; nothing but MathML may come of them.
    if re.search(r"<(?!/?m[a-z]+[\s>/])|\son\w+\s*=|javascript:|href", markup, re.IGNORECASE):
        return ""
    return markup
