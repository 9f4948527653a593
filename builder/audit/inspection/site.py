"""The inspection of one site by itself: its contribution to the audit, and the faults in each of its files."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

import msgspec

from builder.audit.breach import Breach
from builder.audit.duplicates import Text, texts_of
from builder.audit.inspection.sources import Sources, look_into, source
from builder.catalogue.live_site import files_used
from builder.catalogue.reading import SAFE_NS, SiteAt
from builder.content.documents import Document
from builder.content.markdown.body import Link
from builder.messages.problems import Problem
from builder.model.media import regular
from builder.model.published import LiveSite
from builder.model.site_id import SiteId
from builder.model.values import Entry, Organization, RuleSetting

_PROBLEMS = {"image-alt-missing": "alternative-missing"}
_ADDRESS = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_OLDEST, _MOST_BROKEN = 2000, 100
MOST_LINKS, MOST_SEEN = 200_000, 50_000
"""The most links of one site that are followed, and breaches in its files that are kept."""
_YEAR = timedelta(days=366)


class Waiting(msgspec.Struct, frozen=True):
    """A letter without a reply: its source, and when it came."""

    path: str
    section: str
    received: datetime


class LinkUse(msgspec.Struct, frozen=True, omit_defaults=True):
    """A link or picture in a published text."""

    path: str
    kind: str
    target: str
    line: int
    column: int | None = None
    branch: str = ""


class Inspected(msgspec.Struct, frozen=True, omit_defaults=True):
    """The inspection of a site: its published data, letters, links, files, texts, and the breaches in its files.

    ``links`` lead to sources, ``external`` to other hosts; ``used`` are the source paths of files that any of its documents
    names, published or not; ``heads`` is the line of the title of each policy, by source path. ``outside`` are the files
    that it depends on in other folders; as long as none of its files changes, all this holds until the instant ``until``.
    ``sources`` and ``settings``, the hash of the settings for reading texts, save work in the next inspection. ``cut`` says that
    there are more links than are followed.
    """

    part: LiveSite
    waiting: tuple[Waiting, ...] = ()
    links: tuple[LinkUse, ...] = ()
    external: tuple[LinkUse, ...] = ()
    used: tuple[str, ...] = ()
    files: Mapping[str, int] = {}
    texts: tuple[Text, ...] = ()
    heads: Mapping[str, int] = {}
    seen: tuple[Breach, ...] = ()
    outside: tuple[str, ...] = ()
    until: datetime | None = None
    sources: Sources = Sources()
    settings: str = ""
    cut: bool = False


class Known(msgspec.Struct, frozen=True):
    """The part of an inspection that saves work in the next one."""

    texts: tuple[Text, ...] = ()
    sources: Sources = Sources()
    settings: str = ""


class Inspector(msgspec.Struct, frozen=True):
    """The inspector of sites: the root, the organization, the time, the file system's time in nanoseconds, and how
    long before that a file must have been left alone so that what is found in it is kept."""

    root: Path
    organization: Organization
    now: datetime
    read_ns: int = 0
    margin_ns: int = SAFE_NS

    @property
    def zone(self) -> tzinfo:
        """The organization's time zone."""
        return self.organization.zone

    @property
    def rules(self) -> Mapping[str, RuleSetting]:
        """The rules of the organization's profile."""
        return self.organization.profile.rules

    def inspect(self, reading: SiteAt, known: Known, *, bare: bool) -> Inspected:
        """Inspects a site that was read.

        Results for sources that have not changed since the last inspection are taken from ``known``. With ``bare`` texts
        are left out, but not their sketches.
        """
        if known.settings != reading.content.settings:
            known = Known()
        every = ((document, link) for document in reading.live for link in _links(document))
        links = list(itertools.islice(every, MOST_LINKS))
        outside = [_link_use(document, link) for document, link in links if _ADDRESS.match(link.target)]
        sketches = {text.digest: text.sketch for text in known.texts if text.sketch is not None}
        used = tuple(sorted(_files_used(self, reading)))
        seen, sources = look_into(self.root, reading, self.now, self.rules, known.sources, self.read_ns, self.margin_ns)
        return Inspected(
            part=reading.part,
            waiting=tuple(_waiting_letters(reading)),
            links=tuple(_link_use(document, link) for document, link in links if not _ADDRESS.match(link.target)),
            external=tuple(outside),
            used=used,
            files=reading.content.files,
            texts=tuple(texts_of(reading.live, sketches, bare=bare)) if "near-duplicate" in self.rules else (),
            heads={
                document.path: document.places.get("title", (1, 1))[0]
                for document in reading.live
                if document.entry is not None and document.entry.policy is not None
            },
            # One more than is told tells that there are more.
            seen=tuple(itertools.islice(itertools.chain(_breaches(self, reading), seen), MOST_SEEN)),
            cut=next(every, None) is not None,
            outside=tuple(_outside(reading.slug, used, self.organization)),
            until=_until(reading, self.now),
            sources=sources,
            settings=reading.content.settings,
        )


