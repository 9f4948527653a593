"""What feeds cost in a cold build: ``python tests/benchmarks/feeds.py [BRANCHESxENTRIES …]``.

Prints a table in Markdown: how many feeds there are (each in three formats, archives and calendars counted too), the
milliseconds for each, deciding what is in it and writing it, and the share of the whole build. The making of items, the
keys and the bytes of feeds are timed inside one ordinary build in one process.
"""

from __future__ import annotations

import functools
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from generate import generate

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

import builder.pipeline.conductor  # noqa: E402
import builder.pipeline.files  # noqa: E402
import builder.pipeline.release  # noqa: E402

NOW = datetime.fromisoformat("2026-11-23T09:00:00+08:00")
_Result = TypeVar("_Result")


class Clock:
    """Seconds spent on feeds so far, and the files they gave."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.feeds = 0
        self.files = 0
        self.bytes = 0

    def timed(self, function: Callable[..., _Result]) -> Callable[..., _Result]:
        """``function``, on the clock."""

        @functools.wraps(function)
        def run(*arguments: Any, **options: Any) -> _Result:
            start = time.process_time()
            try:
                return function(*arguments, **options)
            finally:
                self.seconds += time.process_time() - start

        return run

    def outputs(self, function: Callable[..., Iterator[builder.pipeline.files.OutputFile]]) -> Callable[..., Any]:
        """``function``, which yields feeds, on the clock, and the making of each feed too."""

        def run(*arguments: Any, **options: Any) -> list[builder.pipeline.files.OutputFile]:
            found = self.timed(lambda: list(function(*arguments, **options)))()
            return [builder.pipeline.files.OutputFile(each.path, each.key, self._made(each)) for each in found]

        return run

    def _made(self, what: builder.pipeline.files.OutputFile) -> Callable[[], bytes]:
        def make() -> bytes:
            content = self.timed(what.make)()
            self.feeds += what.path.endswith(
                ("feed.xml", "calendar.ics", ".xml") if "archive" in what.path else "feed.xml"
            )
            self.files += 1
            self.bytes += len(content)
            return content

        return make


def measure(branches: int, entries: int) -> tuple[float, Clock]:
    """Seconds of a cold build, and what of it were feeds."""
    clock = Clock()
    builder.pipeline.files._feed_outputs = clock.outputs(builder.pipeline.files._feed_outputs)  # type: ignore[assignment]
    builder.pipeline.release.own_items = clock.timed(builder.pipeline.release.own_items)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        generate(root, branches, entries)
        (root / "theme").symlink_to(REPOSITORY / "theme")
        options = builder.pipeline.conductor.Options(root=root, output=root / "sites", state=root / "state", now=NOW)
        start = time.process_time()
        builder.pipeline.conductor.build(options)
        return time.process_time() - start, clock


def main() -> None:
    print("| size | build, CPU s | feeds | files | MB | feeds, CPU s | ms a feed | share of the rest |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for size in sys.argv[1:] or ["20x50"]:
        branches, _, entries = size.partition("x")
        seconds, clock = measure(int(branches), int(entries))
        rest = seconds - clock.seconds
        print(
            f"| {size} | {seconds:.1f} | {clock.feeds} | {clock.files} | {clock.bytes / 1e6:.1f} | {clock.seconds:.2f} "
            f"| {clock.seconds / clock.feeds * 1000:.2f} | {clock.seconds / rest:.0%} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
