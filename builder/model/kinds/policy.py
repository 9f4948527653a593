"""Policies: documents that hold, are explained, and are replaced by others."""

from __future__ import annotations

from typing import ClassVar, Literal

from builder.model.dates import Moment
from builder.model.kinds.kind import Kind


class Policy(Kind, frozen=True):
    """The part of an entry that only a policy has."""

    needs_text: ClassVar[bool] = True
    is_duty: ClassVar[bool] = True

    number: str = ""
    issuer: str = ""
    issued: Moment | None = None
    effective: Moment | None = None
    status: Literal["in force", "amended", "repealed"] = "in force"
    replaces: tuple[str, ...] = ()
