"""The form's program, Sveltia CMS, as ``make forms`` builds it: files that are served as they are."""

from __future__ import annotations

import json
import re
from pathlib import Path

from builder.model.reading import read_file

_FOLDER = Path(__file__).parent / "forms" / "dist"
_NAME = re.compile(r"assets/[\w.-]+\.(?:js|css|woff2|wasm|svg|png)", re.ASCII)
_TYPES = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "woff2": "font/woff2",
    "wasm": "application/wasm",
    "svg": "image/svg+xml",
    "png": "image/png",
}
_MOST_BYTES = 20_000_000


class Bundle:
    """A folder that ``make forms`` wrote. Raises FileNotFoundError where it did not."""

    def __init__(self, folder: Path = _FOLDER) -> None:
        self._folder = folder
        manifest = json.loads(read_file(folder / "manifest.json", 5_000_000))
        entry = manifest["src/main.js"]
        self.script: str = entry["file"]
        self.styles: tuple[str, ...] = tuple(entry.get("css", ()))

    def file(self, name: str) -> tuple[bytes, str] | None:
        """Returns the bytes and the media type of one of its files."""
        if _NAME.fullmatch(name) is None:
            return None
        try:
            content = read_file(self._folder / name, _MOST_BYTES, self._folder)
        except OSError:
            return None
        if len(content) > _MOST_BYTES:
            return None
        return content, _TYPES[name.rpartition(".")[2]]
