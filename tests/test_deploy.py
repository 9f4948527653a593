"""The templates in deploy/, each looked at by the program that reads it, or by its schema; their commands by our own parser."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import servers
import yaml
from conftest import NOW, REPOSITORY, SmallSite
from jsonschema.validators import validator_for

from builder import __version__
from builder.cli.arguments import parser
from builder.cli.commands import main
from builder.content.targets import read_targets
from builder.messages.translation import translator

DEPLOY = REPOSITORY / "deploy"
_SPEC = find_spec("check_jsonschema")
assert _SPEC is not None
SCHEMAS = Path(str(_SPEC.origin)).parent / "builtin_schemas/vendor"
TEXTS = {file.relative_to(DEPLOY).as_posix(): file.read_text("utf-8") for file in DEPLOY.rglob("*") if file.is_file()}
UNITS = sorted(name for name in TEXTS if name.endswith((".service", ".timer")))


def commands(text: str) -> Iterator[list[str]]:
    """The arguments of every call of the program in a text."""
    for line in text.splitlines():
        line = re.sub(r"^\s*(?:FROM|COPY|ENTRYPOINT|Description|#(?!   )).*", "", line)
        for match in re.finditer(r"(?:^|[\s/\"'])branchpress ((?:[a-z]+)[^|;>]*)", line):
            words = re.split(r"['\"]?\]|['\"]$|\s(?:then|fi)\b", match[1])[0]
            if not re.match(r"-f |\./|is |before ", words):
                yield shlex.split(words)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_commands_and_options_are_there(name: str) -> None:
    known = parser(translator("en"))
    for arguments in commands(TEXTS[name]):
        known.parse_args(arguments)


def test_commands_are_found() -> None:
    found = {name: [words[0] for words in commands(text)] for name, text in TEXTS.items()}
    everything = ["check", "build", "publish", "digest"]
    assert found["ci/actions.yml"] == found["ci/gitlab.yml"] == found["ci/woodpecker.yml"] == everything
    assert found["systemd/branchpress.service"] == ["build", "publish", "next"]
    assert found["systemd/branchpress-digest.service"] == ["digest"]
    assert found["container/compose.yml"] == ["build", "publish", "digest", "status"]


class TestSystemd:
    """Units for systemd-analyze; the script that moves the timer for a shell."""

    def test_units_are_as_systemd_wants_them(self, tmp_path: Path) -> None:
        analyze = servers.find("systemd-analyze")
        if not analyze:
            pytest.skip("systemd-analyze is not on this machine")
        program = tmp_path / "program"
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
        for name in UNITS:
            text = TEXTS[name].replace("/srv/branchpress/sites/.venv/bin/branchpress", str(program))
            text = text.replace("/usr/local/lib/branchpress/next-timer", str(program)).replace(
                "/usr/bin/git", str(program)
            )
            (tmp_path / Path(name).name).write_text(text, "utf-8")
        units = [str(tmp_path / Path(name).name) for name in UNITS]
        done = subprocess.run(
            [analyze, "verify", "--man=no", *units], capture_output=True, text=True, check=False, cwd=tmp_path
        )
        complaints = [line for line in done.stderr.splitlines() if str(tmp_path) in line or "branchpress" in line]
        assert complaints == []
        assert done.returncode == 0, done.stderr

    def test_what_is_held_back_is_no_failure_of_the_service(self) -> None:
        lines = TEXTS["systemd/branchpress.service"].splitlines()
        assert "SuccessExitStatus=1" in lines
        assert "ExecStartPre=-/usr/bin/git pull --ff-only --quiet" in lines

    def run(self, tmp_path: Path, note: str | None) -> tuple[str | None, list[str]]:
        """Runs next-timer with a note; returns the drop-in, and what systemctl was told."""
        fake = tmp_path / "bin"
        fake.mkdir(exist_ok=True)
        told = tmp_path / "told"
        told.unlink(missing_ok=True)
        (fake / "systemctl").write_text(f'#!/bin/sh\necho "$@" >> {told}\n')
        (fake / "systemctl").chmod(0o755)
        if note is not None:
            (tmp_path / "next").write_text(note, "utf-8")
        environment = os.environ | {"PATH": f"{fake}:{os.environ['PATH']}"}
        script = [str(DEPLOY / "systemd/next-timer"), str(tmp_path / "next"), str(tmp_path / "timer.d")]
        subprocess.run(script, env=environment, check=True)
        file = tmp_path / "timer.d/next.conf"
        said = told.read_text("utf-8").splitlines() if told.exists() else []
        return (file.read_text("utf-8") if file.exists() else None), said

    def test_next_moves_the_timer(self, tmp_path: Path) -> None:
        moved = ["daemon-reload", "restart branchpress.timer"]
        first = self.run(tmp_path, "2026-12-01T00:00:00+08:00\n")
        assert first == ("[Timer]\nOnCalendar=2026-11-30 16:00:00 UTC\n", moved)
        assert self.run(tmp_path, "2026-12-01T00:00:00+08:00\n") == (first[0], [])
        analyze = servers.find("systemd-analyze")
        if analyze:
            subprocess.run([analyze, "calendar", "2026-11-30 16:00:00 UTC"], check=True, capture_output=True)
        assert self.run(tmp_path, "") == (None, moved)
        assert self.run(tmp_path, "") == (None, [])

    @pytest.mark.parametrize(
        "note",
        [None, "x", "2026-12-01T00:00:00+08:00; reboot", "$(reboot)", "2026-12-01", "\n2026-12-01T00:00:00+08:00"],
    )
    def test_nothing_but_a_time_is_taken_from_the_note(self, note: str | None, tmp_path: Path) -> None:
        assert self.run(tmp_path, note) == (None, [])

    def test_the_note_is_what_next_prints(
        self, site: SmallSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        site.write("--- content/alpha/news/2026-12-01-later.md\n---\ntitle: 以后\n---\n文\n")
        assert main(["next", "--root", str(site.root), "--now", NOW]) == 0
        assert self.run(tmp_path, capsys.readouterr().out)[0] == "[Timer]\nOnCalendar=2026-11-30 16:00:00 UTC\n"


class TestPipelines:
    """Pipelines and the compose file, by the schemas that their makers publish."""

    @pytest.mark.parametrize(
        ("name", "schema"),
        [
            ("ci/actions.yml", "github-workflows"),
            ("ci/gitlab.yml", "gitlab-ci"),
            ("ci/woodpecker.yml", "woodpecker-ci"),
            ("container/compose.yml", "compose-spec"),
        ],
    )
    def test_they_are_valid(self, name: str, schema: str) -> None:
        # "on" is a word for true to YAML 1.1, not to those who read these.
        loaded: dict[Any, Any] = yaml.safe_load(TEXTS[name])
        if True in loaded:
            loaded["on"] = loaded.pop(True)
        rules = json.loads((SCHEMAS / f"{schema}.json").read_text("utf-8"))
        errors = [error.message for error in validator_for(rules)(rules).iter_errors(loaded)]
        assert errors == []

    def test_the_schemas_find_mistakes(self) -> None:
        rules = json.loads((SCHEMAS / "github-workflows.json").read_text("utf-8"))
        assert list(validator_for(rules)(rules).iter_errors({"on": "push", "jobs": {"a": {"step": []}}}))

    @pytest.mark.parametrize("name", ["ci/actions.yml", "ci/gitlab.yml", "ci/woodpecker.yml"])
    def test_they_install_this_version(self, name: str) -> None:
        assert f"BRANCHPRESS: branchpress=={__version__}\n" in TEXTS[name]

    @pytest.mark.parametrize("name", ["ci/actions.yml", "ci/gitlab.yml", "ci/woodpecker.yml"])
    @pytest.mark.parametrize(("status", "ends"), [(0, 0), (1, 0), (2, 1)])
    def test_what_is_held_back_does_not_stop_publishing(self, name: str, status: int, ends: int) -> None:
        (line,) = (line.split("run: ")[-1].removeprefix("- ") for line in TEXTS[name].splitlines() if "$? = 1" in line)
        shell = f"branchpress() {{ return {status}; }}; {line.strip().removeprefix('- ')}"
        assert subprocess.run(["bash", "-e", "-c", shell], check=False).returncode == ends


def steps(name: str) -> list[str]:
    """The shell's lines of the part of a pipeline that builds, but for the installation."""
    loaded: dict[str, Any] = yaml.safe_load(TEXTS[name])
    if name == "ci/actions.yml":
        lines = [step["run"] for step in loaded["jobs"]["publish"]["steps"] if "run" in step]
    elif name == "ci/gitlab.yml":
        lines = [*loaded["before_script"], *loaded["publish"]["script"]]
    else:
        lines = loaded["steps"][1]["commands"]
    assert lines[0] == 'pip install "$BRANCHPRESS"'
    return lines[1:]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ci/actions.yml", "ci/gitlab.yml", "ci/woodpecker.yml"])
