"""Markdown in, sanitized HTML out: the one seam to the Markdown engine.

The engine is comrak (CommonMark with GitHub's extensions), the sanitizer nh3. Neither is loaded before the first body is
rendered, and nobody else knows them: another engine has to give what :class:`Body` holds.
"""

from __future__ import annotations

from importlib import import_module

from builder.content.markdown.body import Body, Heading, Link, Options, TooComplex


def render(
    text: str,
    *,
    first_line: int = 1,
    title: str | None = None,
    options: Options | None = None,
    any_level: bool = False,
) -> Body:
    """Returns the body that a Markdown text is.

    ``first_line`` is the line of the file on which the text begins. A first-level heading that repeats ``title`` is taken
    out; without a ``title`` the first one of all is, with ``any_level`` the first heading of any level if
    there is none. The other headings begin at the second level, since the title is the
    page's only one of the first, and leave out none on the way down. Raises TooComplex.
    """
    from builder.content.markdown.conversion import convert

    return convert(text, first_line, title, options or Options(), any_level=any_level)


def load_engine() -> None:
    """Loads engine and sanitizer, before workers are forked that will read: they share them, where each would load them alone."""
    import_module("builder.content.markdown.conversion")


__all__ = ["Body", "Heading", "Link", "Options", "TooComplex", "load_engine", "render"]
