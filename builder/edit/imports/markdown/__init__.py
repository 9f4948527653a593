"""HTML in, Markdown as our format reads it out."""

from builder.edit.imports.markdown.blocks import to_markdown

__all__ = ["to_markdown"]
