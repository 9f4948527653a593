"""The checks that need all branches: links, references, tags, ids, the tree. Pure but for file types."""

from __future__ import annotations

import hashlib
import itertools
import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import unquote

import msgspec

from builder.catalogue.bodies import Resolved, link_problems, used_files
from builder.catalogue.catalogue import DEEPEST_TREE, Catalogue, SiteSummary, path_of
from builder.catalogue.live_site import files_used, linked
from builder.catalogue.nearest import Suggestions, branch_titles, section_titles, topic_titles
from builder.catalogue.reading import SiteAt
from builder.catalogue.redirects import move_fault, owner_of, place_of
from builder.catalogue.tags import chosen, loose, tag_slug
from builder.catalogue.translations import translation_fault
from builder.content import organization_places
from builder.content.documents import BranchContent, Document
from builder.content.names import is_readme, unread_file
from builder.messages.codes import severity_of
from builder.messages.diagnostics import Argument, Diagnostic, Severity
from builder.messages.problems import MOST_OF_FILE, MOST_OF_SITE, Problem, few, problem_of
from builder.model.dates import far_ahead, name_prefix
from builder.model.media import Picture, refused, regular, size_text
from builder.model.media_types import extension
from builder.model.reading import read_file
from builder.model.site_id import SiteId
from builder.model.slugs import folded
from builder.model.sources import comparable, is_bundle
from builder.model.values import Branch, Entry

_FEW = 5
_MOST_BROKEN, _MOST_RAW = 100, 1_000_000
"""The most broken texts, and characters of them, in which names of files are looked for."""
_EVERYBODY = ("all", "ancestors", "subtree")
_OF_HEADS = frozenset({"body-empty", "date-far-ahead", "name-date-far-ahead", "updated-ahead", "date-advice"})
"""The codes of problems that a document has by itself, or by the clock."""
_MISSING = {"image": "image-missing", "portrait": "portrait-missing"}


def check_site(
    root: Path, reading: SiteAt, bodies: Iterable[Resolved], catalogue: Catalogue, now: datetime
) -> Iterator[Problem]:
    """Returns the problems of one site's documents and of its branch.yml that follow from the catalogue, as far as they are
    told (:func:`few`): what is beyond that is not looked for."""
    suggestions, branch = Suggestions(catalogue), reading.part.branch
    groups = itertools.chain(
        [_site(root, reading, suggestions, catalogue)],
        (_body(root, body, reading.pictures, suggestions, catalogue) for body in bodies),
        (_document(document, now) for document in reading.content.documents),
    )
    found = list(
        itertools.islice(_unread(root, reading, branch, catalogue.organization.limits.page_bytes), MOST_OF_SITE + 1)
    )
    for group in groups:
        found += itertools.islice(group, MOST_OF_FILE + 1)
        if len(found) > 3 * MOST_OF_SITE:
            break
    return few(found)


def check_edited(
    root: Path,
    reading: SiteAt,
    bodies: Mapping[str, Resolved],
    catalogue: Catalogue,
    now: datetime,
    edited: Collection[str],
    last: Iterable[Problem],
) -> Iterable[Problem]:
    """Returns what :func:`check_site` does of a branch in which nothing but the texts at the source paths ``edited`` has changed
    since its problems were the ``last``. The others are not looked at, unless there was more to tell than is told."""
    there = bodies.keys() - set(edited)
    kept = [each for each in last if each.path in there and each.code not in _OF_HEADS]
    fresh = list(
        itertools.islice(
            check_site(root, reading, (bodies[path] for path in sorted(edited)), catalogue, now), MOST_OF_FILE + 1
        )
    )
    if len(kept) + len(fresh) > MOST_OF_FILE or any(each.code == "more-problems" for each in (*last, *fresh)):
        return check_site(root, reading, bodies.values(), catalogue, now)
    return (*fresh, *kept)


