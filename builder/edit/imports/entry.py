"""A new entry made of an imported text: its front matter, its body, its pictures, and the report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import msgspec

from builder.audit.inspection.personal import scan
from builder.content.entries import cut
from builder.content.kinds import READERS
from builder.content.yaml.quoting import quoted
from builder.edit.imports.destination import Destination, require_free, trial_problems
from builder.edit.imports.imported import Imported, ImportRefusedError, Note
from builder.edit.imports.markdown import to_markdown
from builder.edit.imports.pictures import PictureFiles
from builder.edit.imports.programs import Programs, to_png
from builder.messages.codes import severity_of
from builder.messages.formats import describe
from builder.messages.translation import N_
from builder.model.site_map import is_reserved
from builder.model.slugs import slugify

_NAME_BYTES = 120
_LONGEST_TITLE = 200
_COMMON_KEYS = ("author", "source", "tags", "summary", "attachments")
_MOST_PERSONAL = 20
_FILE_DATE = re.compile(r"^\d{4}[-_.年]?\d{1,2}[-_.月]?\d{1,2}日?[-_ ]*")
Key = tuple[str, str]


class ImportedText(msgspec.Struct, frozen=True):
    """A text from elsewhere as HTML: ``keys`` are further keys of its front matter, as YAML has them; ``find`` gives the bytes of
    a picture by its address, None for one that cannot be had; ``files`` lie beside the entry as they are."""

    root: Any
    title: str
    keys: Mapping[str, str] = {}
    find: Callable[[str], bytes | None] = lambda address: None
    files: Mapping[str, bytes] = {}
    notes: tuple[Note, ...] = ()


def make_entry(
    text: ImportedText,
    place: Destination,
    name: str,
    programs: Programs,
    *,
    check: bool = True,
    taken: Collection[str] = (),
) -> Imported:
    """Returns the entry that a text becomes; ``name`` is that of the file it comes from. ``taken`` are the paths of others
    that come with it, beside which it gets a number. Raises ImportRefusedError if it would take the place of another one, or if
    it cannot be one of its section."""
    said = place.text
    limit = place.organization.limits.image_bytes
    pictures = PictureFiles(text.find, limit, said, lambda content, file: to_png(content, file, programs))
    pictures.place(text.root)
    notes = [*text.notes, *pictures.notes]
    title = text.title or title_of_file(name)
    if not text.title:
        notes.append(Note("told", N_("No title was found; the name of the file stands for it.")))
    body = to_markdown(text.root)
    keys, more = _keys(text, place, cut(title, _LONGEST_TITLE))
    content = "---\n" + "".join(f"{key}: {value}\n" for key, value in keys) + "---\n" + (f"\n{body}" if body else "")
    folder = base = f"{place.folder}/{entry_name(place.day, title)}"
    count = 1
    while f"{folder}/index.md" in taken:
        count += 1
        folder = f"{base}-{count}"
    require_free(place.root, folder)
    beside = {**pictures.files, **text.files}
    path = f"{folder}/index.md"
    files = {path: content.encode(), **{f"{folder}/{file}": each for file, each in beside.items()}}
    notes += [*more, *personal_notes(content), *(checked(place, files) if check else ())]
    return Imported(path, title, files, tuple(notes))


def title_of_file(name: str) -> str:
    """Returns the title that a file's name is, without its ending and the date before it."""
    stem = re.sub(r"\.\w{1,5}$", "", name.replace("\\", "/").rpartition("/")[2])
    return " ".join(_FILE_DATE.sub("", stem).replace("_", " ").split()) or stem or "…"


def entry_name(day: str, title: str) -> str:
    """Returns the name of a new entry's file or folder: the day, and the title as a slug."""
    slug = slugify(title)
    while len(slug.encode()) > _NAME_BYTES:
        slug = slug[:-1]
    slug = slug.strip("-.")
    if not day and (not slug or is_reserved("entry", slug)):
        slug = f"{slug}-1".strip("-")
    return "-".join(part for part in (day, slug) if part)


def _keys(text: ImportedText, place: Destination, title: str) -> tuple[list[Key], list[Note]]:
    """Returns the front matter, and a note of the keys that somebody has to fill in."""
    reader = READERS[place.section.type]
    if reader.is_yaml and reader.title_key:
        raise ImportRefusedError(
            N_("The section “{section}” holds short texts, not articles; choose another section."),
            section=place.section.slug,
        )
    known = {field.key for field in reader.fields}
    keys: list[Key] = [("title", quoted(title))]
    if place.date is not None and not place.date.day:
        keys.append(("date", f"{place.date.at:%Y-%m-%dT%H:%M%z}"))
    keys += [(key, value) for key, value in text.keys.items() if key in known or key in _COMMON_KEYS]
    open_keys = [field.key for field in reader.fields if field.required and field.key not in text.keys]
    day = f"{place.now:%Y-%m-%d}"
    keys += [(key, reader.examples.get(key, quoted("…")).format(date=day)) for key in open_keys]
    if open_keys and place.publish:
        raise ImportRefusedError(
            N_(
                "An entry of the section “{section}” needs {keys}, so it cannot be published yet; import it as a draft."
            ),
            section=place.section.slug,
            keys=tuple(open_keys),
        )
    if not place.publish:
        keys.append(("draft", "true"))
    told = Note("told", N_("Fill in before publishing: {keys}."), {"keys": tuple(open_keys)})
    return keys, [told] if open_keys else []


def personal_notes(content: str) -> Iterator[Note]:
    """Yields a note of each piece of personal data in a text, masked, with its line."""
    found: Counter[tuple[str, str]] = Counter()
    lines: dict[tuple[str, str], int] = {}
    for number, line in enumerate(content.split("\n"), 1):
        for hit in scan(line):
            found[hit.rule, hit.value] += 1
            lines.setdefault((hit.rule, hit.value), number)
    for (rule, value), count in list(found.items())[:_MOST_PERSONAL]:
        message = _PERSONAL.get(rule, N_("Personal data, line {line}: {value}"))
        yield Note("personal", message, {"line": str(lines[rule, value]), "value": value, "count": str(count)})
    if len(found) > _MOST_PERSONAL:
        more = str(len(found) - _MOST_PERSONAL)
        yield Note("personal", N_("More personal data: {count} further numbers and addresses."), {"count": more})


_PERSONAL = {
    "identity-number": N_("An identity number, line {line}: {value}"),
    "mobile-number": N_("A mobile telephone number, line {line}: {value}"),
    "bank-card": N_("A bank card number, line {line}: {value}"),
    "personal-email": N_("A personal e-mail address, line {line}: {value}"),
}


def checked(place: Destination, files: Mapping[str, bytes]) -> Iterator[Note]:
    """Yields what ``check`` tells of a new entry. Raises ImportRefusedError for what it calls an error."""
    said = place.text
    for problem in trial_problems(place, files):
        words = describe(problem, said)
        if severity_of(problem.code) == "error":
            raise ImportRefusedError(
                N_("The text cannot become an entry: {reason}"), reason=" ".join((words.what, words.why, words.how))
            )
        if problem.severity == "warning":
            yield Note("told", N_("Line {line}: {what}"), {"line": str(problem.line or 1), "what": words.what})
