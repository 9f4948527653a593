"""The conductor: read, catalogue, render, gather, publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

import msgspec

from builder.addresses import Addresses
from builder.catalogue import Catalogue, Slice
from builder.checks import check_organization
from builder.diagnostics import Effect, Problem, in_order
from builder.fallback import keep_site
from builder.feeds import FeedItem
from builder.model import Organization
from builder.output import Written, prepare, publish_branch, publish_hub, remove_branch
from builder.reading import Reading, fingerprint, read_site
from builder.redirects import redirects
from builder.render.site import Theme
from builder.site import Job, Outcome, build_site, feed_items
from builder.staleness import foreign_texts, inputs_of, look_of, states_of
from builder.store import Manifest, Store
from builder.views import Context, foreign_refs
from builder.workspace import UnknownBranchError, Workspace, open_workspace

Execute = Callable[[Callable[[Job], Outcome], Iterable[Job]], Iterable[Outcome]]


class Options(msgspec.Struct, frozen=True):
    """What a build is asked for. ``branches`` are the only ones to be built; empty means all."""

    root: Path
    output: Path
    state: Path
    now: datetime
    branches: tuple[str, ...] = ()
    clean: bool = False
    allow_deletions: bool = False


class Result(msgspec.Struct, frozen=True):
    """What a build did. ``sites`` tells for each branch whether it was ``built``, ``unchanged``, ``kept`` or is
    ``missing``; ``why`` names for each page that was rendered the parts of its key that differed."""

    organization: Organization
    problems: tuple[Problem, ...]
    sites: Mapping[str, str]
    counts: Mapping[str, int]
    why: Mapping[str, Mapping[str, tuple[str, ...]]]
    next_due: datetime | None
    files: Written


def build(options: Options, execute: Execute = map) -> Result:
    """Brings the output up to date with the content.

    ``execute`` runs the building of many sites: ``map``, or that of a :class:`concurrent.futures.Executor`. Raises
    UnusableError, UnknownBranchError, StoreLockedError, ForeignFolderError, and OSError if the output or the store cannot
    be written; nothing has changed then for readers.
    """
    workspace = open_workspace(options.root)
    unknown = [name for name in options.branches if name not in workspace.slugs]
    if unknown:
        raise UnknownBranchError(unknown)
    store = Store(options.state, options.output)
    with store.locked():
        prepare(options.output, ours=store.manifest("") is not None)
        return _Build(options, workspace, store, execute).run()


class _Build:
    """One build, from the reading of the content to the published files."""

    def __init__(self, options: Options, workspace: Workspace, store: Store, execute: Execute) -> None:
        self.options, self.workspace, self.store, self.execute = options, workspace, store, execute
        self.organization = workspace.organization
        self.read_ns = store.clock_ns()
        self.theme = Theme(options.root / "theme", workspace.settings)
        self.look = look_of(self.theme)

    def run(self) -> Result:
        known = self.store.slugs()
        removed, guarded = self._vanished(known)
        readings, frozen = self._read(known, guarded)
        hub = self._read_site("", frozenset(self.workspace.slugs))
        outcomes, kept = self._render(readings, frozen, hub)
        live = frozen | kept
        live |= {slug: outcome.manifest for slug, outcome in outcomes.items() if outcome.manifest and slug not in kept}
        gathered = self._gather(live, hub)
        files = self._publish(live, gathered, removed)
        sites = dict.fromkeys((*self.workspace.slugs, *guarded), "missing")
        sites |= {slug: "kept" if slug in guarded else "unchanged" for slug in frozen}
        sites |= {slug: outcome.state for slug, outcome in outcomes.items() if outcome.manifest}
        sites |= dict.fromkeys(kept, "kept")
        failed = {slug: outcome.reason for slug, outcome in outcomes.items() if outcome.state == "failed"}
        if gathered.state == "failed":
            failed[""] = gathered.reason
        problems = in_order(self._problems(readings, frozen, live, hub, gathered, failed, guarded, known))
        dues = [reading.due for reading in (*readings.values(), hub)] + [manifest.due for manifest in frozen.values()]
        return Result(
            organization=self.organization,
            problems=tuple(problems),
            sites=dict(sorted(sites.items())),
            counts=_counts(readings, frozen),
            why={slug or "hub": outcome.why for slug, outcome in (*outcomes.items(), ("", gathered))},
            next_due=min((due for due in dues if due is not None), default=None),
            files=files,
        )

    def _vanished(self, known: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Branches with a release whose folder is gone: those to be removed, or, if they are too many, to be kept."""
        gone = tuple(slug for slug in known if slug not in self.workspace.slugs)
        if self.options.allow_deletions or 2 * len(gone) <= len(known):
            return gone, ()
        return (), gone

    def _read(self, known: tuple[str, ...], guarded: tuple[str, ...]) -> tuple[dict[str, Reading], dict[str, Manifest]]:
        """The readings of the branches to be built, and the manifests of those that stay as they are."""
        wanted = self.options.branches or self.workspace.slugs
        stay = [slug for slug in self.workspace.slugs if slug not in wanted and slug in known]
        frozen = {slug: manifest for slug in (*stay, *guarded) if (manifest := self.store.manifest(slug)) is not None}
        return {slug: self._read_site(slug) for slug in self.workspace.slugs if slug not in frozen}, frozen

    def _read_site(self, slug: str, taken: frozenset[str] = frozenset()) -> Reading:
        options = self.options
        return read_site(
            options.root,
            slug,
            self.organization,
            options.now,
            record=self.store.record(slug),
            manifest=self.store.manifest(slug),
            clean=options.clean,
            allow_deletions=options.allow_deletions,
            taken=taken,
        )

    def _render(
        self, readings: Mapping[str, Reading], frozen: Mapping[str, Manifest], hub: Reading
    ) -> tuple[dict[str, Outcome], dict[str, Manifest]]:
        """The outcome of every branch, and the manifests of those that failed and had a release.

        What a failed branch publishes is its last release, or nothing: the others are then planned once more with that.
        """
        slices = {slug: (manifest.part, manifest.digest) for slug, manifest in frozen.items()}
        slices |= {slug: (each.part, each.digest) for slug, each in readings.items() if each.part.branch is not None}
        outcomes: dict[str, Outcome] = {}
        kept: dict[str, Manifest] = {}
        todo = sorted(slug for slug in readings if slug in slices)
        while todo:
            jobs = list(self._jobs(todo, readings, (*slices.values(), (hub.part, hub.digest))))
            results = self.execute(_Builder(self.store), jobs)
            outcomes |= {outcome.slug: _joined(outcomes.get(outcome.slug), outcome) for outcome in results}
            failed = [job for job in jobs if outcomes[job.slug].state == "failed"]
            for job in failed:
                last = self.store.manifest(job.slug)
                slices.pop(job.slug)
                if last is not None:
                    kept[job.slug] = keep_site(job, self.store, last)
                    slices[job.slug] = (kept[job.slug].part, kept[job.slug].digest)
            again = {job.slug for job in failed}
            todo = [slug for slug in todo if slug not in again] if failed else []
        return outcomes, kept

    def _jobs(
        self, slugs: Iterable[str], readings: Mapping[str, Reading], slices: Sequence[tuple[Slice, str]]
    ) -> Iterator[Job]:
        catalogue = Catalogue(self.organization, (part for part, _ in slices))
        addresses = Addresses(self.organization, catalogue.branches.values())
        moved = redirects(catalogue)
        digests = {part.slug: digest for part, digest in slices}
        states = states_of(catalogue, digests, self.options.now)
        prints = {slug: fingerprint(reading) for slug, reading in readings.items()}
        jobs = {
            slug: Job(
                root=self.options.root,
                reading=reading,
                catalogue=catalogue,
                addresses=addresses,
                theme=self.theme,
                look=self.look,
                now=self.options.now,
                inputs=inputs_of(prints[slug], states, self.look, foreign_texts(slug, prints, catalogue)),
                read_ns=self.read_ns,
                moved=moved.get(slug, {}),
                assets=self._assets() if slug in addresses.own else {},
                clean=self.options.clean,
            )
            for slug, reading in readings.items()
            if slug in catalogue.branches
        }
        texts: dict[str, Mapping[str, FeedItem]] = {}
        for slug in slugs:
            last = self.store.manifest(slug)
            if last is not None and last.inputs == jobs[slug].inputs and not self.options.clean:
                yield jobs[slug]
            else:
                yield msgspec.structs.replace(jobs[slug], items=self._foreign_items(jobs, slug, texts))

    def _foreign_items(
        self, jobs: Mapping[str, Job], slug: str, texts: dict[str, Mapping[str, FeedItem]]
    ) -> Mapping[str, FeedItem]:
        """The feed items of other branches that a branch's feeds hold; ``texts`` gathers those of each owner."""
        job = jobs[slug]
        found: dict[str, FeedItem] = {}
        for ref in sorted(foreign_refs(Context(job.catalogue, job.addresses, slug, job.now))):
            owner = ref.partition("/")[0]
            if owner not in texts:
                texts[owner] = feed_items(jobs[owner]) if owner in jobs else self.store.items(owner)
            if ref in texts[owner]:
                found[ref] = texts[owner][ref]
        return found

    def _stored_items(self, ctx: Context) -> Mapping[str, FeedItem]:
        """The feed items that the hub's feeds hold, as the branches published them."""
        found: dict[str, FeedItem] = {}
        refs = sorted(foreign_refs(ctx))
        for slug, wanted in groupby(refs, key=lambda ref: ref.partition("/")[0]):
            items = self.store.items(slug)
            found |= {ref: items[ref] for ref in wanted if ref in items}
        return found

    def _assets(self) -> Mapping[str, bytes]:
        from builder.render import assets

        return {f"assets/{path}": content for path, content in assets(self.theme).files.items()}

    def _gather(self, live: Mapping[str, Manifest], hub: Reading) -> Outcome:
        """The hub, from what is live: manifests and feed items, never content of branches."""
        catalogue = Catalogue(self.organization, (*(manifest.part for manifest in live.values()), hub.part))
        addresses = Addresses(self.organization, catalogue.branches.values())
        sites = {slug: live[slug].files["build.json"].sha256 for slug in sorted(live)}
        digests = {slug: manifest.digest for slug, manifest in live.items()} | {"": hub.digest}
        states = states_of(catalogue, digests, self.options.now, hub=True) + repr(sites)
        job = Job(
            root=self.options.root,
            reading=hub,
            catalogue=catalogue,
            addresses=addresses,
            theme=self.theme,
            look=self.look,
            now=self.options.now,
            inputs=inputs_of(fingerprint(hub), states, self.look),
            read_ns=self.read_ns,
            moved=redirects(catalogue).get("", {}),
            items=self._stored_items(Context(catalogue, addresses, "", self.options.now)),
            assets=self._assets(),
            sites=sites,
            clean=self.options.clean,
        )
        outcome = build_site(job, self.store)
        if outcome.state == "failed" and outcome.manifest is not None:
            return msgspec.structs.replace(outcome, manifest=keep_site(job, self.store, outcome.manifest))
        return outcome

    def _publish(self, live: Mapping[str, Manifest], hub: Outcome, removed: Iterable[str]) -> Written:
        output = self.options.output
        total = Written()
        for slug in sorted(live):
            total += publish_branch(output, slug, self.store, live[slug])
        for slug in removed:
            total += remove_branch(output, slug)
            self.store.remove(slug)
        if hub.manifest is not None:
            total += publish_hub(output, self.store, hub.manifest, live)
        return total

    def _problems(
        self,
        readings: Mapping[str, Reading],
        frozen: Mapping[str, Manifest],
        live: Mapping[str, Manifest],
        hub: Reading,
        gathered: Outcome,
        failed: Mapping[str, str],
        guarded: tuple[str, ...],
        known: tuple[str, ...],
    ) -> Iterator[Problem]:
        yield from self.workspace.problems
        every = {**readings, "": hub}
        for slug, reading in every.items():
            manifest = gathered.manifest if not slug else live.get(slug)
            yield from manifest.problems if manifest is not None and slug not in failed else reading.problems
            if slug in failed:
                effect: Effect = "kept" if manifest is not None else "missing"
                yield _about(slug, "render-failed", effect, reason=failed[slug])
            if reading.guarded is not None:
                gone, total = reading.guarded
                yield _about(slug, "mass-deletion", "held", count=str(gone), total=str(total))
        for manifest in frozen.values():
            yield from manifest.problems
        if guarded:
            yield Problem(
                code="mass-deletion",
                severity="error",
                path="content",
                args={"count": str(len(guarded)), "total": str(len(known))},
                effect="kept",
            )
        catalogue = Catalogue(self.organization, (*(manifest.part for manifest in live.values()), hub.part))
        yield from check_organization(catalogue, every.values())


def _joined(first: Outcome | None, then: Outcome) -> Outcome:
    """What became of a site that was built twice in one run."""
    if first is None or then.state == "failed" or first.state != "built":
        return then
    return msgspec.structs.replace(then, state="built", why={**first.why, **then.why})


class _Builder:
    """``build_site`` with its store: what an executor sends to its workers."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def __call__(self, job: Job) -> Outcome:
        return build_site(job, self.store)


def _about(slug: str, code: str, effect: Effect, **args: str) -> Problem:
    return Problem(code=code, severity="error", path=f"content/{slug or 'hub'}", args=args, branch=slug, effect=effect)


def _counts(readings: Mapping[str, Reading], frozen: Mapping[str, Manifest]) -> Mapping[str, int]:
    """The number of entries in each state, over all branches."""
    total: dict[str, int] = {}
    for counts in (*(reading.counts for reading in readings.values()), *(each.counts for each in frozen.values())):
        for state, number in counts.items():
            total[state] = total.get(state, 0) + number
    return total