def check_texts(
    root: Path,
    pictures: Mapping[str, Picture],
    bodies: Mapping[str, Resolved],
    catalogue: Catalogue,
    now: datetime,
    edited: Collection[str],
    last: Iterable[Problem],
    document: Callable[[str], Document | None],
) -> tuple[Problem, ...] | None:
    """Returns what :func:`check_site` does of a branch in which nothing but the texts at the source paths ``edited`` has changed
    since its problems were the ``last``: of others each ``document`` is looked at of which time may make something else. None
    if there is, or was, more to tell than is told."""
    suggestions = Suggestions(catalogue)
    heads = sorted({*edited, *(each.path for each in last if each.code in _OF_HEADS)})
    groups = itertools.chain(
        (_body(root, bodies[path], pictures, suggestions, catalogue) for path in sorted(edited) if path in bodies),
        (_document(there, now) for path in heads if (there := document(path)) is not None),
    )
    kept = (each for each in last if each.path not in edited and each.code not in _OF_HEADS)
    found = tuple(few(itertools.chain(kept, *groups)))
    return None if any(each.code == "more-problems" for each in found) else found


def _site(root: Path, reading: SiteAt, suggestions: Suggestions, catalogue: Catalogue) -> Iterator[Problem]:
    branch, pictures = reading.part.branch, reading.pictures
    if branch is not None:
        present = catalogue.branches.get(branch.slug, branch)
        yield from _branch(reading.content, present, suggestions, catalogue, pictures)
    if not reading.slug:
        yield from _settings(root, suggestions, catalogue, pictures, reading.former)


def _body(
    root: Path, body: Resolved, pictures: Mapping[str, Picture], suggestions: Suggestions, catalogue: Catalogue
) -> Iterator[Problem]:
    yield from link_problems(body, suggestions)
    for path, key in used_files(body):
        yield from _file(root, body.document, path, key, pictures.get(path), suggestions, catalogue)
    if body.document.entry is not None:
        yield from _entry(body.document, body.document.entry, suggestions, catalogue)


def _document(document: Document, now: datetime) -> Iterator[Problem]:
    entry = document.entry
    if _is_empty(document):
        yield problem(document, "body-empty", "warning", "")
    if entry is None:
        return
    if entry.date <= now and (entry.updated is None or entry.updated <= now):
        # Of most entries there is nothing more to be said, and there may be thousands.
        return
    if entry.date_explicit and far_ahead(entry.date, now):
        yield problem(document, "date-far-ahead", "warning", "date", date=f"{entry.date:%Y-%m-%d}")
    elif not entry.date_explicit and name_prefix(_name(document.path))[1] and far_ahead(entry.date, now):
        yield problem(document, "name-date-far-ahead", "warning", "", date=f"{entry.date:%Y-%m-%d}")
    if entry.updated is not None and entry.updated > max(now, entry.date):
        yield problem(document, "updated-ahead", "warning", "updated", updated=f"{entry.updated:%Y-%m-%d}")
    if entry.kind.takes_place and not entry.date_explicit and entry.date > now:
        yield problem(document, "date-advice", "note", "date")


def _is_empty(document: Document) -> bool:
    """Tells whether a page that may be published shows nothing below its title."""
    entry, page, body = document.entry, document.page, document.body
    subject = page or (entry if entry is not None and entry.kind.needs_text else None)
    if subject is None or subject.draft or subject.attachments or subject.image:
        return False
    return body is None or not (body.links or any(segment.strip() for segment in body.segments))


def _name(path: str) -> str:
    """Returns the name that a document was given: that of its folder if it is the folder's text."""
    return posixpath.basename(posixpath.dirname(path) if is_bundle(path) else path)


