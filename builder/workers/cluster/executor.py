"""An executor whose tasks run on the workers of a Dask cluster, and in processes of this machine when that is gone."""

from __future__ import annotations

import contextlib
import logging
import pickle
import queue
import socket
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from builder.workers.cluster.lease import Lease, Sight, look
from builder.workers.cluster.worker import NotSharedError, locked, pack, run
from builder.workers.pool import Allowed, WorkerLostError, WorkerPool, allowance_of

_log = logging.getLogger(__name__)
_BEAT, _PATIENCE = 0.5, 10.0
"""Seconds: how often the scheduler is asked, and for how long there may be no worker."""
_CONNECT, _ANSWER, _LOOK = 10.0, 15.0, 60.0
"""Seconds: for how long a scheduler may take to be there, to answer, and a worker to say what it sees."""
_TRIES, _AT_ONCE = 3, 32


class ClusterError(Exception):
    """A cluster cannot be used: ``kind`` says why, ``values`` what its sentence names."""

    def __init__(self, kind: str, **values: object) -> None:
        super().__init__(f"{kind}: {values}")
        self.kind = kind
        self.values = values


class Limits(NamedTuple):
    """The limits of a task: ``deadline`` in seconds and ``memory`` in megabytes, 0 for no limit; ``jobs`` is how many processes
    of this machine take over when the cluster is gone."""

    deadline: float
    memory: int
    jobs: int


class _Task(NamedTuple):
    number: int
    future: Future[Any]
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    content: bytes
    tries: int = 0


class _WorkerGoneError(Exception):
    """The worker that had a task is not there any more."""


class ClusterExecutor(Executor):
    """An executor that gives each thread of each worker a task at a time.

    A worker that is lost costs nothing: its task is given to another. If the scheduler is gone, or there is no worker for a
    while, processes of this machine do what is left, and ``told`` is called.
    """

    def __init__(self, client: Any, lease: Lease, limits: Limits, told: Callable[[], None]) -> None:
        """``client`` is connected, ``lease`` is held; both are closed by the executor."""
        self._client, self._lease, self._limits, self._told = client, lease, limits, told
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._numbers = count()
        self._over = threading.Event()
        self._gone = threading.Event()
        self._alive: frozenset[str] = frozenset()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def begin(self, workers: Mapping[str, int]) -> None:
        """Begins with these workers, by address, and their numbers of threads. Raises ClusterError if one cannot take part."""
        with ThreadPoolExecutor(_AT_ONCE) as looks:
            found = dict(zip(workers, looks.map(self.sight_of, workers), strict=True))
        for worker, sight in sorted(found.items()):
            trouble = self._lease.look().differs(sight)
            if trouble:
                raise ClusterError(trouble, worker=worker, folder=self._lease.root)
        for worker, threads in workers.items():
            self._enlist(worker, threads)
        self._start(self._watch)

    @property
    def workers(self) -> frozenset[str]:
        """The addresses of the workers that take part."""
        return self._alive

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        number = next(self._numbers)
        try:
            content = pack(self._lease.folder, number, fn, args)
        except Exception as error:
            future.set_exception(error)
            return future
        self._tasks.put(_Task(number, future, fn, args, content))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        if cancel_futures:
            with contextlib.suppress(queue.Empty):
                while (task := self._tasks.get_nowait()) is not None:
                    task.future.cancel()
        self._over.set()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in tuple(self._threads) if wait else ():
            thread.join()
        with contextlib.suppress(Exception):
            self._client.close(timeout=2)
        self._lease.release()

    def sight_of(self, worker: str) -> Sight | None:
        """Returns what a worker sees of the build's folders; None if it cannot be asked."""
        content = pickle.dumps((look, (self._lease.root, self._lease.output, self._lease.folder)))
        future = self._send(worker, content, f"{self._lease.name}-look-{worker}-{time.monotonic_ns()}", _LOOK)
        with contextlib.suppress(Exception):
            fine, found = pickle.loads(future.result(timeout=_LOOK))
            return found if fine else None
        return None

    def _send(self, worker: str, content: bytes, key: str, deadline: float) -> Any:
        return self._client.submit(
            run,
            content,
            deadline,
            self._limits.memory,
            key=key,
            workers=[worker],
            allow_other_workers=False,
            pure=False,
        )

    def _start(self, function: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=function, args=arguments, daemon=True, name="branchpress-cluster")
        self._threads.append(thread)
        thread.start()

    def _enlist(self, worker: str, threads: int) -> None:
        with self._lock:
            self._alive |= {worker}
        for _ in range(threads):
            self._start(self._serve, worker)

    def _serve(self, worker: str) -> None:
        """Gives one thread of a worker one task after the other."""
        while worker in self._alive and not self._gone.is_set():
            try:
                task = self._tasks.get(timeout=_BEAT)
            except queue.Empty:
                continue
            if task is None:
                return
            if not task.future.running() and not task.future.set_running_or_notify_cancel():
                continue
            try:
                fine, value = pickle.loads(self._result(worker, task))
                if not fine and isinstance(value, NotSharedError):
                    raise _WorkerGoneError
            except _WorkerGoneError:
                self._again(task)
                return
            except BaseException as error:
                fine, value = False, error
            if fine:
                task.future.set_result(value)
            else:
                task.future.set_exception(value)

    def _result(self, worker: str, task: _Task) -> bytes:
        try:
            deadline = self._limits.deadline * allowance_of(task.function).deadlines
            future = self._send(worker, task.content, f"{self._lease.name}-{task.number}-{task.tries}", deadline)
            while True:
                try:
                    found: bytes = future.result(timeout=_BEAT)
                    return found
                except TimeoutError:
                    if worker not in self._alive or self._gone.is_set():
                        raise _WorkerGoneError from None
        except (WorkerLostError, _WorkerGoneError):
            raise
        except BaseException as error:
            _log.debug("%s: lost", worker, exc_info=True)
            with self._lock:
                self._alive -= {worker}
            raise _WorkerGoneError from error

    def _again(self, task: _Task) -> None:
        if task.tries + 1 < _TRIES or self._gone.is_set():
            self._tasks.put(task._replace(tries=task.tries + 1))
        else:
            task.future.set_exception(WorkerLostError("the worker was lost"))

    def _watch(self) -> None:
        """Follows which workers there are, and turns to this machine when there is no cluster any more."""
        served = time.monotonic()
        while not self._over.wait(_BEAT):
            workers = self._workers()
            if workers is None:
                break
            with self._lock:
                self._alive &= workers.keys()
            for worker, threads in workers.items():
                if worker not in self._alive and self.sight_of(worker) == self._lease.look():
                    self._enlist(worker, threads)
            served = time.monotonic() if self._alive else served
            if time.monotonic() - served > _PATIENCE:
                break
        else:
            return
        self._gone.set()
        self._told()
        self._serve_here()

    def _workers(self) -> Mapping[str, int] | None:
        """Returns the workers there are by address, with their numbers of threads; None without a scheduler."""
        try:
            found: Mapping[str, int] = self._client.sync(self._client.scheduler.ncores, callback_timeout=_ANSWER)
        except Exception:
            _log.debug("the scheduler is gone", exc_info=True)
            return None
        return found

    def _serve_here(self) -> None:
        pool = WorkerPool(self._limits.jobs, self._limits.deadline, self._limits.memory)
        while (task := self._tasks.get()) is not None:
            if task.future.running() or task.future.set_running_or_notify_cancel():
                arguments = (self._lease.folder, task.number, task.function, task.arguments)
                here = Allowed(locked, allowance_of(task.function))
                pool.submit(here, *arguments).add_done_callback(partial(_pass_on, task.future))
        pool.shutdown()


