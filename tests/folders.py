"""A branch's folder, written as text and read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.content import read_branch, read_organization
from builder.content.documents import BranchContent, Document
from builder.model.values import Entry, Organization

ORGANIZATION = """
name: 示范大学
url: https://example.org
sections:
  news: {title: 动态}
  notices: {title: 通知, type: notice}
  policies: {title: 政策, type: policy}
  voices: {title: 感言, type: voice}
  events: {title: 活动, type: event}
  letters: {title: 来信, type: letter}
  about-us: {title: 机构, dated: false}
"""
Load = Callable[..., BranchContent]


def organization_of(root: Path, text: str = ORGANIZATION) -> Organization:
    """Writes organization.yml and reads it."""
    (root / "content").mkdir(exist_ok=True)
    (root / "content" / "organization.yml").write_text(text, "utf-8")
    organization, problems = read_organization(root)
    assert organization is not None, problems
    return organization


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Reads a branch ``a`` from files given by path; branch.yml is there unless it is given."""

    def read(files: dict[str, str | bytes], **options: object) -> BranchContent:
        organization = organization_of(tmp_path)
        shutil.rmtree(tmp_path / "content" / "a", ignore_errors=True)
        for path, content in {"branch.yml": "name: 甲支部\n", **files}.items():
            file = tmp_path / "content" / "a" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_branch(tmp_path, "a", organization, **options)  # type: ignore[arg-type]

    return read


def codes(what: BranchContent | Document) -> list[str]:
    """The codes of a document's problems, or of a whole branch's."""
    if isinstance(what, Document):
        return [problem.code for problem in what.problems]
    return [problem.code for problem in what.problems] + [code for each in what.documents for code in codes(each)]


def only(content: BranchContent) -> Document:
    """The one document of a branch."""
    assert len(content.documents) == 1
    return content.documents[0]


def entry(load: Load, text: str, path: str = "news/2026-11-20-a.md") -> Entry:
    """The entry that a text becomes; it has no problem at all."""
    content = load({path: text})
    assert codes(content) == []
    found = only(content).entry
    assert found is not None
    return found


def faults(load: Load, text: str | bytes, path: str = "news/2026-11-20-a.md") -> list[str]:
    """The problems of a text, as ``line:column code``."""
    content = load({path: text})
    problems = [*content.problems, *(problem for each in content.documents for problem in each.problems)]
    return [f"{each.line or '-'}:{each.column or '-'} {each.code}" for each in problems]
