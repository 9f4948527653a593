"""``ways:`` of organization.yml and branch.yml, from what was read of it to what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from builder.messages.diagnostics import Diagnostic
from builder.model.ways import Way, Ways, is_safe, new_issue

NONE = Ways()


def ways_of(values: Mapping[str, Any], edit_url: str) -> Ways:
    """Returns the ways that a settings file names; ``edit_url`` is the organization's, which says where its repository
    has issues."""
    written = values.get("ways")
    return Ways(**{name: _way(each, edit_url) for name, each in written.items()}) if written else NONE


def ways_diagnostics(
    values: Mapping[str, Any], edit_url: str, places: Mapping[str, tuple[int, int]]
) -> Iterator[Diagnostic]:
    """Yields what is wrong with ways that need the organization's other settings."""
    for name, each in values.get("ways", {}).items():
        if each.get("issue") is True and not _issue(each, edit_url):
            arguments = {"key": f"ways.{name}.issue", "value": edit_url or "edit_url", "cause": "way-issue"}
            yield Diagnostic("way-invalid", arguments=arguments).at(places.get(f"ways.{name}.issue", (None, None)))


def _way(values: Mapping[str, Any], edit_url: str) -> Way:
    mail = values.get("mail", False)
    return Way(
        mail=bool(mail),
        address=mail if isinstance(mail, str) else "",
        form=values.get("form", ""),
        issue=_issue(values, edit_url),
        note=values.get("note", ""),
        reply_within=values.get("reply_within"),
    )


def _issue(values: Mapping[str, Any], edit_url: str) -> str:
    """Returns the address of a new issue; empty for none, and where it cannot be told from the organization's settings."""
    written = values.get("issue", False)
    if isinstance(written, str):
        return written
    address = new_issue(edit_url) if written else ""
    return address if is_safe(address) else ""
