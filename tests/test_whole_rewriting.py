"""YAML with some of its values changed, pictures in texts, and the reference of keys, word for word.

Like ``tests/test_whole_site.py``: where a change is meant, ``GOLDEN=write`` writes ``tests/golden/whole/`` anew.
"""

from __future__ import annotations

import base64
from typing import Any

from conftest import files_of
from picture_files import photograph
from test_whole_site import CONTENT, compare
from test_whole_texts import readable, said

from builder.content.embedded import MOST, with_checked_pictures
from builder.content.guide import guide_pages
from builder.content.markdown import render
from builder.content.schema.compound import Field
from builder.content.schema.samples import example_of
from builder.content.schema.types import OneOf
from builder.content.yaml.rewrite import Plain, RewriteError, rewrite
from builder.messages.terms import translator_of
from builder.messages.translation import translator
from builder.model.values import Contact, Organization

TEXTS = files_of((CONTENT.parent / "rewriting.txt").read_text("utf-8"))
VALUES: tuple[Any, ...] = (
    None,
    "",
    "word",
    "two words",
    "1",
    "2026-11-20",
    "true",
    "~",
    "a: b",
    "a #b",
    "# a",
    "'",
    '"',
    "it's",
    "“引号”",
    " blank ",
    "[a]",
    "{a}",
    "a, b",
    "- a",
    "line\nline",
    "line\nline\n",
    "\nline",
    " a\nb",
    "a\n\n",
    "a\tb\nc",
    "tab\t",
    "\u200b",
    Plain("1"),
    Plain("true"),
    Plain("a: b"),
    [],
    ["a"],
    ["a", "b c"],
    ["a", "x, y", "1"],
    ["line\nline"],
    ["a" * 60, "b" * 60],
    {},
    {"a": "1"},
    {"a": None, "b": "c"},
    {"a": {"b": ["c"]}},
    [{"a": "b", "c": None}, {}],
    [["a"], "b"],
)
KEYS = ("title", "tags", "inner", "new", "long", "flow", "last")
ORDER = ("title", "new", "tags", "last")


def changed(text: str, changes: dict[str, Any]) -> str:
    """The lines that go and come when a text is written with other values."""
    try:
        new = rewrite(text, changes, ORDER)
    except RewriteError as error:
        return f"refused: {str(error).splitlines()[0]}"
    before, after = text.split("\n"), new.split("\n")
    start = next(
        (place for place, (one, other) in enumerate(zip(before, after, strict=False)) if one != other),
        min(len(before), len(after)),
    )
    left, right = before[start:], after[start:]
    while left and right and left[-1] == right[-1]:
        left.pop()
        right.pop()
    return " | ".join((f"at {start}", *(f"-{line}" for line in left), *(f"+{line}" for line in right)))


def test_values_are_written_as_they_always_were() -> None:
    found = {}
    for name, text in TEXTS.items():
        whole = text.removesuffix("\n") if name.startswith("without an end") else text
        rows = [
            f"{key}={value!r}: {changed(whole, {key: value})}"
            for key in KEYS
            for value in (VALUES if key in ("title", "tags", "new", "inner") else VALUES[::2])
        ]
        rows.append(f"several: {changed(whole, {'title': None, 'tags': ['x'], 'new': 'y', 'also': ['z']})}")
        rows.append(f"nothing: {changed(whole, {})}")
        found[name] = "\n".join(rows)
    compare("rewriting", {name: readable(text) for name, text in found.items()})


def test_pictures_in_texts_have_their_bounds() -> None:
    good = f"data:image/jpeg;base64,{base64.b64encode(photograph(4, 4)).decode()}"
    bad = "data:image/png;base64,AAAA"

    def told(text: str) -> str:
        body, found = with_checked_pictures(render(text))
        return f"{[link.target[:24] for link in body.links]} {' '.join(map(said, found))}"

    def numbered(number: int) -> str:
        return "".join(
            f"![x](data:image/png;base64,{base64.b64encode(bytes([each, 1, 2])).decode()})\n" for each in range(number)
        )

    found = {
        "none": told("![x](a.jpg)"),
        "good": told(f"![x]({good}) [y](b)"),
        "bad": told(f"a\n\n![x]({bad}) ![y]({bad}) ![z]({good})"),
        "as many as there may be": told(numbered(MOST))[-200:],
        "more": told(numbered(MOST + 2))[-600:],
    }
    compare("embedded", found)


def test_the_reference_is_what_it_always_was() -> None:
    known = Organization(name="O", url="https://e.org/", authority="e.org", contact=Contact(email="a@e.org"))
    pages = guide_pages(known, translator("en"))
    found = {name: page for name, page in pages.items() if name.startswith("keys")}
    unknown = guide_pages(
        Organization(name="O", url="https://e.org/", authority="e.org", contact=Contact(phone="1")),
        translator_of(known, "zh"),
    )
    choice = Field("k", OneOf(("one", "other")), "K")
    found["a choice without an example"] = example_of("article", "k", choice, translator("en"))
    found["mails"] = "\n".join(
        f"{name} {page.count('a@e.org')} {unknown[name].count('管理员')}" for name, page in pages.items()
    )
    compare("reference", {name: "\n".join(f"> {line}" for line in page.split("\n")) for name, page in found.items()})
