"""Help in the user's language: every text of the command line has its Chinese, and errors are sentences in it."""

from __future__ import annotations

import argparse
import contextlib
import io
import re
from collections.abc import Iterator

import pytest

from builder import __version__
from builder.cli.arguments import parser
from builder.cli.commands import main
from builder.cli.console import ask
from builder.cli.help import Parser, language_in, wrapped
from builder.messages.translation import translator

CHINESE = re.compile("[\u4e00-\u9fff]")


def parsers(one: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and those of its commands."""
    yield one
    for action in one._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                yield from parsers(each)


def texts(one: Parser) -> Iterator[tuple[str, str | None]]:
    """Every help text, by the command and what it is for; a command is told where it is listed."""
    for each in parsers(one):
        for action in each._actions:
            if isinstance(action, argparse._SubParsersAction):
                for choice in action._choices_actions:
                    yield f"{each.prog} {choice.dest}", choice.help
            else:
                yield f"{each.prog} {action.option_strings or action.dest}", action.help


def test_every_help_text_has_its_chinese() -> None:
    english, chinese = (dict(texts(parser(translator(language)))) for language in ("en", "zh"))
    assert english.keys() == chinese.keys()
    assert [where for where, text in english.items() if not text] == []
    assert [where for where, text in chinese.items() if text is None or not CHINESE.search(text)] == []
    assert [where for where, text in english.items() if CHINESE.search(text or "")] == []


def test_help_is_in_the_language_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit, match="0"):
        main(["publish", "--help"])
    said = capsys.readouterr().out
    assert said.startswith("用法：branchpress publish ")
    assert said.count("选项") == 1
    assert "positional" not in said
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    with pytest.raises(SystemExit, match="0"):
        main(["publish", "--help"])
    assert capsys.readouterr().out.startswith("usage: branchpress publish ")


def test_help_says_unit_since_it_knows_no_organization(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANGUAGE", "zh")
    with pytest.raises(SystemExit, match="0"):
        main(["build", "--help"])
    said = capsys.readouterr().out
    assert "单位" in said
    assert "支部" not in said


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:en"}, "zh"),
        ({"LANG": "zh_TW", "LC_ALL": ""}, "zh"),
    ],
)
def test_the_language_is_found_as_gettext_finds_it(environment: dict[str, str], language: str) -> None:
    assert language_in(environment) == language


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["bild"], "branchpress: COMMAND: 'bild' 不在可选范围内：'build'"),
        (["build", "--jobs"], "branchpress build: --jobs: 后面缺一个值"),
        (["build", "--jobs", "two"], "branchpress build: --jobs: 'two' 不是数字"),
        (["build", "--explain=yes"], "branchpress build: --explain: 它后面不跟值，却写了 'yes'"),
        (["build", "--e"], "--e 可能是其中任何一个"),
        (["next", "--nonsense"], "这里不认识：--nonsense"),
        (["import", "word"], "branchpress import word: 缺少：--to, FILE"),
    ],
)
def test_what_is_wrong_with_arguments_is_said_in_the_language(
    arguments: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANGUAGE", "zh")
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err


def test_what_has_no_sentence_is_said_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    for message in ("argument --a/-b: not so", "not so"):
        with pytest.raises(SystemExit, match="2"):
            Parser(prog="x", text=translator("zh")).error(message)
        assert capsys.readouterr().err.endswith(f"\nx: {message.removeprefix('argument ')}\n")


class _FromHere(contextlib._RedirectStream):
    """Has the standard input come from a stream, as contextlib does it for what is printed."""

    _stream = "stdin"


def test_a_question_is_seen_before_it_is_answered() -> None:
    screen = io.BytesIO()
    seen = list[str]()

    class Keyboard(io.StringIO):
        def isatty(self) -> bool:
            return True

        def readline(self, size: int = -1, /) -> str:
            seen.append(screen.getvalue().decode())
            return " an answer \n" if len(seen) == 1 else "\n"

    with contextlib.redirect_stderr(io.TextIOWrapper(screen, "utf-8")):
        with _FromHere(Keyboard()):
            assert [ask("Name?", "none"), ask("Name?", "none")] == ["an answer", "none"]
        with _FromHere(io.StringIO("an answer\n")):
            assert ask("Name?", "none") == "none", "nobody is there"
    assert seen == ["Name? ", "Name? Name? "]


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"branchpress {__version__}\n"


def test_lines_are_as_wide_as_the_terminal() -> None:
    assert wrapped("一二三四五，六七 eight nine", 10) == ["一二三四", "五，六七", "eight nine"]
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped(" one two ", 7) == ["one two"]
