"""``branchpress start``: from nothing to content that builds, without a terminal; and the theme that comes with the program."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from conftest import NOW, REPOSITORY
from test_whole_site import compare

from builder import __version__
from builder.cli.commands import main
from builder.cli.start import _bring
from builder.content.starting import PRESETS

pytestmark = pytest.mark.slow

SAID = ["--name", "示范 “大学” & 学院: #1", "--url", "www.example.org", "--now", NOW]


def start(folder: Path, *options: str) -> int:
    return main(["start", str(folder), *SAID, *options])


def files(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_content_without_a_problem(
    preset: str, language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new"
    assert start(new, "--preset", preset, "--language", language) == 0
    printed = set(capsys.readouterr().out.split())
    assert printed == {str(new / path) for path in files(new)}
    slug = PRESETS[preset].slug
    assert files(new) == {
        "content/organization.yml",
        f"content/{slug}/branch.yml",
        f"content/{slug}/about.md",
        f"content/{slug}/news/2026-11-23-welcome.md",
        "mkdocs.yml",
        "README.md",
        ".gitignore",
        *(f"deploy/systemd/{file.name}" for file in (REPOSITORY / "deploy/systemd").iterdir()),
    }
    assert (new / "deploy/systemd/next-timer").stat().st_mode & 0o100
    assert main(["check", "--root", str(new), "--strict", "--now", NOW]) == 0
    assert "{{" not in "".join((new / path).read_text("utf-8") for path in files(new))
    assert {file.name for file in tmp_path.iterdir()} == {"new"}


def test_every_word_of_it_is_what_it_always_was(tmp_path: Path) -> None:
    everything = [
        *("--timezone", "Europe/Berlin", "--email", "a@example.org", "--admin", "@a", "--admin", "@b", "--admin", "@a"),
        *(
            "--branch-term",
            "chapter",
            "--committee-term",
            "council",
            "--branch-name",
            "East: #1",
            "--branch-slug",
            "east",
        ),
    ]
    starts = {
        **{f"{language} {preset}": ["--language", language, "--preset", preset]
           for language in ("zh", "en") for preset in PRESETS},
        "zh with a term": ["--language", "zh", "--branch-term", "分部", "--url", "http://example.org/a"],
        "en with everything": ["--language", "en", "--host", "github", *everything, "--url", "https://example.org/"],
    }  # fmt: skip
    told: dict[str, str] = {}
    for name, options in starts.items():
        new = tmp_path / name
        assert start(new, *options) == 0
        written = sorted(path for path in files(new) if not path.startswith("deploy/"))
        told |= {f"{name}: {path}": (new / path).read_text("utf-8").replace(__version__, "X") for path in written}
    # What is the same everywhere is there once.
    once = {text: path for path, text in reversed(told.items())}
    compare("start", {path: text if once[text] == path else f"= {once[text]}" for path, text in told.items()})


def test_what_was_started_is_built(tmp_path: Path) -> None:
    """With status 0 and no warning, with the theme that comes with the program; its copy makes no difference."""
    new = tmp_path / "new"
    options = ["--branch-term", "分部", "--branch-name", "东区", "--branch-slug", "east", "--email", "a@example.org"]
    assert start(new, *options, "--admin", "@wang", "--host", "github") == 0
    build = ["build", "--root", str(new), "--now", NOW, "--executor", "serial", "--strict"]
    assert main(build) == 0
    page = (new / "sites/index.html").read_text("utf-8")
    assert "东区" in page
    assert "分部" in page
    assert "网站开通了" in (new / "sites/east/index.html").read_text("utf-8")
    assert "@wang" in (new / ".github/CODEOWNERS").read_text("utf-8")
    # Without a theme of its own, and then with one that is the same.
    assert not (new / "theme").exists()
    assert main(["new", "theme", "--root", str(new)]) == 0
    assert main(["new", "theme", "--root", str(new)]) == 2
    report = tmp_path / "report.json"
    assert main([*build, "--report", str(report)]) == 0
    assert '"branches_built": 0' in report.read_text("utf-8")


def test_on_a_terminal_everything_is_asked(tmp_path: Path) -> None:
    """In the order of the answers; Enter takes what stands in brackets."""
    mine, theirs = pty.openpty()
    command = [sys.executable, "-m", "builder", "start", str(tmp_path / "new"), "--now", NOW]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        os.close(theirs)
        answers = [
            "fr",
            "en",
            "An Association",
            "www.example.org",
            "association",
            "section",
            "",
            "East",
            "",
            "",
            "@a @b",
            "gitea",
        ]
        os.write(mine, "".join(f"{answer}\n" for answer in answers).encode())
        _, said = process.communicate(timeout=60)
    os.close(mine)
    assert process.returncode == 0, said.decode()
    written = (tmp_path / "new/content/organization.yml").read_text("utf-8")
    assert 'name: "An Association"' in written
    assert 'terms: {branch: "section", branches: "sections", committee: "board"' in written
    assert 'admins: ["@a", "@b"]' in written
    assert 'name: "East"' in (tmp_path / "new/content/first/branch.yml").read_text("utf-8")
    assert "@a @b" in (tmp_path / "new/CODEOWNERS").read_text("utf-8")
    assert "[board]" in said.decode()


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("github", ".github/workflows/sites.yml"),
        ("gitea", ".gitea/workflows/sites.yml"),
        ("gitlab", ".gitlab-ci.yml"),
    ],
)
def test_a_git_host_checks_builds_and_publishes(host: str, path: str, tmp_path: Path) -> None:
    assert start(tmp_path / "new", "--host", host, "--admin", "@wang") == 0
    text = (tmp_path / "new" / path).read_text("utf-8")
    assert f"BRANCHPRESS: branchpress=={__version__}\n" in text
    steps = yaml.safe_load(text)
    if host == "gitlab":
        assert steps["check"]["script"] == ["branchpress check --format gitlab > problems.json"]
        runs = steps["publish"]["script"]
    else:
        assert steps["jobs"]["check"]["steps"][-1]["run"] == "branchpress check --format github"
        runs = [step["run"] for step in steps["jobs"]["publish"]["steps"] if "run" in step][1:]
    assert runs == [
        "branchpress build || [ $? = 1 ]",
        "if [ -f publish.yml ]; then branchpress publish; fi",
        "if [ -f digest.yml ]; then branchpress digest; fi",
    ]
    assert {each for each in files(tmp_path / "new") if each.endswith("CODEOWNERS")}


@pytest.mark.parametrize(
    "options",
    [
        ["--branch-slug", "search"],
        ["--branch-slug", "East Side"],
        ["--url", "not an address"],
        ["--timezone", "Mars/Olympus"],
    ],
)
def test_answers_that_will_not_do_leave_nothing_behind(
    options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert start(tmp_path / "new", *options) == 2
    assert capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_without_a_git_host_an_administrator_has_no_file_for_one(tmp_path: Path) -> None:
    assert start(tmp_path / "new", "--host", "none", "--admin", "@wang") == 0
    assert not [path for path in files(tmp_path / "new") if "CODEOWNERS" in path]
    assert start(tmp_path / "other", "--host", "gitlab") == 0
    assert not [path for path in files(tmp_path / "other") if "CODEOWNERS" in path]


def test_name_and_address_have_to_be_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["start", str(tmp_path / "new"), "--name", "甲"]) == 2
    assert "--url" in capsys.readouterr().err


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert start(tmp_path) == 2
    assert files(tmp_path) == {"mine.txt"}
    (tmp_path / "mine.txt").unlink()
    # An empty repository that was just cloned is empty.
    (tmp_path / ".git").mkdir()
    assert start(tmp_path) == 0
    assert (tmp_path / "content/organization.yml").is_file()
    assert (tmp_path / ".git").is_dir()


def test_of_what_cannot_be_brought_into_a_folder_as_a_whole_nothing_stays(tmp_path: Path) -> None:
    made, target = tmp_path / "made", tmp_path / "new"
    for name in ("a/x", "b", "c"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).touch()
    # Somebody makes a folder there meanwhile.
    (target / "c/mine").mkdir(parents=True)
    with pytest.raises(OSError, match="c"):
        _bring(made, target)
    assert [each.name for each in target.iterdir()] == ["c"]


@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_no_folder(tmp_path: Path, there: bool) -> None:
    if there:
        (tmp_path / "real").mkdir()
    (tmp_path / "new").symlink_to(tmp_path / "real")
    assert start(tmp_path / "new") == 2
    assert (tmp_path / "new").is_symlink()
    assert files(tmp_path) == set()


def test_the_wheel_holds_the_theme_and_everything_that_is_read(tmp_path: Path) -> None:
    source = tmp_path / "source"
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout
    for path in listed.split("\0"):
        if re.match(r"builder/|theme/|deploy/|pyproject|README.md|LICENSE", path) and (REPOSITORY / path).is_file():
            (source / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPOSITORY / path, source / path)
    code = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=source, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    theme = {f"builder/{path}" for path in files(source) if path.startswith(("theme/", "deploy/"))}
    assert theme
    assert theme <= held
    ours = {path for path in files(source) if path.startswith("builder/")}
    not_shipped = {path for path in ours - held if not path.startswith("builder/edit/forms/")}
    assert {path for path in not_shipped if not path.endswith((".po", ".pot", ".md.tmpl"))} == set()

    # Run from the wheel, far from any checkout.
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "builder",
            "start",
            "new",
            "--name",
            "A",
            "--url",
            "https://example.org/",
            "--language",
            "en",
        ],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "installed"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    command = [sys.executable, "-m", "builder", "build", "--root", "new", "--executor", "serial"]
    environment = {"PYTHONPATH": str(tmp_path / "installed"), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "new/sites/first/index.html").is_file()
