"""The few properties of inline styles that say what a text is: hidden, bold, large, in a font for headings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_DECLARATION = re.compile(r"\s*([a-z-]+)\s*:\s*([^;]+)", re.IGNORECASE)
_LENGTH = re.compile(r"(\d{0,4}(?:\.\d+)?)\s*(px|pt|em|rem)?")
_POINTS = {"px": 0.75, "pt": 1.0, "em": 12.0, "rem": 12.0, "": 0.75}
_NOTHING = re.compile(r"0(?:\.0+)?(?:px|pt|em|rem|%)?")


def declarations(element: Any) -> Mapping[str, str]:
    """Returns the declarations of an element's ``style``, names and values in small letters."""
    written = element.get("style") or ""
    return {match[1].lower(): match[2].strip().lower() for match in _DECLARATION.finditer(written)}


def points(value: str) -> float:
    """Returns a font size in points; 0 for one that is not given in numbers."""
    match = _LENGTH.fullmatch(value.replace("!important", "").strip())
    return float(match[1]) * _POINTS[match[2] or ""] if match is not None and match[1] not in ("", ".") else 0.0


def is_hidden(element: Any) -> bool:
    """Tells whether nobody sees an element: it is hidden, transparent, or has no size."""
    if element.get("hidden") is not None:
        return True
    style = declarations(element)
    flat = {name: value.replace("!important", "").strip() for name, value in style.items()}
    if (
        flat.get("display") == "none"
        or flat.get("visibility") in ("hidden", "collapse")
        or flat.get("mso-hide") == "all"
    ):
        return True
    if _NOTHING.fullmatch(flat.get("opacity", "")):
        return True
    if flat.get("overflow") == "hidden" and any(
        _NOTHING.fullmatch(flat.get(side, "")) for side in ("height", "max-height")
    ):
        # What has no height still shows what hangs out of it, unless that is cut off.
        return True
    if _NOTHING.fullmatch(flat.get("font-size", "")):
        # A usual trick around pictures: what is in it has a size of its own.
        inner = (declarations(each).get("font-size", "") for each in element.iterdescendants())
        return element.find(".//img") is None and not any(points(size) for size in inner)
    return False


def is_bold(element: Any) -> bool | None:
    """Tells whether an element makes its text bold; None if it says nothing of it."""
    weight = declarations(element).get("font-weight", "").replace("!important", "").strip()
    if weight:
        return weight in ("bold", "bolder") or (
            weight.isascii() and weight.isdigit() and len(weight) < 5 and int(weight) >= 600
        )
    return True if element.tag in ("b", "strong") else None
