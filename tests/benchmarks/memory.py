"""What a command and all processes below it take: seconds, processor time, and the peak of memory at one time."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_EVERY = 0.05


class Measured(NamedTuple):
    """Seconds by the clock, seconds of processor time (the user's and the system's), megabytes at most."""

    seconds: float
    processor: float
    memory: float


def measured(command: Sequence[str], folder: Path, also: Mapping[str, str] | None = None) -> Measured:
    """Runs a command in a folder, with some variables more in its environment.

    What processes share is counted once (PSS, from Linux's smaps_rollup); elsewhere the peak is 0. Raises
    CalledProcessError if the command could do nothing (a status other than 0 and 1).
    """
    # As an installed program is: its modules are compiled once, whatever the shell is set to.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, start = _processor(), time.perf_counter()
    peak = 0
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment | dict(also or {}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    ) as process:
        while process.poll() is None:
            peak = max(peak, sum(_size(each) for each in _family(process.pid)))
            time.sleep(_EVERY)
        seconds = time.perf_counter() - start
        said = process.stderr.read() if process.stderr is not None else b""
    if process.returncode not in (0, 1):
        raise subprocess.CalledProcessError(process.returncode, command, stderr=said)
    return Measured(seconds, _processor() - before, peak / 1024)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _family(process: int) -> Iterator[int]:
    yield process
    try:
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from _family(int(child))
    except OSError:
        return


def _size(process: int) -> int:
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0
