"""The line on a terminal that says how far a build is."""

from __future__ import annotations

import io

from builder.cli.progress import ProgressBar
from builder.messages.translation import translator
from builder.pipeline.progress import Progress


class Terminal:
    """A terminal that shows a bar, and a clock; both are read and set from outside."""

    def __init__(self, language: str) -> None:
        self.stream, self.now = io.StringIO(), 100.0
        self.bar = ProgressBar(self.stream, translator(language), lambda: self.now)

    def at(self, now: float, progress: Progress) -> str:
        """What the bar writes at a time."""
        self.now = 100.0 + now
        self.stream.truncate(self.stream.seek(0))
        self.bar(progress)
        return self.stream.getvalue()

    def clear(self) -> str:
        self.stream.truncate(self.stream.seek(0))
        self.bar.clear()
        return self.stream.getvalue()


def test_a_bar_appears_after_a_moment_and_moves_ten_times_a_second() -> None:
    shown = Terminal("en")
    some, all_of_it = Progress("read", 1, 4, 0), Progress("read", 4, 4, 0)
    assert shown.at(0, some) == shown.at(0.25, all_of_it) == ""
    assert shown.clear() == "", "where nothing was shown, nothing is written"
    assert shown.at(0.5, some).startswith("\rReading")
    assert shown.at(0.5625, some) == ""
    assert shown.at(0.5625, all_of_it) != "", "the end of a stage is always shown"
    assert shown.at(0.6875, some) != ""


def test_a_line_has_the_stage_a_bar_the_amount_and_the_pages() -> None:
    shown = Terminal("en")
    lines = [
        shown.bar.line(Progress(*each))
        for each in (
            ("read", 0, 0, 0),
            ("pictures", 5, 12, 7),
            ("render", 1, 3, 1),
            ("render", 2, 3, 2000),
            ("publish", 3, 3, 2000),
        )
    ]
    assert lines == [
        f"Reading  {'░' * 24}  0 of 0 sites",
        f"Making pictures  {'█' * 10}{'░' * 14}  5 of 12 pictures",
        f"Rendering  {'█' * 8}{'░' * 16}  1 of 3 sites  1 page",
        f"Rendering  {'█' * 16}{'░' * 8}  2 of 3 sites  2000 pages",
        f"Publishing  {'█' * 24}  3 of 3 sites  2000 pages",
    ]


def test_a_shorter_line_covers_the_one_before() -> None:
    shown = Terminal("zh")
    long, short = Progress("render", 1, 2, 12), Progress("read", 2, 2, 0)
    first, second = shown.at(1, long), shown.at(2, short)
    assert first == "\r" + shown.bar.line(long)
    columns = {line: sum(1 + (character > "\u2e80") for character in shown.bar.line(line)) for line in (long, short)}
    assert second == "\r" + shown.bar.line(short) + " " * (columns[long] - columns[short])
    assert shown.clear() == "\r" + " " * columns[short] + "\r"
    assert shown.clear() == ""
