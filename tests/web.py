"""A web server without a word on the terminal, for a folder or for a handler of the test's own."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class QuietHandler(http.server.BaseHTTPRequestHandler):
    """A handler to derive from that logs nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class FolderHandler(QuietHandler, http.server.SimpleHTTPRequestHandler):
    """The files of a folder, with types by their endings as most servers give them, and headers for every answer."""

    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {".xml": "application/xml"}

    def __init__(self, *args: Any, headers: Sequence[tuple[str, str]], **options: Any) -> None:
        self._more = headers
        super().__init__(*args, **options)

    def end_headers(self) -> None:
        """Add the headers."""
        for name, value in self._more:
            self.send_header(name, value)
        super().end_headers()


@contextmanager
def serve(server: http.server.ThreadingHTTPServer) -> Iterator[str]:
    """Run a server until the end of the block; yields its address, without a slash at the end."""
    with server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def serve_folder(folder: Path, headers: Sequence[tuple[str, str]] = ()) -> Iterator[str]:
    """Serve the files of a folder, which may come into being later, until the end of the block."""
    handler = functools.partial(FolderHandler, directory=str(folder), headers=headers)
    with serve(http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)) as address:
        yield address
