"""The place of a new entry: a section of a branch, the day, and whether it is published at once."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec

from builder.audit.check import check_content
from builder.content.settings import read_branch_file
from builder.content.walk import walk
from builder.edit.imports.imported import ImportRefusedError
from builder.messages.problems import Problem
from builder.messages.translation import N_, Translator, translator
from builder.model.dates import Moment
from builder.model.sources import TEXTS, YAMLS
from builder.model.values import Branch, Organization, Section


class Destination(msgspec.Struct, frozen=True):
    """The place of new entries. ``now`` is the day in their names unless ``date`` is given; ``publish``: they are no drafts."""

    root: Path
    organization: Organization
    branch: Branch
    section: Section
    now: datetime
    date: Moment | None = None
    publish: bool = False

    @property
    def text(self) -> Translator:
        """The texts of the organization's language."""
        return translator(self.organization.language)

    @property
    def folder(self) -> str:
        """The section's folder, relative to the root."""
        return f"content/{self.branch.slug}/{self.section.slug}"

    @property
    def day(self) -> str:
        """The day that names begin with; empty in a section without dates."""
        if not self.section.dated:
            return ""
        return f"{(self.date.at if self.date is not None else self.now):%Y-%m-%d}"


def destination(
    root: Path, organization: Organization, to: str, now: datetime, *, date: Moment | None = None, publish: bool = False
) -> Destination:
    """Returns the section that ``BRANCH/SECTION`` names. Raises ImportRefusedError."""
    slug, slash, name = to.strip("/").partition("/")
    folder = root / "content" / slug
    if not slash or not name or slug in ("", ".", "..") or "/" in name:
        raise ImportRefusedError(
            N_("--to takes a branch and a section, for example {example}."), example="library/news"
        )
    if not folder.is_dir() or folder.is_symlink():
        raise ImportRefusedError(N_("There is no branch “{branch}” in content/."), branch=slug)
    found = [each for each in walk(root, f"content/{slug}") if len(each.parts) == 1]
    branch, *_ = read_branch_file(root, slug, organization, found)
    if branch is None:
        raise ImportRefusedError(
            N_("The settings of the branch “{branch}” cannot be read; “branchpress check” says why."), branch=slug
        )
    section = branch.section(name)
    if section is None:
        raise ImportRefusedError(
            N_("The branch “{branch}” has no section “{section}”. Its sections are: {sections}."),
            branch=slug,
            section=name,
            sections=tuple(each.slug for each in branch.sections),
        )
    return Destination(root, organization, branch, section, now, date, publish)


def require_free(root: Path, path: str) -> None:
    """Raises ImportRefusedError if there is an entry of that name already. ``path`` is without an ending: a file or a folder."""
    beside = root / path
    taken = next((name for name in ("", *TEXTS, *YAMLS) if (beside.parent / f"{beside.name}{name}").exists()), None)
    if taken is not None:
        raise ImportRefusedError(N_("{file} already exists; nothing was written."), file=f"{path}{taken}")


def trial_problems(place: Destination, files: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Returns the problems that ``check`` would tell of new files, without writing them into the content."""
    with tempfile.TemporaryDirectory(prefix="branchpress-") as scratch:
        root = Path(scratch)
        for path in ("mkdocs.yml", "content/organization.yml", f"content/{place.branch.slug}/branch.yml"):
            if (place.root / path).is_file():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(place.root / path, root / path)
        for path, content in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content)
        return tuple(each for each in check_content(root, place.now) if each.path in files)
