"""The shape of the program: imports point one way, engines are known in one place, modules stay small."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import REPOSITORY

BUILDER = REPOSITORY / "builder"
FILES = sorted(BUILDER.rglob("*.py"))
# Each room, and the rooms that it may import. Every import points down this table.
ROOMS = {
    "__main__": "cli",
    "cli": "edit preview digest publishing audit pipeline store content messages model workers",
    "edit": "preview audit catalogue content pictures messages model",
    "preview": "pipeline store content messages model",
    "digest": "pages catalogue store content messages model",
    "publishing": "content messages model",
    "pipeline": "pages audit catalogue store pictures formats content messages model workers",
    "audit": "catalogue store content pictures messages model workers",
    "pages": "catalogue content formats messages model",
    "catalogue": "store pictures content messages model",
    "store": "content formats messages model workers",
    "content": "pictures messages formats model",
    "pictures": "model",
    "messages": "model",
    "formats": "",
    "workers": "model",
    "model": "",
}
MOST_FUNCTIONS, MOST_PUBLIC = 40, 25
"""What a module may hold before something in it wants a module of its own."""
ENGINES = {
    "mkdocs": "formats",
    "comrak": "content",
    "nh3": "content",
    "pygments": "content",
    "math_core": "content",
    "charset_normalizer": "content",
    "feedgen": "formats",
    "icalendar": "formats",
    "segno": "formats",
    "distributed": "workers",
    "numpy": "formats",
    "openpyxl": "edit",
    "pypandoc": "edit",
    "yaml": "content",
    "PIL": "pictures",
    "resvg_py": "pictures",
    "pillow_heif": "pictures",
    "pypdf": "audit",
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
    "distributed",
    "numpy",
    "openpyxl",
    "PIL",
    "math_core",
    "charset_normalizer",
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


def test_every_room_is_in_the_table() -> None:
    assert {room(file) for file in FILES} - {"__init__"} == set(ROOMS)


def test_the_table_points_down() -> None:
    order = list(ROOMS)
    for name, below in ROOMS.items():
        assert all(order.index(each) > order.index(name) for each in below.split()), name


def test_imports_follow_the_table() -> None:
    upward = [
        f"{file.relative_to(BUILDER)} imports {module}"
        for file in FILES
        for module in imports(file)
        if module.startswith("builder.")
        and (other := module.split(".")[1]) != room(file)
        and other not in ROOMS.get(room(file), "").split()
    ]
    assert upward == []


def test_engines_are_known_in_one_room() -> None:
    elsewhere = [
        f"{file.relative_to(BUILDER)} imports {engine}"
        for file in FILES
        for engine in {module.split(".")[0] for module in imports(file)} & ENGINES.keys()
        # The command line asks PyYAML only whether it has libyaml.
        if room(file) != ENGINES[engine] and not (engine == "yaml" and room(file) == "cli")
    ]
    assert elsewhere == []


def test_modules_stay_small() -> None:
    large = []
    for file in FILES:
        tree = ast.parse(file.read_text("utf-8"))
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        public = [
            node
            for node in tree.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        ]
        if len(functions) > MOST_FUNCTIONS or len(public) > MOST_PUBLIC:
            large.append(f"{file.relative_to(BUILDER)}: {len(functions)} functions, {len(public)} public names")
    assert large == []


@pytest.mark.slow
def test_no_name_is_dead(tmp_path: Path) -> None:
    """Templates use names, too: as they do in a Python file made of them."""
    templates = "\n".join(file.read_text("utf-8") for file in (REPOSITORY / "theme").rglob("*.html"))
    names = tmp_path / "names_in_templates.py"
    used = sorted(set(re.findall(r"\.([a-z_]+)", templates)))
    names.write_text("".join(f"getattr(page, '{name}')\n" for name in used), "utf-8")
    vulture = [sys.executable, "-m", "vulture", "builder", str(names)]
    done = subprocess.run(vulture, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("", 0), done.stderr


def test_no_test_patches_the_program() -> None:
    """What a test lets fail or watches is an argument. Only the standard library is patched, to guard against its use."""
    patched = [
        f"{file.name}: {ast.unparse(node)}"
        for file in sorted((REPOSITORY / "tests").glob("*.py"))
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if (isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".setattr", "patch.object", "patch")))
        or (isinstance(node, ast.ImportFrom) and node.module == "unittest.mock")
    ]
    assert patched == [
        "test_feeds_mended.py: monkeypatch.setattr(locale, 'setlocale', forbidden)",
        "test_pictures.py: monkeypatch.setattr(Path, 'open', None)",
    ]


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
        "builder", "content", "tests", "theme", "mkdocs.yml", "pyproject.toml", "requirements.lock", "requirements-test.lock",
        "Makefile", "README.md", "README.zh-CN.md", "LICENSE", "CHANGELOG.md", "ARCHITECTURE.md", "CONTRIBUTING.md",
        "SECURITY.md", "sites", "docs", "deploy",
    }  # fmt: skip
    assert {line for line in listed.splitlines() if line.startswith("sites/")} <= {"sites/README.md"}


def test_a_package_is_named_for_every_folder_of_modules() -> None:
    """pyproject.toml lists them, because the theme comes with them from beside the program."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    found = {
        ".".join(file.parent.relative_to(REPOSITORY).parts) for file in (REPOSITORY / "builder").rglob("__init__.py")
    }
    beside = set(settings["package-dir"])
    assert set(settings["packages"]) == found | beside
    assert {name.partition(".")[2] for name in beside} <= {"theme", "deploy"}


