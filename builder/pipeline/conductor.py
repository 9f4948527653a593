"""The conductor: survey, catalogue, render, gather, publish."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Executor
from datetime import datetime
from functools import partial
from operator import is_
from pathlib import Path

import msgspec

from builder.catalogue.catalogue import Catalogue, SiteSummary
from builder.catalogue.deletion_guard import find_vanished_branches, mass_deletion
from builder.catalogue.reading import SAFE_NS
from builder.content.workspace import UnknownBranchError, Workspace, open_workspace
from builder.formats.html.site import Theme
from builder.messages.problems import Problem, in_order
from builder.model.edits import Edit
from builder.model.sealed import DamagedStateError
from builder.model.shipped import theme_folder
from builder.model.site_id import SiteId
from builder.model.values import Organization
from builder.model.version import settings_digest
from builder.pipeline.failed_site import keep_release, loss_at, source_of
from builder.pipeline.hub_ahead import HubAhead
from builder.pipeline.job import Failure, Job, Outcome
from builder.pipeline.progress import Progress
from builder.pipeline.publisher import Publisher
from builder.pipeline.reader import Reader
from builder.pipeline.session import Session, theme_digest_of, with_marks
from builder.pipeline.site_table import SiteTable
from builder.pipeline.stages import (
    STEPS,
    Steps,
    SurveyResult,
    build_or_publish,
    build_sites,
)
from builder.pipeline.survey import (
    Inputs,
    branch_inputs,
    hub_inputs,
    text_owners,
)
from builder.store import APART, Store
from builder.store.publish import (
    FileCounts,
    Publication,
    StoppedBuildError,
    check_output,
    clear_staging,
    has_changed,
    prepare,
)
from builder.workers import Account, Allowance, SerialExecutor, TaskLost, TaskRunner, without_collector

_UNRENDERABLE = 5
"""Pages of one site that may turn out to be poisoned before the site as a whole is kept as it was."""
_MANY_MADE = 100
"""So many branches made in one build leave more in the memory of workers than it costs to replace them."""
_BRANCHES_A_DEADLINE = 200
"""So many branches give a site that shows them all, the hub or the branch above them, one deadline more."""
_BYTES_AN_ENTRY = 10_000
"""So much memory a site that shows the entries of others may have for each of them beside the limit of all."""
_MANY_BELOW = 30
"""So many branches below one are sooner taken from what the hub knows of all than each from its own release."""
_TURNS = 10
"""So many times the deadline one site may take in one build, in all tasks that read and make it together; its pictures as long
again."""


class Options(msgspec.Struct, frozen=True):
    """The options of a build. ``branches`` are the only ones to be built; empty means all. ``deadline`` is the number
    of seconds that one site may take, 0 for ever, None for what organization.yml says. ``drafts`` shows, for a preview, what
    readers do not see yet. Of up to ``few`` branches each published file is checked by every build. What was touched within
    ``margin_ns`` before it was read is read again by the next one: it may have been changed since without a sign of it.
    ``fonts`` are folders in which a font for the cards of links may lie. In ``picture_seconds`` of a processor's time the new
    pictures of a site are made, and the others by the next build; None for ten times the deadline, 0 for any time. Of all sites
    but those that were ``touched`` nothing in their folders has changed since the last build, if it is known which those are.
    About ``apart`` documents of a large site are stored together."""

    root: Path
    output: Path
    state: Path
    now: datetime
    branches: tuple[str, ...] = ()
    clean: bool = False
    allow_deletions: bool = False
    deadline: float | None = None
    drafts: bool = False
    few: int = 100
    margin_ns: int = SAFE_NS
    fonts: tuple[Path, ...] = ()
    picture_seconds: float | None = None
    touched: frozenset[str] | None = None
    apart: int = APART


class Result(msgspec.Struct, frozen=True):
    """The result of a build. ``sites`` says for each branch whether it was ``built``, ``unchanged``, ``kept`` or is
    ``missing``; ``why`` names for each rendered page the parts of its key that differed, ``addresses`` has the address
    of the organization (by an empty slug) and of each branch that has its own, ``names`` the name of each branch, ``edits``
    what was edited in each site, by its folder, and in organization.yml, by an empty one."""

    organization: Organization
    problems: tuple[Problem, ...]
    sites: Mapping[str, str]
    counts: Mapping[str, int]
    why: Mapping[str, Mapping[str, tuple[str, ...]]]
    next_due: datetime | None
    files: FileCounts
    addresses: Mapping[str, str] = {}
    names: Mapping[str, str] = {}
    edits: Mapping[str, tuple[Edit, ...]] = {}


def build(
    options: Options,
    executor: Callable[[], Executor] = SerialExecutor,
    progress: Callable[[Progress], None] = lambda _: None,
    steps: Steps = STEPS,
) -> Result:
    """Brings the output up to date with the content.

    ``executor`` makes the executor for the stages, and is called again if that breaks; ``progress`` is called with the
    progress of the build; ``steps`` are those that the stages take. Raises UnusableError, UnknownBranchError,
    StoreLockedError, ForeignFolderError, and OSError if the output or the store cannot be written, all with nothing changed;
    StoppedBuildError if that happened later. Every site that readers find is complete even then.
    """
    # What is cached by path must not depend on the folder that a process is in.
    options = msgspec.structs.replace(
        options, root=options.root.absolute(), state=options.state.absolute(), output=options.output.absolute()
    )
    workspace = open_workspace(options.root)
    unknown = [name for name in options.branches if name not in workspace.slugs]
    if unknown:
        raise UnknownBranchError(unknown)
    store = Store(options.state, options.output)
    check_output(options.output, ours=_has_built(store))
    with store.locked():
        began_ns = store.clock_ns()
        try:
            return _build_locked(options, workspace, store, executor, progress, steps)
        except OSError as error:
            if has_changed(store.folder, began_ns) or has_changed(options.output, began_ns):
                raise StoppedBuildError from error
            raise


def _build_locked(
    options: Options,
    workspace: Workspace,
    store: Store,
    executor: Callable[[], Executor],
    progress: Callable[[Progress], None],
    steps: Steps,
) -> Result:
    prepare(options.output, ours=_has_built(store))
    workspace = msgspec.structs.replace(
        workspace, organization=with_marks(options.root, store, workspace.organization, options.fonts)
    )
    with TaskRunner(executor, _deadline(options, workspace.organization)) as runner:
        result = _Build(options, workspace, store, runner, progress, steps).run()
    clear_staging(options.output)
    return result


def _has_built(store: Store) -> bool:
    """Tells whether a build has written into the output folder: the hub's release may never have come about."""
    return store.stamp("") is not None or bool(store.slugs())


