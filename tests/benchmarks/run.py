"""Times whole commands on a generated organization: ``python tests/benchmarks/run.py [BRANCHESxENTRIES …]``.

Prints a table in Markdown. Seconds are of this machine; only their ratios mean anything elsewhere. Where Hugo is on the
path it builds the same Markdown in the same run.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from generate import generate

REPOSITORY = Path(__file__).resolve().parents[2]
NOW = "2026-11-23T09:00:00+08:00"


def build(root: Path, *options: str) -> tuple[float, float]:
    """Seconds and peak megabytes of one build."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    start = time.perf_counter()
    command = [sys.executable, "-m", "builder", "build", "--root", str(root), "--now", NOW, *options]
    subprocess.run(command, cwd=REPOSITORY, check=True, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    return seconds, max(before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024


def edit(file: Path, change: Callable[[str], str]) -> None:
    """Changes a file; a file touched a moment ago would be read again anyway, so its time is set back."""
    file.write_text(change(file.read_text("utf-8")), encoding="utf-8")
    past = time.time() - 60
    os.utime(file, (past, past))


def measure(branches: int, entries: int) -> list[tuple[str, float, float]]:
    """Each case with its seconds and the peak memory so far."""
    rows: list[tuple[str, float, float]] = []
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        generate(root, branches, entries)
        (root / "theme").symlink_to(REPOSITORY / "theme")
        first = root / "content" / "b0000" / "news" / "2024-01-01-0.md"
        rows.append(("cold build", *build(root)))
        time.sleep(2.5)
        build(root)
        rows.append(("nothing changed", *build(root)))
        edit(first, lambda text: text + "\n又一段。\n")
        rows.append(("one body edited", *build(root)))
        edit(first, lambda text: text.replace("title: ", "title: 新", 1))
        rows.append(("one title edited", *build(root)))
        added = first.with_name("2026-11-22-added.md")
        added.write_text("---\ntitle: 新增\n---\n文\n", encoding="utf-8")
        rows.append(("one entry added", *build(root)))
        if shutil.which("hugo"):
            rows.append(("Hugo, cold", hugo(root), 0.0))
    return rows


def hugo(root: Path) -> float:
    """Seconds that Hugo takes for the same Markdown with the smallest of themes."""
    site = root / "hugo"
    shutil.copytree(root / "content", site / "content", ignore=shutil.ignore_patterns("*.yml"))
    (site / "layouts" / "_default").mkdir(parents=True)
    (site / "hugo.toml").write_text('baseURL = "https://bench.example.org/"\n', encoding="utf-8")
    page = "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>{{ .Content }}"
    rows = "{{ range .Pages }}<a href='{{ .RelPermalink }}'>{{ .Title }}</a>{{ end }}"
    (site / "layouts" / "_default" / "single.html").write_text(page, encoding="utf-8")
    (site / "layouts" / "_default" / "list.html").write_text(page + rows, encoding="utf-8")
    start = time.perf_counter()
    subprocess.run(["hugo", "--quiet"], cwd=site, check=True)
    return time.perf_counter() - start


def main() -> None:
    sizes = sys.argv[1:] or ["10x50", "100x50"]
    print("| size | case | seconds | peak MB |\n| --- | --- | ---: | ---: |")
    for size in sizes:
        branches, _, entries = size.partition("x")
        for case, seconds, memory in measure(int(branches), int(entries)):
            print(f"| {size} | {case} | {seconds:.2f} | {memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
