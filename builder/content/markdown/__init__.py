"""Markdown in, sanitized HTML out: the one seam to the Markdown engine.

The engine is comrak (CommonMark with GitHub's extensions), the sanitizer nh3. Neither is loaded before the first body is
rendered, and nobody else knows them: another engine has to give what :class:`Body` holds.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from builder.content.markdown.body import Body, Heading, Link, TooComplex


class Options(msgspec.Struct, frozen=True):
    """How bodies are rendered: whether raw HTML is cleaned, which hosts' frames may stay, the language of added words."""

    raw_html: Literal["sanitize", "allow"] = "sanitize"
    frames_from: tuple[str, ...] = ()
    language: str = "zh"


def render(text: str, *, first_line: int = 1, title: str | None = None, options: Options | None = None) -> Body:
    """The body that a Markdown text is.

    ``first_line`` is the line of the file on which the text begins. A first-level heading that repeats ``title`` is taken
    out; without a ``title`` the first one of all is. The other headings begin at the second level, since the title is the
    page's only one of the first, and leave out none on the way down. Raises TooComplex.
    """
    from builder.content.markdown.engine import to_html
    from builder.content.markdown.finish import finish
    from builder.content.markdown.foreign import foreign_syntax
    from builder.content.markdown.sanitize import removed, sanitized

    chosen = options or Options()
    raw = to_html(text, first_line)
    clean = sanitized(raw, chosen.raw_html == "allow", chosen.frames_from)
    body = finish(clean, text, first_line, title, chosen.language)
    diagnostics = [*foreign_syntax(text, first_line), *body.diagnostics]
    if chosen.raw_html == "sanitize":
        diagnostics += removed(raw, text, first_line, chosen.frames_from)
    diagnostics.sort(key=lambda each: (each.position, each.code))
    return msgspec.structs.replace(body, diagnostics=tuple(diagnostics))


__all__ = ["Body", "Heading", "Link", "Options", "TooComplex", "render"]
