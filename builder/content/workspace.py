"""The workspace: the organization, the theme's settings, and the names of the branches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from builder.content import find_branches, read_organization, read_theme_settings
from builder.messages.problems import Problem, in_order
from builder.model.values import Organization


class Workspace(msgspec.Struct, frozen=True):
    """A root folder whose organization.yml and mkdocs.yml can be used; ``settings`` are the theme's, as JSON, ``slugs``
    the branches, ``refused`` the names of folders that cannot be branches."""

    root: Path
    organization: Organization
    settings: bytes
    slugs: tuple[str, ...]
    refused: tuple[str, ...]
    problems: tuple[Problem, ...]


class UnusableError(Exception):
    """Nothing can be done: organization.yml or mkdocs.yml cannot be used. Holds the problems."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.code for problem in problems))
        self.problems = tuple(problems)


class UnknownBranchError(Exception):
    """Branches were named that do not exist."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = tuple(names)


def open_workspace(root: Path) -> Workspace:
    """Reads organization.yml and mkdocs.yml and finds the branches. Raises UnusableError."""
    organization, problems = read_organization(root)
    settings, more = read_theme_settings(root)
    if organization is None or settings is None:
        raise UnusableError(in_order((*problems, *more)))
    found = find_branches(root)
    return Workspace(root, organization, settings, found.slugs, found.refused, (*problems, *more, *found.problems))
