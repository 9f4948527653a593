"""The stubs that the hub's release was made with: they only save time."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import msgspec

from builder.model.sealed import read_sealed
from builder.store.releases import Store


class HubStubs(msgspec.Struct, frozen=True):
    """The stubs of all branches' entries, by branch, each with the hash of what they were made of; ``around`` is the hash of all
    else that the hub shows."""

    around: str = ""
    branches: Mapping[str, tuple[str, msgspec.Raw]] = {}


def read_hub_stubs(store: Store) -> HubStubs:
    """Returns the stubs that the hub's release was made with; none if they are not there, or not as they were saved."""
    with suppress(msgspec.MsgspecError):
        return msgspec.json.decode(read_sealed(store.release("") / "stubs.json"), type=HubStubs)
    return HubStubs()
