"""Every problem that authors can be told of has a case: files, and the places and codes that they give.

A case is a text. ``--- path`` begins a file, spaces and other bytes of its name percent-encoded. After the path may stand
``encoding=NAME``, ``base64``, ``bytes=N`` (that many letters), ``fifo``, ``-> target`` (a symbolic link), ``deleted``,
``slow`` (its reading is given up), ``late`` (for its pictures there is hardly any time) or, for whatever a pattern finds,
``damaged``. ``=== then`` begins a second state of the same folder, and then both are built; ``=== upgraded`` asks what an
upgrade of the program changes. ``=== expected`` holds all problems as ``path:line:column code``. An organization is there
unless the case has its own, and a branch ``a`` likewise.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from conftest import NOW, SmallSite

from builder.audit.upgrade import upgrade_check
from builder.catalogue.reading import SiteSource, find_site
from builder.content import find_branches
from builder.content.workspace import UnusableError
from builder.messages.codes import CATALOGUE
from builder.messages.codes.changes import CHANGES
from builder.messages.formats import describe
from builder.messages.problems import Problem
from builder.messages.translation import translator

CASES = Path(__file__).parent / "cases" / "problems"
NAMES = sorted(file.stem for file in CASES.glob("*.txt"))
_HEAD = re.compile(r"^--- (\S+)(?: (.+))?$")
_ORGANIZATION = (
    "name: 示范\nurl: https://example.org/\nsections:\n  news: {title: 动态}\n  events: {title: 活动, type: event}\n"
)
_DEFAULTS = {"content/organization.yml": _ORGANIZATION, "content/a/branch.yml": "name: 甲支部\n"}


def lay(site: SmallSite, text: str) -> None:
    """Writes one state of a case."""
    path, option, lines = "", "", list[str]()

    def finish() -> None:
        if path:
            _write(site.root / path, option, "\n".join(lines))

    for line in text.split("\n"):
        match = _HEAD.match(line)
        if match is None:
            lines.append(line)
        else:
            finish()
            path, option, lines = unquote(match[1], errors="surrogateescape"), match[2] or "", []
    finish()


def _write(file: Path, option: str, text: str) -> None:
    if option == "damaged":
        for found in Path(file.anchor).glob(str(file.relative_to(file.anchor))):
            found.write_bytes(found.read_bytes()[:-9])
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    if option == "fifo":
        os.mkfifo(file)
    elif option == "deleted":
        file.unlink()
    elif option.startswith("-> "):
        file.symlink_to(option[3:])
    elif option.startswith("base64"):
        file.write_bytes(base64.b64decode(text))
    elif option.startswith("bytes="):
        file.write_bytes(b"x" * int(option[6:]))
    else:
        encoding = option.removeprefix("slow").removeprefix("encoding=") or "utf-8"
        file.write_bytes(text.encode(encoding))


def outcome(site: SmallSite, text: str) -> tuple[Problem, ...]:
    """The problems of a case."""
    states = text.split("=== then\n")
    own = {match[1] for line in states[0].split("\n") if (match := _HEAD.match(line)) is not None}
    for path, content in _DEFAULTS.items():
        if path not in own and not any(each.startswith("content/organization.yml/") for each in own):
            lay(site, f"--- {path}\n{content}")
    if any(path.startswith("theme/") for path in re.findall(r"^--- (\S+)", text, re.MULTILINE)):
        theme = site.root / "theme"
        source = theme.resolve()
        theme.unlink()
        theme.mkdir()
        for part in source.iterdir():
            if part.name != "home.html":
                (theme / part.name).symlink_to(part)
    slow = frozenset(match[1] for match in re.finditer(r"^--- (\S+) slow$", text, re.MULTILINE))
    if text.endswith("=== upgraded\n"):
        lay(site, text.removesuffix("=== upgraded\n"))
        return upgrade_check(site.root, datetime.fromisoformat(NOW)).problems
    if re.search(r"^--- (\S+) base64 late$", text, re.MULTILINE):
        lay(site, text)
        return site.build(picture_seconds=1e-9).problems
    return _problems(site, states, partial(_find_or_give_up, slow))


def _find_or_give_up(slow: Collection[str], *arguments: Any, note: Callable[[str], None], **named: Any) -> SiteSource:
    """Reads a site, but gives up at the sources that are slow."""

    def give_up(path: str) -> None:
        note(path)
        if path in slow:
            raise TimeoutError("took too long")

    return find_site(*arguments, note=give_up, **named)


def _problems(site: SmallSite, states: list[str], find: Callable[..., SiteSource]) -> tuple[Problem, ...]:
    problems: tuple[Problem, ...] = ()
    try:
        for number, state in enumerate(states):
            lay(site, state)
            problems = site.build().problems if len(states) > 1 else site.check(find=find)
            assert number < len(states)
    except UnusableError as error:
        problems = error.problems
    return problems


def told(problem: Problem) -> str:
    """A problem in one line: its place and code, what became of the text if anything did, and what its message is filled with."""
    effect = f" ({problem.effect})" if problem.effect != "none" else ""
    filled = f" {json.dumps(dict(problem.arguments), ensure_ascii=False, sort_keys=True)}" if problem.arguments else ""
    return f"{problem.path}:{problem.line or '-'}:{problem.column or '-'} {problem.code}{effect}{filled}"


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str, make_site: Callable[[str], SmallSite]) -> None:
    """All that is wrong is found at its place, in its branch, and can be told in both languages."""
    given, _, expected = (CASES / f"{name}.txt").read_text("utf-8").partition("=== expected\n")
    site = make_site("--- mkdocs.yml\n")
    problems = outcome(site, given)
    branches = find_branches(site.root).slugs
    assert [told(each) for each in problems] == expected.split("\n")[:-1]
    assert any(each.code == name for each in problems)
    for problem in problems:
        assert problem.severity == CATALOGUE[problem.code].severity
        folder = problem.path.split("/")[1] if problem.path.startswith("content/") else ""
        assert problem.branch == (folder if folder in branches else ""), problem
        chinese, english = describe(problem, translator("zh")), describe(problem, translator("en"))
        said = repr(problem.arguments)  # A hint may name the placeholders of an address.
        assert all(part and all(it in said for it in re.findall(r"\{\w*\}", part)) for part in (*chinese, *english))
        assert all(one != other for one, other in zip(chinese, english, strict=True))


def test_every_code_has_a_case() -> None:
    """What a change is refused for takes a repository: tests/test_owners_check.py has those cases."""
    assert sorted(CATALOGUE.keys() - {code.name for code in CHANGES}) == NAMES
