"""``branchpress audit``: all rules over all sites, the profile's judgement, the scores."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from builder.audit.branches import Look, branch_breaches, hidden_by_most
from builder.audit.findings import Finding, Score, Seen, judged, score
from builder.audit.inspection import Inspected, Request, inspect_sites
from builder.audit.pages import Followed, Requested, follow_pages
from builder.audit.whole import copies, link_breaches, policy_breaches, unused_files
from builder.catalogue import Catalogue
from builder.dates import zone_of
from builder.freshness import Freshness, freshness
from builder.model import Organization, Profile
from builder.store import Store
from builder.version import code_version
from builder.workspace import UnknownBranchError, Workspace, open_workspace

_BATCH = 16
_MEMORY = "audit.msgpack"
More = Callable[["Inventory"], Iterable[Seen]]


class Inventory(msgspec.Struct, frozen=True):
    """What was audited: the organization and its sites, by slug."""

    organization: Organization
    sites: Mapping[str, Inspected]


class Audit(msgspec.Struct, frozen=True):
    """What came of an audit.

    ``scores`` has every open branch, the worst first, ``sections`` how fresh the sections of each are; ``findings`` belong to
    branches, or to the whole (an empty branch).
    ``unread`` are branches whose branch.yml cannot be read, and never could; ``looked`` says whether the pages of the output
    were looked at, too.
    """

    now: datetime
    organization: Organization
    findings: tuple[Finding, ...]
    scores: tuple[Score, ...]
    sections: Mapping[str, tuple[Freshness, ...]]
    names: Mapping[str, str]
    unread: tuple[str, ...]
    looked: bool

    @property
    def profile(self) -> Profile:
        """The thresholds that were applied."""
        return self.organization.profile

    @property
    def failed(self) -> bool:
        """True if a veto rule is broken."""
        return any(finding.severity == "veto" for finding in self.findings)


def audit(
    root: Path,
    now: datetime,
    executor: Executor,
    *,
    store: Store | None = None,
    output: Path | None = None,
    branches: Collection[str] = (),
    more: Iterable[More] = (),
) -> Audit:
    """Audits the content under ``root`` at ``now``.

    With the ``store`` of an output folder texts that have not changed since the last build need not be read again; with
    ``output`` the links of its pages are followed, too. ``branches`` are those to be told of (all, if none is named); every
    branch is read all the same, since they refer to each other. ``more`` adds what is seen elsewhere: in the history, on
    other hosts. Raises UnusableError, UnknownBranchError.
    """
    workspace = open_workspace(root)
    organization = workspace.organization
    unknown = sorted(set(branches) - set(workspace.slugs))
    if unknown:
        raise UnknownBranchError(unknown)
    look = Look(organization, now, zone_of(organization.timezone) or UTC)
    memory = _remembered(store)
    sites = _inspected(workspace, look, executor, store, memory.sketches)
    catalogue = Catalogue.of(
        organization, [site.part for slug, site in sites.items() if not slug or site.part.branch is not None]
    )
    # The executor follows the pages' links while the rest is looked at here.
    pages = _pages(organization, output, catalogue, executor, memory.sites) if output is not None else ()
    seen = list(_seen(look, catalogue, sites))
    followed = list(pages)
    if store is not None:
        _remember(store, followed, sites)
    closed = {slug for slug, branch in catalogue.branches.items() if branch.status == "closed"}
    seen += [one for site in followed if site.slug not in closed for one in site.seen]
    inventory = Inventory(organization, sites)
    seen += [one for extra in more for one in extra(inventory)]
    findings = judged(seen, organization.profile)
    if branches:
        findings = tuple(finding for finding in findings if finding.branch in branches)
    names = {slug: branch.title for slug, branch in catalogue.branches.items()}
    scores = _scores(catalogue, findings, branches)
    return Audit(
        now=now,
        organization=organization,
        findings=findings,
        scores=scores,
        sections={
            score.branch: freshness(
                catalogue.branches[score.branch], catalogue.surfaces[score.branch], organization, now
            )
            for score in scores
        },
        names=names,
        unread=tuple(slug for slug in workspace.slugs if slug not in names and (not branches or slug in branches)),
        looked=output is not None,
    )


def _inspected(
    workspace: Workspace,
    look: Look,
    executor: Executor,
    store: Store | None,
    sketches: Mapping[str, Mapping[str, bytes]],
) -> Mapping[str, Inspected]:
    slugs = (*workspace.slugs, "")
    batches = [slugs[start : start + _BATCH] for start in range(0, len(slugs), _BATCH)]
    requests = [
        Request(
            workspace.root,
            workspace.organization,
            look.now,
            store,
            batch,
            frozenset(workspace.slugs),
            {slug: sketches[slug] for slug in batch if slug in sketches},
        )
        for batch in batches
    ]
    found = [site for batch in executor.map(inspect_sites, requests) for site in batch]
    return dict(zip(slugs, found, strict=True))


def _seen(look: Look, catalogue: Catalogue, sites: Mapping[str, Inspected]) -> Iterator[Seen]:
    closed = {slug for slug, branch in catalogue.branches.items() if branch.status == "closed"}
    open_sites = {slug: site for slug, site in sites.items() if slug not in closed}
    for slug, site in open_sites.items():
        yield from site.seen
        branch = catalogue.branches.get(slug)
        if branch is not None:
            yield from branch_breaches(look, branch, catalogue.surfaces[slug], site)
    yield from hidden_by_most(look, catalogue.branches)
    yield from policy_breaches(look, catalogue, open_sites)
    yield from link_breaches(catalogue, open_sites)
    yield from (one for one in unused_files(sites) if one.branch not in closed)
    yield from (one for one in copies(sites.values()) if one.branch not in closed)


class _Remembered(msgspec.Struct, frozen=True):
    """What is kept from audit to audit, by the program that found it: what came of following the links of each branch, and
    the sketch of each text, by slug and by the hash of its source."""

    code: str = ""
    sites: tuple[Followed, ...] = ()
    sketches: Mapping[str, Mapping[str, bytes]] = {}


def _pages(
    organization: Organization, output: Path, catalogue: Catalogue, executor: Executor, known: Iterable[Followed]
) -> Iterable[Followed]:
    by_slug = {site.slug: site for site in known}
    request = Requested(output, organization, tuple(catalogue.branches.values()), known=by_slug)
    return follow_pages(request, executor)


def _remembered(store: Store | None) -> _Remembered:
    try:
        content = (store.folder / _MEMORY).read_bytes() if store is not None else b""
        memory = msgspec.msgpack.decode(content, type=_Remembered)
    except (OSError, msgspec.MsgspecError):
        return _Remembered()
    return memory if memory.code == code_version() else _Remembered()


def _remember(store: Store, followed: Iterable[Followed], sites: Mapping[str, Inspected]) -> None:
    """Lays down what was found; an audit that cannot is no worse for it."""
    kept = tuple(site for site in followed if site.slug and site.build and not site.seen)
    sketches = {
        slug: {text.digest: text.sketch for text in site.texts if text.sketch is not None}
        for slug, site in sites.items()
        if site.texts
    }
    beside = store.folder / f"{_MEMORY}.new"
    with contextlib.suppress(OSError):
        beside.write_bytes(msgspec.msgpack.encode(_Remembered(code_version(), kept, sketches)))
        beside.replace(store.folder / _MEMORY)


def _scores(catalogue: Catalogue, findings: Iterable[Finding], branches: Collection[str]) -> tuple[Score, ...]:
    own: dict[str, list[Finding]] = {}
    for finding in findings:
        own.setdefault(finding.branch, []).append(finding)
    rated = [
        score(slug, own.get(slug, ()))
        for slug, branch in sorted(catalogue.branches.items())
        if branch.status != "closed" and (not branches or slug in branches)
    ]
    return tuple(sorted(rated, key=lambda one: (not one.failed, one.points, one.branch)))
