"""Copied HTML as a part of a text, for the place where somebody pastes it."""

from __future__ import annotations

from builder.content.markdown import TooComplex, render
from builder.edit.imports.html.document import read_fragment
from builder.edit.imports.imported import ImportRefusedError, Note
from builder.edit.imports.markdown import to_markdown
from builder.messages.translation import N_
from builder.model.struct import Struct


class Fragment(Struct, frozen=True):
    """A part of a text: as Markdown, as the sanitized HTML that this is, and what was left out."""

    markdown: str
    html: str
    notes: tuple[Note, ...] = ()


def import_fragment(content: bytes, name: str) -> Fragment:
    """Returns what copied HTML says, without its pictures; ``name`` stands for it in sentences. Raises ImportRefusedError."""
    root, notes = read_fragment(content, name)
    markdown = to_markdown(root)
    try:
        body = render(markdown)
    except TooComplex as error:
        raise ImportRefusedError(N_("{name} is nested too deeply; copy its text alone."), name=name) from error
    html = body.html([{"href": link.target} for link in body.links])
    return Fragment(markdown, html, notes)
