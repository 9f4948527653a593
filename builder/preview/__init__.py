"""The live preview: builds into a folder of its own, serves it, watches the content, and informs the browser."""

from builder.preview.serve import Preview

__all__ = ["Preview"]
