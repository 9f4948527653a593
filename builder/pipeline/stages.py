"""The stages of a build that run for many sites at once, each a function of a session and its items, which an
executor runs in its workers. None raises for a fault of one site; OSError means that the build cannot go on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from builder.catalogue.changes import SiteChanges, changes_of
from builder.catalogue.edits import edits_of, text_edit
from builder.catalogue.failed_sources import SiteRequest
from builder.catalogue.reading import SiteAt, SiteSource, find_site
from builder.catalogue.rereading import reread, saved_since
from builder.content.walk import Listing, listing
from builder.messages.problems import Problem
from builder.model.media import regular
from builder.model.published import withdrew_from
from builder.model.reading import hash_file
from builder.model.sealed import DamagedStateError
from builder.model.site_id import SiteId
from builder.pictures import Refused, cache_key, develop
from builder.pipeline.edited_site import EditedSite
from builder.pipeline.job import Job, Outcome
from builder.pipeline.memory import head_of, lay_down, lay_down_edited, manifest_of, saved_of
from builder.pipeline.session import Session
from builder.pipeline.survey import Survey, survey_again, survey_of
from builder.store import Manifest, Saved, Source, Store
from builder.store.progress_note import Note
from builder.store.publish import (
    FileCounts,
    Publication,
    Stamp,
    is_published,
    place_of,
    publish_branch,
    publish_touched,
)
from builder.workers import is_fatal, without_collector

if TYPE_CHECKING:
    from builder.audit.inspection.cache import Inspections

_log = logging.getLogger(__name__)
_MANY_TEXTS = 500
"""So many texts of one site take longer to be inspected than an edit of one of them to be built."""
_FOLLOWED = 20_000
"""The most files published together whose links a build follows: its time must not be up over that."""


def make_site(job: Job) -> Outcome:
    """Makes a site's next release."""
    # Pages, feeds and all that makes them are loaded by those who make a site: in most builds few or none do.
    from builder.pipeline.release import build_site

    return build_site(job)


def _refresh(job: Job) -> Outcome:
    from builder.pipeline.refresh_feeds import refresh_site

    return refresh_site(job)


class Steps(msgspec.Struct, frozen=True):
    """The steps of a build that concern one site or picture: reading a folder, making a release, processing a picture,
    publishing a branch. Each takes what its default takes; workers receive them by name, as pickle does functions."""

    find: Callable[..., SiteSource] = find_site
    make: Callable[[Job], Outcome] = make_site
    develop: Callable[[Path, int], Mapping[str, bytes]] = develop
    publish: Callable[[Path, str, Store, Manifest], FileCounts] = publish_branch


STEPS = Steps()
"""The steps of every build but those of tests."""


class ReleaseInfo(msgspec.Struct, frozen=True):
    """A summary of a site's present release: the hashes of its inputs, of its inputs without other branches' texts, and of
    its build.json; the problems of its pages, the number of its files; ``frame`` is that of its manifest. ``published`` says that
    the output holds it unchanged."""

    inputs: str
    own_digest: str
    sha256: str
    files: int
    problems: tuple[Problem, ...] = ()
    published: bool = False
    frame: str = ""


class SiteMemory(msgspec.Struct, frozen=True, array_like=True):
    """The data about a site that the last build saved: its survey, the stamp and the summary of the release that was made
    with it, and the identity of the published folder."""

    stamp: Stamp
    survey: Survey
    released: ReleaseInfo
    place: Stamp | None = None


class LastState(msgspec.Struct, frozen=True, array_like=True):
    """The state of a site after the last build: the stamp of its release, the listing of its folder, the files that it
    uses from elsewhere. With a ``place`` the published folder counts as unchanged if it is still the same one."""

    stamp: Stamp
    listing: str
    outside: tuple[str, ...] = ()
    place: Stamp | None = None


class Original(msgspec.Struct, frozen=True, order=True):
    """A picture in content/, the place where its published versions are kept, and the ending of what is published."""

    source: str
    key: str
    form: str


class SurveyResult(msgspec.Struct, frozen=True):
    """The result of surveying a site. ``survey`` is None if the last one still holds, or if the site could not be read:
    ``failed`` says why. Everything is empty for a site in its last state. ``originals`` are pictures that have no versions
    yet; ``withdrew`` says that the site no longer publishes something that its release does, ``changes`` are what
    subscribers may mistake; ``damaged`` says that the release was not as it was made, and counts for nothing, ``edited`` that
    only some texts were read again, and nothing else has changed."""

    slug: str
    survey: Survey | None = None
    released: ReleaseInfo | None = None
    failed: str = ""
    originals: tuple[Original, ...] = ()
    withdrew: bool = False
    changes: SiteChanges = SiteChanges()
    damaged: bool = False
    edited: bool = False


