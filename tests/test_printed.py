"""What is printed speaks to people and programs, never to the terminal, the log or the spreadsheet that shows it."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from pathlib import Path

import pytest
from conftest import NOW, SmallSite
from preview_session import served

from builder.cli.commands import main
from builder.formats.table import csv_table

SIGNS = "a\x1b]0;x\x07\n::error::x\u202e\x9b"
"""A terminal's command, a log's command, a change of direction, and C1."""
SPOKEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def hostile(site: SmallSite) -> SmallSite:
    """Names and values of every kind with these signs in them."""
    quoted = json.dumps(SIGNS)
    (site.root / "content/alpha" / f"{SIGNS}.yml").write_text("x: 1\n")
    (site.root / "content/alpha" / SIGNS).mkdir()
    (site.root / "content/alpha" / SIGNS / "x.zip").write_text("x")
    return site.write(
        f"--- content/alpha/news/2026-11-22-x.md\n---\ntitle: 题\n{quoted}: 1\nauthor: {quoted}\ntopics: [{quoted}]\n"
        f"attachments: [{quoted}]\nmoved_from: {quoted}\n---\n[看]({'x' * 3}%1b.md) <img src='&#27;]0;x&#7;.png'>\n"
        f"--- content/beta/branch.yml\nname: {quoted}\nparent: {quoted}\naccept: [{quoted}]\n"
    )


@pytest.mark.parametrize("command", ["check", "audit"])
@pytest.mark.parametrize("form", ["text", "json", "github", "sarif", "csv"])
def test_reports_hold_no_signs(hostile: SmallSite, command: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    if (command, form) in (("check", "csv"), ("audit", "github")):
        return
    main([command, "--root", str(hostile.root), "--now", NOW, "--format", form])
    said = capsys.readouterr()
    for printed in (said.out.replace("\r\n", "\n").removeprefix("\ufeff"), said.err):
        assert not SPOKEN.search(printed)
        assert not re.search(r"^::(?!error |warning |notice )", printed, re.MULTILINE)
    if form in ("json", "sarif"):
        json.loads(said.out)
    if form == "csv":
        rows = list(csv.reader(io.StringIO(said.out.removeprefix("\ufeff"))))
        assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t\r＝＋－＠")]


def test_build_prints_none(hostile: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    main(["build", "--root", str(hostile.root), "--now", NOW, "--executor", "serial"])
    said = capsys.readouterr()
    for printed in (said.out, said.err):
        assert not SPOKEN.search(printed)
        assert "\n::error::x" not in printed


@pytest.mark.slow
def test_serve_prints_none(hostile: SmallSite) -> None:
    with served(hostile) as preview:
        preview.state()
        printed = "".join(preview.lines)
    assert not SPOKEN.search(printed)
    assert "\n::error::x" not in printed


def test_feeds_lists_and_calendars_hold_none(site: SmallSite) -> None:
    quoted = json.dumps(SIGNS.replace("\n", "\r\nATTACH:http://x.example/\r\n"))
    site.write(
        f"--- content/alpha/events/2026-11-25-x.md\n---\ntitle: {quoted}\nlocation: {quoted}\nsummary: {quoted}\n"
        "starts: 2026-11-25 09:00\n---\n文。\n"
        f"--- content/beta/branch.yml\nname: {quoted}\nparent: alpha\n"
    )
    site.build()
    made = {
        path: content.decode() for path, content in site.files().items() if path.endswith((".opml", ".ics", ".xml"))
    }
    assert {Path(path).suffix for path in made} == {".opml", ".ics", ".xml"}
    for path, content in made.items():
        # In a title a change of direction may be meant; readers contain it.
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", content), path
        assert not re.search(r"^ATTACH:", content, re.MULTILINE), path


@pytest.mark.parametrize("sign", list("=+-@＝＋－＠﹦﹢﹣﹫"))
def test_no_text_of_a_table_is_a_formula(sign: str) -> None:
    texts = [before + sign + "cmd|' /C calc'!A0" for before in ("", " ", "\u3000", "\u00a0 ")]
    (cells,) = csv.reader(io.StringIO(csv_table([texts]).decode("utf-8-sig"), newline=""))
    assert cells == [f"'{text}" for text in texts]
    assert csv_table([["\tx", "a=b", -1]]) == b"\xef\xbb\xbf'\tx,a=b,-1\r\n"


@pytest.mark.parametrize(
    "revision", ["--upload-pack=touch x", "--output=written", "-x", "--all", "HEAD --output=written", ""]
)
def test_git_takes_no_revision_for_an_option(
    site: SmallSite, revision: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=x", "-c", "user.email=x@x", "commit", "-qm", "x"]):
        subprocess.run(["git", "-C", str(site.root), *command], check=True)
    before = sorted(each.name for each in site.root.iterdir())
    status = main(["audit", "--root", str(site.root), "--now", NOW, f"--since={revision}"])
    said = capsys.readouterr().err
    assert status == 2 or not revision
    assert "Traceback" not in said
    assert sorted(each.name for each in site.root.iterdir()) == before
