"""Texts that were copied where they should have been shared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from conftest import NOW, SmallSite, examples
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.audit.check import check_content
from builder.audit.duplicates import SHORTEST, Text, duplicates, shingles
from builder.messages.formats import describe
from builder.messages.translation import translator
from builder.workers import WorkerPool

HAN = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
START = datetime(2026, 1, 1, tzinfo=UTC)
long_texts = st.integers(0, 10**9).map(lambda seed: "".join(Random(seed).choices(HAN, k=400)))
QUOTED = "".join(HAN[place * 7 % 3000] for place in range(400))


def texts(*bodies: str, branches: Sequence[str] = "abcdefgh") -> list[Text]:
    """Texts of one branch each, a day apart, the first being the oldest."""
    return [
        Text(f"content/{branches[place]}/news/{place}.md", 2, branches[place], START + timedelta(days=place), body)
        for place, body in enumerate(bodies)
    ]


@given(long_texts, st.lists(st.tuples(st.integers(0, 399), st.sampled_from(HAN)), max_size=12))
@settings(max_examples=examples(30), deadline=None)
def test_a_copy_with_small_edits_is_found(text: str, edits: list[tuple[int, str]]) -> None:
    copy = list(text)
    for place, char in edits:
        copy[place] = char
    (pair,) = duplicates(texts(text, "".join(copy)))
    assert (pair.first.branch, pair.second.branch) == ("a", "b")
    assert 0.8 <= pair.similarity <= 1


@given(st.lists(long_texts, min_size=2, max_size=6, unique=True))
@settings(max_examples=examples(20), deadline=None)
def test_unlike_texts_are_not(bodies: list[str]) -> None:
    assert duplicates(texts(*bodies)) == ()


@given(st.lists(long_texts, min_size=1, max_size=3), st.integers(0, 99))
@settings(max_examples=examples(10), deadline=None)
def test_the_order_of_reading_changes_nothing(bodies: list[str], seed: int) -> None:
    read = texts(*bodies, *(body + "末" for body in bodies))
    mixed = list(read)
    Random(seed).shuffle(mixed)
    assert duplicates(mixed) == duplicates(read)


def test_a_text_that_was_copied_often_is_told_once_for_each_copy() -> None:
    body = QUOTED
    assert [pair.second.branch for pair in duplicates(texts(*([body] * 6)))] == list("bcdef")


def test_a_text_that_holds_another_is_its_copy() -> None:
    part = QUOTED[:250]
    assert [pair.similarity >= 0.9 for pair in duplicates(texts(part, QUOTED))] == [True]


def test_forms_that_everybody_fills_in_are_alike_because_they_have_to_be() -> None:
    form = QUOTED[:100]
    assert len(shingles(form)) < SHORTEST
    assert duplicates(texts(form, form)) == ()


def words(first: int, end: int) -> str:
    """A text with one shingle for each number."""
    return " ".join(f"word{number}" for number in range(first, end))


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        # The same 160 of 200 words in all, and the same 159 of 201.
        ((0, 180), (20, 200), True),
        ((0, 180), (21, 201), False),
        # A text of 200 words of which a longer one holds 180, and 179.
        ((0, 200), (20, 320), True),
        ((0, 200), (21, 321), False),
        # Copies of 120 words and of 119.
        ((0, 120), (0, 120), True),
        ((0, 119), (0, 119), False),
    ],
)
def test_how_much_alike_is_a_copy(one: tuple[int, int], other: tuple[int, int], found: bool) -> None:
    assert bool(duplicates(texts(words(*one), words(*other)))) == found


@pytest.mark.parametrize(("mark", "found"), [("> ", 0), ("", 1)])
def test_what_is_quoted_is_no_copy(site: SmallSite, mark: str, found: int) -> None:
    """An interpretation may quote the whole policy."""
    site.write(
        f"--- content/alpha/policies/2026-11-01-rule.md\n---\ntitle: 办法\n---\n{QUOTED}\n"
        f"--- content/beta/news/2026-11-02-explained.md\n---\ntitle: 解读\n---\n{mark}{QUOTED}\n\n说明。\n"
    )
    told = [problem for problem in site.check() if problem.code == "near-duplicate"]
    assert len(told) == found
    for problem in told:
        assert (problem.path, problem.arguments["other"]) == (
            "content/beta/news/2026-11-02-explained.md",
            "content/alpha/policies/2026-11-01-rule.md:2",
        )


def test_words_and_pairs() -> None:
    assert shingles("党支部 Open Day, 党支") == {each.encode() for each in ("党支", "支部", "open", "day")}
    apart = "一 二，三四x五六七。八" * 70
    assert shingles(apart) == {each.encode() for each in ("三四", "x", "五六", "六七", "八一")}
    assert shingles("一 二 x") == {b"x"}


def test_a_copy_is_told_with_both_places_and_the_advice_to_share(
    site: SmallSite,
) -> None:
    site.write(f"--- content/alpha/news/2026-11-01-first.md\n---\ntitle: 原文\n---\n{QUOTED}\n")
    site.write(f"--- content/beta/news/2026-11-02-copy.md\n---\nlang: zh\ntitle: 抄来的\n---\n{QUOTED}尾\n")
    found = site.check()
    (told,) = [problem for problem in found if problem.code == "near-duplicate"]
    assert (told.path, told.line) == ("content/beta/news/2026-11-02-copy.md", 3)
    assert told.arguments["other"] == "content/alpha/news/2026-11-01-first.md:2"
    assert "share_with" in describe(told, translator("zh")).how
    # Where branches are many, workers read them: what is found is the same.
    now = datetime.fromisoformat(NOW)
    assert check_content(site.root, now, duplicates=True, workers=lambda: WorkerPool(2)) == found
