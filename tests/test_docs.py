"""README and the pages in docs/: the same in both languages, with commands that there are and links that lead somewhere."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import REPOSITORY

from builder import __version__
from builder.cli.arguments import parser
from builder.messages.translation import translator

ENGLISH = (REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*[!N].md")))
PAIRS = tuple((page, page.with_name(f"{page.stem}.zh-CN.md")) for page in ENGLISH)
MORE = tuple(REPOSITORY / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"))
PAGES = (*(page for pair in PAIRS for page in pair), *MORE)
COMMANDS = parser(translator("en"))
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_PROGRAM = re.compile(r"(?:^|(?<!-u)[\s;&|/\\(\"'=])branchpress ([a-z][^\n`|;&#)]*)", re.MULTILINE)


def names(pages: tuple[Path, ...]) -> list[str]:
    return [page.relative_to(REPOSITORY).as_posix() for page in pages]


def prose(text: str) -> str:
    """A page without its blocks of code."""
    return _FENCE.sub("", text)


def headings(text: str) -> list[int]:
    return [len(mark) for mark in re.findall(r"^(#+) ", prose(text), re.MULTILINE)]


def blocks(text: str) -> list[tuple[str, list[str]]]:
    """Every block of code by its language: its lines, less comments and what is in another script or in quotation marks; of
    settings their keys; nothing but the number of lines of texts."""
    found = []
    for language, code in _FENCE.findall(text):
        lines = [re.sub(r"(^|\s)#(?!\w).*", "", line).rstrip() for line in code.splitlines()]
        if language in ("text", "markdown"):
            lines = [""] * len(lines)
        elif language == "yaml":
            lines = [" ".join(re.findall(r"[\w-]+(?=:(?: |$))", line)) for line in lines]
        found.append((language, [re.sub(r'"[^"]*"|[^\x00-\x7f]+', "…", " ".join(line.split())) for line in lines]))
    return found


def tables(text: str) -> list[list[int]]:
    """The columns of each row of each table."""
    found = re.findall(r"(?:^\|.*\|$\n?)+", prose(text), re.MULTILINE)
    return [[len(re.sub(r"\\\|", "", row).split("|")) for row in table.splitlines()] for table in found]


def calls(text: str) -> list[str]:
    """Every call of the program, in a block of code or in a line."""
    code = "\n".join(
        ["\n".join(code for _, code in _FENCE.findall(text)), *(f" {each}" for each in _CODE.findall(prose(text)))]
    )
    code = re.sub(r".*\buseradd\b.*", "", code)
    return [call.strip() for call in _PROGRAM.findall(code)]


def words_of(call: str) -> list[str]:
    """The words of a call, but for what is only an example."""
    return [word for word in shlex.split(call) if re.fullmatch(r"-{0,2}[a-z][a-z-]*(=.*)?", word)]


def children(one: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in one._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def unknown(call: str) -> Iterator[str]:
    """What of a call the program does not know: a command, or an option of it."""
    one: argparse.ArgumentParser = COMMANDS
    for place, word in enumerate(shlex.split(call)):
        if word.startswith("--"):
            if word.partition("=")[0] not in {name for action in one._actions for name in action.option_strings}:
                yield f"{one.prog} has no {word}"
        elif place == 0 or (place == 1 and children(one)):
            if word in children(one):
                one = children(one)[word]
            elif place == 0:
                yield f"there is no command {word}"


@pytest.mark.parametrize("pair", PAIRS, ids=names(ENGLISH))
def test_both_languages_say_the_same(pair: tuple[Path, Path]) -> None:
    english, chinese = (page.read_text("utf-8") for page in pair)
    assert headings(english) == headings(chinese)
    assert blocks(english) == blocks(chinese)
    assert tables(english) == tables(chinese)
    assert sorted(" ".join(words_of(call)) for call in calls(english)) == sorted(
        " ".join(words_of(call)) for call in calls(chinese)
    )


def test_every_page_has_both_languages() -> None:
    found = {page.name for page in (REPOSITORY / "docs").glob("*.md")}
    assert found == {page.name for pair in PAIRS[1:] for page in pair}
    for page, other in PAIRS:
        assert f"({other.name})" in page.read_text("utf-8").partition("\n## ")[0]
        assert f"({page.name})" in other.read_text("utf-8").partition("\n## ")[0]


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_command_is_one(page: Path) -> None:
    text = page.read_text("utf-8")
    assert [said for call in calls(text) for said in unknown(call)] == []
    targets = set(re.findall(r"^([a-z-]+):", (REPOSITORY / "Makefile").read_text("utf-8"), re.MULTILINE))
    code = [*(code for _, code in _FENCE.findall(text)), *_CODE.findall(prose(text))]
    assert {name for each in code for name in re.findall(r"^make ([a-z-]+)", each, re.MULTILINE)} <= targets


def test_the_tables_have_every_command() -> None:
    for page in PAIRS[0]:
        rows = re.findall(r"^\| (`branchpress .*?) \|", page.read_text("utf-8"), re.MULTILINE)
        told = {call.split()[0] for row in rows for call in calls(row)}
        assert told == set(children(COMMANDS)), page.name


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\((?!https?:)([^)\s]*)\)", prose(page.read_text("utf-8"))):
        path, _, anchor = target.partition("#")
        other = (page.parent / path).resolve() if path else page
        found = other.exists() and other.is_file()
        known = re.findall(r"^#+ (.+)$", other.read_text("utf-8").lower(), re.MULTILINE) if anchor and found else []
        if not other.exists() or (anchor and anchor not in known):
            broken.append(target)
    assert broken == []


def test_the_change_log_is_in_order() -> None:
    """Versions, newest first; in each what breaks, what is new and what is otherwise, every change once."""
    text = (REPOSITORY / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"^## (\d+)\.(\d+)\.(\d+)$", text, re.MULTILINE)
    assert versions == sorted(versions, key=lambda parts: [int(part) for part in parts], reverse=True)
    assert ".".join(versions[0]) == __version__
    assert set(re.findall(r"^## (.*)$", text, re.MULTILINE)) == {".".join(parts) for parts in versions}
    for part in text.split("\n## ")[1:]:
        groups = re.findall(r"^### (.*)$", part, re.MULTILINE)
        assert groups == [group for group in ("Breaking", "Added", "Changed") if group in groups]
        assert groups
    lines = text.partition("\n## ")[2].splitlines()[1:]
    assert [line for line in lines if line and not re.match(r"- \S|  \S|##", line)] == []
    assert [line for line in lines if "**Breaking" in line] == []
    changes = re.findall(r"^- (.{40})", text, re.MULTILINE)
    assert sorted(changes) == sorted(set(changes))
