"""The shape of the program: imports point one way, engines are known in one place, files stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY

BUILDER = REPOSITORY / "builder"
FILES = sorted(BUILDER.rglob("*.py"))
# Lower ones never import higher ones.
LAYERS = (
    ("model", "formats", "workers"),
    ("messages",),
    ("content", "pictures"),
    ("store",),
    ("catalogue",),
    ("pages", "audit"),
    ("pipeline",),
    ("preview",),
    ("cli",),
    ("__main__",),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
ENGINES = {
    "mkdocs": "formats",
    "comrak": "content",
    "nh3": "content",
    "pygments": "content",
    "latex2mathml": "content",
    "feedgen": "formats",
    "icalendar": "formats",
    "segno": "formats",
    "yaml": "content",
    "PIL": "pictures",
    "rensa": "audit",
    "babel": "messages",
    "watchdog": "preview",
}
HEAVY = (
    "mkdocs",
    "jinja2",
    "comrak",
    "nh3",
    "pygments",
    "feedgen",
    "lxml",
    "icalendar",
    "segno",
    "PIL",
    "latex2mathml",
)


def room(file: Path) -> str:
    """The module or package directly under builder/ that a file belongs to."""
    return file.relative_to(BUILDER).parts[0].removesuffix(".py")


def imports(file: Path) -> set[str]:
    """Every module that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_every_room_has_its_layer() -> None:
    assert {room(file) for file in FILES} - {"__init__"} == set(RANK)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(BUILDER).as_posix())
def test_imports_point_one_way(file: Path) -> None:
    own = RANK.get(room(file), len(LAYERS))
    for module in imports(file):
        parts = module.split(".")
        if parts[0] == "builder" and len(parts) > 1 and parts[1] != room(file):
            assert RANK[parts[1]] <= own, f"{room(file)} imports {parts[1]}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(BUILDER).as_posix())
def test_engines_are_known_in_one_room(file: Path) -> None:
    for module in imports(file):
        engine = module.split(".")[0]
        if engine in ENGINES and not (engine == "yaml" and room(file) == "cli"):
            assert room(file) == ENGINES[engine], f"{room(file)} imports {engine}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(BUILDER).as_posix())
def test_files_stay_small(file: Path) -> None:
    assert len(file.read_text("utf-8").splitlines()) <= 400


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    script = (
        "import builder.pipeline.conductor, builder.cli.commands, builder.audit.check, sys; print(*sorted(sys.modules))"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in HEAVY if name in loaded] == []


def test_the_top_level_is_what_it_should_be() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    top = {line.split("/")[0].strip('"') for line in listed.splitlines()}
    assert {name for name in top if not name.startswith(".")} <= {
        "builder", "content", "tests", "theme", "mkdocs.yml", "pyproject.toml", "requirements.lock",
        "Makefile", "README.md", "README.zh-CN.md", "LICENSE", "CHANGELOG.md",
    }  # fmt: skip
    assert not any(line.startswith("sites/") for line in listed.splitlines())


def test_the_version_is_said_once() -> None:
    import tomllib

    import builder

    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    assert settings["project"]["version"] == builder.__version__
