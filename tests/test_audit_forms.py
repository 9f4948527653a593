"""The forms of an audit: text, JSON, CSV, SARIF, and the status of the command."""

from __future__ import annotations

import csv
import io
import json

import pytest
from conftest import NOW, SmallSite
from test_audit import POLICIES, SITE, of, seen

from builder.audit.forms import audit_csv, audit_json, audit_sarif
from builder.audit.telling import audit_text, what
from builder.cli.commands import main
from builder.messages.translation import translator


def test_the_same_content_and_clock_give_the_same_words(small_site: SmallSite) -> None:
    small_site.write(SITE).write(POLICIES)
    text = translator("zh")
    for form in (audit_text, audit_json, audit_csv, audit_sarif):
        assert form(seen(small_site), text) == form(seen(small_site), text)


@pytest.mark.parametrize(
    ("language", "names"), [("zh", "通知公告、政策文件、来信回应"), ("en", "通知公告, 政策文件, 来信回应")]
)
def test_several_names_are_joined_as_the_language_joins_them(small_site: SmallSite, language: str, names: str) -> None:
    small_site.write(SITE + "\n--- content/beta/branch.yml\nname: 乙支部\n")
    settings = small_site.root / "content" / "organization.yml"
    settings.write_text(settings.read_text("utf-8") + "audit: {empty-sections: 2}\n", "utf-8")
    (empty, *_) = of(seen(small_site), "empty-sections")
    assert names in what(empty, translator(language))
    assert names in audit_text(seen(small_site), translator(language))


def test_json_has_everything_by_name(small_site: SmallSite) -> None:
    small_site.write(SITE).write(POLICIES)
    data = json.loads(audit_json(seen(small_site), translator("en")))
    assert (data["profile"], data["failed"]) == ("campus", False)
    (lacking,) = [finding for finding in data["findings"] if finding["rule"] == "policy-uninterpreted"]
    assert (lacking["limit"], lacking["measure"], lacking["unit"], lacking["severity"]) == (
        "30 days",
        53,
        "days",
        "deduction",
    )
    assert lacking["hint"].startswith("Publish a text that explains")
    assert lacking["source"]


def test_csv_opens_in_a_spreadsheet_and_runs_nothing_there(small_site: SmallSite) -> None:
    small_site.write(
        SITE + "\n--- content/alpha/news/2026-11-22-a.md\n---\ntitle: '=1+1，\"引号\"'\nauthor: '@某'\n---\n正文。\n"
    )
    text = audit_csv(seen(small_site), translator("zh"))
    assert text.startswith("\ufeff支部,")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert {len(row) for row in rows} == {15}
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_sarif_names_rules_levels_and_places(small_site: SmallSite) -> None:
    small_site.write(SITE).write(POLICIES)
    run = json.loads(audit_sarif(seen(small_site), translator("en")))["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    (lacking,) = [result for result in run["results"] if result["ruleId"] == "policy-uninterpreted"]
    place = lacking["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == (
        "content/alpha/policies/2026-10-01-new.md",
        2,
    )


def test_the_command_says_by_its_status_whether_a_veto_is_broken(
    small_site: SmallSite, capsys: pytest.CaptureFixture[str]
) -> None:
    small_site.write(SITE)
    command = ["audit", "--root", str(small_site.root), "--jobs", "1"]
    assert main([*command, "--now", NOW]) == 0
    assert "检查方案：campus" in capsys.readouterr().out
    assert main([*command, "--now", "2027-06-01"]) == 1
    assert "  单项否决 网站不更新 [site-asleep]\n    content/alpha/branch.yml\n" in capsys.readouterr().out
    assert main([*command, "--now", NOW, "nobody"]) == 2
    assert "nobody" in capsys.readouterr().err
