"""One unit in several languages: which branches are each other's counterparts. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from builder.model.values import Branch


def translation_fault(branches: Mapping[str, Branch], slug: str, language: str, other: str) -> str:
    """Returns the code of what is wrong with the branch ``slug`` naming ``other`` as its counterpart in ``language``; empty if
    the two can lead to each other."""
    if other not in branches:
        return "translation-unknown"
    own = branches[slug].language
    if branches[other].language != language or language == own:
        return "translation-language"
    return "" if dict(branches[other].translations).get(own, slug) == slug else "translation-elsewhere"


def resolve_translations(branches: Mapping[str, Branch]) -> Mapping[str, Mapping[str, str]]:
    """Returns the counterparts of each branch that has some, by language. Who is named leads back, whether or not it says so; of
    several that name one, the first in order has it."""
    found: dict[str, dict[str, str]] = {}
    for slug, language, other in _named(branches):
        own = branches[slug].language
        if found.get(other, {}).get(own, slug) == slug and found.get(slug, {}).get(language, other) == other:
            found.setdefault(slug, {})[language] = other
            found.setdefault(other, {})[own] = slug
    return {slug: dict(sorted(others.items())) for slug, others in sorted(found.items())}


def _named(branches: Mapping[str, Branch]) -> Iterator[tuple[str, str, str]]:
    for slug, branch in sorted(branches.items()):
        for language, other in branch.translations:
            if not translation_fault(branches, slug, language, other):
                yield slug, language, other
