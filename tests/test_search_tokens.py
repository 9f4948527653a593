"""What a search compares: how texts are folded and cut."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from conftest import REPOSITORY
from hypothesis import example, given
from hypothesis import strategies as st

from builder.formats.search.arrays import _pieces
from builder.formats.search.tokens import Tokens, grams, hashed, mark

CASES: list[dict[str, Any]] = json.loads((REPOSITORY / "tests/cases/search-tokens.json").read_text("utf-8"))
texts = st.text(
    st.one_of(st.sampled_from("党支部走访館裡ABab12 、。-\n　éС"), st.characters(exclude_categories=["Cs"])),
    max_size=30,
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"] or "nothing")
def test_folding_and_cutting(case: dict[str, Any]) -> None:
    folded = Tokens().fold(case["text"])
    assert folded == case["folded"]
    assert sorted(set(grams(folded))) == sorted(case["pieces"])


@given(texts)
@example("㈎")
def test_what_is_folded_stays_so(text: str) -> None:
    """What stands between words is told from a blank once only: a blank between two Han characters means nothing."""
    tokens = Tokens()
    assert tokens.fold(tokens.fold(text).replace(" ", "、")) == tokens.fold(text)


@given(texts, texts, texts)
def test_a_part_has_no_piece_that_the_whole_lacks(before: str, part: str, after: str) -> None:
    """What is typed is found inside longer words and texts, if it is more than a letter at its ends."""
    tokens = Tokens()
    whole = tokens.fold(before + part + after)
    inside = tokens.fold(part)
    if inside in whole:
        wanted = {gram for gram in grams(inside) if len(gram) > 1}
        assert wanted <= set(grams(whole))


@given(texts)
@example("a 我 b我c ab 第3号 \U00020000\U00020001x y")
def test_arrays_find_the_same_pieces(text: str) -> None:
    folded = Tokens().fold(text)
    pieces, places = _pieces(np.frombuffer(f"{folded} ".encode("utf-32-le"), np.uint32))
    assert sorted(pieces.tolist()) == sorted(map(hashed, grams(folded)))
    assert all(0 <= place < len(folded) for place in places.tolist())


def test_marks_are_no_pieces_of_text() -> None:
    assert mark("branch", "党") not in {hashed("党"), hashed("branch")}
    assert Tokens().fold("\0branch\0alpha") == "branch alpha"


def test_hashes_never_change() -> None:
    """Published indexes and the script of the pages rely on them."""
    assert [hashed(gram) for gram in ("党", "党支", "abc", "𠮷")] == [1110431633, 2789419188, 3925193560, 4240307371]
    assert mark("branch", "alpha") == 4227765203
