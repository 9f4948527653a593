"""Problems in the content, as data. Texts: :mod:`builder.messages.codes`; output: :mod:`builder.messages.formats`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from builder.messages.codes import severity_of
from builder.messages.diagnostics import Diagnostic, Severity

Effect = Literal["held", "missing", "kept", "none"]


class Problem(Diagnostic, frozen=True, kw_only=True, omit_defaults=True):
    """A diagnostic of one file, with what follows from it. ``path`` is relative to the root and uses ``/``."""

    severity: Severity
    path: str
    branch: str = ""
    effect: Effect = "none"


def problem_of(diagnostic: Diagnostic, path: str, branch: str = "") -> Problem:
    """Returns what is wrong in the file at ``path`` as a problem, with the severity of its code."""
    return Problem(
        code=diagnostic.code,
        line=diagnostic.line,
        column=diagnostic.column,
        arguments=diagnostic.arguments,
        severity=severity_of(diagnostic.code),
        path=path,
        branch=branch,
    )


def problems_of(diagnostics: Iterable[Diagnostic], path: str, branch: str = "") -> tuple[Problem, ...]:
    """Returns the problems of the file at ``path``."""
    return tuple(problem_of(diagnostic, path, branch) for diagnostic in diagnostics)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sorts problems, without repetition, by path, line, column, code; those without a line come first."""

    def key(problem: Problem) -> tuple[str, int, int, str, str]:
        return problem.path, *problem.position, problem.code, repr(sorted(problem.arguments.items()))

    return sorted({key(problem): problem for problem in problems}.values(), key=key)
