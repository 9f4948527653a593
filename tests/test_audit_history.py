"""Audits ask the history of the repository: what is new since a revision, what is gone, what is dated long before."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from conftest import NOW, SmallSite
from test_audit_links import SITE

from builder.audit.breach import Breach
from builder.audit.external import external_breaches
from builder.audit.history import HistoryError, changes_since
from builder.audit.run import Audit, Inventory, audit
from builder.cli.commands import main
from builder.model.values import Organization
from builder.workers import SerialExecutor


def git(site: SmallSite, *arguments: str, when: str = "2026-11-01T12:00:00+08:00") -> None:
    """Runs Git in a site, as somebody at some time."""
    names = {f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
    subprocess.run(["git", "-C", str(site.root), *arguments], check=True, capture_output=True, env=names | dates)


def kept(site: SmallSite, when: str) -> None:
    """Commits everything."""
    git(site, "add", "content", "mkdocs.yml")
    git(site, "commit", "-qm", "x", when=when)


def test_since_a_revision_it_says_what_is_new_and_what_is_gone(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE).write("--- content/alpha/news/2026-11-20-a.md\n---\ntitle: 一\nauthor: 某\n---\n正文。\n")
    git(site, "init", "-q", "-b", "main")
    kept(site, "2026-11-21T12:00:00+08:00")
    site.write("--- content/alpha/news/2026-11-20-a.md\n---\ntitle: 一\nauthor: 某\nsummary: 有了。\n---\n正文。\n")
    site.write("--- content/beta/news/2026-11-22-c.md\n---\ntitle: 三\nsummary: 三。\n---\n正文。\n")
    with SerialExecutor() as executor:
        now = audit(site.root, datetime.fromisoformat(NOW), executor)
        changes = changes_since(site.root, "HEAD", now, executor)
    assert [(one.code, one.path) for one in changes.gone] == [("summary-missing", "content/alpha/news/2026-11-20-a.md")]
    assert [(one.code, one.path) for one in changes.new] == [("source-missing", "content/beta/news/2026-11-22-c.md")]
    assert changes.then.isoformat() == "2026-11-21T12:00:00+08:00"


def test_what_only_the_present_was_asked_about_is_not_called_new(make_site: Callable[[str], SmallSite]) -> None:
    """Nobody asks other hosts about links of long ago."""
    site = make_site(SITE).write(
        "--- content/alpha/news/2026-11-22-x.md\n---\ntitle: 外\nauthor: 某\nsummary: 外。\n---\n[外](https://gone.example/)\n"
    )
    git(site, "init", "-q", "-b", "main")
    kept(site, "2026-11-22T12:00:00+08:00")
    moment = datetime.fromisoformat(NOW)

    def look(inventory: Inventory) -> Iterator[Breach]:
        return external_breaches(inventory, None, moment, asks=lambda _: (404, "HTTP 404"))

    with SerialExecutor() as executor:
        now = audit(site.root, moment, executor, more=[look])
        changes = changes_since(site.root, "HEAD", now, executor)
    assert "external-dead" in {one.code for one in now.findings}
    assert (changes.new, changes.gone) == ((), ())


def test_what_became_stale_by_time_alone_is_new_too(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    git(site, "init", "-q", "-b", "main")
    kept(site, "2026-11-23T12:00:00+08:00")
    with SerialExecutor() as executor:
        now = audit(site.root, datetime.fromisoformat("2027-03-01T09:00+08:00"), executor)
        changes = changes_since(site.root, "HEAD", now, executor)
        early = audit(site.root, datetime.fromisoformat("2026-11-22T09:00+08:00"), executor)
        backwards = changes_since(site.root, "HEAD", early, executor)
    assert {one.branch for one in changes.new if one.code == "site-asleep"} == {"alpha", "beta"}
    assert backwards.then == early.now, "a revision that is later than the audit is audited as of then, too"


def test_a_date_long_before_the_file_came_in_is_advice(make_site: Callable[[str], SmallSite]) -> None:
    site = make_site(SITE)
    git(site, "init", "-q", "-b", "main")
    kept(site, "2026-11-21T12:00:00+08:00")
    site.write("--- content/beta/news/2026-06-01-old.md\n---\ntitle: 旧\n---\n正文。\n")
    site.write("--- content/beta/news/2026-11-01-new.md\n---\ntitle: 新\n---\n正文。\n")
    site.write("--- content/beta/news/2026-06-02-again.md\n---\ntitle: 又\n---\n正文。\n")
    git(site, "mv", "content/alpha/news/2026-11-20-a.md", "content/alpha/news/2026-01-20-moved.md")
    kept(site, "2026-11-22T12:00:00+08:00")
    # What came in twice came in the first time, whatever the clock of who brought it said.
    for name, when in (
        ("2026-06-01-old", "2026-11-23T08:00:00+08:00"),
        ("2026-06-02-again", "2026-11-21T13:00:00+08:00"),
    ):
        git(site, "rm", "-q", "--cached", f"content/beta/news/{name}.md")
        git(site, "commit", "-qm", "x", when=when)
        kept(site, when)
    command = ["audit", "--root", str(site.root), "--now", NOW, "--format", "json", "--jobs", "1", "--since", "HEAD~5"]
    text = run(command)
    rows = [one for one in json.loads(text)["findings"] if one["rule"] == "date-before-history"]
    assert [(one["path"], one["severity"], one["measure"]) for one in rows] == [
        ("content/beta/news/2026-06-01-old.md", "advice", 174),
        ("content/beta/news/2026-06-02-again.md", "advice", 172),
    ]


@pytest.mark.parametrize(
    ("said", "reason"), [("warning: a\nfatal: b", "fatal: b"), ("", "git show"), (None, "Permission denied")]
)
def test_the_last_thing_that_git_says_is_why_a_history_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str | None, reason: str
) -> None:
    """It finds the revision here, and then nothing more; or it cannot even be called."""
    program = tmp_path / "git"
    program.write_text(f"#!/bin/sh\ncase $* in *rev-parse*) exit 0;; esac\nprintf '{said}' >&2\nexit 1\n")
    program.chmod(0o755 if said is not None else 0o644)
    monkeypatch.setenv("PATH", str(tmp_path))
    organization = Organization(name="O", url="https://example.org/", authority="example.org")
    now = Audit(datetime.fromisoformat(NOW), organization, (), (), {}, {}, (), looked=False)
    with pytest.raises(HistoryError, match=reason), SerialExecutor() as executor:
        changes_since(tmp_path, "HEAD", now, executor)


def run(command: list[str]) -> str:
    """What a command prints."""
    import io

    with contextlib.redirect_stdout(io.StringIO()) as out:
        main(command)
    return out.getvalue()


def test_without_a_history_one_sentence_says_so(
    make_site: Callable[[str], SmallSite], capsys: pytest.CaptureFixture[str]
) -> None:
    site = make_site(SITE)
    command = ["audit", "--root", str(site.root), "--now", NOW, "--jobs", "1", "--since"]
    assert main([*command, "HEAD"]) == 2
    git(site, "init", "-q", "-b", "main")
    kept(site, "2026-11-21T12:00:00+08:00")
    assert main([*command, "no-such-thing"]) == 2
    said = capsys.readouterr().err
    assert "不在 Git 仓库里，没有历史可查。" in said
    assert "仓库的历史里没有“no-such-thing”这个版本。" in said
