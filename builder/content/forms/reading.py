"""The facts for a branch's forms, read from a root folder."""

from __future__ import annotations

from pathlib import Path

from builder.content import find_branches, read_branch, read_hub
from builder.content.decoding import read_settings
from builder.content.forms.context import Choice, FormContext, Program
from builder.content.schema.names import own_key
from builder.content.settings import branch_stub
from builder.model.values import Organization


def read_form_context(
    root: Path, organization: Organization, slug: str, program: Program, *, hosted: bool = False
) -> FormContext:
    """Reads a branch, and the names of other branches and of topics."""
    content = read_branch(root, slug, organization)
    return FormContext(
        organization=organization,
        branch=content.branch or branch_stub(slug, organization),
        branches=tuple(each for each in branch_choices(root) if each.value != slug),
        topics=topic_choices(root, organization),
        files=tuple(document.path for document in content.documents),
        hosted=hosted,
        program=program,
    )


def branch_choices(root: Path) -> tuple[Choice, ...]:
    """Returns all branches with their names, by slug."""
    slugs = find_branches(root).slugs
    return tuple(Choice(value=slug, label=_name(root, slug)) for slug in slugs)


def _name(root: Path, slug: str) -> str:
    """Returns the name that a branch gives itself, the short one first; the name of its folder if that cannot be read."""
    node, _ = read_settings(root / "content" / slug / "branch.yml", root / "content")
    keys = ("short_name", "name")
    found = {own_key(name.text, keys): value.text.strip() for name, value in reversed(node.pairs)} if node else {}
    return found.get("short_name") or found.get("name") or slug


def topic_choices(root: Path, organization: Organization) -> tuple[Choice, ...]:
    """Returns the topics with their titles, by slug."""
    topics = (document.topic for document in read_hub(root, organization).documents)
    return tuple(Choice(value=topic.slug, label=topic.title) for topic in topics if topic is not None)
