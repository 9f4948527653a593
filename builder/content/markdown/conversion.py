"""The steps from Markdown to a body, with the engine and the sanitizer: loaded with the first text."""

from __future__ import annotations

import msgspec

from builder.content.markdown.body import Body, Options
from builder.content.markdown.embed import embeds_as_pictures
from builder.content.markdown.engine import to_html
from builder.content.markdown.finish import finish
from builder.content.markdown.foreign import misread
from builder.content.markdown.sanitize import Removed, plain_html, sanitized
from builder.messages.diagnostics import Diagnostic


def convert(text: str, first_line: int, title: str | None, options: Options, *, any_level: bool) -> Body:
    """Returns the body that a Markdown text is; the arguments are those of :func:`builder.content.markdown.render`."""
    # A quoted text in YAML may hold line ends of other kinds; to the engine they are line ends, too.
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    made = to_html(text, first_line)
    cleaned = options.raw_html == "sanitize"
    clean = plain = plain_html(made.html) if cleaned else None
    if clean is None:
        clean = sanitized(embeds_as_pictures(made.html) if cleaned else made.html, not cleaned)
    body = finish(clean, made.source, first_line, title, options, any_level=any_level)
    diagnostics = [*misread(text, first_line, made.html), *body.diagnostics]
    diagnostics += (Diagnostic("indented-prose", line, 1) for line in made.indented)
    if cleaned and plain is None:
        diagnostics += Removed(made.html, text, made.source, first_line).diagnostics()
    diagnostics.sort(key=lambda each: (each.position, each.code))
    return msgspec.structs.replace(body, diagnostics=tuple(diagnostics))
