"""Reading costs no more than in proportion to the size: whatever a file holds, twice of it takes about twice as long."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

import pytest

from builder.content.decoding import escaped_control, read_settings, without_references
from builder.content.front_matter import says_draft
from builder.content.markdown.body import Body
from builder.content.schema.kinds import BRANCH, ENTRIES
from builder.content.schema.types import ReadContext
from builder.content.source import read_source

pytestmark = pytest.mark.slow


def growing(size: int, unit: str, end: str) -> str:
    """Rows of one sign each, every row longer than the one before."""
    return "".join(unit * length + end for length in range(1, int((2 * size / len(unit)) ** 0.5)))


SHAPES: dict[str, Callable[[int], str]] = {
    "blanks in a line": lambda n: "a" + " " * n + "b",
    "empty lines": lambda n: "\n" * n + "x",
    "dashes": lambda n: "- " * (n // 2),
    "open brackets": lambda n: "[" * n,
    "lists that stay open": lambda n: "- [b\n" * (n // 5),
    "lists in lists that stay open": lambda n: "a: [b\n" + " c: [d\n" * (n // 7),
    "quotes that stay open": lambda n: 'a: "b\n' + ' c: "d\n' * (n // 7),
    "comments": lambda n: "a" + "  " * (n // 4) + " #b" * (n // 6),
    "rows of backticks": lambda n: growing(n, "`", " "),
    "prefixes": lambda n: growing(n, "> ", "\n"),
    "a word and blanks": lambda n: "draft" + " " * n + "x",
    "references": lambda n: "&#1;" * (n // 4),
    "points and digits": lambda n: ".1" * (n // 2) + "x",
    "combining marks": lambda n: "e" + "\u0301" * n,
}


def in_line(text: str) -> str:
    return "".join(sign for sign in text.replace("\n", " ") if sign not in '"\\')


def read_entry(folder: Path, text: str) -> None:
    file = folder / "2026-11-20-a.md"
    file.write_text(text, "utf-8")
    read_source(file, "content/a", ENTRIES["article"], UTC)


def read_letter(folder: Path, text: str) -> None:
    file = folder / "2026-11-20-a.yml"
    file.write_text(text, "utf-8")
    read_source(file, "content/a", ENTRIES["letter"], UTC, only_yaml=True)


def read_branch_yml(folder: Path, text: str) -> None:
    file = folder / "branch.yml"
    file.write_text(text, "utf-8")
    node, _ = read_settings(file, folder)
    if node is not None:
        BRANCH.read(node, "", ReadContext(UTC, "content/a"))


READERS: dict[str, Callable[[Path, str], object]] = {
    "a text without a head": read_entry,
    "a head": lambda folder, text: read_entry(folder, f"---\n{text}\n---\n文\n"),
    "a head that is broken": lambda folder, text: read_entry(folder, f"---\nt: [\n{text}\n---\n"),
    "a head in TOML": lambda folder, text: read_entry(folder, f"+++\n{text}\n+++\n"),
    "a head of JSON": lambda folder, text: read_entry(folder, f'{{"title": "甲",\n{text}\n}}\n文\n'),
    "a title": lambda folder, text: read_entry(folder, f'---\ntitle: "{in_line(text)}"\n---\n'),
    "a key": lambda folder, text: read_entry(folder, f'---\n? "{in_line(text)}"\n: 1\n---\n'),
    "a letter": read_letter,
    "settings": read_branch_yml,
    "the key of a section": lambda folder, text: read_branch_yml(
        folder, f'name: x\nsections:\n  add:\n    ? "{in_line(text)}"\n    : {{title: 1}}\n'
    ),
    "words that hide a text": lambda folder, text: says_draft(text),
    "code and references": lambda folder, text: without_references(text),
    "escaped controls": lambda folder, text: escaped_control(text, Body(title="\x01")),
}


@pytest.mark.parametrize("reader", READERS)
def test_twice_the_text_takes_about_twice_the_time(reader: str, tmp_path: Path) -> None:
    def cost(text: str) -> float:
        start = time.process_time()
        READERS[reader](tmp_path, text)
        return time.process_time() - start

    cost("warm")
    slow = {}
    for shape, make in SHAPES.items():
        half, whole = make(100_000), make(200_000)
        once, twice = cost(half), cost(whole)
        # What else the machine does costs time, too: a second run decides.
        if twice > 3 * once + 0.1 and (again := cost(whole)) > 3 * cost(half) + 0.1:
            slow[shape] = (round(once, 2), round(again, 2))
    assert slow == {}
