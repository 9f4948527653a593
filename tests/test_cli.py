"""The commands as users type them: what is printed where, and with which exit status."""

from __future__ import annotations

import argparse
import gc
import json
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import timedelta

import msgspec
import pytest
from conftest import NOW, SmallSite
from PIL import Image

from builder.cli.commands import main
from builder.cli.console import executor_of, now_of
from builder.cli.report import counts, exit_status, summary
from builder.content import read_organization
from builder.messages.diagnostics import Severity
from builder.messages.problems import Effect, Problem
from builder.messages.translation import translator
from builder.pipeline.conductor import Result
from builder.store.publish import FileCounts

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _there(site: SmallSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.root)


def test_build_writes_sites_and_says_so(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--now", NOW]) == 0
    assert site.exists("alpha/index.html")
    said = capsys.readouterr()
    assert said.out == ""
    assert "2 个支部中有 2 个有变化" in said.err


def test_the_summary_counts_new_and_changed_pages_apart(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    site.build()
    site.write("--- content/alpha/news/2026-11-20-visit.md\n---\ntitle: 走访慰问\n---\n改了。\n")
    main(["build", "--now", NOW])
    said = capsys.readouterr().err
    assert "新增 0 页" in said
    assert "更新 0 页" not in said
    site.write("--- content/alpha/news/2026-11-22-new.md\n---\ntitle: 新\n---\n文\n")
    main(["build", "--now", NOW])
    assert "新增 1 页" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("sites", "effect", "severity", "status", "strict"),
    [
        ({"a": "built", "b": "unchanged"}, None, None, 0, 0),
        ({"a": "kept"}, None, None, 1, 1),
        ({"a": "missing"}, None, None, 1, 1),
        ({"a": "built"}, "none", "error", 1, 1),
        ({"a": "built"}, "held", "warning", 1, 1),
        ({"a": "built"}, "none", "warning", 0, 1),
        ({"a": "built"}, "none", "note", 0, 0),
    ],
)
def test_the_status_of_a_build(
    site: SmallSite, sites: dict[str, str], effect: Effect | None, severity: Severity, status: int, strict: int
) -> None:
    problems = () if effect is None else (Problem(code="x", severity=severity, path="x", effect=effect),)
    organization, _ = read_organization(site.root)
    assert organization is not None
    result = Result(organization, problems, sites, {}, {}, None, FileCounts())
    assert (exit_status(result, strict=False), exit_status(result, strict=True)) == (status, strict)


def test_the_report_counts_each_state_by_itself(site: SmallSite) -> None:
    organization, _ = read_organization(site.root)
    assert organization is not None
    states = ["built", "unchanged", "kept", "missing"]
    sites = {f"{state}{number}": state for place, state in enumerate(states, 1) for number in range(place)}
    entries = ["published", "held", "missing", "draft", "scheduled", "expired", "waiting"]
    told = [Problem(code="x", severity=severity, path="x") for severity in ("warning", "error", "error", "note")]
    numbers = dict(zip(entries, range(11, 18), strict=True))
    result = Result(organization, tuple(told), sites, numbers, {}, None, FileCounts(21, 22, 23))
    assert list(counts(result).items()) == [
        ("branches", 10), ("branches_built", 1), ("branches_unchanged", 2), ("branches_kept", 3), ("branches_missing", 4),
        ("entries", 98), ("published", 11), ("held", 12), ("missing", 13), ("drafts", 14), ("scheduled", 15),
        ("expired", 16), ("waiting", 17), ("files_written", 21), ("files_unchanged", 22), ("files_removed", 23),
        ("warnings", 1), ("errors", 2),
    ]  # fmt: skip
    nothing = counts(Result(organization, (), {}, {}, {}, None, FileCounts()))
    assert set(nothing.values()) == {0}


def test_build_reports_as_json(site: SmallSite) -> None:
    site.write("--- content/alpha/news/2026-11-22-bad.md\n---\ntitle: 坏\ndate: 2026-11-31\n---\n文\n")
    assert main(["build", "--now", NOW, "--report", "report.json"]) == 1
    report = json.loads((site.root / "report.json").read_text("utf-8"))
    assert report["version"] == 1
    assert report["exit"] == 1
    assert report["counts"] == {
        "branches": 2, "branches_built": 2, "branches_unchanged": 0, "branches_kept": 0, "branches_missing": 0,
        "entries": 3, "published": 2, "held": 0, "missing": 1, "drafts": 0, "scheduled": 0, "expired": 0, "waiting": 0,
        "files_written": report["counts"]["files_written"], "files_unchanged": 0, "files_removed": 0,
        "warnings": 0, "errors": 1,
    }  # fmt: skip
    (problem,) = report["problems"]
    assert problem.pop("message")
    assert problem.pop("hint")
    assert problem == {
        "code": "date-invalid", "severity": "error", "branch": "alpha",
        "path": "content/alpha/news/2026-11-22-bad.md", "line": 3, "column": 7, "effect": "missing",
    }  # fmt: skip


def test_strict_changes_the_status_and_nothing_else(site: SmallSite) -> None:
    site.write("--- content/alpha/news/2026-11-22-w.md\n---\ntitle: 警告\nzzz: 1\n---\n文\n")
    assert main(["build", "--now", NOW]) == 0
    before = site.files()
    assert main(["build", "--now", NOW, "--strict"]) == 1
    assert site.files() == before
    assert main(["check", "--now", NOW]) == 0
    assert main(["check", "--now", NOW, "--strict"]) == 1


def test_explain_says_why(capsys: pytest.CaptureFixture[str], site: SmallSite) -> None:
    main(["build", "--now", NOW])
    site.write("--- content/alpha/about.md\n---\ntitle: 关于我们\n---\n改了。\n")
    capsys.readouterr()
    main(["build", "--now", NOW, "--explain"])
    lines = capsys.readouterr().out.splitlines()
    assert "alpha/about/index.html: content, data (text of alpha/about)" in lines
    assert "alpha/index.html: data (text of alpha/about)" in lines
    assert not any(line.startswith("beta/") for line in lines)


def test_explain_names_the_cause(capsys: pytest.CaptureFixture[str], site: SmallSite) -> None:
    about = "--- content/alpha/news/2026-11-19-about.md\n---\ntitle: 关于\nsummary: 摘要\n---\n文。\n"
    site.write(about)
    main(["build", "--now", NOW])
    visit = site.root / "content/alpha/news/2026-11-20-visit.md"
    visit.write_text(visit.read_text("utf-8").replace("走访慰问", "慰问"), encoding="utf-8")
    site.write(f"{about}\n改了。\n")
    site.write("--- content/beta/news/2026-11-22-new.md\n---\ntitle: 新\n---\n文\n")
    capsys.readouterr()
    main(["build", "--now", NOW, "--explain"])
    lines = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())
    assert lines["alpha/news/2026-11-20-visit/index.html"].endswith("(title of alpha/news/2026-11-20-visit)")
    assert lines["alpha/news/index.html"] == "data (title of alpha/news/2026-11-20-visit)"
    assert lines["alpha/news/2026-11-19-about/index.html"].endswith("(text of alpha/news/2026-11-19-about)")
    assert lines["beta/news/2026-11-22-new/index.html"] == "new (new of beta/news/2026-11-22-new)"
    assert lines["hub/index.html"] == ("data (title of alpha/news/2026-11-20-visit, new of beta/news/2026-11-22-new)")
    assert all("(" in line for line in lines.values())


