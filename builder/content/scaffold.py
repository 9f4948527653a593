"""``branchpress new``: drafts in which every key stands with a comment and an example, in the right place under the right
name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

from builder.content.decoding import read_settings
from builder.content.kinds import READERS
from builder.content.schema.compound import Field
from builder.content.schema.kinds import BRANCH, ENTRIES
from builder.content.schema.samples import example_of, form_of
from builder.messages.translation import N_, Translator
from builder.model.site_map import is_reserved
from builder.model.slugs import is_slug, slugify
from builder.model.values import Organization, Section

_FIRST = ("title", "summary", "tags", "author", "source", "image", "image_alt", "attachments", "expires", "pinned")
_RARE = ("updated", "lang", "slug", "announce", "moved_from", "aliases", "id")


class ScaffoldError(Exception):
    """Raised when nothing was written: ``message`` is an English msgid, ``values`` fill its names."""

    def __init__(self, message: str, **values: str | tuple[str, ...]) -> None:
        super().__init__(message.format(**values))
        self.message = message
        self.values = values


def new_branch(root: Path, slug: str, name: str, text: Translator) -> tuple[Path, ...]:
    """Writes branch.yml and about.md of a new branch; their paths. Raises ScaffoldError if there is one already, or if the
    name will not do."""
    if not is_slug(slug) or is_reserved("branch", slug):
        near = slugify(slug) or "mechanical"
        raise ScaffoldError(
            N_("“{slug}” cannot be the name of a branch's folder; for example, write “{near}”."),
            slug=slug,
            near=near if not is_reserved("branch", near) else f"{near}-1",
        )
    folder = root / "content" / slug
    required = [field for field in BRANCH.fields if field.required]
    rest = [field for field in BRANCH.fields if not field.required]
    lines = [
        *_introduction(text),
        *_keys("branch", required, text, {"name": quoted(name)}),
        *_keys("branch", rest, text),
    ]
    written = [_write(folder / "branch.yml", lines)]
    if not (folder / "about.md").exists():
        title = quoted(text.gettext("About us"))
        said = text.gettext("Who we are, where to find us, and how to write to us.")
        about = ["---", f"title: {title}", *_draft(text), "---", "", said]
        written.append(_write(folder / "about.md", about))
    return tuple(written)


def new_entry(
    root: Path, branch: str, section: str, title: str, organization: Organization, now: datetime, text: Translator
) -> Path:
    """Writes an entry of today, a draft, into a section of a branch; its path. Raises ScaffoldError as above."""
    if not (root / "content" / branch / "branch.yml").is_file():
        raise _unknown_branch(root, branch)
    sections = _sections(root, branch, organization)
    if section not in sections:
        raise _unknown_section(branch, section, sections.values())
    type_name = sections[section].type
    kind = READERS[type_name]
    day = f"{now:%Y-%m-%d}"
    fields = {field.key: field for field in ENTRIES[type_name].fields if kind.is_yaml or field.key != "body"}
    written = {kind.title_key or "title": quoted(title)}
    for field in fields.values():
        if field.required and field.key not in written:
            example = kind.examples.get(field.key) or example_of(type_name, field.key, field, text)
            written[field.key] = example.format(date=day)
    order = dict.fromkeys((*(field.key for field in kind.fields), *_FIRST, *fields))
    usual = [fields[key] for key in order if key in fields and key not in (*written, *_RARE, "draft")]
    lines = [
        *_introduction(text),
        *_keys(type_name, [fields[key] for key in written], text, written),
        *_draft(text),
        *_keys(type_name, usual, text),
        "# " + text.gettext("Rarely needed:"),
        *_keys(type_name, [fields[key] for key in _RARE], text),
    ]
    file = root / "content" / branch / section / f"{day}-{slugify(title)}".rstrip("-")
    if kind.is_yaml:
        return _write(file.with_name(f"{file.name}.yml"), lines)
    return _write(file.with_name(f"{file.name}.md"), ["---", *lines, "---", ""])


def _unknown_branch(root: Path, written: str) -> ScaffoldError:
    """Returns what is told of a branch that is not there: the one that was probably meant, by folder or by name."""
    names: dict[str, str] = {}
    for file in sorted((root / "content").glob("*/branch.yml")):
        slug = file.parent.name
        names[slug] = slug
        node, _ = read_settings(file, root / "content")
        for key in ("short_name", "name"):
            value = node.get(key) if node is not None else None
            if value is not None and value.kind == "text":
                names.setdefault(value.text, slug)
    if near := get_close_matches(written, names, 1, 0.5):
        message = N_("There is no branch “{branch}” in content/. Did you mean “{near}”?")
        return ScaffoldError(message, branch=written, near=names[near[0]])
    return ScaffoldError(N_("There is no branch “{branch}” in content/."), branch=written)


def _unknown_section(branch: str, written: str, sections: Iterable[Section]) -> ScaffoldError:
    """Returns what is told of a section that is not there, with the ones that are."""
    names = {name: section.slug for section in sections for name in (section.slug, section.title)}
    slugs = tuple(dict.fromkeys(names.values()))
    near = get_close_matches(written, names, 1, 0.5)
    message = N_("The branch “{branch}” has no section “{section}”. It has: {slugs}.")
    if near:
        message = N_(
            "The branch “{branch}” has no section “{section}”. Did you mean “{near}”? The sections are: {slugs}."
        )
    return ScaffoldError(message, branch=branch, section=written, slugs=slugs, near=names[near[0]] if near else "")


def _sections(root: Path, branch: str, organization: Organization) -> Mapping[str, Section]:
    """Returns the sections of a branch by slug, as the organization or the branch itself declares them."""
    found = {section.slug: section for section in organization.sections}
    node, _ = read_settings(root / "content" / branch / "branch.yml", root / "content")
    own = node.get("sections") if node is not None else None
    added = own.get("add") if own is not None and own.kind == "map" else None
    for name, settings in added.pairs if added is not None and added.kind == "map" else ():
        kind, title = (settings.get(key) if settings.kind == "map" else None for key in ("type", "title"))
        written = kind.text if kind is not None and kind.text in READERS else "article"
        found[name.text] = Section(slug=name.text, title=title.text if title is not None else name.text, type=written)
    return found


def _introduction(text: Translator) -> list[str]:
    return [
        "# "
        + text.gettext("Lines that begin with # have no effect. Take away the # and the blank behind it to use one.")
    ]


def _draft(text: Translator) -> list[str]:
    return [
        "# " + text.gettext("A draft is never published. Delete the next line when the text is ready."),
        "draft: true",
    ]


def _keys(kind: str, fields: Iterable[Field], text: Translator, written: Mapping[str, str] = {}) -> Iterator[str]:
    """Yields the lines of keys: a comment on meaning and form, then the key with its value, or as an example."""
    for field in fields:
        meaning = text.gettext(field.description or field.title)
        yield "# " + text.gettext("{meaning} Form: {form}", meaning=meaning, form=form_of(field.type, text))
        if field.key in written:
            yield f"{field.key}: {written[field.key]}"
        else:
            example = example_of(kind, field.key, field, text)
            yield from (f"# {line}" for line in f"{field.key}: {example}".replace(": \n", ":\n").splitlines())


def quoted(value: str) -> str:
    """Returns a text as YAML takes it whatever is in it."""
    return '"' + " ".join(value.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _write(file: Path, lines: Iterable[str]) -> Path:
    """Writes a file that is not there yet."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as new:
            new.write("\n".join(lines) + "\n")
    except FileExistsError:
        raise ScaffoldError(N_("{file} already exists; nothing was written."), file=str(file)) from None
    return file
