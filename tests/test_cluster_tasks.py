"""Which worker of a cluster gets a task, and what becomes of it, without a network: the cluster is one of this process."""

from __future__ import annotations

import os
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import REPOSITORY
from test_workers import double

from builder.workers import WorkerLostError
from builder.workers.cluster.executor import ClusterError, ClusterExecutor, Limits
from builder.workers.cluster.lease import BUILD, Lease, Sight, look
from builder.workers.cluster.worker import NotSharedError, locked, pack, run
from builder.workers.pool import Allowance, Allowed, allowance_of, answer

Fault = Callable[[bytes], bytes]
LIMITS = Limits(deadline=7, memory=500, jobs=1)


class Answer:
    """What a worker says of a task, as soon as it is not silent."""

    def __init__(self, say: Callable[[], bytes], is_silent: Callable[[], bool]) -> None:
        self._say, self._is_silent = say, is_silent

    def result(self, timeout: float) -> bytes:
        if self._is_silent():
            time.sleep(0.01)
            raise TimeoutError
        return self._say()


class Dask:
    """A scheduler with workers: each does what it is sent, but what ``faults`` says of tasks or ``sights`` of looks; the silent
    say nothing. Without ``workers`` there is no scheduler any more."""

    def __init__(self, **workers: int) -> None:
        self.workers: dict[str, int] | None = workers
        self.scheduler = SimpleNamespace(ncores="ncores")
        self.faults: dict[str, Fault] = {}
        self.sights: dict[str, Fault] = {}
        self.silent: set[str] = set()
        self.sent: list[tuple[str, str, float, int]] = []
        self.closed = False

    def sync(self, function: object, callback_timeout: float) -> dict[str, int]:
        assert function == "ncores"
        if self.workers is None:
            raise OSError("gone")
        return dict(self.workers)

    def submit(
        self, function: object, content: bytes, deadline: float, memory: int, *, key: str, workers: list[str],
        allow_other_workers: bool, pure: bool,
    ) -> Answer:  # fmt: skip
        assert function is run
        assert not allow_other_workers
        assert not pure
        (worker,) = workers
        if pickle.loads(content)[0] is look:
            return Answer(lambda: self.sights.get(worker, does)(content), lambda: False)
        self.sent.append((worker, key, deadline, memory))
        return Answer(lambda: self.faults.get(worker, does)(content), lambda: worker in self.silent)

    def close(self, timeout: float) -> None:
        self.closed = True


def does(content: bytes) -> bytes:
    return answer(content, 0)


def gone(_: bytes) -> bytes:
    raise OSError("the connection was lost")


def ended(_: bytes) -> bytes:
    raise WorkerLostError("took longer than 7 seconds")


def elsewhere(_: bytes) -> bytes:
    return pickle.dumps((False, NotSharedError("build: no such file")))


def odd(_: int) -> int:
    raise ValueError("odd")


def end_soon() -> int:
    threading.Timer(0.05, os._exit, (0,)).start()
    return os.getpid()


def seen(**other: Any) -> Fault:
    """A look that sees something else."""

    def say(content: bytes) -> bytes:
        fine, sight = pickle.loads(answer(content, 0))
        return pickle.dumps((fine, sight._replace(**other)))

    return say


@contextmanager
def begun(root: Path, dask: Dask, told: list[str] | None = None) -> Iterator[ClusterExecutor]:
    (root / "content").mkdir(exist_ok=True)
    lease = Lease(root, root / "state", root / "sites")
    executor = ClusterExecutor(dask, lease, LIMITS, lambda: (told if told is not None else []).append("gone"))
    try:
        executor.begin(dask.workers or {})
        yield executor
    finally:
        executor.shutdown()
    assert dask.closed
    assert not (root / "state/cluster").exists()


def until(holds: Callable[[], object]) -> None:
    for _ in range(2000):
        if holds():
            return
        time.sleep(0.01)
    pytest.fail("it does not come to that")


