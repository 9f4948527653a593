"""Slugs: what an address is made of."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.model.slugs import MOST_BYTES, folded, is_slug, plainly, slugify, too_long


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("2026-11-20-visit", "2026-11-20-visit"),
        ("Visit To The Lab", "visit-to-the-lab"),
        ("走访 慰问", "走访-慰问"),
        ("关于“三会一课”的通知", "关于-三会一课-的通知"),
        ("a__b", "a-b"),
        ("a -- b", "a----b"),
        ("--a..", "a"),
        ("v1.2", "v1.2"),
        ("½ and Ⅷ", "and"),
        ("ÉCOLE", "école"),
        ("E\u0301cole", "école"),
        ("नमस्ते", "नमस्ते"),
        ("İstanbul", "i̇stanbul"),
        ("２０２６", "２０２６"),
        ("？！", ""),
        ("", ""),
    ],
)
def test_the_slug_of_a_name(name: str, slug: str) -> None:
    assert slugify(name) == slug


@given(st.text(max_size=60))
def test_a_slug_is_its_own_slug(name: str) -> None:
    slug = slugify(name)
    assert slugify(slug) == slug
    assert not slug or is_slug(slug) or too_long(slug)


@given(st.text(max_size=60))
def test_a_slug_is_safe_in_paths(name: str) -> None:
    slug = slugify(name)
    assert not set(slug) & set('/\\\0?#%:*"<>| \t\n')
    assert slug not in (".", "..")
    assert not slug.startswith((".", "-"))
    assert unicodedata.is_normalized("NFC", slug)


def test_a_slug_is_no_longer_than_a_file_name_may_be() -> None:
    assert is_slug("好" * 66)
    assert not is_slug("好" * 67)
    assert too_long("a" * (MOST_BYTES + 1))


@pytest.mark.parametrize("name", ["", "A", "a b", "a_b", "-a", "a.", "e\u0301", "a/b"])
def test_what_is_no_slug(name: str) -> None:
    assert not is_slug(name)


def test_what_a_careless_file_system_holds_for_one_name() -> None:
    assert folded("/Straße/") == folded("/STRASSE/")
    assert folded("e\u0301") == folded("É")
    assert folded("甲") != folded("乙")


@pytest.mark.parametrize(
    ("slug", "read"),
    [
        ("visit-2026", "visit-2026"),
        ("ｖｉｓｉｔ", "visit"),
        ("走访", "走访"),
        # A Latin word with a letter of Cyrillic or Greek that looks like one of its own.
        ("\u0440rivet", "privet"),
        ("v\u03b9sit", "visit"),
        ("\u0440\u0430\u0440\u0430", "papa"),
        # What is left of these alphabets makes it a word of theirs, unless there are Latin letters beside it.
        ("\u043f\u0440\u0438\u0432\u0435\u0442", "\u043f\u0440\u0438\u0432\u0435\u0442"),
        ("\u043f\u0440\u0438-a", "\u043fp\u0438-a"),
    ],
)
def test_slugs_are_read_as_what_they_look_like(slug: str, read: str) -> None:
    assert plainly(slug) == read
