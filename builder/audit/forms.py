"""An audit for programs: JSON, CSV (RFC 4180) and SARIF 2.1.0 (OASIS)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from builder.audit.findings import Finding, Score
from builder.audit.history import Changes
from builder.audit.inspection.personal import masked
from builder.audit.run import Audit
from builder.audit.telling import SEVERITY_NAMES, limit_text, number, todo, what
from builder.catalogue.freshness import Freshness
from builder.messages.rules import GROUPS, RULES
from builder.messages.sarif import Level, SarifResult, SarifRule, sarif_log
from builder.messages.translation import N_, Translator
from builder.messages.visible import escaped, visible
from builder.model.dates import Span

_LEVELS: Mapping[str, Level] = {"veto": "error", "deduction": "warning", "advice": "note"}
_COLUMNS = (
    N_("Branch"),
    N_("Name"),
    N_("Severity"),
    N_("Rule"),
    N_("Title"),
    N_("Points"),
    N_("Section"),
    N_("File"),
    N_("Line"),
    N_("Column"),
    N_("Measure"),
    N_("Limit"),
    N_("Found"),
    N_("What to do"),
    N_("Source"),
)


def finding_object(finding: Finding, text: Translator) -> dict[str, Any]:
    """Returns a finding as a JSON object."""
    span = finding.limit if isinstance(finding.limit, Span) else None
    return {
        "rule": finding.code,
        "group": RULES[finding.code].group,
        "severity": finding.severity,
        "points": finding.points,
        "branch": finding.branch,
        "section": finding.section,
        "path": masked(finding.path),
        "line": finding.line,
        "column": finding.column,
        "measure": finding.measure,
        "unit": finding.unit or None,
        "limit": f"{span.amount} {span.unit}" if span is not None else finding.limit,
        "message": what(finding, text),
        "hint": todo(finding, text),
        "source": finding.source or None,
    }


def score_object(score: Score, name: str, sections: Iterable[Freshness]) -> dict[str, Any]:
    """Returns a branch as a JSON object: its score with all parts, and the freshness of its sections."""
    parts = [
        {"rule": part.rule, "severity": part.severity, "count": part.count, "points": part.points}
        for part in score.parts
    ]
    return {
        "branch": score.branch,
        "name": name,
        "failed": score.failed,
        "points": score.points,
        "parts": parts,
        "sections": [_section_object(row) for row in sections],
    }


def _section_object(row: Freshness) -> dict[str, Any]:
    """Returns a section as a JSON object: the day of its last publication, the day on which the next is due, the days left."""
    return {
        "section": row.slug,
        "title": row.title,
        "state": row.state,
        "last": row.last.isoformat() if row.last else None,
        "limit": f"{row.limit.amount} {row.limit.unit}" if row.limit else None,
        "due": row.due.isoformat() if row.due else None,
        "left": row.left,
    }


def audit_json(audit: Audit, text: Translator, changes: Changes | None = None) -> str:
    """Returns the audit as one JSON object; ``changes`` are those since a revision."""
    data: dict[str, Any] = {
        "version": 1,
        "now": audit.now.isoformat(),
        "profile": audit.profile.name,
        "pages": audit.looked,
        "failed": audit.failed,
        "unread": list(audit.unread),
        "lost": dict(audit.lost),
        "branches": [
            score_object(score, audit.names.get(score.branch, score.branch), audit.sections[score.branch])
            for score in audit.scores
        ],
        "findings": [finding_object(finding, text) for finding in audit.findings],
    }
    if changes is not None:
        data["changes"] = {
            "since": changes.revision,
            "then": changes.then.isoformat(),
            "new": [finding_object(finding, text) for finding in changes.new],
            "gone": [finding_object(finding, text) for finding in changes.gone],
            "points": {branch: {"before": before, "now": now} for branch, (before, now) in changes.points.items()},
        }
    return escaped(json.dumps(data, ensure_ascii=False, indent=1)) + "\n"


def audit_csv(audit: Audit, text: Translator) -> str:
    """Returns the findings as a table. A byte order mark marks it as UTF-8 for spreadsheets; no cell is read as a formula."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow([text.gettext(column) for column in _COLUMNS])
    for finding in audit.findings:
        row = (
            finding.branch,
            audit.names.get(finding.branch, ""),
            text.gettext(SEVERITY_NAMES[finding.severity]),
            finding.code,
            text.gettext(RULES[finding.code].title),
            number(finding.points) if finding.points else "",
            finding.section,
            masked(finding.path),
            finding.line if finding.line is not None else "",
            finding.column if finding.column is not None else "",
            finding.measure if finding.measure is not None else "",
            limit_text(finding, text),
            what(finding, text),
            todo(finding, text),
            finding.source,
        )
        rows.writerow([_cell(value) for value in row])
    return "\ufeff" + out.getvalue()


def _cell(value: str | int) -> str:
    """Returns a value that no spreadsheet runs as a formula (OWASP, CSV injection)."""
    text = visible(str(value))
    return f"'{text}" if text.lstrip().startswith(tuple("=+-@＝＋－＠﹦﹢﹣﹫")) else text


def audit_sarif(audit: Audit, text: Translator) -> str:
    """Returns the findings as a SARIF log with the rules they break; what a branch lacks is reported at its branch.yml."""
    broken = {finding.code for finding in audit.findings}
    rules = [
        SarifRule(
            id=name,
            level=_LEVELS[audit.profile.rules[name].severity],
            short=text.gettext(rule.title),
            help=audit.profile.rules[name].source or text.gettext(rule.title),
            tags=(text.gettext(GROUPS[rule.group]),),
        )
        for name, rule in RULES.items()
        if name in broken
    ]
    results = (
        SarifResult(
            diagnostic=finding,
            path=masked(finding.path or "content/organization.yml"),
            level=_LEVELS[finding.severity],
            message=f"{what(finding, text)} {todo(finding, text)}",
            properties={"branch": finding.branch, "points": finding.points},
        )
        for finding in audit.findings
    )
    return sarif_log("Branchpress audit", rules, results)