def test_each_thread_of_a_worker_has_tasks_with_the_limits_of_the_build(tmp_path: Path) -> None:
    dask = Dask(a=1, b=2)
    with begun(tmp_path, dask) as executor:
        assert executor.workers == {"a", "b"}
        tasks = [executor.submit(double, [number]) for number in range(6)]
        assert [each.result(20) for each in tasks] == [[2 * number] for number in range(6)]
        assert executor.submit(Allowed(double, Allowance(3)), [7]).result(20) == [14]
        with pytest.raises(ValueError, match="odd"):
            executor.submit(odd, 1).result(20)
        with pytest.raises(AttributeError, match="local object"):
            executor.submit(lambda: 1).result(20)
    assert {(deadline, memory) for _, _, deadline, memory in dask.sent} == {(7, 500), (21, 500)}
    assert len({key for _, key, _, _ in dask.sent}) == len(dask.sent) == 8


def test_a_task_on_a_cluster_has_its_allowance_with_it() -> None:
    packed, _ = pickle.loads(pack("lease", 1, Allowed(double, Allowance(3, 70)), ()))
    assert allowance_of(packed) == Allowance(3, 70)


@pytest.mark.parametrize("fault", [gone, elsewhere])
def test_the_task_of_a_worker_that_is_lost_is_done_by_another(tmp_path: Path, fault: Fault) -> None:
    dask = Dask(a=1)
    dask.faults["a"] = fault
    with begun(tmp_path, dask) as executor:
        task = executor.submit(double, [1])
        until(lambda: dask.sent)
        dask.workers = {"b": 1}
        assert task.result(20) == [2]
        assert [worker for worker, *_ in dask.sent] == ["a", "b"]
        assert executor.workers == {"b"}
        # The second try is another task to the scheduler.
        assert len({key for _, key, *_ in dask.sent}) == 2


def test_a_task_is_tried_three_times(tmp_path: Path) -> None:
    dask = Dask(a=1, b=1, c=1, d=1)
    dask.faults = dict.fromkeys("abcd", gone)
    with begun(tmp_path, dask) as executor:
        with pytest.raises(WorkerLostError, match="the worker was lost"):
            executor.submit(double, [1]).result(20)
        assert len(dask.sent) == 3


def test_a_task_that_goes_wrong_is_not_the_workers_fault(tmp_path: Path) -> None:
    dask = Dask(a=1)
    dask.faults["a"] = ended
    with begun(tmp_path, dask) as executor:
        with pytest.raises(WorkerLostError, match="longer than 7 seconds"):
            executor.submit(double, [1]).result(20)
        del dask.faults["a"]
        assert executor.submit(double, [1]).result(20) == [2]
        assert executor.workers == {"a"}


def test_a_worker_that_says_no_more_is_left_when_the_scheduler_says_so(tmp_path: Path) -> None:
    dask = Dask(a=1, b=1)
    dask.silent = {"a", "b"}
    with begun(tmp_path, dask) as executor:
        task = executor.submit(double, [1])
        until(lambda: dask.sent)
        dask.workers = {"c": 1, "d": 1}
        dask.sights["d"] = seen(content="other")
        assert task.result(20) == [2]
        assert executor.workers == {"c"}


@pytest.mark.slow
def test_without_a_scheduler_this_machine_does_what_is_left(tmp_path: Path) -> None:
    dask, told = Dask(a=1), list[str]()
    dask.silent = {"a"}
    with begun(tmp_path, dask, told) as executor:
        tasks = [executor.submit(double, [1]), executor.submit(odd, 1)]
        until(lambda: dask.sent)
        dask.workers = None
        assert tasks[0].result(60) == [2]
        with pytest.raises(ValueError, match="odd"):
            tasks[1].result(60)
        assert executor.submit(double, [3]).result(60) == [6]
    assert told == ["gone"]


def test_what_nobody_waits_for_is_not_begun(tmp_path: Path) -> None:
    dask = Dask(a=1)
    dask.silent = {"a"}
    with begun(tmp_path, dask) as executor:
        first = executor.submit(double, [1])
        until(lambda: dask.sent)
        others = [executor.submit(double, [number]) for number in range(3)]
        executor.shutdown(wait=False, cancel_futures=True)
        assert all(each.cancelled() for each in others)
        assert not first.cancelled()
        dask.silent.clear()


