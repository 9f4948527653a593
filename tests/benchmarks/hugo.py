"""The same organization for Hugo: the same Markdown, and templates that publish as much of it as Branchpress does, or less.

``hugo-sites/`` has a site for each of them: ``same`` makes what Branchpress makes, as far as Hugo can; ``lists`` makes
pages, lists, tags, RSS and Atom; ``minimal`` makes pages, lists of sections and one feed. README.md says what each holds.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from memory import Measured, measured
from PIL import Image, ImageDraw

SITES = Path(__file__).with_name("hugo-sites")
SAME, CARDS, LISTS, MINIMAL = "same", "same, with cards", "lists", "minimal"
VARIANTS = (SAME, CARDS, LISTS, MINIMAL)


def available() -> bool:
    """True if there is a Hugo on the path."""
    return shutil.which("hugo") is not None


class Site:
    """A site of Hugo beside an organization's content, and the commands that are timed on it."""

    def __init__(self, root: Path, variant: str) -> None:
        self.folder = root / f"hugo {variant}"
        self._environment = {"HUGO_PARAMS_CARDS": "true"} if variant == CARDS else {}
        shutil.copytree(SITES / (SAME if variant == CARDS else variant), self.folder)
        full = variant in (SAME, CARDS)
        branches = {folder.name: _branch(folder) for folder in sorted((root / "content").iterdir()) if folder.is_dir()}
        if full:
            self._write_data(branches)
        if variant == CARDS:
            self._draw_background()
        for slug, branch in branches.items():
            title = branch["name"] if full else slug
            self._write(f"content/{slug}/_index.md", _head(title, {"branch": slug} if full else {}, home=full))
            for section in branch["years"]:
                title = f"栏目{section}" if full else section
                self._write(f"content/{slug}/{section}/_index.md", _head(title, {"section": section} if full else {}))
                for entry in (root / "content" / slug / section).glob("20*.md"):
                    text = entry.read_text("utf-8").replace("---\n", f"---\ndate: {entry.name[:10]}\n", 1)
                    self._write(f"content/{slug}/{section}/{entry.name}", text)

    def build(self) -> Measured:
        """Builds once."""
        return measured(["hugo", "--quiet"], self.folder, self._environment)

    def edit(self, number: int) -> None:
        """Adds a paragraph to an entry."""
        with next(iter(sorted(self.folder.glob("content/b*/news/20*.md")))).open("a", encoding="utf-8") as file:
            file.write(f"\n又一段，第{number}次。\n")

    def _write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def _write_data(self, branches: Mapping[str, Any]) -> None:
        for branch in branches.values():
            if branch["parent"]:
                branches[branch["parent"]]["children"].append(branch["slug"])
        for slug, branch in branches.items():
            branch["below"] = list(_below(branches, slug))
        sections = sorted({section for branch in branches.values() for section in branch["years"]})
        rows = [{"slug": section, "title": f"栏目{section}"} for section in sections]
        self._write("data/branches.json", json.dumps(branches, ensure_ascii=False))
        self._write("data/sections.json", json.dumps(rows, ensure_ascii=False))

    def _draw_background(self) -> None:
        picture = Image.new("RGB", (1200, 630), "#ffffff")
        ImageDraw.Draw(picture).rectangle((0, 0, 1200, 20), fill="#a8201a")
        (self.folder / "assets").mkdir()
        picture.save(self.folder / "assets" / "card.jpg")


def _branch(folder: Path) -> dict[str, Any]:
    """What templates are told of a branch: its name, place in the tree, tags, and the years of its sections."""
    settings = yaml.safe_load((folder / "branch.yml").read_text("utf-8"))
    tags, years = set[str](), dict[str, set[str]]()
    for entry in folder.glob("*/20*.md"):
        years.setdefault(entry.parent.name, set()).add(entry.name[:4])
        tags.update(yaml.safe_load(entry.read_text("utf-8").split("---\n")[1]).get("tags", ()))
    return {
        "slug": folder.name,
        "name": settings["name"],
        "parent": settings.get("parent", ""),
        "children": [],
        "tags": sorted(tags),
        "years": {section: sorted(found) for section, found in sorted(years.items())},
    }


def _below(branches: Mapping[str, Any], slug: str) -> Iterator[str]:
    yield slug
    for child in branches[slug]["children"]:
        yield from _below(branches, child)


def _head(title: str, known: Mapping[str, str], *, home: bool = False) -> str:
    head: dict[str, Any] = {"title": title}
    if known:
        head["cascade"] = {"params": dict(known)}
    if home:
        head["outputs"] = ["html", "rss", "atom", "jsonfeed", "calendar", "map"]
    return f"---\n{yaml.safe_dump(head, allow_unicode=True)}---\n"
