"""What authors may write, as JSON Schema: true to what the loader accepts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import REPOSITORY
from jsonschema import Draft202012Validator

from builder.content.front_matter import split
from builder.content.schema.compound import Field, Fields
from builder.content.schema.document import json_schema
from builder.content.schema.kinds import KINDS
from builder.content.schema.types import ReadContext
from builder.content.yaml.nodes import read_yaml

CONTENT = REPOSITORY / "content"


class _Json(yaml.CSafeLoader):
    """YAML as editors read it for a JSON Schema: dates stay texts."""


_Json.yaml_implicit_resolvers = {
    key: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for key, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}

GOOD = [
    ("article", "title: 走访\ntags: 志愿服务、党建\nsource: 校报\ninterprets: policies/a\ndraft: false\n"),
    (
        "article",
        "tags: [2026, 党建]\nattachments: [a.pdf, {file: b.pdf, title: 名单}]\nshare_with: all\npinned: 2026-12-31\n",
    ),
    ("article", "image:\nauthor:\n"),
    ("notice", "period: {from: 2026-11-01, to: 2026-11-07}\n"),
    ("policy", "number: 校党〔2026〕1 号\nstatus: in force\nreplaces: policies/old\n"),
    ("event", "starts: 2026-11-20 14:00\nall_day: true\nstatus: cancelled\n"),
    ("letter", "question: |\n  几点开门？\nreceived: 2026-11-01\nfrom: 一位读者\nbody: 八点。\n"),
    ("voice", "text: 读书好。\nperson: 小王\n"),
    ("page", "title: 关于\norder: 3\n"),
    ("topic", "title: 读书月\ndiscussion: 你在读什么？\nclosed: 2026-12-31\n"),
    ("branch", "name: 甲支部\naccept: none\nsections: {hide: news, add: {labs: 实验室}}\ncommittee: [{name: 王五}]\n"),
    (
        "organization",
        "name: 甲\nurl: https://example.org/\nsections: {news: 动态, notices: }\nholidays: 2026-10-01\n",
    ),
]
BAD = [
    ("article", "tilte: 走访\n"),
    ("article", "hub: perhaps\n"),
    ("article", "title: [a, b]\n"),
    ("event", "title: 活动\n"),
    ("event", "starts: 2026-11-20\nstatus: maybe\n"),
    ("branch", "short_name: 甲\n"),
    ("organization", "name: 示范\nurl: https://example.org/\nlimits: {branch_pages: many}\n"),
]


@pytest.mark.slow
@pytest.mark.parametrize("kind", [None, *KINDS])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_schema_is_one(kind: str | None, language: str) -> None:
    schema = json_schema(kind, language)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"]


def test_every_key_is_explained_in_both_languages() -> None:
    chinese, english = json_schema(None, "zh")["$defs"], json_schema(None, "en")["$defs"]
    assert list(chinese) == list(KINDS)
    for kind in KINDS:
        for key, schema in chinese[kind]["properties"].items():
            other = english[kind]["properties"][key]
            assert schema["title"] != other["title"] or key == "markdown", key
            assert schema.get("description", "好") != other.get("description", "good"), key


def test_an_unknown_kind() -> None:
    with pytest.raises(KeyError):
        json_schema("poem", "en")


@pytest.mark.parametrize(("kind", "text"), GOOD)
def test_what_both_accept(kind: str, text: str) -> None:
    assert list(Draft202012Validator(json_schema(kind, "en")).iter_errors(yaml.load(text, _Json))) == []
    assert _faults(kind, text) == []


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_what_neither_accepts(kind: str, text: str) -> None:
    assert list(Draft202012Validator(json_schema(kind, "en")).iter_errors(yaml.load(text, _Json)))
    assert _faults(kind, text)


def _faults(kind: str, text: str) -> list[str]:
    node, faults = read_yaml(text)
    reading = ReadContext(UTC, "content/a/news")
    assert node is not None
    KINDS[kind].read(node, "", reading)
    return [fault.code for fault in (*faults, *reading.diagnostics)]


def test_the_demo_organization_satisfies_its_schemas() -> None:
    types = {slug: each["type"] for slug, each in _yaml(CONTENT / "organization.yml")["sections"].items()}
    validators = {kind: Draft202012Validator(json_schema(kind, "en")) for kind in KINDS}
    checked = 0
    for file in sorted(CONTENT.rglob("*")):
        kind = _kind(file, types)
        if kind:
            values = _yaml(file)
            assert [error.message for error in validators[kind].iter_errors(values)] == [], file
            checked += 1
    assert checked > 100


def _kind(file: Path, types: Mapping[str, str]) -> str:
    parts = file.relative_to(CONTENT).parts
    if file.suffix not in (".md", ".yml") or parts[0] == "organization.yml":
        return "organization" if parts[0] == "organization.yml" else ""
    if parts[0] == "hub":
        return "topic" if parts[1] == "topics" else "page"
    if len(parts) == 2:
        return "branch" if parts[1] == "branch.yml" else "page"
    own = _yaml(CONTENT / parts[0] / "branch.yml").get("sections") or {}
    added = {slug: (each or {}).get("type", "article") for slug, each in (own.get("add") or {}).items()}
    return {**types, **added}.get(parts[1], "article")


def _yaml(file: Path) -> dict[str, Any]:
    text = file.read_text("utf-8")
    matter = split(text)[0].matter if file.suffix == ".md" else text
    return yaml.load(matter or "", _Json) or {}


def _all(fields: Fields) -> Iterator[Field]:
    for each in fields.fields:
        yield each
        if isinstance(each.type, Fields):
            yield from _all(each.type)


def test_no_key_stands_twice() -> None:
    for kind, fields in KINDS.items():
        keys = [each.key for each in fields.fields]
        assert len(keys) == len(set(keys)), kind
        assert all(each.title for each in _all(fields))


@pytest.mark.parametrize("kind", ["organization", "branch", "event", "letter", "voice"])
def test_editors_have_the_schemas_as_they_are(kind: str) -> None:
    """`make schemas` brings them up to date."""
    file = REPOSITORY / ".vscode" / "schemas" / f"{kind}.json"
    assert json.loads(file.read_text("utf-8")) == json_schema(kind, "zh")