@pytest.mark.parametrize(
    ("sight", "kind"),
    [
        (gone, "unseen"),
        (seen(version="0"), "version"),
        (seen(version="0", content=""), "version"),
        (seen(content="x"), "unshared"),
        (seen(mark="x"), "unshared"),
        (seen(locked=False), "unshared"),
        (lambda _: pickle.dumps((False, OSError("x"))), "unseen"),
    ],
)
def test_a_worker_that_cannot_take_part_is_named(tmp_path: Path, sight: Fault, kind: str) -> None:
    dask = Dask(a=1, b=1)
    dask.sights["b"] = sight
    with pytest.raises(ClusterError) as told, begun(tmp_path, dask):
        pass
    assert (told.value.kind, told.value.values) == (kind, {"worker": "b", "folder": str(tmp_path)})
    assert str(told.value).startswith(f"{kind}: ")


def test_what_a_process_sees_of_a_build(tmp_path: Path) -> None:
    for folder in ("content/a", "theme/partials"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "content/organization.yml").write_text("name: A\n")
    lease = Lease(tmp_path, tmp_path / "state", tmp_path / "sites/out")
    first = lease.look()
    assert first.locked
    assert first.mark.startswith(lease.name)
    assert first.output == f"{tmp_path} {tmp_path.stat().st_ino}"

    def differs(change: Callable[[], object]) -> list[str]:
        before = lease.look()
        change()
        now = lease.look()
        return [name for name in Sight._fields if getattr(now, name) != getattr(before, name)]

    assert differs(lambda: None) == []
    assert differs(lambda: (tmp_path / "content/b").mkdir()) == ["content"]
    assert differs(lambda: (tmp_path / "content/a/x.md").write_text("x")) == []
    assert differs(lambda: (tmp_path / "content/organization.yml").write_text("name: B\n")) == ["mark"]
    assert differs(lambda: (tmp_path / "theme/a.html").write_text("x")) == ["theme"]
    assert differs(lambda: (tmp_path / "theme/partials/a.html").write_text("x")) == ["theme"]
    assert differs(lambda: (tmp_path / "sites").mkdir()) == ["output"]
    assert differs(lambda: (tmp_path / "content").rename(tmp_path / "other")) == ["content", "mark"]
    assert look(str(tmp_path), str(tmp_path / "sites/out"), str(tmp_path / "none"))[3:5] == ("", False)


def test_a_lease_lasts_as_long_as_its_build(tmp_path: Path) -> None:
    base = tmp_path / "state/cluster"
    for name in ("left", "begun"):
        (base / name).mkdir(parents=True)
    (base / "left" / BUILD).write_text("left")
    held = Lease(tmp_path, tmp_path / "state", tmp_path / "sites")
    other = Lease(tmp_path, tmp_path / "state", tmp_path / "sites")
    assert {each.name for each in base.iterdir()} == {"begun", held.name, other.name}
    assert locked(other.folder, 4, double, ([1],)) == [2]
    other.release()
    assert not Path(other.folder).exists()
    with pytest.raises(NotSharedError, match="No such file"):
        locked(other.folder, 4, double, ([1],))
    held.release()
    assert base.exists()


@pytest.mark.slow
def test_a_process_does_the_tasks_of_a_thread_until_one_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(REPOSITORY / "tests")

    def do(function: Callable[..., Any], *given: Any, deadline: float = 60) -> Any:
        return pickle.loads(run(pickle.dumps((function, given)), deadline, 600))

    (fine, process), again = do(os.getpid), do(os.getpid)
    assert (fine, process) == again
    assert process != os.getpid()
    assert do(double, [4]) == (True, [8])
    assert str(do(odd, 1)[1]) == "odd"
    for function, given, deadline, told in (
        (os._exit, 3, 60, "ended with 3"),
        (time.sleep, 600, 0.1, "took longer than 0.1 seconds"),
    ):
        with pytest.raises(WorkerLostError, match=told):
            do(function, given, deadline=deadline)
    # One that has ended while it had nothing to do is nobody's loss.
    _, idle = do(end_soon)
    assert idle != process
    os.waitid(os.P_PID, idle, os.WEXITED | os.WNOWAIT)
    assert do(os.getpid)[0]
