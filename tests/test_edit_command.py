"""``branchpress edit`` from the command line: whom it invites, and what it refuses in a sentence before it opens a door."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import forms
import pytest
from conftest import REPOSITORY, SmallSite

from builder.cli.commands import main
from builder.edit.accounts import DAY, Account, Accounts


def run(site: SmallSite, *words: str) -> int:
    """Run a command for the small site; options of ``edit`` itself stand before the word behind it."""
    return main([*words, "--root", str(site.root)])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("edit", "--host", "0.0.0.0"), "edit invite"),
        (("edit", "--trust-header", "X-Remote-User", "--host", "0.0.0.0"), "--trust-header"),
        (("edit", "--trust-header", "no header"), "--trust-header"),
        (("edit", "--address", "https://edit.example.org/below/"), "--address"),
        (("edit", "invite", "li", "nowhere"), "nowhere"),
        (("edit", "invite", "li <x@example.org>", "alpha"), "li <x@example.org>"),
        (("edit", "invite", "li", "alpha", "--days", "0"), "--days"),
        (("edit", "revoke", "nobody"), "nobody"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_changed(
    site: SmallSite, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(site, *words) == 2
    assert said in capsys.readouterr().err
    assert not (site.root / ".branchpress/edit").exists()


def test_somebody_is_invited_listed_and_turned_away(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(site, "edit", "invite", "李娜", "alpha", "--address", "https://edit.example.org") == 0
    link = capsys.readouterr().out.strip()
    assert link.startswith("https://edit.example.org/admin/join/")
    token = link.rpartition("/")[2]
    stored = b"".join(file.read_bytes() for file in (site.root / ".branchpress/edit").rglob("*") if file.is_file())
    assert token.encode() not in stored, "tokens are stored as hashes"
    assert run(site, "edit", "people") == 0
    assert "李娜" in capsys.readouterr().out
    assert run(site, "edit", "revoke", "李娜") == 0
    capsys.readouterr()
    assert run(site, "edit", "people") == 0
    assert "李娜" not in capsys.readouterr().out


@pytest.mark.slow
def test_a_form_that_is_not_built_yet_is_told_with_the_command_for_it(site: SmallSite, tmp_path: Path) -> None:
    left_out = shutil.ignore_patterns("__pycache__", "dist", "node_modules")
    shutil.copytree(REPOSITORY / "builder", tmp_path / "program" / "builder", ignore=left_out)
    command = [sys.executable, "-m", "builder", "edit", "--root", str(site.root), "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "program"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert "make forms" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (site.root / ".branchpress").exists()


def test_an_invitation_is_over_after_its_days(tmp_path: Path) -> None:
    times = [0.0]
    accounts = Accounts(tmp_path, lambda: times[-1])
    token = accounts.invite(Account("li", branches=("alpha",)), days=7)
    times.append(7 * DAY - 1)
    assert accounts.is_open(token)
    times.append(7 * DAY)
    assert not accounts.is_open(token)
    assert accounts.open_session(token) is None


def test_a_session_that_nobody_uses_is_over_after_thirty_days(tmp_path: Path) -> None:
    times = [0.0]
    accounts = Accounts(tmp_path, lambda: times[-1])
    secret = accounts.open_session(accounts.invite(Account("li")))
    assert secret is not None
    times.append(30 * DAY - 1)
    assert accounts.session(secret) is not None
    times.append(60 * DAY - 1)
    assert accounts.session(secret) is None


def test_a_bundle_counts_as_built_while_it_is_made_of_what_lies_beside_it(tmp_path: Path) -> None:
    import hashlib

    digest, folder = hashlib.sha256(), tmp_path / "builder/edit/forms"
    (folder / "dist").mkdir(parents=True)
    for name in forms.SOURCES:
        file = folder / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(name)
        digest.update(name.encode() + b"\0")
    assert not forms.is_built(folder)
    (folder / forms.DIGEST).write_text(digest.hexdigest())
    # A copy of the repository has other times.
    os.utime(folder / "package.json")
    assert forms.is_built(folder)
    (folder / "src/main.js").write_text("changed")
    assert not forms.is_built(folder)
