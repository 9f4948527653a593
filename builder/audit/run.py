"""``branchpress audit``: all rules for all sites, rated by the profile, and the scores."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from builder.audit.branches import RuleContext, branch_breaches, hidden_by_most
from builder.audit.breach import MOST_TOLD, Breach, few_breaches
from builder.audit.check import rate_in_tasks
from builder.audit.duplicates import Pair, Text, compare
from builder.audit.findings import Finding, Score, judged, score
from builder.audit.inspection.cache import Inspections
from builder.audit.inspection.cache_file import read_cache_file, write_cache_file
from builder.audit.inspection.pages import LinkReport, Outputs
from builder.audit.inspection.site import MOST_LINKS, Inspected
from builder.audit.reading import retried_request
from builder.audit.whole import copies, follow_sources, policy_breaches, repealed_policies, unused_files
from builder.catalogue.catalogue import Catalogue
from builder.catalogue.failed_sources import SiteRequest
from builder.catalogue.freshness import Freshness, freshness
from builder.catalogue.reading import SAFE_NS, SiteSource, find_site
from builder.catalogue.shelf import Shelf
from builder.content.workspace import UnknownBranchError, open_workspace
from builder.model.site_id import SiteId
from builder.model.values import Organization, Profile
from builder.store import Store
from builder.store.progress_note import Notes
from builder.workers import TaskLost, TaskRunner, WorkerLostError

_BATCH = 16
More = Callable[["Inventory"], Iterable[Breach]]


class Inventory(msgspec.Struct, frozen=True):
    """The audited content: the organization and its sites, by slug."""

    organization: Organization
    sites: Mapping[str, Inspected]


class Audit(msgspec.Struct, frozen=True):
    """The result of an audit.

    ``scores`` has every open branch, the worst first, ``sections`` the freshness of each one's sections; ``findings`` belong to
    branches, or to the whole (an empty branch).
    ``unread`` are branches whose branch.yml cannot be read, and never could; ``looked`` says whether the pages of the output
    were looked at, too. ``lost`` are sites that could not be read or looked at in time, by the name of the folder, with the
    reason: what is said of them is what their last release has.
    """

    now: datetime
    organization: Organization
    findings: tuple[Finding, ...]
    scores: tuple[Score, ...]
    sections: Mapping[str, tuple[Freshness, ...]]
    names: Mapping[str, str]
    unread: tuple[str, ...]
    looked: bool
    lost: Mapping[str, str] = {}

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
    margin_ns: int = SAFE_NS,
    find: Callable[..., SiteSource] = find_site,
) -> Audit:
    """Audits the content under ``root`` at ``now``.

    With the ``store`` of an output folder texts that have not changed since the last build need not be read again; with
    ``output`` the links of its pages are followed, too. ``branches`` are those to report on (all, if none is named); every
    branch is read all the same, since they refer to each other. ``more`` adds breaches found elsewhere: in the history, on
    other hosts. What was touched within ``margin_ns`` before it is read is read again by the next audit; ``find`` reads a site's
    folder. Raises UnusableError, UnknownBranchError.
    """
    with tempfile.TemporaryDirectory(prefix="branchpress-") as folder:
        return _audit(root, now, executor, Path(folder), store, output, branches, more, margin_ns, find)


def _audit(
    root: Path,
    now: datetime,
    executor: Executor,
    folder: Path,
    store: Store | None,
    output: Path | None,
    branches: Collection[str],
    more: Iterable[More],
    margin_ns: int,
    find: Callable[..., SiteSource],
) -> Audit:
    workspace = open_workspace(root)
    organization = workspace.organization
    unknown = sorted(set(branches) - set(workspace.slugs))
    if unknown:
        raise UnknownBranchError(unknown)
    context = RuleContext(organization, now, organization.zone)
    inspections = Inspections.of(root, organization, workspace.slugs, now, store, margin_ns, find)
    rated = _read_similarities(store, inspections.settings_digest)
    runner, lost, failed = TaskRunner(lambda: executor), dict[str, str](), dict[str, Mapping[str, str]]()
    shelf = Shelf(folder, organization)
    sites = _inspect_sites(inspections, runner, shelf, lost, failed)
    catalogue = Catalogue.of(
        organization, [site.part for slug, site in sites.items() if not slug or site.part.branch is not None]
    )
    # The executor follows the pages' links while the rest is looked at here.
    pages = _follow_links(inspections, output, catalogue, executor, lost) if output is not None else ()
    compared = compare(
        (text for site in sites.values() for text in site.texts),
        rated,
        partial(rate_in_tasks, runner, partial(_load_texts, inspections, failed)),
    )
    if store is not None:
        write_cache_file(store.kept("alike", ""), inspections.settings_digest, msgspec.json.encode(compared.rated))
    seen = list(_collect_breaches(context, catalogue, sites, compared.pairs))
    seen += _follow_sources(runner, shelf, catalogue, sites, lost)
    closed = {slug for slug, branch in catalogue.branches.items() if branch.status == "closed"}
    seen += [one for site in pages if site.slug not in closed for one in site.seen]
    inventory = Inventory(organization, sites)
    seen += [one for extra in more for one in extra(inventory)]
    seen, over = few_breaches(seen)
    for slug in over:
        lost.setdefault(SiteId(slug).folder, f"more than {MOST_TOLD} findings of one rule, of which the first are told")
    for slug, site in sites.items():
        if site.cut:
            lost.setdefault(SiteId(slug).folder, f"more than {MOST_LINKS} links, of which the first were followed")
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
                catalogue.branches[score.branch], catalogue.summaries[score.branch], organization, now
            )
            for score in scores
        },
        names=names,
        unread=tuple(slug for slug in workspace.slugs if slug not in names and (not branches or slug in branches)),
        looked=output is not None,
        lost=dict(sorted(lost.items())),
    )


def _load_texts(
    inspections: Inspections, failed: Mapping[str, Mapping[str, str]], wanted: Collection[Text]
) -> Mapping[str, str]:
    return inspections.texts(wanted, failed)


def _inspect_sites(
    inspections: Inspections,
    runner: TaskRunner,
    shelf: Shelf,
    lost: dict[str, str],
    failed: dict[str, Mapping[str, str]],
) -> Mapping[str, Inspected]:
    """Inspects all sites, and lays what was found onto the shelf. Adds those that are ``lost``, with the reason, and the sources
    of each that ``failed``."""
    sites: dict[str, Inspected] = {}
    notes = Notes(shelf.folder / "notes")
    step = partial(inspections.inspect, notes)
    requests = [SiteRequest(slug) for slug in (*inspections.slugs, "")]
    size = max(1, min(_BATCH, len(requests) // 8))
    for request, found in runner.each(step, requests, size, partial(retried_request, notes)):
        content = found
        if isinstance(content, TaskLost):
            lost[SiteId(request.slug).folder] = content.reason
            content = inspections.inspect_last(request.slug)
        if request.failed:
            failed[request.slug] = request.failed
        shelf.put_with_part(request.slug, content)
        sites[request.slug] = msgspec.json.decode(content, type=Inspected)
    return {slug: sites[slug] for slug in (*inspections.slugs, "")}


def _collect_breaches(
    context: RuleContext, catalogue: Catalogue, sites: Mapping[str, Inspected], pairs: Iterable[Pair]
) -> Iterator[Breach]:
    closed = {slug for slug, branch in catalogue.branches.items() if branch.status == "closed"}
    open_sites = {slug: site for slug, site in sites.items() if slug not in closed}
    for slug, site in open_sites.items():
        yield from site.seen
        branch = catalogue.branches.get(slug)
        if branch is not None:
            yield from branch_breaches(context, branch, catalogue.summaries[slug], site)
    yield from hidden_by_most(context, catalogue.branches)
    yield from policy_breaches(context, catalogue, open_sites)
    yield from (one for one in unused_files(sites) if one.branch not in closed)
    yield from (one for one in copies(pairs) if one.branch not in closed)


def _follow_links(
    inspections: Inspections, output: Path, catalogue: Catalogue, executor: Executor, lost: dict[str, str]
) -> Iterator[LinkReport]:
    """Follows the links of every site's pages. The executor begins at once. Adds the sites that are ``lost``."""
    outputs = Outputs.of(output, catalogue, inspections.settings_digest, inspections.store)
    slugs = list(catalogue.branches)
    # The hub, which has the most pages, comes first.
    batches = [[""], *(slugs[start : start + _BATCH] for start in range(0, len(slugs), _BATCH))]
    tasks = [(batch, executor.submit(outputs.follow, batch)) for batch in batches]
    return _collect_reports(executor, outputs, tasks, lost)


