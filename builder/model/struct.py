"""The base of all values: frozen, compared by value, the same bytes whether just made or read back."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

AnyStruct = TypeVar("AnyStruct", bound=msgspec.Struct)


class Struct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of all values: immutable, compared by value, written as JSON without its defaults."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Defaults are told from other values by identity, which pickling would lose: equal values would be written, and
        # hashed, in one way here and in another by a worker.
        return _restore, (type(self), msgspec.json.encode(self))


def canonical(value: AnyStruct) -> AnyStruct:
    """Returns ``value`` as it is after being written and read back: what equals a default is that default, and is not
    written.
    """
    return msgspec.json.decode(msgspec.json.encode(value), type=type(value))


def _restore(kind: type[Struct], content: bytes) -> Struct:
    return msgspec.json.decode(content, type=kind)
