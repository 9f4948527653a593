"""The part of a cluster's executor that runs on its machines. Loads nothing of Dask and nothing of the program but workers.

A worker of Dask hands each task to a process of its own, so that deadlines and limits of memory hold here as they do on one
machine, and what a task does to its process costs the cluster nothing.

Each task holds a lock in a folder that the build has laid into its state, the lease. So a task that is given to a second
worker because the first one was lost begins only when the first one, which may have been cut off but alive, has let go; and a
worker whose build has ended, however that happened, ends within a moment.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pickle
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from builder.workers.pool import (
    Allowed,
    WorkerLostError,
    allowance_of,
    answer,
    answers_in_time,
    how_it_ended,
    limit_memory,
)

BUILD = "build"
"""The file in a lease that the build holds locked as long as it lives."""
_MOMENT = 1.0
_IDLE = 300.0


class NotSharedError(Exception):
    """A worker does not see the lease of the build."""


def run(task: bytes, deadline: float, memory: int) -> bytes:
    """Carries out a task in the process that belongs to this thread; returns what :func:`builder.workers.pool.answer` does.
    Raises WorkerLostError."""
    return _process(threading.get_ident(), memory).run(task, deadline)


def pack(lease: str, number: int, function: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    """Returns a task as it travels: ``function`` is called while its lock in the lease is held."""
    return pickle.dumps((Allowed(locked, allowance_of(function)), (lease, number, function, arguments)))


def locked(lease: str, number: int, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Calls a function while the lock of its task is held. Raises NotSharedError where there is no such lease."""
    with contextlib.ExitStack() as held:
        try:
            lock = held.enter_context(Path(lease, str(number)).open("ab"))
            build = held.enter_context(Path(lease, BUILD).open("r+b"))
        except OSError as error:
            raise NotSharedError(f"{error.filename}: {error.strerror}") from error
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = threading.Event()
        held.callback(done.set)
        threading.Thread(target=_end_with_build, args=(build.fileno(), done), daemon=True).start()
        return function(*arguments)


def _end_with_build(handle: int, done: threading.Event) -> None:
    while not done.wait(_MOMENT):
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        except OSError:
            return
        if not done.is_set():
            os._exit(1)


@cache
def _process(thread: int, memory: int) -> _Process:
    return _Process(memory)


class _Process:
    """A process for tasks, started when it is needed: by a command, since workers of Dask may have no children of
    multiprocessing. It ends by itself when it has had nothing to do for a while."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None

    def run(self, task: bytes, deadline: float) -> bytes:
        """Carries out a task. Raises WorkerLostError."""
        if self._process is not None and self._process.poll() is not None:
            # It had nothing to do for a while.
            self._stop()
        pipe = self._pipe or self._start()
        try:
            pipe.send_bytes(task)
            if answers_in_time(pipe, self._process.pid if self._process is not None else None, deadline):
                return pipe.recv_bytes()
        except (EOFError, OSError) as error:
            raise WorkerLostError(how_it_ended(self._stop())) from error
        self._stop(kill=True)
        raise WorkerLostError(f"took longer than {deadline:g} seconds")

    def _start(self) -> Connection:
        here, there = socket.socketpair()
        numbers = (there.fileno(), self._memory, os.getpid())
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, *map(str, numbers)],
            pass_fds=(there.fileno(),),
            stdin=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each)},
        )
        there.close()
        self._pipe = Connection(here.detach())
        return self._pipe

    def _stop(self, *, kill: bool = False) -> int | None:
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if pipe is not None:
            pipe.close()
        if process is None:
            return None
        if kill:
            process.kill()
        return process.wait()


def _serve(handle: int, memory: int, parent: int) -> None:
    """Carries out the tasks that come through a socket, until it is closed, ``parent`` has ended, or there have been none for a
    while."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    limit_memory(memory)
    pipe = Connection(handle)
    try:
        while pipe.poll(_IDLE):
            pipe.send_bytes(answer(pipe.recv_bytes(), memory))
    except (EOFError, OSError):
        pass
    os._exit(0)


def _end_with(parent: int) -> None:
    try:
        handle = os.pidfd_open(parent)
    except (OSError, AttributeError):
        handle = -1
    if os.getppid() == parent and handle >= 0:
        ended = select.poll()
        ended.register(handle, select.POLLIN)
        ended.poll()
    while os.getppid() == parent:
        threading.Event().wait(_MOMENT)
    os._exit(1)


if __name__ == "__main__":
    _serve(*map(int, sys.argv[1:]))
