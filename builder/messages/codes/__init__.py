"""The catalogue of problems: every code with its severity and message. Codes are permanent."""

from __future__ import annotations

from collections.abc import Mapping

from builder.messages.codes.changes import CHANGES
from builder.messages.codes.code import Code
from builder.messages.codes.files import CAUSES as YAML_CAUSES
from builder.messages.codes.files import FILES
from builder.messages.codes.markup import FOREIGN, MARKUP
from builder.messages.codes.names import NAMES, UNREAD
from builder.messages.codes.pictures import PICTURES
from builder.messages.codes.sites import SITES
from builder.messages.codes.upgrades import UPGRADES
from builder.messages.codes.values import VALUES, WAYS
from builder.messages.diagnostics import Severity

CATALOGUE: Mapping[str, Code] = {
    code.name: code for code in (*FILES, *NAMES, *VALUES, *MARKUP, *PICTURES, *SITES, *CHANGES, *UPGRADES)
}

CAUSES: Mapping[str, tuple[str, str]] = {**YAML_CAUSES, **UNREAD, **FOREIGN, **WAYS}
"""Reasons with their cures, for codes that have several."""


def severity_of(code: str) -> Severity:
    """Returns the severity of a code. Raises KeyError for one that is not in the catalogue."""
    return CATALOGUE[code].severity


__all__ = ["CATALOGUE", "CAUSES", "Code", "severity_of"]