def _unread(root: Path, reading: SiteAt, branch: Branch | None, most: int) -> Iterator[Problem]:
    """Returns a problem for each file in the site's folder that no text names. Those in media/ are for anybody; what lies in
    the folder of a text that could not be read may be needed by it, and beside a single file what its ``most`` bytes name."""
    beside = [path for path in sorted(reading.content.files) if path.split("/")[2] != "media"]
    if not beside:
        return
    documents = reading.content.documents
    shown = (*documents, *reading.live)
    used = {comparable(path) for path in files_used(shown, branch, "")}
    used |= {comparable(path) for document in shown for path in linked(document)}
    broken = [each for each in documents if each.subject is None]
    folders = tuple(f"{each.path.rpartition('/')[0]}/" for each in broken if is_bundle(each.path))
    texts = [(each.path, _raw(root, each.path, most)) for each in broken[:_MOST_BROKEN] if not is_bundle(each.path)]
    if len(broken) > _MOST_BROKEN or sum(len(text) for _, text in texts) > _MOST_RAW:
        # Looking for every name in so much would take too long, and what is broken comes first.
        return
    for path in beside:
        if comparable(path) in used or path.startswith(folders):
            continue
        name = posixpath.basename(path)
        if any(_is_beside(path, text) and comparable(name) in raw for text, raw in texts):
            continue
        found = unread_file(name)
        if is_readme(name):
            found = Diagnostic("readme-ignored", arguments={"name": name})
        yield problem_of(found, path, reading.slug)


def _raw(root: Path, path: str, most: int) -> str:
    """Returns a text that is broken as it stands, its addresses in plain letters; empty if it cannot be read at all."""
    try:
        content = read_file(root / path, most, root / "content")
    except OSError:
        return ""
    return comparable(unquote(content.decode("utf-8", "replace")))


def _is_beside(path: str, text: str) -> bool:
    return path.startswith(f"{text.rpartition('/')[0]}/")


def _settings(
    root: Path, suggestions: Suggestions, catalogue: Catalogue, pictures: Mapping[str, Picture], former: str
) -> Iterator[Problem]:
    """Returns the problems of organization.yml that follow from the files in content/, and from what feed ids carried before."""
    organization = catalogue.organization
    found: list[tuple[str, Diagnostic]] = []
    if former:
        found.append(("url", Diagnostic("feed-ids-changed", arguments={"old": former, "new": organization.authority})))
    if organization.logo:
        shown = organization.logo.removeprefix("content/")
        logo = pictures.get(organization.logo)
        if logo is None:
            found.append(("logo", Diagnostic("logo-missing", arguments={"target": shown})))
        elif logo.trouble:
            words = _describe_picture(organization.logo, logo)
            found.append(("logo", Diagnostic(logo.trouble, arguments=words)))
        elif organization.logo_trouble == "logo-undrawn":
            found.append(("logo", Diagnostic("logo-undrawn", arguments={"target": shown})))
    for old, ref in organization.redirects:
        if not owner_of(catalogue, old)[1]:
            found.append((f"redirects {old}", Diagnostic("address-reserved", arguments={"target": old})))
        if not place_of(catalogue, ref):
            near = suggestions.ref(ref)
            words = {"source": old, "target": ref, "near": near}
            found.append((f"redirects {old}", Diagnostic("redirect-unknown", arguments=words)))
    if found:
        places = organization_places(root)
        for key, diagnostic in found:
            placed = problem_of(diagnostic.at(places.get(key, (None, None))), organization.source)
            yield msgspec.structs.replace(placed, severity="warning")


def problem(document: Document, code: str, severity: Severity, key: str, **arguments: Argument) -> Problem:
    """Makes a problem of a document, at the place of a value of its front matter."""
    line, column = document.places.get(key, (None, None))
    return Problem(
        code=code,
        severity=severity,
        path=document.path,
        line=line,
        column=column,
        arguments=arguments,
        branch=document.branch,
    )


