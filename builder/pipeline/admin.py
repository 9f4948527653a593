"""The forms for editors in ``admin/``: one page with its settings for each branch, and the program that shows them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import partial

import msgspec

from builder.content.forms import Choice, FormContext, backend_of, can_review, form_config
from builder.content.forms.page import FormProgram, form_page
from builder.model.values import Editing
from builder.pages.context import Context

_Made = tuple[str, object, Callable[[], bytes]]


def admin_files(ctx: Context, program: FormProgram | None) -> Iterator[_Made]:
    """Yields path, parts of the key and maker of every file; none without ``editing:`` in organization.yml. Without the program
    there are only the settings."""
    editing = ctx.organization.forms_host
    if editing is None:
        return
    names = tuple(Choice(value=slug, label=branch.title) for slug, branch in sorted(ctx.catalogue.branches.items()))
    topics = tuple(Choice(value=slug, label=topic.title) for slug, topic in sorted(ctx.catalogue.topics.items()))
    # What all branches share is hashed once: in a large organization the names of all are long.
    told = msgspec.json.encode((editing, ctx.organization, names, topics), order="deterministic")
    shared = hashlib.sha256(told).hexdigest()
    for slug, branch in sorted(ctx.catalogue.branches.items()):
        part = ctx.catalogue.live_sites[slug]
        forms = FormContext(
            organization=ctx.organization,
            branch=branch,
            branches=names,
            topics=topics,
            files=tuple(sorted(live.entry.path for live in part.entries)),
        )
        shapes = sorted({(path.split("/")[2], path.count("/"), path.rpartition(".")[2]) for path in forms.files})
        yield f"admin/{slug}/config.yml", (shared, branch, shapes), partial(_settings, forms, editing)
        if program is not None:
            page = partial(form_page, branch.title, ctx.organization.language, program, editing)
            yield f"admin/{slug}/index.html", (editing, branch.title, program.script, program.styles), page
    if program is None:
        return
    for path, size in sorted(program.files.items()):
        yield f"admin/forms/{path}", (path, size), partial(program.read, path)


def _settings(forms: FormContext, editing: Editing) -> bytes:
    own = tuple(each for each in forms.branches if each.value != forms.branch.slug)
    ctx = FormContext(
        organization=forms.organization, branch=forms.branch, branches=own, topics=forms.topics, files=forms.files
    )
    review = editing.review and can_review(editing, ctx.program)
    config = form_config(ctx, backend_of(editing, ctx.program), review=review)
    # JSON is YAML, too.
    return (json.dumps(config, ensure_ascii=False, indent=1) + "\n").encode()
