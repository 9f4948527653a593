"""Surveys: the knowledge about each site before any page is derived, its possible changes and its dependencies.

A survey is kept from build to build. As long as nothing in the site's folder has changed and the next instant at which
time alone changes it has not come, the next build uses it without reading the folder. It holds states that follow from
the clock (running, over, on top), never the clock itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from builder.catalogue.catalogue import Catalogue, LiveEntry, SiteSummary, pinned, site_of, summary_of
from builder.catalogue.live_site import files_used, linked
from builder.catalogue.reading import SiteAt
from builder.messages.problems import Problem
from builder.model.media import located
from builder.model.periods import day_of
from builder.model.signature import signature_of
from builder.model.site_id import SiteId
from builder.model.values import Branch, Topic

_ENCODER = msgspec.msgpack.Encoder(order="deterministic")


class Survey(msgspec.Struct, frozen=True, omit_defaults=True):
    """A site as it was found at the instant ``since``; it holds until ``due``.

    ``digest`` is the hash of its live site, ``states`` that of the states that pages show of it, ``fingerprint`` that of
    everything its own pages may show, ``frame`` that of all of it but what only texts say.
    ``mentions`` are the sites whose documents or files it names, ``outside`` the files that it uses from elsewhere, ``listing``
    the hash of its folder (empty if that may have changed unseen since).
    """

    summary: SiteSummary
    digest: str
    states: str
    fingerprint: str
    since: datetime
    due: datetime | None = None
    mentions: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    counts: Mapping[str, int] = {}
    problems: tuple[Problem, ...] = ()
    guarded: tuple[int, int] | None = None
    listing: str = ""
    frame: str = ""

    @property
    def slug(self) -> str:
        """The site's slug; empty for the hub."""
        return self.summary.slug

    def holds(self, now: datetime) -> bool:
        """Tells whether a folder that still has the same listing need not be read again at ``now``."""
        fit = bool(self.listing) and self.guarded is None
        return fit and self.since <= now and (self.due is None or now < self.due)


def survey_of(root: Path, reading: SiteAt, now: datetime, listing: str, logo: str = "") -> Survey:
    """Makes the survey of a site that was read; ``logo`` is the organization's, for the hub."""
    used, named = set(files_used(reading.live, reading.part.branch, logo)), set(_sites_named(reading))
    own = SiteId(reading.slug).folder
    outside = tuple(sorted(path for path in used if path.split("/", 2)[1] != own))
    mentions = {site_of(path) for path in used} | named
    frame = _frame(root, reading, sorted(used))
    return Survey(
        summary=summary_of(reading.part, is_stored=True),
        digest=reading.digest,
        states=_states(reading, now),
        fingerprint=_fingerprint(frame, reading),
        since=now,
        due=reading.due,
        mentions=tuple(sorted(mentions - {reading.slug})),
        outside=outside,
        counts=reading.counts,
        problems=reading.problems,
        guarded=reading.guarded,
        listing=listing,
        frame=frame,
    )


def _sites_named(reading: SiteAt) -> Iterator[str]:
    """Returns the sites that links and references in the site's documents and in its branch.yml lead to."""
    for document in reading.live:
        yield from (site_of(path) for path in linked(document))
        entry = document.entry
        if entry is not None:
            # Whether it can have been there depends on what is there now.
            yield from (ref.partition("/")[0] for ref in (entry.moved_from,) if ref)
            yield from (ref.partition("/")[0] for ref in entry.interprets)
            yield from (ref.partition("/")[0] for ref in entry.kind.replaces)
    branch = reading.part.branch
    if branch is not None:
        yield from (ref.partition("/")[0] for ref in branch.refuse)
        yield from (ref.partition("/")[0] for ref, _ in branch.place)


def _fingerprint(frame: str, reading: SiteAt) -> str:
    digest = hashlib.sha256(frame.encode())
    live = {document.path: document for document in reading.live}
    for document in reading.content.documents:
        shown = live.get(document.path, document)
        digest.update(f"{document.path}\0{document.sha256}\0{shown.sha256}\0".encode())
    for path in sorted(set(live) - {document.path for document in reading.content.documents}):
        digest.update(f"{path}\0{live[path].sha256}\0".encode())
    return digest.hexdigest()


def _frame(root: Path, reading: SiteAt, used: Iterable[str]) -> str:
    digest = hashlib.sha256(reading.digest.encode())
    for path in used:
        try:
            signature = signature_of(located(root, path).stat())
        except OSError:
            continue
        digest.update(f"{path}\0{signature}\0".encode())
    digest.update(_ENCODER.encode((dict(sorted(reading.pictures.items())), reading.unrenderable)))
    digest.update(reading.content.settings.encode())
    return digest.hexdigest()


def _states(reading: SiteAt, now: datetime) -> str:
    flags = [flag for live in reading.part.entries for flag in _flags(live, now)]
    flags += [flag for topic in reading.part.topics for flag in _topic_flags(topic, now)]
    return hashlib.sha256("".join(flags).encode()).hexdigest()[:16]


def _flags(live: LiveEntry, now: datetime) -> Iterator[str]:
    entry = live.entry
    yield str(int(pinned(entry, now)))
    yield str(entry.kind.state_at(now))


