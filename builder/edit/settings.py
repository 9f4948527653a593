"""The settings of a branch's form, as this server shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from builder.content.forms import FormContext, form_config, topic_choices
from builder.edit.desk import Desk, Worker
from builder.edit.host import OWNER
from builder.edit.places import HUB


def form_settings(desk: Desk, slug: str, worker: Worker | None = None) -> Mapping[str, Any]:
    """Returns the settings of a branch's form, as somebody may use it; the page adds where its host is."""
    root, organization = desk.copy.root, desk.organization()
    context = FormContext(
        organization=organization,
        branch=desk.branch(slug),
        branches=tuple(each for each in desk.choices() if each.value != slug),
        topics=topic_choices(root, organization),
        hosted=True,
        profile=worker is not None and slug != HUB and desk.may_describe(worker, f"content/{slug}/branch.yml"),
    )
    backend = {"name": "gitea", "repo": f"{OWNER}/{slug}", "branch": desk.copy.branch}
    return form_config(context, backend)
