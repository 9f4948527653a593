"""Programs that publishing calls: ssh, rsync, git. Their arguments are never read by a shell of this machine."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence

from builder.messages.translation import N_
from builder.publishing.releases import TargetError

_SECONDS = 3600


def run(command: Sequence[str], data: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
    """Runs a program with ``data`` as its input, and returns what it prints. Raises TargetError if it fails or is missing."""
    if shutil.which(command[0]) is None:
        raise TargetError(N_("The program {name} is not installed on this machine."), name=command[0])
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, env=environment, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TargetError(N_("{name} failed: {reason}."), name=command[0], reason=error) from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = said[-1] if said else str(done.returncode)
        raise TargetError(N_("{name} failed: {reason}."), name=command[0], reason=reason.rstrip("."))
    return done.stdout
