"""``branchpress check``: every problem of every file in one run, without building anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from builder.bodies import resolved
from builder.catalogue import Catalogue
from builder.checks import OrganizationCheck, check_organization, check_site
from builder.diagnostics import Problem, in_order
from builder.duplicates import Pair, duplicates, texts_of
from builder.reading import find_site, reading_of
from builder.store import Store
from builder.workspace import open_workspace


def check_content(
    root: Path, now: datetime, store: Store | None = None, *, duplicates: bool = False
) -> tuple[Problem, ...]:
    """All problems of the content, in order; with ``duplicates`` also texts that are nearly the same as others.

    With the ``store`` of an output folder the effect of each is that on its published version; without, nothing counts
    as published yet. Raises UnusableError.
    """
    return tuple(in_order(_problems(root, now, store, duplicates)))


def _problems(root: Path, now: datetime, store: Store | None, with_duplicates: bool) -> Iterator[Problem]:
    workspace = open_workspace(root)
    yield from workspace.problems
    readings = [
        reading_of(
            find_site(
                root,
                slug,
                workspace.organization,
                now,
                record=store.record(slug) if store is not None else None,
                taken=frozenset() if slug else frozenset(workspace.slugs),
            ),
            now,
        )
        for slug in (*workspace.slugs, "")
    ]
    parts = [reading.part for reading in readings if not reading.slug or reading.part.branch is not None]
    catalogue = Catalogue.of(workspace.organization, parts)
    for reading in readings:
        yield from reading.problems
        if reading.slug and reading.part.branch is None:
            continue
        bodies = [resolved(document, catalogue) for document in reading.live]
        yield from check_site(root, reading, bodies, catalogue, now)
    by_slug = {reading.slug: reading for reading in readings}
    yield from check_organization(catalogue, OrganizationCheck(), {}, lambda slug: by_slug[slug].live).problems
    if with_duplicates:
        yield from (_copied(pair) for pair in duplicates(texts_of(one for each in readings for one in each.live)))


def _copied(pair: Pair) -> Problem:
    return Problem(
        code="near-duplicate" if pair.first.branch != pair.second.branch else "near-duplicate-own",
        severity="warning",
        path=pair.second.path,
        line=pair.second.line,
        column=1,
        args={
            "other": f"{pair.first.path}:{pair.first.line}",
            "percent": str(round(100 * pair.similarity)),
            "branch": pair.second.branch,
        },
        branch=pair.second.branch,
    )


def within(problems: tuple[Problem, ...], paths: tuple[str, ...]) -> tuple[Problem, ...]:
    """The problems of the given files and folders, named as under the root."""
    if not paths:
        return problems
    return tuple(
        problem
        for problem in problems
        if any(problem.path == path or problem.path.startswith(f"{path}/") for path in paths)
    )


def next_due(root: Path, now: datetime, store: Store | None = None) -> datetime | None:
    """The next instant at which the passing of time alone changes something. With the ``store`` of an output folder that
    of what stands in its last good version is known, too. Raises UnusableError."""
    workspace = open_workspace(root)
    records = ((slug, store.record(slug) if store is not None else None) for slug in (*workspace.slugs, ""))
    dues = (
        reading_of(find_site(root, slug, workspace.organization, now, record=record, look_at_pictures=False), now).due
        for slug, record in records
    )
    return min((due for due in dues if due is not None), default=None)
