"""Problems told to people and to programs."""

from __future__ import annotations

import json
import re
import string

import msgspec
import pytest

from builder.messages.codes import CATALOGUE, CAUSES
from builder.messages.formats import (
    MOST_OF_A_KIND,
    describe,
    place_of,
    problem_object,
    problems_github,
    problems_json,
    problems_sarif,
    problems_text,
)
from builder.messages.problems import Problem
from builder.messages.translation import Translator, translator

ZH, EN = translator("zh"), translator("en")
UNKNOWN = Problem(
    code="key-unknown",
    severity="warning",
    path="content/a/news/2026-11-20-走访.md",
    line=3,
    column=1,
    arguments={"key": "tilte", "near": "title"},
    branch="a",
)
UNREADABLE = Problem(
    code="file-unreadable", severity="error", path="content/a/x,y:50%.md", arguments={"name": "x\ny"}, effect="held"
)
NOTE = Problem(code="share-refused", severity="note", path="content/a/n.md", line=2, arguments={"branch": "b"})


def _names(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_message_is_there_in_both_languages_with_the_same_words(code: str) -> None:
    for message in CATALOGUE[code][2:]:
        chinese = ZH.gettext(message)
        assert message
        assert message in ("{cure}", "{cause}") or (chinese != message and re.search("[\u4e00-\u9fff]", chinese))
        assert _names(chinese) <= _names(message)
        assert _names(chinese) >= _names(CATALOGUE[code].what) or message != CATALOGUE[code].what


@pytest.mark.parametrize("cause", sorted(CAUSES))
def test_every_usual_cause_is_told_with_its_cure(cause: str) -> None:
    for code in ("front-matter-syntax", "yaml-syntax"):
        args = {"cause": cause, "key": "title", "character": "@"}
        problem = Problem(code=code, severity="error", path="content/a/x.md", line=1, column=1, arguments=args)
        for text in (ZH, EN):
            told = describe(problem, text)
            assert all(told)
            assert "{" not in told.what
        assert describe(problem, ZH).how != describe(problem, EN).how


def test_codes_are_words_with_hyphens_and_have_a_severity() -> None:
    for name, code in CATALOGUE.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name)
        assert code.severity in ("error", "warning", "note")


def test_an_unknown_key_is_told_with_the_one_that_was_meant() -> None:
    told = describe(UNKNOWN, EN)
    assert told.what == "There is no key “tilte”."
    assert "title" in told.how
    other = describe(
        Problem(code="key-unknown", severity="warning", path="x", arguments={"key": "xyz", "near": ""}), EN
    )
    assert "Did you mean" not in other.how


def test_expectations_are_told_in_the_readers_language() -> None:
    args = {"key": "draft", "value": "later", "expected": "true or false"}
    problem = Problem(code="value-type", severity="error", path="x", arguments=args)
    assert "true or false" in describe(problem, EN).why
    assert "true or false" not in describe(problem, ZH).why


def test_a_place_as_far_as_it_is_known() -> None:
    assert place_of(UNKNOWN) == "content/a/news/2026-11-20-走访.md:3:1"
    assert place_of(NOTE) == "content/a/n.md:2"
    assert place_of(UNREADABLE) == "content/a/x,y:50%.md"


def test_text_for_people() -> None:
    text = problems_text([UNKNOWN, UNREADABLE], [ZH])
    # Errors come first, whatever is before them by path.
    second, first = text.split("\n\n")
    assert first.startswith("content/a/news/2026-11-20-走访.md:3:1: ")
    assert "[key-unknown]" in first
    assert "→" in first
    assert "[file-unreadable]" in second
    assert len(second.strip().split("\n")) == 5
    assert "\033" not in text
    assert "\033[31m" in problems_text([UNREADABLE], [ZH], color=True)
    assert problems_text([], [ZH]) == ""


