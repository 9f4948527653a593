"""Builds on a cluster: scheduler and workers are processes of their own, and any of them may be lost."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import NOW, REPOSITORY, SmallSite, everything, examples
from hypothesis import given, settings
from hypothesis import strategies as st
from test_laws import CAREFUL, Run, differing, edits
from test_workers import double, strange

from builder.cli.commands import main
from builder.workers import TaskLost, TaskRunner
from builder.workers.cluster.executor import ClusterError, ClusterExecutor, Limits, connect
from builder.workers.cluster.lease import look

pytestmark = pytest.mark.slow
LIMITS = Limits(deadline=60, memory=900, jobs=2)


class Cluster:
    """A scheduler and workers, which end with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        self.told: list[str] = []

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        paths = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tests")])
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        environment = os.environ | {"PYTHONPATH": paths, "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
        command = [sys.executable, "-m", f"distributed.cli.dask_{words[0]}", *words[1:]]
        self.processes.append(subprocess.Popen(command, cwd=self.folder, env=environment, **quiet))  # type: ignore[call-overload]
        return self.processes[-1]

    def worker(self, *options: str) -> subprocess.Popen[bytes]:
        """Starts a worker with one thread."""
        return self._start("worker", self.address, "--nthreads", "1", "--no-dashboard", *options)

    def connect(self, root: Path, workers: int = 1, limits: Limits = LIMITS) -> ClusterExecutor:
        """Connects as soon as there are so many workers."""
        until = time.monotonic() + 60
        while True:
            try:
                executor = connect(
                    self.address, root, root / ".branchpress", root / "sites", limits, lambda: self.told.append("gone")
                )
            except ClusterError as error:
                if error.kind not in ("scheduler", "empty") or time.monotonic() > until:
                    raise
                time.sleep(0.2)
                continue
            if len(executor.workers) >= workers or time.monotonic() > until:
                return executor
            executor.shutdown()

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@contextmanager
def started(folder: Path) -> Iterator[Cluster]:
    cluster = Cluster(folder)
    try:
        yield cluster
    finally:
        cluster.stop()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers: one under a nanny, as workers of Dask are by default, one without."""
    with started(tmp_path_factory.mktemp("cluster")) as made:
        made.worker("--nanny")
        made.worker("--no-nanny")
        yield made


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder for builds that build nothing."""
    (tmp_path / "content").mkdir()
    return tmp_path


def slow_double(numbers: Sequence[int]) -> list[int]:
    time.sleep(1)
    return double(numbers)


@given(st.lists(st.lists(edits, min_size=1, max_size=3), min_size=1, max_size=2))
@settings(CAREFUL, max_examples=examples(2))
def test_the_bytes_are_those_of_a_serial_build(cluster: Cluster, script: list[list[tuple[str, str, str]]]) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        run, other = Run(Path(one)), Run(Path(two))
        for step in [[], *script]:
            for edit in step:
                run.apply(edit)
                other.apply(edit)
            run.build(lambda: cluster.connect(run.site.root, workers=2))
            other.build()
            assert differing(run.site, other.site) == []
        assert not (run.site.root / ".branchpress" / "cluster").exists()


def test_limits_hold_there_too(cluster: Cluster, root: Path) -> None:
    with TaskRunner(lambda: cluster.connect(root, 2, Limits(deadline=60, memory=600, jobs=1)), 60) as runner:
        found = dict(runner.each(strange, [1, 13, 15, 16, 17], 2))
    # With a deadline of its own: what is late because others have the machine is late all the same.
    with TaskRunner(lambda: cluster.connect(root, 2, Limits(deadline=1, memory=600, jobs=1)), 60) as runner:
        found |= dict(runner.each(strange, [14]))
    assert {number: value.reason for number, value in found.items() if isinstance(value, TaskLost)} == {
        13: "was ended by SIGKILL",
        14: "took longer than 1 seconds",
        15: "ValueError: fifteen",
        16: "wanted more than 600 MB of memory",
    }
    assert (found[1], found[17]) == (2, 34)
    assert cluster.told == []


def test_what_a_lost_worker_had_is_done_by_another(tmp_path: Path, root: Path) -> None:
    with started(tmp_path) as own:
        victim = own.worker("--no-nanny")
        own.worker("--no-nanny")
        with TaskRunner(lambda: own.connect(root, 2)) as runner:
            found = {}
            for number, value in runner.each(slow_double, list(range(6))):
                found[number] = value
                victim.kill()
        assert found == {number: 2 * number for number in range(6)}
        assert own.told == []


def test_without_a_scheduler_this_machine_goes_on(tmp_path: Path, root: Path) -> None:
    with started(tmp_path) as own:
        own.worker("--no-nanny")
        with TaskRunner(lambda: own.connect(root)) as runner:
            found = {}
            for number, value in runner.each(slow_double, list(range(5))):
                found[number] = value
                own.scheduler.kill()
        assert found == {number: 2 * number for number in range(5)}
        assert own.told == ["gone"]


def test_what_a_killed_build_had_begun_ends(cluster: Cluster, root: Path) -> None:
    script = (
        "import sys, time, test_workers as own; from pathlib import Path; from builder.workers.cluster.executor import *\n"
        "root = Path(sys.argv[2])\n"
        "made = connect(sys.argv[1], root, root / '.branchpress', root / 'sites', Limits(60, 900, 1), print)\n"
        "tasks = [made.submit(own.name_and_sleep, root / name) for name in 'ab']; time.sleep(600)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tests")])}
    build = subprocess.Popen([sys.executable, "-c", script, cluster.address, str(root)], env=environment)
    names = [root / "a", root / "b"]
    assert within(60, lambda: all(name.exists() and name.read_text() for name in names))
    build.kill()
    build.wait()
    numbers = [name.read_text() for name in names]
    assert within(60, lambda: not any(Path(f"/proc/{number}").exists() for number in numbers))


