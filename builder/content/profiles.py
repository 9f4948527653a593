"""The profile of the audit: one of the program's own data files or one in ``content/_audit/``, and what organization.yml
changes in it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import msgspec

from builder.content.decoding import read_settings
from builder.content.schema.profile import OFF, PROFILE
from builder.content.schema.types import ReadContext
from builder.content.yaml.nodes import Node
from builder.messages.codes import severity_of
from builder.messages.diagnostics import Diagnostic
from builder.messages.problems import Problem, problems_of
from builder.messages.rules import RULES
from builder.model.reading import lies_in
from builder.model.values import Profile, RuleSetting

_OWN = Path(__file__).parent / "data"
_DEFAULT = "campus"
_DEEPEST = 5
_PLAIN = ("reply_within", "interpret_within")


def read_profile(
    root: Path, path: str, audit: Mapping[str, Any], node: Node | None
) -> tuple[Profile, tuple[Problem, ...]]:
    """Returns the profile that ``audit`` of organization.yml, the file at ``path``, names, with what it changes; ``node`` is
    where that stands.

    One that does not exist, or cannot be used, is reported and replaced by the default.
    """
    changes = dict(audit)
    name = changes.pop("profile", _DEFAULT)
    found, problems = _load(root, name, 0)
    if found is None and not problems:
        near = get_close_matches(name, names(root), 1, 0.4)
        place = node.get("profile") if node is not None else None
        line, column = place.place if place is not None else (0, 0)
        args = {"value": name, "choices": tuple(names(root)), "near": near[0] if near else _DEFAULT}
        problems = problems_of([Diagnostic("profile-unknown", line, column, args)], path)
    if found is None:
        found, _ = _load(root, _DEFAULT, 0)
    return _change(found or Profile(), changes), problems


def names(root: Path) -> tuple[str, ...]:
    """Returns the profiles that there are, the organization's own ones last."""
    own = sorted(file.stem for file in _OWN.glob("*.yml"))
    added = sorted(file.stem for file in (root / "content" / "_audit").glob("*.yml"))
    return tuple(dict.fromkeys((*own, *added)))


def _load(root: Path, name: str, depth: int) -> tuple[Profile | None, tuple[Problem, ...]]:
    """Returns a profile by name; None with its problems if it cannot be used, without any if there is none."""
    path = f"content/_audit/{name}.yml"
    file = root / path
    if not file.is_file():
        path, file = f"{name}.yml", _OWN / f"{name}.yml"
        if not file.is_file():
            return None, ()
    elif not lies_in(os.path.realpath(file), os.path.realpath(root / "content")):
        return None, problems_of([Diagnostic("symlink-outside", arguments={"name": file.name})], path)
    node, diagnostics = read_settings(file, None if file.parent == _OWN else root / "content")
    if node is None:
        return None, problems_of(diagnostics, path)
    reading = ReadContext(UTC, "content/_audit")
    values = PROFILE.read(node, "", reading) or {}
    diagnostics = [*diagnostics, *reading.diagnostics]
    if any(severity_of(diagnostic.code) == "error" for diagnostic in diagnostics):
        return None, problems_of(diagnostics, path)
    base: Profile | None = Profile()
    problems = problems_of(diagnostics, path)
    if "extends" in values:
        other = values.pop("extends")
        base, more = _load(root, other, depth + 1) if depth < _DEEPEST and other != name else (None, ())
        problems += more
        if base is None:
            line, column = reading.places.get("extends", (0, 0))
            args = {"value": other, "choices": tuple(names(root)), "near": _DEFAULT}
            problems += problems_of([Diagnostic("profile-unknown", line, column, args)], path)
    title = values.pop("title", {})
    return msgspec.structs.replace(_change(base or Profile(), values), name=name, title=title), problems


def _change(profile: Profile, values: Mapping[str, Any]) -> Profile:
    """Returns the profile with what ``values`` say of it."""
    rules = dict(profile.rules)
    for name in RULES:
        value = values.get(name)
        if value == OFF:
            rules.pop(name, None)
        elif value is not None:
            rules[name] = _setting(rules.get(name), name, value)
    return msgspec.structs.replace(
        profile,
        rules={name: rules[name] for name in RULES if name in rules},
        update_within={**profile.update_within, **values.get("update_within", {})},
        **{key: values[key] for key in _PLAIN if key in values},
    )


def _setting(before: RuleSetting | None, name: str, value: Mapping[str, Any]) -> RuleSetting:
    """Returns a rule's setting; one that is new in the profile is advice unless it says otherwise."""
    told = dict(value)
    severity = told.pop("severity", None) or (before.severity if before is not None else "advice")
    setting = before or RuleSetting(severity=severity)
    limit = told.pop("limit", None)
    if limit is not None:
        told["within" if RULES[name].limit == "span" else "most"] = limit
    return msgspec.structs.replace(setting, severity=severity, **told)