def test_the_same_problem_in_many_files_is_one_paragraph() -> None:
    many = [msgspec.structs.replace(UNKNOWN, path=f"content/a/news/{number}.md") for number in range(5445)]
    text = problems_text([*many, UNREADABLE], [EN])
    assert text.index("[file-unreadable]") < text.index("[key-unknown]")
    assert text.count("[key-unknown]") == 1
    assert "Also in 5444 more places: content/a/news/1.md:3:1, content/a/news/2.md:3:1" in text
    assert len(text.splitlines()) < 15
    assert problems_text(many[:9], [EN], verbose=True).count("[key-unknown]") == 9


def test_of_a_kind_that_is_everywhere_the_first_are_written_out() -> None:
    many = [msgspec.structs.replace(UNKNOWN, arguments={"key": f"k{number}", "near": ""}) for number in range(100)]
    text = problems_text([*many, UNREADABLE], [EN])
    assert text.count("There is no key") == MOST_OF_A_KIND
    assert "80 more of this kind; --verbose shows all." in text
    held = [msgspec.structs.replace(each, severity="error", effect="held") for each in many]
    assert problems_text(held, [EN]).count("There is no key") == 100


def test_both_languages_where_the_organizations_is_not_known() -> None:
    text = problems_text([UNKNOWN], [ZH, EN])
    assert "There is no key “tilte”." in text
    assert describe(UNKNOWN, ZH).what in text


def test_json() -> None:
    data = json.loads(problems_json([UNKNOWN, UNREADABLE], EN))
    assert data["version"] == 1
    assert data["problems"][0] == problem_object(UNKNOWN, EN)
    assert set(data["problems"][1]) == set("code severity branch path line column message hint effect".split())
    assert (data["problems"][1]["line"], data["problems"][1]["column"], data["problems"][1]["effect"]) == (
        None,
        None,
        "held",
    )


def test_workflow_commands_are_one_line_each_and_escaped() -> None:
    lines = problems_github([UNKNOWN, UNREADABLE, NOTE], EN).splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("::warning file=content/a/news/2026-11-20-走访.md,line=3,col=1,title=key-unknown::")
    assert lines[1].startswith("::error file=content/a/x%2Cy%3A50%25.md,title=file-unreadable::“x⏎y”")
    assert lines[2].startswith("::notice file=content/a/n.md,line=2,title=share-refused::")


def test_sarif() -> None:
    log = json.loads(problems_sarif([UNKNOWN, UNREADABLE, NOTE, UNKNOWN], EN))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["file-unreadable", "key-unknown", "share-refused"]
    assert rules[1]["shortDescription"]["text"] == "There is no key “…”."
    assert not any(
        "{" in rule[part]["text"] for rule in rules for part in ("shortDescription", "fullDescription", "help")
    )
    assert [(rules[each["ruleIndex"]]["id"], each["level"]) for each in run["results"]] == [
        ("key-unknown", "warning"),
        ("file-unreadable", "error"),
        ("share-refused", "note"),
        ("key-unknown", "warning"),
    ]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "content/a/news/2026-11-20-%E8%B5%B0%E8%AE%BF.md"
    assert place["region"] == {"startLine": 3, "startColumn": 1}
    assert "region" not in run["results"][1]["locations"][0]["physicalLocation"]
    assert run["results"][2]["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}


def test_rules_of_every_code_can_be_told_in_general() -> None:
    problems = [
        Problem(code=code, severity=CATALOGUE[code].severity, path="x", arguments=dict.fromkeys(_all(code), "y"))
        for code in CATALOGUE
    ]
    for text in (ZH, EN):
        rules = json.loads(problems_sarif(problems, text))["runs"][0]["tool"]["driver"]["rules"]
        assert len(rules) == len(CATALOGUE)


def _all(code: str) -> set[str]:
    return {name for message in CATALOGUE[code][2:] for name in _names(message)}


@pytest.mark.parametrize(("text", "names"), [(EN, "values: a, b"), (ZH, "a、b")])
def test_several_names_are_joined_as_the_language_joins_them(text: Translator, names: str) -> None:
    problem = Problem(
        code="value-choice",
        severity="error",
        path="x",
        arguments={"key": "status", "value": "c", "choices": ("a", "b"), "near": ""},
    )
    told = describe(problem, text)
    assert names in " ".join(told)
    assert names in problems_sarif([problem], text)
