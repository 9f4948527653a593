"""organization.yml, branch.yml and mkdocs.yml, and which folders are branches."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, tzinfo
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from builder.content.decoding import MOST_BYTES, read_settings
from builder.content.encodings import decode
from builder.content.names import is_copy, is_readme, settings_misnamed, unread_file
from builder.content.profiles import read_profile
from builder.content.schema.hiding import concealment
from builder.content.schema.kinds import BRANCH, DEFAULTS, ORGANIZATION
from builder.content.schema.names import own_key
from builder.content.schema.types import ReadContext
from builder.content.walk import JUNK, FoundFile, walk
from builder.content.ways import ways_diagnostics, ways_of
from builder.content.yaml.nodes import Node, read_yaml
from builder.messages.codes import severity_of
from builder.messages.diagnostics import Diagnostic
from builder.messages.problems import Problem, problem_of, problems_of
from builder.model.addresses import overlap, web_place
from builder.model.reading import lies_in, read_file
from builder.model.site_map import is_reserved
from builder.model.slugs import folded, is_slug, plainly, slugify
from builder.model.sources import TEXTS, YAMLS
from builder.model.struct import canonical
from builder.model.values import (
    Branch,
    Contact,
    Editing,
    FeedSettings,
    Limits,
    MarkdownSettings,
    Member,
    Organization,
    Section,
    Terms,
)
from builder.model.version import CONTENT_FORMAT
from builder.model.zones import zone_of

_ORGANIZATION = "content/organization.yml"
_THEME_KEYS = frozenset({"theme", "extra_css"})
_INSTEAD: Mapping[str, str] = {
    "site_name": "content/organization.yml: name",
    "site_url": "content/organization.yml: url",
    "site_description": "content/organization.yml: description",
    "repo_url": "content/organization.yml: edit_url",
    "edit_uri": "content/organization.yml: edit_url",
    "nav": "content/organization.yml: sections",
    "docs_dir": "content/",
    "site_dir": "branchpress build --output",
    "markdown_extensions": "content/organization.yml: markdown",
    "plugins": "branchpress",
    "hooks": "branchpress",
}


def organization_path(root: Path) -> str:
    """Returns the path of the organization's settings: organization.yml, else one of that name in other letters or with the
    other ending.
    """
    names = {f"organization{ending}" for ending in YAMLS}
    try:
        likely = [each.name for each in os.scandir(root / "content") if each.name.lower() in names]
    except OSError:
        likely = []
    if not likely or "organization.yml" in likely:
        return _ORGANIZATION
    return f"content/{min(likely)}"


def read_organization(root: Path) -> tuple[Organization | None, tuple[Problem, ...]]:
    """Reads content/organization.yml; None if it cannot be used."""
    path = organization_path(root)
    file = root / path
    if not file.is_file():
        return None, problems_of([Diagnostic("organization-missing")], path)
    if not lies_in(os.path.realpath(file), os.path.realpath(root / "content")):
        return None, problems_of([Diagnostic("symlink-outside", arguments={"name": file.name})], path)
    node, diagnostics = read_settings(file, root / "content")
    if node is None:
        return None, problems_of(diagnostics, path)
    zone_node = node.get("timezone")
    zone = zone_of(zone_node.text) if zone_node is not None else None
    reading = ReadContext(zone or zone_of("Asia/Shanghai") or UTC, "content")
    values = ORGANIZATION.read(node, "", reading)
    diagnostics += [*reading.diagnostics, *ways_diagnostics(values, values.get("edit_url", ""), reading.places)]
    if (written := values.get("format", 1)) > CONTENT_FORMAT:
        told = {"format": str(written), "known": str(CONTENT_FORMAT)}
        diagnostics.append(Diagnostic("format-newer", *reading.places.get("format", (1, 1)), told))
    sections = _sections(values.get("sections", {}), node.get("sections"), diagnostics)
    editing = node.key("editing")
    if editing is not None:
        missing = (Diagnostic("key-missing", *editing.place, {"key": key}) for key in _missing(values, reading.broken))
        diagnostics += missing
    if any(severity_of(diagnostic.code) == "error" for diagnostic in diagnostics):
        return None, problems_of(diagnostics, path)
    profile, problems = read_profile(root, path, values.get("audit", {}), node.get("audit"))
    found = msgspec.structs.replace(_organization(values, sections), profile=profile, source=path)
    return canonical(found), (*problems_of(diagnostics, path), *problems)


def _missing(values: Mapping[str, Any], broken: Collection[str]) -> Iterator[str]:
    """Yields the keys of ``editing`` without which the Git host cannot be reached: the repository, and the address of one that
    everybody runs at an address of their own."""
    editing = values.get("editing", {})
    written = {*editing, *(key.removeprefix("editing.") for key in broken)}
    for key, other in (("repo", "host"), ("host", "repo")):
        if other in written and key not in written:
            yield key
    if editing.get("host") in ("gitea", "forgejo") and "url" not in written:
        yield "url"


def organization_places(root: Path) -> Mapping[str, tuple[int, int]]:
    """Returns where organization.yml has its ``logo``, its ``url`` and each redirect (``redirects`` and the old address)."""
    node, _ = read_settings(root / organization_path(root))
    if node is None:
        return {}
    reading = ReadContext(UTC, "content")
    values = ORGANIZATION.read(node, "", reading)
    numbers = {f"redirects {old}": f"redirects.{number}" for number, old in enumerate(values.get("redirects", {}))}
    return {
        key: reading.places[place]
        for key, place in {"logo": "logo", "url": "url", **numbers}.items()
        if place in reading.places
    }


def settings_written(root: Path) -> tuple[Mapping[str, Any], Mapping[str, tuple[int, int]]]:
    """Returns the values of organization.yml as they are written, and the line and column of each by its keys, as
    ``limits.page_bytes``; nothing where it cannot be read."""
    node, _ = read_settings(root / organization_path(root))
    if node is None:
        return {}, {}
    reading = ReadContext(UTC, "content")
    return ORGANIZATION.read(node, "", reading), reading.places


def _organization(values: Mapping[str, Any], sections: tuple[Section, ...]) -> Organization:
    url = values["url"] if values["url"].endswith("/") else values["url"] + "/"
    host = (urlsplit(url).hostname or "").lower()
    feeds, markdown = values.get("feeds", {}), values.get("markdown", {})
    return Organization(
        name=values["name"],
        url=url,
        authority=values.get("id") or _ascii(host),
        fixed=bool(values.get("id")),
        short_name=values.get("short_name", ""),
        name_en=values.get("name_en", ""),
        language=values.get("language", "zh"),
        timezone=values.get("timezone", "Asia/Shanghai"),
        description=values.get("description", ""),
        contact=Contact(**values["contact"]) if values.get("contact") else None,
        logo=values.get("logo", ""),
        site_id=values.get("site_id", ""),
        edit_url=values.get("edit_url", ""),
        sections=sections,
        feeds=FeedSettings(**feeds),
        markdown=MarkdownSettings(**markdown),
        limits=Limits(**values.get("limits", {})),
        redirects=tuple(sorted((old, ref.strip("/")) for old, ref in values.get("redirects", {}).items())),
        holidays=values.get("holidays", ()),
        terms=_terms(values),
        ways=ways_of(values, values.get("edit_url", "")),
        health_public=values.get("health", {}).get("public", False),
        editing=Editing(**values["editing"]) if values.get("editing") else None,
    )


def _terms(values: Mapping[str, Any]) -> Mapping[str, Terms]:
    """Returns the terms by language; those without one are in the organization's."""
    written = dict(values.get("terms", {}))
    by_language = {language: written.pop(language) for language in ("en", "zh") if language in written}
    own = values.get("language", "zh")
    by_language[own] = {**by_language.get(own, {}), **written}
    return {language: Terms(**each) for language, each in sorted(by_language.items()) if each}


