"""Formulas as MathML Core, which browsers show without any script; what cannot be converted stays as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from typing import Any
from xml.etree import ElementTree

MOST_CHARACTERS, MOST_DEPTH = 2_000, 100
"""The limits of a formula: the converter is recursive, and its stack is finite."""
ELEMENTS = frozenset(
    "math mrow mi mn mo mtext mspace mfrac msqrt mroot mstyle mpadded mphantom msub msup msubsup munder mover munderover "
    "mmultiscripts mprescripts mtable mtr mtd".split()
)
ATTRIBUTES = frozenset(
    "accent accentunder columnspan depth display displaystyle fence form height largeop linethickness lspace mathsize "
    "mathvariant maxsize minsize movablelimits rowspan rspace scriptlevel separator stretchy symmetric voffset width".split()
)
_VALUE = re.compile(r"[A-Za-z0-9.+%-]{1,40}")
_ALIGNED = re.compile(r"text-align: ?(left|right)\b")
_TOKEN = re.compile(r"\\(?:begin|end|left|right)(?![A-Za-z])|\\[A-Za-z]+|\\.|[{}\[\]]|.", re.DOTALL)
_OPENING, _CLOSING = frozenset(("{", "[", "\\begin", "\\left")), frozenset(("}", "]", "\\end", "\\right"))


def formula(source: str, display: bool) -> str:
    """Returns a LaTeX formula as MathML; an empty text if any of it is not understood."""
    text = source.strip()
    if not text or len(text) > MOST_CHARACTERS or _is_unsafe(text):
        return ""
    if _breaks_lines(text):
        # Only a table can break lines in MathML Core.
        text = rf"\begin{{gathered}}{text}\end{{gathered}}"
    markup = _convert(text, display)
    try:
        return "".join(_serialize(ElementTree.fromstring(markup), source.strip(), display))
    except (ElementTree.ParseError, _ForeignError):
        return ""


def as_written(source: str, display: bool) -> str:
    """Returns a formula with its dollars, as plain text and feeds have it."""
    sign = "$$" if display else "$"
    return f"{sign}{source.strip()}{sign}"


class _ForeignError(Exception):
    """Something in a converted formula is not on the list of what may stand there."""


def _convert(text: str, display: bool) -> str:
    from math_core import LatexError

    try:
        return _converter().convert_with_local_state(text, displaystyle=display)  # type: ignore[no-any-return]
    except LatexError:
        return ""


@cache
def _converter() -> Any:
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False)


def _is_unsafe(text: str) -> bool:
    """Returns true for a formula that defines commands, hides words behind a comment sign, or is nested too deep."""
    chain = above = 0
    chains: list[int] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token == "%" or token in ("\\newcommand", "\\renewcommand", "\\def", "\\let"):
            return True
        if token in _OPENING:
            chains.append(chain)
            above, chain = above + chain, 0
        elif token in _CLOSING:
            chain = chains.pop() if chains else 0
            above -= chain
        elif token.startswith("\\") or token in "^_":
            # Commands in a row may each be the argument of the one before.
            chain += 1
        elif not token.isspace():
            chain = 0
        if len(chains) + above + chain > MOST_DEPTH:
            return True
    return False


def _breaks_lines(text: str) -> bool:
    """Tells whether a formula breaks lines outside of any table."""
    depth = 0
    for match in _TOKEN.finditer(text):
        if match[0] in _OPENING:
            depth += 1
        elif match[0] in _CLOSING:
            depth -= 1
        elif match[0] == "\\\\" and depth == 0:
            return True
    return False


def _serialize(element: ElementTree.Element, source: str, display: bool) -> Iterator[str]:
    """Yields the parts of the markup of a formula, every element and attribute of it one that may stand there."""
    if element.tag not in ELEMENTS:
        raise _ForeignError(element.tag)
    attributes = dict(_attributes(element))
    if element.tag == "math":
        attributes = {"display": "block" if display else "inline", "alttext": source}
    yield f"<{element.tag}" + "".join(f' {name}="{escape(value)}"' for name, value in attributes.items()) + ">"
    yield escape(element.text or "", quote=False)
    for child in element:
        yield from _serialize(child, source, display)
        yield escape(child.tail or "", quote=False)
    yield f"</{element.tag}>"


def _attributes(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        if name == "style":
            # The policy of the pages lets no style attribute through; the theme has a class for what matters.
            aligned = _ALIGNED.search(value)
            if aligned is not None:
                yield "class", f"align-{aligned[1]}"
        elif name in ATTRIBUTES and _VALUE.fullmatch(value):
            yield name, value
        elif name not in ("class", "xmlns"):
            raise _ForeignError(name)
