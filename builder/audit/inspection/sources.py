"""Private data in the files of a site: personal data in sources and names, GPS positions in pictures.

Reading tens of thousands of files again takes long, so that the results for unchanged files are kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from builder.audit.breach import Breach
from builder.audit.inspection.documents import DocumentDetails, document_details
from builder.audit.inspection.personal import name_hits, scan
from builder.catalogue.live_site import linked
from builder.catalogue.reading import SiteAt
from builder.content.encodings import decode
from builder.content.personal import is_impersonal
from builder.messages.diagnostics import Argument
from builder.model.media import regular
from builder.model.reading import read_file
from builder.model.signature import Signature, signature_of
from builder.model.site_id import SiteId
from builder.model.sources import comparable
from builder.model.values import Entry
from builder.pictures import tells_position

PERSONAL = ("identity-number", "bank-card", "mobile-number", "personal-email", "notice-personal-data")
DOCUMENTS = ("document-author", "document-comments", "document-position")
_MOST_BYTES = 10_000_000


class PersonalDatum(msgspec.Struct, frozen=True, array_like=True):
    """Personal data at a place in a source: the rule that it breaks, the masked value."""

    line: int | None
    column: int | None
    rule: str
    value: str


class Sources(msgspec.Struct, frozen=True):
    """The private data found in files: the personal data in each source, by its hash; for each picture its
    signature, and True if it contains a position; for each document its signature, and what it tells. ``read_ns`` is when
    the search began."""

    personal: Mapping[str, tuple[PersonalDatum, ...]] = {}
    pictures: Mapping[str, tuple[Signature, bool]] = {}
    documents: Mapping[str, tuple[Signature, DocumentDetails]] = {}
    read_ns: int = 0


def look_into(
    root: Path, reading: SiteAt, now: datetime, rules: Collection[str], last: Sources, read_ns: int, margin_ns: int
) -> tuple[tuple[Breach, ...], Sources]:
    """Searches the files of a site at the file system's time ``read_ns``; ``last`` is the previous result, which is valid
    for files that were left alone for ``margin_ns`` before it."""
    safe_ns = last.read_ns - margin_ns
    personal: dict[str, tuple[PersonalDatum, ...]] = {}
    pictures: dict[str, tuple[Signature, bool]] = {}
    seen: list[Breach] = []
    if any(rule in rules for rule in PERSONAL):
        seen += _personal(root, reading, now, last.personal, personal)
    if "picture-position" in rules:
        for path in sorted(reading.content.files):
            if _tells(root, path, last, safe_ns, pictures):
                seen.append(Breach(code="picture-position", branch=reading.slug, path=path))
    documents: dict[str, tuple[Signature, DocumentDetails]] = {}
    if any(rule in rules for rule in DOCUMENTS):
        for path in sorted(set(reading.content.files) & {comparable(each) for each in _published(reading)}):
            seen += _document_breaches(root, reading.slug, path, last, safe_ns, documents)
    return tuple(seen), Sources(personal, pictures, documents, read_ns)


def _published(reading: SiteAt) -> Iterator[str]:
    """Returns the source paths of the files that the site's published texts name."""
    for document in reading.live:
        yield from linked(document)
        yield from (file.path for file in getattr(document.subject, "attachments", ()))


def _document_breaches(
    root: Path, slug: str, path: str, last: Sources, safe_ns: int, kept: dict[str, tuple[Signature, DocumentDetails]]
) -> Iterator[Breach]:
    file = regular(root, path)
    if file is None:
        return
    signature, known = signature_of(file.stat()), last.documents.get(path)
    if known is None or known[0] != signature or signature.touched_ns >= safe_ns:
        known = signature, document_details(file)
    kept[path] = known
    details = known[1]
    name = path.rpartition("/")[2]
    if details.authors:
        words: dict[str, Argument] = {"name": name, "authors": details.authors}
        yield Breach(code="document-author", branch=slug, path=path, arguments=words)
    if details.changes or details.comments:
        yield Breach(code="document-comments", branch=slug, path=path, arguments={"name": name})
    if details.position:
        yield Breach(code="document-position", branch=slug, path=path, arguments={"name": name})


def _tells(root: Path, path: str, last: Sources, safe_ns: int, pictures: dict[str, tuple[Signature, bool]]) -> bool:
    file = regular(root, path)
    if file is None:
        return False
    try:
        signature = signature_of(file.stat())
    except OSError:
        return False
    known = last.pictures.get(path)
    if known is None or known[0] != signature or signature.touched_ns >= safe_ns:
        known = signature, tells_position(file)
    pictures[path] = known
    return known[1]


def _personal(
    root: Path,
    reading: SiteAt,
    now: datetime,
    known: Mapping[str, tuple[PersonalDatum, ...]],
    found: dict[str, tuple[PersonalDatum, ...]],
) -> Iterator[Breach]:
    """Finds personal data in every source of the site: texts, YAML, and the names of files."""
    running = {live.entry.path for live in reading.part.entries if _runs(live.entry, now)}
    documents = {document.path: document for document in reading.content.documents}
    # What was refused (a link that leads out, a device) is not opened here either.
    settings = reading.content.settings_path if reading.slug else SiteId(reading.slug).settings
    for path in sorted({*documents, *reading.content.files} | ({settings} if settings else set())):
        rows = [PersonalDatum(None, None, hit.rule, hit.value) for hit in name_hits(_name(path))]
        document = documents.get(path)
        digest = document.sha256 if document is not None else ""
        if document is not None and document.impersonal:
            found[digest] = ()
        elif digest in known:
            rows += known[digest]
            found[digest] = known[digest]
        elif path not in reading.content.files:
            content = _content(root, path)
            told = tuple(_in_lines(text_of(content), addresses=path != settings))
            if digest and digest == hashlib.sha256(content).hexdigest():
                found[digest] = told
            rows += told
        yield from _breaches_of(
            rows, reading.slug, document.section if document is not None else "", path, path in running
        )


def _breaches_of(rows: Iterable[PersonalDatum], branch: str, section: str, path: str, runs: bool) -> Iterator[Breach]:
    for one in rows:
        words, rule = {"value": one.value}, one.rule
        if runs and rule in ("identity-number", "bank-card", "mobile-number"):
            words["kind"], rule = rule, "notice-personal-data"
        yield Breach(
            code=rule, branch=branch, section=section, path=path, line=one.line, column=one.column, arguments=words
        )


def _content(root: Path, path: str) -> bytes:
    """Returns the bytes of a source that was read before, and so is in content/; empty if it is gone."""
    try:
        return read_file(root / path, _MOST_BYTES, root / "content")
    except OSError:
        return b""


def text_of(content: bytes) -> str:
    """Decodes the text of a source, as far as that is possible."""
    decoded = decode(content)
    return decoded.text if decoded is not None else content.decode("utf-8", "replace")


def source(root: Path, path: str) -> str:
    """Returns the text of a source that was read before; empty if it is gone."""
    return text_of(_content(root, path))


def _name(path: str) -> str:
    """Returns the name that a file was given: that of its folder if it is the folder's text."""
    folder, _, name = path.rpartition("/")
    return folder.rpartition("/")[2] if name.startswith("index.") else name


def _in_lines(text: str, *, addresses: bool) -> Iterator[PersonalDatum]:
    if is_impersonal(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        for hit in scan(line, addresses=addresses):
            yield PersonalDatum(number, hit.column, hit.rule, hit.value)


def _runs(entry: Entry, now: datetime) -> bool:
    period = entry.period
    return period is not None and (period.to is None or not period.to.over(now))