def _file(
    root: Path,
    document: Document,
    path: str,
    key: str,
    picture: Picture | None,
    suggestions: Suggestions,
    catalogue: Catalogue,
) -> Iterator[Problem]:
    file = regular(root, path)
    if file is not None and key and not catalogue.is_file(path):
        shown = path.removeprefix("content/")
        if catalogue.is_unpublished(path):
            yield problem(document, "link-unpublished", "warning", key, target=shown)
        else:
            code, words = _refusal(path)
            yield problem(document, code, "warning", key, **words)
    elif file is None:
        if key and not catalogue.is_file(path):
            code = _MISSING.get(key, "attachment-missing")
            there = suggestions.file(path, document.path)
            yield problem(document, code, "warning", key, target=path.removeprefix("content/"), there=there)
    elif picture is not None and (picture.trouble or picture.notes):
        if picture.trouble:
            yield _at_link(document, path, key, picture.trouble, _describe_picture(path, picture))
        for code, detail in picture.notes:
            words = {"target": path.removeprefix("content/"), "detail": detail}
            if code == "picture-still" and detail.isdigit():
                words["detail"] = size_text(int(detail))
            yield _at_link(document, path, key, code, words)
    elif refused(file, path):
        yield _at_link(document, path, key, *_refusal(path))
    elif picture is None and (size := _size_of(file)) > catalogue.organization.limits.file_bytes:
        words = {"target": path.removeprefix("content/"), "detail": size_text(size)}
        yield _at_link(document, path, key, "file-over-limit", words)


def _refusal(path: str) -> tuple[str, dict[str, str]]:
    """Returns why a file of such a name is not published: the code, and what its message is filled with."""
    target, ending = path.removeprefix("content/"), extension(path)
    if not ending:
        return "file-without-ending", {"target": target}
    return "file-type-refused", {"target": target, "reason": f".{ending}"}


def _size_of(file: Path) -> int:
    """Returns the bytes of a file; 0 if it is gone by now."""
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _describe_picture(path: str, picture: Picture) -> dict[str, str]:
    """Returns the values that describe a picture that cannot be published."""
    detail = picture.detail
    if picture.trouble in ("picture-too-large", "file-over-limit"):
        detail = size_text(int(detail or picture.signature.size))
    return {"target": path.removeprefix("content/"), "detail": detail}


def _at_link(document: Document, path: str, key: str, code: str, arguments: dict[str, str]) -> Problem:
    """Makes a problem at a value of the front matter or, without a key, at the link that names the file."""
    name = posixpath.basename(path)
    links = document.body.links if document.body is not None and not key else ()
    link = next((link for link in links if name in unquote(link.target)), None)
    if link is None:
        return problem(document, code, severity_of(code), key, **arguments)
    return Problem(
        code=code,
        severity=severity_of(code),
        path=document.path,
        line=link.line,
        column=link.column,
        arguments=arguments,
        branch=document.branch,
    )


def _entry(document: Document, entry: Entry, suggestions: Suggestions, catalogue: Catalogue) -> Iterator[Problem]:
    refs = [(f"interprets.{place}", ref) for place, ref in enumerate(entry.interprets)]
    refs += [(f"replaces.{place}", ref) for place, ref in enumerate(entry.kind.replaces)]
    fault = move_fault(catalogue, entry)
    if fault:
        living = catalogue.entries.get(catalogue.names.current_ref(entry.moved_from))
        other = living.entry.path if living is not None else ""
        yield problem(document, fault, "warning", "moved_from", target=entry.moved_from, other=other)
    for place, tag in enumerate(entry.tags):
        if not tag_slug(tag):
            yield problem(document, "tag-without-page", "warning", f"tags.{place}", tag=tag[:60])
    for key, ref in refs:
        if catalogue.entry_called(ref) is None:
            yield problem(document, "ref-unknown", "warning", key, target=ref, near=suggestions.ref(ref))
    for place, slug in enumerate(entry.topics):
        if slug not in catalogue.topics:
            near = suggestions.name(slug, catalogue.topics, partial(topic_titles, catalogue))
            yield problem(document, "topic-unknown", "warning", f"topics.{place}", target=slug, near=near)
    for place, name in enumerate(entry.share_with):
        key = f"share_with.{place}"
        if catalogue.names.branch(name) is None and name not in _EVERYBODY:
            near = suggestions.name(name, (*catalogue.branches, *_EVERYBODY), partial(branch_titles, catalogue))
            yield problem(document, "share-unknown", "warning", key, target=name, near=near)
        else:
            for told in _refusing(entry, name, catalogue):
                yield problem(document, "share-refused", "note", key, branch=told)


