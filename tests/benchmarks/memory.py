"""The peak of memory that a command and all processes below it have at one time."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

_EVERY = 0.05


def peak_of(command: Sequence[str], folder: Path) -> tuple[float, float]:
    """Runs a command in a folder; gives its seconds and the peak of memory in megabytes.

    What processes share is counted once (PSS, from Linux's smaps_rollup); elsewhere the peak is 0. Raises
    CalledProcessError if the command could do nothing (a status other than 0 and 1).
    """
    # As an installed program is: its modules are compiled once, whatever the shell is set to.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    peak = 0
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        while process.poll() is None:
            peak = max(peak, sum(_size(each) for each in _family(process.pid)))
            time.sleep(_EVERY)
        seconds = time.perf_counter() - start
        said = process.stderr.read() if process.stderr is not None else b""
    if process.returncode not in (0, 1):
        raise subprocess.CalledProcessError(process.returncode, command, stderr=said)
    return seconds, peak / 1024


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
