"""Writes an organization of B branches with P entries each: ``python tests/benchmarks/generate.py FOLDER B P``."""

from __future__ import annotations

import sys
from pathlib import Path

_SECTIONS = ("news", "notices", "study")
_SENTENCE = "支部党员利用周末走进社区，为居民检修电器、整理书架，还陪老人读了一会儿报纸。"


def generate(root: Path, branches: int, entries: int) -> None:
    """An organization under ``root``; the same numbers give the same files."""
    content = root / "content"
    content.mkdir(parents=True, exist_ok=True)
    (root / "mkdocs.yml").write_text("theme: {name: material}\n", encoding="utf-8")
    titles = ", ".join(f"{slug}: {{title: 栏目{slug}}}" for slug in _SECTIONS)
    (content / "organization.yml").write_text(
        f"name: 测量用组织\nurl: https://bench.example.org/\nsections: {{{titles}}}\n", encoding="utf-8"
    )
    for branch in range(branches):
        folder = content / f"b{branch:04d}"
        folder.mkdir(exist_ok=True)
        parent = f"parent: b{branch // 10:04d}\n" if branch >= 10 else ""
        (folder / "branch.yml").write_text(f"name: 第{branch}支部\n{parent}", encoding="utf-8")
        for number in range(entries):
            section = folder / _SECTIONS[number % len(_SECTIONS)]
            section.mkdir(exist_ok=True)
            day = f"{2024 - number // 336}-{number // 28 % 12 + 1:02d}-{number % 28 + 1:02d}"
            (section / f"{day}-{number}.md").write_text(_entry(branch, number), encoding="utf-8")


def _entry(branch: int, number: int) -> str:
    body = "\n\n".join(f"## 第{part}部分\n\n{_SENTENCE * 4}\n\n- 第一项\n- **第二项**" for part in range(1, 4))
    return f"---\ntitle: 第{branch}支部第{number}篇\ntags: [标签{number % 7}, 共同]\n---\n{body}\n"


if __name__ == "__main__":
    generate(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
