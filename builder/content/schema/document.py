"""JSON Schema (draft 2020-12) of what authors write."""

from __future__ import annotations

from typing import Any

from builder.content.kinds import READERS
from builder.content.schema.kinds import KINDS
from builder.messages.translation import N_, Translator, translator

Json = dict[str, Any]
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NAME = "urn:branchpress:schema"
_TITLES = {
    "organization": N_("The organization (organization.yml)"),
    "branch": N_("A branch (branch.yml)"),
    "topic": N_("A special topic"),
    "page": N_("A page"),
    **{name: kind.title for name, kind in READERS.items()},
}


def kind_title(kind: str, text: Translator) -> str:
    """Returns the name of a kind of file or entry."""
    return text.gettext(_TITLES[kind])


def json_schema(kind: str | None, language: str) -> Json:
    """Returns the schema of a kind of file or entry, with texts in ``language``; of all kinds, under ``$defs``, for None.

    Raises KeyError for a kind that is not in ``KINDS``.
    """
    text = translator(language)
    if kind is not None:
        head = {"$schema": _DRAFT, "$id": f"{_NAME}:{kind}", "title": text.gettext(_TITLES[kind])}
        return {**head, **_translate(KINDS[kind].json(), text)}
    definitions = {
        name: {"$id": f"{_NAME}:{name}", "title": text.gettext(_TITLES[name]), **_translate(fields.json(), text)}
        for name, fields in KINDS.items()
    }
    return {"$schema": _DRAFT, "$id": _NAME, "title": "Branchpress", "$defs": definitions}


def _translate(schema: Any, text: Translator) -> Any:
    if isinstance(schema, list):
        return [_translate(each, text) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: text.gettext(value)
        if key in ("title", "description") and isinstance(value, str)
        else _translate(value, text)
        for key, value in schema.items()
    }
