"""HTML as plain text: what is said, not how it looks. A number stays the number that it is."""

from __future__ import annotations

import re
from html import unescape

from builder.content.markdown.formula import as_written
from builder.content.markdown.masking import holds

# The sanitizer leaves "<" and ">" as they are in the values of attributes.
ANY_TAG = re.compile(r"<(?:[^<>\"]++|\"[^\"]*+\")*+>")
_BREAK = re.compile(r"<(?:/(?:p|li|h[1-6]|tr|pre|div|dd|dt|figcaption|summary)>|[bh]r\s*+/?>)")
_SPACE = re.compile(r"<(?:/t[dh]|br\s*+/?)>")
# Marks of footnotes and the ways back are no words.
_MARK = re.compile(
    r"<sup(?=[^<>]*?class=\"footnote-ref\")[^<>]*+>.*?</sup>|<a (?=[^<>]*?href=\"#fnref-)[^<>]*+>.*?</a>", re.DOTALL
)
_FORMULA = re.compile(r"<(span|code)(?=[^<>]*? data-math-style=\"(\w+)\")[^<>]*+>([^<]*+)</\1>")
_RAISED = re.compile(r"<su([pb])(?:\s[^<>]*+)?+>([^<>]*+)</su\1>")
_STRUCK = re.compile(r"</?(?:del|s)(?:\s[^<>]*+)?+>")
_STRIKES = re.compile(r"</?(?:del|s)[\s>]")
_DIGITS = {
    "p": str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ"),
    "b": str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"),
}


def plain(html: str) -> str:
    """Returns the text of HTML on one line."""
    if "<" not in html:
        return " ".join(unescape(html).split())
    return " ".join(unescape(ANY_TAG.sub("", _SPACE.sub(" ", _put_into_words(html)))).split())


def lines(html: str) -> str:
    """Returns the text of a body, a line for each block."""
    words = _put_into_words(html).replace("<br", "\n<br")
    broken = _BREAK.sub("\n", _SPACE.sub(" ", words) if "</t" in words else words)
    rows = (" ".join(row.split()) for row in unescape(ANY_TAG.sub("", broken)).split("\n") if row)
    return "\n".join(row for row in rows if row)


def _put_into_words(html: str) -> str:
    """Puts into words what only the layout shows: formulas as written, raised and lowered digits, struck text."""
    raised = "<su" in html
    if raised or holds(html, "#fnref-"):
        html = _MARK.sub("", html)
    if "data-math-style" in html:
        html = _FORMULA.sub(lambda found: as_written(found[3], found[2] == "display"), html)
    if raised:
        html = _RAISED.sub(_show_raised, html)
    return _STRUCK.sub("~~", html) if _STRIKES.search(html) is not None else html


def _show_raised(found: re.Match[str]) -> str:
    moved = found[2].translate(_DIGITS[found[1]])
    if all(mark in "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎" for mark in moved):
        return moved
    return f"{'^' if found[1] == 'p' else '_'}{found[2]}" if found[2].strip() else ""
