"""Executors: warm workers, deadlines, limits, deaths, and what the crew makes of them."""

from __future__ import annotations

import errno
import gc
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from builder.workers import (
    Account,
    Allowance,
    SerialExecutor,
    TaskLost,
    TaskRunner,
    WorkerLostError,
    WorkerPool,
    executor_named,
    without_collector,
)
from builder.workers.cluster.worker import _Process
from builder.workers.tasks import Tasks


@pytest.fixture
def pool() -> Iterator[WorkerPool]:
    made = WorkerPool(2, deadline=1, memory=600)
    yield made
    made.shutdown()


def own_number(_: object) -> int:
    return os.getpid()


def own_numbers(items: Sequence[int]) -> list[int]:
    return [os.getpid() for _ in items]


def parents_number(_: object) -> int:
    return os.getppid()


def double(numbers: Sequence[int]) -> list[int]:
    return [2 * number for number in numbers]


def busy(gate: Path, numbers: Sequence[int]) -> list[int]:
    """Works a while over the number 10, and waits over others until there is a file."""
    until = time.process_time() + 0.06
    while numbers == [10] and time.process_time() < until:
        pass
    patience = time.monotonic() + 20
    while numbers != [10] and not gate.exists() and time.monotonic() < patience:
        time.sleep(0.01)
    return double(numbers)


def slow(numbers: Sequence[int]) -> list[int]:
    """Takes a second over numbers below 20."""
    time.sleep(1 if numbers[0] < 20 else 0)
    return double(numbers)


def strange(numbers: Sequence[int]) -> list[int]:
    """Goes wrong over some numbers, each in a way of its own."""
    for number in numbers:
        if number == 13:
            os.kill(os.getpid(), signal.SIGKILL)
        if number == 14:
            time.sleep(60)
        if number == 15:
            raise ValueError("fifteen")
        if number == 16:
            bytearray(3_000_000_000)
    return double(numbers)


def hold(megabytes: Sequence[int]) -> list[int]:
    """Takes so much memory, and gives it back."""
    return [len(bytearray(size * 1_000_000)) for size in megabytes]


def name_and_sleep(file: Path) -> None:
    """Writes down which process this is, and takes long."""
    file.write_text(str(os.getpid()))
    time.sleep(600)


def late_for_others(number: int) -> int:
    """Waits longer than the deadline of half a second, as where others have the machine, and works little."""
    time.sleep(0.5)
    return number


def wait_for_ever(_: object) -> None:
    """Waits for what never comes, as for a file system that is away."""
    threading.Event().wait()


def work_and_wait(_: object) -> None:
    """Works twice as long as it may, in small pieces: that is less than it might wait."""
    while time.process_time() < 0.9:
        until = time.process_time() + 0.05
        while time.process_time() < until:
            pass
        time.sleep(0.01)


def unpicklable(_: object) -> Any:
    return lambda: None


