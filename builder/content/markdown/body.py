"""A rendered body: HTML that is finished but for the addresses of its links, and facts that others need.

No engine is imported here, so that a cached body costs nothing to read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Literal

import msgspec

from builder.messages.diagnostics import Diagnostic


class Options(msgspec.Struct, frozen=True):
    """The settings that bodies are rendered with: whether raw HTML is cleaned, which hosts' frames may stay, the language of
    added words."""

    raw_html: Literal["sanitize", "allow"] = "sanitize"
    frames_from: tuple[str, ...] = ()
    language: str = "zh"


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """A link or picture as written. ``column`` is None in raw HTML, where only the line of the block is known.

    ``target`` is the destination without Markdown's escapes and entities, percent-encoding left as it is.
    """

    kind: Literal["link", "image"]
    target: str
    line: int
    column: int | None = None
    text: str = ""
    """The text of a link, the alternative text of a picture."""


class Heading(msgspec.Struct, frozen=True):
    """A heading of the body; ``id`` is unique in it."""

    level: int
    id: str
    text: str


class Body(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rendered body.

    ``segments`` are sanitized HTML, cut where the ``href`` or ``src`` of each of ``links`` belongs: one more than
    links. ``text`` is all of it as plain text, ``first_paragraph`` the first one, ``title`` the heading that was taken
    out because it repeats the title or stands for it. ``anchors`` are all ids in the HTML.
    """

    segments: tuple[str, ...] = ("",)
    links: tuple[Link, ...] = ()
    headings: tuple[Heading, ...] = ()
    anchors: tuple[str, ...] = ()
    text: str = ""
    first_paragraph: str = ""
    title: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()

    def html(
        self,
        attributes: Sequence[Mapping[str, str]],
        sources: Sequence[str] = (),
        marks: Mapping[int, str] = {},
        instead: Mapping[int, str] = {},
        whole: Mapping[int, str] = {},
    ) -> str:
        """Returns the HTML with the attributes of each link or picture filled in, plain text in, escaped here.

        ``sources`` are the ``<source>`` elements of each picture, ``marks`` what stands behind links, ``instead`` what stands
        in the place of pictures, both by their numbers; all of them finished HTML. ``whole`` are the start tags of links around
        pictures.
        """
        parts, behind = [self.segments[0]], ""
        for number, (given, segment) in enumerate(zip(attributes, self.segments[1:], strict=True)):
            filled = " ".join(f'{name}="{escape(value)}"' for name, value in given.items())
            behind = marks.get(number, behind)
            if behind and "</a>" in segment:
                # A link may hold a picture, and ends in the segment of that.
                segment, behind = segment.replace("</a>", f"</a>{behind}", 1), ""
            source, opening = sources[number] if sources else "", whole.get(number, "")
            if number in instead:
                parts[-1:] = [parts[-1].removesuffix("<img "), instead[number], segment.partition(">")[2]]
            elif source or opening:
                # No attribute holds a bare ">": the next one ends the picture.
                rest, _, after = segment.partition(">")
                before, start, end = parts[-1].removesuffix("<img "), "<picture>", "</picture>"
                picture = (start, source, "<img ", filled, rest, ">", end) if source else ("<img ", filled, rest, ">")
                parts[-1:] = [before, opening, *picture, "</a>" if opening else "", after]
            else:
                parts += [filled, segment]
        return "".join(parts)

    def linked(self) -> frozenset[int]:
        """Returns the numbers of the pictures that lie in a link."""
        found: set[int] = set()
        inside = False
        for number, link in enumerate(self.links):
            if link.kind == "link":
                inside = True
            elif inside:
                found.add(number)
            inside = inside and "</a>" not in self.segments[number + 1]
        return frozenset(found)


class TooComplex(Exception):  # noqa: N818 - the name of the problem
    """The body exceeds a limit on size or nesting: ``line`` and which bound (``depth``, ``cells``, ``html``)."""

    def __init__(self, line: int, reason: Literal["depth", "cells", "html"]) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason
