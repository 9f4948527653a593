"""What is told of an organization in which nothing fits: of settings, of files, of what refers to others, of what two claim, and
of what an edit took away or brought; word for word, with places and arguments.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from conftest import NOW, files_of
from picture_files import put, screenshot
from test_whole_site import CONTENT, compare

from builder.audit.check import check_content
from builder.catalogue.catalogue import Catalogue
from builder.catalogue.changes import SiteChanges, changes_of, tell_changes, vanished_entries
from builder.catalogue.reading import SiteAt, find_site, reading_of, remembered
from builder.content import read_organization
from builder.messages.problems import Problem
from builder.store import Record

FOLDER = CONTENT.parent
INSTANT = datetime.fromisoformat(NOW)


def fill(folder: Path, text: str) -> None:
    for path, content in files_of(text).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, "utf-8")


def told(problems: Iterable[Problem]) -> str:
    """Problems in lines."""
    return "\n".join(
        f"{each.path}:{each.line or '-'}:{each.column or '-'} {each.code} {each.severity} {each.branch} {each.arguments}"
        for each in problems
    )


SMALL = """
--- content/organization.yml
name: Example University
url: https://example.org/
--- content/hub/media/drawing.svg
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><pattern id="p" width="1e7" height="1e7"
patternUnits="userSpaceOnUse"><rect width="1" height="1"/></pattern><rect width="400" height="400" fill="url(#p)"/></svg>
--- content/a/branch.yml
name: A
"""


@pytest.mark.slow
def test_what_does_not_fit_is_told_as_it_always_was(tmp_path: Path) -> None:
    text = (FOLDER / "checks.txt").read_text("utf-8")
    fill(tmp_path, text)
    for name in ("a/news/2026-11-02-files/named.png", "a/news/2026-11-02-files/in text.png", "a/face.png"):
        put(tmp_path, f"content/{name}", b"\xff\xd8\xff no picture")
    put(tmp_path, "content/a/news/2026-11-02-files/misnamed.jpg", screenshot(60, 40))
    put(tmp_path, "content/a/news/2026-11-02-files/large.pdf", b"%PDF-1.4" + b"x" * 3_000)
    put(tmp_path, "content/a/news/2026-11-02-files/fits.pdf", b"%PDF-1.4" + b"x" * 1_992)
    found = {"problems": told(check_content(tmp_path, INSTANT))}
    small = tmp_path / "small"
    fill(small, SMALL)
    put(small, "content/hub/media/broken.png", b"\xff\xd8\xff no picture")
    put(small, "content/hub/media/logo.png", screenshot(60, 40))
    settings = small / "content/organization.yml"
    written = settings.read_text("utf-8")
    for logo in ("nowhere.png", "broken.png", "logo.png", "drawing.svg"):
        settings.write_text(f"{written}logo: hub/media/{logo}\n", "utf-8")
        found[f"with {logo}"] = told(check_content(small, INSTANT))
    compare("checks", found)


def sites(folder: Path, last: dict[str, tuple[Record, SiteAt]]) -> Iterator[tuple[str, SiteAt, SiteChanges]]:
    """Reads the branches, and what has changed in each since the last time."""
    organization, problems = read_organization(folder)
    assert organization is not None, problems
    for slug in ("a", "b", "c", "d"):
        record, before = last.get(slug, (None, None))
        if not (folder / "content" / slug).exists():
            assert record is not None
            assert before is not None
            yield slug, before, vanished_entries(record, before.part)
            continue
        part = before.part if before is not None else None
        site = reading_of(find_site(folder, slug, organization, INSTANT, record=record, last=part), INSTANT)
        yield slug, site, changes_of(record, part, site, 2)


def lines(changes: SiteChanges) -> Iterator[str]:
    for name in ("vanished", "appeared"):
        for trace in getattr(changes, name):
            notes = [each.code for each in (trace.renamed, trace.late) if each is not None]
            yield f"{name} {trace.ref} {trace.title} {trace.text[:6]} {notes}"
    yield from (f"edit {msgspec.to_builtins(edit)}" for edit in changes.edits)


@pytest.mark.slow
def test_what_an_edit_took_and_brought_is_told_as_it_always_was(tmp_path: Path) -> None:
    for path, content in files_of((FOLDER / "changes-before.txt").read_text("utf-8")).items():
        fill(tmp_path, f"--- {path}\n{content}")
    last: dict[str, tuple[Record, SiteAt]] = {}
    found: dict[str, str] = {}
    for slug, site, changes in sites(tmp_path, {}):
        content, good = remembered(site)
        last[slug] = Record(content=content, good=good, branch=content.branch, history=site.history), site
        found[f"{slug} at first"] = "\n".join(lines(changes))
    shutil.rmtree(tmp_path / "content")
    fill(tmp_path, (FOLDER / "changes-after.txt").read_text("utf-8"))
    there = {slug: (site, changes) for slug, site, changes in sites(tmp_path, last)}
    for slug, (_, changes) in there.items():
        found[f"{slug} then"] = "\n".join(lines(changes))
    organization, _ = read_organization(tmp_path)
    assert organization is not None
    parts = [site.part for slug, (site, _) in there.items() if (tmp_path / "content" / slug).exists()]
    catalogue = Catalogue.of(organization, parts)
    found["told"] = told(tell_changes([changes for _, changes in there.values()], catalogue))
    compare("changes-told", found)