def _refusing(entry: Entry, name: str, catalogue: Catalogue) -> Iterator[tuple[str, ...]]:
    """Returns the branches that an entry is shared with under one name but that do not list it: the name itself or, of
    many, the first few in one line with the number of all. Of many, only those count that refuse this very entry: a
    branch whose ``accept`` leaves it out was not addressed by name."""
    receivers = catalogue.receivers(entry.branch, (name,))
    if name in _EVERYBODY:
        slugs = sorted(slug for slug in receivers if entry.ref in catalogue.branches[slug].refuse)
    else:
        slugs = sorted(slug for slug in receivers if catalogue.refuses(slug, entry.ref))
    if slugs:
        *few, last = slugs[:_FEW]
        yield *few, f"{last} … ({len(slugs)})" if len(slugs) > _FEW else last


def _branch(
    content: BranchContent,
    branch: Branch,
    suggestions: Suggestions,
    catalogue: Catalogue,
    pictures: Mapping[str, Picture],
) -> Iterator[Problem]:
    def told(code: str, severity: Severity, key: str, **arguments: Argument) -> Problem:
        line, column = content.places.get(key, (None, None))
        path = content.settings_path or SiteId(branch.slug).settings
        return Problem(
            code=code, severity=severity, path=path, line=line, column=column, arguments=arguments, branch=branch.slug
        )

    others, titles = set(catalogue.branches) - {branch.slug}, partial(branch_titles, catalogue)
    if branch.parent and branch.parent not in catalogue.branches:
        near = suggestions.name(branch.parent, others, titles)
        yield told("parent-unknown", "warning", "parent", target=branch.parent, near=near)
    elif branch.parent and (cycle := catalogue.cycle(branch)):
        yield told("parent-cycle", "warning", "parent", cycle=" → ".join(cycle))
    elif branch.parent and not catalogue.parent(branch):
        yield told("parent-too-deep", "warning", "parent", most=str(DEEPEST_TREE))
    for place, (language, other) in enumerate(branch.translations):
        fault = translation_fault(catalogue.branches, branch.slug, language, other)
        if fault:
            near = suggestions.name(other, others, titles)
            spoken = catalogue.branches[other].language if other in catalogue.branches else ""
            words = {"target": other, "near": near, "written": language, "language": spoken, "own": branch.language}
            yield told(fault, "warning", f"translations.{place}", **words)
        elif catalogue.translations.get(branch.slug, {}).get(language) != other:
            yield told("translation-elsewhere", "warning", f"translations.{place}", target=other, own=branch.language)
    for other in catalogue.overlapping.get(branch.slug, ())[:_FEW]:
        words = {"url": branch.url, "other": SiteId(other).settings, "address": catalogue.branches[other].url}
        yield told("address-shared", "warning", "url", **words)
    for place, name in enumerate(branch.formerly):
        owner = name if name in catalogue.branches else catalogue.names.former.get(name, "")
        if owner != branch.slug or name == branch.slug:
            yield told(
                "branch-formerly", "warning", f"formerly.{place}", name=name, other=f"content/{owner or branch.slug}"
            )
    for place, member in enumerate(branch.committee):
        if member.photo:
            photo, key = pictures.get(member.photo), f"committee.{place}.photo"
            if photo is None:
                yield told("photo-missing", "warning", key, target=member.photo.removeprefix("content/"))
            elif photo.trouble:
                yield told(photo.trouble, "warning", key, **_describe_picture(member.photo, photo))
    for place, ref in enumerate(branch.refuse):
        if ref not in catalogue.entries:
            near = suggestions.ref(ref)
            yield told("ref-unknown", "warning", f"refuse.{place}", target=ref, near=near)
    visible = {section.slug for section in branch.visible_sections}
    for place, (ref, section) in enumerate(branch.place):
        if ref not in catalogue.entries:
            near = suggestions.ref(ref)
            yield told("ref-unknown", "warning", f"place.{place}", target=ref, near=near)
        elif section not in visible:
            yield told(
                "section-unknown",
                "warning",
                f"place.{place}",
                name=section,
                near=suggestions.name(section, visible, partial(section_titles, branch.sections)),
            )
    if branch.accept not in ("all", "none"):
        for place, name in enumerate(branch.accept):
            if name not in catalogue.branches:
                near = suggestions.name(name, catalogue.branches, titles)
                yield told("share-unknown", "warning", f"accept.{place}", target=name, near=near)


