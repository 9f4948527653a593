"""The formats of problems: text for people; JSON, GitHub annotations and SARIF 2.1.0 for programs."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from builder.messages.codes import CATALOGUE, CAUSES
from builder.messages.diagnostics import Severity
from builder.messages.problems import Problem
from builder.messages.reasons import reason_text
from builder.messages.sarif import SarifResult, SarifRule, sarif_log
from builder.messages.translation import N_, Translator
from builder.messages.visible import escaped, visible

SEVERITIES: Mapping[Severity, str] = {"error": N_("error"), "warning": N_("warning"), "note": N_("note")}
"""The name of each severity wherever problems are shown, as English msgids; the worst first."""
_EFFECTS = {
    "held": N_("Readers still see the last good version."),
    "missing": N_("Readers do not see it until it is fixed."),
    "kept": N_("Readers see everything as before."),
}
MOST_OF_A_KIND = 20
"""The number of different problems of one kind that are written out before the rest is counted."""
_FEW = 3
_COLOURS = {"error": "\033[31m", "warning": "\033[33m", "note": "\033[36m"}


class Wording(NamedTuple):
    """A problem in words: what is wrong, why it matters, what to do."""

    what: str
    why: str
    how: str


def describe(problem: Problem, text: Translator) -> Wording:
    """Returns the words for a problem in a language."""
    code = CATALOGUE[problem.code]
    values = {name: visible(text.joined(value)) for name, value in problem.arguments.items()}
    if "cause" in values:
        cause, cure = CAUSES.get(values["cause"], CAUSES["other"])
        # A cause has words of its own, and not every problem of that cause has all of them.
        inner = defaultdict(str, values)
        values["cure"] = text.gettext(cure).format_map(inner)
        values["cause"] = text.gettext(cause).format_map(inner)
    if "expected" in values:
        expected = values["expected"]
        values["expected"] = text.gettext(expected)
    what, how = code.what, code.how
    if problem.code == "key-unknown" and not values.get("near"):
        how = N_("Delete the line, or look up the key in the guide.")
    if problem.code == "render-failed":
        values["reason"], cure = reason_text(values["reason"], text)
        what, how = (N_("This text cannot be made into a page: {reason}.") if _is_text(problem) else what), cure or how
    told = Wording(*(text.gettext(part).format(**values) for part in (what, code.why, how)))
    if values.get("near") and "{near}" not in how and "{near}" not in code.what:
        meant = text.gettext(N_("Did you mean “{near}”?")).format(**values)
        told = told._replace(how=text.gettext("{one} {other}", one=meant, other=told.how))
    if values.get("there"):
        beside = text.gettext(N_("“{there}” does exist.")).format(**values)
        told = told._replace(how=text.gettext("{one} {other}", one=beside, other=told.how))
    return told


def _is_text(problem: Problem) -> bool:
    """Tells whether a problem is one of a file, not of a whole site."""
    return problem.path.endswith(".md")


def effect_text(problem: Problem, text: Translator) -> str:
    """Returns a sentence on what readers see meanwhile; empty if the problem changes nothing for them."""
    return text.gettext(_EFFECTS[problem.effect]) if problem.effect in _EFFECTS else ""


def problem_object(problem: Problem, text: Translator) -> dict[str, Any]:
    """Returns a problem as ``report.json`` and ``check --format json`` hold it."""
    told = describe(problem, text)
    return {
        "code": problem.code,
        "severity": problem.severity,
        "branch": problem.branch,
        "path": problem.path,
        "line": problem.line,
        "column": problem.column,
        "message": f"{told.what} {told.why}",
        "hint": told.how,
        "effect": problem.effect,
    }


def place_of(problem: Problem) -> str:
    """Returns ``path:line:column`` as far as it is known."""
    return ":".join(str(part) for part in (visible(problem.path), problem.line, problem.column) if part is not None)


def problems_text(
    problems: Iterable[Problem], texts: Sequence[Translator], *, color: bool = False, verbose: bool = False
) -> str:
    """Formats problems for people, in each of the languages given: errors first, then warnings, then notes.

    The same problem in many places is one paragraph with their number and the first of them, and of a kind that is everywhere
    only the first few are written out; ``verbose`` writes out all.
    """
    rank = list(SEVERITIES)
    ordered = sorted(problems, key=lambda problem: rank.index(problem.severity))
    if verbose:
        return "\n".join(_paragraph(problem, (), texts, color) for problem in ordered)
    groups: dict[tuple[object, ...], list[Problem]] = {}
    for problem in ordered:
        words = tuple(describe(problem, text) for text in texts)
        groups.setdefault((problem.severity, problem.code, problem.effect, words), []).append(problem)
    parts: list[str] = []
    written: dict[tuple[Severity, str], int] = {}
    left: dict[tuple[Severity, str], int] = {}
    for same in groups.values():
        kind = (same[0].severity, same[0].code)
        if written.get(kind, 0) < MOST_OF_A_KIND or same[0].effect != "none":
            written[kind] = written.get(kind, 0) + 1
            parts.append(_paragraph(same[0], same[1:], texts, color))
        else:
            left[kind] = left.get(kind, 0) + len(same)
    for (severity, code), count in left.items():
        names = " / ".join(text.gettext(SEVERITIES[severity]) for text in texts)
        said = (text.gettext("{count} more of this kind; --verbose shows all.", count=count) for text in texts)
        parts.append(f"{names} [{code}]\n" + "".join(f"    {line}\n" for line in said))
    return "\n".join(parts)


def _paragraph(problem: Problem, others: Sequence[Problem], texts: Sequence[Translator], color: bool) -> str:
    """Words one problem; ``others`` are the same one in further places."""
    start, end = (_COLOURS[problem.severity], "\033[0m") if color else ("", "")
    names = " / ".join(text.gettext(SEVERITIES[problem.severity]) for text in texts)
    lines = [f"{place_of(problem)}: {start}{names}{end} [{problem.code}]"]
    for text in texts:
        told = describe(problem, text)
        lines += [f"    {told.what}", f"    {told.why}", f"    → {told.how}"]
        if consequence := effect_text(problem, text):
            lines.append(f"    {consequence}")
        if others:
            few = tuple(place_of(other) for other in others[:_FEW])
            more = text.ngettext(
                "Also in {n} more place: {places}",
                "Also in {n} more places: {places}",
                len(others),
                places=text.joined(few),
            )
            lines.append(f"    {more}{' …' if len(others) > _FEW else ''}")
    return "\n".join(lines) + "\n"


def problems_json(problems: Iterable[Problem], text: Translator) -> str:
    """Formats problems as one JSON object."""
    data = {"version": 1, "problems": [problem_object(problem, text) for problem in problems]}
    return escaped(json.dumps(data, ensure_ascii=False, indent=1)) + "\n"


def problems_github(problems: Iterable[Problem], text: Translator) -> str:
    """Formats problems as workflow commands, which GitHub shows beside the lines of a change."""
    names = {"error": "error", "warning": "warning", "note": "notice"}
    lines: list[str] = []
    for problem in problems:
        told = describe(problem, text)
        place = {"file": visible(problem.path), "line": problem.line, "col": problem.column, "title": problem.code}
        values = ",".join(f"{key}={_property(str(value))}" for key, value in place.items() if value is not None)
        lines.append(f"::{names[problem.severity]} {values}::{_data(f'{told.what} {told.why} {told.how}')}\n")
    return "".join(lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


class _Anything(dict[str, str]):
    """A mapping of unknown values, each an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"


