"""The role of a file in a branch's folder, by its path alone: an entry, a page, a file; and the slug its name gives."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from typing import Literal, NamedTuple

from builder.content.names import date_in_name, is_copy, is_readme, settings_misnamed
from builder.content.schema.hiding import hides_by_name
from builder.content.walk import FoundFile, diagnostic_of
from builder.messages.diagnostics import Diagnostic
from builder.model.dates import name_prefix
from builder.model.site_map import Level, fits, is_reserved
from builder.model.slugs import is_slug, slugify, too_long
from builder.model.sources import TEXTS, YAMLS
from builder.model.values import Section


class Place(NamedTuple):
    """A document's place: ``name`` is the file's or folder's name without its ending, from which the slug comes."""

    found: FoundFile
    kind: Literal["entry", "page", "topic"]
    section: str
    name: str
    yaml: bool = False


class Sorted(NamedTuple):
    """A branch's files: its documents, all others, and what is wrong with names and places, by path."""

    places: tuple[Place, ...]
    files: tuple[FoundFile, ...]
    diagnostics: tuple[tuple[str, Diagnostic], ...]


_Folders = Collection[tuple[str, ...]]


def sort_branch(found: Iterable[FoundFile]) -> Sorted:
    """Returns the files of a branch's folder."""
    return _sort(list(found), _branch_place)


def sort_hub(found: Iterable[FoundFile]) -> Sorted:
    """Returns the files of the hub's folder."""
    return _sort(list(found), _hub_place)


def _sort(found: list[FoundFile], place_of: object) -> Sorted:
    places: list[Place] = []
    files: list[FoundFile] = []
    diagnostics: list[tuple[str, Diagnostic]] = []
    diagnostics += [(each.path, diagnostic_of(each)) for each in found if each.refused]
    found, copies = _without_copies([each for each in found if not each.refused])
    diagnostics += copies
    bundles = {each.parts[:-1] for each in found if _stem(each.parts[-1]).lower() == "index" and _is_document(each)}
    texts = Counter(each.parts[:-1] for each in found if each.parts[-1].lower().endswith(TEXTS))
    single = {folder for folder, count in texts.items() if count == 1 and folder not in bundles}
    for each in found:
        if is_readme(each.parts[-1]) and (_is_document(each) or "." not in each.parts[-1]):
            diagnostics.append((each.path, Diagnostic("readme-ignored", arguments={"name": each.parts[-1]})))
            continue
        place = place_of(each, bundles, single)  # type: ignore[operator]
        if isinstance(place, Place):
            places.append(place)
        elif isinstance(place, Diagnostic):
            diagnostics.append((each.path, place))
        else:
            files.append(each)
    return Sorted(tuple(places), tuple(files), tuple(diagnostics))


def _without_copies(found: list[FoundFile]) -> tuple[list[FoundFile], list[tuple[str, Diagnostic]]]:
    """Returns the files without documents, and folders of documents, that are copies which a program made, and what is
    told of these.
    """
    beside: dict[tuple[str, ...], set[str]] = {}
    holding: set[tuple[str, ...]] = set()
    for each in found:
        if _is_document(each):
            beside.setdefault(each.parts[:-1], set()).add(_stem(each.parts[-1]))
            holding.update(each.parts[:depth] for depth in range(1, len(each.parts)))
    for folder in holding:
        beside.setdefault(folder[:-1], set()).add(folder[-1])
    folders = {folder for folder in holding if is_copy(folder[-1], beside[folder[:-1]])}
    kept: list[FoundFile] = []
    told: dict[str, Diagnostic] = {}
    for each in found:
        parts = each.parts
        copy = 0
        if parts[0] != "media":
            above = (depth for depth in range(1, len(parts)) if parts[:depth] in folders)
            copy = next(above, 0)
            if not copy and _is_document(each) and is_copy(_stem(parts[-1]), beside[parts[:-1]]):
                copy = len(parts)
        if copy:
            path = "/".join(each.path.split("/")[: copy - len(parts) or None])
            told[path] = Diagnostic("file-copy", arguments={"name": parts[copy - 1]})
        else:
            kept.append(each)
    return kept, list(told.items())


