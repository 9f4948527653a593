"""A disk that is full or cannot be written: a sentence, and nothing that readers had is lost; exit status 2 only where nothing at
all was changed."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import NOW, ORGANIZATION, TWO_BRANCHES, SmallSite, everything
from test_crash import complete

from builder.cli.commands import main

pytestmark = pytest.mark.slow
SIZE = 24
EDITS = "--- content/alpha/branch.yml\nname: 新甲\n--- content/beta/branch.yml\nname: 新乙\nparent: alpha\n"


class Done(NamedTuple):
    """How a build ended, and what it said."""

    status: int
    said: str


class SmallDisk:
    """A file system of a few megabytes, mounted in a namespace of its own where this user may not mount otherwise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}m", "tmpfs", str(folder)]
        self.mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0

    def build(self, site: SmallSite, *, largest: int = resource.RLIM_INFINITY) -> Done:
        """Builds, in a fork of this process, which has everything loaded; without a file system of its own no file may be larger
        than ``largest``, in bytes."""
        options = ["--now", NOW, "--executor", "serial", "--fonts", "/proc/nowhere", "--root", str(site.root)]
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            status = 70
            try:
                sys.stdout = sys.stderr = os.fdopen(writing, "w")
                if not self.mounted:
                    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
                status = main(["build", *options])
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        os.close(writing)
        with os.fdopen(reading) as stream:
            said = stream.read()
        return Done(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said)

    def fill(self, free: int) -> None:
        """Leaves so many bytes."""
        self.clear()
        filler = self.folder / "filler"
        with filler.open("wb") as file:
            file.write(b"\0" * max(0, shutil.disk_usage(self.folder).free - free))

    def clear(self) -> None:
        (self.folder / "filler").unlink(missing_ok=True)

    def remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.folder)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    made = SmallDisk(tmp_path / "disk")
    yield made
    if made.mounted:
        subprocess.run(["umount", "-l", str(made.folder)], check=True)


@pytest.fixture
def site(disk: SmallDisk, two_branches: SmallSite) -> SmallSite:
    """An organization on that disk. One like it was built by this process, of which all that it loaded is inherited."""
    return SmallSite(disk.folder).write(ORGANIZATION + TWO_BRANCHES)


def test_a_full_disk_loses_nothing(disk: SmallDisk, site: SmallSite) -> None:
    assert disk.build(site).status == 0
    site.write(EDITS)
    failed = 0
    for number in range(8):
        before = everything(site)
        if disk.mounted:
            disk.fill(number * 40_000)
            done = disk.build(site)
        else:
            done = disk.build(site, largest=number * 4096)
        assert done.status in (0, 1, 2), done.said
        assert "Traceback" not in done.said
        failed += done.status != 0
        if done.status == 2:
            assert everything(site) == before
        for branch in ("alpha", "beta"):
            assert complete(site, branch), f"{branch} with {number * 40_000} bytes left"
    assert failed >= 2
    disk.clear()
    assert disk.build(site).status == 0
    fresh = site.files()
    site.build(clean=True)
    assert site.files() == fresh
    assert "新甲" in site.page("alpha/index.html")


def test_a_disk_that_cannot_be_written_is_told(disk: SmallDisk, site: SmallSite) -> None:
    assert disk.build(site).status == 0
    before = everything(site)
    site.write(EDITS)
    if disk.mounted:
        disk.remount("ro")
        done = disk.build(site)
        disk.remount("rw")
    else:
        done = disk.build(site, largest=0)
    assert done.status == 2
    assert "Traceback" not in done.said
    assert done.said.strip()
    assert everything(site) == before
    assert disk.build(site).status == 0
