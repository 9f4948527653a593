"""The parts of an index: its sizes, its head, and the state from which it is updated."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import pairwise

import msgspec

from builder.formats.search.blocks import Leaf
from builder.formats.search.documents import slots_for

VERSION = 2
_ENCODER = msgspec.json.Encoder(order="deterministic")
File = tuple[str, str, Callable[[], bytes]]


class Sizes(msgspec.Struct, frozen=True):
    """The sizes of an index's files, in bytes.

    A collection of no more than ``whole`` is read whole by the browser: that costs no more than what an index would. Its
    blocks hold ``whole_block``; those of which only what is shown is read hold ``block``. There are shards of grams for
    ``shard`` bytes of documents each.
    """

    whole: int = 128_000
    whole_block: int = 48_000
    block: int = 12_000
    shard: int = 32_000

    def shards(self, weight: int) -> int:
        """Returns the number of shards of grams for so many bytes: a power of two, or none if all is read whole."""
        return 1 << max(2, (weight // self.shard).bit_length()) if weight > self.whole else 0


SIZES = Sizes()


class Before(msgspec.Struct, frozen=True):
    """The last index: the key of each file, and a function that reads a file by path."""

    keys: Mapping[str, str]
    read: Callable[[str], bytes]


class State(msgspec.Struct, frozen=True):
    """The content of ``parts.json``: the input of the index. ``parts`` are digest and weight of each part, ``crowded`` the
    number of days that have too many documents for each number of bits."""

    parts: Mapping[str, tuple[str, int]]
    blocks: tuple[Leaf, ...]
    shards: int
    crowded: tuple[int, ...]
    version: int = VERSION

    @property
    def slots(self) -> int:
        """The bits of a number's place in its day."""
        return slots_for(self.crowded)


def last_digests(before: Before) -> Mapping[str, str]:
    """Returns the digest of each part of the last index, by name; nothing if it has no parts, or none that can be read."""
    try:
        state = msgspec.json.decode(before.read("parts.json"), type=State) if "parts.json" in before.keys else None
    except msgspec.MsgspecError:
        return {}
    return {name: digest for name, (digest, _) in state.parts.items()} if state is not None else {}


def heads(state: State, version: str) -> Iterator[File]:
    """Returns the files that describe all others."""
    starts = [leaf.start for leaf in state.blocks]
    head = {
        "version": state.version,
        "shards": state.shards,
        "slots": state.slots,
        "blocks": starts[:1] + [after - before for before, after in pairwise(starts)],
    }
    yield file("index.json", _ENCODER.encode(head))
    if state.shards:
        path, key, make = file("parts.json", _ENCODER.encode(state))
        yield path, f"{version} {key}", make


def file(path: str, content: bytes) -> File:
    """Makes a file whose content is in memory."""
    return path, hashlib.sha256(content).hexdigest()[:24], partial(bytes, content)