def _outside(slug: str, used: Iterable[str], organization: Organization) -> Iterator[str]:
    """Returns the files outside its own folder that a site depends on."""
    own = f"{SiteId(slug).source}/"
    yield from (path for path in used if not path.startswith(own))
    if not slug:
        yield organization.source


def _until(reading: SiteAt, now: datetime) -> datetime | None:
    """Returns the instant at which time alone makes an inspection invalid."""
    entries = [document.entry for document in reading.content.documents if document.entry is not None]
    ahead = [entry.date - _YEAR for entry in entries if entry.date_explicit]
    return min((each for each in (reading.due, *ahead) if each is not None and each > now), default=None)


def _links(document: Document) -> tuple[Link, ...]:
    return document.body.links if document.body is not None else ()


def _link_use(document: Document, link: Link) -> LinkUse:
    return LinkUse(document.path, link.kind, link.target, link.line, link.column, document.branch)


def _waiting_letters(reading: SiteAt) -> Iterator[Waiting]:
    for one in reading.states:
        entry = one.version.entry if one.version is not None else None
        if one.state == "waiting" and entry is not None and entry.letter is not None:
            yield Waiting(entry.path, entry.section, entry.letter.received.at)


def _files_used(inspector: Inspector, reading: SiteAt) -> set[str]:
    """Returns the files that documents name, including drafts and withdrawn ones; a broken one uses any it mentions."""
    logo = inspector.organization.logo if not reading.slug else ""
    used = set(files_used(reading.content.documents, reading.part.branch, logo))
    used |= set(files_used(reading.live, None, ""))
    broken = [document.path for document in reading.content.documents if document.subject is None]
    if len(broken) > _MOST_BROKEN:
        # Whatever lies beside so many that are broken may be meant by them.
        return used | set(reading.content.files)
    if broken:
        texts = [source(inspector.root, path) for path in broken]
        used |= {path for path in reading.content.files if any(path.rpartition("/")[2] in text for text in texts)}
    return used


def _breaches(inspector: Inspector, reading: SiteAt) -> Iterator[Breach]:
    for problem in reading.problems:
        if problem.code in _PROBLEMS:
            yield _of_problem(problem)
    yield from _photos(inspector, reading)
    for document in reading.live:
        yield from _files_named(inspector.root, document)
        entry = document.entry
        if entry is None:
            continue
        line = document.places.get("title", (1, 1))[0]
        if not entry.summary_written and entry.kind.needs_summary:
            yield _at(entry, "summary-missing", line, title=entry.title)
        if not entry.authors and entry.credit is None and entry.kind.needs_source:
            yield _at(entry, "source-missing", line, title=entry.title)
    for path, picture in reading.pictures.items():
        if picture.trouble:
            target = path.removeprefix("content/")
            yield Breach(code="picture-dead", branch=reading.slug, path=path, arguments={"target": target})
    for document in reading.content.documents:
        if document.entry is not None:
            yield from _dates(document, document.entry, inspector.now, inspector.zone)


def _at(entry: Entry, rule: str, line: int | None, column: int | None = None, **args: str) -> Breach:
    return Breach(
        code=rule, branch=entry.branch, section=entry.section, path=entry.path, line=line, column=column, arguments=args
    )


