"""The guide for those who write, as pages of the hub: texts that come with the program, and the reference of every key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from builder.content.schema.document import kind_title
from builder.content.schema.reference import entry_tables, keys_of, table
from builder.messages.translation import N_, Translator
from builder.model.values import Organization

_TEXTS = Path(__file__).parent / "data" / "guide"
_REFERENCE = {
    "keys": N_("What can stand in a text"),
    "keys-branch": N_("What can stand in branch.yml"),
    "keys-organization": N_("What can stand in organization.yml"),
}
_FIRST_ORDER = 30
_CODE = re.compile(r"(^```.*?^```$|`[^`\n]+`)", re.MULTILINE | re.DOTALL)


def guide_pages(organization: Organization, text: Translator) -> Mapping[str, str]:
    """Returns the pages by file name, in the translator's language."""
    contact = organization.contact
    mail = (contact.email if contact is not None else "") or text.gettext("the administrators")
    folder = _TEXTS / text.language
    pages = {file.name: file.read_text("utf-8").replace("{{mail}}", mail) for file in sorted(folder.glob("*.md"))}
    pages = {name: _in_own_words(page, text) for name, page in pages.items()}
    return {**pages, **{f"{name}.md": _reference_page(name, text) for name in _REFERENCE}}


def _in_own_words(page: str, text: Translator) -> str:
    """Returns a page in the words of the organization; examples stay as they are."""
    return "".join(part if place % 2 else text.in_own_words(part) for place, part in enumerate(_CODE.split(page)))


def write_guide(root: Path, organization: Organization, text: Translator) -> tuple[list[Path], list[Path]]:
    """Writes the guide to content/hub/guide/. Returns the files that were written, and those that were left as they are
    because they say something else."""
    written: list[Path] = []
    kept: list[Path] = []
    folder = root / "content" / "hub" / "guide"
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in guide_pages(organization, text).items():
        file = folder / name
        try:
            with file.open("x", encoding="utf-8", newline="\n") as new:
                new.write(page)
            written.append(file)
        except FileExistsError:
            if file.read_bytes() != page.encode():
                kept.append(file)
    return written, kept


def _reference_page(name: str, text: Translator) -> str:
    order = _FIRST_ORDER + list(_REFERENCE).index(name)
    title = text.gettext(_REFERENCE[name])
    summary = text.gettext("What every key means, how it is written, what holds without it, and an example.")
    parts = [
        f"---\ntitle: {title}\nsummary: {summary}\norder: {order}\nfor_editors: true\n---\n",
        *_reference_text(name, text),
    ]
    return "\n".join(parts)


def _reference_text(name: str, text: Translator) -> Iterator[str]:
    yield (
        text.gettext("Names in capitals or small letters are the same. A line that is left out needs no empty value.")
        + "\n"
    )
    if name == "keys":
        for heading, rows in entry_tables(text):
            yield f"## {heading}\n\n{rows}"
    else:
        kind = name.removeprefix("keys-")
        yield f"## {kind_title(kind, text)}\n\n{table(kind, keys_of(kind), text)}"
