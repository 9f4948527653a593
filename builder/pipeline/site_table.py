"""What a build knows of every site, from the first look to the last word on it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

import msgspec

from builder.catalogue.catalogue import Catalogue, SiteSummary, summary_of
from builder.catalogue.checks import OrganizationCheck, check_organization
from builder.messages.problems import Effect, Problem
from builder.pipeline.release import Outcome
from builder.pipeline.session import Session
from builder.pipeline.site_build import live_documents
from builder.pipeline.stages import LastState, ReleaseInfo, SiteMemory, SurveyResult, released
from builder.pipeline.survey import Inputs, SiteDigests, Survey
from builder.store.publish import Stamp, place_of

_FEW, _TURNS = 100, 8


class BuildMemory(msgspec.Struct, frozen=True):
    """What a build leaves to the next one to be quick: what it knew of each site, and what it found between branches;
    ``turn`` counts builds. Whatever of it does not fit the releases that are there is not used."""

    sites: Mapping[str, SiteMemory] = {}
    turn: int = 0
    between: OrganizationCheck = OrganizationCheck()


class SiteTable:
    """The sites of one build.

    ``summaries`` and ``digests`` are those of the sites that count as published, each as this build publishes it;
    ``releases`` are what is in the store. ``read`` are the sites that were read in this build, ``failed`` those that stay
    as they were (with the reason), ``outcomes`` those that were made anew.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.store = session.store
        self.memory = self.store.remembered(BuildMemory) or BuildMemory()
        self.surveys: dict[str, Survey] = {}
        self.summaries: dict[str, SiteSummary] = {}
        self.digests: dict[str, SiteDigests] = {}
        self.releases: dict[str, ReleaseInfo] = {}
        self.read: set[str] = set()
        self.failed: dict[str, str] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.why: dict[str, Mapping[str, tuple[str, ...]]] = {}
        self._stood: dict[str, tuple[Mapping[str, int], datetime | None]] = {}
        self._between = self.memory.between

    def known(self, slug: str) -> SiteMemory | None:
        """What the last build knew of a site."""
        return self.memory.sites.get(slug)

    def expected(self, slug: str) -> LastState | None:
        """How a site was left, if it need not be read if it still is like that.

        The files that it published are looked at one by one as well; where branches are many, those of every eighth.
        """
        known = self.known(slug)
        if known is None or self.session.clean or not known.survey.holds(self.session.now):
            return None
        whole = len(self.session.slugs) <= _FEW or zlib.crc32(slug.encode()) % _TURNS == self.memory.turn % _TURNS
        return LastState(known.stamp, known.survey.listing, known.survey.outside, None if whole else known.place)

    def surveyed(self, found: SurveyResult) -> None:
        """Takes note of a site that was looked at."""
        slug, known = found.slug, self.known(found.slug)
        if found.released is not None:
            self.releases[slug] = found.released
        elif found.survey is None and not found.failed and known is not None:
            self.releases[slug] = known.released
        survey = found.survey or (known.survey if known is not None else None)
        if found.failed or survey is None:
            self.failed[slug] = found.failed
            self.stand_by_release(slug)
            return
        if found.survey is not None:
            self.read.add(slug)
        self.surveys[slug] = survey
        self.summaries.pop(slug, None)
        self.digests.pop(slug, None)
        if not slug or survey.summary.branch is not None:
            self.summaries[slug] = survey.summary
            self.digests[slug] = SiteDigests(survey.digest, survey.states, survey.fingerprint)

    def stand_by_release(self, slug: str) -> None:
        """Lets a site count as its release has it, or not at all if it has none."""
        self.store.unstash(slug)
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

    def built(self, slug: str, inputs: Inputs, outcome: Outcome) -> None:
        """Takes note of a site that was made anew."""
        self.outcomes[slug] = outcome
        self.why[slug] = {**self.why.get(slug, {}), **outcome.why}
        self.releases[slug] = ReleaseInfo(
            inputs.digest, inputs.own_digest, outcome.sha256, outcome.files, outcome.problems
        )

    def is_stale(self, slug: str, inputs: Inputs) -> bool:
        """True if the site has to be made anew from ``inputs``."""
        present = self.releases.get(slug)
        return present is None or present.inputs != inputs.digest or (self.session.clean and slug not in self.outcomes)

    def feeds_only(self, slug: str, inputs: Inputs) -> bool:
        """True if only feeds of the site may have to be made anew from ``inputs``, for texts of other branches."""
        present = self.releases.get(slug)
        return present is not None and present.own_digest == inputs.own_digest and not self.session.clean

    @property
    def live(self) -> list[str]:
        """The branches that are published, in order."""
        return sorted(slug for slug in self.summaries if slug and slug in self.releases)

    @property
    def pages(self) -> int:
        """The number of pages that were rendered."""
        return sum(len(why) for why in self.why.values())

    def states(self, guarded: Iterable[str]) -> dict[str, str]:
        """What became of each branch; ``guarded`` are those whose folders are gone and that stay all the same."""
        states = dict.fromkeys(sorted((*self.session.slugs, *guarded)), "missing")
        for slug in states:
            if slug in self.outcomes and slug not in self.failed:
                states[slug] = "built"
            elif slug in self.summaries and slug in self.releases:
                states[slug] = "kept" if slug in guarded or slug in self.failed else "unchanged"
        return states

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

    def problems(self, guarded: Iterable[str], catalogue: Catalogue) -> Iterator[Problem]:
        """Everything that is wrong with the sites and between them."""
        for slug in (*self.session.slugs, *guarded, ""):
            survey, present, known = self.surveys.get(slug), self.releases.get(slug), self.known(slug)
            if survey is None and known is not None and slug not in self.failed:
                survey = known.survey
            if survey is not None:
                yield from survey.problems
                if survey.guarded is not None:
                    gone, total = survey.guarded
                    yield _about(slug, "mass-deletion", "held", count=str(gone), total=str(total))
            if slug in self.failed:
                effect: Effect = "kept" if present is not None else "missing"
                yield _about(slug, "render-failed", effect, reason=self.failed[slug])
            elif present is not None:
                yield from present.problems
        digests = {slug: digests.texts for slug, digests in self.digests.items()}
        self._between = check_organization(
            catalogue, self._between, digests, lambda slug: live_documents(self.session, slug)
        )
        yield from self._between.problems

    def remember(self) -> None:
        """Leaves to the next build what it needs in order to be quick."""
        sites: dict[str, SiteMemory] = {}
        for slug in (*self.session.slugs, ""):
            survey, known, stamp = self.surveys.get(slug), self.known(slug), self.store.stamp(slug)
            if stamp is None or slug in self.failed:
                continue
            if survey is not None and slug in self.summaries and slug in self.releases:
                sites[slug] = self._known(slug, stamp, survey)
            elif survey is None and known is not None and known.stamp == stamp:
                sites[slug] = known
        self.store.remember(BuildMemory(sites, self.memory.turn + 1, self._between))

    def _known(self, slug: str, stamp: Stamp, survey: Survey) -> SiteMemory:
        """A site as it is left now that everything is published."""
        released = msgspec.structs.replace(self.releases[slug], published=bool(slug))
        return SiteMemory(stamp, survey, released, place_of(self.session.output, slug) if slug else None)


def _about(slug: str, code: str, effect: Effect, **args: str) -> Problem:
    return Problem(
        code=code, severity="error", path=f"content/{slug or 'hub'}", arguments=args, branch=slug, effect=effect
    )
