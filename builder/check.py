"""``branchpress check``: every problem of every file in one run, without building anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from builder.bodies import resolved
from builder.catalogue import Catalogue
from builder.checks import check_organization, check_site
from builder.diagnostics import Problem, in_order
from builder.reading import read_site
from builder.store import Store
from builder.workspace import open_workspace


def check_content(root: Path, now: datetime, store: Store | None = None) -> tuple[Problem, ...]:
    """All problems of the content, in order.

    With the ``store`` of an output folder the effect of each is that on its published version; without, nothing counts
    as published yet. Raises UnusableError.
    """
    return tuple(in_order(_problems(root, now, store)))


def _problems(root: Path, now: datetime, store: Store | None) -> Iterator[Problem]:
    workspace = open_workspace(root)
    yield from workspace.problems
    readings = [
        read_site(
            root,
            slug,
            workspace.organization,
            now,
            record=store.record(slug) if store is not None else None,
            taken=frozenset(workspace.slugs),
        )
        for slug in (*workspace.slugs, "")
    ]
    parts = [reading.part for reading in readings if not reading.slug or reading.part.branch is not None]
    catalogue = Catalogue(workspace.organization, parts)
    for reading in readings:
        yield from reading.problems
        if reading.slug and reading.part.branch is None:
            continue
        bodies = [resolved(document, catalogue) for document in reading.live]
        yield from check_site(root, reading, bodies, catalogue, now)
    yield from check_organization(catalogue, readings)


def within(problems: tuple[Problem, ...], paths: tuple[str, ...]) -> tuple[Problem, ...]:
    """The problems of the given files and folders, named as under the root."""
    if not paths:
        return problems
    return tuple(
        problem
        for problem in problems
        if any(problem.path == path or problem.path.startswith(f"{path}/") for path in paths)
    )


def next_due(root: Path, now: datetime) -> datetime | None:
    """The next instant at which the passing of time alone changes something. Raises UnusableError."""
    workspace = open_workspace(root)
    dues = (read_site(root, slug, workspace.organization, now).due for slug in (*workspace.slugs, ""))
    return min((due for due in dues if due is not None), default=None)
