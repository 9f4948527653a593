"""The schema of an audit profile, and of ``audit`` in organization.yml."""

from __future__ import annotations

import re
from typing import Any

from builder.content.schema.compound import TEXT, Field, Fields, Length, MapOf
from builder.content.schema.types import Json, Language, OneOf, ReadContext, SlugText, Type, Whole
from builder.content.yaml.nodes import Node
from builder.messages.rules import RULES, Rule
from builder.messages.translation import N_
from builder.model.dates import halved

OFF = "off"


class Points(Type, frozen=True):
    """A number of points, of 100."""

    expected = N_("a number of points from 0 to 100")

    def parse(self, text: str, node: Node, key: str, reading: ReadContext) -> float | None:
        digits = halved(text)
        if re.fullmatch(r"\d{1,3}(\.\d{1,3})?", digits, re.ASCII) and float(digits) <= 100:
            return float(digits)
        self.refuse(node, key, reading)
        return None

    def json(self) -> Json:
        return {"type": "number", "minimum": 0, "maximum": 100}


class Setting(Type, frozen=True):
    """The setting of a rule: ``off``, its limit alone, its severity alone, or a mapping with all of them."""

    rule: Rule
    expected = N_("off, a limit, or keys and values (limit, severity, points, cap, source)")

    def read(self, node: Node, key: str, reading: ReadContext) -> Any:
        if node.kind == "text":
            word = halved(node.text).lower()
            if word in ("off", "no", "false", "否", "不"):
                return OFF
            if word in _SEVERITIES:
                return {"severity": word}
            if self.rule.limit == "none":
                self.refuse(node, key, reading)
                return None
            limit = self._limit.read(node, f"{key}.limit", reading)
            return None if limit is None else {"limit": limit}
        return self._fields.read(node, key, reading)

    @property
    def _limit(self) -> Type:
        return Length() if self.rule.limit == "span" else Whole(1)

    @property
    def _fields(self) -> Fields:
        limit = (Field("limit", self._limit, N_("Limit"), N_("Beyond this limit, the rule is broken.")),)
        return Fields((*(limit if self.rule.limit != "none" else ()), *_REST))

    def json(self) -> Json:
        return {"anyOf": [self._fields.json(), {"type": ["string", "integer", "boolean"]}]}


_SEVERITIES = ("veto", "deduction", "advice")
_REST = (
    Field(
        "severity",
        OneOf(_SEVERITIES),
        N_("Severity"),
        N_("veto: one breach fails the branch; deduction: it costs points; advice: it is only reported."),
    ),
    Field("points", Points(), N_("Points"), N_("Points deducted for one breach, out of 100.")),
    Field("cap", Points(), N_("Cap"), N_("Maximum deduction for all breaches in one branch.")),
    Field("source", TEXT, N_("Source"), N_("The source of the number.")),
)
_COMMON = (
    Field(
        "update_within",
        MapOf(SlugText(), Length()),
        N_("Update within"),
        N_("The longest time without a new entry in sections that set none themselves, by slug or type."),
    ),
    Field("reply_within", Length(), N_("Reply within"), N_("For letter sections that set none themselves.")),
    Field("interpret_within", Length(), N_("Interpret within"), N_("For sections that set none themselves.")),
    *(Field(rule.name, Setting(rule), rule.title) for rule in RULES.values()),
)
AUDIT = Fields(
    (Field("profile", SlugText(), N_("Profile"), N_("campus, gov-2019, none, or a profile of your own.")), *_COMMON)
)
PROFILE = Fields(
    (
        Field("title", MapOf(Language(), TEXT), N_("Title")),
        Field("extends", SlugText(), N_("Extends"), N_("The profile on which this one is based.")),
        *_COMMON,
    )
)
