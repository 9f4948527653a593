"""After an upgrade of the program or of an engine, pages are made anew: what an older one rendered is not taken over."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import NOW, REPOSITORY, SmallSite

from builder.model.sealed import seal
from builder.model.version import hash_program
from builder.store.releases import VERSION

pytestmark = pytest.mark.slow


def explain(site: SmallSite, path: Sequence[Path]) -> dict[str, str]:
    """Builds with a program that stands on a path of its own; the pages that were rendered, each with the reason."""
    command = [
        sys.executable,
        "-m",
        "builder",
        "build",
        "--now",
        NOW,
        "--jobs",
        "1",
        "--root",
        str(site.root),
        "--explain",
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
    done = subprocess.run(command, env=environment, cwd=site.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(line.split(": ", 1) for line in done.stdout.splitlines())


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A copy of the program."""
    shutil.copytree(REPOSITORY / "builder", tmp_path / "program/builder", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "program"


def test_every_page_is_rendered_anew(site: SmallSite, program: Path, tmp_path: Path) -> None:
    pages = explain(site, [program])
    assert set(pages.values()) == {"new"}
    assert explain(site, [program]) == {}

    (program / "builder/pages/branch.py").open("a").write("# another program\n")
    assert explain(site, [program]) == dict.fromkeys(pages, "theme")
    assert explain(site, [program]) == {}

    material = next(found for folder in sys.path for found in Path(folder).glob("mkdocs_material-*.dist-info"))
    shutil.copytree(material, tmp_path / "newer/mkdocs_material-999.0.0.dist-info")
    assert explain(site, [program, tmp_path / "newer"]) == dict.fromkeys(pages, "theme")


def test_what_counts_as_another_program(program: Path, tmp_path: Path) -> None:
    """A source, a translation and the version of an engine; not what Python makes of them, nor other packages."""
    package, site_packages = program / "builder", tmp_path / "site-packages"
    (site_packages / "mkdocs_material-9.0.dist-info").mkdir(parents=True)
    versions = [hash_program(package, [str(site_packages)])]

    def changed() -> bool:
        versions.append(hash_program(package, [str(site_packages)]))
        return versions[-1] != versions[-2]

    assert not changed()
    (package / "pages/branch.py").open("a").write("#\n")
    assert changed()
    (package / "pages/branch.py").rename(package / "pages/other.py")
    assert changed()
    next(package.rglob("*.mo")).open("ab").write(b"0")
    assert changed()
    (site_packages / "mkdocs_material-9.0.dist-info").rename(site_packages / "mkdocs_material-9.1.dist-info")
    assert changed()
    (site_packages / "Jinja2-3.0.dist-info").mkdir()
    assert changed()
    (site_packages / "pytest-9.0.dist-info").mkdir()
    (package / "__pycache__").mkdir(exist_ok=True)
    (package / "__pycache__/x.pyc").write_bytes(b"0")
    assert not changed()


@pytest.mark.parametrize("version", [VERSION - 1, VERSION + 1, None])
def test_state_of_another_version_is_made_anew_and_never_trusted(site: SmallSite, version: int | None) -> None:
    """Even where its seals fit; ``None`` for one that had none. Texts that are broken now are left out then."""
    site.build()
    before = site.files()
    for name in ("manifest", "record"):
        for file in (site.root / ".branchpress").rglob(f"{name}.json"):
            content = file.read_bytes().partition(b"\n")[2]
            if version is not None:
                old = json.dumps({**json.loads(content), "version": version, "files": {}, "documents": {}}).encode()
                file.write_bytes(seal(f"{file.parent.name}/{name}", old))
            else:
                file.write_bytes(content)
    result = site.build()
    assert [problem.code for problem in result.problems] == []
    assert {site: status for site, status in result.sites.items() if status != "built"} == {}
    assert site.files() == before
    site.write("--- content/alpha/news/2026-11-20-visit.md\n---\ntitle: [\n")
    assert [problem.effect for problem in site.build().problems] == ["held"]