def _of_problem(problem: Problem) -> Breach:
    return Breach(
        code=_PROBLEMS[problem.code],
        branch=problem.branch,
        path=problem.path,
        line=problem.line,
        column=problem.column,
        arguments={"target": problem.arguments.get("target", "")},
    )


def _files_named(root: Path, document: Document) -> Iterator[Breach]:
    """Returns the breaches for files that the front matter names but that do not exist."""
    what, entry = document.subject, document.entry
    named = [("picture-dead", "image", what.image)] if what is not None and what.image else []
    if entry is not None:
        if entry.kind.portrait:
            named.append(("picture-dead", "portrait", entry.kind.portrait))
        files = enumerate(entry.attachments)
        named += [("attachment-dead", f"attachments.{number}", file.path) for number, file in files if file.path]
    for rule, key, path in named:
        if regular(root, path) is None:
            yield _missing_file(rule, document.branch, document.section, document.path, path, document.places.get(key))


def _photos(inspector: Inspector, reading: SiteAt) -> Iterator[Breach]:
    """Returns the breaches for photographs in branch.yml, and the organization's logo, that do not exist."""
    branch, logo = reading.part.branch, inspector.organization.logo
    for number, member in enumerate(branch.committee if branch is not None else ()):
        if member.photo and regular(inspector.root, member.photo) is None:
            place = reading.content.places.get(f"committee.{number}.photo")
            yield _missing_file("picture-dead", reading.slug, "", SiteId(reading.slug).settings, member.photo, place)
    if not reading.slug and logo and regular(inspector.root, logo) is None:
        yield _missing_file("picture-dead", "", "", inspector.organization.source, logo, None)


def _missing_file(
    rule: str, branch: str, section: str, path: str, target: str, place: tuple[int, int] | None
) -> Breach:
    line, column = place or (None, None)
    args = {"target": target.removeprefix("content/")}
    return Breach(code=rule, branch=branch, section=section, path=path, line=line, column=column, arguments=args)


def _dates(document: Document, entry: Entry, now: datetime, zone: tzinfo) -> Iterator[Breach]:
    """Returns the breaches for dates that look mistyped, each with the reason."""
    line, column = document.places.get("date", (1, None))
    day = entry.date.astimezone(zone).date()

    def told(because: str, other: date | None = None) -> Breach:
        args = {"date": day.isoformat(), "because": because, "other": other.isoformat() if other else ""}
        return _at(entry, "date-suspicious", line, column, **args)

    mismatch = next((each for each in document.problems if each.code == "date-mismatch"), None)
    if mismatch is not None and not entry.kind.gets_replies:
        args = {"date": day.isoformat(), "because": "prefix", "other": entry.path.rpartition("/")[2][:10]}
        yield _at(entry, "date-suspicious", mismatch.line, mismatch.column, **args)
    if entry.date_explicit and entry.date - now > _YEAR:
        yield told("ahead")
    if day.year < _OLDEST:
        yield told("old")
    if entry.updated is not None and entry.updated < entry.date - timedelta(days=1):
        yield told("updated", entry.updated.astimezone(zone).date())
    if entry.event is not None and abs(entry.event.starts.at - entry.date) > _YEAR:
        yield told("event", entry.event.starts.at.astimezone(zone).date())
    letter = entry.letter
    if letter is not None and letter.replied is not None and letter.replied.end <= letter.received.at:
        day = letter.received.at.astimezone(zone).date()
        yield told("replied", letter.replied.at.astimezone(zone).date())
    policy = entry.policy
    if policy is not None and policy.issued is not None and policy.effective is not None:
        day = policy.issued.at.astimezone(zone).date()
        if policy.issued.at - policy.effective.at > _YEAR:
            yield told("effective", policy.effective.at.astimezone(zone).date())
    if entry.period is not None and entry.period.to is not None and entry.period.to.end <= entry.date:
        day = entry.date.astimezone(zone).date()
        yield told("period", entry.period.to.at.astimezone(zone).date())