class Request(SiteRequest, frozen=True):
    """A site to survey: its last state, if it need not be read while it is unchanged, the documents that count as broken (with
    the reason), and the last survey, if only what was saved since need be read."""

    expected: LastState | None = None
    unrenderable: Mapping[str, str] = {}
    last: Survey | None = None


def survey_sites(session: Session, steps: Steps, requests: Sequence[Request]) -> list[SurveyResult]:
    """Surveys sites, and reads those that may have changed."""
    return [_survey(session, steps, request) for request in requests]


def make_pictures(session: Session, steps: Steps, originals: Sequence[Original]) -> list[str]:
    """Makes the published versions of pictures; returns the code of each one's problem, or an empty one."""
    return [_make_picture(session, steps, each) for each in originals]


def _make_picture(session: Session, steps: Steps, original: Original) -> str:
    file = regular(session.root, original.source)
    if file is None:
        return ""
    cache, limit = session.pictures, session.organization.limits.image_bytes
    try:
        made = steps.develop(file, limit)
        # Somebody may have replaced the file since it was looked at.
        if cache_key(hash_file(file), original.form, limit) == original.key:
            cache.put(original.key, made)
    except Refused as refused:
        cache.fail(original.key, refused.code)
        return refused.code
    return ""


def build_sites(steps: Steps, jobs: Sequence[Job]) -> list[Outcome]:
    """Makes the next releases of sites."""
    return [_refresh(job) if job.feeds_only else steps.make(job) for job in jobs]


def publish_sites(session: Session, steps: Steps, slugs: Sequence[str]) -> list[Publication]:
    """Publishes the releases of branches in the output folder."""
    with without_collector():
        done = {slug: _publish(session, steps, slug) for slug in slugs}
    if not session.drafts:
        counts = {slug: each.files for slug, each in done.items()}
        _follow(session, {slug: each.written for slug, each in counts.items() if each.written > each.unchanged})
    return list(done.values())


def build_or_publish(session: Session, steps: Steps, items: Sequence[Job | str]) -> list[Outcome | Publication]:
    """Makes the next releases of the sites that have a job, and publishes the branches that are named."""
    return [
        publish_sites(session, steps, [each])[0] if isinstance(each, str) else build_sites(steps, [each])[0]
        for each in items
    ]


def _publish(session: Session, steps: Steps, slug: str) -> Publication:
    try:
        manifest = manifest_of(session.store, slug)
        if manifest is None:
            raise DamagedStateError(slug)
        done = publish_touched(session.output, slug, session.store, manifest) if session.in_place else None
        return Publication(done or steps.publish(session.output, slug, session.store, manifest))
    except DamagedStateError:
        return Publication(failed="its state is damaged", damaged=True)
    except MemoryError:
        raise
    except Exception as error:
        if is_fatal(error):
            raise
        _log.debug("%s: cannot be published", SiteId(slug).folder, exc_info=True)
        return Publication(failed=f"{type(error).__name__}: {error}")


def _follow(session: Session, files: Mapping[str, int]) -> None:
    """Follows the links of branches in which most files are new, since the next audit would take long for them. ``files``
    has the number of each one's files."""
    if not files:
        return
    from builder.audit.inspection.pages import Outputs

    outputs = Outputs.of(session.output, session.catalogue(), session.settings_digest, session.store)
    total = 0
    for slug, count in files.items():
        total += count
        if total <= _FOLLOWED:
            with _spared(slug):
                outputs.keep(slug)


@contextmanager
def _spared(slug: str) -> Iterator[None]:
    """Ignores errors in work that is done only for the next audit."""
    try:
        yield
    except Exception:
        _log.debug("%s: cannot be inspected", SiteId(slug).folder, exc_info=True)


def released(store: Store, slug: str, output: Path) -> ReleaseInfo | None:
    """Returns a summary of the present release of a site; None if it has none that can be used."""
    manifest = store.manifest(slug)
    if manifest is None:
        return None
    info = _summarize_release(store, slug, manifest)
    published = bool(info.inputs) and bool(slug) and is_published(output, slug, manifest)
    return msgspec.structs.replace(info, published=published)


def _summarize_release(store: Store, slug: str, manifest: Manifest) -> ReleaseInfo:
    whole = store.complete(slug, manifest)
    return ReleaseInfo(
        inputs=manifest.inputs if whole else "",
        own_digest=manifest.own_digest if whole else "",
        sha256=manifest.files["build.json"].sha256,
        files=len(manifest.files),
        problems=manifest.problems,
        frame=manifest.frame if whole else "",
    )


