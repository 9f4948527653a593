"""Heads as simple as most are read without libyaml: what is read so is what libyaml reads."""

from __future__ import annotations

import pytest
from conftest import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st

from builder.content.yaml.nodes import read_any, read_simple

KEYS = ["title", "标题", "a-b", "null", "x1", "_a", "b ", "é", "-a", "true"]
VALUES = [
    *(
        "一 二",
        "[a, b 二, c-d]",
        "[null]",
        '"a b "',
        "'a # b'",
        "a: b",
        "12:30",
        "null",
        "~",
        '"a\\n"',
        "- a",
        "-a",
        "?a",
        "a?b",
    ),
    *(
        "http://a.b/c?d=1",
        "a #b",
        "a#b",
        "  a",
        "a ",
        "[a,b]",
        "[ a]",
        "[a ]",
        "[-a]",
        "[a - b]",
        "[a:b]",
        '""',
        "''",
        "*",
        "=",
    ),
    *(
        "<<",
        "<a>",
        "（x）",
        "a, b",
        "a]",
        "2024-01-01T08:00:00+08:00",
        ">-",
        "it's",
        'a"b',
        "%a",
        "@a",
        "😀",
        "a:",
        "!a",
        "&a",
        "|",
    ),
]
PIECES = st.sampled_from([*"[]{}:,#\"'-?!&*|>%@`.=~\\ \n\t\xa0\u3000\u2028\x85\ufeffaé党", ": ", ", ", " #", "\n"])
LINES = st.tuples(st.sampled_from(KEYS), st.sampled_from((": ", ": ", ":")), st.sampled_from(VALUES) | PIECES).map(
    "".join
)
HEADS = st.lists(LINES, min_size=1, max_size=4).map("\n".join) | st.lists(PIECES, max_size=8).map("".join)


@pytest.mark.slow
@given(HEADS)
@example("a: b\na: c")
@example("null: a")
@example('a: "b\\n"')
@example("a: b: c")
@example("a: b:")
@example("a: b ")
@example("a: b\x85c")
@example("a: [b, null]")
@example("a: [b, c]\n b: c")
@settings(max_examples=examples(200), deadline=None)
def test_a_simple_head_is_read_as_libyaml_reads_it(text: str) -> None:
    simple = read_simple(text, 2)
    if simple is not None:
        assert (simple, []) == read_any(text, 2, "front-matter-syntax")


def test_most_heads_are_simple() -> None:
    head = 'title: 党支部：走进社区\ndate: 2026-11-20 08:30\ntags: [主题党日, a 1]\nsource: "转自 #1"\nurl: https://a.cn/b?c=1'
    assert read_simple(head, 2) is not None
