"""The parser of the command line speaks the user's language: help, usage, and what is wrong with the arguments."""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any, NoReturn

from builder.messages.translation import N_, Translator

_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_ERRORS = (
    (r"the following arguments are required: (?P<names>.+)", N_("missing: {names}")),
    (r"unrecognized arguments: (?P<names>.+)", N_("not known here: {names}")),
    (r"invalid choice: (?P<value>.+) \(choose from (?P<choices>.+)\)", N_("{value} is none of these: {choices}")),
    (r"expected (?:one|at least one) argument(?P<rest>)", N_("a value is missing after it")),
    (r"invalid \w+ value: (?P<value>.+)", N_("{value} is not a number")),
    (r"ambiguous option: (?P<value>.+) could match (?P<choices>.+)", N_("{value} may mean any of these: {choices}")),
    (r"ignored explicit argument (?P<value>.+)", N_("it takes no value, but {value} was given")),
)
"""The sentences of argparse, which has no catalogues, and ours."""


def language_in(environment: Mapping[str, str]) -> str:
    """Returns the language that the environment asks for, by the rules of gettext: ``zh``, or ``en`` for every other one."""
    wanted = next((environment[name] for name in _VARIABLES if environment.get(name)), "")
    return "zh" if wanted.lower().startswith("zh") else "en"


_HEADINGS = {"positional arguments": N_("arguments"), "options": N_("options")}
"""The headings of argparse, by which it also puts arguments of several parsers together, and ours."""


class Parser(argparse.ArgumentParser):
    """A parser that speaks the language of ``text``, as do those of its commands."""

    def __init__(self, *, text: Translator, add_help: bool = True, **settings: Any) -> None:
        super().__init__(add_help=False, formatter_class=partial(_Formatter, text=text), **settings)
        self._text = text
        if add_help:
            self.add_argument("-h", "--help", action="help", help=text.gettext("show this help and exit"))

    def add_subparsers(self, **settings: Any) -> Any:
        """Adds a place for commands, whose parsers are like this one."""
        settings["parser_class"] = partial(Parser, text=self._text)
        return super().add_subparsers(**settings)

    def error(self, message: str) -> NoReturn:
        """Says what is wrong with the arguments, and ends with 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {self._said(message)}\n")

    def _said(self, message: str) -> str:
        place, rest = "", message
        if found := re.match(r"argument (.+?): (.+)", message, re.DOTALL):
            place, rest = f"{found[1]}: ", found[2]
        for pattern, sentence in _ERRORS:
            if match := re.fullmatch(pattern, rest, re.DOTALL):
                return place + self._text.gettext(sentence, **match.groupdict())
        return place + rest


class _Formatter(argparse.HelpFormatter):
    """Help in lines of the terminal's width, in which a Chinese character takes two columns and may end a line."""

    def __init__(self, prog: str, *, text: Translator) -> None:
        super().__init__(prog)
        self._text = text

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, self._text.gettext("usage: ") if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section(self._text.gettext(_HEADINGS.get(heading or "", heading or "")))

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in wrapped(text, width - len(indent)))


def wrapped(text: str, width: int) -> list[str]:
    """Returns a text in lines of at most ``width`` columns, broken between words and after Chinese characters."""
    lines, line = [], ""
    for word in re.findall(r"[⺀-鿿＀-￯][，。；：、）”》]*|\s+|[^\s⺀-鿿＀-￯]+[，。；：、）”》]*", text):
        if line and _columns(line + word.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += word if line or word.strip() else ""
    return [*lines, line.rstrip()]


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