def _collect_reports(
    executor: Executor,
    outputs: Outputs,
    tasks: Iterable[tuple[Sequence[str], Future[list[LinkReport]]]],
    lost: dict[str, str],
) -> Iterator[LinkReport]:
    for batch, task in tasks:
        try:
            yield from task.result()
        except WorkerLostError as error:
            if len(batch) == 1:
                lost[SiteId(batch[0]).folder] = str(error)
            else:
                # Those who were in one list with it are not to blame.
                alone = [([slug], executor.submit(outputs.follow, [slug])) for slug in batch]
                yield from _collect_reports(executor, outputs, alone, lost)


def _follow_sources(
    runner: TaskRunner, shelf: Shelf, catalogue: Catalogue, sites: Mapping[str, Inspected], lost: dict[str, str]
) -> Iterator[Breach]:
    """Follows the links of every open site's sources. Adds the sites that are ``lost``."""
    branches = catalogue.branches
    open_sites = [slug for slug in sites if slug not in branches or branches[slug].status != "closed"]
    repealed = repealed_policies(sites[slug] for slug in open_sites)
    shelf.draw_up(catalogue.summaries.values())
    size = max(1, min(_BATCH, len(open_sites) // 8))
    for slug, found in runner.each(partial(follow_sources, shelf, repealed), open_sites, size):
        if isinstance(found, TaskLost):
            lost[SiteId(slug).folder] = found.reason
        else:
            yield from msgspec.json.decode(found, type=list[Breach])


def _read_similarities(store: Store | None, settings_digest: str) -> Mapping[str, float]:
    """Returns the similarities of texts that an earlier audit compared."""
    content = read_cache_file(store.kept("alike", ""), settings_digest) if store is not None else b""
    try:
        return msgspec.json.decode(content, type=dict[str, float])
    except msgspec.MsgspecError:
        return {}


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
