"""Keys of each kind of entry, one file per kind: :data:`READERS` has the reader of every kind."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from builder.content.kinds.reader import Context, KindReader
from builder.model.kinds import KINDS

READERS: Mapping[str, KindReader] = {name: import_module(f"{__name__}.{name}").READER for name in KINDS}

__all__ = ["READERS", "Context", "KindReader"]
