"""``branchpress upgrade-check``: what in content and settings is not read any more as it was by an earlier version.

CHANGELOG.md names the breaking changes; what of them content can show is looked for here, the rest is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from builder.audit.check import check_content
from builder.catalogue.failed_sources import lost_problem
from builder.content.settings import organization_path, settings_written
from builder.content.walk import walk
from builder.content.workspace import open_workspace
from builder.messages.diagnostics import Diagnostic
from builder.messages.problems import Problem, few, in_order, problem_of
from builder.messages.translation import N_
from builder.model.reading import read_file
from builder.model.site_id import SiteId
from builder.model.sources import TEXTS, YAMLS
from builder.model.values import Organization
from builder.workers import SerialExecutor, TaskLost, TaskRunner

FORMATS: Mapping[str, int] = {"0.1": 1, "0.2": 2}
"""The content format of each version of the program, by the first two parts of its number."""
_REFUSED = frozenset(
    {"file-type-refused", "file-without-ending", "name-reserved", "alias-invalid", "alias-outside", "redirect-unknown"}
)
_REFUSED_SINCE = 2
"""The format since which content with these problems is not published as it was."""
_ELSEWHERE = (
    (2, N_("nginx: its http block includes hub/headers/nginx-maps.conf now, beside nginx.conf in the server block.")),
    (
        2,
        N_(
            "Programs that call “build”: it ends with 1 where anything is held back, and with 2 only if nothing was changed."
        ),
    ),
    (2, N_("Programs that call “check”: it ends with 2 for a path that does not exist.")),
    (2, N_("Search engines that were told of hub/sitemap.xml: it is sitemap-hub.xml now, which sitemap.xml names.")),
)
_MOST_BYTES = 16_000_000


class Upgrade(msgspec.Struct, frozen=True):
    """The outcome of an upgrade check: the format that the content was compared from, what in it is read otherwise now, and
    what has to be looked at elsewhere, as English msgids."""

    since: int
    problems: tuple[Problem, ...]
    elsewhere: tuple[str, ...]


def upgrade_check(
    root: Path, now: datetime, since: int | None = None, workers: Callable[[], Executor] = SerialExecutor
) -> Upgrade:
    """Compares content of the format ``since`` (default: the one that organization.yml tells) with what this program reads.
    ``workers`` makes the executor that looks at the branches. Raises UnusableError."""
    workspace = open_workspace(root)
    organization = workspace.organization
    values, places = settings_written(root)
    written = since or values.get("format", 1)
    found: list[Problem] = []
    if written < _REFUSED_SINCE:
        path = organization_path(root)
        found += (problem_of(each, path) for each in _settings_problems(values, places))
        checked = check_content(root, now, workers=workers)
        found += (problem for problem in checked if problem.code in _REFUSED)
        with TaskRunner(workers) as runner:
            for slug, told in runner.each(partial(_moved_addresses, root, organization), (*workspace.slugs, "")):
                found += [lost_problem(slug, told.reason, "none")] if isinstance(told, TaskLost) else told
    elsewhere = tuple(said for format_, said in _ELSEWHERE if written < format_)
    return Upgrade(written, tuple(in_order(found)), elsewhere)


def format_of(version: str) -> int | None:
    """Returns the content format of a version of the program, as ``0.1.0``; None for a version that is not known."""
    return FORMATS.get(".".join(version.split(".")[:2]))


def _settings_problems(values: Mapping[str, object], places: Mapping[str, tuple[int, int]]) -> Iterator[Diagnostic]:
    if "health" not in values:
        yield Diagnostic("upgrade-health")
    if "terms" not in values:
        yield Diagnostic("upgrade-terms")
    for key in ("branch_seconds", "worker_memory"):
        if (place := places.get(f"limits.{key}")) is not None:
            yield Diagnostic("upgrade-limits", *place, {"key": f"limits: {key}"})


def _moved_addresses(root: Path, organization: Organization, slugs: Sequence[str]) -> list[list[Problem]]:
    """Returns for each site where its texts name addresses of the sites that are others now."""
    moved = {
        f"sections/{one.slug}/": f"{one.type}s/" for one in organization.sections if one.type in ("event", "letter")
    }
    moved["hub/sitemap.xml"] = "sitemap-hub.xml"
    parts = urlsplit(organization.url)
    pattern = re.compile(
        rf"(?:https?://{re.escape(parts.netloc)}|(?<![\w./-])){re.escape(parts.path)}({'|'.join(map(re.escape, moved))})"
    )
    return [list(few(_named_in(root, slug, pattern, moved))) for slug in slugs]


def _named_in(root: Path, slug: str, pattern: re.Pattern[str], moved: Mapping[str, str]) -> Iterator[Problem]:
    for found in walk(root, SiteId(slug).source):
        if found.refused or not found.path.endswith((*TEXTS, *YAMLS)):
            continue
        try:
            text = read_file(root / found.path, _MOST_BYTES).decode("utf-8", "replace")
        except OSError:
            continue
        for number, line in enumerate(text.split("\n"), 1):
            for match in pattern.finditer(line):
                told = {"address": match[0], "other": match[0].removesuffix(match[1]) + moved[match[1]]}
                yield problem_of(Diagnostic("upgrade-address", number, match.start() + 1, told), found.path, slug)
