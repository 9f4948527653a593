"""The connections of a server: so many at once, and none that takes its time for ever."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from builder.model.struct import Struct


class Limits(Struct, frozen=True):
    """The limits of a server: connections at once, how many of them may be streams of events, the seconds in which the head of a
    request has to be there, and those in which all of it has to be read and answered."""

    connections: int = 200
    streams: int = 100
    head: float = 20
    whole: float = 900


class Connections:
    """The connections that are open, each with the time at which it is closed whatever it does."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits, self._clock = limits, clock
        self._lock = threading.Lock()
        self._open, self._streams = 0, 0
        self._ends: dict[socket.socket, float] = {}

    def enter(self) -> bool:
        """Counts one more; False if there are as many as may be."""
        with self._lock:
            free = self._open < self.limits.connections
            self._open += free
            return free

    def leave(self) -> None:
        """Counts one less."""
        with self._lock:
            self._open -= 1

    def enter_stream(self) -> bool:
        """Counts one more that stays open; False if there are as many as may be, so that others find room."""
        with self._lock:
            free = self._streams < self.limits.streams
            self._streams += free
            return free

    def leave_stream(self) -> None:
        """Counts one less that stays open."""
        with self._lock:
            self._streams -= 1

    def expect(self, connection: socket.socket, seconds: float | None) -> None:
        """Gives a connection so many seconds from now; None: as many as it likes."""
        with self._lock:
            if seconds is None:
                self._ends.pop(connection, None)
            else:
                self._ends[connection] = self._clock() + seconds

    def close_late(self) -> None:
        """Ends the connections whose time is over. One byte now and then keeps none of them."""
        now = self._clock()
        with self._lock:
            late = [connection for connection, end in self._ends.items() if end <= now]
            for connection in late:
                del self._ends[connection]
        for connection in late:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
