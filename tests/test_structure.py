"""The shape of the program: imports point one way, engines are known in one place, modules stay small."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import REPOSITORY
from packaging.specifiers import SpecifierSet

BUILDER = REPOSITORY / "builder"
FILES = sorted(BUILDER.rglob("*.py"))
# Each room, and the rooms that it may import. Every import points down this table.
ROOMS = {
    "__main__": "cli",
    "cli": "edit preview digest publishing audit pipeline store content messages model workers",
    "edit": "preview audit catalogue content pictures messages model workers",
    "preview": "pipeline store content messages model",
    "digest": "pages catalogue store content messages model workers",
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


def room(path: Path) -> str:
    """The module or package directly under builder/ that a file in it belongs to."""
    return path.parts[0].removesuffix(".py")


class Module(NamedTuple):
    """One file of the program: every module that it imports, anywhere in it; how many functions and public names it has;
    and the first line of every text that stands alone in it: of itself, its classes, functions and values."""

    path: Path
    imports: frozenset[str]
    functions: int
    public: int
    docstrings: tuple[str, ...]


def read_module(file: Path) -> Module:
    """One pass over a file, for all the tests below."""
    tree = ast.parse(file.read_text("utf-8"))
    imports: set[str] = set()
    functions, docstrings = 0, []
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                imports |= {alias.name for alias in node.names}
            case ast.ImportFrom(module=str(module)):
                imports.add(module)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                functions += 1
            case ast.Expr(value=ast.Constant(value=str(text))):
                docstrings.append(text.strip().partition("\n")[0])
    named = (node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef))
    public = sum(not name.startswith("_") for name in named)
    return Module(file.relative_to(BUILDER), frozenset(imports), functions, public, tuple(docstrings))


@pytest.fixture(scope="module")
def modules() -> tuple[Module, ...]:
    """Every file of the program, read once."""
    return tuple(read_module(file) for file in FILES)


def test_every_room_is_in_the_table() -> None:
    assert {room(file.relative_to(BUILDER)) for file in FILES} - {"__init__"} == set(ROOMS)


def test_the_table_points_down() -> None:
    order = list(ROOMS)
    for name, below in ROOMS.items():
        assert all(order.index(each) > order.index(name) for each in below.split()), name


def test_imports_follow_the_table(modules: tuple[Module, ...]) -> None:
    upward = [
        f"{module.path} imports {name}"
        for module in modules
        for name in module.imports
        if name.startswith("builder.")
        and (other := name.split(".")[1]) != (own := room(module.path))
        and other not in ROOMS.get(own, "").split()
    ]
    assert upward == []


def test_engines_are_known_in_one_room(modules: tuple[Module, ...]) -> None:
    elsewhere = [
        f"{module.path} imports {engine}"
        for module in modules
        for engine in {name.split(".")[0] for name in module.imports} & ENGINES.keys()
        # The command line asks PyYAML only whether it has libyaml.
        if room(module.path) != ENGINES[engine] and not (engine == "yaml" and room(module.path) == "cli")
    ]
    assert elsewhere == []


def test_modules_stay_small(modules: tuple[Module, ...]) -> None:
    large = [
        f"{module.path}: {module.functions} functions, {module.public} public names"
        for module in modules
        if module.functions > MOST_FUNCTIONS or module.public > MOST_PUBLIC
    ]
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
    words = ("setattr", "patch", "mock")
    texts = {file.name: file.read_text("utf-8") for file in sorted((REPOSITORY / "tests").glob("*.py"))}
    patched = [
        f"{name}: {ast.unparse(node)}"
        for name, text in texts.items()
        if any(word in text for word in words)
        for node in ast.walk(ast.parse(text))
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


def test_no_module_takes_the_place_of_a_function_of_its_package() -> None:
    """A module that is loaded later than its package becomes an attribute of it, under its own name."""
    wrong = []
    for package in (REPOSITORY / "builder").rglob("__init__.py"):
        body = ast.parse(package.read_text("utf-8")).body
        own = {node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        wrong += [str(file) for file in package.parent.glob("*.py") if file.stem in own]
    assert wrong == []


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


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_what_is_locked_can_be_installed_with_the_oldest_python(lock: str) -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    oldest = project["requires-python"].removeprefix(">=")
    assert f"Python {oldest} or newer" in (REPOSITORY / "README.md").read_text("utf-8")
    assert str(tuple(map(int, oldest.split(".")))) in (REPOSITORY / "Makefile").read_text("utf-8")
    text = (REPOSITORY / lock).read_text("utf-8")
    wanted = {
        pin: importlib.metadata.metadata(pin)["Requires-Python"]
        for pin in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)
    }
    assert {name: each for name, each in wanted.items() if oldest not in SpecifierSet(each or "")} == {}
    # No folder of the machine on which it was locked.
    assert not re.search(r"^--", text, re.MULTILINE)


def test_the_version_is_said_once() -> None:
    import tomllib

    import builder

    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    assert settings["project"]["version"] == builder.__version__


QUESTION = re.compile(r"(What|Where|How|Whether)\b")


def test_docstrings_name_the_thing(modules: tuple[Module, ...]) -> None:
    found = [f"{module.path}: {line}" for module in modules for line in module.docstrings if QUESTION.match(line)]
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
        each.partition("==")[0]: 6 for each in needed
    }
