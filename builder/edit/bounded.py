"""Calls of functions that read what somebody sent, in processes of their own: what takes too long there, or needs more memory
than there is, is refused, and the server goes on."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from builder.edit.refusal import RefusalError
from builder.messages.translation import N_
from builder.workers import WorkerLostError, WorkerPool

_SECONDS = 90.0
_MEGABYTES = 2_500
_AT_ONCE = 2
_Value = TypeVar("_Value")


class BoundedCalls:
    """A few processes, begun with the first call, that end with whoever holds this."""

    def __init__(self, seconds: float = _SECONDS, megabytes: int = _MEGABYTES) -> None:
        """The bounds of one call."""
        self._bounds = seconds, megabytes
        self._lock = threading.Lock()
        self._pool: WorkerPool | None = None

    def call(self, function: Callable[..., _Value], *arguments: object) -> _Value:
        """Returns what a function of a module returns. Raises what it raises, and RefusalError where it goes beyond a bound."""
        try:
            made: _Value = self._workers().submit(function, *arguments).result()
        except WorkerLostError as error:
            message = N_("Reading this took too long or too much memory, and was given up; nothing was changed.")
            raise RefusalError(HTTPStatus.UNPROCESSABLE_ENTITY, message) from error
        return made

    def _workers(self) -> WorkerPool:
        with self._lock:
            if self._pool is None:
                self._pool = WorkerPool(_AT_ONCE, *self._bounds)
                weakref.finalize(self, self._pool.shutdown, wait=False)
            return self._pool