def test_explain_tells_pages_of_the_hub_apart(capsys: pytest.CaptureFixture[str], site: SmallSite) -> None:
    pages = "".join(f"--- content/hub/{name}.md\n---\ntitle: {name}\n---\n文\n" for name in ("one", "two"))
    site.write(pages)
    main(["build", "--now", NOW])
    site.write(pages.replace("文", "改"))
    capsys.readouterr()
    main(["build", "--now", NOW, "--explain"])
    lines = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())
    assert [lines[f"hub/{name}/index.html"].partition("(")[2] for name in ("one", "two")] == [
        "text of hub/one)",
        "text of hub/two)",
    ]


def test_a_file_alone_that_was_written_is_a_change(site: SmallSite) -> None:
    organization, _ = read_organization(site.root)
    assert organization is not None
    english = translator("en")
    for files, words in (
        (FileCounts(unchanged=9), "Nothing has changed in 0 branches."),
        (FileCounts(written=1), "0 of 0 branches have changed: 0 new pages, 0 changed pages, 0 files removed."),
        (FileCounts(removed=1), "0 of 0 branches have changed: 0 new pages, 0 changed pages, 1 files removed."),
    ):
        assert summary(Result(organization, (), {}, {}, {}, None, files), english, site.output).startswith(words)


def test_explain_names_a_setting_of_the_organization(capsys: pytest.CaptureFixture[str], site: SmallSite) -> None:
    main(["build", "--now", NOW])
    settings = site.root / "content/organization.yml"
    text = settings.read_text("utf-8").replace("示范大学党建在线", "别的名字").replace("public: true", "public: false")
    settings.write_text(f"{text}logo: hub/media/logo.png\naudit: {{profile: gov-2019}}\n", encoding="utf-8")
    logo = site.root / "content/hub/media/logo.png"
    logo.parent.mkdir(parents=True)
    Image.new("RGB", (64, 64), "red").save(logo)
    capsys.readouterr()
    main(["build", "--now", NOW, "--explain"])
    lines = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())
    assert lines["hub/index.html"].endswith("(audit, health, logo, name of organization)")
    assert lines["alpha/index.html"].endswith("(audit, health, logo, name of organization)")


