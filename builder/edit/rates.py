"""The rates at which somebody may ask: buckets that fill again with time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from builder.model.struct import Struct

_MOST_BUCKETS = 10_000


class Rate(Struct, frozen=True):
    """So many requests at once, and so many a minute on and on."""

    burst: float
    minute: float


class Rates:
    """The buckets of everybody who asks."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._buckets: dict[tuple[str, Rate], tuple[float, float]] = {}

    def allows(self, who: str, rate: Rate) -> bool:
        """Takes one request out of somebody's bucket; False if it is empty."""
        now = self._clock()
        with self._lock:
            if len(self._buckets) >= _MOST_BUCKETS:
                self._buckets = {}
            left, since = self._buckets.get((who, rate), (rate.burst, now))
            left = min(rate.burst, left + (now - since) * rate.minute / 60)
            allowed = left >= 1
            self._buckets[who, rate] = (left - 1 if allowed else left, now)
            return allowed
