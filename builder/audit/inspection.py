"""One site looked at by itself: what it contributes to the audit of the whole, and what is wrong with each of its files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path

import msgspec

from builder.audit.findings import Seen
from builder.audit.personal import Hit, name_hits, scan
from builder.content.text import decode
from builder.dates import zone_of
from builder.diagnostics import Problem
from builder.documents import Document
from builder.duplicates import Text, texts_of
from builder.markdown.body import Link
from builder.media import regular
from builder.model import Entry, Organization
from builder.pictures import tells_position
from builder.reading import Reading, find_site, reading_of
from builder.slices import Slice
from builder.slicing import files_used
from builder.store import Store

_PROBLEMS = {"image-alt-missing": "alternative-missing"}
_ADDRESS = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_LONG = re.compile(r"\d(?:[ -]?\d){9}")
_OLDEST = 2000
_YEAR = timedelta(days=366)


class Waiting(msgspec.Struct, frozen=True):
    """A letter without a reply: its source, and when it came."""

    path: str
    section: str
    received: datetime


class Written(msgspec.Struct, frozen=True, omit_defaults=True):
    """A link or picture in a published text."""

    path: str
    kind: str
    target: str
    line: int
    column: int | None = None
    branch: str = ""


class Inspected(msgspec.Struct, frozen=True, omit_defaults=True):
    """A site as the audit needs it: what it shows, its letters, links, files, texts, and the breaches seen in its files.

    ``links`` lead to sources, ``external`` to other hosts; ``used`` are the source paths of files that any of its documents
    names, published or not; ``heads`` is the line of the title of each policy, by source path.
    """

    part: Slice
    waiting: tuple[Waiting, ...] = ()
    links: tuple[Written, ...] = ()
    external: tuple[Written, ...] = ()
    used: tuple[str, ...] = ()
    files: Mapping[str, int] = {}
    texts: tuple[Text, ...] = ()
    heads: Mapping[str, int] = {}
    seen: tuple[Seen, ...] = ()


class Request(msgspec.Struct, frozen=True):
    """Sites to be inspected, and what with; ``sketches`` are those of texts that an earlier audit made, by slug and by the
    hash of the source."""

    root: Path
    organization: Organization
    now: datetime
    store: Store | None
    slugs: tuple[str, ...]
    taken: frozenset[str]
    sketches: Mapping[str, Mapping[str, bytes]] = {}

    @property
    def zone(self) -> tzinfo:
        """The organization's time zone."""
        return zone_of(self.organization.timezone) or UTC


def inspect_sites(request: Request) -> list[Inspected]:
    """Inspects sites one after the other."""
    return [_inspect(request, slug) for slug in request.slugs]


def _inspect(request: Request, slug: str) -> Inspected:
    store = request.store
    found = find_site(
        request.root,
        slug,
        request.organization,
        request.now,
        record=store.record(slug) if store is not None else None,
        taken=frozenset() if slug else request.taken,
    )
    reading = reading_of(found, request.now)
    links = [(document, link) for document in reading.live for link in _links(document)]
    outside = [_written(document, link) for document, link in links if _ADDRESS.match(link.target)]
    rules = request.organization.profile.rules
    known = request.sketches.get(slug, {})
    return Inspected(
        part=reading.part,
        waiting=tuple(_waiting(reading)),
        links=tuple(_written(document, link) for document, link in links if not _ADDRESS.match(link.target)),
        external=tuple(outside),
        used=tuple(sorted(_used(request, reading))),
        files=reading.content.files,
        texts=tuple(texts_of(reading.live, known)) if "near-duplicate" in rules else (),
        heads={
            document.path: document.places.get("title", (1, 1))[0]
            for document in reading.live
            if document.entry is not None and document.entry.type == "policy"
        },
        seen=tuple(_seen(request, reading)),
    )


def _links(document: Document) -> tuple[Link, ...]:
    return document.body.links if document.body is not None else ()


def _written(document: Document, link: Link) -> Written:
    return Written(document.path, link.kind, link.target, link.line, link.column, document.branch)


def _waiting(reading: Reading) -> Iterator[Waiting]:
    for one in reading.settled:
        entry = one.version.entry if one.version is not None else None
        if one.state == "waiting" and entry is not None and entry.letter is not None:
            yield Waiting(entry.path, entry.section, entry.letter.received.at)


def _used(request: Request, reading: Reading) -> set[str]:
    """The files that documents name, drafts and withdrawn ones too; a broken one may name any that it mentions."""
    logo = request.organization.logo if not reading.slug else ""
    used = set(files_used(reading.content.documents, reading.part.branch, logo))
    used |= set(files_used(reading.live, None, ""))
    broken = [document.path for document in reading.content.documents if document.subject is None]
    if broken:
        texts = [text for path in broken if (text := _source(request.root, path)) is not None]
        used |= {path for path in reading.content.files if any(path.rpartition("/")[2] in text for text in texts)}
    return used


def _source(root: Path, path: str) -> str | None:
    """The text of a source that was read before, and so lies in content/."""
    try:
        with open(f"{root}/{path}", "rb") as file:  # noqa: PTH123 - tens of thousands
            content = file.read()
    except OSError:
        return None
    decoded = decode(content)
    return decoded.text if decoded is not None else content.decode("utf-8", "replace")


