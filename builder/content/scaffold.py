"""``branchpress new``: valid files with comments, made from the schema, in the right place under the right name."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from builder.content.encodings import decode
from builder.content.kinds import READERS
from builder.content.schema.compound import Field
from builder.content.schema.kinds import BRANCH, ENTRIES
from builder.content.yaml.nodes import read_yaml
from builder.messages.translation import N_, Translator
from builder.model.site_map import is_reserved
from builder.model.slugs import is_slug, slugify
from builder.model.values import Organization, Section

_SHOWN = ("summary", "tags", "author", "source", "image", "attachments", "expires", "pinned", "share_with", "draft")


class ScaffoldError(Exception):
    """Raised when nothing was written: ``message`` is an English msgid, ``values`` fill its names."""

    def __init__(self, message: str, **values: str) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


def new_branch(root: Path, slug: str, name: str, text: Translator) -> Path:
    """Writes ``content/<slug>/branch.yml``; its path. Raises ScaffoldError if there is one, or the name will not do."""
    if not is_slug(slug) or is_reserved("branch", slug):
        raise ScaffoldError(
            N_("“{slug}” cannot be the name of a branch's folder; for example, write “{near}”."),
            slug=slug,
            near=slugify(slug) if not is_reserved("branch", slugify(slug)) else f"{slugify(slug)}-1",
        )
    file = root / "content" / slug / "branch.yml"
    lines = [f"name: {_quote(name)}"]
    for field in BRANCH.fields:
        if field.key != "name":
            lines.append(_comment(field, text))
            lines.append(f"# {field.key}:")
    return _write(file, "\n".join(lines) + "\n")


def new_entry(
    root: Path, branch: str, section: str, title: str, organization: Organization, now: datetime, text: Translator
) -> Path:
    """Writes an entry of today into a section of a branch; its path. Raises ScaffoldError as above."""
    if not (root / "content" / branch / "branch.yml").is_file():
        raise ScaffoldError(N_("There is no branch “{branch}” in content/."), branch=branch)
    found = _section(root, branch, section, organization)
    if found is None:
        raise ScaffoldError(N_("The branch “{branch}” has no section “{section}”."), branch=branch, section=section)
    day = f"{now:%Y-%m-%d}"
    kind = READERS[found.type]
    name = f"{day}-{slugify(title)}".rstrip("-")
    file = root / "content" / branch / section / f"{name}{'.yml' if kind.is_yaml else '.md'}"
    fields = {field.key: field for field in ENTRIES[found.type].fields}
    required = [field for field in fields.values() if field.required]
    lines = [] if kind.title_key else [f"title: {_quote(title)}"]
    for field in required:
        example = kind.examples.get(field.key, "…").format(date=day)
        lines.append(f"{field.key}: {_quote(title) if field.key == kind.title_key else example}")
    for key in _SHOWN:
        if key in fields:
            lines.append(_comment(fields[key], text))
            lines.append(f"# {key}:")
    head = "\n".join(lines) + "\n"
    return _write(file, head if kind.is_yaml else f"---\n{head}---\n\n")


def _section(root: Path, branch: str, slug: str, organization: Organization) -> Section | None:
    """Returns the section as the organization or the branch itself declares it."""
    decoded = decode((root / "content" / branch / "branch.yml").read_bytes())
    node, _ = read_yaml(decoded.text) if decoded is not None else (None, [])
    own = node.get("sections") if node is not None else None
    added = own.get("add") if own is not None and own.kind == "map" else None
    if added is not None and added.kind == "map" and added.get(slug) is not None:
        settings = added.get(slug)
        kind = settings.get("type") if settings is not None and settings.kind == "map" else None
        written = kind.text if kind is not None else ""
        return Section(slug=slug, title=slug, type=written if written in READERS else "article")
    return next((section for section in organization.sections if section.slug == slug), None)


def _comment(field: Field, text: Translator) -> str:
    description = text.gettext(field.description) if field.description else ""
    return f"# {text.gettext(field.title)}: {description}".rstrip(": ")


def _quote(value: str) -> str:
    """Returns a text as YAML takes it whatever is in it."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _write(file: Path, content: str) -> Path:
    """Writes a file that is not there yet."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8") as new:
            new.write(content)
    except FileExistsError:
        raise ScaffoldError(N_("{file} already exists; nothing was written."), file=str(file)) from None
    return file
