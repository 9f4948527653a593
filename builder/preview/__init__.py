"""The live preview: builds into a folder of its own, serves it, watches the content, and informs the browser."""

from builder.preview.gate import Answer, Gate, Request
from builder.preview.serve import Preview, PreviewSettings
from builder.preview.server import is_loopback

__all__ = ["Answer", "Gate", "Preview", "PreviewSettings", "Request", "is_loopback"]