def _seen(request: Request, reading: Reading) -> Iterator[Seen]:
    rules = request.organization.profile.rules
    for problem in reading.problems:
        if problem.code in _PROBLEMS:
            yield _of_problem(problem)
    yield from _photos(request, reading)
    for document in reading.live:
        yield from _files_named(request.root, document)
        entry = document.entry
        if entry is None:
            continue
        line = document.places.get("title", (1, 1))[0]
        if not entry.summary_written and entry.type not in ("voice", "letter", "event"):
            yield _at(entry, "summary-missing", line, title=entry.title)
        if not entry.author and entry.credit is None and entry.type == "article":
            yield _at(entry, "source-missing", line, title=entry.title)
    for path, picture in reading.pictures.items():
        if picture.trouble:
            target = path.removeprefix("content/")
            yield Seen(rule="picture-dead", branch=reading.slug, path=path, args={"target": target})
    for document in reading.content.documents:
        if document.entry is not None:
            yield from _dates(document, document.entry, request.now, request.zone)
    if any(rule in rules for rule in _PERSONAL):
        yield from _personal(request, reading)
    if "picture-position" in rules:
        for path in sorted(reading.content.files):
            file = regular(request.root, path)
            if file is not None and tells_position(file):
                yield Seen(rule="picture-position", branch=reading.slug, path=path)


def _at(entry: Entry, rule: str, line: int | None, column: int | None = None, **args: str) -> Seen:
    return Seen(
        rule=rule, branch=entry.branch, section=entry.section, path=entry.path, line=line, column=column, args=args
    )


def _of_problem(problem: Problem) -> Seen:
    return Seen(
        rule=_PROBLEMS[problem.code],
        branch=problem.branch,
        path=problem.path,
        line=problem.line,
        column=problem.column,
        args={"target": problem.args.get("target", "")},
    )


def _files_named(root: Path, document: Document) -> Iterator[Seen]:
    """What the front matter names and nobody can find."""
    what, entry = document.subject, document.entry
    named = [("picture-dead", "image", what.image)] if what is not None and what.image else []
    if entry is not None:
        if entry.voice is not None and entry.voice.portrait:
            named.append(("picture-dead", "portrait", entry.voice.portrait))
        files = enumerate(entry.attachments)
        named += [("attachment-dead", f"attachments.{number}", file.path) for number, file in files]
    for rule, key, path in named:
        if regular(root, path) is None:
            yield _lost(rule, document.branch, document.section, document.path, path, document.places.get(key))


def _photos(request: Request, reading: Reading) -> Iterator[Seen]:
    """Photographs that branch.yml names, and the organization's logo, which nobody can find."""
    branch, logo = reading.part.branch, request.organization.logo
    for number, member in enumerate(branch.committee if branch is not None else ()):
        if member.photo and regular(request.root, member.photo) is None:
            place = reading.content.places.get(f"committee.{number}.photo")
            yield _lost("picture-dead", reading.slug, "", f"content/{reading.slug}/branch.yml", member.photo, place)
    if not reading.slug and logo and regular(request.root, logo) is None:
        yield _lost("picture-dead", "", "", "content/organization.yml", logo, None)


def _lost(rule: str, branch: str, section: str, path: str, target: str, place: tuple[int, int] | None) -> Seen:
    line, column = place or (None, None)
    args = {"target": target.removeprefix("content/")}
    return Seen(rule=rule, branch=branch, section=section, path=path, line=line, column=column, args=args)


def _dates(document: Document, entry: Entry, now: datetime, zone: tzinfo) -> Iterator[Seen]:
    """Dates that look typed wrong, each with the reason."""
    line, column = document.places.get("date", (1, None))
    day = entry.date.astimezone(zone).date()

    def told(because: str, other: date | None = None) -> Seen:
        args = {"date": day.isoformat(), "because": because, "other": other.isoformat() if other else ""}
        return _at(entry, "date-suspicious", line, column, **args)

    mismatch = next((each for each in document.problems if each.code == "date-mismatch"), None)
    if mismatch is not None and entry.type != "letter":
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


_PERSONAL = ("identity-number", "bank-card", "mobile-number", "personal-email", "notice-personal-data")


def _personal(request: Request, reading: Reading) -> Iterator[Seen]:
    """Personal data in every source of the site: texts, YAML, and the names of files."""
    running = {live.entry.path for live in reading.part.entries if _runs(live.entry, request.now)}
    sections = {document.path: document.section for document in reading.content.documents}
    settings = [f"content/{reading.slug}/branch.yml"] if reading.slug else ["content/organization.yml"]
    for path in sorted({*sections, *settings, *reading.content.files}):
        hits = [(None, hit) for hit in name_hits(_name(path))]
        text = _source(request.root, path) if path not in reading.content.files else ""
        rows: Iterable[tuple[int | None, Hit]] = [*hits, *_in_lines(text or "", addresses=path not in settings)]
        for line, hit in rows:
            column = hit.column if line is not None else None
            args = {"value": hit.value}
            rule = hit.rule
            if path in running and rule in ("identity-number", "bank-card", "mobile-number"):
                args["kind"], rule = rule, "notice-personal-data"
            yield Seen(
                rule=rule,
                branch=reading.slug,
                section=sections.get(path, ""),
                path=path,
                line=line,
                column=column,
                args=args,
            )


def _name(path: str) -> str:
    """The name that a file was given: that of its folder, for the text of one."""
    folder, _, name = path.rpartition("/")
    return folder.rpartition("/")[2] if name.startswith("index.") else name


def _in_lines(text: str, *, addresses: bool) -> Iterator[tuple[int, Hit]]:
    if "@" not in text and "＠" not in text and not _LONG.search(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        for hit in scan(line, addresses=addresses):
            yield number, hit


def _runs(entry: Entry, now: datetime) -> bool:
    period = entry.period
    return entry.type == "notice" and period is not None and (period.to is None or not period.to.over(now))