def _general(message: str, text: Translator) -> str:
    """Returns a message without the words that vary."""
    return text.gettext(message).format_map(_Anything())


def problems_gitlab(problems: Iterable[Problem], text: Translator) -> str:
    """Formats problems as a Code Quality report, which GitLab shows beside the lines of a merge request."""
    severities: Mapping[Severity, str] = {"error": "major", "warning": "minor", "note": "info"}
    report = []
    for problem in problems:
        told = describe(problem, text)
        same = f"{problem.path}\0{problem.line}\0{problem.column}\0{problem.code}\0{told.what}"
        report.append(
            {
                "description": " ".join(told),
                "check_name": problem.code,
                "fingerprint": hashlib.sha256(same.encode("utf-8", "replace")).hexdigest(),
                "severity": severities[problem.severity],
                "location": {"path": problem.path, "lines": {"begin": problem.line or 1}},
            }
        )
    return escaped(json.dumps(report, ensure_ascii=False, indent=1)) + "\n"


def problems_sarif(problems: Iterable[Problem], text: Translator) -> str:
    """Formats problems as a SARIF log, with the rules they break."""
    found = list(problems)
    codes = [CATALOGUE[code] for code in sorted({problem.code for problem in found})]
    rules = [
        SarifRule(
            code.name, code.severity, _general(code.what, text), _general(code.how, text), full=_general(code.why, text)
        )
        for code in codes
    ]
    results = (
        SarifResult(problem, problem.path, problem.severity, " ".join(describe(problem, text))) for problem in found
    )
    return sarif_log("Branchpress", rules, results)


PROBLEM_FORMATS: Mapping[str, Callable[[Iterable[Problem], Translator], str]] = {
    "json": problems_json,
    "github": problems_github,
    "gitlab": problems_gitlab,
    "sarif": problems_sarif,
}
"""The forms for programs in which commands report problems, by the name that ``--format`` has for each."""