def full(_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


class TestWorkerPool:
    def test_workers_are_other_processes_and_stay_warm(self, pool: WorkerPool) -> None:
        numbers = {pool.submit(own_number, None).result() for _ in range(12)}
        assert len(numbers) <= 2
        assert os.getpid() not in numbers

    def test_what_is_raised_comes_back(self, pool: WorkerPool) -> None:
        with pytest.raises(ValueError, match="fifteen"):
            pool.submit(strange, [15]).result()

    @pytest.mark.parametrize(
        ("number", "reason"), [(13, "ended by SIGKILL"), (14, "longer than 1 seconds"), (16, "more than 600 MB")]
    )
    @pytest.mark.slow
    def test_a_lost_worker_says_why_and_is_replaced(self, pool: WorkerPool, number: int, reason: str) -> None:
        with pytest.raises(WorkerLostError, match=reason):
            pool.submit(strange, [number]).result()
        assert [pool.submit(double, [each]).result() for each in range(4)] == [[0], [2], [4], [6]]

    @pytest.mark.slow
    def test_a_deadline_is_processor_time_and_some_patience(self) -> None:
        """Also for the processes beside workers of Dask."""
        pool = WorkerPool(1, deadline=0.4, first="fork")
        beside = _Process(0)
        beside.run(pickle.dumps((double, ([1],))), 60)
        assert pool.submit(late_for_others, 1).result() == 1
        assert pickle.loads(beside.run(pickle.dumps((late_for_others, (2,))), 0.4)) == (True, 2)
        for endless in (work_and_wait, wait_for_ever):
            with pytest.raises(WorkerLostError, match="took longer"):
                pool.submit(endless, None).result()
            with pytest.raises(WorkerLostError, match="took longer"):
                beside.run(pickle.dumps((endless, (None,))), 0.4)
        pool.shutdown()

    def test_a_result_that_cannot_travel_loses_its_task_only(self, pool: WorkerPool) -> None:
        with pytest.raises(WorkerLostError):
            pool.submit(unpicklable, None).result()
        assert pool.submit(double, [4]).result() == [8]

    @pytest.mark.slow
    def test_a_lost_worker_is_not_replaced_by_a_fork_of_a_process_with_threads(self) -> None:
        pool = WorkerPool(1, first="fork")
        assert pool.submit(parents_number, None).result() == os.getpid()
        with pytest.raises(WorkerLostError, match="SIGKILL"):
            pool.submit(strange, [13]).result()
        server = pool.submit(parents_number, None).result()
        assert server != os.getpid()
        assert pool.submit(strange, [1, 2]).result() == [2, 4]
        pool.shutdown()

    @pytest.mark.slow
    def test_nor_is_the_first_one_where_there_are_threads(self) -> None:
        done = threading.Event()
        thread = threading.Thread(target=done.wait)
        thread.start()
        pool = WorkerPool(1)
        assert pool.submit(parents_number, None).result() != os.getpid()
        pool.shutdown()
        done.set()
        thread.join()

    @pytest.mark.slow
    @pytest.mark.parametrize("first", ["fork", "forkserver"])
    def test_workers_end_with_a_build_that_is_killed(self, first: str) -> None:
        script = (
            "import os, time, test_workers as own; from builder.workers import WorkerPool\n"
            f"pool = WorkerPool(1, first={first!r}); print(pool.submit(own.own_number, None).result(), flush=True)\n"
            "pool.submit(time.sleep, 600); time.sleep(600)"
        )
        build = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=Path(__file__).parent)
        assert build.stdout is not None
        worker = int(build.stdout.readline())
        time.sleep(0.2)
        build.kill()
        build.wait()
        build.stdout.close()
        until = time.monotonic() + 10
        while Path(f"/proc/{worker}").exists() and time.monotonic() < until:
            time.sleep(0.02)
        assert not Path(f"/proc/{worker}").exists()

    def test_no_process_is_left(self) -> None:
        pool = WorkerPool(2)
        numbers = {pool.submit(own_number, None).result() for _ in range(8)}
        pool.shutdown()
        for number in numbers:
            with pytest.raises(ProcessLookupError):
                os.kill(number, 0)


class Broken(Executor):
    """Breaks over one thing, as a process pool of the standard library does when a process dies, and is of no use then."""

    def __init__(self) -> None:
        self.broken = False

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.broken |= 2 in args[0]
        if self.broken:
            future.set_exception(BrokenExecutor("gone"))
        else:
            future.set_result(fn(*args))
        return future


ANYBODY = Account(lambda number: ())


