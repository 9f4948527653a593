"""The files of one branch as forms see them: every entry is a folder with an ``index.md``, whatever it is in the repository."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, tzinfo
from typing import NamedTuple

from builder.content.documents import Document
from builder.content.places import Place, sort_branch, sort_hub
from builder.content.schema.compound import Fields
from builder.content.schema.kinds import BRANCH_PROFILE, ENTRIES, PAGE, TOPIC
from builder.content.walk import JUNK, FoundFile
from builder.edit.git import TreeFile
from builder.model.dates import name_prefix, parse_moment
from builder.model.signature import Signature
from builder.model.site_map import is_reserved
from builder.model.slugs import MOST_BYTES, slugify
from builder.model.sources import YAMLS
from builder.model.values import Branch, Section

HUB, TOPICS = "hub", "topics"
"""The folder of the hub, and its only folder of texts: topics, each a single file."""
_DEFAULT_NAME = "entry"
_LONGEST_NAME = 100
"""Bytes of a new name; file systems and addresses take 200, people read less."""


class FormFile(NamedTuple):
    """A file of a branch: its path in the repository, its path for forms, its blob and size; of a text the keys that it may
    have, and whether it is written as YAML alone."""

    path: str
    shown: str
    blob: str
    size: int
    fields: Fields | None = None
    only_yaml: bool = False
    section: str = ""


class BranchFiles:
    """The files of a branch in one state, by both of their paths."""

    def __init__(self, branch: Branch, files: Iterable[TreeFile], aliases: Mapping[str, str] = {}) -> None:
        """``aliases`` are paths that a form knows by another name than it would have."""
        self.branch = branch
        listed = {each.path: each for each in files if _is_visible(each.path)}
        found = [
            FoundFile(each.path, tuple(each.path.split("/")[2:]), Signature(0, 0, 0, 0)) for each in listed.values()
        ]
        files_of = sort_hub if branch.slug == HUB else sort_branch
        texts = {place.found.path: place for place in files_of(found).places}
        folders = {path.rpartition("/")[0] for path, place in texts.items() if _is_bundle(place)}
        self.by_path: dict[str, FormFile] = {}
        self.by_shown: dict[str, FormFile] = {}
        for path, file in listed.items():
            place = texts.get(path)
            if is_settings(path):
                one = FormFile(path, f"{path}.md", file.blob, file.size, BRANCH_PROFILE, only_yaml=True)
            elif place is not None:
                one = self._text(file, place, folders)
            else:
                one = FormFile(path, path, file.blob, file.size)
            one = one._replace(shown=aliases.get(path, one.shown))
            self.by_path[path] = one
            # Of two with one path for forms the first has it: a page that is called branch.yml.md hides no settings.
            self.by_shown.setdefault(one.shown, one)

    def _text(self, file: TreeFile, place: Place, folders: set[str]) -> FormFile:
        only_yaml = file.path.lower().endswith(YAMLS)
        if place.kind == "page":
            shown = file.path.rpartition(".")[0] + ".md"
            return FormFile(file.path, shown, file.blob, file.size, PAGE, only_yaml)
        if place.kind == "topic":
            shown = f"content/{HUB}/{TOPICS}/{place.name}/index.md"
            return FormFile(file.path, shown, file.blob, file.size, TOPIC, only_yaml, TOPICS)
        fields = ENTRIES[self.section_of(place.section).type]
        folder = f"content/{self.branch.slug}/{file.path.split('/')[2]}/{place.name}"
        shown = f"{folder}/index.md"
        if not _is_bundle(place) and folder in folders:
            # Two files claim one address; the build tells so, and each stays what it is.
            return FormFile(file.path, file.path, file.blob, file.size)
        return FormFile(file.path, shown, file.blob, file.size, fields, only_yaml, place.section)

    def section_of(self, name: str) -> Section:
        """Returns the section whose folder has a name; one of articles where none is declared."""
        return self.branch.section_called(name) or Section(slug=name, title=name)

    def fields_of(self, section: str) -> Fields:
        """Returns the keys that texts of a section's folder may have; of a branch's own folder they are pages."""
        if not section:
            return PAGE
        return TOPIC if self.branch.slug == HUB else ENTRIES[self.section_of(section).type]

    def texts(self) -> Mapping[str, FormFile]:
        """Returns the texts by the path that forms know."""
        return {shown: each for shown, each in self.by_shown.items() if each.fields is not None}


def is_settings(path: str) -> bool:
    """Tells whether a path is that of a branch's settings."""
    return path.count("/") == 2 and path.endswith("/branch.yml")


def _is_visible(path: str) -> bool:
    parts = path.split("/")[2:]
    # A name that is not in UTF-8 cannot be told to a form.
    readable = path.isascii() or not any("\udc80" <= character <= "\udcff" for character in path)
    return readable and not any(part.startswith(("_", ".")) or part.lower() in JUNK for part in parts)


def _is_bundle(place: Place) -> bool:
    return place.kind == "entry" and len(place.found.parts) == 3


def new_name(wanted: str, day: str, section: Section, zone: tzinfo, today: date, taken: Iterable[str]) -> str:
    """Returns the name of a new entry's folder: the date and a clean slug, unlike any of those ``taken``.

    ``wanted`` is the name that a form made, ``day`` the date that somebody wrote into it.
    """
    has_day, _ = name_prefix(wanted)
    prefix, rest = (wanted[:10], wanted[11:]) if has_day else ("", wanted)
    moment = parse_moment(day, zone) if day else None
    if section.dated:
        prefix = f"{moment.at.astimezone(zone):%Y-%m-%d}" if moment is not None else prefix or f"{today:%Y-%m-%d}"
    slug = _cut(slugify(rest), _LONGEST_NAME)
    name = "-".join(part for part in (prefix if section.dated else "", slug) if part) or _DEFAULT_NAME
    if is_reserved("entry", name):
        name = f"{name}-1"
    known = {each.casefold() for each in taken}
    number, free = 2, name
    while free.casefold() in known:
        free = f"{_cut(name, MOST_BYTES - 5)}-{number}"
        number += 1
    return free


def clean_file_name(name: str) -> str:
    """Returns a file's name as it is kept: a clean slug and its ending in small letters; "" for one that has none."""
    stem, dot, ending = name.rpartition(".")
    stem, ending = slugify(stem if dot else name), slugify(ending) if dot else ""
    return f"{_cut(stem, _LONGEST_NAME) or 'file'}.{ending}" if ending else ""


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode("utf-8", "ignore").rstrip("-.")


def address_of(document: Document) -> str:
    """Returns the path of a document's page."""
    section = TOPICS if document.kind == "topic" else document.section
    parts = (document.branch, section, document.slug)
    return "/" + "/".join(part for part in parts if part) + "/"
