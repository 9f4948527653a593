"""Problems in the content, as data. Texts: :mod:`builder.messages.codes`; output: :mod:`builder.messages.formats`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

from builder.messages.codes import severity_of
from builder.messages.diagnostics import Diagnostic, Severity
from builder.model.site_id import SiteId

MOST_OF_FILE, MOST_OF_SITE = 100, 2_000
"""The most problems that are told of one file, and of one site; of errors as many besides."""
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


def few(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yields of each file and each site as many problems as somebody can mend in one go, of each kind at least one, and for what
    is left out a sentence that says so: what anybody writes makes no more work for the whole than that."""
    told: Counter[tuple[str, bool]] = Counter()
    kinds: set[tuple[str, str]] = set()
    over: dict[str, str] = {}
    for each in problems:
        error = each.severity == "error"
        file, site = (f"file {each.path}", error), (f"site {each.branch}", error)
        if (each.branch, each.code) not in kinds:
            kinds.add((each.branch, each.code))
            told.update((file, site))
            yield each
        elif told[site] >= MOST_OF_SITE:
            over.setdefault(SiteId(each.branch).source, each.branch)
        elif told[file] >= MOST_OF_FILE:
            over.setdefault(each.path, each.branch)
        else:
            told.update((file, site))
            yield each
    for path, branch in over.items():
        yield problem_of(Diagnostic("more-problems"), path, branch)


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Sorts problems, without repetition, by path, line, column, code; those without a line come first."""

    def key(problem: Problem) -> tuple[str, int, int, str, str]:
        return problem.path, *problem.position, problem.code, repr(sorted(problem.arguments.items()))

    return sorted({key(problem): problem for problem in problems}.values(), key=key)
