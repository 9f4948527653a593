"""The edits that a build has found, by which it says why it did what it did."""

from __future__ import annotations

from builder.model.struct import Struct


class Edit(Struct, frozen=True):
    """One thing that differs: ``place`` is its source below content/, without the ending; ``parts`` are the keys that differ,
    ``text``, ``new`` or ``gone``. ``apart`` says that it is seen on its own page only."""

    place: str
    parts: tuple[str, ...]
    apart: bool = False
