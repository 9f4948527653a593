"""Diagnostics as a SARIF 2.1.0 log (OASIS), which code hosts show beside the lines of a change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple
from urllib.parse import quote

from builder.messages.diagnostics import Diagnostic

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
Level = Literal["error", "warning", "note"]


class SarifRule(NamedTuple):
    """A code as SARIF describes it: one sentence, more of it, what to do, and how grave it is."""

    id: str
    level: Level
    short: str
    help: str
    full: str = ""
    tags: Sequence[str] = ()


class SarifResult(NamedTuple):
    """A diagnostic of the file at ``path``, in words."""

    diagnostic: Diagnostic
    path: str
    level: Level
    message: str
    properties: Mapping[str, object] = {}


def sarif_log(tool: str, rules: Sequence[SarifRule], results: Iterable[SarifResult]) -> str:
    """Returns the log of the ``tool``; ``rules`` has every code that a result names."""
    numbers = {rule.id: number for number, rule in enumerate(rules)}
    driver = {"name": tool, "rules": [_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(result, numbers[result.diagnostic.code]) for result in results],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1) + "\n"


def _rule(rule: SarifRule) -> dict[str, Any]:
    found: dict[str, Any] = {"id": rule.id, "shortDescription": {"text": rule.short}}
    if rule.full:
        found["fullDescription"] = {"text": rule.full}
    found |= {"help": {"text": rule.help}, "defaultConfiguration": {"level": rule.level}}
    if rule.tags:
        found["properties"] = {"tags": list(rule.tags)}
    return found


def _result(result: SarifResult, number: int) -> dict[str, Any]:
    diagnostic = result.diagnostic
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(result.path, safe="/"), "uriBaseId": "ROOT"}}
    if diagnostic.line is not None:
        column = {"startColumn": diagnostic.column} if diagnostic.column is not None else {}
        place["region"] = {"startLine": diagnostic.line, **column}
    found = {
        "ruleId": diagnostic.code,
        "ruleIndex": number,
        "level": result.level,
        "message": {"text": result.message},
        "locations": [{"physicalLocation": place}],
    }
    return found | ({"properties": dict(result.properties)} if result.properties else {})
