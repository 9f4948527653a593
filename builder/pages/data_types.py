"""The types that data files are made of."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

Address = Annotated[str, Meta(description="An absolute web address.", pattern="^https?://")]
Moment = Annotated[
    str,
    Meta(description="A date alone, which covers the whole day, or a time as RFC 3339.", pattern=r"^\d{4}-\d\d-\d\d"),
]
Ref = Annotated[str, Meta(description="<branch>/<section>/<slug>, the name of a published entry.")]
BranchSlug = Annotated[str, Meta(description="The slug of a branch.")]


class Data(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all."""