def _ascii(host: str) -> str:
    """Returns a host name in IDNA form (RFC 4151 allows no other authority)."""
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()


def _sections(values: Mapping[str, Any], node: Node | None, diagnostics: list[Diagnostic]) -> tuple[Section, ...]:
    found: list[Section] = []
    for slug, each in values.items():
        key = node.key(slug) if node is not None else None
        if is_reserved("section", slug) and key is not None:
            diagnostics.append(Diagnostic("name-reserved", key.line, key.column, {"name": slug}))
            continue
        settings = dict(each)
        settings.setdefault("title", slug)
        part = node.get(slug) if node is not None else None
        former = part.get("formerly") if part is not None else None
        for name in settings.get("formerly", ()):
            if is_reserved("section", name) and former is not None:
                diagnostics.append(Diagnostic("name-reserved", former.line, former.column, {"name": name}))
        settings["titles"] = tuple(sorted(settings.get("titles", {}).items()))
        settings["formerly"] = tuple(name for name in settings.get("formerly", ()) if not is_reserved("section", name))
        found.append(Section(slug=slug, **settings))
    return tuple(_without_taken_names(found, node, diagnostics))


def _without_taken_names(
    sections: Iterable[Section], node: Node | None, diagnostics: list[Diagnostic]
) -> Iterable[Section]:
    """Yields the sections, less those former names that a section still has, or an earlier one had: a feed's id follows
    from the first of them, and no two feeds may have one id.
    """
    known = list(sections)
    taken = {section.slug for section in known}
    for section in known:
        left = tuple(name for name in section.formerly if name not in taken)
        part = node.get(section.slug) if node is not None else None
        place = part.get("formerly") if part is not None else None
        for name in section.formerly:
            if name in taken and place is not None:
                diagnostics.append(Diagnostic("section-formerly", place.line, place.column, {"name": name}))
        taken.update(left)
        yield section if left == section.formerly else msgspec.structs.replace(section, formerly=left)


