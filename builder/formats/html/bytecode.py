"""Compiled templates, kept where Python keeps the program's own bytecode: in the ``__pycache__`` beside this file.

They are code, and are trusted as far as that is: whoever can write there can change the program itself. Nothing is taken from the
state of builds or from content. Where the program cannot write, or must not (``-B``), templates are compiled by every command.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

_MOST = 500
"""So many templates are kept: a theme has about fifty, once for each language."""


class TemplateCache(BytecodeCache):
    """The compiled templates of one environment. ``key`` tells all that decides what a template is compiled to but the template
    itself: the theme with its catalogues, its language, the program and its engines."""

    def __init__(self, key: str, folder: Path | None = None, *, writes: bool | None = None) -> None:
        """``folder`` is another place to keep them; ``writes`` says whether they may be, if not as Python itself is told."""
        self._key = f"{key}\0{jinja2.__version__}\0{sys.version}"
        self._writes = not sys.dont_write_bytecode if writes is None else writes
        self._folder = folder or Path(cache_from_source(__file__)).parent / "templates"

    def get_bucket(self, environment: jinja2.Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Returns what is kept of a template, in whichever folder it was when it was compiled."""
        bucket = super().get_bucket(environment, name, None, source)
        if bucket.code is not None and filename is not None:
            # Errors name it.
            bucket.code = bucket.code.replace(co_filename=filename)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError, EOFError, ValueError, TypeError):
            content = self._file(bucket).read_bytes()
            if hashlib.sha256(content[32:]).digest() == content[:32]:
                bucket.code = marshal.loads(content[32:])

    def dump_bytecode(self, bucket: Bucket) -> None:
        if not self._writes or bucket.code is None:
            return
        made = marshal.dumps(bucket.code)
        file = self._file(bucket)
        beside = file.with_name(f"{file.name}.{os.getpid()}")
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(hashlib.sha256(made).digest() + made)
            beside.replace(file)
            self._prune()

    def _file(self, bucket: Bucket) -> Path:
        told = f"{self._key}\0{bucket.key}\0{bucket.checksum}"
        return self._folder / f"{hashlib.sha256(told.encode()).hexdigest()[:40]}.code"

    def _prune(self) -> None:
        """Removes those that were written first, where there are too many."""
        files = list(self._folder.iterdir())
        if len(files) > _MOST:
            for file in sorted(files, key=lambda file: file.stat().st_mtime_ns)[: -_MOST // 2]:
                file.unlink(missing_ok=True)
