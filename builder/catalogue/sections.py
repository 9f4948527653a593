"""The sections of the whole organization, which the hub lists over all branches, and the names that they had. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from builder.model.values import Branch, Organization, Section


class HubSections(msgspec.Struct, frozen=True):
    """The sections by slug: ``shown`` in the hub, and ``hidden``, which no branch shows but which have subscribers.
    ``former`` is the present name by each former one."""

    shown: Mapping[str, Section]
    hidden: Mapping[str, Section]
    former: Mapping[str, str]

    def present(self, name: str) -> str:
        """Return the present name of a section: a branch may still have the folder under a former one."""
        return self.former.get(name, name)

    def former_names(self, slug: str) -> tuple[str, ...]:
        """Return the former names of a section, the first first."""
        return tuple(name for name, present in self.former.items() if present == slug)


def undated_sections(branches: Mapping[str, Branch]) -> frozenset[tuple[str, str]]:
    """Return the sections without dates: the slugs of the branch and of the section."""
    return frozenset(
        (slug, section.slug) for slug, branch in branches.items() for section in branch.sections if not section.dated
    )


def hub_path(section: Section) -> str:
    """Return the path of the hub's page that lists a section. What takes place has one page, and so have letters, whatever
    branches call their sections: no two pages have one purpose."""
    if section.kind.takes_place:
        return "/events/"
    return "/letters/" if section.kind.gets_replies else f"/sections/{section.slug}/"


def hub_sections(organization: Organization, branches: Mapping[str, Branch]) -> HubSections:
    """Return the organization's sections, then those that branches added, by slug."""
    known = {section.slug: section for section in organization.sections}
    former = {name: section.slug for section in known.values() for name in section.formerly if name not in known}
    added: dict[str, Section] = {}
    hidden: dict[str, Section] = {}
    for _, branch in sorted(branches.items()):
        for section in branch.sections:
            if section.slug not in known and section.slug not in former:
                (hidden if section.slug in branch.hidden else added).setdefault(section.slug, section)
    shown = {**known, **{slug: added[slug] for slug in sorted(added)}}
    unseen = {slug: hidden[slug] for slug in sorted(hidden) if slug not in shown}
    for name, slug in _added_names(branches):
        if slug not in known and name not in shown and name not in unseen:
            former.setdefault(name, slug)
    return HubSections(shown, unseen, former)


def _added_names(branches: Mapping[str, Branch]) -> Iterator[tuple[str, str]]:
    for _, branch in sorted(branches.items()):
        yield from ((name, section.slug) for section in branch.sections for name in branch.former_names(section))