def _topic_flags(topic: Topic, now: datetime) -> Iterator[str]:
    yield str(int(topic.closed is not None and topic.closed.over(now)))
    talk = topic.discussion
    if talk is not None:
        yield str(int(talk.opens is None or talk.opens.at <= now))
        yield str(int(talk.closes is not None and talk.closes.over(now)))


class SiteDigests(msgspec.Struct, frozen=True, array_like=True):
    """The hashes of what other sites see of a site: its live site, its states, and its texts."""

    digest: str
    states: str
    texts: str


def common_digest(catalogue: Catalogue, hub: SiteDigests | None) -> str:
    """Returns the hash of what the pages of every branch may show: the organization, the tree, topics, interpreted
    policies, claims to the feed ids of others."""
    branches: list[Branch] = [catalogue.branches[slug] for slug in sorted(catalogue.branches)]
    pairs = sorted(pair for summary in catalogue.summaries.values() for pair in summary.pairs)
    told = _ENCODER.encode(
        (catalogue.organization, branches, pairs, catalogue.feed_ids.lost, hub and (hub.digest, hub.states))
    )
    return hashlib.sha256(told).hexdigest()


def text_owners(slug: str, catalogue: Catalogue) -> frozenset[str]:
    """Returns the branches whose entries a branch's feeds may hold in full: those that share with it, and its subtree."""
    shared = {ref.partition("/")[0] for ref in catalogue.offered.get(slug, ())}
    return frozenset(shared | {branch.slug for branch in catalogue.descendants(slug)})


class Inputs(msgspec.Struct, frozen=True):
    """The hashes of what a site is derived from: ``texts`` are those of other branches' texts, by slug, which only feeds show,
    ``own_digest`` is the hash of all the rest but the hashes of the branches' sites, ``digest`` that of everything. ``around`` is
    that of what pages show and the site's own folder does not say; of the hub, that of what is in no branch's folder. ``frame``,
    of a branch, is that of everything but its own texts, ``common`` that of what pages of all sites may show."""

    own_digest: str
    texts: Mapping[str, str]
    digest: str
    around: str = ""
    frame: str = ""
    common: str = ""


def inputs_of(
    survey: Survey,
    catalogue: Catalogue,
    common: str,
    theme_digest: str,
    digests: Mapping[str, SiteDigests],
    moved: Mapping[str, str],
) -> Inputs:
    """Returns the inputs of a branch: its own fingerprint, what is ``common`` to all, the theme, the ``digests`` of the
    sites that it may show, and the redirects in its folder."""
    slug = survey.slug
    texts = text_owners(slug, catalogue)
    mentions = frozenset(map(catalogue.names.present_name, survey.mentions))
    moves = catalogue.moves.started_in({*mentions, slug})
    mentions |= {ref.partition("/")[0] for _, ref in moves}
    translated = frozenset(catalogue.translations.get(slug, {}).values())
    shown = (texts | mentions | translated | catalogue.concerned.get(slug, frozenset())) & digests.keys()
    others = [(each, digests[each].digest, digests[each].states) for each in sorted(shown)]
    around = hashlib.sha256(_ENCODER.encode((common, theme_digest, others, sorted(moved.items()), moves))).hexdigest()
    told = (survey.fingerprint, survey.states, around)
    inputs = _inputs(told, {each: digests[each].texts for each in sorted(texts & digests.keys())})
    frame = hashlib.sha256(_ENCODER.encode((survey.frame, survey.states, around, inputs.texts))).hexdigest()
    return msgspec.structs.replace(
        inputs, around=around, frame=frame if survey.frame else "", common=f"{common} {theme_digest}"
    )


def hub_inputs(
    hub: Survey,
    catalogue: Catalogue,
    theme_digest: str,
    digests: Mapping[str, SiteDigests],
    sites: Mapping[str, str],
    now: datetime,
) -> Inputs:
    """Returns the inputs of the hub: its own fingerprint, all live sites and texts, the hash of each branch's build.json
    by slug, and the freshness of the branches at ``now``."""
    branches = sorted(slug for slug in digests if slug)
    others = [(slug, digests[slug].digest, digests[slug].states) for slug in branches]
    organization = catalogue.organization
    day = day_of(now, organization.zone).isoformat()
    fresh = (day, _health_rows(catalogue, now)) if organization.health_public else ()
    told = (hub.fingerprint, hub.states, catalogue.organization, theme_digest, others, sorted(sites), fresh)
    inputs = _inputs(told, {slug: digests[slug].texts for slug in branches}, sites)
    common = common_digest(catalogue, digests.get(""))
    around = hashlib.sha256(_ENCODER.encode((common, theme_digest, hub.fingerprint, hub.states))).hexdigest()
    return msgspec.structs.replace(inputs, around=around, common=around)


def _health_rows(catalogue: Catalogue, now: datetime) -> object:
    # Few organizations show it, and pages take long to load.
    from builder.pages.health import health_rows

    return health_rows(catalogue, now)


def _inputs(own_digest: object, texts: Mapping[str, str], sites: Mapping[str, str] = {}) -> Inputs:
    digest = hashlib.sha256(_ENCODER.encode(own_digest)).hexdigest()
    whole = hashlib.sha256(_ENCODER.encode((digest, texts, sorted(sites.items())))).hexdigest()
    return Inputs(digest, texts, whole)
