"""The tests bring their own browser: where it comes from, and what is said where none can be had."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from chromium import FONTLESS, MISSING, REQUIRED, SHELL, Installer
from conftest import REPOSITORY
from programs import are_required


class Machine:
    """A machine with some commands; installing from a source works if the source is named in ``sources``, and has no package
    that it ``lacks``."""

    def __init__(self, *there: str, root: bool = False, sources: Sequence[str] = (), lacks: str = "") -> None:
        self.there = set(there)
        self.sources, self.lacks = sources, lacks
        self.ran: list[str] = []
        self.told: list[str] = []
        self._installer = Installer(
            self.run,
            self.told.append,
            browser=lambda: next((f"/usr/bin/{name}" for name in (SHELL, "chromium") if name in self.there), None),
            font=lambda: "fonts-noto-cjk" in self.there,
            root=lambda: root,
            shell=lambda: SHELL in self.there,
        )

    def run(self, command: Sequence[str]) -> bool:
        if command[-1] in ("--version", "true"):
            return command[0] in self.there
        self.ran.append(" ".join(command).replace(sys.executable, "python"))
        source = "playwright" if "playwright" in command else "apt"
        if self.lacks in command:
            return False
        if source in self.sources and "install" in command:
            self.there.update(command)
        return source in self.sources

    def bring(self, required: bool = False) -> int:
        return self._installer.bring(required=required)


def test_where_everything_is_there_nothing_is_done_or_said() -> None:
    machine = Machine(SHELL, "fonts-noto-cjk", "apt-get", root=True)
    assert machine.bring(required=True) == 0
    assert (machine.ran, machine.told) == ([], [])


@pytest.mark.parametrize("root", [True, False])
def test_debians_is_taken_where_apt_and_root_are_at_hand(root: bool) -> None:
    machine = Machine("apt-get", "sudo", root=root, sources=["apt"])
    assert machine.bring(required=True) == 0
    sudo = "" if root else "sudo -n "
    assert machine.ran == [
        f"{sudo}apt-get update -qq",
        f"{sudo}apt-get install -y -qq --no-install-recommends chromium-headless-shell fonts-noto-cjk",
    ]
    assert len(machine.told) == 1
    assert machine.bring() == 0
    assert len(machine.ran) == 2, "this is done once"


def test_a_browser_without_chinese_characters_gets_them() -> None:
    machine = Machine(SHELL, "apt-get", root=True, sources=["apt"])
    assert machine.bring() == 0
    assert machine.ran[-1].endswith("recommends fonts-noto-cjk")


def test_a_whole_chromium_is_taken_where_there_is_none_without_windows() -> None:
    machine = Machine("apt-get", root=True, sources=["apt"], lacks=SHELL)
    assert machine.bring(required=True) == 0
    assert [line.partition("recommends ")[2] for line in machine.ran[1:]] == [
        "chromium-headless-shell fonts-noto-cjk",
        "chromium fonts-noto-cjk",
    ]


@pytest.mark.parametrize("there", [("apt-get",), ()], ids=["apt", "no apt"])
def test_nor_is_one_that_is_there_already_missed(there: tuple[str, ...]) -> None:
    machine = Machine("chromium", "fonts-noto-cjk", *there, root=True)
    assert machine.bring(required=True) == 0
    assert machine.ran[1:] == [f"apt-get install -y -qq --no-install-recommends {SHELL}"] * bool(there)


@pytest.mark.parametrize("there", [(), ("apt-get",), ("sudo",)], ids=["no apt", "apt without root", "root without apt"])
def test_elsewhere_playwright_brings_its_own(there: tuple[str, ...]) -> None:
    machine = Machine(*there, sources=["playwright"])
    assert machine.bring(required=True) == 0
    assert machine.ran == ["python -m playwright install chromium"]
    assert machine.told[-1] == FONTLESS


def test_where_apt_fails_playwright_is_asked() -> None:
    machine = Machine("apt-get", root=True, sources=["playwright"])
    assert machine.bring() == 0
    assert machine.ran[-1] == "python -m playwright install chromium"


def test_where_none_can_be_had_one_sentence_says_so_and_where_it_is_required_it_is_an_error() -> None:
    machine = Machine()
    assert machine.bring() == 0
    assert machine.told[-1] == MISSING
    assert machine.bring(required=True) == 1
    assert machine.told[-1] == REQUIRED


def test_an_environment_says_what_is_required() -> None:
    assert are_required({"BROWSER_TESTS": "required"}, "BROWSER")
    assert not are_required({}, "BROWSER")


@pytest.mark.slow
@pytest.mark.parametrize(("required", "workers", "status"), [("", "2", 0), ("required", "0", 1)])
def test_tests_without_a_browser_are_skipped_by_one_sentence(
    tmp_path: Path, required: str, workers: str, status: int
) -> None:
    """On a machine without Chromium: the PATH leads nowhere, and Playwright's folder is empty."""
    test = tmp_path / "test_two.py"
    test.write_text("def test_one(browser): pass\ndef test_two(browser): pass\ndef test_three(): pass\n")
    environment = {"PATH": "", "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path), "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", workers, "-p", "no:cacheprovider", "--rootdir", str(REPOSITORY),
         "-c", str(REPOSITORY / "pyproject.toml"), "-p", "conftest", str(test)],
        cwd=REPOSITORY / "tests", env=environment | {"BROWSER_TESTS": required}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    if required:
        assert REQUIRED in done.stdout
        assert "1 passed, 2 errors" in done.stdout
    else:
        assert done.stdout.count(MISSING) == 1
        assert "1 passed, 2 skipped" in done.stdout