def within(seconds: float, happens: Callable[[], bool]) -> bool:
    """Waits until something happens; tells whether it did."""
    until = time.monotonic() + seconds
    while not happens() and time.monotonic() < until:
        time.sleep(0.1)
    return happens()


def test_a_worker_that_sees_something_else_is_refused_by_name(
    cluster: Cluster, site: SmallSite, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    # A path that leads each process somewhere else.
    monkeypatch.chdir(site.root)
    cluster.connect(site.root).shutdown()
    before = everything(site)
    status = main(["build", "--root", "/proc/self/cwd", "--now", NOW, "--executor", f"dask:{cluster.address}"])
    told = capfd.readouterr().err
    assert status == 2
    assert "tcp://127.0.0.1:" in told
    assert "/proc/self/cwd" in told
    assert everything(site) == before


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x"])
def test_without_a_cluster_nothing_is_changed(address: str, site: SmallSite, capfd: pytest.CaptureFixture[str]) -> None:
    before = everything(site)
    assert main(["build", "--root", str(site.root), "--now", NOW, "--executor", f"dask:{address}"]) == 2
    assert address in capfd.readouterr().err
    assert everything(site) == before


def test_a_cluster_of_this_machine(site: SmallSite) -> None:
    made = []
    for name, executor in (("one", "dask:local:2"), ("two", "serial")):
        site.output = site.root / name
        words = ["--root", str(site.root), "--output", str(site.output), "--now", NOW, "--executor", executor]
        assert main(["build", *words]) == 0
        made.append(site.files())
    assert made[0] == made[1]


def test_a_theme_that_comes_with_the_program_counts_by_its_place(tmp_path: Path) -> None:
    """Workers read it where the build has it."""
    (tmp_path / "content").mkdir()
    seen = look(str(tmp_path), str(tmp_path / "sites"), str(tmp_path))
    assert seen.theme == str(REPOSITORY / "theme")
    (tmp_path / "theme").mkdir()
    assert look(str(tmp_path), str(tmp_path / "sites"), str(tmp_path)).differs(seen) == "unshared"