def read_theme_settings(root: Path) -> tuple[bytes | None, tuple[Problem, ...]]:
    """Returns the theme's settings in the root mkdocs.yml, as JSON; None if the file cannot be used."""
    file = root / "mkdocs.yml"
    if not file.is_file():
        return b"{}", ()
    node, diagnostics = read_settings(file)
    if node is None:
        return None, problems_of(diagnostics, "mkdocs.yml")
    settings: dict[str, Any] = {}
    for name, value in node.pairs:
        if name.text in _THEME_KEYS:
            settings[name.text] = _plain(value)
        else:
            args = {"key": name.text[:60], "instead": _INSTEAD.get(name.text, "content/organization.yml")}
            diagnostics.append(Diagnostic("mkdocs-key", name.line, name.column, args))
    if not isinstance(settings.get("theme", {}), dict):
        diagnostics.append(
            Diagnostic(
                "value-type",
                node.line,
                node.column,
                {"key": "theme", "expected": "keys and values, one per line", "value": ""},
            )
        )
    if any(severity_of(diagnostic.code) == "error" for diagnostic in diagnostics):
        return None, problems_of(diagnostics, "mkdocs.yml")
    theme = settings.get("theme", {})
    for key in ("name", "custom_dir", "language", "locale", "font"):
        theme.pop(key, None)
    return json.dumps({**settings, "theme": theme}, ensure_ascii=False, sort_keys=True).encode(), problems_of(
        diagnostics, "mkdocs.yml"
    )


def _plain(node: Node) -> Any:
    """Returns a node as JSON: what stands unquoted as ``true`` or ``false`` is a flag, all else text."""
    if node.kind == "map":
        return {name.text: _plain(value) for name, value in node.pairs}
    if node.kind == "list":
        return [_plain(each) for each in node.items]
    if node.kind == "text" and node.plain and node.text.lower() in ("true", "false"):
        return node.text.lower() == "true"
    return node.text if node.kind == "text" else ""


class BranchFolders(msgspec.Struct, frozen=True):
    """The folders of content/: ``slugs`` are those of branches, in order, ``refused`` the names of those that cannot be one as
    they are, ``problems`` what is wrong with these and with other files there."""

    slugs: tuple[str, ...]
    refused: tuple[str, ...]
    problems: tuple[Problem, ...]


