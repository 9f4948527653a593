"""The tasks of a pool of workers, and who gets which."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

Task = tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]


class Tasks:
    """The tasks that wait for a worker, the first first, and the workers that wait for a task, of which the last comes first: it
    has loaded what the next task needs. Tasks that come one after the other are all done by one worker."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: deque[Task] = deque()
        self._idle: list[queue.SimpleQueue[Task | None]] = []
        self._over = False

    def put(self, task: Task) -> None:
        """Gives a task to the worker that has waited shortest, or to the first that comes."""
        with self._lock:
            if self._idle:
                self._idle.pop().put(task)
            else:
                self._left.append(task)

    def get(self) -> Task | None:
        """Waits for a task; returns None when no more will come."""
        with self._lock:
            if self._left:
                return self._left.popleft()
            if self._over:
                return None
            mine: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
            self._idle.append(mine)
        return mine.get()

    def end(self, *, drop: bool) -> list[Task]:
        """Lets no more tasks come; returns those that nobody has begun, if they are to be dropped."""
        with self._lock:
            self._over = True
            dropped = list(self._left) if drop else []
            if drop:
                self._left.clear()
            for idle in self._idle:
                idle.put(None)
            self._idle.clear()
        return dropped