def _survey(session: Session, steps: Steps, request: Request) -> SurveyResult:
    slug, store = request.slug, session.store
    try:
        expected = request.expected
        if expected is not None and expected.stamp != store.stamp(slug):
            expected = None
        outside = expected.outside if expected is not None else request.last.outside if request.last is not None else ()
        found = _listing(session, slug, outside)
        seen = found.digest + listing_settings(session, slug)
        if expected is not None and expected.listing == seen:
            if expected.place is not None and expected.place == place_of(session.output, slug):
                return SurveyResult(slug)
            present = released(store, slug, session.output)
            if present is not None and present.inputs:
                return SurveyResult(slug, None, present)
        with without_collector():
            # What is damaged is seen again by whoever reads all of it.
            with suppress(DamagedStateError):
                edited = _survey_edited(session, request, found)
                if edited is not None:
                    return edited
            saved = saved_of(store, slug)
        if saved.damaged:
            store.spoil(slug)
        # Whether readers see it is looked at when it turns out not to be made again.
        present = _summarize_release(store, slug, saved.manifest) if saved.manifest is not None else None
        # Of a folder that was read before little is made, of much that is known and stays.
        held_back = without_collector() if saved.record is not None else nullcontext()
        with held_back, store.notes.begin(slug) as note:
            survey, originals, withdrew, changes, sources = _read_site(session, steps, request, saved, note)
        if survey.outside != outside:
            found = _listing(session, slug, survey.outside)
        seen, apart = _marks(session, slug, found, note.began_ns, sources)
        return SurveyResult(
            slug,
            msgspec.structs.replace(survey, listing=seen, apart=apart),
            present,
            originals=originals,
            withdrew=withdrew,
            changes=changes,
            damaged=saved.damaged,
        )
    except MemoryError:
        # The worker knows how much was allowed.
        raise
    except Exception as error:
        if is_fatal(error):
            raise
        _log.debug("%s: cannot be read", SiteId(slug).folder, exc_info=True)
        return SurveyResult(
            slug, None, released(store, slug, session.output), failed=f"{type(error).__name__}: {error}"
        )


def _survey_edited(session: Session, request: Request, found: Listing) -> SurveyResult | None:
    """Surveys a large branch of which nothing is seen to have changed but documents: those alone are read again. Returns None if
    more than their texts has changed, or may have."""
    slug, last, store = request.slug, request.last, session.store
    if last is None or request.failed or request.unrenderable or session.late:
        return None
    saved = head_of(store, slug)
    record, manifest = saved.record, saved.manifest
    if saved.damaged or record is None or not record.sources or manifest is None:
        return None
    paths = frozenset(source.path for source in record.sources)
    if found.apart_from(session.root, paths)[0] + listing_settings(session, slug) != last.apart:
        return None
    since = saved_since(record.sources, found.files(session.root), record.read_ns - session.margin_ns)
    if since is None or not (session.drafts or _is_inspected(session, slug)):
        return None
    before = EditedSite(store, slug, saved)
    with store.notes.begin(slug) as note:
        documents = reread(session.root, session.organization, record, since, before.document, note.write)
    if documents is None:
        return None
    edited = EditedSite(store, slug, saved._replace(parts=before.parts), documents)
    lay_down_edited(session, edited)
    sources = edited.record(session.read_ns, {}).sources
    seen_by_readers = (text_edit(before[each.path], each) for each in documents if each.path in edited)
    gone = {source.sha256 for source in since} - {source.sha256 for source in sources}
    if gone:
        store.kept("links", slug).unlink(missing_ok=True)
        _forget_texts(session, slug, note.began_ns, sources, gone)
    seen, apart = _marks(session, slug, found, note.began_ns, paths)
    return SurveyResult(
        slug,
        survey_again(last, sources, seen, apart),
        _summarize_release(store, slug, manifest),
        changes=SiteChanges(edits=tuple(filter(None, seen_by_readers))),
        edited=True,
    )


def _marks(session: Session, slug: str, found: Listing, began_ns: int, paths: Collection[str]) -> tuple[str, str]:
    """Returns what a later build recognizes a site's folder by: its whole listing, and that of all but the documents at some
    paths. Each is empty if what it tells of was touched so late that it may have changed since."""
    settings, margin = listing_settings(session, slug), began_ns - session.margin_ns
    # What waits for the next build makes it read the site again.
    seen = found.digest + settings if found.newest < margin and not session.late else ""
    if not paths or session.late:
        return seen, ""
    digest, newest = found.apart_from(session.root, paths)
    return seen, digest + settings if newest < margin else ""


def _listing(session: Session, slug: str, outside: Sequence[str]) -> Listing:
    return listing(session.root, SiteId(slug).source, outside)