def find_branches(root: Path) -> BranchFolders:
    """Returns the folders of content/ that are branches, and what is wrong with the others."""
    seen: dict[str, str] = {}
    refused: list[str] = []
    problems: list[Problem] = []
    settings = organization_path(root)
    entries = sorted(os.scandir(root / "content"), key=lambda entry: entry.name)
    beside = {entry.name if _is_folder(entry) else entry.name.rpartition(".")[0] for entry in entries}
    for entry in entries:
        name, path = entry.name, f"content/{entry.name}"
        if name.startswith(("_", ".")) or name == "hub" or path == settings:
            continue
        # What cannot be listed is there: what it holds stays as it was until it can be read again.
        has_settings = _find_settings(entry) if is_slug(name) and not _leads_out(root, entry) else False
        fault = _folder_fault(root, entry, seen, beside, unlisted=has_settings is None)
        if fault is not None:
            folder = _is_folder(entry) and severity_of(fault.code) == "error"
            shown = name.encode("utf-8", "replace").decode()
            refused += [shown] if folder else []
            told = problem_of(fault, f"content/{shown}")
            problems.append(msgspec.structs.replace(told, effect="missing") if folder else told)
        elif has_settings is not None and not entry.is_dir():
            problems += problems_of(_stray_file(name, beside), path)
        elif has_settings is None or has_settings or any(_documents(root, path)):
            seen[folded(name)] = name
            if (read := plainly(name)) != name:
                alike = Diagnostic("folder-lookalike", arguments={"name": name, "near": read})
                problems += problems_of([alike], path, name)
        elif any(walk(root, path)):
            problems += problems_of(
                [Diagnostic("file-unread", arguments={"name": name, "cause": "unread-folder"})], path
            )
    return BranchFolders(tuple(seen.values()), tuple(refused), tuple(problems))


def _folder_fault(
    root: Path, entry: os.DirEntry[str], seen: Mapping[str, str], beside: Collection[str], *, unlisted: bool
) -> Diagnostic | None:
    """Returns why an entry of content/ cannot be a branch, if it is a folder, or used at all. ``seen`` are the branches so far,
    by their names in small letters; an ``unlisted`` one has the name of a branch."""
    name = entry.name
    if any("\udc80" <= character <= "\udcff" for character in name):
        return Diagnostic("name-undecodable", arguments={"name": name.encode("utf-8", "replace").decode()})
    if _leads_out(root, entry):
        return Diagnostic("symlink-outside", arguments={"name": name})
    if unlisted or not entry.is_dir():
        return None
    if is_copy(name, beside):
        return Diagnostic("file-copy", arguments={"name": name})
    if is_reserved("branch", name):
        organization, _ = read_organization(root)
        section = organization is not None and names_section(name, organization) and not _find_settings(entry)
        return Diagnostic("section-outside" if section else "name-reserved", arguments={"name": name})
    if not is_slug(name):
        return Diagnostic("folder-name", arguments={"name": name, "near": slugify(name)})
    if folded(name) in seen:
        args = {"url": f"/{name}/", "other": f"content/{seen[folded(name)]}"}
        return Diagnostic("url-collision", arguments=args)
    return None


def _leads_out(root: Path, entry: os.DirEntry[str]) -> bool:
    """Tells whether an entry of content/ is a link to somewhere else."""
    return entry.is_symlink() and not lies_in(os.path.realpath(entry.path), os.path.realpath(root / "content"))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Tells whether an entry of content/ is a folder or leads to one; never raises, whatever is behind a link."""
    return entry.is_dir(follow_symlinks=False) or os.path.isdir(entry.path)  # noqa: PTH112


def _find_settings(entry: os.DirEntry[str]) -> bool | None:
    """Tells whether an entry of content/ is a folder with a branch.yml; None if it cannot be accessed or listed."""
    try:
        if not entry.is_dir(follow_symlinks=False) and not stat.S_ISDIR(os.stat(entry.path).st_mode):
            return False
        with os.scandir(entry.path):
            pass
        return _is_there(f"{entry.path}/branch.yml")
    except OSError:
        return None


def _is_there(path: str) -> bool:
    """Tells whether there is anything at a path. Raises OSError if that cannot be seen."""
    try:
        os.stat(path)
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            raise
        return False
    return True


def _stray_file(name: str, beside: Collection[str]) -> list[Diagnostic]:
    """Returns the problem of a file that is next to the branches' folders."""
    stem, ending = name.rpartition(".")[0] or name, f".{name.rpartition('.')[2].lower()}"
    if name.lower() in JUNK:
        return []
    if is_readme(name):
        return [Diagnostic("readme-ignored", arguments={"name": name})]
    if stem.lower() == "organization" and ending in YAMLS:
        return [settings_misnamed(name, "organization.yml")]
    if ending in (*TEXTS, *YAMLS):
        code = "file-copy" if is_copy(stem, beside) else "file-misplaced"
        return [Diagnostic(code, arguments={"name": name})]
    return [unread_file(name)]


def _documents(root: Path, path: str) -> Iterable[bool]:
    return (True for found in walk(root, path) if found.parts and found.parts[-1].lower().endswith((*TEXTS, *YAMLS)))


