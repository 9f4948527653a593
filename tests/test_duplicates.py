"""Texts that were copied where they should have been shared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from conftest import NOW, SmallSite, examples
from faults import LosingExecutor
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.audit.check import check_content, rate_in_tasks
from builder.audit.duplicates import SHORTEST, Candidate, Text, compare, duplicates, rate, shingles, text_of
from builder.content.documents import Document
from builder.content.markdown.body import Body
from builder.messages.formats import describe
from builder.messages.translation import translator
from builder.workers import TaskRunner, WorkerPool

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


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        # All of a text in one that is two and a half times as long, and in one that is longer than that.
        ((0, 160), (0, 400), 1.0),
        ((0, 160), (0, 401), 160 / 401),
        ((0, 400), (0, 160), 1.0),
        # Nine tenths of a text, and a little less.
        ((0, 200), (20, 320), 0.9),
        ((0, 200), (21, 320), 179 / 320),
    ],
)
def test_a_long_text_holds_a_short_one(one: tuple[int, int], other: tuple[int, int], alike: float) -> None:
    first, second = texts(words(*one), words(*other))
    assert rate(lambda _: {}, [[(first, second)]]) == [[alike]]


def crowd(number: int, core: int) -> list[str]:
    """Texts that are all alike, and none the same: they share so many words, and each has eight of its own."""
    return [f"{words(0, core)} " + " ".join(f"own{each}x{place}" for place in range(8)) for each in range(number)]


def asked(bodies: Sequence[str]) -> list[Candidate]:
    """The pairs that are compared of the texts of one branch."""
    found: list[Candidate] = []

    def rate_all(work: Sequence[Sequence[Candidate]]) -> list[list[float | None]]:
        found.extend(pair for some in work for pair in some)
        return [[0.0] * len(some) for some in work]

    compare(texts(*bodies, branches=["a"] * len(bodies)), {}, rate_all)
    return found


@pytest.mark.slow
def test_of_a_site_whose_texts_are_all_alike_a_bounded_number_is_compared() -> None:
    """Each with the oldest sixteen, and of them all twenty thousand pairs, the oldest first."""
    pairs = asked(crowd(1275, 130))
    assert len(pairs) == 20_000
    later = [(text.date - START).days for text, _ in pairs]
    assert later == sorted(later)
    assert [(other.date - START).days for text, other in pairs if text.path.endswith("/500.md")] == list(range(16))


@pytest.mark.parametrize(("number", "found"), [(127, True), (128, False)])
def test_what_is_like_very_many_stands_back_for_the_older_ones_of_them(number: int, found: bool) -> None:
    """So each question has a bounded answer: what is like the last of a crowd alone is not found any more."""
    last = words(120, 320)
    pairs = asked([*crowd(number, 200), words(60, 260), last])
    assert [text.text for _, text in pairs if _.text == last] == ([words(60, 260)] if found else [])


def test_a_copy_is_compared_with_what_it_was_copied_from_however_many_are_alike() -> None:
    bodies = crowd(20, 200)
    (pair,) = (pair for pair in duplicates(texts(*bodies, bodies[19], branches=["a"] * 21)) if pair.similarity == 1)
    assert (pair.first.path, pair.second.path) == ("content/a/news/19.md", "content/a/news/20.md")


def test_of_several_that_are_equally_alike_the_oldest_is_told() -> None:
    pairs = duplicates(texts(words(0, 200), words(0, 201), words(0, 199)))
    assert [(pair.first.branch, pair.second.branch) for pair in pairs] == [("a", "b"), ("a", "c")]


def test_pairs_are_in_the_order_of_the_paths_of_copies() -> None:
    one, other = words(0, 200), words(300, 500)
    pairs = duplicates(texts(one, other, other + " b", one + " a", branches="zxbc"))
    assert [(pair.first.branch, pair.second.branch) for pair in pairs] == [("x", "b"), ("z", "c")]


def test_what_has_no_hash_is_not_the_same_for_that() -> None:
    assert len(asked([words(0, 190), words(40, 230)])) == 1
    assert duplicates(texts(words(0, 190), words(40, 230))) == ()


def test_pairs_that_cannot_be_compared_in_time_are_like_nothing() -> None:
    one, other, third = texts(words(0, 200), words(0, 201), words(0, 202))
    with TaskRunner(LosingExecutor) as runner:
        told = list(rate_in_tasks(runner, lambda _: {}, [[(other, one), (third, one)], [(third, other)]]))
    assert told == [[None, None], [None]]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a &amp; b&lt;<em>c</em></p>", "a & b< c"),
        ("a<blockquote><p>b</p><blockquote>c</blockquote>d</blockquote>e", "a e"),
        ('a<blockquote class="x">b</blockquote>c<blockquote>d</blockquote>e', "a c e"),
        ("a<blockquote>b", "a b"),
    ],
)
def test_the_words_of_a_text_are_what_it_says_itself(html: str, text: str) -> None:
    document = Document(path="content/a/news/b.md", kind="entry", branch="a", body=Body((html,)))
    assert " ".join(text_of(document).split()) == text


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
