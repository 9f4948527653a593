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
from builder.catalogue.redirects import redirects
from builder.catalogue.states import scheduled
from builder.content.documents import Document
from builder.messages.problems import Problem
from builder.model.media import located
from builder.model.periods import day_of
from builder.model.signature import signature_of
from builder.model.site_id import SiteId
from builder.model.values import Branch, Topic
from builder.store import Source

_ENCODER = msgspec.msgpack.Encoder(order="deterministic")


class Survey(msgspec.Struct, frozen=True, omit_defaults=True):
    """A site as it was found at the instant ``since``; it holds until ``due``.

    ``digest`` is the hash of its live site, ``states`` that of the states that pages show of it, ``fingerprint`` that of
    everything its own pages may show, ``frame`` that of all of it but what only texts say.
    ``mentions`` are the sites whose documents or files it names, ``shared`` those that are named in what it shares, ``outside``
    the files that it uses from elsewhere, ``listing`` the hash of its folder (empty if that may have changed unseen since);
    ``apart``, of a large site, that of all but its documents. ``pictures``, of a branch with an address of its own, is that of
    the pictures which the hub copies from it.
    """

    summary: SiteSummary
    digest: str
    states: str
    fingerprint: str
    since: datetime
    due: datetime | None = None
    mentions: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    counts: Mapping[str, int] = {}
    problems: tuple[Problem, ...] = ()
    guarded: tuple[int, int] | None = None
    listing: str = ""
    frame: str = ""
    pictures: str = ""
    apart: str = ""

    @property
    def slug(self) -> str:
        """The site's slug; empty for the hub."""
        return self.summary.slug

    def holds(self, now: datetime) -> bool:
        """Tells whether a folder that still has the same listing need not be read again at ``now``."""
        return bool(self.listing) and self._holds(now)

    def holds_apart(self, now: datetime) -> bool:
        """Tells whether, in a folder that has the same listing but for its documents, only those that were saved since need be
        read again at ``now``."""
        return bool(self.apart and self.frame) and self._holds(now)

    def _holds(self, now: datetime) -> bool:
        return self.guarded is None and self.since <= now and (self.due is None or now < self.due)


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
        shared=tuple(sorted(set(_sites_shared(reading)) - {reading.slug})),
        outside=outside,
        counts=reading.counts,
        problems=reading.problems,
        guarded=reading.guarded,
        listing=listing,
        frame=frame,
        pictures=_copied_pictures(reading),
    )


def _copied_pictures(reading: SiteAt) -> str:
    """Returns the hash of the pictures that the hub copies from a site: what lists show of one tells its size and nothing of what
    is on it."""
    branch = reading.part.branch
    if branch is None or not branch.url:
        return ""
    shown = {live.picture for live in reading.part.entries if live.picture and live.entry.hub}
    versions = [(path, reading.pictures[path].sha256) for path in sorted(shown & reading.pictures.keys())]
    return hashlib.sha256(_ENCODER.encode(versions)).hexdigest() if versions else ""


def _sites_named(reading: SiteAt) -> Iterator[str]:
    """Returns the sites that links and references in the site's documents and in its branch.yml lead to."""
    for document in reading.live:
        yield from _named_in(document)
    branch = reading.part.branch
    if branch is not None:
        yield from (ref.partition("/")[0] for ref in branch.refuse)
        yield from (ref.partition("/")[0] for ref, _ in branch.place)


def _named_in(document: Document) -> Iterator[str]:
    yield from (site_of(path) for path in linked(document))
    entry = document.entry
    if entry is not None:
        # Whether it can have been there depends on what is there now.
        yield from (ref.partition("/")[0] for ref in (entry.moved_from,) if ref)
        yield from (ref.partition("/")[0] for ref in entry.interprets)
        yield from (ref.partition("/")[0] for ref in entry.kind.replaces)


def _sites_shared(reading: SiteAt) -> Iterator[str]:
    """Returns the sites that are named in what the site shares with others."""
    for document in reading.live:
        if document.entry is not None and document.entry.share_with:
            yield from map(site_of, files_used((document,), None, ""))
            yield from _named_in(document)


def _fingerprint(frame: str, reading: SiteAt) -> str:
    live = {document.path: document for document in reading.live}
    documents = reading.content.documents
    digest = _digest_of(frame, ((each.path, each.sha256, live.get(each.path, each).sha256) for each in documents))
    for path in sorted(set(live) - {document.path for document in reading.content.documents}):
        digest.update(f"{path}\0{live[path].sha256}\0".encode())
    return digest.hexdigest()


def survey_again(last: Survey, sources: Iterable[Source], listing: str, apart: str) -> Survey:
    """Returns the survey of a site in which nothing has changed since the ``last`` one but texts of its ``sources``."""
    digest = _digest_of(last.frame, ((each.path, each.sha256, each.shown) for each in sources))
    return msgspec.structs.replace(last, fingerprint=digest.hexdigest(), listing=listing, apart=apart)


