"""Commands with what Windows has not taken away: modules, functions and flags of POSIX, and the name of the platform.

``python as_windows.py --statuses FILE COMMAND …`` imports every module of the program that Windows has to load, runs the
commands, an argument each, and writes their statuses to FILE; with anything else for arguments it is the program itself. It
shows what is asked of the system, not how Windows answers: names with backslashes, files that are open, links and the file lock
of Windows are not tried.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import shlex
import signal
import sys
from multiprocessing import popen_spawn_posix, resource_tracker
from pathlib import Path

MODULES = ("fcntl", "pwd", "grp", "resource", "termios", "tty", "pty", "syslog", "readline", "curses")
NAMES = {
    os: "O_NONBLOCK O_NOCTTY O_CLOEXEC O_NOFOLLOW O_DIRECTORY fork forkpty pread pwrite getuid geteuid getgid chown lchown "
    "fchmod fchown mkfifo setsid killpg getpgid sched_getaffinity statvfs sendfile wait3 wait4 nice sync fdatasync",
    signal: "SIGKILL SIGHUP SIGALRM SIGUSR1 SIGCHLD alarm setitimer",
}


def forget_program() -> None:
    """Lets every module of the program be imported anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "builder"]:
        del sys.modules[name]


def import_program() -> None:
    """Imports every module of the program."""
    for found in pkgutil.walk_packages(importlib.import_module("builder").__path__, "builder."):
        # Builds on many machines lock what these share as POSIX does.
        if found.name not in ("builder.__main__", "builder.messages.update") and ".cluster" not in found.name:
            importlib.import_module(found.name)


def take_away() -> None:
    """Takes away what there is not on Windows."""
    for name in MODULES:
        sys.modules[name] = None  # type: ignore[assignment]
    for module, names in NAMES.items():
        for name in names.split():
            if hasattr(module, name):
                delattr(module, name)
    os.supports_fd.discard(os.utime)
    sys.platform = "win32"


sys.path.insert(0, str(Path(__file__).parents[1]))
# Libraries choose what they do when they are imported, and those of this machine have to: with the program, a first time.
assert popen_spawn_posix
assert resource_tracker
import_program()
take_away()

# What another process starts has gone through the above as well, and imports what it needs.
forget_program()
if __name__ == "__main__":
    import_program()
    run = importlib.import_module("builder.cli.commands").main
    if sys.argv[1] == "--statuses":
        Path(sys.argv[2]).write_text(" ".join(str(run(shlex.split(command))) for command in sys.argv[3:]))
    else:
        raise SystemExit(run())
