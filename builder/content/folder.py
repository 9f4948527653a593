"""A branch's folder, or the hub's, with every document read and every name checked."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import tzinfo
from pathlib import Path
from typing import Any

import msgspec

from builder.content.decoding import escaped_control, without_references
from builder.content.documents import BranchContent, Document
from builder.content.embedded import with_checked_pictures
from builder.content.entries import ParsedDocument, expires_of, make_entry, make_page, make_topic
from builder.content.head import withholding_in
from builder.content.kinds import READERS
from builder.content.markdown import Options, TooComplex, render
from builder.content.markdown.body import Body
from builder.content.names import fitting_section
from builder.content.places import (
    Place,
    Sorted,
    near_section,
    section_diagnostic,
    slug_diagnostics,
    slug_of,
    sort_branch,
    sort_hub,
)
from builder.content.schema.hiding import hides_by_name
from builder.content.schema.kinds import ENTRIES, PAGE, TOPIC
from builder.content.settings import branch_file, branch_stub, defaults_in, read_branch_file
from builder.content.source import Source, read_source
from builder.content.walk import FoundFile, walk
from builder.messages.codes import severity_of
from builder.messages.diagnostics import Diagnostic
from builder.messages.problems import Problem, in_order, problems_of
from builder.model.signature import Signature
from builder.model.site_id import SiteId
from builder.model.slugs import folded
from builder.model.values import Branch, Organization, Section
from builder.model.version import code_version

_MOST_TAGS = 2_000
"""Of all entries of one branch together."""
_MOST_FOLDERS = 100
"""The most folders of a branch that are sections although nobody declared them."""
_PLACED = frozenset(
    (
        "image",
        "attachments",
        "interprets",
        "topics",
        "share_with",
        "moved_from",
        "aliases",
        "id",
        "tags",
        "date",
        "slug",
        "title",
        "updated",
        *tuple(key for kind in READERS.values() for key in kind.placed),
    )
)


def read_branch(
    root: Path,
    slug: str,
    organization: Organization,
    previous: BranchContent | None = None,
    trust_before_ns: int = 0,
    good: Branch | None = None,
    failed: Mapping[str, str] = {},
    note: Callable[[str], None] = lambda path: None,
) -> BranchContent:
    """Reads everything in ``content/<slug>/``.

    ``previous`` is what an earlier build read: a document is taken over from it if its file has the same signature, was
    last touched before ``trust_before_ns``, and would be read with the same settings. ``good`` stands in for a branch.yml
    that is broken, so that its entries are read as before. ``note`` is called with the path of each source before it is
    read, and with an empty one at the end; ``failed`` are sources that could not be read before, with the reason. Raises
    nothing for what is in the folder.
    """
    found = list(walk(root, f"content/{slug}"))
    note(SiteId(slug).settings)
    own, defaults, problems, places = read_branch_file(root, slug, organization, found, failed)
    branch = own or good or branch_stub(slug, organization)
    if own is None and good is not None and not defaults:
        defaults = defaults_in(good.defaults, slug, organization)
    settings_file = branch_file(found)
    files = sort_branch(each for each in found if each is not settings_file)
    branch, files, added = _with_folders(branch, files)
    settings = _settings(organization, branch, defaults)
    if (
        own is None
        and good is not None
        and previous is not None
        and _extract_shared(previous.settings) == _extract_shared(settings)
    ):
        # What was read with the last good branch.yml stays as it was read.
        settings = previous.settings
    reader = _Reader(root, organization, branch, defaults, settings, previous, trust_before_ns, failed)
    documents = _with_few_tags(_distinct(reader.documents(files, note), _section_paths(branch)))
    told = reader.problems(files)
    if any(each.code == "section-outside" for each in problems):
        # Moving the folder puts its entries where they belong.
        told = (each for each in told if each.code != "entry-misplaced")
    problems = (*problems, *added, *told)
    return BranchContent(
        slug=slug,
        branch=branch if own is not None else None,
        documents=documents,
        files={each.path: each.signature.size for each in sorted(files.files)},
        problems=tuple(in_order(problems)),
        places=places,
        settings=settings,
        unreadable=_unreadable(found),
        settings_path=settings_file.path if settings_file is not None and not settings_file.refused else "",
    )


def read_hub(
    root: Path,
    organization: Organization,
    previous: BranchContent | None = None,
    trust_before_ns: int = 0,
    failed: Mapping[str, str] = {},
    note: Callable[[str], None] = lambda path: None,
) -> BranchContent:
    """Reads everything in ``content/hub/``: pages and topics."""
    found = list(walk(root, "content/hub")) if os.path.lexists(root / "content/hub") else []
    files = sort_hub(found)
    settings = _settings(organization, None, {})
    reader = _Reader(root, organization, None, {}, settings, previous, trust_before_ns, failed)
    return BranchContent(
        slug="",
        documents=_distinct(reader.documents(files, note), {}),
        files={each.path: each.signature.size for each in sorted(files.files)},
        problems=tuple(in_order(reader.problems(files))),
        settings=settings,
        unreadable=_unreadable(found),
    )


def reread_documents(
    root: Path,
    organization: Organization,
    content: BranchContent,
    files: Mapping[str, Signature],
    note: Callable[[str], None] = lambda path: None,
) -> Iterator[Document]:
    """Reads some of the documents of a branch again, by their paths: all names in its folder and its settings are as they were
    when all of it was read."""
    branch, slug = content.branch, content.slug
    if branch is None or not content.settings_path:
        return
    settings = FoundFile(content.settings_path, (content.settings_path.rpartition("/")[2],), Signature(0, 0, 0, 0))
    _, defaults, _, _ = read_branch_file(root, slug, organization, (settings,))
    start = len(f"content/{slug}/")
    found = (FoundFile(path, tuple(path[start:].split("/")), signature) for path, signature in files.items())
    _, files_sorted, _ = _with_folders(branch, sort_branch(found))
    reader = _Reader(root, organization, branch, defaults, content.settings, None, 0, {})
    yield from reader.documents(files_sorted, note)


def _unreadable(found: Iterable[FoundFile]) -> tuple[str, ...]:
    return tuple(each.path for each in found if each.refused == "file-unreadable")


class _Reader:
    """Reads the documents of one folder."""

    def __init__(
        self,
        root: Path,
        organization: Organization,
        branch: Branch | None,
        defaults: Mapping[str, Any],
        settings: str,
        previous: BranchContent | None,
        trust_before_ns: int,
        failed: Mapping[str, str],
    ) -> None:
        self.root, self.organization, self.branch, self.defaults = root, organization, branch, defaults
        self.slug = branch.slug if branch is not None else ""
        self.language = branch.language if branch is not None else organization.language
        self.zone: tzinfo = organization.zone
        self.base, self.home = os.fspath(root), root / "content"
        known = previous.documents if previous is not None and previous.settings == settings else ()
        self.known = {
            document.path: document
            for document in known
            if document.signature.touched_ns < trust_before_ns or _has_failed(document)
        }
        self.failed = failed

    def documents(self, files: Sorted, note: Callable[[str], None]) -> Iterator[Document]:
        most = self.organization.limits.branch_pages
        for number, place in enumerate(sorted(files.places, key=lambda place: place.found.path)):
            known = self.known.get(place.found.path)
            if number >= most:
                yield self._refuse(place, Diagnostic("too-many-pages", arguments={"most": str(most)}))
            elif known is not None and known.signature == place.found.signature:
                yield known
            elif place.found.path in self.failed:
                reason = self.failed[place.found.path]
                yield self._refuse(place, Diagnostic("read-failed", arguments={"reason": reason}))
            else:
                note(place.found.path)
                yield self._document(place)
        note("")

    def problems(self, files: Sorted) -> Iterator[Problem]:
        for path, diagnostic in files.diagnostics:
            if diagnostic.code == "entry-misplaced" and self.branch is not None:
                folder = fitting_section(str(diagnostic.arguments["name"]), self.branch.sections)
                arguments = {**diagnostic.arguments, "folder": f"content/{self.slug}/{folder}/"}
                diagnostic = msgspec.structs.replace(diagnostic, arguments=arguments)
            yield from problems_of([diagnostic], path, self.slug)

    def _document(self, place: Place) -> Document:
        size, most = place.found.signature.size, self.organization.limits.page_bytes
        if size > most:
            return self._refuse(place, Diagnostic("file-too-large", arguments={"size": str(size), "most": str(most)}))
        section = self._section(place)
        fields = PAGE if place.kind == "page" else TOPIC if section is None else ENTRIES[section.type]
        path = place.found.path
        source = read_source(
            f"{self.base}/{path}",
            path.rpartition("/")[0],
            fields,
            self.zone,
            only_yaml=place.yaml,
            most=most,
            home=self.home,
        )
        values: Mapping[str, Any] | None = source.values
        if values is not None and place.kind == "entry":
            values = {**self.defaults, **values}
        body, told = self._body(source, values)
        slug, wrong = slug_of(place)
        if values is not None and "slug" in values:
            slug = "/".join([*slug.split("/")[:-1], values["slug"]])
            position = source.places.get("slug", (None, None))
            wrong = (diagnostic.at(position) for diagnostic in slug_diagnostics(place, slug))
        diagnostics = [*source.diagnostics, *told, *wrong]
        broken = any(severity_of(diagnostic.code) == "error" for diagnostic in diagnostics)
        made = ParsedDocument(None)
        if values is not None:
            made = self._make(place, section, values, body, slug)
            diagnostics += [
                self._place_diagnostic(diagnostic, key, source)
                for key, diagnostic in made.diagnostics
                if key not in source.broken
            ]
        subject = None if broken else made.subject
        return Document(
            path=path,
            kind=place.kind,
            branch=self.slug,
            section=place.section,
            slug=slug,
            signature=place.found.signature,
            sha256=source.sha256,
            entry=subject if place.kind == "entry" else None,  # type: ignore[arg-type]
            page=subject if place.kind == "page" else None,  # type: ignore[arg-type]
            topic=subject if place.kind == "topic" else None,  # type: ignore[arg-type]
            body=body,
            places=_references(source.places),
            impersonal=source.impersonal,
            draft=bool(values.get("draft", False)) if values is not None else source.draft,
            expires=expires_of(values, section, self.zone) if values is not None else None,
            problems=problems_of(diagnostics, path, self.slug),
        )

    def _section(self, place: Place) -> Section | None:
        if place.kind != "entry" or self.branch is None:
            return None
        return self.branch.section(place.section)

    def _body(self, source: Source, values: Mapping[str, Any] | None) -> tuple[Body | None, list[Diagnostic]]:
        if source.body is None or values is None:
            return None, []
        settings = self.organization.markdown
        language = str(values.get("lang") or self.language)
        options = Options(raw_html=settings.raw_html, frames_from=settings.frames_from, language=language)
        try:
            body = render(
                source.body, first_line=source.body_line, title=values.get("title"), options=options, any_level=True
            )
        except TooComplex as error:
            return None, [Diagnostic("too-complex", error.line, 1, {"reason": error.reason})]
        escaped = escaped_control(source.body, body)
        told: list[Diagnostic] = []
        if escaped is not None:
            clean = without_references(source.body)
            body = render(
                clean, first_line=source.body_line, title=values.get("title"), options=options, any_level=True
            )
            line, column, character = escaped
            column += source.indents[line > 1]
            told = [Diagnostic("control-character", line + source.body_line - 1, column, {"character": character})]
        if any(source.indents):
            body = _indent_columns(body, source)
        told += body.diagnostics
        body, refused = with_checked_pictures(body)
        return body, [*told, *refused]

    def _make(
        self, place: Place, section: Section | None, values: Mapping[str, Any], body: Body | None, slug: str
    ) -> ParsedDocument:
        path = place.found.path
        if section is not None and self.branch is not None:
            return make_entry(values, body, path, place.name, slug, self.branch, section, self.zone)
        if place.kind == "topic":
            return make_topic(values, body, path, slug, self.language)
        return make_page(values, body, path, slug, self.slug, self.language)

    @staticmethod
    def _place_diagnostic(diagnostic: Diagnostic, key: str, source: Source) -> Diagnostic:
        return diagnostic if diagnostic.line is not None or not key else diagnostic.at(source.places.get(key, (1, 1)))

    def _refuse(self, place: Place, diagnostic: Diagnostic) -> Document:
        said = withholding_in(self.root, place.found.path, self.zone)
        return Document(
            path=place.found.path,
            kind=place.kind,
            branch=self.slug,
            section=place.section,
            signature=place.found.signature,
            draft=said.draft,
            expires=said.expires,
            problems=problems_of([diagnostic], place.found.path, self.slug),
        )


def _has_failed(document: Document) -> bool:
    return any(problem.code == "read-failed" for problem in document.problems)


def _references(places: Mapping[str, tuple[int, int]]) -> Mapping[str, tuple[int, int]]:
    """Returns the places of what refers to something else, or is told of later."""
    parts = ((key, *key.partition(".")) for key in places)
    return {key: places[key] for key, first, _, rest in parts if first in _PLACED and (not rest or rest.isdigit())}


def _indent_columns(body: Body, source: Source) -> Body:
    """Returns the body of a YAML entry, its columns those of the file."""
    first, others = source.indents

    def column(line: int | None, column: int | None) -> int | None:
        return column and column + (first if line == source.body_line else others)

    links = (msgspec.structs.replace(each, column=column(each.line, each.column)) for each in body.links)
    diagnostics = (each.at((each.line, column(each.line, each.column))) for each in body.diagnostics)
    return msgspec.structs.replace(body, links=tuple(links), diagnostics=tuple(diagnostics))


def _with_folders(branch: Branch, files: Sorted) -> tuple[Branch, Sorted, list[Problem]]:
    """Returns the branch with a section for each folder of documents that nobody declared, and the documents that have
    one. Those in a folder that still has a former name of a section are that section's.
    """
    problems: list[Problem] = []
    former = {name: section.slug for section in branch.sections for name in branch.former_names(section)}
    for name in sorted({place.section for place in files.places if place.kind == "entry"} & former.keys()):
        diagnostic = Diagnostic("folder-former-name", arguments={"name": name, "rename": former[name]})
        problems += problems_of([diagnostic], f"content/{branch.slug}/{name}", branch.slug)
    files = files._replace(
        places=tuple(
            place._replace(section=former.get(place.section, place.section)) if place.kind == "entry" else place
            for place in files.places
        )
    )
    added: list[Section] = []
    known = {section.slug for section in branch.sections}
    undeclared_names = sorted({place.section for place in files.places if place.kind == "entry"} - known)
    if len(undeclared_names) > _MOST_FOLDERS:
        # Each has a place in the navigation of every page.
        arguments = {"key": "sections", "number": str(len(undeclared_names)), "most": str(_MOST_FOLDERS)}
        problems += problems_of([Diagnostic("too-many", arguments=arguments)], f"content/{branch.slug}", branch.slug)
    for name in undeclared_names[:_MOST_FOLDERS]:
        path = f"content/{branch.slug}/{name}"
        near = near_section(name, branch.sections)
        undeclared = (
            Diagnostic("folder-hides", arguments={"name": name})
            if hides_by_name(name)
            else section_diagnostic(name, near)
        )
        if undeclared is None:
            added.append(Section(slug=name, title=name))
            undeclared = Diagnostic("section-undeclared", arguments={"name": name, "near": near})
        problems += problems_of([undeclared], path, branch.slug)
    whole = msgspec.structs.replace(branch, sections=(*branch.sections, *added))
    names = known | {section.slug for section in added}
    places = (each for each in files.places if each.kind != "entry" or each.section in names)
    return whole, files._replace(places=tuple(places)), problems


def _settings(organization: Organization, branch: Branch | None, defaults: Mapping[str, Any]) -> str:
    """Returns a hash of everything but its own bytes that the reading of a document depends on."""
    shared = (code_version(), organization.language, organization.timezone, organization.markdown, organization.limits)
    own = (branch.slug, branch.language, branch.sections, defaults) if branch is not None else ()
    parts = (msgspec.msgpack.encode(part, order="deterministic") for part in (shared, own))
    return "-".join(hashlib.sha256(part).hexdigest()[:16] for part in parts)


def shared_settings(content: BranchContent) -> str:
    """Returns the hash of what every folder is read with: the program, and what organization.yml says of reading."""
    return _extract_shared(content.settings)


def _extract_shared(settings: str) -> str:
    """Returns the part of the hash that does not come from the branch."""
    return settings.partition("-")[0]


def _section_paths(branch: Branch) -> Mapping[str, str]:
    return {folded(section.slug): f"content/{branch.slug}/{section.slug}" for section in branch.sections}


def _distinct(documents: Iterable[Document], taken: Mapping[str, str]) -> tuple[Document, ...]:
    """Returns the documents, those that claim one address made broken. ``taken`` are sections, by what their slug folds
    to.
    """
    row = tuple(documents)
    addresses = [_address(document) for document in row]
    claimed: dict[str, list[Document]] = {}
    for document, address in zip(row, addresses, strict=True):
        if document.slug:
            claimed.setdefault(address, []).append(document)
    result: list[Document] = []
    for document, address in zip(row, addresses, strict=True):
        # One other is enough to tell: of thousands that want one address each would have thousands.
        others = [each.path for each in claimed.get(address, ())[:2] if each.path != document.path]
        if document.kind == "page" and document.branch and address in taken:
            others.append(taken[address])
        result.append(_mark_collision(document, others[0]) if others and document.slug else _free(document))
    return tuple(result)


def _with_few_tags(documents: tuple[Document, ...]) -> tuple[Document, ...]:
    """Returns the documents with the tags that are used most, if there are more than one branch may have: each has a page in the
    branch, and one in the hub, which must have room for those of all branches."""
    counted = Counter(tag for document in documents if document.entry is not None for tag in document.entry.tags)
    if len(counted) <= _MOST_TAGS:
        return documents
    kept = frozenset(sorted(counted, key=lambda tag: (-counted[tag], tag))[:_MOST_TAGS])
    result: list[Document] = []
    told = False
    for document in documents:
        entry = document.entry
        if entry is None or kept.issuperset(entry.tags):
            result.append(document)
            continue
        problems = document.problems
        if not told:
            arguments = {"number": str(len(counted)), "most": str(_MOST_TAGS)}
            places = (document.places.get(key) for key in ("tags.0", "tags"))
            place: tuple[int | None, int | None] = next(filter(None, places), (None, None))
            diagnostic = Diagnostic("tags-many", arguments=arguments).at(place)
            problems = (*problems, *problems_of([diagnostic], document.path, document.branch))
        # What the file has is lost here; without its signature the next build reads it again.
        result.append(
            msgspec.structs.replace(
                document,
                entry=msgspec.structs.replace(entry, tags=tuple(tag for tag in entry.tags if tag in kept)),
                signature=document.signature._replace(mtime_ns=2**62),
                problems=problems,
            )
        )
        told = True
    return tuple(result)


def _address(document: Document) -> str:
    parts = (document.section, document.slug) if document.kind == "entry" else (document.slug,)
    return folded("/".join(("topics", *parts) if document.kind == "topic" else parts))


def _mark_collision(document: Document, other: str) -> Document:
    line, column = document.places.get("slug", (None, None))
    parts = (part for part in (document.branch, document.section, document.slug) if part)
    problem = Problem(
        code="url-collision",
        severity="error",
        path=document.path,
        line=line,
        column=column,
        arguments={"url": f"/{'/'.join(parts)}/", "other": other},
        branch=document.branch,
    )
    # What the file became is lost here; without its signature the next build reads it again.
    return msgspec.structs.replace(
        _free(document),
        entry=None,
        page=None,
        topic=None,
        signature=document.signature._replace(mtime_ns=2**62),
        problems=(*_free(document).problems, problem),
    )


def _free(document: Document) -> Document:
    if not document.problems:
        return document
    problems = tuple(each for each in document.problems if each.code != "url-collision")
    return document if problems == document.problems else msgspec.structs.replace(document, problems=problems)