@pytest.mark.parametrize(("lock", "extras"), [("requirements.lock", False), ("requirements-test.lock", True)])
def test_what_is_pinned_is_locked(lock: str, extras: bool) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    extra = [each for some in project["optional-dependencies"].values() for each in some] if extras else []
    locked = set(re.findall(r"^(\S+==\S+)", (REPOSITORY / lock).read_text("utf-8"), re.MULTILINE))
    assert {re.sub(r"\[.*?\]", "", pin) for pin in (*project["dependencies"], *extra)} - locked == set()


def test_the_version_is_said_once() -> None:
    import tomllib

    import builder

    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    assert settings["project"]["version"] == builder.__version__


QUESTION = re.compile(r"(What|Where|How|Whether)\b")


def _docstrings(tree: ast.Module) -> Iterator[str]:
    """Yields every text that stands alone in a module: of itself, its classes, functions and values."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield text


def test_docstrings_name_the_thing() -> None:
    found = [
        f"{file.relative_to(BUILDER)}: {text.splitlines()[0]}"
        for file in FILES
        for text in _docstrings(ast.parse(file.read_text("utf-8")))
        if QUESTION.match(text)
    ]
    assert found == []


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "theme/README.md"])
def test_documents_name_modules_that_are_there(name: str) -> None:
    named = set(re.findall(r"`([\w./-]+\.py)`", (REPOSITORY / name).read_text("utf-8")))
    places = (REPOSITORY, BUILDER, *(REPOSITORY / "builder" / room for room in ("content", "pages", "pipeline")))
    assert [path for path in sorted(named) if not any((place / path).exists() for place in places)] == []


def test_security_tells_of_every_package_that_is_installed() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = [
        *project["dependencies"],
        *(each for name in extras if name not in ("build", "test") for each in extras[name]),
    ]
    rows = (REPOSITORY / "SECURITY.md").read_text("utf-8").partition("| package |")[2].splitlines()
    told = {row.split("|")[1].split("(")[0].strip(): row.count("|") for row in rows if row.startswith("| ")}
    assert {name: told.get(name) for name in (each.partition("==")[0] for each in needed)} == {
        each.partition("==")[0]: 5 for each in needed
    }
