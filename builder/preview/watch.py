"""The watch over folders that reports when a file in them was saved."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.polling import PollingObserver

from builder.model.reading import lies_in

_QUIET = 0.05
_LOOKING = frozenset({"opened", "closed_no_write"})


class Watch(FileSystemEventHandler):
    """A watch that is active from its creation until it is closed."""

    def __init__(self, folders: Iterable[Path], file: Path, observe: Callable[[], Any] = Observer) -> None:
        """``folders`` are watched with everything below them, and one ``file``, which may not exist yet. ``observe`` makes what
        the system tells of changes."""
        self._file, self._observe = str(file), observe
        self._changed = threading.Event()
        self._touched: set[str] = set()
        self._folders = list(folders)
        self._watched = self._present()
        self._observer = self._started()

    def _present(self) -> dict[Path, int]:
        """Returns the folders that there are, and which ones those of their names are."""
        return {folder: folder.stat().st_ino for folder in self._folders if folder.is_dir()}

    def _started(self) -> Any:
        observer = self._scheduled(self._observe())
        try:
            observer.start()
        except OSError:
            # The system watches no more folders (fs.inotify.max_user_watches): looking once a second always works.
            observer = self._scheduled(PollingObserver(timeout=1))
            observer.start()
        return observer

    def _scheduled(self, observer: Any) -> Any:
        for folder in self._watched:
            observer.schedule(self, str(folder), recursive=True)
        observer.schedule(self, str(Path(self._file).parent), recursive=False)
        return observer

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Records events that may have changed a page. Editors' own files begin with a dot or end with a tilde."""
        if event.event_type in _LOOKING or (event.is_directory and event.event_type == "modified"):
            return
        for path in (str(event.src_path), str(event.dest_path)):
            name = path.rpartition(os.sep)[2]
            inside = path == self._file or any(lies_in(path, str(folder)) for folder in self._folders)
            if path and inside and not name.startswith(".") and not name.endswith("~"):
                self._touched.add(path)
                self._changed.set()

    def wait(self, seconds: float | None) -> bool:
        """Waits for a change and then until no more come; returns False if there was none for some seconds."""
        if not self._changed.wait(seconds):
            return False
        self.settle()
        return True

    def take(self) -> frozenset[str]:
        """Returns the paths that were touched since the last time. Those of a build are taken before it looks at them."""
        touched, self._touched = self._touched, set()
        return frozenset(touched)

    def settle(self) -> None:
        """Waits until nothing changes for a moment."""
        while self._changed.is_set():
            self._changed.clear()
            time.sleep(_QUIET)
            if self._present() != self._watched:
                # A folder was put in the place of another one, as tools do that bring a new state in one step.
                self.close()
                self._watched = self._present()
                self._touched |= {str(folder) for folder in self._folders}
                self._observer = self._started()

    def close(self) -> None:
        """Ends the watch."""
        self._observer.stop()
        self._observer.join()