def _branch_place(found: FoundFile, bundles: _Folders, single: _Folders) -> Place | Diagnostic | None:
    parts = found.parts
    if not _is_document(found) or parts[0] == "media":
        return None
    name, yaml = _stem(parts[-1]), parts[-1].lower().endswith(YAMLS)
    if len(parts) == 1:
        if name.lower() == "branch" and yaml:
            return settings_misnamed(parts[0], "branch.yml")
        if _is_dated(name):
            return Diagnostic("entry-misplaced", arguments={"name": parts[0]})
        if name.lower() == "index":
            return Diagnostic("index-misplaced", arguments={"name": parts[0]})
        return _stray(found) if yaml else Place(found, "page", "", name)
    if len(parts) == 3 and parts[:-1] in bundles and hides_by_name(parts[1]) and not _is_dated(parts[1]):
        return Diagnostic("folder-hides", arguments={"name": parts[1]})
    if parts[:-1] in bundles and len(parts) == 3:
        return Place(found, "entry", parts[0], parts[1], yaml) if name.lower() == "index" else _beside(found)
    if len(parts) == 2 and name.lower() != "index":
        return Place(found, "entry", parts[0], name, yaml)
    if len(parts) == 2 and name.lower() == "index":
        return Diagnostic("index-misplaced", arguments={"name": parts[-1]})
    if len(parts) == 3 and not yaml and parts[:-1] in single and (name == parts[1] or _is_dated(parts[1])):
        rename = f"index{parts[-1][len(name) :]}"
        return Diagnostic("file-unread", arguments={"name": parts[-1], "cause": "unread-not-index", "rename": rename})
    # Data beside an entry, such as a .yml to download, is one of its files.
    return None if yaml and any(parts[:depth] in bundles for depth in range(1, len(parts))) else _stray(found)


def _hub_place(found: FoundFile, bundles: _Folders, single: _Folders) -> Place | Diagnostic | None:
    parts = found.parts
    if parts[0] == "media" or not parts[-1].lower().endswith(TEXTS):
        return _stray(found) if parts[0] != "media" and parts[-1].lower().endswith(YAMLS) else None
    if parts[0] == "topics":
        return Place(found, "topic", "", _stem(parts[-1])) if len(parts) == 2 else _stray(found)
    hidden = next(filter(hides_by_name, parts[:-1]), None)
    if hidden is not None:
        return Diagnostic("folder-hides", arguments={"name": hidden})
    names = [*parts[:-1], _stem(parts[-1])]
    if names == ["index"]:
        return Diagnostic("index-misplaced", arguments={"name": parts[-1]})
    if names[-1].lower() == "index" and len(names) > 1:
        names.pop()
    return Place(found, "page", "", "/".join(names))


def _is_dated(name: str) -> bool:
    return name_prefix(name)[0] or date_in_name(name) is not None


def _is_document(found: FoundFile) -> bool:
    return found.parts[-1].lower().endswith((*TEXTS, *YAMLS))


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name


def _stray(found: FoundFile) -> Diagnostic:
    return Diagnostic("file-misplaced", arguments={"name": found.parts[-1]})


def _beside(found: FoundFile) -> Diagnostic | None:
    return None if found.parts[-1].lower().endswith(YAMLS) else _stray(found)


def slug_of(place: Place) -> tuple[str, Iterator[Diagnostic]]:
    """Returns the slug that a document's name gives, and what is wrong with it."""
    slug = "/".join(slugify(part) for part in place.name.split("/"))
    return slug, slug_diagnostics(place, slug)


def slug_diagnostics(place: Place, slug: str) -> Iterator[Diagnostic]:
    """Returns the diagnostics of a document's slug; with any, nothing is published under it."""
    if not all(slug.split("/")):
        yield Diagnostic("slug-empty", arguments={"name": place.name})
    elif any(too_long(part) for part in slug.split("/")):
        yield Diagnostic("slug-too-long", arguments={"name": place.name[:60]})
    elif not fits(f"{slug}/index.html"):
        yield Diagnostic("output-path", arguments={"name": f"{slug[:60]}…"})
    elif is_reserved(_level(place), slug.partition("/")[0]):
        yield Diagnostic("name-reserved", arguments={"name": slug})


def _level(place: Place) -> Level:
    if place.kind != "page":
        return place.kind
    return "branch" if place.found.path.startswith("content/hub/") else "section"


def near_section(name: str, sections: Iterable[Section]) -> str:
    """Returns the slug of the section that a folder is meant to be, by its title or nearly by its slug; empty if none
    is like it.
    """
    known = {section.slug: section.slug for section in sections}
    known |= {loose(section.title): section.slug for section in sections} | {loose(slug): slug for slug in known}
    found = get_close_matches(loose(name), known, 1, 0.75)
    if found:
        return known[found[0]]
    part = {slug for title, slug in known.items() if len(loose(name)) > 1 and loose(name) in title}
    return part.pop() if len(part) == 1 else ""


def loose(name: str) -> str:
    """Returns a name without case, width and signs."""
    return "".join(each for each in unicodedata.normalize("NFKC", name).casefold() if each.isalnum())


def section_diagnostic(name: str, near: str = "") -> Diagnostic | None:
    """Returns the diagnostic of a folder's name as a section's; ``near`` is the section that is probably meant."""
    if is_reserved("section", name):
        return Diagnostic("name-reserved", arguments={"name": name})
    if not is_slug(name):
        return Diagnostic("folder-name", arguments={"name": name, "near": near or slugify(name)})
    return None
