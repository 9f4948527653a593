"""The styles of a document: what a paragraph or a run looks like, by itself, by its styles and those they build on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MOST_BASED = 20
_HEADING = re.compile(r"(?:heading|标题|標題)\s*([1-9])", re.IGNORECASE)
_OFF = frozenset(("0", "false", "off"))


def value(element: Any, name: str = "val") -> str:
    """Returns an attribute of an element in the namespace of WordprocessingML; empty without one."""
    return (element.get(W + name) or "") if element is not None else ""


def whole_number(text: str, otherwise: int) -> int:
    """Returns the number that an attribute holds; ``otherwise`` for what is none, or has more than six digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else otherwise


def is_on(element: Any) -> bool:
    """Tells whether an element such as ``<w:b/>`` is there and is not switched off."""
    return element is not None and value(element) not in _OFF


class Styles:
    """The styles part of a document."""

    def __init__(self, root: Any) -> None:
        """``root`` is the root element of the part, None for a document without one."""
        found = root.findall(f"{W}style") if root is not None else []
        self._styles = {value(style, "styleId"): style for style in found}
        self._default = next(
            (value(style, "styleId") for style in found if value(style, "type") == "paragraph" and is_default(style)),
            "",
        )
        self._run_defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr") if root is not None else None

    def chain(self, name: str) -> Iterator[Any]:
        """Yields a style and those it is based on, the nearest first."""
        for _ in range(_MOST_BASED):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = value(style.find(f"{W}basedOn"))

    def of_paragraph(self, paragraph: Any) -> str:
        """Returns the id of a paragraph's style."""
        return value(paragraph.find(f"{W}pPr/{W}pStyle")) or self._default

    def names(self, paragraph: Any) -> list[str]:
        """Returns the names of a paragraph's style and of those it is based on, in small letters."""
        return [value(style.find(f"{W}name")).lower() for style in self.chain(self.of_paragraph(paragraph))]

    def of_paragraphs(self, paragraph: Any, name: str) -> Any:
        """Returns a property of a paragraph (``jc``, ``outlineLvl``, ``numPr``), its own or from its styles; None without."""
        own = paragraph.find(f"{W}pPr/{W}{name}")
        if own is not None:
            return own
        styles = self.chain(self.of_paragraph(paragraph))
        return next((each for style in styles if (each := style.find(f"{W}pPr/{W}{name}")) is not None), None)

    def of_run(self, run: Any, paragraph: Any, name: str) -> Any:
        """Returns a property of a run (``vanish``, ``b``, ``sz``, ``color``, ``rFonts``) wherever it is set; None without."""
        own = run.find(f"{W}rPr/{W}{name}")
        if own is not None:
            return own
        for start in (value(run.find(f"{W}rPr/{W}rStyle")), self.of_paragraph(paragraph)):
            for style in self.chain(start):
                found = style.find(f"{W}rPr/{W}{name}")
                if found is not None:
                    return found
        return self._run_defaults.find(f"{W}{name}") if self._run_defaults is not None else None

    def heading_level(self, paragraph: Any) -> int:
        """Returns the level of a heading, by the name of its style or its place in the outline; 0 for other text."""
        for name in self.names(paragraph):
            if (match := _HEADING.fullmatch(name)) is not None:
                return int(match[1])
        outline = value(self.of_paragraphs(paragraph, "outlineLvl"))
        level = whole_number(outline, 9)
        return level + 1 if level < 9 else 0

    def numbering_of_style(self, name: str) -> str:
        """Returns the id of the numbering that a style has; empty without one."""
        found = (value(style.find(f"{W}pPr/{W}numPr/{W}numId")) for style in self.chain(name))
        return next((each for each in found if each), "")


def is_default(style: Any) -> bool:
    """Tells whether a style is the one of paragraphs that name none."""
    return value(style, "default") in ("1", "true", "on")
