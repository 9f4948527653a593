"""What an audit costs: ``python tests/benchmarks/audit.py [BRANCHESxENTRIES …]``.

Prints a table in Markdown for generated organizations whose texts all differ: the build before, the first audit of what was
built, the next one, and one after an edit and its build; seconds, and the peak of memory over all processes.
"""

from __future__ import annotations

import itertools
import random
import sys
import tempfile
from pathlib import Path

from generate import generate
from memory import measured

REPOSITORY = Path(__file__).resolve().parents[2]
NOW = "2026-11-23T09:00:00+08:00"
_WORDS = [chr(0x4E00 + place) + chr(0x4E00 + place * 37 % 2500) for place in range(4000)]
_USES = list(itertools.accumulate(1 / (place + 3) for place in range(4000)))
"""How often words are used falls as it does in texts (Zipf)."""


def vary(root: Path) -> None:
    """Gives every entry 800 characters of its own, in words that others use too."""
    chance = random.Random(1)
    for file in sorted((root / "content").glob("*/*/*.md")):
        words = chance.choices(_WORDS, cum_weights=_USES, k=400)
        text = "，".join("".join(words[start : start + 8]) for start in range(0, 400, 8))
        with file.open("a", encoding="utf-8") as entry:
            entry.write(f"\n{text}。\n")


def run(root: Path, command: str) -> tuple[float, float]:
    """Seconds and megabytes of one command."""
    words = [sys.executable, "-m", "builder", command, "--root", str(root), "--now", NOW]
    found = measured(words, REPOSITORY)
    return found.seconds, found.memory


def main() -> None:
    """Prints the table."""
    print("| size | case | seconds | peak MB |\n| --- | --- | ---: | ---: |")
    for size in sys.argv[1:] or ["100x50", "1000x50"]:
        branches, _, entries = size.partition("x")
        with tempfile.TemporaryDirectory() as name:
            root = Path(name)
            generate(root, int(branches), int(entries))
            (root / "theme").symlink_to(REPOSITORY / "theme")
            vary(root)
            rows = [("cold build", run(root, "build"))]
            rows += [(label, run(root, "audit")) for label in ("first audit", "next audit")]
            with (root / "content" / "b0000" / "news" / "2024-01-01-0.md").open("a", encoding="utf-8") as file:
                file.write("\n又一段。\n")
            rows += [("build after one edit", run(root, "build")), ("audit after it", run(root, "audit"))]
        for label, (seconds, memory) in rows:
            print(f"| {size} | {label} | {seconds:.2f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
