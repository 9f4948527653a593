"""Which folders are branches, which settings they have, and what is told of all others, word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec
from conftest import files_of
from test_whole_site import CONTENT, compare, shown

from builder.content import find_branches, read_organization
from builder.content.settings import branch_stub, defaults_in, read_branch_file
from builder.content.walk import listing, walk
from builder.messages.problems import Problem

SETTINGS = """
--- content/organization.yml
name: Example University
url: https://example.org/hub/
language: en
timezone: Asia/Shanghai
sections:
  news: {title: News, type: article}
  events: {title: Events, type: event, formerly: [talks]}
  rules: {title: Rules of the house, type: policy}
"""
FOLDERS = (
    *("alpha", "beta", "straße", "strasse", "аlpha", "alpha (1)", "alpha - Copy", "alpha copy", "beta-copy", "gamma copy"),
    *("search", "data", "hub", "_audit", ".git", "My Branch", "Alpha", "x" * 200, "x" * 201, "-", "a_b", "c.d", "支部"),
)  # fmt: skip
STRAY = (
    *("README.md", "readme", "organization.yaml", "Organization.YML", "organization.yml.bak", "note.md", "note.txt", "data.yml"),
    *("picture.jpg", "Thumbs.db", ".DS_Store", "desktop.ini", "alpha (1).md", "alpha.zip", "no-ending", "~$note.docx"),
)  # fmt: skip


def told(problems: Iterable[Problem]) -> str:
    """Problems in lines; what is long is cut."""
    rows = [
        f"{each.path}:{each.line or '-'}:{each.column or '-'} {each.code} {each.severity} {each.effect} ({each.branch}) "
        f"{each.arguments}"
        for each in problems
    ]
    return "\n".join(row.replace("x" * 200, "{200 x}") for row in rows)


def test_folders_are_branches_as_they_always_were(tmp_path: Path) -> None:
    root = tmp_path / "root"
    content = root / "content"
    outside = tmp_path / "outside"
    for path, text in files_of(SETTINGS).items():
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(text, "utf-8")
    for name in FOLDERS:
        (content / name).mkdir()
        (content / name / "branch.yml").write_text("name: A\n", "utf-8")
    for name in STRAY:
        (content / name).write_text("x", "utf-8")
    for name, file in (
        ("texts", "news/2026-11-01-a.md"),
        ("values", "a.YAML"),
        ("pictures", "a.jpg"),
        ("deep", "b/c.pdf"),
    ):
        (content / name / file).parent.mkdir(parents=True)
        (content / name / file).write_text("x", "utf-8")
    (content / "empty").mkdir()
    (content / "hollow/inside").mkdir(parents=True)
    outside.mkdir()
    (outside / "branch.yml").write_text("name: Outside\n", "utf-8")
    (outside / "a.md").write_text("x", "utf-8")
    links = {
        "away": outside,
        "away.md": outside / "a.md",
        "linked": content / "alpha",
        "nowhere": content / "none",
        "itself": content / "itself",
        "linked.md": content / "note.md",
    }
    for name, target in links.items():
        (content / name).symlink_to(target)
    (content / os.fsdecode(b"by\xffte")).mkdir()
    (content / "lost").mkdir()
    (content / "lost/branch.yml").symlink_to(content / "none.yml")
    found = find_branches(root)
    lists = {name: "\n".join(getattr(found, name)).replace("x" * 200, "{200 x}") for name in ("slugs", "refused")}
    compare("branches", {**lists, "problems": told(found.problems)})


def test_settings_of_branches_are_read_as_they_always_were(tmp_path: Path) -> None:
    texts = files_of((CONTENT.parent / "branches.txt").read_text("utf-8"))
    for path, text in files_of(SETTINGS).items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text, "utf-8")
    organization, problems = read_organization(tmp_path)
    assert organization is not None, problems
    stub = branch_stub("plain", organization)
    rows: dict[str, str] = {}
    for path, text in texts.items():
        slug = path.partition("/")[0]
        (tmp_path / "content" / path).parent.mkdir(exist_ok=True)
        (tmp_path / "content" / path).write_text(text, "utf-8")
    (tmp_path / "content/away").mkdir()
    (tmp_path / "content/away/branch.yml").symlink_to("/etc/hostname")
    (tmp_path / "content/none").mkdir()
    for slug in dict.fromkeys([*(path.partition("/")[0] for path in texts), "away", "none", "nowhere"]):
        failed = {"content/slow/branch.yml": "too slow"}
        found = walk(tmp_path, f"content/{slug}") if slug != "nowhere" else ()
        branch, defaults, wrong, places = read_branch_file(tmp_path, slug, organization, tuple(found), failed)
        lines = [told(wrong), f"defaults {shown(msgspec.to_builtins(defaults))}", f"places {dict(places)}"]
        if branch is not None:
            plain = msgspec.to_builtins(msgspec.structs.replace(stub, slug=slug))
            told_of = msgspec.to_builtins(branch)
            lines += [f"{key} {shown(value)}" for key, value in told_of.items() if value != plain.get(key)]
            lines.append(f"without {sorted(plain.keys() - told_of.keys())}")
            lines.append(f"again {dict(defaults_in(branch.defaults, slug, organization)) == dict(defaults)}")
        rows[slug] = "\n".join(lines)
    compare("branches-read", rows)


def test_folders_are_listed_as_they_always_were(tmp_path: Path) -> None:
    """Behind each name that cannot be used others come."""
    home = tmp_path / "content/alpha"
    (home / "deep").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    for name in (
        "a.md",
        "b\udcff.md",
        "c.md",
        "e.md",
        "g.md",
        "i.md",
        "Thumbs.db",
        "_k.md",
        ".l.md",
        "m.md",
        "deep/x.md",
        "z.md",
    ):
        (home / name).write_text("x", "utf-8")
    for name, target in (
        ("d", tmp_path / "outside"),
        ("f", home / "none"),
        ("n", home),
        ("deep/up", home),
        ("o", home / "deep"),
    ):
        (home / name).symlink_to(target)
    os.mkfifo(home / "h")
    far = home / "/".join(["far"] * 20)
    far.mkdir(parents=True)
    (far / "x.md").write_text("x", "utf-8")
    (tmp_path / "content/away").symlink_to(tmp_path / "outside")
    rows = [
        f"{each.path} {'/'.join(each.parts)} {each.refused or each.signature.size}".encode("utf-8", "replace").decode()
        for folder in ("content/alpha", "content/away", "content/none")
        for each in walk(tmp_path, folder)
    ]
    compare("listed", {"files": "\n".join(rows)})


def test_a_listing_is_another_as_soon_as_anything_in_a_folder_is(tmp_path: Path) -> None:
    """Whatever lies before or beside it; what only its folder's own time tells, or nobody reads, changes nothing."""
    home = tmp_path / "content/alpha"
    names = [f"{folder}{letter}.md" for folder in ("", "deep/", "deep/er/") for letter in "abcde"]
    for name in (*names, "_draft/x.md", ".hidden.md", "out/x.md"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("x", "utf-8")
    (home / "broken").symlink_to("none")
    (home / "linked.md").symlink_to("a.md")
    outside = [f"content/theme/{letter}.svg" for letter in "abc"]
    (tmp_path / "content/theme").mkdir()
    for path in (outside[0], outside[2]):
        (tmp_path / path).write_text("x", "utf-8")

    def listed() -> tuple[str, int]:
        return listing(tmp_path, "content/alpha", outside)[:2]

    last, newest = listed()
    assert listed() == (last, newest)
    assert newest < 1 << 62
    assert newest >= max((home / name).stat().st_ctime_ns for name in names)
    for path in (*(home / name for name in names), *(tmp_path / path for path in reversed(outside))):
        path.write_text("xyz", "utf-8")
        now, newest = listed()
        assert now != last, path
        assert newest >= path.stat().st_ctime_ns
        last = now
    (home / "deep/c.md").chmod(0o600)
    assert listed()[0] != last
    assert listed()[1] == (home / "deep/c.md").stat().st_ctime_ns
    for change in (
        lambda: (home / "deep/c.md").rename(home / "deep/cc.md"),
        lambda: (home / "deep/er/a.md").unlink(),
        lambda: (home / "empty").mkdir(),
        lambda: (home / "none").write_text("x", "utf-8"),
        lambda: (home / "gone").symlink_to("nowhere"),
        lambda: ((home / "gone").unlink(), (home / "gone").mkdir()),
        lambda: os.utime(home / "e.md", ns=(1, 1 << 61)),
    ):
        change()
        now, newest = listed()
        assert now != last
        last = now
    assert newest == 1 << 61
    (home / "_draft/x.md").write_text("xyz", "utf-8")
    (home / ".hidden.md").unlink()
    os.utime(home / "deep", ns=(1, 1))
    assert listed() == (last, newest)
    (home / "folder").symlink_to("deep")
    assert listed()[1] == 1 << 63, "a folder that is linked may lead anywhere"
    (tmp_path / "content/other").symlink_to("alpha")
    assert listing(tmp_path, "content/other") == ("", 1 << 63, [])
    assert listing(tmp_path, "content/none")[1] == 0