def test_explain_names_sections(capsys: pytest.CaptureFixture[str], site: SmallSite) -> None:
    added = "name: 甲支部\nsections: {add: {guides: {title: 指南, type: article}}}\n"
    site.write(f"--- content/alpha/branch.yml\n{added}")
    main(["build", "--now", NOW])

    def explained(path: str, old: str, new: str) -> Mapping[str, str]:
        file = site.root / "content" / path
        file.write_text(file.read_text("utf-8").replace(old, new), encoding="utf-8")
        main(["build", "--now", NOW, "--explain"])
        return dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())

    lines = explained("organization.yml", "title: 支部动态", "title: 动态")
    assert lines["alpha/news/index.html"].endswith("(sections of organization)")
    lines = explained("alpha/branch.yml", "指南", "手册")
    assert lines["alpha/guides/index.html"].endswith("(sections of alpha)")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["build", "nobody"], "nobody"),
        (["build", "--now", "someday"], "someday"),
        (["build", "--root", "nowhere"], "content/"),
        (["build", "--jobs", "0"], "--jobs"),
        (["build", "--executor", "no.such:thing"], "no.such:thing"),
        (["schema", "poem"], "poem"),
        (["check", "/etc/passwd"], "/etc/passwd"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert "Traceback" not in said


def test_an_unusable_organization_is_told_in_both_languages(
    site: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.write("--- content/organization.yml\nname: [\n")
    assert main(["build"]) == 2
    said = capsys.readouterr().err
    assert "yaml-syntax" in said
    assert "括号" in said
    assert "bracket" in said


def test_a_foreign_output_folder_is_refused(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    site.output.mkdir()
    (site.output / "thesis.doc").write_text("mine")
    assert main(["build"]) == 2
    assert "thesis" in {file.stem for file in site.output.iterdir()}
    assert "sites" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_check_reports_in_four_forms_and_writes_nothing(
    form: str, site: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.write("--- content/alpha/news/2026-11-22-bad.md\n---\ntitle: 坏\ndate: 2026-11-31\n---\n文\n")
    assert main(["check", "--now", NOW, "--format", form]) == 1
    out = capsys.readouterr().out
    assert "date-invalid" in out
    assert not site.output.exists()
    if form == "json":
        assert json.loads(out)["problems"][0]["line"] == 3
    if form == "github":
        assert out.startswith("::error file=content/alpha/news/2026-11-22-bad.md,line=3,col=7,title=date-invalid::")
    if form == "sarif":
        place = json.loads(out)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        assert place["region"] == {"startLine": 3, "startColumn": 7}


def test_check_can_look_at_some_files_only(site: SmallSite) -> None:
    site.write("--- content/alpha/news/2026-11-22-bad.md\n---\ntitle: 坏\ndate: 2026-11-31\n---\n文\n")
    assert main(["check", "--now", NOW, "content/beta"]) == 0
    assert main(["check", "--now", NOW, "content/alpha/news/2026-11-22-bad.md"]) == 1


def test_next_prints_when_something_falls_due(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["next", "--now", NOW]) == 0
    assert capsys.readouterr().out == ""
    site.write("--- content/alpha/news/2026-12-01-plan.md\n---\ntitle: 未来\n---\n文\n")
    main(["next", "--now", NOW])
    assert capsys.readouterr().out == "2026-12-01T00:00:00+08:00\n"


def test_schema_prints_json_schema(capsys: pytest.CaptureFixture[str]) -> None:
    import jsonschema

    assert main(["schema", "event"]) == 0
    schema = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["properties"]["starts"]["title"] == "开始"


def test_the_same_bytes_whatever_the_executor(site: SmallSite) -> None:
    assert main(["build", "--now", NOW]) == 0
    before = site.files()
    shutil.rmtree(site.output)
    shutil.rmtree(site.root / ".branchpress")
    assert main(["build", "--now", NOW, "--executor", "process", "--jobs", "2"]) == 0
    assert site.files() == before


def test_the_module_is_the_command(site: SmallSite) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "builder", "build", "--root", str(site.root), "--now", NOW],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def test_a_build_that_changes_nothing_loads_no_audit(site: SmallSite) -> None:
    build = ["build", "--root", str(site.root), "--now", NOW, "--executor", "serial"]
    assert main(build) == 0
    time.sleep(2.1)  # What was touched a moment ago is read again.
    assert main(build) == 0
    script = f"import sys; from builder.cli.commands import main; main({build!r}); print(*sys.modules)"

    def loaded() -> list[str]:
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
        names = done.stdout.split()
        assert "builder.pipeline.stages" in names
        return [name for name in names if name.startswith(("builder.audit", "mkdocs", "comrak", "PIL"))]

    # On a busy machine one build may still read what it cannot be sure of; the next one must not.
    assert loaded() == [] or loaded() == []


def test_an_audit_gives_the_garbage_collector_back(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert gc.isenabled()
    main(["audit", "--root", str(site.root), "--now", NOW])
    assert gc.isenabled()
    gc.disable()
    try:
        main(["audit", "--root", str(site.root), "--now", NOW])
        assert not gc.isenabled(), "and does not turn on what somebody else has turned off"
    finally:
        gc.enable()


def test_a_path_that_is_not_there_is_bad_usage(site: SmallSite, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--root", str(site.root), "content/alpha/nwes"]) == 2
    assert "content/alpha/nwes" in capsys.readouterr().err


def test_a_build_begins_at_a_whole_second(site: SmallSite) -> None:
    """What is told of it is written without parts of one."""
    organization, _ = read_organization(site.root)
    assert organization is not None
    now = now_of(argparse.Namespace(now=None), organization)
    assert (now.microsecond, now.utcoffset()) == (0, timedelta(hours=8))


@pytest.mark.parametrize(
    ("limit", "given", "megabytes"), [(1_500_000_001, None, 1501), (2_000_000_000, None, 2000), (1, 900, 900)]
)
def test_a_part_of_a_megabyte_counts_as_a_whole_one(
    site: SmallSite, limit: int, given: int | None, megabytes: int
) -> None:
    organization, _ = read_organization(site.root)
    assert organization is not None
    limits = msgspec.structs.replace(organization.limits, worker_memory=limit)
    organization = msgspec.structs.replace(organization, limits=limits)
    parsed = argparse.Namespace(jobs=1, deadline=None, memory=given, executor="process")
    with executor_of(parsed, organization)() as workers:
        asked = workers.submit(resource.getrlimit, resource.RLIMIT_DATA)
        assert asked.result()[0] == megabytes * 1_000_000


def test_an_error_anywhere_is_status_1_of_a_build(site: SmallSite) -> None:
    site.write("--- content/Not A Slug/branch.yml\nname: 丙\n")
    command = ["build", "--root", str(site.root), "--executor", "serial", "--now", NOW]
    assert main(command) == 1
    assert main(command) == 1