class OrganizationCheck(msgspec.Struct, frozen=True):
    """The problems between branches; they hold as long as ``key``, the hash of what they follow from, stays the same."""

    key: str = ""
    problems: tuple[Problem, ...] = ()


def check_organization(
    catalogue: Catalogue,
    last: OrganizationCheck,
    hashes: Mapping[str, str],
    live: Callable[[str], Iterable[Document]],
) -> OrganizationCheck:
    """Returns the problems between branches: one id twice, one tag in several spellings, addresses claimed twice.

    ``hashes`` is a hash of the documents of each site. ``live`` gives those that are published; it is called only for
    sites that have a problem to report, and not at all if ``last`` still holds.
    """
    summaries = [catalogue.summaries[slug] for slug in sorted(catalogue.summaries)]
    spellings = _spellings(summaries)
    claiming = {each.slug for each in summaries if each.aliases}
    lost = catalogue.feed_ids.lost
    wanted = claiming | {ref.partition("/")[0] for claim in lost for ref in (claim.ref, claim.owner)}
    wanted |= {each.slug for each in summaries if any(_other(tag, spellings) for tag in each.tags)}
    # An alias may be the address of any page anywhere.
    told = (wanted, spellings, lost, {slug: each for slug, each in hashes.items() if claiming or slug in wanted})
    key = hashlib.sha256(msgspec.msgpack.encode(told, order="deterministic")).hexdigest()
    if key == last.key:
        return last
    documents = {document.path: document for slug in sorted(wanted) for document in live(slug)}
    problems = itertools.chain(_ids(documents, catalogue), _tags(documents, spellings), _aliases(documents, catalogue))
    return OrganizationCheck(key, tuple(few(problems)))


def _spellings(summaries: Iterable[SiteSummary]) -> Mapping[str, Mapping[str, int]]:
    """Counts the uses of each spelling of a tag, for tags that have several, by the tag's normal form."""
    used: dict[str, dict[str, int]] = {}
    for summary in summaries:
        for tag, count in summary.tags.items():
            counts = used.setdefault(loose(tag) or tag, {})
            counts[tag] = counts.get(tag, 0) + count
    return {key: counts for key, counts in used.items() if len(counts) > 1}


def _other(tag: str, spellings: Mapping[str, Mapping[str, int]]) -> tuple[str, str] | None:
    """Returns the most used spelling (the first in order, if equal) and all spellings of a tag that is spelled differently."""
    counts = spellings.get(loose(tag))
    best = chosen(counts) if counts is not None else tag
    return (best, " / ".join(sorted(counts))) if counts is not None and best != tag else None


