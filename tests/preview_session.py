"""A running ``branchpress serve``, as somebody uses it: save a file, see what the browser is told."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import Queue
from typing import Any

from conftest import NOW, SmallSite

WAIT = 60.0


class Served:
    """A preview that listens on ``port``; ``lines`` is what it has said."""

    def __init__(self, site: SmallSite, port: int, program: Sequence[str]) -> None:
        command = [sys.executable, *program, "serve", "--root", str(site.root), "--now", NOW, "--jobs", "1"]
        self.process = subprocess.Popen(
            [*command, "--port", str(port)],
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # Whoever runs the tests in the background hands down that Ctrl+C is ignored.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self.lines: list[str] = []
        said: Queue[str] = Queue()
        assert self.process.stderr is not None

        def listen(stream: Any) -> None:
            for line in stream:
                self.lines.append(line)
                said.put(line)

        threading.Thread(target=listen, args=(self.process.stderr,), daemon=True).start()
        while (found := re.search(r"http://127\.0\.0\.1:(\d+)/", said.get(timeout=WAIT))) is None:
            pass
        self.port = int(found[1])
        self._events = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        self._events.request("GET", "/-/events")
        self._stream = self._events.getresponse()

    def state(self) -> dict[str, Any]:
        """The next thing that browsers are told when a build has ended."""
        while True:
            line = self._stream.readline().decode()
            if line.startswith("data: "):
                state: dict[str, Any] = json.loads(line[6:])
                if not state["building"]:
                    return state

    def get(self, path: str, method: str = "GET", **headers: str) -> tuple[int, str]:
        """Status and text of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def end(self) -> int:
        """Ends it as Ctrl+C does; its exit status."""
        self._events.close()
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(WAIT)


@contextmanager
def served(site: SmallSite, port: int = 0, program: Sequence[str] = ("-m", "builder")) -> Iterator[Served]:
    """A preview of a site, until the end of the block; ``program`` is what Python runs."""
    preview = Served(site, port, program)
    try:
        yield preview
    finally:
        preview.process.kill()
        preview.process.wait()
