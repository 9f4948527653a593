"""Faults of a source as problems of its file."""

from __future__ import annotations

from collections.abc import Iterable

from builder.messages.codes import severity_of
from builder.messages.problems import Problem
from builder.content.yaml.nodes import Fault


def problems_of(faults: Iterable[Fault], path: str, branch: str = "") -> tuple[Problem, ...]:
    """The problems of the file at ``path``; line 0 and column 0 of a fault mean unknown."""
    return tuple(
        Problem(
            code=fault.code,
            severity=severity_of(fault.code),
            path=path,
            line=fault.line or None,
            column=fault.column or None,
            args=fault.args,
            branch=branch,
        )
        for fault in faults
    )
