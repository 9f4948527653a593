"""A running preview: how long a saved text takes until the browser is told to show it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from http.client import HTTPConnection
from pathlib import Path
from queue import SimpleQueue
from typing import Any

_CALM = 4.0
"""Seconds between two changes, as somebody writes: a preview looks at everything again after three without one."""


class Preview:
    """A preview of the organization at ``root``, which is built first."""

    def __init__(self, root: Path, repository: Path, options: Sequence[str]) -> None:
        command = [sys.executable, "-m", "builder", "serve", "--root", str(root), "--port", "0", *options]
        self._process = subprocess.Popen(command, cwd=repository, stderr=subprocess.PIPE, text=True)
        said = self._process.stderr or ()
        self._port = next(int(found[1]) for line in said if (found := re.search(r"127\.0\.0\.1:(\d+)/", line)))
        self._told: SimpleQueue[dict[str, Any]] = SimpleQueue()
        for work in (self._listen, lambda: list(said)):
            threading.Thread(target=work, daemon=True).start()
        while (state := self._told.get())["building"] or not state["version"]:
            pass

    def end(self) -> None:
        """Ends it. Ctrl+C is ignored where the benchmark was started in the background."""
        self._process.terminate()
        self._process.wait()

    def seconds(self, change: Callable[[int], None], page: str, text: str, times: int = 3) -> float:
        """Seconds from a change to the word that something new is there, once ``page`` has ``text``, in which ``{}`` is
        the number of the change; those of middle length, of some changes."""
        taken = []
        for number in range(100, 100 + times):
            time.sleep(_CALM)
            start = time.perf_counter()
            change(number)
            while text.format(number) not in self._get(page):
                self._told.get()
            taken.append(time.perf_counter() - start)
        return sorted(taken)[times // 2]

    def _listen(self) -> None:
        connection = HTTPConnection("127.0.0.1", self._port)
        connection.request("GET", "/-/events")
        for line in connection.getresponse():
            if line.startswith(b"data: "):
                self._told.put(json.loads(line[6:]))

    def _get(self, path: str) -> str:
        connection = HTTPConnection("127.0.0.1", self._port)
        connection.request("GET", path)
        return connection.getresponse().read().decode()
