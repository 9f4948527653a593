"""What the programs share that bring a browser, web servers and the forms onto this machine for the tests."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence


def are_required(environment: Mapping[str, str], tests: str) -> bool:
    """Return true where it is an error instead of a reason to skip that ``BROWSER`` or ``PROGRAM`` tests cannot run."""
    return environment.get(f"{tests}_TESTS", "") == "required"


def run(command: Sequence[str]) -> bool:
    """Run a command quietly; false if it is not there or fails."""
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        done = subprocess.run(command, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, check=False, **quiet)  # type: ignore[call-overload]
    except OSError:
        return False
    return bool(done.returncode == 0)
