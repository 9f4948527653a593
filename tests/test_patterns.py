"""Patterns that are compiled when they are first used are like those of ``re``."""

from __future__ import annotations

import re

import pytest

from builder.model.patterns import pattern_of


def test_a_pattern_is_compiled_when_it_is_used() -> None:
    broken = pattern_of("(")
    with pytest.raises(re.error):
        broken.search("")


def test_a_pattern_does_what_one_of_re_does() -> None:
    pattern = pattern_of(r"(?P<day>\d+)\. (\w+)", re.ASCII)
    found = pattern.fullmatch("11. May")
    assert found is not None
    assert found["day"] == "11"
    assert pattern.sub("-", "11. May, 12. June") == "-, -"
    assert pattern.pattern == r"(?P<day>\d+)\. (\w+)"
    assert pattern.groups == 2
    assert pattern_of(rb"[ab]+").findall(b"abc b") == [b"ab", b"b"]
