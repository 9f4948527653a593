"""Findings and scores. Their texts are in :mod:`builder.messages.rules`, their formats in :mod:`builder.audit.telling`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from builder.audit.breach import Breach
from builder.messages.rules import RULES
from builder.model.values import Profile, RuleSetting

Severity = Literal["veto", "deduction", "advice"]
SEVERITIES: tuple[Severity, ...] = ("veto", "deduction", "advice")
_ORDER = {name: number for number, name in enumerate(RULES)}


class Finding(Breach, frozen=True, omit_defaults=True, kw_only=True):
    """A breach, rated by the profile; ``points`` are its deduction from 100, limited by the rule's cap."""

    severity: Severity
    points: float = 0
    source: str = ""


class Part(msgspec.Struct, frozen=True):
    """The contribution of one rule to a score: the number of breaches, and the points that they cost together."""

    rule: str
    severity: Severity
    count: int
    points: float


class Score(msgspec.Struct, frozen=True):
    """The points of a branch, of 100, and all their parts. A single veto means failure, whatever the points."""

    branch: str
    points: float
    failed: bool
    parts: tuple[Part, ...]


def judged(seen: Iterable[Breach], profile: Profile) -> tuple[Finding, ...]:
    """Returns findings for the breaches that the profile has a rule for, the most serious first in each branch."""
    spent: dict[tuple[str, str], float] = {}
    rules = {rule: (setting, SEVERITIES.index(setting.severity)) for rule, setting in profile.rules.items()}
    rows = [(_order(one, rules[one.code][1]), one) for one in set_of(seen) if one.code in rules]
    rows.sort(key=lambda row: row[0])
    return tuple(_finding(one, rules[one.code][0], spent) for _, one in rows)


def set_of(seen: Iterable[Breach]) -> Iterator[Breach]:
    """Returns each breach once."""
    known: set[bytes] = set()
    for one in seen:
        key = msgspec.msgpack.encode(one, order="deterministic")
        if key not in known:
            known.add(key)
            yield one


def _finding(one: Breach, setting: RuleSetting, spent: dict[tuple[str, str], float]) -> Finding:
    points = setting.points if setting.severity == "deduction" else 0.0
    if points and setting.cap:
        before = spent.get((one.branch, one.code), 0.0)
        points = round(max(0.0, min(points, setting.cap - before)), 3)
        spent[(one.branch, one.code)] = before + points
    return Finding(**msgspec.structs.asdict(one), severity=setting.severity, points=points, source=setting.source)


def _order(one: Breach, severity: int) -> tuple[str, int, int, str, int, int, str, str]:
    words = " ".join([f"{key}={value}" for key, value in sorted(one.arguments.items())])
    return (one.branch, severity, _ORDER[one.code], one.path, *one.position, one.section, words)


def score(branch: str, findings: Iterable[Finding]) -> Score:
    """Returns the score of a branch from its own findings."""
    rows: dict[str, Part] = {}
    for one in findings:
        before = rows.get(one.code, Part(one.code, one.severity, 0, 0.0))
        rows[one.code] = Part(one.code, one.severity, before.count + 1, round(before.points + one.points, 3))
    lost = sum(part.points for part in rows.values())
    failed = any(part.severity == "veto" for part in rows.values())
    parts = sorted(rows.values(), key=lambda part: (SEVERITIES.index(part.severity), -part.points, _ORDER[part.rule]))
    return Score(branch, round(max(0.0, 100.0 - lost), 1), failed, tuple(parts))
