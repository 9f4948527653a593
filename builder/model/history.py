"""The history of a site: what its content alone does not say and feeds and calendars need, kept from release to release."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec


class EventMark(msgspec.Struct, frozen=True, array_like=True):
    """An event as it was last published: the hash of its time, its place and its status, and the time of its last revision,
    None if it has had none."""

    digest: str
    revised: datetime | None = None


class History(msgspec.Struct, frozen=True, omit_defaults=True):
    """The past of a site: of its entries, each by the path that its feed id keeps, the ``events`` as they were last published,
    and when those ``appeared`` that are dated before that day; of its ``feeds``, by the end of their ids, the time of the
    last change that they have told, which never goes back."""

    events: Mapping[str, EventMark] = {}
    appeared: Mapping[str, datetime] = {}
    feeds: Mapping[str, datetime] = {}