def branch_stub(slug: str, organization: Organization) -> Branch:
    """Returns the stand-in for a branch whose branch.yml has never been valid."""
    return Branch(slug=slug, name=slug, language=organization.language, sections=organization.sections)


def names_section(folder: str, organization: Organization) -> bool:
    """Tells whether a folder is called as a section of the organization is."""
    return any(folder in (each.slug, each.title) for each in organization.sections)


def branch_file(found: Iterable[FoundFile]) -> FoundFile | None:
    """Returns the file of a branch's settings: branch.yml, else one that is called so in other letters or with the
    other ending.
    """
    likely = [
        each
        for each in found
        if len(each.parts) == 1 and each.parts[0].lower() in {f"branch{ending}" for ending in YAMLS}
    ]
    return min(likely, key=lambda each: (each.parts[0] != "branch.yml", each.parts[0]), default=None)


def read_branch_file(
    root: Path,
    slug: str,
    organization: Organization,
    found: Iterable[FoundFile],
    failed: Mapping[str, str] = {},
) -> tuple[Branch | None, Mapping[str, Any], tuple[Problem, ...], Mapping[str, tuple[int, int]]]:
    """Reads branch.yml: the branch, the defaults of its entries, problems and places.

    The defaults are read even of a file that is broken elsewhere: an entry that is withheld by them must stay withheld.
    ``failed`` are sources that could not be read before, with the reason.
    """
    path, found = f"content/{slug}/branch.yml", tuple(found)
    present = branch_file(found)
    if present is None and any(each.refused == "file-unreadable" and not each.parts for each in found):
        return None, {}, (), {}
    if present is None:
        if names_section(slug, organization):
            return (
                None,
                {},
                problems_of([Diagnostic("section-outside", arguments={"name": slug})], path[:-11], slug),
                {},
            )
        return None, {}, problems_of([Diagnostic("branch-file-missing", arguments={"name": slug})], path, slug), {}
    path = present.path
    if present.refused:
        return (
            None,
            {},
            problems_of([Diagnostic(present.refused, arguments={"name": present.parts[0]})], path, slug),
            {},
        )
    if path in failed:
        diagnostics = [Diagnostic("read-failed", arguments={"reason": failed[path]})]
        return None, {}, problems_of(diagnostics, path, slug), {}
    node, diagnostics = read_settings(root / path, root / "content")
    reading = ReadContext(organization.zone, f"content/{slug}")
    if node is None:
        salvaged = defaults_in(_defaults_block(root, path), slug, organization)
        return None, salvaged, problems_of(diagnostics, path, slug), {}
    values = BRANCH.read(node, "", reading)
    hiding = list(_hiding(node, organization.zone))
    # What hides has words of its own.
    told = {(each.line, each.column) for each in hiding}
    known = (each for each in reading.diagnostics if (each.line, each.column) not in told)
    diagnostics += [*hiding, *known, *ways_diagnostics(values, organization.edit_url, reading.places)]
    sections = _branch_sections(values.get("sections", {}), organization, node, diagnostics)
    for number, name in enumerate(values.get("formerly", ())):
        if is_reserved("branch", name):
            place = reading.places.get(f"formerly.{number}", (None, None))
            diagnostics.append(Diagnostic("address-reserved", arguments={"target": f"/{name}/"}).at(place))
    if "url" in values and overlap(web_place(values["url"]), web_place(organization.url)):
        args = {"url": values["url"], "hub": organization.url, "other": organization.source, "own": f"/{slug}/"}
        diagnostics.append(Diagnostic("address-of-hub", arguments=args).at(reading.places.get("url", (None, None))))
        del values["url"]
    status = node.get("status")
    if status is not None and values.get("status") == "closed" and "closed" not in values:
        diagnostics.append(Diagnostic("closed-undated", status.line, status.column))
    if any(severity_of(diagnostic.code) == "error" for diagnostic in diagnostics):
        return None, values.get("defaults", {}), problems_of(diagnostics, path, slug), reading.places
    own = _branch(slug, values, sections, organization)
    block = _defaults_block(root, path) if values.get("defaults") else ""
    return (
        msgspec.structs.replace(own, defaults=block),
        values.get("defaults", {}),
        problems_of(diagnostics, path, slug),
        reading.places,
    )


