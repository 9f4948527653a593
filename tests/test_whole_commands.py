"""What the commands understand and say, word for word: every option with what holds without it, the help in both languages, and
a day of an operator who tries everything, also what cannot be done.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import argparse
import io
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout

import pytest
from conftest import ORGANIZATION, SmallSite
from test_help import parsers
from test_whole_site import compare

from builder import __version__
from builder.cli.arguments import parser
from builder.cli.commands import main
from builder.messages.translation import translator


def understood(one: argparse.ArgumentParser) -> Iterator[str]:
    """What a parser understands, and what holds without it."""
    yield f"{dict(sorted(one._defaults.items()))}"
    for action in one._actions:
        names = " ".join(action.option_strings) or action.dest
        if isinstance(action, argparse._SubParsersAction):
            yield f"{names}: {' '.join(action.choices)} required={action.required}"
            continue
        kind = getattr(action.type, "__name__", action.type)
        yield (
            f"{names}: {type(action).__name__} to={action.dest} default={action.default!r} type={kind} nargs={action.nargs} "
            f"choices={action.choices} required={action.required} shown={action.metavar}"
        )


def test_commands_understand_what_they_always_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    found: dict[str, str] = {}
    for language in ("en", "zh"):
        for one in parsers(parser(translator(language))):
            # How the usage is broken into lines is another matter in each version of Python.
            _, _, rest = one.format_help().partition("\n\n")
            found[f"{one.prog} {language}"] = rest
            found[one.prog] = "\n".join(understood(one))
    compare("options", found)


SETTINGS = """
--- content/alpha/news/2026-11-22-bad.md
---
title: [坏
---
文
--- content/alpha/news/2026-12-01-later.md
---
title: 以后
---
文
--- content/alpha/notices/2026-11-20-closed.md
---
title: 闭馆
expires: 2026-11-30
tag: x
---
文
--- table.csv
姓名,职务
李娜,书记
--- events.csv
活动,时间
讲座,2026-12-01 09:00
"""
MAILS = "from: a@example.org\noperator: b@example.org\nsmtp: {host: 127.0.0.1, port: 9, security: none}"
Edit = Callable[[SmallSite], object]
EDITS: Mapping[str, Edit] = {
    "publish.yml": lambda site: site.write(
        "--- publish.yml\nweb: {folder: www, keep: 2}\nother: {folder: pub}\n"
    ),
    "publish.yml broken": lambda site: site.write("--- publish.yml\nweb: [\n"),
    "publish.yml nowhere": lambda site: site.write("--- publish.yml\nweb: {folder: table.csv}\n"),
    "digest.yml": lambda site: site.write(f"--- digest.yml\n{MAILS}\n"),
    "digest.yml broken": lambda site: site.write("--- digest.yml\nfrom: [\n"),
    "digest.yml empty": lambda site: site.write("--- digest.yml\noperator: b@example.org\n"),
    "a new text": lambda site: site.write("--- content/beta/news/2026-11-22-new.md\n---\ntitle: 新\n---\n文\n"),
    "all is mended": lambda site: site.delete(
        "content/alpha/news/2026-11-22-bad.md", "content/alpha/notices/2026-11-20-closed.md"
    ),
    "the output is not as it was": lambda site: (site.output / "alpha/index.html").write_text("x", "utf-8"),
    "many are gone": lambda site: site.delete("content/beta"),
    "members": lambda site: site.write("--- members.yml\nteam: [li]\n"),
    "members broken": lambda site: site.write("--- members.yml\nteam: [\n"),
    "no organization": lambda site: (site.root / "content/organization.yml").rename(site.root / "organization.yml"),
    "organization": lambda site: (site.root / "organization.yml").rename(site.root / "content/organization.yml"),
    "something in the way": lambda site: [
        site.write("--- publish.yml\nbad: {git: x.git}\n"),
        *((each / "bad.git").write_text("x") for each in (site.root / ".branchpress").glob("*/published")),
    ],
    "digest.yml with groups": lambda site: site.write(
        "--- digest.yml\ngroups:\n  all: {kind: wecom, url_env: A}\n  one: {kind: dingtalk, url_env: B, branch: zeta}\n"
    ),
    "many are wrong": lambda site: [
        site.write(f"--- content/zeta/news/2026-11-22-{number}.md\n---\ntitle: x\ndate: 2026-11-31\n---\nx\n")
        for number in range(10, 22)
    ] + [site.write("--- content/none/branch.yml\nname: [x\n--- page.html\n<p>x<img src='b.png'><img src='a%00.png'>\n")],
    "websub": lambda site: site.write(ORGANIZATION.replace("health:", "feeds: {websub: ['http://127.0.0.1:9/']}\nhealth:")),
}  # fmt: skip
DAY = """
status
status --format json
publish
publish history
digest
digest --dry-run
ping
next
check
check --strict
check --verbose --format json
check content/beta
check content/beta content/alpha/news
check content/nothing
check /
audit nothing
build nothing
build --executor nothing:there
build --executor os:nothing
build --executor nothing
build --executor dask:nowhere
build --jobs 0
build --jobs -1
build --deadline -1
build --deadline inf
build --deadline nan
build --memory -1
build --now nonsense
build --root nowhere
build --output table.csv
build --report .
build --report nowhere/report.json
build --explain alpha
build --explain
build --explain
build --strict
build --verbose
# a new text
build --explain
status
status --max-age 0
status --max-age 10 --now 2026-11-23T09:10:00+08:00
status --max-age 10 --now 2026-11-23T09:10:01+08:00
status --format json --max-age 10 --now 2026-11-23T09:10:01+08:00
status --now 2026-11-23T08:00:00+08:00
status --now 2026-11-23T09:00:59+08:00
status --now 2026-11-23T09:01:00+08:00
status --now 2026-11-23T10:29:59+08:00
status --now 2026-11-23T10:30:00+08:00
status --now 2026-11-25T08:59:59+08:00
status --now 2026-11-25T09:00:00+08:00
status --now 2026-12-01T01:00:00+08:00
status --now 2026-12-01T01:00:01+08:00
status --format json --now 2026-12-01T01:00:01+08:00
publish
# publish.yml broken
publish
# publish.yml nowhere
publish
# publish.yml
status
publish nothing
publish rollback
publish rollback web
publish history
publish web --dry-run
publish web
publish web
publish history web
status --format json
status --format prometheus
# all is mended
build --report report.json
build alpha alpha
publish
publish history
publish rollback 1 web
publish rollback web
publish rollback 9 web
publish rollback 1 web other
publish history web
status
# the output is not as it was
publish web --dry-run
publish
build
# many are gone
build --strict
build
build --allow-deletions
publish web
publish --allow-deletions --no-ping web
publish history web
status
next
next --now 2026-12-02T09:00:00+08:00
digest
# digest.yml broken
digest
# digest.yml empty
digest
# digest.yml
digest --dry-run
digest --dry-run --eml mails
# members
digest --dry-run --members members.yml
# members broken
digest --dry-run --members members.yml
digest --dry-run --members nothing.yml
digest
ping
# websub
ping --state elsewhere
owners
owners --for github
owners check HEAD --as li
owners check ..HEAD --as li
owners check HEAD..HEAD --as ,
owners check HEAD..HEAD --as li
owners hook --admin wang
owners hook --members members.yml
# members
owners hook --admin wang --admin li --members members.yml
schema article
schema nothing
upgrade-check
upgrade-check --from 0.1
upgrade-check --from 9.9
upgrade-check --format json
upgrade-check --format gitlab
upgrade-check --format github
upgrade-check --format sarif
wechat alpha/news/2026-11-20-visit
wechat alpha/news/nothing
wechat alpha
new branch
new branch Big
new branch alpha
new branch zeta Zeta
new entry alpha/news
new entry alpha
new entry alpha/news/x Title
new entry nothing/news Title
new entry alpha/news Title
new entry alpha/news Title
new guide
new guide
new guide --lang en
new theme
import word --to alpha/news nothing.docx
import sheet --to alpha/news table.csv
import sheet --to alpha/news table.csv
import sheet --to alpha/nothing table.csv
import sheet --to alpha/news --date nonsense table.csv
import sheet --to alpha/news --date 2026-11-01 --publish table.csv
import sheet --to alpha/news --deadline -1 table.csv
import sheet --as events --to alpha/events events.csv
import sheet --as events --to alpha/events events.csv
import sheet --as attachments --to alpha/notices events.csv
import html --to alpha/news table.csv
import word --to alpha/news table.csv
edit config
edit invite li --days 366
edit people
# no organization
build
status
check
schema article
owners --for gitlab
new entry alpha/news Title
# organization
build --executor serial --clean --allow-deletions
publish web --output nowhere --state nowhere
# something in the way
publish bad
# digest.yml with groups
digest --dry-run --eml mails
# many are wrong
build
next
status
wechat /
import html --to alpha/news page.html
"""
BUILDS = ("check", "audit", "next", "build", "digest", "upgrade-check")
"""Commands that would have workers; here they work in this process, or have one."""
NOW = "2026-11-23T09:00:00+08:00"


def said(site: SmallSite) -> Iterator[tuple[str, str]]:
    """What commands say one after the other, with their exit status."""
    for number, line in enumerate(DAY.strip().splitlines()):
        if line.startswith("# "):
            EDITS[line[2:]](site)
            continue
        words = shlex.split(line)
        own = [] if "--now" in words or (words[0] in ("new", "import") and "guide" in words) else ["--now", NOW]
        if words[0] == "build" and "--executor" not in words:
            own += ["--executor", "serial"]
        if "--root" not in words:
            own += ["--root", "."]
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            try:
                status = main([*words, *own])
            except SystemExit as leaving:
                status = int(str(leaving.code))
                # Usage is another matter in each version of Python.
                err = io.StringIO("".join(err.getvalue().splitlines(keepends=True)[-1:]))
        text = f"status {status}\n{out.getvalue()}\n{err.getvalue()}"
        yield (
            f"{number} {line}",
            re.sub(r"(?<=\.branchpress/)[0-9a-f]{16}", "KEY", text.replace(str(site.root.resolve()), "ROOT")),
        )


@pytest.mark.slow
def test_commands_say_in_a_day_what_they_always_said(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.write(SETTINGS).root)
    monkeypatch.setenv("LANGUAGE", "en")
    hidden = {__version__: "VERSION", sys.executable: "PYTHON"}
    found = dict(said(site))
    for word, name in hidden.items():
        found = {line: text.replace(word, name) for line, text in found.items()}
    compare("day", found)
