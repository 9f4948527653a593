"""Examples, forms and defaults of keys: true to the schema, in both languages."""

from __future__ import annotations

from datetime import UTC

import pytest

from builder.content.schema.kinds import KINDS
from builder.content.schema.reference import keys_of
from builder.content.schema.samples import default_of, example_of, form_of
from builder.content.schema.types import ReadContext
from builder.content.yaml.nodes import read_yaml
from builder.messages.translation import translator

LANGUAGES = ("zh", "en")
SETTINGS = ("organization", "branch")
"""Kinds of files that are written once, by people who know what they want."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_example_is_one(kind: str, language: str) -> None:
    for path, _, field in keys_of(kind):
        example = example_of(kind, path, field, translator(language))
        assert example or kind in SETTINGS, path
        if not example:
            continue
        written = f"{field.key}: {example}"
        node, faults = read_yaml(written)
        reading = ReadContext(UTC, "content/a/news")
        assert node is not None, written
        (value,) = (value for _, value in node.pairs)
        assert field.type.read(value, field.key, reading) is not None, written
        assert [each.code for each in (*faults, *reading.diagnostics)] == [], written


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_has_a_form_and_says_what_holds_without_it(kind: str) -> None:
    for path, _, field in keys_of(kind):
        forms = [form_of(field.type, translator(language)) for language in LANGUAGES]
        assert forms[0] != forms[1], path
        assert field.required or kind in SETTINGS or default_of(kind, path, field, translator("zh")), f"{kind}:{path}"


def test_examples_are_in_the_language_of_the_reader() -> None:
    found = {key.path: key.field for key in keys_of("event")}
    assert example_of("article", "title", found["title"], translator("zh")) == "周五下午，工坊向新生开放"
    # The words of a choice are keys, though the pages have a word for them.
    assert example_of("event", "status", found["status"], translator("zh")) == "cancelled"
    assert default_of("event", "status", found["status"], translator("zh")) == "confirmed"