def _hiding(node: Node, zone: tzinfo) -> Iterator[Diagnostic]:
    """Yields a diagnostic for each key of a branch's settings by which it was meant to be hidden."""
    keys = [each.key for each in BRANCH.fields]
    for name, value in node.pairs:
        found = None if own_key(name.text, keys) else concealment(name.text, value, zone, None)
        if found is not None and found.hidden:
            yield Diagnostic("branch-hides", name.line, name.column, {"key": name.text[:60]})


def _defaults_block(root: Path, path: str) -> str:
    """Returns the lines of a branch.yml that hold its defaults, whether or not the rest of it can be understood."""
    try:
        content = read_file(root / path, MOST_BYTES, root / "content")
        decoded = decode(content) if len(content) <= MOST_BYTES else None
    except OSError:
        decoded = None
    block = re.search(r"^defaults:.*(?:\n(?:[ \t#].*)?)*", decoded.text if decoded is not None else "", re.MULTILINE)
    return block[0] if block is not None else ""


def defaults_in(block: str, slug: str, organization: Organization) -> Mapping[str, Any]:
    """Returns the defaults that such lines say; none if they cannot be understood themselves."""
    node, _ = read_yaml(block) if block else (None, [])
    part = node.get("defaults") if node is not None else None
    if part is None or part.kind != "map":
        return {}
    reading = ReadContext(organization.zone, f"content/{slug}")
    found: Mapping[str, Any] = DEFAULTS.read(part, "defaults", reading)
    return found


def _branch_sections(
    values: Mapping[str, Any], organization: Organization, node: Node, diagnostics: list[Diagnostic]
) -> tuple[Section, ...]:
    own = node.get("sections")
    added = _sections(values.get("add", {}), own.get("add") if own is not None else None, diagnostics)
    replaced = {section.slug for section in added}
    every = (*(section for section in organization.sections if section.slug not in replaced), *added)
    first = [slug for slug in values.get("order", ()) if any(section.slug == slug for section in every)]
    known = {section.slug for section in every}
    for key in ("hide", "order"):
        part = own.get(key) if own is not None else None
        for slug in values.get(key, ()):
            if slug not in known and part is not None:
                diagnostics.append(
                    Diagnostic("section-unknown", part.line, part.column, {"name": slug, "near": _meant(slug, every)})
                )
    return tuple(sorted(every, key=lambda section: first.index(section.slug) if section.slug in first else len(first)))


def _meant(name: str, sections: Iterable[Section]) -> str:
    """Return the slug of the section that a name stands for: its title, or a slug that is like it."""
    titles = {section.title: section.slug for section in sections}
    if name in titles:
        return titles[name]
    near = get_close_matches(name, sorted({*titles, *titles.values()}), 1, 0.6)
    return titles.get(near[0], near[0]) if near else ""


def _full(ref: str, slug: str) -> str:
    """Returns a reference with its branch."""
    return ref if ref.count("/") == 2 else f"{slug}/{ref}"


def _branch(slug: str, values: Mapping[str, Any], sections: tuple[Section, ...], organization: Organization) -> Branch:
    url = values.get("url", "")
    return Branch(
        slug=slug,
        name=values["name"],
        short_name=values.get("short_name", ""),
        name_en=values.get("name_en", ""),
        parent=values.get("parent", ""),
        description=values.get("description", ""),
        contact=Contact(**values["contact"]) if values.get("contact") else None,
        committee=tuple(Member(**member) for member in values.get("committee", ())),
        members=values.get("members", 0),
        url=url if not url or url.endswith("/") else url + "/",
        language=values.get("language") or organization.language,
        accent=values.get("accent", ""),
        sections=tuple(section.in_language(values.get("language") or organization.language) for section in sections),
        hidden=values.get("sections", {}).get("hide", ()),
        owners=values.get("owners", ()),
        accept=values.get("accept", "all"),
        refuse=tuple(_full(ref, slug) for ref in values.get("refuse", ())),
        place=tuple((_full(ref, slug), section) for ref, section in values.get("place", {}).items()),
        order=values.get("order"),
        status=values.get("status", "active"),
        closed=values.get("closed"),
        formerly=tuple(name for name in values.get("formerly", ()) if not is_reserved("branch", name)),
        translations=tuple(sorted(values.get("translations", {}).items())),
        ways=ways_of(values, organization.edit_url),
    )
