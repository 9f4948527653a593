"""Patterns that are compiled when they are first used are like those of ``re``."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import builder
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


def test_every_pattern_of_the_program_can_be_compiled() -> None:
    kind, found = type(pattern_of("")), 0
    for each in pkgutil.walk_packages(builder.__path__, "builder."):
        if each.name != "builder.__main__":
            for pattern in vars(importlib.import_module(each.name)).values():
                if type(pattern) is kind:
                    found += 1
                    assert pattern.groups >= 0, each.name
    assert found > 50
