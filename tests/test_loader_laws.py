"""Laws of the loader: whatever stands in a file, reading ends, and every problem has its words."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from conftest import examples
from folders import organization_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder.content import read_branch
from builder.content.encodings import decode
from builder.content.entries import cut
from builder.content.front_matter import split
from builder.content.schema.kinds import KINDS
from builder.content.schema.types import ReadContext
from builder.content.yaml.nodes import read_yaml
from builder.messages.formats import describe
from builder.messages.translation import translator

_WORDS = """--- title: date: 2026-11-20 draft: true 标题： [ ] { } " ' : # - &a !x > <<: body: tags: 走访 ``` <<<<<<< ======="""
_SIGNS = ("\n", "\n---\n", "\n  ", ": ", " ", "|", "\t", "\x07", "\r", "\u2028", "\ufeff", "\ntitle: A\n")
_PARTS = st.lists(st.sampled_from((*_WORDS.split(), *_SIGNS)), max_size=25).map("".join)
_TEXTS = st.builds(
    str.__add__, st.sampled_from(["", "---\n", "---\ntitle: A\n", "question: x\nreceived: 2026-11-20\n"]), _PARTS
)
_FIXTURES = [HealthCheck.function_scoped_fixture]


@given(
    text=_TEXTS,
    name=st.sampled_from(["news/2026-11-20-a.md", "events/a.yml", "letters/a.yml", "about.md", "branch.yml"]),
)
@settings(max_examples=examples(75), deadline=None, suppress_health_check=_FIXTURES)
@pytest.mark.slow
def test_any_text_is_read_and_every_problem_is_told(tmp_path: Path, text: str, name: str) -> None:
    organization = organization_of(tmp_path)
    folder = tmp_path / "content" / "a"
    for path, content in {"branch.yml": "name: 甲\n", name: text}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content, "utf-8", newline="")
    content = read_branch(tmp_path, "a", organization)
    (folder / name).unlink()
    for document in content.documents:
        errors = [problem for problem in document.problems if problem.severity == "error"]
        assert (document.subject is None) == bool(errors)
        assert [document.entry, document.page, document.topic].count(None) >= 2
    lines = len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    for problem in (*content.problems, *(problem for each in content.documents for problem in each.problems)):
        assert 1 <= (problem.line or 1) <= lines
        assert (problem.column or 1) >= 1
        for language in ("zh", "en"):
            assert all(describe(problem, translator(language)))


@given(st.binary(max_size=200))
def test_bytes_become_text_or_nothing(content: bytes) -> None:
    found = decode(content)
    assert found is None or "\r" not in found.text


@given(_TEXTS)
def test_front_matter_and_body_are_all_of_a_text(text: str) -> None:
    text = text.replace("\r", "\n")
    parts, fault = split(text)
    lines = text.split("\n")
    if fault is None and parts.matter is not None:
        assert "\n".join(lines[parts.body_line - 1 :]) == parts.body
        assert parts.matter.split("\n") == lines[parts.matter_line - 1 : parts.body_line - 2] or not parts.matter
    elif fault is None:
        assert parts.body == text


@given(_TEXTS, st.sampled_from(sorted(KINDS)))
@settings(deadline=None)
def test_any_yaml_is_read_by_any_schema(text: str, kind: str) -> None:
    node, diagnostics = read_yaml(text)
    assert node is not None or diagnostics
    if node is not None:
        reading = ReadContext(UTC, "content/a")
        KINDS[kind].read(node, "", reading)
        assert all(each.line and each.column for each in (*diagnostics, *reading.diagnostics))


@given(st.text(alphabet="a好 。.！?”\n", max_size=400))
def test_a_summary_is_a_beginning(text: str) -> None:
    line, short = " ".join(text.split()), cut(text)
    assert len(short) <= 160
    assert line.startswith(short.removesuffix("…"))
