"""Markdown in, sanitized HTML out: the one seam to the Markdown engine.

The engine is comrak (CommonMark with GitHub's extensions), the sanitizer nh3. Neither is loaded before the first body is
rendered, and nobody else knows them: another engine has to give what :class:`Body` holds.
"""

from __future__ import annotations

import msgspec

from builder.content.markdown.body import Body, Heading, Link, Options, TooComplex
from builder.messages.diagnostics import Diagnostic


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
    from builder.content.markdown.embed import embeds_as_pictures
    from builder.content.markdown.engine import to_html
    from builder.content.markdown.finish import finish
    from builder.content.markdown.foreign import misread
    from builder.content.markdown.sanitize import Removed, plain_html, sanitized

    chosen = options or Options()
    # A quoted text in YAML may hold line ends of other kinds; to the engine they are line ends, too.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    made = to_html(text, first_line)
    cleaned = chosen.raw_html == "sanitize"
    clean = plain = plain_html(made.html) if cleaned else None
    if clean is None:
        clean = sanitized(embeds_as_pictures(made.html) if cleaned else made.html, not cleaned)
    body = finish(clean, made.source, first_line, title, chosen, any_level=any_level)
    diagnostics = [*misread(text, first_line, made.html), *body.diagnostics]
    diagnostics += (Diagnostic("indented-prose", line, 1) for line in made.indented)
    if cleaned and plain is None:
        diagnostics += Removed(made.html, text, made.source, first_line).diagnostics()
    diagnostics.sort(key=lambda each: (each.position, each.code))
    return msgspec.structs.replace(body, diagnostics=tuple(diagnostics))


__all__ = ["Body", "Heading", "Link", "Options", "TooComplex", "render"]