def listing_settings(session: Session, slug: str) -> str:
    """Returns the end of a site's listing, which tells the program and organization.yml, and for the hub the branches."""
    taken = "" if slug else " ".join(session.slugs)
    return f" {session.settings_digest} {taken}"


def _is_inspected(session: Session, slug: str) -> bool:
    """Tells whether an inspection of a site with this program and organization.yml is kept."""
    # Builds in which nothing has changed start without all that.
    from builder.audit.inspection.cache_file import is_cache_file

    return is_cache_file(session.store.kept("files", slug), session.settings_digest)


def _inspect(session: Session, reading: SiteAt, began_ns: int, *, outdated: bool) -> None:
    """Inspects a site for the next audit while it is in memory: the first time with this program and organization.yml, and
    when what was saved tells of texts that are not there any more, which the state must not keep."""
    there = not session.drafts and _is_inspected(session, reading.slug)
    if session.drafts or (there and not outdated):
        return
    sites = _inspections(session, began_ns)
    with _spared(reading.slug):
        # Most of a large site is as it was, and to look at all of it is left to the next audit.
        if there and len(reading.content.documents) > _MANY_TEXTS:
            sites.keep_known(reading.slug, {each.sha256 for each in (*reading.content.documents, *reading.live)})
        else:
            sites.keep(reading)


def _forget_texts(session: Session, slug: str, began_ns: int, sources: Iterable[Source], gone: Collection[str]) -> None:
    """Forgets what was inspected of texts of a site that are ``gone``, by their hashes."""
    if not session.drafts:
        with _spared(slug):
            left = {digest for source in sources for digest in (source.sha256, source.shown)}
            _inspections(session, began_ns).keep_known(slug, left, gone)


def _inspections(session: Session, began_ns: int) -> Inspections:
    from builder.audit.inspection.cache import Inspections

    return Inspections(
        session.root,
        session.organization,
        session.slugs,
        session.now,
        session.settings_digest,
        began_ns,
        session.store,
        session.margin_ns,
    )


def _read_site(
    session: Session, steps: Steps, request: Request, saved: Saved, note: Note
) -> tuple[Survey, tuple[Original, ...], bool, SiteChanges, frozenset[str]]:
    slug, store = request.slug, session.store
    record, last = saved.record, saved.part
    retry_unrenderable = {
        path: (sha, reason) for path, (sha, reason) in (record.unrenderable if record is not None else {}).items()
    }
    if session.clean:
        retry_unrenderable = {}
    retry_unrenderable |= {path: ("", reason) for path, reason in request.unrenderable.items()}
    found = steps.find(
        session.root,
        slug,
        session.organization,
        session.now,
        record=record,
        last=last,
        clean=session.clean,
        allow_deletions=session.allow_deletions,
        reserved=frozenset() if slug else frozenset(session.slugs),
        retry_unrenderable=retry_unrenderable,
        theme_digest=session.theme_digest,
        drafts=session.drafts,
        cache=session.pictures,
        margin_ns=session.margin_ns,
        failed=request.failed,
        note=note.write,
        past=store.past_of(session.slugs),
    )
    reading = lay_down(session, slug, found, saved)
    store.stash("slice", slug, msgspec.json.encode(reading.part))
    logo = session.organization.logo if not slug else ""
    limit, cache = session.organization.limits.image_bytes, session.pictures
    keys = {
        cache_key(picture.sha256, picture.form, limit): (path, picture.form)
        for path, picture in sorted(found.pictures.items(), reverse=True)
        if not picture.trouble
    }
    originals = tuple(
        Original(path, key, form) for key, (path, form) in sorted(keys.items()) if cache.state(key) == "missing"
    )
    withdrew = withdrew_from(last, reading.part)
    texts = {document.sha256 for document in reading.content.documents}
    replaced = record is not None and any(document.sha256 not in texts for document in record.content.documents)
    if replaced:
        store.kept("links", slug).unlink(missing_ok=True)
    _inspect(session, reading, note.began_ns, outdated=withdrew or replaced)
    changes = SiteChanges()
    # In the first build of all nothing can have been called otherwise before.
    if last is not None or not set(store.slugs()) <= set(session.slugs):
        changes = changes_of(record, last, reading, session.organization.feeds.items)
    if record is not None and last is not None:
        changes = msgspec.structs.replace(changes, edits=edits_of(record, last, reading, session.organization.sections))
    survey = survey_of(session.root, reading, session.now, "", logo)
    paths = frozenset(document.path for document in reading.content.documents)
    return survey, originals, withdrew, changes, paths if len(paths) > store.apart else frozenset()
