"""``branchpress status``: what monitoring asks, as sentences, JSON and metrics, with a status that says whether to look."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from conftest import NOW, ORGANIZATION, TWO_BRANCHES, SmallSite

from builder import __version__
from builder.cli.commands import main

pytestmark = pytest.mark.slow

LATER = "2026-11-23T09:05:00+08:00"
BAD = "--- content/alpha/news/2026-11-22-bad.md\n---\ntitle: 坏\ndate: 2026-11-31\n---\n文\n"
SCHEDULED = "--- content/alpha/news/2026-12-01-later.md\n---\ntitle: 以后\n---\n文\n"


class Operator:
    """A site and commands as its operator types them."""

    def __init__(self, site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
        self.site, self.capsys = site, capsys

    def run(self, *words: str, now: str = NOW) -> int:
        self.capsys.readouterr()
        return main([*words, "--root", str(self.site.root), "--now", now])

    def status(self, *words: str, now: str = LATER) -> tuple[int, str]:
        """The exit status of ``status``, and what it prints."""
        status = self.run("status", *words, now=now)
        return status, self.capsys.readouterr().out


@pytest.fixture
def operator(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(site.write("--- publish.yml\nweb: {folder: www}\n"), capsys)


@pytest.mark.parametrize("form", ["text", "json", "prometheus"])
def test_without_a_build_nothing_can_be_told(form: str, operator: Operator) -> None:
    assert operator.status("--format", form) == (2, "")


def test_all_is_well_once_readers_see_the_last_build(operator: Operator) -> None:
    assert operator.run("build") == 0
    status, said = operator.status()
    assert status == 1
    assert "web：还没有发布过" in said
    assert operator.run("publish", "--no-ping") == 0
    status, said = operator.status()
    assert status == 0
    assert "2026年11月23日 09:00（5 分钟前），状态 0" in said
    assert "（刚刚）" in operator.status(now=NOW)[1]
    assert "第 1 次发布" in said
    assert "就是最新" in said


def test_what_is_held_needs_attention(operator: Operator) -> None:
    operator.site.write(BAD)
    assert operator.run("build") == 1
    operator.run("publish", "--no-ping")
    status, said = operator.status()
    assert status == 1
    assert "content/alpha/news/2026-11-22-bad.md:3" in said
    told = json.loads(operator.status("--format", "json")[1])
    assert (told["build"]["exit"], told["build"]["counts"]["missing"], told["good"]) == (1, 1, False)
    assert [problem["code"] for problem in told["build"]["problems"]] == ["date-invalid"]
    assert told["targets"][0]["current"] is True


def test_what_is_due_and_was_not_built_needs_attention(operator: Operator) -> None:
    operator.site.write(SCHEDULED)
    operator.run("build")
    operator.run("publish", "--no-ping")
    assert operator.status(now="2026-12-01T00:30:00+08:00")[0] == 0
    status, said = operator.status(now="2026-12-01T01:30:00+08:00")
    assert status == 1
    assert "已经过了" in said


def test_a_build_may_be_only_so_old(operator: Operator) -> None:
    operator.run("build")
    operator.run("publish", "--no-ping")
    assert operator.status("--max-age", "10")[0] == 0
    status, said = operator.status("--max-age", "4")
    assert status == 1
    assert "早该再次生成" in said


def test_an_unpublished_build_and_a_rollback_are_told(operator: Operator) -> None:
    operator.run("build")
    operator.run("publish", "--no-ping")
    operator.site.write(SCHEDULED.replace("2026-12-01", "2026-11-22"))
    operator.run("build")
    assert "不是最新" in operator.status()[1]
    operator.run("publish", "--no-ping", now=LATER)
    assert operator.status()[0] == 0
    operator.run("publish", "rollback", now=LATER)
    status, said = operator.status()
    assert status == 1
    assert "第 1 次发布" in said
    assert "不是最新" in said


def test_publishing_nothing_new_is_noted(operator: Operator) -> None:
    operator.run("build")
    operator.run("publish", "--no-ping")
    operator.run("publish", "--no-ping", now=LATER)
    (target,) = json.loads(operator.status("--format", "json")[1])["targets"]
    assert target == {
        "name": "web", "release": 1, "at": NOW, "age_seconds": 300, "checked": LATER, "current": True,
    }  # fmt: skip


def test_a_dry_run_notes_nothing(operator: Operator) -> None:
    operator.run("build")
    operator.run("publish", "--dry-run")
    assert json.loads(operator.status("--format", "json")[1])["targets"][0]["release"] is None


def test_metrics_are_in_the_format_of_prometheus(operator: Operator) -> None:
    operator.site.write(BAD + SCHEDULED)
    operator.run("build")
    operator.run("publish", "--no-ping")
    lines = operator.status("--format", "prometheus")[1].splitlines()
    sample = re.compile(r'([a-z_]+)(?:\{([a-z]+)="([^"\\\n]*)"\})? (\d+)')
    values: dict[tuple[str, str], int] = {}
    announced = ""
    for line in lines:
        if line.startswith("# TYPE "):
            _, _, announced, kind = line.split(" ")
            assert kind == "gauge"
        elif not line.startswith("# HELP "):
            match = sample.fullmatch(line)
            assert match is not None, line
            assert match[1] == announced
            values[match[1], match[3] or ""] = int(match[4])
    assert values["branchpress_info", __version__] == 1
    assert values["branchpress_good", ""] == 0
    assert values["branchpress_build_exit_status", ""] == 1
    assert values["branchpress_build_timestamp_seconds", ""] == int(datetime.fromisoformat(NOW).timestamp())
    assert values["branchpress_entries", "missing"] == 1
    assert values["branchpress_entries", "scheduled"] == 1
    assert values["branchpress_publish_current", "web"] == 1
    assert values["branchpress_publish_release", "web"] == 1
    due = int(datetime.fromisoformat("2026-12-01T00:00:00+08:00").timestamp())
    assert values["branchpress_next_due_timestamp_seconds", ""] == due


def test_a_note_that_was_changed_is_none(operator: Operator) -> None:
    operator.run("build")
    (note,) = (operator.site.root / ".branchpress").glob("*/built.json")
    note.write_bytes(note.read_bytes().replace(b'"exit":0', b'"exit":1'))
    assert operator.status()[0] == 2


def test_english_organizations_are_told_in_english(
    make_site: Callable[[str], SmallSite], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    site = make_site(ORGANIZATION.replace("short_name", "language: en\nshort_name") + TWO_BRANCHES)
    operator = Operator(site, capsys)
    operator.run("build")
    status, said = operator.status(now="2026-11-26T09:00:00+08:00")
    assert status == 0
    assert said.startswith("Last build: 23 November 2026 09:00 (3 days ago), status 0\n")
