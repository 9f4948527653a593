"""YAML with some values changed: everything else stays sign by sign."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.content.yaml.nodes import read_yaml
from builder.content.yaml.rewrite import _LONGEST_LIST, Plain, RewriteError, Value, rewrite

TEXT = """# head
title: "甲乙"   # remark
date: 2026/11/22
number: 010
share: 1.10
tags: [a, 中文, "c d"]
list:
  - one   # x

  - two
# between
flush:
- one
- {file: a, title: b}
- file: x.pdf
  title: T
empty:
nothing: ~
long: hello
  world
block: |
  a
  b

# after
period: {from: 2026-01-01, to: 2026-02-02}
inner:
  x: 1
  y: 2
folded: >-
  a
  b
"""
PERIOD = "period: {from: 2026-01-01, to: 2026-02-02}"
OLD_ITEM: Value = {"file": "a", "title": "b"}
LAST_ITEM: Value = {"file": "x.pdf", "title": "T"}


def changed(changes: dict[str, Value | None], text: str = TEXT, order: tuple[str, ...] = ()) -> list[str]:
    """The lines that go and come."""
    new = rewrite(text, changes, order)
    lines = difflib.unified_diff(text.splitlines(), new.splitlines(), n=0, lineterm="")
    return [line for line in list(lines)[2:] if not line.startswith("@@")]


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({}, []),
        ({"title": "新"}, ['-title: "甲乙"   # remark', '+title: "新"   # remark']),
        ({"date": "2026-11-30"}, ["-date: 2026/11/22", "+date: 2026-11-30"]),
        ({"number": "011"}, ["-number: 010", "+number: 011"]),
        ({"share": "1.20"}, ["-share: 1.10", "+share: 1.20"]),
        ({"tags": ["a", "新", "c d"]}, ['-tags: [a, 中文, "c d"]', '+tags: [a, 新, "c d"]']),
        ({"list": ["one", "three", "four"]}, ["-  - two", "+  - three", "+  - four"]),
        ({"list": ["two"]}, ["-  - one   # x"]),
        ({"list": ["zero", "one", "two"]}, ["+  - zero"]),
        ({"flush": ["one", OLD_ITEM, {"file": "x.pdf", "title": "新"}]}, ["-  title: T", "+  title: 新"]),
        ({"flush": ["one", OLD_ITEM]}, ["-- file: x.pdf", "-  title: T"]),
        ({"flush": ["one", OLD_ITEM, LAST_ITEM, {"file": "n"}]}, ["+- file: n"]),
        ({"empty": "值"}, ["-empty:", "+empty: 值"]),
        ({"nothing": "x"}, ["-nothing: ~", "+nothing: x"]),
        ({"long": "q"}, ["-long: hello", "-  world", "+long: q"]),
        ({"block": "a\nc\n"}, ["-  b", "+  c"]),
        ({"block": None}, ["-block: |", "-  a", "-  b"]),
        ({"period": {"to": "2026-03-03"}}, [f"-{PERIOD}", f"+{PERIOD.replace('02-02', '03-03')}"]),
        ({"period": {"from": None}}, [f"-{PERIOD}", "+period: {to: 2026-02-02}"]),
        ({"inner": {"x": None, "z": Plain("3")}}, ["-  x: 1", "+  z: 3"]),
        ({"draft": Plain("true")}, ["+draft: true"]),
        ({"note": "true"}, ['+note: "true"']),
        ({"note": "# no remark"}, ['+note: "# no remark"']),
        ({"note": "a: b"}, ['+note: "a: b"']),
        ({"note": "1.10"}, ['+note: "1.10"']),
        ({"starts": "2026-11-20 09:30"}, ["+starts: 2026-11-20 09:30"]),
    ],
)  # fmt: skip
def test_only_what_changes_is_written(changes: dict[str, Value | None], lines: list[str]) -> None:
    assert changed(changes) == lines


def test_a_new_key_has_its_place() -> None:
    assert rewrite("title: a\ndate: 2026-11-20\n", {"summary": "x"}, ("title", "summary", "date")).splitlines() == [
        "title: a",
        "summary: x",
        "date: 2026-11-20",
    ]


def test_new_lists_are_written_as_the_others() -> None:
    assert changed({"b": ["x"]}, "a:\n- y\n") == ["+b:", "+- x"]
    assert changed({"b": ["x"]}, "a:\n    - y\n") == ["+b:", "+    - x"]
    assert changed({"b": ["x"]}, "a: [y]\n") == ["+b: [x]"]
    assert changed({"b": ["x"]}, "") == ["+b: [x]"]
    long = "x" * (_LONGEST_LIST - len("[]"))
    assert changed({"b": [long]}, "a: [y]\n") == [f"+b: [{long}]"]
    assert changed({"b": [f"{long}x"]}, "a: [y]\n") == ["+b:", f"+  - {long}x"]


def test_an_empty_line_at_the_beginning_stays() -> None:
    assert rewrite("\na: [\n  y]\n", {"a": None, "b": "x"}) == "\nb: x\n"
    assert rewrite("\na: y\n", {"a": "x"}) == "\na: x\n"


def test_what_is_no_mapping_is_refused() -> None:
    for text in ("- a\n", "a: [\n"):
        with pytest.raises(RewriteError):
            rewrite(text, {"a": "x"})


WORDS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufffe\uffff\x85\u2028\u2029"), max_size=30
)


@given(
    st.dictionaries(st.sampled_from(["title", "date", "number", "new", "empty", "folded", "list"]), WORDS, min_size=1)
)
def test_every_text_reads_back(values: dict[str, str]) -> None:
    wanted = {key: value.strip() for key, value in values.items() if value.strip()}
    node, diagnostics = read_yaml(rewrite(TEXT, wanted))
    assert node is not None, diagnostics
    assert diagnostics == []
    found = {name.text: value.text for name, value in node.pairs}
    assert {key: found[key] for key in wanted} == wanted
    before, _ = read_yaml(TEXT)
    assert before is not None
    kept = {name.text: value.text for name, value in before.pairs if name.text not in wanted}
    assert {key: found[key] for key in kept} == kept


@given(st.lists(WORDS.map(str.strip).filter(bool), max_size=5), st.sampled_from(["tags", "list", "flush", "other"]))
def test_every_list_reads_back(values: list[str], key: str) -> None:
    node, diagnostics = read_yaml(rewrite(TEXT, {key: values}))
    assert node is not None, diagnostics
    assert [item.text for item in (node.get(key) or node).items] == values
