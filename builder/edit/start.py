"""``branchpress edit``: the preview with forms before it. Where texts are reviewed, it shows what is committed with every
proposal in its place, in a folder of its own."""

from __future__ import annotations

import logging
import subprocess
import threading
from pathlib import Path

import msgspec

from builder.edit.desk import Desk
from builder.edit.git import GitError
from builder.edit.site import EditingSite
from builder.edit.trees import View
from builder.preview import Preview, PreviewSettings

_log = logging.getLogger(__name__)
_SECONDS = 2.0
_BESIDE = ("theme", "mkdocs.yml")


class ProposedFolder:
    """A folder with what is committed and every proposal, which follows them."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk, self._folder = desk, folder
        self._shown = ""
        self._news, self._over = threading.Event(), threading.Event()

    def bring(self) -> Path:
        """Brings the folder up to date and returns the root in it."""
        view = View(self._desk.copy, self._desk.copy.head(), self._desk.proposals.all())
        self._shown = view.id
        root = self._desk.copy.lay_out(view.head, view.over, self._folder)
        for name in _BESIDE:
            # They need not be in the repository.
            if not (root / name).exists() and (self._desk.copy.root / name).exists():
                (root / name).symlink_to(self._desk.copy.root / name)
        return root

    def tell(self) -> None:
        """Says that something has changed."""
        self._news.set()

    def follow(self) -> None:
        """Keeps the folder up to date until :meth:`end`."""
        while not self._over.is_set():
            self._news.wait(_SECONDS)
            self._news.clear()
            try:
                view = View(self._desk.copy, self._desk.copy.head(), self._desk.proposals.all())
                if view.id != self._shown:
                    self.bring()
            except (GitError, OSError, subprocess.SubprocessError):
                _log.warning("the preview of proposals could not be brought up to date", exc_info=True)

    def end(self) -> None:
        """Ends :meth:`follow`."""
        self._over.set()
        self._news.set()


class EditPreview:
    """A preview in which people write."""

    def __init__(self, desk: Desk, site: EditingSite, settings: PreviewSettings) -> None:
        self._proposed = ProposedFolder(desk, settings.state / "edit" / "proposed") if desk.reviewed else None
        if self._proposed is not None:
            settings = msgspec.structs.replace(settings, root=self._proposed.bring())
            desk.when_moved(self._proposed.tell)
        self._preview = Preview(settings, site)

    def run(self, host: str, port: int) -> None:
        """Serves until it is interrupted, as a preview does."""
        if self._proposed is None:
            self._preview.run(host, port)
            return
        thread = threading.Thread(target=self._proposed.follow, daemon=True)
        try:
            thread.start()
            self._preview.run(host, port)
        finally:
            self._proposed.end()
