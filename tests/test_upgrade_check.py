"""``branchpress upgrade-check``: what an upgrade changes for content and settings, found before it is published."""

from __future__ import annotations

import json
import re

import pytest
from conftest import NOW, REPOSITORY, SmallSite

from builder import __version__
from builder.audit.upgrade import FORMATS, format_of
from builder.cli.commands import main
from builder.model.version import CONTENT_FORMAT

OLD = """
--- content/organization.yml
name: 示范
url: https://example.org/
sections: {news: 动态, notices: {title: 通知, type: notice}}
redirects: {/old/: nobody/news/nothing}
--- content/alpha/branch.yml
name: 甲支部
--- content/alpha/news/2026-11-20-a.md
---
title: 一
attachments: [tool.exe]
---
文
--- content/alpha/news/tool.exe
MZ
--- content/alpha/search.md
# 查
文
"""


def run(site: SmallSite, *options: str) -> int:
    return main(["upgrade-check", "--root", str(site.root), "--now", NOW, *options])


@pytest.fixture
def old(site: SmallSite) -> SmallSite:
    return site.write(OLD)


def codes(printed: str) -> list[str]:
    return re.findall(r"\[([a-z-]+)\]", printed)


def test_content_without_a_format_is_compared_with_the_first(
    old: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(old) == 1
    printed = capsys.readouterr()
    # Of what check tells, only what was published before.
    assert sorted(codes(printed.out)) == [
        "file-type-refused", "name-reserved", "redirect-unknown", "upgrade-health", "upgrade-terms",
    ]  # fmt: skip
    assert "nginx-maps.conf" in printed.err
    assert run(old, "--format", "json") == 1
    assert len(json.loads(capsys.readouterr().out)["problems"]) == 5


@pytest.mark.slow
def test_content_of_this_format_has_nothing_to_compare(old: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    file = old.root / "content/organization.yml"
    file.write_text(f"format: {CONTENT_FORMAT}\n{file.read_text('utf-8')}", "utf-8")
    assert run(old) == 0
    assert capsys.readouterr().out == ""
    # Whoever wants to know it nevertheless says since when.
    assert run(old, "--from", "0.1.0") == 1
    assert run(old, "--from", "0.2") == 0
    assert run(old, "--from", "7.1") == 2


def test_content_that_is_read_as_before_gets_its_format(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(site) == 0
    assert f"format: {CONTENT_FORMAT}" in capsys.readouterr().err


def test_a_newer_format_changes_nothing(built_site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    before = built_site.files()
    file = built_site.root / "content/organization.yml"
    file.write_text(f"format: {CONTENT_FORMAT + 1}\n{file.read_text('utf-8')}", "utf-8")
    assert main(["build", "--root", str(built_site.root), "--now", NOW, "--executor", "serial"]) == 2
    assert "format-newer" in capsys.readouterr().err
    assert built_site.files() == before


def test_the_demo_has_the_present_format() -> None:
    text = (REPOSITORY / "content/organization.yml").read_text("utf-8")
    assert f"\nformat: {CONTENT_FORMAT}\n" in text


def test_every_version_of_the_change_log_has_a_format() -> None:
    assert format_of(__version__) == CONTENT_FORMAT
    log = (REPOSITORY / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## (\d+\.\d+)\.\d+", log, re.MULTILINE)
    assert versions
    assert set(versions) <= set(FORMATS)