class TestCrew:
    @pytest.mark.parametrize("size", [1, 2, 5, 50])
    @pytest.mark.parametrize("factory", [SerialExecutor, lambda: WorkerPool(2), lambda: ThreadPoolExecutor(3)])
    def test_every_item_has_its_result(self, factory: Any, size: int) -> None:
        with TaskRunner(factory) as runner:
            found = dict(runner.each(double, list(range(20)), size))
        assert found == {number: 2 * number for number in range(20)}

    @pytest.mark.slow
    def test_over_a_lost_worker_items_are_done_one_by_one(self) -> None:
        with TaskRunner(lambda: WorkerPool(2, deadline=1, memory=600)) as runner:
            found = dict(runner.each(strange, list(range(10, 20)), 5))
        lost = {number: value.reason for number, value in found.items() if isinstance(value, TaskLost)}
        assert sorted(lost) == [13, 14, 15, 16]
        assert lost[15] == "ValueError: fifteen"
        assert {number: value for number, value in found.items() if number not in lost} == {
            number: 2 * number for number in (10, 11, 12, 17, 18, 19)
        }

    def test_a_broken_executor_is_replaced(self) -> None:
        with TaskRunner(Broken) as runner:
            found = dict(runner.each(double, [1, 2, 3]))
        assert found == {1: 2, 2: TaskLost("the worker was lost"), 3: 6}

    @pytest.mark.slow
    @pytest.mark.parametrize(("factory", "begun"), [(SerialExecutor, 0), (lambda: WorkerPool(2), 2)])
    def test_what_is_for_one_has_a_bound_together(self, factory: Any, begun: int, tmp_path: Path) -> None:
        """Each item names whom it is for in its tens: 1 needs time, and what is for both goes on. What was begun by then is
        done, and waits until the rest was dropped, however busy the machine is."""
        account = Account(lambda number: [each for each in (1, 2) if number // 10 in (each, 3)], seconds=0.05)
        over = TaskLost("took longer than 0.05 seconds in all", spent=True)
        step, found = partial(busy, tmp_path / "gate"), {}
        with TaskRunner(factory) as runner:
            for number, value in runner.each(step, [*range(10, 19), *range(20, 29), 30], account=account):
                found[number] = value
                if value == over:
                    (tmp_path / "gate").touch()
            again = dict(runner.each(double, [10, 20, 30], account=account))
        late = {number for number, value in found.items() if value == over}
        assert set(range(11 + begun, 19)) <= late <= set(range(11, 19))
        assert {number: value for number, value in found.items() if number not in late} == {
            number: 2 * number for number in {*range(10, 19), *range(20, 29), 30} - late
        }
        assert again == {10: over, 20: 40, 30: 60}

    def test_an_account_is_over_when_all_have_had_their_time(self) -> None:
        """An item names those that it is for. The time of a list of several items is no one's, nor is a list held back."""
        account = Account(lambda names: names.split(), seconds=2)
        account.charge(["one two"], 1)
        account.charge(["three", "four"], 10)
        assert not any(account.is_over([names]) for names in ("one", "two", "three", "four", ""))
        account.charge(["one"], 1)
        assert account.is_over(["one"])
        assert not account.is_over(["one two"])
        assert not account.is_over(["one", "one"])
        account.charge(["two"], 1)
        assert account.is_over(["one two"])
        unbound = Account(lambda names: names.split())
        unbound.charge(["one"], 1_000_000)
        assert not unbound.is_over(["one"])

    @pytest.mark.slow
    def test_a_lost_task_counts_as_one_deadline(self) -> None:
        account = Account(lambda number: ("one",), seconds=10)
        with TaskRunner(lambda: WorkerPool(1), deadline=5) as runner:
            found = [value for _, value in runner.each(strange, [13] * 6, account=account)]
        # One more may run already when the time is over.
        assert found.count(TaskLost("took longer than 10 seconds in all", spent=True)) in (3, 4)

    def test_an_executor_that_never_answers_costs_its_tasks_and_is_replaced(self) -> None:
        class Mute(Executor):
            def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
                return SerialExecutor().submit(fn, *args) if len(made) > 1 else Future()

        made: list[Mute] = []

        def factory() -> Mute:
            made.append(Mute())
            return made[-1]

        with TaskRunner(factory, 0.01) as runner:
            assert list(runner.each(double, [1], 1)) == [(1, TaskLost("took longer than 0.01 seconds"))]
            assert list(runner.each(double, [1], 1)) == [(1, 2)]

    @pytest.mark.parametrize("factory", [SerialExecutor, lambda: WorkerPool(1)])
    def test_a_full_disk_ends_everything(self, factory: Any) -> None:
        with TaskRunner(factory) as runner, pytest.raises(OSError, match="No space left"):
            list(runner.each(full, [1, 2]))

    @pytest.mark.parametrize("factory", [SerialExecutor, lambda: WorkerPool(1), lambda: ThreadPoolExecutor(3)])
    def test_nothing_is_begun_beside_others_without_room(self, factory: Any) -> None:
        with TaskRunner(factory) as runner:
            assert runner.begin(double, 1, ANYBODY, Allowance()) is None

    def test_something_is_begun_beside_others(self, tmp_path: Path) -> None:
        """And whoever is to wait for it asks for its result."""
        account = Account(lambda number: ("one",), seconds=10)
        with TaskRunner(lambda: WorkerPool(2)) as runner:
            result = runner.begin(partial(busy, tmp_path / "gate"), 1, account, Allowance())
            assert dict(runner.each(double, [2, 3])) == {2: 4, 3: 6}
            (tmp_path / "gate").touch()
            assert result is not None
            assert result() == 2
            assert account.spent["one"] > 0
            account.charge([1], 10)
            assert runner.begin(double, 1, account, Allowance()) is None

    @pytest.mark.parametrize(
        ("item", "told"), [(15, TaskLost("ValueError: fifteen")), (2, None), (3, None)], ids=["fault", "broken", "mute"]
    )
    def test_what_was_begun_and_is_lost(self, item: int, told: TaskLost | None) -> None:
        """What went wrong is told; if nothing is known, that is all that is."""

        class Wide(Broken):
            width = 2

            def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
                if 3 in args[0]:
                    return Future()
                try:
                    return super().submit(fn, *args)
                except ValueError as error:
                    future: Future[Any] = Future()
                    future.set_exception(error)
                    return future

        with TaskRunner(Wide, 0.01) as runner:
            result = runner.begin(strange, item, ANYBODY, Allowance())
            assert result is not None
            assert result() == told
            assert dict(runner.each(double, [5])) == {5: 10}

    def test_a_full_disk_ends_what_was_begun(self) -> None:
        with TaskRunner(lambda: WorkerPool(2)) as runner:
            result = runner.begin(full, 1, ANYBODY, Allowance())
            assert result is not None
            with pytest.raises(OSError, match="No space left"):
                result()


@pytest.mark.parametrize("before", [gc.enable, gc.disable])
def test_garbage_is_left_alone_for_a_while(before: Callable[[], None]) -> None:
    before()
    enabled = gc.isenabled()
    with without_collector():
        assert not gc.isenabled()
    assert gc.isenabled() is enabled
    gc.enable()


def test_executors_have_names() -> None:
    assert executor_named("serial", 1, 1, 1) is SerialExecutor
    assert executor_named("concurrent.futures:ThreadPoolExecutor", 1, 1, 1) is ThreadPoolExecutor
    for name in ("nothing", "nothing:here", "os:nothing", ""):
        with pytest.raises(LookupError):
            executor_named(name, 1, 1, 1)


@pytest.mark.slow
def test_what_has_more_to_do_may_take_several_deadlines() -> None:
    with TaskRunner(lambda: WorkerPool(1, deadline=0.2), deadline=0.2) as runner:
        assert [result for _, result in runner.each(slow, [1], allowance=lambda _: Allowance(60))] == [2]
        assert [result for _, result in runner.each(slow, [1])] == [TaskLost("took longer than 0.2 seconds")]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not limit the memory of a process")
@pytest.mark.parametrize("method", ["fork", "forkserver"])
def test_what_has_more_to_do_may_have_more_memory(method: Any) -> None:
    """Afterwards its worker keeps what it was allowed: what is left of the large task may be more than others have."""
    # A process that is forked off begins with all that this one holds.
    held = re.search(r"VmData:\s*(\d+) kB", Path("/proc/self/status").read_text()) if method == "fork" else None
    own = int(held[1]) * 1024 // 1_000_000 if held else 0
    with TaskRunner(lambda: WorkerPool(1, memory=own + 1000, first=method)) as runner:

        def one(size: int, more: int = 0) -> Any:
            return dict(runner.each(hold, [size], allowance=lambda _: Allowance(memory=more)))[size]

        assert one(1200) == TaskLost(f"wanted more than {own + 1000} MB of memory")
        assert one(3000, 1500) == TaskLost(f"wanted more than {own + 2500} MB of memory")
        assert one(1200, 1500) == 1_200_000_000
        assert one(1200) == 1_200_000_000
    with TaskRunner(lambda: WorkerPool(1, first=method)) as runner:
        assert dict(runner.each(hold, [900], allowance=lambda _: Allowance(memory=1)))[900] == 900_000_000


def test_of_a_list_all_may_take_what_the_largest_may() -> None:
    asked: list[Allowance] = []

    class Asked(SerialExecutor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Any:
            asked.append(fn.allowance)
            return super().submit(fn, *args, **kwargs)

    with TaskRunner(Asked) as runner:
        list(runner.each(double, [1, 2, 3], 2, allowance=lambda number: Allowance(4 - number, number)))
    assert asked == [Allowance(3, 2), Allowance(1, 3)]


def test_what_workers_remember_can_be_let_go() -> None:
    with TaskRunner(lambda: WorkerPool(1)) as runner:
        (_, first), (_, same) = [*runner.each(own_numbers, [1]), *runner.each(own_numbers, [2])]
        runner.forget()
        assert first == same
        assert [other for _, other in runner.each(own_numbers, [3])] != [first]


def test_tasks_come_in_their_order_until_they_are_dropped() -> None:
    tasks, made = Tasks(), [(Future[Any](), print, (number,)) for number in range(3)]
    for task in made:
        tasks.put(task)
    assert tasks.get() is made[0]
    assert tasks.end(drop=True) == made[1:]
    assert tasks.get() is None


def test_tasks_that_are_not_dropped_are_still_done() -> None:
    tasks, task = Tasks(), (Future[Any](), print, ())
    tasks.put(task)
    assert tasks.end(drop=False) == []
    assert (tasks.get(), tasks.get()) == (task, None)
