"""The audit: what has gone stale, what is broken, whose turn it is, by the rules of a profile."""

from __future__ import annotations

from builder.audit.external import external_breaches
from builder.audit.findings import Finding, Part, Score
from builder.audit.forms import audit_csv, audit_json, audit_sarif
from builder.audit.history import Changes, HistoryError, changes_since, dated_back
from builder.audit.run import Audit, Inventory, More, audit
from builder.audit.telling import audit_text, changes_text

__all__ = [
    "Audit",
    "Changes",
    "Finding",
    "HistoryError",
    "Inventory",
    "More",
    "Part",
    "Score",
    "audit",
    "audit_csv",
    "audit_json",
    "audit_sarif",
    "audit_text",
    "changes_since",
    "changes_text",
    "dated_back",
    "external_breaches",
]
