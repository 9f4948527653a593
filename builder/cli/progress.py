"""The progress bar of a long build, a line on the terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

from builder.messages.translation import Translator
from builder.pipeline.progress import Progress, amount_text, stage_text

_PATIENCE = 0.4
_PAUSE = 0.1
_WIDTH = 24


class ProgressBar:
    """A progress bar, which appears once a build has taken longer than a moment."""

    def __init__(self, stream: TextIO, text: Translator, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream, self._text, self._clock = stream, text, clock
        self._started = self._drawn = clock()
        self._length = 0

    def __call__(self, progress: Progress) -> None:
        """Shows the progress of the build."""
        now = self._clock()
        if now - self._started < _PATIENCE or (now - self._drawn < _PAUSE and progress.done < progress.total):
            return
        self._drawn = now
        self._write(self.line(progress))

    def line(self, progress: Progress) -> str:
        """Returns the line: the stage, a bar, branches done and their total, pages made."""
        filled = _WIDTH * progress.done // max(1, progress.total)
        bar = "█" * filled + "░" * (_WIDTH - filled)
        pages = self._text.ngettext("{n} page", "{n} pages", progress.pages) if progress.pages else ""
        parts = [stage_text(progress, self._text), bar, amount_text(progress, self._text)]
        return "  ".join([*parts, pages] if pages and progress.stage != "pictures" else parts)

    def clear(self) -> None:
        """Removes the line."""
        if self._length:
            self._write("")

    def _write(self, line: str) -> None:
        # Every Chinese character is two columns wide.
        width = sum(2 if ord(character) > 0x2E80 else 1 for character in line)
        self._stream.write("\r" + line + " " * max(0, self._length - width) + ("\r" if not line else ""))
        self._stream.flush()
        self._length = width