def _pass_on(future: Future[Any], done: Future[Any]) -> None:
    error = done.exception()
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(done.result())


def connect(
    address: str, root: Path, state: Path, output: Path, limits: Limits, told: Callable[[], None]
) -> ClusterExecutor:
    """Returns an executor on the cluster whose scheduler is at ``address``, or on ``local:N``: one of
    this machine with N workers.

    Raises ClusterError if there is no scheduler or no worker, or if one cannot take part: all have to see the same content and
    state, and to run the same program.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise ClusterError("missing", reason=error) from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    local, _, number = address.partition(":")
    cluster: Any = None
    try:
        if local == "local":
            cluster = distributed.LocalCluster(
                n_workers=1,
                threads_per_worker=max(1, int(number or limits.jobs)),
                processes=False,
                dashboard_address="127.0.0.1:0",
                memory_limit=None,
            )
        else:
            _knock(address)
        client = _Client(distributed.Client(cluster or address, timeout=_CONNECT, set_as_default=False), cluster)
        workers = client.sync(client.scheduler.ncores, callback_timeout=_ANSWER)
    except Exception as error:
        raise ClusterError("scheduler", address=address, reason=str(error) or type(error).__name__) from error
    if not workers:
        client.close()
        raise ClusterError("empty", address=address)
    executor = ClusterExecutor(client, Lease(root, state, output), limits, told)
    try:
        executor.begin(workers)
    except BaseException:
        executor.shutdown(wait=False)
        raise
    return executor


def _knock(address: str) -> None:
    """Raises OSError at once where nobody listens; Dask would wait for somebody."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    if parts.scheme in ("tcp", "tls") and parts.hostname and parts.port:
        socket.create_connection((parts.hostname, parts.port), _CONNECT).close()


class _Client:
    """A client of Dask, with the cluster that was made for it, if one was."""

    def __init__(self, client: Any, cluster: Any) -> None:
        self._client, self._cluster = client, cluster

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def close(self, timeout: float = 2) -> None:
        """Closes both."""
        self._client.close(timeout=timeout)
        if self._cluster is not None:
            self._cluster.close(timeout=timeout)
