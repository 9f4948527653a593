"""The progress bar of a long build, a line on the terminal."""

from __future__ import annotations

import time
from typing import TextIO

from builder.messages.translation import N_, Translator
from builder.pipeline.conductor import Progress

_STAGES = {
    "pictures": N_("Making pictures"),
    "read": N_("Reading"),
    "render": N_("Rendering"),
    "publish": N_("Publishing"),
}
_PATIENCE = 0.4
_PAUSE = 0.1
_WIDTH = 24


class ProgressBar:
    """A progress bar, which appears once a build has taken longer than a moment."""

    def __init__(self, stream: TextIO, text: Translator) -> None:
        self._stream, self._text = stream, text
        self._started = self._drawn = time.monotonic()
        self._length = 0

    def __call__(self, progress: Progress) -> None:
        """Shows the progress of the build."""
        now = time.monotonic()
        if now - self._started < _PATIENCE or (now - self._drawn < _PAUSE and progress.done < progress.total):
            return
        self._drawn = now
        self._write(self.line(progress))

    def line(self, progress: Progress) -> str:
        """Returns the line: the stage, a bar, branches done and their total, pages made."""
        filled = _WIDTH * progress.done // max(1, progress.total)
        bar = "█" * filled + "░" * (_WIDTH - filled)
        stage = self._text.gettext(_STAGES[progress.stage])
        if progress.stage == "pictures":
            pictures = self._text.gettext("{done} of {total} pictures", done=progress.done, total=progress.total)
            return "  ".join((stage, bar, pictures))
        sites = self._text.gettext("{done} of {total} sites", done=progress.done, total=progress.total)
        pages = self._text.gettext("{pages} pages", pages=progress.pages) if progress.pages else ""
        return "  ".join(each for each in (stage, bar, sites, pages) if each)

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