def _ids(live: Mapping[str, Document], catalogue: Catalogue) -> Iterator[Problem]:
    by_ref = {document.entry.ref: document for document in live.values() if document.entry is not None}
    for claim in catalogue.feed_ids.lost:
        document, owner = by_ref.get(claim.ref), by_ref.get(claim.owner)
        if document is None or document.entry is None or owner is None:
            continue
        entry, other = document.entry, owner.path
        if claim.key == "id":
            yield problem(document, "id-duplicate", "warning", "id", id=entry.id, other=other)
        elif move_fault(catalogue, entry) != "moved-from-living":
            yield problem(
                document, "moved-from-duplicate", "warning", "moved_from", target=entry.moved_from, other=other
            )


def _tags(live: Mapping[str, Document], spellings: Mapping[str, Mapping[str, int]]) -> Iterator[Problem]:
    for path in sorted(live):
        entry = live[path].entry
        for place, tag in enumerate(entry.tags if entry is not None else ()):
            other = _other(tag, spellings)
            if other is not None:
                yield problem(
                    live[path],
                    "tag-spellings",
                    "warning",
                    f"tags.{place}",
                    tag=tag,
                    chosen=other[0],
                    spellings=other[1],
                )


def _aliases(live: Mapping[str, Document], catalogue: Catalogue) -> Iterator[Problem]:
    claims = _Claims()
    pages: dict[str, frozenset[str]] = {}
    slugs = {folded(slug): slug for slug in reversed(tuple(catalogue.branches))}
    for path in sorted(live):
        what = live[path].entry or live[path].page
        for place, alias in enumerate(what.aliases if what is not None else ()):
            wanted = folded(alias if alias.endswith("/") else f"{alias}/")
            site = slugs.get(wanted.strip("/").partition("/")[0], "")
            if site not in pages:
                pages[site] = frozenset(_pages(catalogue, site))
            own = path_of(what) if what is not None else ""
            if not owner_of(catalogue, alias)[1]:
                yield problem(live[path], "address-reserved", "warning", f"aliases.{place}", target=alias)
            elif wanted in pages[site] and wanted != folded(own):
                yield problem(live[path], "alias-shadows", "warning", f"aliases.{place}", target=alias)
            elif (other := claims.claimed(wanted)) and other != path:
                yield problem(live[path], "alias-duplicate", "warning", f"aliases.{place}", target=alias, other=other)
            claims.add(wanted, path)


class _Claims:
    """The documents that claim addresses, each with a slash behind it."""

    def __init__(self) -> None:
        self._at: dict[str, str] = {}
        self._below: dict[str, str] = {}

    def add(self, address: str, path: str) -> None:
        """Notes the document at ``path`` for an address, if it is the first."""
        if address not in self._at:
            self._at[address] = path
            for above in _above(address):
                self._below.setdefault(above, path)

    def claimed(self, address: str) -> str:
        """Returns the document that claims an address, or one below or above it where a file is in the way of a folder."""
        if address in self._at:
            return self._at[address]
        files = (self._at[above] for above in _above(address) if above.endswith(".html/") and above in self._at)
        return next(files, self._below.get(address, "") if address.endswith(".html/") else "")


def _above(address: str) -> Iterator[str]:
    """Yields the folders above an address, each with a slash behind it."""
    parts = address.rstrip("/").split("/")
    return ("/".join(parts[:length]) + "/" for length in range(2, len(parts)))


def _pages(catalogue: Catalogue, site: str) -> Iterator[str]:
    """Returns the paths of all pages of a site that have a document, and of its home and sections."""
    part = catalogue.live_sites.get(site)
    if part is not None:
        yield from (folded(path_of(live.entry)) for live in part.entries if live.entry.has_page)
        yield from (folded(path_of(page)) for page in part.pages)
        yield from (folded(path_of(topic)) for topic in part.topics)
    branch = catalogue.branches.get(site)
    if branch is not None:
        yield f"/{site}/"
        yield from (f"/{site}/{section.slug}/" for section in branch.sections)
