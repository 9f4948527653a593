"""Executors, which run the stages of a build. All have the interface of :class:`concurrent.futures.Executor`.

:class:`WorkerPool` is made for tasks that may fail: a worker that hangs is killed when its time is up; one that dies or
needs too much memory loses only its own task, and is replaced.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import gc
import importlib
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Literal, TypeVar

import msgspec

from builder.workers.tasks import Tasks

_PR_SET_PDEATHSIG = 1
PATIENCE = 4
"""So many deadlines a task may take by the clock; it has one of processor time."""
_GLANCE = 0.02
_LINUX = sys.platform.startswith("linux")
_FATAL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)

Item = TypeVar("Item")
Value = TypeVar("Value")
Batch = Callable[[Sequence[Item]], Sequence[Value]]
StartMethod = Literal["fork", "forkserver", "spawn"]


class WorkerLostError(Exception):
    """A worker was lost during a task: it took too long, died, or returned something that cannot be read."""


class TaskLost(msgspec.Struct, frozen=True):
    """The result of a task that was never finished, with the reason. ``spent`` says that it was not begun, since those that it
    was for had had all the time that there is for one."""

    reason: str
    spent: bool = False


class Allowance(msgspec.Struct, frozen=True):
    """The allowance of a task that has more to do than others: so many ``deadlines`` of its executor, and so many megabytes of
    ``memory`` more than the others have."""

    deadlines: float = 1
    memory: int = 0


class SerialExecutor(Executor):
    """An executor that runs each task at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class WorkerPool(Executor):
    """An executor with processes that are reused for task after task.

    The first ones are forked where that is safe: on Linux, before there are threads. They have everything that is loaded
    already. Whatever takes the place of a lost one comes from a fork server, a process without threads.
    """

    def __init__(self, jobs: int, deadline: float = 0, memory: int = 0, first: StartMethod | None = None) -> None:
        """``jobs`` processes; ``deadline`` in seconds of processor time a task (:func:`answers_in_time`), ``memory`` in megabytes
        a worker, 0 for no limit; ``first`` is how the first ones are started, if not as it is safe."""
        self.width = jobs
        self._tasks = Tasks()
        workers = [_Worker(memory) for _ in range(jobs)]
        if (first or _safe_method()) == "fork":
            # What is loaded by now is no garbage: workers need not look at it, and so have no copy of it.
            gc.freeze()
            for worker in workers:
                worker.start("fork")
        self._threads = [
            threading.Thread(target=self._serve, args=(worker, deadline), daemon=True, name="branchpress-worker")
            for worker in workers
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._tasks.put((future, fn, args))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        for future, _, _ in self._tasks.end(drop=cancel_futures):
            future.cancel()
        for thread in self._threads if wait else ():
            thread.join()

    def _serve(self, worker: _Worker, deadline: float) -> None:
        """Sends tasks to one worker, and replaces it when it is lost."""
        while (task := self._tasks.get()) is not None:
            future, function, arguments = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(worker.run(function, arguments, deadline * allowance_of(function).deadlines))
            except BaseException as error:
                future.set_exception(error)
        worker.stop()


class _Worker:
    """A worker process, started when it is needed."""

    def __init__(self, memory: int) -> None:
        self._memory = memory
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def start(self, method: StartMethod) -> Connection:
        here, there = multiprocessing.Pipe()
        context = multiprocessing.get_context(method)
        if method == "forkserver":
            # What this process has loaded of the program need not be loaded by each worker.
            own = __name__.partition(".")[0] + "."
            context.set_forkserver_preload([name for name in sorted(sys.modules) if name.startswith(own)])
        process: BaseProcess = context.Process(target=_work, args=(there, here, self._memory, method), daemon=True)  # type: ignore[attr-defined]
        process.start()
        self._process = process
        there.close()
        self._pipe = here
        return here

    def run(self, function: Callable[..., Any], arguments: tuple[Any, ...], deadline: float) -> Any:
        pipe = self._pipe or self.start("forkserver" if _LINUX else "spawn")
        try:
            pipe.send((function, arguments))
            if not answers_in_time(pipe, self._process.pid if self._process is not None else None, deadline):
                raise WorkerLostError(f"took longer than {deadline:g} seconds")
            fine, value = pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerLostError(self._how_it_died()) from error
        except WorkerLostError:
            self.stop(kill=True)
            raise
        if not fine:
            raise value
        return value

    def _how_it_died(self) -> str:
        process = self._process
        self.stop()
        return how_it_ended(process.exitcode if process is not None else None)

    def stop(self, *, kill: bool = False) -> None:
        if self._process is not None and kill:
            self._process.kill()
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.join()
        self._process = self._pipe = None


def answers_in_time(pipe: Connection, process: int | None, deadline: float) -> bool:
    """Waits for what a process sends; returns False when it has worked ``deadline`` seconds without an answer (0: for ever).

    What it works is its processor time, so that nobody's task is late because others have the machine. One that only waits, as
    for a file system that is away, may do so PATIENCE times as long, and so may any process on systems that do not tell.
    """
    if not deadline:
        return pipe.poll(None)
    until = time.monotonic() + PATIENCE * deadline
    began = _processor_time(process)
    if began is None:
        return pipe.poll(PATIENCE * deadline)
    left = deadline
    # With one thread at work, what is left cannot be used up any sooner.
    while not pipe.poll(max(_GLANCE, min(left, until - time.monotonic()))):
        now = _processor_time(process)
        left = 0 if now is None else began + deadline - now
        if left <= 0 or time.monotonic() >= until:
            return pipe.poll(0)
    return True


def _processor_time(process: int | None) -> float | None:
    """Returns the seconds that a process, by its number, has worked; None if the system does not tell."""
    if process is None or not _LINUX:
        return None
    try:
        # The clock that clock_getcpuclockid(3) gives for a process.
        return time.clock_gettime((~process << 3) | 2)
    except OSError:
        return None


def how_it_ended(code: int | None) -> str:
    """Returns in words how a process ended that has this exit status, or, if it is negative, was ended by a signal."""
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"ended with {code}"


def _safe_method() -> StartMethod:
    if not _LINUX:
        return "spawn"
    return "fork" if threading.active_count() == 1 else "forkserver"


def _work(pipe: Connection, parents: Connection, memory: int, method: StartMethod) -> None:
    """Runs in a worker: receives tasks and sends results until the other end of the pipe is closed."""
    parents.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent(method)
    limit_memory(memory)
    while True:
        try:
            task = pipe.recv_bytes()
        except (EOFError, OSError):
            os._exit(0)
        try:
            pipe.send_bytes(answer(task, memory))
        except OSError:
            os._exit(0)


def answer(task: bytes, memory: int) -> bytes:
    """Carries out a pickled task, a function and its arguments; returns, pickled, whether it went well and what came of it, or
    the error. ``memory`` is how many megabytes this process may have for a task without an allowance."""
    try:
        # What a task needs is loaded here, and may be too much for the memory, too.
        function, arguments = pickle.loads(task)
        more = allowance_of(function).memory
        if memory and more:
            # It stays so: what a large task leaves behind may be more than others are allowed.
            limit_memory(memory + more)
        told = (True, function(*arguments))
    except MemoryError:
        told = (False, WorkerLostError(f"wanted more than {_memory_limit() or memory} MB of memory"))
    except Exception as error:
        told = (False, error)
    try:
        return pickle.dumps(told)
    except Exception as error:
        return pickle.dumps((False, WorkerLostError(f"{type(error).__name__}: {error}")))


def _die_with_parent(method: StartMethod) -> None:
    """Makes a worker end with its build, however that ends."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    if method == "fork":
        # Linux. Workers forked later hold the pipes of the earlier ones, so that no pipe tells them.
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent.pid:
            os._exit(0)
    else:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def limit_memory(memory: int) -> None:
    """Lets this process have so many megabytes, 0 for any number."""
    if memory and _LINUX:
        import resource

        size, (_, most) = memory * 1_000_000, resource.getrlimit(resource.RLIMIT_DATA)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(
                resource.RLIMIT_DATA, (size if most == resource.RLIM_INFINITY else min(size, most), most)
            )


def _memory_limit() -> int:
    """Returns how many megabytes this process may have; 0 if there is no limit, or the system does not tell."""
    if not _LINUX:
        return 0
    import resource

    size, _ = resource.getrlimit(resource.RLIMIT_DATA)
    return 0 if size == resource.RLIM_INFINITY else size // 1_000_000


def executor_named(name: str, jobs: int, deadline: float, memory: int) -> Callable[[], Executor]:
    """Returns the factory of the executor of that name: ``serial``, ``process``, or ``MODULE:FACTORY``. Raises LookupError."""
    if name == "serial":
        return SerialExecutor
    if name == "process":
        return lambda: WorkerPool(jobs, deadline, memory)
    module, _, factory = name.partition(":")
    try:
        made: Callable[[], Executor] = getattr(importlib.import_module(module), factory)
    except (ImportError, AttributeError, ValueError) as error:
        raise LookupError(str(error)) from error
    return made


class Account(msgspec.Struct, frozen=True):
    """The bound of all tasks for one site together: ``owners`` says whom an item is for, ``seconds`` is what each has (0: any
    number), in processor time; a lost task counts as one deadline. ``spent`` is what they have had."""

    owners: Callable[[Any], Collection[str]]
    seconds: float = 0
    spent: Counter[str] = msgspec.field(default_factory=Counter)

    def is_over(self, items: Sequence[Any]) -> bool:
        """Tells whether all whom these are for have had their time. What several share in one list is no one's: a list that
        takes long is tried again item by item."""
        owners = self.owners(items[0]) if len(items) == 1 and self.seconds else ()
        return bool(owners) and all(self.spent[name] >= self.seconds for name in owners)

    def charge(self, items: Sequence[Any], seconds: float) -> None:
        """Counts the time that a task took."""
        if len(items) == 1:
            self.spent.update(dict.fromkeys(self.owners(items[0]), seconds))


NOBODY = Account(lambda item: ())
"""The account of tasks that have no bound together."""


class TaskRunner:
    """The runner of one function over many items on an executor; every item gets a result, whatever happens."""

    def __init__(self, factory: Callable[[], Executor], deadline: float = 0) -> None:
        """``factory`` makes the executor, and another one if that breaks. If there is no result at all for several
        times ``deadline`` seconds (0: for ever), running tasks count as lost."""
        self._factory, self._deadline = factory, deadline
        self._executor: Executor | None = None

    def __enter__(self) -> TaskRunner:
        return self

    def __exit__(self, *_: object) -> None:
        self._drop(wait=True)

    def forget(self) -> None:
        """Lets the workers go, with all that they remember; the next call has new ones."""
        self._drop(wait=True)

    def _drop(self, *, wait: bool) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=wait, cancel_futures=True)
            self._executor = None

    def begin(
        self, function: Batch[Item, Value], item: Item, account: Account, allowance: Allowance
    ) -> Callable[[], Value | TaskLost | None] | None:
        """Begins with one item while others are done by :meth:`each`, which takes the same arguments. Returns a function that
        waits for the result, which is None if the executor broke. None if there is no room beside others: the number of tasks
        that it does at once, its ``width``, is not told, or 1."""
        executor = self._executor = self._executor or self._factory()
        if getattr(executor, "width", 1) < 2 or account.is_over([item]):
            return None
        deadline = allowance.deadlines * self._deadline
        future = executor.submit(Allowed(partial(_timed, function), allowance), [item])

        def result() -> Value | TaskLost | None:
            patience = 2 * PATIENCE * deadline or None
            if not wait([future], timeout=patience).done:
                self._drop(wait=False)
                return None
            if future.cancelled():
                return None
            error = future.exception()
            account.charge([item], deadline if error is not None else future.result()[1])
            if isinstance(error, BrokenExecutor):
                return None
            if error is not None and is_fatal(error):
                raise error
            return TaskLost(_reason(error)) if error is not None else future.result()[0][0]

        return result

    def each(
        self,
        function: Batch[Item, Value],
        items: Sequence[Item],
        size: int = 1,
        instead: Callable[[Item, Value | TaskLost], Item | None] = lambda item, result: None,
        account: Account = NOBODY,
        allowance: Callable[[Item], Allowance] = lambda item: Allowance(),
    ) -> Iterator[tuple[Item, Value | TaskLost]]:
        """Yields the result for each item, in order of completion. ``function`` takes a list of at most ``size`` items
        and returns as many results; a list that cost a worker is tried again item by item. ``instead`` returns what
        to try instead of an item with such a result, if anything. What is left when the time of an ``account`` is over is not
        begun. ``allowance`` says what one item may take; in a list all have as much as the one that has most."""
        left = list(items)
        while left:
            tried, left = left, []
            for item, result in self._each(function, tried, size, account, allowance):
                other = instead(item, result)
                if other is None:
                    yield item, result
                else:
                    left.append(other)

    def _each(
        self,
        function: Batch[Item, Value],
        items: Sequence[Item],
        size: int,
        account: Account,
        allowance: Callable[[Item], Allowance],
    ) -> Iterator[tuple[Item, Value | TaskLost]]:
        batches = [list(items[start : start + size]) for start in range(0, len(items), size)]
        again: list[Item] = []
        for batch, values in self._run(function, batches, account, allowance):
            if isinstance(values, TaskLost) and len(batch) > 1:
                again.extend(batch)
            else:
                yield from (
                    (item, values if isinstance(values, TaskLost) else values[place])
                    for place, item in enumerate(batch)
                )
        for batch, values in self._run(function, [[item] for item in again], account, allowance):
            yield batch[0], values if isinstance(values, TaskLost) else values[0]

    def _run(
        self,
        function: Batch[Item, Value],
        batches: Sequence[list[Item]],
        account: Account,
        allowance: Callable[[Item], Allowance],
    ) -> Iterator[tuple[list[Item], Sequence[Value] | TaskLost]]:
        over = TaskLost(f"took longer than {account.seconds:g} seconds in all", spent=True)
        left = list(batches)
        singly = False
        while left:
            executor = self._executor = self._executor or self._factory()
            now, left = deque(left[:1] if singly else left), left[1:] if singly else []
            pending: dict[Future[Any], list[Item]] = {}
            deadlines: dict[Future[Any], float] = {}
            broken: list[list[Item]] = []
            while now or pending:
                # What is done at once, in this process, is counted before the next one.
                last: Future[Any] | None = None
                while now and (last is None or not last.done()):
                    batch = now.popleft()
                    if account.is_over(batch):
                        yield batch, over
                    else:
                        allowed = _most(map(allowance, batch))
                        last = executor.submit(Allowed(partial(_timed, function), allowed), batch)
                        pending[last], deadlines[last] = batch, allowed.deadlines * self._deadline
                if not pending:
                    continue
                patience = 2 * PATIENCE * max(deadlines[each] for each in pending) or None
                done, _ = wait(pending, timeout=patience, return_when=FIRST_COMPLETED)
                for future in done:
                    batch = pending.pop(future)
                    error = future.exception()
                    before = account.is_over(batch)
                    account.charge(batch, future.result()[1] if error is None else deadlines[future])
                    if isinstance(error, BrokenExecutor):
                        broken.append(batch)
                    elif error is not None and is_fatal(error):
                        raise error
                    elif error is not None:
                        yield batch, TaskLost(_reason(error))
                    else:
                        yield batch, future.result()[0]
                    if account.is_over(batch) and not before:
                        for waiting, one in list(pending.items()):
                            if waiting not in done and account.is_over(one) and waiting.cancel():
                                del pending[waiting]
                                yield one, over
                if not done:
                    yield from (
                        (batch, TaskLost(f"took longer than {deadlines[each]:g} seconds"))
                        for each, batch in pending.items()
                    )
                    pending.clear()
                    self._drop(wait=False)
            if broken:
                self._drop(wait=False)
                if singly:
                    yield from ((batch, TaskLost("the worker was lost")) for batch in broken)
                else:
                    left, singly = sorted(broken, key=batches.index), True


def _timed(function: Batch[Item, Value], batch: Sequence[Item]) -> tuple[Sequence[Value], float]:
    """Runs a task; also returns the processor time that it took, in seconds."""
    began = time.process_time()
    return function(batch), time.process_time() - began


class Allowed(msgspec.Struct, frozen=True):
    """A function with its allowance."""

    function: Callable[..., Any]
    allowance: Allowance

    def __call__(self, *arguments: Any) -> Any:
        return self.function(*arguments)


def allowance_of(function: Callable[..., Any]) -> Allowance:
    """Returns the allowance of a function; any other has what all have."""
    return function.allowance if isinstance(function, Allowed) else Allowance()


def _most(allowances: Iterable[Allowance]) -> Allowance:
    found = list(allowances)
    return Allowance(max(each.deadlines for each in found), max(each.memory for each in found))


def is_fatal(error: BaseException) -> bool:
    """Tells whether an error would also hit every other site: the disk is full, or cannot be written."""
    return isinstance(error, OSError) and error.errno in _FATAL


def _reason(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "wanted more memory than there is"
    return str(error) if isinstance(error, WorkerLostError) else f"{type(error).__name__}: {error}"