def test_a_pipeline_publishes_all_but_what_has_a_mistake(name: str, site: SmallSite, tmp_path: Path) -> None:
    program = tmp_path / "branchpress"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m builder "$@"\n', "utf-8")
    program.chmod(0o755)
    site.write("--- publish.yml\nweb: {folder: www}\n")
    site.write("--- content/alpha/news/2026-11-22-bad.md\n---\ntitle: 坏\ndate: 2026-11-31\n---\n文\n")
    path = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(REPOSITORY)}
    script = "\n".join(steps(name)).replace("/state", str(tmp_path / "state"))
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=site.root, env=os.environ | path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (site.root / "www/current/alpha/news/2026-11-20-visit/index.html").is_file()
    assert not (site.root / "www/current/alpha/news/2026-11-22-bad").exists()


def test_problems_stand_beside_their_lines_in_gitlab(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    site.write("--- content/alpha/news/2026-11-22-bad.md\n---\ntitle: 坏\ndate: 2026-11-31\n---\n文\n")
    assert main(["check", "--format", "gitlab", "--root", str(site.root), "--now", NOW]) == 1
    (problem,) = json.loads(capsys.readouterr().out)
    assert problem["location"] == {"path": "content/alpha/news/2026-11-22-bad.md", "lines": {"begin": 3}}
    assert (problem["check_name"], problem["severity"]) == ("date-invalid", "major")
    assert re.fullmatch("[0-9a-f]{64}", problem["fingerprint"])
    assert "2026-11-31" in problem["description"]


class TestContainer:
    """The container's file by its instructions, nginx's settings by nginx."""

    def test_everything_that_is_copied_is_there(self) -> None:
        text = TEXTS["container/Containerfile"].replace("\\\n", " ")
        lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
        assert {words[0] for words in lines} <= {"FROM", "RUN", "WORKDIR", "COPY", "USER", "ENTRYPOINT", "CMD"}
        copied = [path for words in lines if words[0] == "COPY" for path in words[1:-1]]
        assert all((REPOSITORY / path).exists() for path in copied)
        ignored = {"content", "sites", "tests", "docs"}
        listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
        packaged = {
            line.split("/")[0] for line in listed.splitlines() if "/" in line and not line.startswith((".", '"'))
        }
        assert packaged - ignored <= {path.rstrip("/") for path in copied}
        assert lines[-3] == ["WORKDIR", "/work"]
        assert "USER 1000:1000" in text

    def test_the_folder_of_publish_yml_is_that_of_the_volume(self, tmp_path: Path) -> None:
        (target,) = re.findall(r"web: \{folder: \S+\}", TEXTS["container/compose.yml"])[:1]
        (tmp_path / "publish.yml").write_text(target, "utf-8")
        targets, problems = read_targets(tmp_path)
        assert problems == ()
        compose = yaml.safe_load(TEXTS["container/compose.yml"])
        assert f"www:{targets['web'].place}" in compose["services"]["sites"]["volumes"]
        assert f"{targets['web'].place}/current" in TEXTS["container/nginx.conf"]

    @pytest.mark.slow
    def test_nginx_takes_its_settings_before_and_after_the_first_publication(
        self, site: SmallSite, tmp_path: Path
    ) -> None:
        if not servers.find("nginx"):
            pytest.skip("nginx is not on this machine")
        port = servers.free_port()
        text = (
            TEXTS["container/nginx.conf"]
            .replace("/srv/www", f"{tmp_path}/www")
            .replace("listen 80;", f"listen {port};")
        )
        places = "".join(
            f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        file = tmp_path / "nginx.conf"
        file.write_text(text.replace("http {", f"pid {tmp_path}/pid;\nhttp {{ {places}"), "utf-8")
        command = [servers.find("nginx"), "-t", "-q", "-e", "stderr", "-c", str(file), "-p", str(tmp_path)]
        assert subprocess.run(command, capture_output=True, text=True, check=False).returncode == 0
        site.write(f"--- publish.yml\nweb: {{folder: {tmp_path}/www}}\n").build()
        assert main(["publish", "--root", str(site.root), "--now", NOW]) == 0
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.skipif(not shutil.which("make"), reason="make is not on this machine")
@pytest.mark.parametrize(
    ("status", "options", "ends"),
    [(0, "", 0), (1, "", 0), (1, "ARGS=--jobs 1", 0), (1, "ARGS=--strict", 2), (2, "", 2)],
)
def test_make_fails_only_where_nothing_was_built(status: int, options: str, ends: int, tmp_path: Path) -> None:
    (tmp_path / "branchpress").write_text(f"#!/bin/sh\nexit {status}\n")
    (tmp_path / "branchpress").chmod(0o755)
    (tmp_path / "stamp").touch()
    own = [f"RUN={tmp_path}", f"STAMP={tmp_path}/stamp", *([options] if options else [])]
    done = subprocess.run(["make", "-s", "site", *own], cwd=REPOSITORY, capture_output=True, check=False)
    assert done.returncode == ends
