"""The pages of each kind of entry, a file a kind: :data:`PAGES` has every kind there is."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from builder.model.kinds import KINDS
from builder.pages.kinds.kind_pages import KindPages

PAGES: Mapping[str, KindPages[Any]] = {name: import_module(f"{__name__}.{name}").PAGES for name in KINDS}

__all__ = ["PAGES", "KindPages"]
