"""What the program asks of the system is there on Windows: no module, function or flag of POSIX is needed to check, write new
files, build and preview."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import NOW, REPOSITORY, SmallSite
from preview_session import served

PROGRAM = str(REPOSITORY / "tests/as_windows.py")
POSIX = {"fcntl", "pwd", "grp", "resource", "termios", "tty", "pty", "syslog"}


def test_no_module_of_posix_is_imported_at_once() -> None:
    """Inside of functions that only run where there is one, they may be, and in builds on many machines."""
    sources = {file: file.read_text("utf-8") for file in (REPOSITORY / "builder").rglob("*.py")}
    found = {
        f"{file.relative_to(REPOSITORY)} imports {alias}"
        for file, source in sources.items()
        if file.parent.name != "cluster" and any(name in source for name in POSIX)
        for node in ast.parse(source).body
        for alias in ([each.name for each in node.names] if isinstance(node, ast.Import) else [])
        + ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
        if alias in POSIX
    }
    assert found == set()


@pytest.mark.slow
def test_a_preview_shows_what_is_saved(site: SmallSite) -> None:
    with served(site, program=(PROGRAM,)) as preview:
        assert not preview.state()["problems"]
        assert "党员们出发了" in preview.get("/alpha/news/2026-11-20-visit/")[1]
        site.write("--- content/alpha/news/2026-11-20-visit.md\n---\ntitle: 走访\n---\n第二版\n")
        preview.state()
        assert "第二版" in preview.get("/alpha/news/2026-11-20-visit/")[1]
        assert preview.end() == 130
    assert "Traceback" not in "".join(preview.lines)


@pytest.mark.slow
def test_check_new_build_and_build_again(site: SmallSite, tmp_path: Path) -> None:
    """In processes that are started anew, as they are there, and in this one."""
    result = tmp_path / "statuses"
    common = f"--root '{site.root}' --now {NOW}"
    commands = [
        f"check {common}",
        f"new branch gamma 丙支部 --root '{site.root}'",
        f"new entry gamma/news 一件小事 {common}",
        f"build {common} --jobs 1",
        f"build {common} --executor serial --report '{tmp_path / 'again.json'}'",
    ]
    command = [sys.executable, PROGRAM, "--statuses", str(result), *commands]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    assert result.read_text() == "0 0 0 0 0", done.stderr
    assert "丙支部" in site.page("gamma/index.html")
    # What was published is recognized by the second build.
    counts = json.loads((tmp_path / "again.json").read_text("utf-8"))["counts"]
    assert (counts["branches_built"], counts["files_written"], counts["branches_unchanged"]) == (0, 0, 3)


def test_who_holds_a_lock_is_read_behind_what_windows_locks(tmp_path: Path) -> None:
    """Windows locks the first byte, which nobody else can read then."""
    from builder.store.lock import StoreLockedError, locked

    with locked(tmp_path / "lock"):
        assert (tmp_path / "lock").read_bytes() == f"\n{os.getpid()}\n".encode()
        with pytest.raises(StoreLockedError, match=str(os.getpid())), locked(tmp_path / "lock"):
            pass
    assert (tmp_path / "lock").read_bytes() == b""
