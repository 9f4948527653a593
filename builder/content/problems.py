"""Faults of a source as problems of its file."""

from __future__ import annotations

from collections.abc import Iterable

from builder.codes import severity_of
from builder.diagnostics import Problem
from builder.yaml_nodes import Fault


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
