"""The version of the running code, which is part of whatever caches are kept under."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from conftest import SmallSite

from builder.content import read_organization
from builder.model.version import code_version, hash_program, installed, settings_digest

PACKAGES = (
    "Jinja2-3.1.6.dist-info",
    "mkdocs-1.6.1.dist-info",
    "mkdocs_material-9.8.1.dist-info",
    "feedgen-1.0.0.dist-info",
)
OTHERS = ("jinja2-4.0.0.egg-info", "mkdocs", "lxml-6.1.3.dist-info", "mkdocs_other-1.dist-info", "jinja2")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program with its packages beside it."""
    for name in (*PACKAGES, *OTHERS):
        (tmp_path / "packages" / name).mkdir(parents=True)
    for name in ("a.py", "inner/b.py", "inner/zh/c.mo", "inner/d.txt", "__pycache__/a.py", "e.pyc"):
        (tmp_path / "program" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "program" / name).write_text("x", "utf-8")
    return tmp_path / "program"


def test_packages_are_found_by_the_names_of_their_folders(program: Path) -> None:
    path = [str(program.parent / "packages"), str(program / "a.py"), "/nowhere", str(program.parent / "packages")]
    assert installed(frozenset(("jinja2", "mkdocs", "mkdocs_material")), path) == [
        "Jinja2-3.1.6",
        "mkdocs-1.6.1",
        "mkdocs_material-9.8.1",
    ]


@pytest.mark.parametrize(
    ("edit", "another"),
    [
        (lambda program: (program / "a.py").write_text("y", "utf-8"), True),
        (lambda program: (program / "inner/b.py").write_text("y", "utf-8"), True),
        (lambda program: (program / "inner/zh/c.mo").write_text("y", "utf-8"), True),
        (lambda program: (program / "inner/b.py").rename(program / "inner/bb.py"), True),
        (lambda program: (program / "inner/new.py").write_text("", "utf-8"), True),
        (lambda program: (program.parent / "packages" / PACKAGES[0]).rename(program / "../packages/jinja2-3.dist-info"), True),
        (lambda program: (program / "inner/d.txt").write_text("y", "utf-8"), False),
        (lambda program: (program / "e.pyc").write_text("y", "utf-8"), False),
        (lambda program: (program / "__pycache__/a.py").write_text("y", "utf-8"), False),
        (lambda program: (program / "linked").symlink_to(program / "inner"), False),
        (lambda program: (program.parent / f"packages/{OTHERS[2]}").rmdir(), False),
    ],
    ids="source inner catalogue renamed new package text bytecode cached linked other".split(),
)  # fmt: skip
def test_another_program_has_another_hash(edit: Callable[[Path], object], another: bool, program: Path) -> None:
    path = [str(program.parent / "packages")]
    before = hash_program(program, path)
    assert len(before) == 16
    assert hash_program(program, path) == before
    edit(program)
    assert (hash_program(program, path) != before) is another


def test_settings_and_drafts_make_other_digests(site: SmallSite) -> None:
    organization, _ = read_organization(site.root)
    assert organization is not None
    other = msgspec.structs.replace(organization, name="Another")
    digests = {settings_digest(each, drafts=drafts) for each in (organization, other) for drafts in (False, True)}
    assert len(digests) == 4
    assert settings_digest(organization, drafts=False) in digests
    assert code_version() == code_version()