def _deadline(options: Options, organization: Organization) -> float:
    return organization.limits.branch_seconds if options.deadline is None else options.deadline


class _Build:
    """One build, from reading the content to publishing the files."""

    def __init__(
        self,
        options: Options,
        workspace: Workspace,
        store: Store,
        runner: TaskRunner,
        progress: Callable[[Progress], None],
        steps: Steps,
    ) -> None:
        self.options, self.workspace, self.store = options, workspace, store
        self.runner, self.progress, self.steps = runner, progress, steps
        theme = Theme(theme_folder(options.root), workspace.settings)
        self.session = Session(
            root=options.root,
            state=options.state,
            output=options.output,
            now=options.now,
            organization=workspace.organization,
            theme=theme,
            theme_digest=theme_digest_of(theme),
            slugs=workspace.slugs,
            read_ns=store.clock_ns(),
            settings_digest=settings_digest(workspace.organization, drafts=options.drafts),
            build_id=secrets.token_hex(8),
            clean=options.clean,
            allow_deletions=options.allow_deletions,
            drafts=options.drafts,
            in_place=options.touched is not None,
            margin_ns=options.margin_ns,
            apart=options.apart,
        )
        self.table = SiteTable(self.session, self.options.few)
        self.publisher = Publisher(options.output, self.table, runner, steps, progress)
        self.whole: set[str] = set()
        self.wanted: list[str] = []
        self.healed: set[str] = set()
        self.drawn: tuple[SiteSummary, ...] = ()
        most = _TURNS * _deadline(options, workspace.organization)
        self.tasks = Account(lambda task: () if isinstance(task, str) else (task.slug,), most)
        self.ahead = HubAhead(self.table, runner, steps, self.tasks)
        seconds = most if options.picture_seconds is None else options.picture_seconds
        self.reader = Reader(self.table, runner, steps, progress, self.tasks, seconds)

    def run(self) -> Result:
        known = self.store.slugs()
        if not known and len(self.workspace.slugs) > 1:
            from builder.pipeline.release import load_engines

            with without_collector():
                load_engines(self.session)
        frozen = self._frozen_branches(known)
        wanted = [slug for slug in (*self.workspace.slugs, "") if slug not in frozen]
        touched = self.options.touched
        same = {slug for slug in wanted if touched is not None and self.table.stands(slug, touched)}
        for slug in sorted(same):
            self.table.surveyed(SurveyResult(slug))
        self._survey([slug for slug in wanted if slug not in same])
        removed, guarded = find_vanished_branches(
            known, self.workspace.slugs, allow=self.options.allow_deletions, renamed=self._former_names()
        )
        self.reader.withdrew |= bool(removed)
        for slug in removed:
            self.table.removed(slug)
        frozen |= frozenset(slug for slug in guarded if self.store.manifest(slug) is not None)
        for slug in sorted(frozen):
            self.table.stand_by_release(slug)
        self._keep_up()
        settled = not frozen and not removed and self.table.is_settled()
        self.wanted = [slug for slug in self.workspace.slugs if slug not in frozen]
        if not settled:
            self._bring_up(purge=bool(removed))
        files = self._publish(removed)
        problems = [*self.workspace.problems, *self.table.problems(guarded, self._draw_up)]
        if guarded:
            problems.append(mass_deletion(len(guarded), len(known)))
        self.session.pictures.sweep((*self.store.slugs(), ""))
        self.table.remember()
        return Result(
            organization=self.workspace.organization,
            problems=tuple(in_order(problems)),
            sites=self.table.states((*guarded, *self.workspace.refused)),
            counts=self.table.counts(),
            why={SiteId(slug).folder: why for slug, why in self.table.why.items() if why},
            next_due=self.table.due(),
            files=files,
            addresses=self._addresses(),
            names=self._names(),
            edits=self.table.edits(),
        )

    def _bring_up(self, *, purge: bool = False) -> None:
        """Makes the releases of all sites that have changed, the hub's last."""
        self._render()
        self._keep_up()
        self._gather(purge=purge)
        self._keep_up("")

    def _heal(self, slug: str) -> bool:
        """Reads a site again of which something that was saved is not as it was, so that all of it is made again. Returns
        False if that was done before."""
        if slug in self.healed:
            return False
        self.healed.add(slug)
        self.store.spoil(slug)
        self.table.forget(slug)
        if slug and slug not in self.wanted:
            self.wanted = sorted((*self.wanted, slug))
        self._survey([slug], read=True)
        return True

    def _addresses(self) -> Mapping[str, str]:
        own = {
            slug: summary.branch.url
            for slug, summary in self.table.summaries.items()
            if summary.branch is not None and summary.branch.url
        }
        return {"": self.workspace.organization.url, **own}

    def _names(self) -> Mapping[str, str]:
        branches = {slug: summary.branch for slug, summary in self.table.summaries.items()}
        return {slug: (branch.short_name or branch.name) for slug, branch in branches.items() if branch is not None}

    def _frozen_branches(self, known: tuple[str, ...]) -> frozenset[str]:
        """Returns the branches whose release stays as it is because they were not asked for."""
        wanted = self.options.branches or self.workspace.slugs
        stay = [slug for slug in self.workspace.slugs if slug not in wanted and slug in known]
        return frozenset(slug for slug in stay if self.store.manifest(slug) is not None)

    def _former_names(self) -> frozenset[str]:
        """Returns the names that the folders of the branches that were surveyed had before."""
        branches = (summary.branch for summary in self.table.summaries.values())
        return frozenset(name for branch in branches if branch is not None for name in branch.formerly)

    def _survey(self, slugs: Iterable[str], *, read: bool = False) -> None:
        self.reader.survey(self.session, slugs, read=read)

    def _develop(self) -> bool:
        """Makes the pictures of the sites that were read. Returns False if some fail: their sites are read again without them."""
        late, again = self.reader.develop(self.session)
        self.session = msgspec.structs.replace(self.session, late=self.session.late | late)
        self._survey(again, read=True)
        return not again

    def _draw_up(self) -> Catalogue:
        """Writes the overview of what all sites publish, as far as is known by now."""
        dropped = self.table.drop_failed()
        summaries = tuple(self.table.summaries.values())
        same = len(summaries) == len(self.drawn) and all(map(is_, summaries, self.drawn))
        if self.session.revision and same and not dropped:
            # As it was drawn up before: what a site publishes is only another one after it was read.
            return self.session.catalogue()
        self.drawn = summaries
        self.session = msgspec.structs.replace(self.session, revision=self.session.revision + 1)
        self.session.draw_up(self.table.summaries)
        return self.session.catalogue()

    def _render(self) -> None:
        """Makes the release of every branch that has changed.

        A branch that fails publishes its last release, or nothing; a document that cannot be rendered counts as broken.
        The build is then planned again.
        """
        settled = False
        while not settled:
            catalogue = self._draw_up()
            inputs = self._inputs(catalogue, self.wanted)
            todo = [slug for slug in inputs if self.table.is_stale(slug, inputs[slug])]
            whole = [
                slug
                for slug in todo
                if not self._feeds_only(slug, inputs[slug]) and not self._texts_only(slug, inputs[slug])
            ]
            # What only texts or feeds have to be made of is soon made.
            hub = self._hub_beside(catalogue, todo) if whole == todo else None
            unread = [slug for slug in (*whole, *([""] if hub else [])) if slug not in self.table.read]
            if unread:
                self._survey(unread, read=True)
                settled = False
                if self.table.summaries != catalogue.summaries or self._inputs(catalogue, self.wanted) != inputs:
                    continue
            if not self._develop():
                settled = False
                continue
            if hub is not None:
                job = Job(self.session, "", hub, late=frozenset(todo), sites=None, slices=self._hub_slices())
                self.ahead.begin(job, self._allowance(self.table.live))
            settled = self._make(catalogue, inputs, todo)
            if not settled:
                self.ahead.drop()

    def _feeds_only(self, slug: str, inputs: Inputs) -> bool:
        return slug not in self.whole and self.table.feeds_only(slug, inputs)

    def _texts_only(self, slug: str, inputs: Inputs) -> bool:
        return slug not in self.whole and self.table.texts_only(slug, inputs)

    def _inputs(self, catalogue: Catalogue, slugs: Iterable[str]) -> dict[str, Inputs]:
        """Returns the inputs of each branch."""
        table = self.table
        known = {slug: table.surveys[slug] for slug in table.digests if slug in table.surveys}
        surveys = {slug: survey for slug, survey in known.items() if slug not in table.failed}
        return branch_inputs(slugs, surveys, catalogue, self.session.theme_digest, table.digests)

    def _make(self, catalogue: Catalogue, inputs: Mapping[str, Inputs], todo: list[str]) -> bool:
        """Builds branches, the lower ones first, since those above show their texts. Returns False if a result differs
        from the plan."""
        depths = {slug: len(catalogue.ancestors(slug)) for slug in todo}
        brief = {slug for slug in todo if self._feeds_only(slug, inputs[slug])}
        left, done, fine = set(todo) - brief, 0, True
        for depth in sorted(set(depths.values()), reverse=True):
            wave = [slug for slug in todo if depths[slug] == depth]
            jobs = [
                Job(
                    self.session,
                    slug,
                    inputs[slug],
                    feeds_only=slug in brief,
                    texts_only=self._texts_only(slug, inputs[slug]),
                    late=frozenset(text_owners(slug, catalogue) & left),
                    slices=self._slices_below(slug, catalogue),
                    purge=self.reader.withdrew,
                )
                for slug in wave
            ]
            step = partial(build_sites, self.steps)
            for job, outcome in self.runner.each(
                step,
                jobs,
                account=self.tasks,
                allowance=lambda job: self._allowance([each.slug for each in catalogue.descendants(job.slug)]),
            ):
                done += 1
                fine &= self._settle(job, outcome)
                self.progress(Progress("render", done, len(todo), self.table.pages))
            if not fine:
                # What is above would be built from what is not published.
                return False
            left -= set(wave)
            self.publisher.publish_touched(self.session, self.options.touched or ())
        return True

    def _hub_beside(self, catalogue: Catalogue, todo: Collection[str]) -> Inputs | None:
        """Returns the inputs of the hub if it is to be made while these branches are."""
        if not self.ahead.may_begin(catalogue, todo):
            return None
        inputs = self._hub_inputs(catalogue, dict.fromkeys(self.table.live, ""))
        return None if self._feeds_only("", inputs) else inputs

    def _hub_inputs(self, catalogue: Catalogue, sites: Mapping[str, str]) -> Inputs:
        theme, digests, now = self.session.theme_digest, self.table.digests, self.session.now
        return hub_inputs(self.table.surveys[""], catalogue, theme, digests, sites, now)

    def _hub_slices(self) -> Mapping[str, str]:
        digests = self.table.digests
        return {slug: digests[slug].digest for slug in self.table.live if slug in digests}

    def _slices_below(self, slug: str, catalogue: Catalogue) -> Mapping[str, str]:
        """Returns the hash of what each branch below one publishes, if they are many."""
        below = [branch.slug for branch in catalogue.descendants(slug)]
        return (
            {each: self.table.digests[each].digest for each in below if each in self.table.digests}
            if len(below) >= _MANY_BELOW
            else {}
        )

    def _allowance(self, shown: Collection[str]) -> Allowance:
        """Returns what a site may take that shows the entries of these branches: the more there are, the more it has to do."""
        memory = self.table.published(shown) * _BYTES_AN_ENTRY // 1_000_000
        return Allowance(1 + len(shown) / _BRANCHES_A_DEADLINE, memory)

    def _settle(self, job: Job, outcome: Outcome | TaskLost) -> bool:
        """Records the outcome of a site. Returns False if the build has to be planned again because of it.

        The page that was being rendered when a worker was lost is taken to be the cause.
        """
        slug = job.slug
        if (job.feeds_only or job.texts_only) and (isinstance(outcome, TaskLost) or outcome.state != "built"):
            self.whole.add(slug)
            return False
        if isinstance(outcome, TaskLost):
            source = source_of(job, self.store.notes.last(slug))
            if source:
                outcome = Outcome(slug, "poisoned", unrenderable={source: outcome.reason})
            else:
                outcome = Outcome(slug, "failed", reason=loss_at(self.store, slug, outcome))
        if outcome.state == "damaged" and self._heal(outcome.damaged):
            return False
        if outcome.state == "built":
            self.table.built(slug, job.inputs, outcome)
            return True
        known = self.reader.unrenderable.setdefault(slug, {})
        if len(known) < _UNRENDERABLE and not outcome.unrenderable.keys() <= known.keys():
            known.update(outcome.unrenderable)
            self._survey([slug], read=True)
            return False
        reason = outcome.reason or "; ".join(sorted(set(outcome.unrenderable.values())))
        self.table.failed[slug] = Failure(reason, outcome.collision)
        if self.store.manifest(slug) is not None:
            keep_release(self.table, job)
        self.table.stand_by_release(slug)
        return False

    def _keep_up(self, *slugs: str) -> None:
        """Removes everything withdrawn, as far as is known by now, from the releases of sites that failed (default: all)."""
        failed = sorted(self.table.failed.keys() & set(slugs or self.table.failed))
        kept = [slug for slug in failed if self.store.manifest(slug) is not None]
        if kept:
            self._draw_up()
        for slug in kept:
            sites = {} if slug else {each: self.table.releases[each].sha256 for each in self.table.live}
            keep_release(
                self.table,
                Job(self.session, slug, Inputs("", {}, ""), sites=sites, purge=self.reader.withdrew),
                unread=True,
            )
            self.table.stand_by_release(slug)

    def _gather(self, *, purge: bool) -> None:
        """Builds the hub from the releases, never from the content of branches."""
        table = self.table
        settled = "" not in table.surveys
        while not settled and "" not in table.failed:
            catalogue = self._draw_up()
            sites = {slug: table.releases[slug].sha256 for slug in table.live}
            inputs = self._hub_inputs(catalogue, sites)
            if not table.is_stale("", inputs):
                break
            feeds_only = self._feeds_only("", inputs)
            if "" not in table.read and not feeds_only:
                self._survey([""], read=True)
                continue
            if not self._develop():
                continue
            withdrew = any(outcome.withdrew for outcome in table.outcomes.values()) or bool(table.failed)
            job = Job(
                self.session, "", inputs, feeds_only, sites=sites, slices=self._hub_slices(), purge=purge or withdrew
            )
            settled = self._make_hub(job)
            if not settled and self.healed:
                # The hub is made from the releases of branches, of which one may have to be made again.
                self._render()
        self.ahead.drop()

    def _make_hub(self, job: Job) -> bool:
        """Builds the hub by its job, or takes what was made ahead, and publishes branches beside it: the hub is one task and
        leaves the other workers. Returns False if the result differs from the plan."""
        table = self.table
        many = len(table.outcomes) > _MANY_MADE
        if many:
            # What workers remember of branches is of no use to the hub, which needs the memory itself.
            self.runner.forget()
        beside = [] if many else self.publisher.waiting()
        tasks: list[Job | str] = [*beside] if self.ahead.is_for(job) else [job, *beside]
        hub, ordinary = self._allowance(table.live), Allowance()
        step = partial(build_or_publish, self.session, self.steps)
        settled, done = False, 0
        for each, found in self.runner.each(
            step, tasks, account=self.tasks, allowance=lambda task: ordinary if isinstance(task, str) else hub
        ):
            if isinstance(each, str):
                done += 1
                self.publisher.record(each, found)
                self.progress(Progress("publish", done, len(beside), table.pages))
            elif not isinstance(found, Publication):
                settled = self._settle(each, found)
        made = self.ahead.finish(job)
        if made is not None:
            settled = self._settle(job, made)
        if many:
            # Nor is what it took of use to those that publish.
            self.runner.forget()
        return settled

    def _publish(self, removed: Iterable[str]) -> FileCounts:
        """Publishes all branches that changed, then the hub. A branch of which the release turns out to be damaged, now that its
        files are needed, is made again first."""
        table = self.table
        total = self.publisher.shown()
        done, damaged = self._publish_branches(self.publisher.waiting())
        total += done
        if damaged:
            before = {slug: table.releases[slug] for slug in table.live if slug in table.releases}
            for slug in damaged:
                self._heal(slug)
            self._bring_up()
            again = [slug for slug in table.live if slug in damaged or table.releases[slug] != before.get(slug)]
            done, damaged = self._publish_branches(again)
            total += done
            for slug in damaged:
                table.unpublished(slug, "its state is damaged")
        total += self.publisher.remove(self.session, removed)
        return total + self._publish_hub()

    def _publish_branches(self, todo: list[str]) -> tuple[FileCounts, list[str]]:
        if todo:
            # Whoever publishes follows links.
            self._draw_up()
        return self.publisher.publish(self.session, todo)

    def _publish_hub(self) -> FileCounts:
        try:
            published = self.publisher.publish_hub()
        except DamagedStateError:
            if "" in self.table.releases and self._heal(""):
                self._gather(purge=False)
                self._keep_up("")
                return self._publish_hub()
            there = self.store.manifest("") is not None
            published = Publication(failed="its state is damaged" if there else "")
        if published.failed:
            self.table.unpublished("", published.failed)
        return published.files
