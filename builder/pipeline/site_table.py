"""The state of every site during one build: survey, release, outcome."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from builder.catalogue.catalogue import Catalogue, SiteSummary, summary_of
from builder.catalogue.changes import SiteChanges, tell_changes, vanished_entries
from builder.catalogue.checks import OrganizationCheck, check_organization
from builder.catalogue.deletion_guard import mass_deletion
from builder.content.documents import Document
from builder.messages.problems import Effect, Problem
from builder.model.edits import Edit
from builder.model.site_id import SiteId
from builder.model.values import Organization
from builder.pipeline.job import Failure, Outcome
from builder.pipeline.session import Session
from builder.pipeline.stages import LastState, ReleaseInfo, SiteMemory, SurveyResult, listing_settings, released
from builder.pipeline.survey import Inputs, SiteDigests, Survey
from builder.store.publish import Stamp, place_of

_KEYS = {"health_public": "health", "logo_key": "logo", "logo_trouble": "logo", "profile": "audit"}
"""The settings of organization.yml from which members of other names are made."""
TURNS = 8
"""In how many builds every published file has been checked, where branches are many."""


class BuildMemory(msgspec.Struct, frozen=True):
    """The data that a build saves to make the next one quick: the state of each site, and the problems between branches;
    ``turn`` counts builds, ``changes`` are the problems told of what changed, each with the fingerprint of its branch
    (or the digest of organization.yml), and until that is another one, ``settings`` the hash of each setting of organization.yml.
    ``settled`` is the hash of what all sites were made with, empty if any had to stay as it was before. Anything in it that does
    not match the present releases is ignored."""

    sites: Mapping[str, SiteMemory] = {}
    turn: int = 0
    between: OrganizationCheck = OrganizationCheck()
    changes: tuple[tuple[str, Problem], ...] = ()
    settings: Mapping[str, str] = {}
    settled: str = ""


def state_damaged(slug: str) -> Problem:
    """Returns what is told of a site of which something that was saved is damaged."""
    at = SiteId(slug)
    return Problem(code="state-damaged", severity="warning", path=at.source, arguments={"name": at.source}, branch=slug)


class SiteTable:
    """The sites of one build.

    ``summaries`` and ``digests`` are those of the published sites, as this build publishes them; ``releases`` are those in
    the store. ``read`` are the sites that were read in this build, ``edited`` those of which some texts alone were, ``failed``
    those that stay as they were (with the reason), ``outcomes`` those that were built, ``damaged`` those of which something that
    was saved was not as it had been.
    """

    def __init__(self, session: Session, few: int) -> None:
        self.session, self._few = session, few
        self.store = session.store
        self.memory = self.store.remembered(BuildMemory) or BuildMemory()
        self._forgot = self.store.forgot()
        self.surveys: dict[str, Survey] = {}
        self.summaries: dict[str, SiteSummary] = {}
        self.digests: dict[str, SiteDigests] = {}
        self.releases: dict[str, ReleaseInfo] = {}
        self.read: set[str] = set()
        self.edited: set[str] = set()
        self.failed: dict[str, Failure] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.damaged: set[str] = set()
        self.why: dict[str, Mapping[str, tuple[str, ...]]] = {}
        self._dropped: set[str] = set()
        self._stood: dict[str, tuple[Mapping[str, int], datetime | None]] = {}
        self._between = self.memory.between
        self._changes: dict[str, SiteChanges] = {}
        self._told: tuple[tuple[str, Problem], ...] = ()

    def known(self, slug: str) -> SiteMemory | None:
        """Returns what the last build has saved about a site."""
        return self.memory.sites.get(slug)

    def expected(self, slug: str) -> LastState | None:
        """Returns the last state of a site; None if the site has to be read anyway.

        Its published files are also checked one by one; in organizations with many branches, those of every eighth.
        """
        known = self.known(slug)
        if known is None or self.session.clean or not known.survey.holds(self.session.now):
            return None
        whole = len(self.session.slugs) <= self._few or zlib.crc32(slug.encode()) % TURNS == self.memory.turn % TURNS
        return LastState(known.stamp, known.survey.listing, known.survey.outside, None if whole else known.place)

    def last_survey(self, slug: str) -> Survey | None:
        """Returns the last survey of a large site, if it holds but for what was saved in its folder since."""
        known = self.known(slug)
        if known is None or self.session.clean or not known.survey.holds_apart(self.session.now):
            return None
        return known.survey if known.stamp == self.store.stamp(slug) else None

    def stands(self, slug: str, touched: Collection[str]) -> bool:
        """Tells whether a site is in its last state, when only the folders of the sites that were ``touched`` have changed."""
        known = self.known(slug)
        if known is None or slug in touched or self.expected(slug) is None:
            return False
        settings = listing_settings(self.session, slug)
        if not known.survey.listing.endswith(settings) or known.stamp != self.store.stamp(slug):
            return False
        if any(SiteId.of(path).slug in touched for path in known.survey.outside):
            return False
        return not slug or known.place == place_of(self.session.output, slug)

    def surveyed(self, found: SurveyResult) -> None:
        """Records the survey of a site."""
        slug, known = found.slug, self.known(found.slug)
        if found.damaged:
            self.forget(slug)
        if found.released is not None:
            self.releases[slug] = found.released
        elif found.survey is None and not found.failed and known is not None:
            self.releases[slug] = known.released
        survey = found.survey or (known.survey if known is not None else None)
        if found.failed or survey is None:
            self.failed[slug] = Failure(found.failed)
            self.stand_by_release(slug)
            return
        if found.survey is not None:
            (self.edited if found.edited else self.read).add(slug)
            # Read again, a site may have been published meanwhile.
            self._changes.setdefault(slug, found.changes)
        self.surveys[slug] = survey
        digests = SiteDigests(survey.digest, survey.states, survey.fingerprint, survey.pictures)
        if slug and survey.summary.branch is None:
            self.summaries.pop(slug, None)
            self.digests.pop(slug, None)
        elif self.digests.get(slug) != digests or self.summaries.get(slug) != survey.summary:
            # Read again as it was, it stays the one that overviews were drawn up with.
            self.summaries[slug] = survey.summary
            self.digests[slug] = digests

    def removed(self, slug: str) -> None:
        """Records that a branch is gone."""
        record, last = self.store.record(slug), self.store.live_site(slug)
        if record is not None and last is not None:
            self._changes[slug] = vanished_entries(record, last)

    def forget(self, slug: str) -> None:
        """Forgets the release of a site, of which something is not as it was made: it has to be built again."""
        self.damaged.add(slug)
        for known in (self.releases, self.outcomes, self.failed):
            known.pop(slug, None)

    def stand_by_release(self, slug: str) -> None:
        """Makes a site count as in its release, or not at all if it has none."""
        self._dropped.add(slug)
        self.summaries.pop(slug, None)
        self.digests.pop(slug, None)
        manifest, part = self.store.manifest(slug), self.store.live_site(slug)
        present = released(self.store, slug, self.session.output)
        if manifest is None or part is None or present is None:
            return
        self.releases[slug] = present
        self.summaries[slug] = summary_of(part)
        self.digests[slug] = SiteDigests(manifest.digest, "", present.sha256)
        self._stood[slug] = (manifest.counts, manifest.due)

    def unpublished(self, slug: str, reason: str) -> None:
        """Records that the present release of a site could not be put into the output folder, which holds the one before or
        nothing."""
        self.failed[slug] = Failure(reason)
        if slug and place_of(self.session.output, slug) is None:
            self.releases.pop(slug, None)

    def drop_failed(self) -> bool:
        """Forgets what was read of sites that count as in their release, and tells whether there were any. Until the build is
        planned again, others are still being made with it."""
        dropped = bool(self._dropped)
        for slug in self._dropped:
            self.store.unstash(slug)
        self._dropped.clear()
        return dropped

    def built(self, slug: str, inputs: Inputs, outcome: Outcome) -> None:
        """Records the outcome of a site that was built."""
        self.outcomes[slug] = outcome
        self.why[slug] = {**self.why.get(slug, {}), **outcome.why}
        self.releases[slug] = ReleaseInfo(
            inputs.digest, inputs.own_digest, outcome.sha256, outcome.files, outcome.problems
        )

    def is_stale(self, slug: str, inputs: Inputs) -> bool:
        """Tells whether the site has to be built again from ``inputs``."""
        present = self.releases.get(slug)
        return present is None or present.inputs != inputs.digest or (self.session.clean and slug not in self.outcomes)

    def feeds_only(self, slug: str, inputs: Inputs) -> bool:
        """Tells whether only feeds of the site have to be made again, because texts of other branches differ in ``inputs``."""
        present = self.releases.get(slug)
        return present is not None and present.own_digest == inputs.own_digest and not self.session.clean

    def texts_only(self, slug: str, inputs: Inputs) -> bool:
        """Tells whether ``inputs`` differ from those of the release in nothing but texts of the site that were read again."""
        present = self.releases.get(slug)
        same = present is not None and bool(present.frame) and present.frame == inputs.frame
        return same and slug in self.edited - self.read

    @property
    def has_moved(self) -> bool:
        """Tells whether any site may be another one than when the build began."""
        return bool(self.read or self.edited or self.outcomes or self.failed or self.damaged or self._stood)

    def is_settled(self) -> bool:
        """Tells whether every site is found as the last build left it, which made all of them with what this one has: then none
        has to be made, and what one would show of another need not be looked at."""
        last = self.memory
        if self.has_moved or self._forgot or not last.settled or last.settled != self._made_with():
            return False
        slugs = (*self.session.slugs, "")
        return all(
            slug in self.surveys
            and slug in self.releases
            and self.releases[slug].inputs == last.sites[slug].released.inputs
            for slug in slugs
        )

    def _made_with(self) -> str:
        """Returns the hash of what all sites are made with; empty if that changes from day to day."""
        session = self.session
        if session.organization.health_public:
            return ""
        return hashlib.sha256(
            msgspec.msgpack.encode((session.theme_digest, session.settings_digest, session.slugs))
        ).hexdigest()

    @property
    def live(self) -> list[str]:
        """The branches that are published, in order."""
        return sorted(slug for slug in self.summaries if slug and slug in self.releases)

    @property
    def pages(self) -> int:
        """The number of pages that were rendered."""
        return sum(len(why) for why in self.why.values())

    def states(self, guarded: Iterable[str]) -> dict[str, str]:
        """Returns the outcome of each branch; ``guarded`` are those whose folders are gone but that are kept."""
        states = dict.fromkeys(sorted((*self.session.slugs, *guarded)), "missing")
        for slug in states:
            if slug in self.outcomes and slug not in self.failed:
                states[slug] = "built"
            elif slug in self.summaries and slug in self.releases:
                states[slug] = "kept" if slug in guarded or slug in self.failed else "unchanged"
        return states

    def edits(self) -> Mapping[str, tuple[Edit, ...]]:
        """Returns what has been edited in each site, by its folder, as far as it was read; in organization.yml by ``""``."""
        found = {SiteId(slug).folder: each.edits for slug, each in sorted(self._changes.items()) if each.edits}
        before, now = self.memory.settings, _settings(self.session.organization)
        parts = {_KEYS.get(name, name) for name in now if before and before.get(name) != now[name]}
        fonts = (Edit("this machine", ("fonts",)),) if "card_font" in parts else ()
        written = sorted(parts - {"card_font"})
        edits = (*((Edit("organization", tuple(written)),) if written else ()), *fonts)
        return {"": edits, **found} if edits else found

    def published(self, slugs: Iterable[str]) -> int:
        """Returns how many entries and pages of some sites are published."""
        counts = (
            self.surveys[slug].counts if slug in self.surveys else self._stood.get(slug, ({}, None))[0]
            for slug in slugs
        )
        return sum(each.get("published", 0) + each.get("held", 0) for each in counts)

    def counts(self) -> Mapping[str, int]:
        """The number of entries in each state, over all branches."""
        total: dict[str, int] = {}
        found = {slug: counts for slug, (counts, _) in self._stood.items()}
        found |= {slug: survey.counts for slug, survey in self.surveys.items()}
        for slug, counts in found.items():
            for state, number in counts.items() if slug else ():
                total[state] = total.get(state, 0) + number
        return total

    def due(self) -> datetime | None:
        """The next instant at which the passing of time alone changes anything."""
        found = {slug: due for slug, (_, due) in self._stood.items()}
        found |= {slug: survey.due for slug, survey in self.surveys.items()}
        return min((due for due in found.values() if due is not None), default=None)

    def problems(self, guarded: Iterable[str], catalogue: Callable[[], Catalogue]) -> Iterator[Problem]:
        """Returns all problems of the sites and between them, which are looked for in the ``catalogue`` if anything is not as
        the last build left it."""
        for slug in (*self.session.slugs, *guarded, ""):
            survey, present, known = self.surveys.get(slug), self.releases.get(slug), self.known(slug)
            if survey is None and known is not None and slug not in self.failed:
                survey = known.survey
            if survey is not None:
                yield from survey.problems
                if survey.guarded is not None:
                    yield mass_deletion(*survey.guarded, branch=slug)
            if slug in self.damaged or (self._forgot and not slug):
                yield state_damaged(slug)
            if slug in self.failed:
                effect: Effect = "kept" if present is not None else "missing"
                yield self.failed[slug].problem(slug, effect)
            elif present is not None:
                yield from present.problems
        if self.is_settled():
            self._told = self.memory.changes
            yield from self._between.problems
            yield from (told for _, told in self._told)
            return
        digests = {slug: digests.texts for slug, digests in self.digests.items()}
        self._between = check_organization(catalogue(), self._between, digests, self._live_documents)
        yield from self._between.problems
        yield from self._tell_changes(catalogue())

    def _live_documents(self, slug: str) -> tuple[Document, ...]:
        from builder.pipeline.site_build import live_documents

        return live_documents(self.session, slug)

    def _tell_changes(self, catalogue: Catalogue) -> Iterator[Problem]:
        """Returns what is told of changes seen in this build, and of those before in branches that have not changed since."""
        prints = {slug: survey.fingerprint for slug, survey in self.surveys.items() if slug not in self.failed}
        prints[""] = self.session.settings_digest
        kept = {
            _key_of(told): (mark, told) for mark, told in self.memory.changes if prints.get(told.branch, mark) == mark
        }
        seen = tell_changes((each for slug, each in self._changes.items() if slug not in self.failed), catalogue)
        kept |= {_key_of(told): (prints.get(told.branch, ""), told) for told in seen}
        self._told = tuple(each for _, each in sorted(kept.items()) if each[1].branch in (*self.session.slugs, ""))
        yield from (told for _, told in self._told)

    def remember(self) -> None:
        """Saves what makes the next build quick."""
        sites: dict[str, SiteMemory] = {}
        for slug in (*self.session.slugs, ""):
            survey, known, stamp = self.surveys.get(slug), self.known(slug), self.store.stamp(slug)
            if stamp is None or slug in self.failed:
                continue
            if survey is not None and slug in self.summaries and slug in self.releases:
                sites[slug] = self._memory_of(slug, stamp, survey)
            elif survey is None and known is not None and known.stamp == stamp:
                sites[slug] = known
        settings = _settings(self.session.organization)
        whole = len(sites) == len(self.session.slugs) + 1 and not self.failed and not self._stood
        made_with = self._made_with() if whole else ""
        self.store.remember(BuildMemory(sites, self.memory.turn + 1, self._between, self._told, settings, made_with))

    def _memory_of(self, slug: str, stamp: Stamp, survey: Survey) -> SiteMemory:
        """Returns what the next build has to know of a site, now that everything is published."""
        released = msgspec.structs.replace(self.releases[slug], published=bool(slug))
        return SiteMemory(stamp, survey, released, place_of(self.session.output, slug) if slug else None)


def _settings(organization: Organization) -> Mapping[str, str]:
    """Returns the hash of each setting of an organization."""
    encode = msgspec.msgpack.Encoder(order="deterministic").encode
    members = msgspec.structs.asdict(organization)
    return {name: hashlib.sha256(encode(value)).hexdigest()[:16] for name, value in members.items()}


def _key_of(problem: Problem) -> tuple[str, str, str]:
    return problem.path, problem.code, str(problem.arguments.get("old", ""))