def _digest_of(frame: str, sources: Iterable[tuple[str, str, str]]) -> hashlib._Hash:
    digest = hashlib.sha256(frame.encode())
    for path, sha256, shown in sources:
        digest.update(f"{path}\0{sha256}\0{shown}\0".encode())
    return digest


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
    # A preview marks what readers do not see yet.
    flags += [str(int(scheduled(what, now))) for what in reading.part.subjects]
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
    """The hashes of what other sites see of a site: its live site, its states, its texts, and its pictures that the hub
    copies."""

    digest: str
    states: str
    texts: str
    pictures: str = ""


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


class Named(msgspec.Struct, frozen=True):
    """The sites that a site's texts and settings name, and the moves of entries that its references may follow."""

    sites: frozenset[str]
    moves: tuple[tuple[str, str], ...]


def named_by(slug: str, mentions: Iterable[str], catalogue: Catalogue) -> Named:
    """Returns what a site names that ``mentions`` others, by the names that branches have now."""
    sites = frozenset(map(catalogue.names.present_name, mentions))
    moves = catalogue.moves.started_in({*sites, slug})
    return Named(sites | {ref.partition("/")[0] for _, ref in moves}, moves)


def texts_elsewhere(slug: str, named: Named | None, catalogue: Catalogue, digests: Mapping[str, SiteDigests]) -> str:
    """Returns the hash of texts of a branch as the feeds of others hold them: they lead to what the branches that are ``named``
    in them have, and to what interprets or replaces them. Those of a branch that stays as it was released are what they were."""
    if named is None:
        return digests[slug].texts
    sites = (named.sites | catalogue.concerned.get(slug, frozenset())) - {slug}
    others = [(each, digests[each].digest) for each in sorted(sites & digests.keys())]
    return hashlib.sha256(_ENCODER.encode((digests[slug].texts, others, named.moves))).hexdigest()


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


def branch_inputs(
    slugs: Iterable[str],
    surveys: Mapping[str, Survey],
    catalogue: Catalogue,
    theme_digest: str,
    digests: Mapping[str, SiteDigests],
) -> dict[str, Inputs]:
    """Returns the inputs of branches: their own fingerprints, what is common to all, the theme, the ``digests`` of the sites that
    they may show, the redirects in their folders, and the texts of branches whose entries their feeds hold. Those that have no
    survey have none."""
    common, moved = common_digest(catalogue, digests.get("")), redirects(catalogue)
    named = {slug: named_by(slug, survey.mentions, catalogue) for slug, survey in surveys.items()}
    whole = {slug: texts_elsewhere(slug, named.get(slug), catalogue, digests) for slug in digests}
    shared = {
        slug: texts_elsewhere(slug, named_by(slug, surveys[slug].shared, catalogue), catalogue, digests)
        for slug in digests.keys() & surveys.keys()
    }
    found: dict[str, Inputs] = {}
    for slug in slugs:
        if slug in surveys:
            below = {branch.slug for branch in catalogue.descendants(slug)}
            owners = sorted(text_owners(slug, catalogue) & digests.keys())
            texts = {each: whole[each] if each in below else shared.get(each, whole[each]) for each in owners}
            told = moved.get(slug, {})
            found[slug] = inputs_of(surveys[slug], catalogue, common, theme_digest, digests, told, named[slug], texts)
    return found


def inputs_of(
    survey: Survey,
    catalogue: Catalogue,
    common: str,
    theme_digest: str,
    digests: Mapping[str, SiteDigests],
    moved: Mapping[str, str],
    named: Named,
    texts: Mapping[str, str],
) -> Inputs:
    """Returns the inputs of a branch: its own fingerprint, what is ``common`` to all, the theme, the ``digests`` of the
    sites that it may show, what is ``named`` in it, the redirects in its folder, and the ``texts`` of the branches whose entries
    its feeds hold."""
    slug, moves, owners = survey.slug, named.moves, texts.keys()
    translated = frozenset(catalogue.translations.get(slug, {}).values())
    shown = (owners | named.sites | translated | catalogue.concerned.get(slug, frozenset())) & digests.keys()
    others = [(each, digests[each].digest, digests[each].states) for each in sorted(shown)]
    around = hashlib.sha256(_ENCODER.encode((common, theme_digest, others, sorted(moved.items()), moves))).hexdigest()
    told = (survey.fingerprint, survey.states, around)
    inputs = _inputs(told, dict(sorted(texts.items())))
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
    others = [(slug, digests[slug].digest, digests[slug].states, digests[slug].pictures) for slug in branches]
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
