"""The rights that a state of the content gives: owners of each branch, and administrators, who own everything else.

Rights are always read from the state before a change, never from the changed one: nobody can name themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC
from functools import cached_property
from typing import Any

from builder.content.decoding import parse_settings
from builder.content.owners.people import Person, account
from builder.content.owners.tree import Tree
from builder.content.schema.compound import Fields
from builder.content.schema.kinds import BRANCH, ORGANIZATION
from builder.content.schema.types import ReadContext
from builder.messages.codes import severity_of
from builder.messages.translation import N_
from builder.model.site_map import is_reserved
from builder.model.slugs import folded, is_slug
from builder.model.sources import YAMLS

GUARDED_KEYS: Mapping[str, str] = {
    "owners": N_("Owners"),
    "parent": N_("Parent"),
    "url": N_("Own address"),
    "status": N_("Status"),
    "closed": N_("Closed"),
    "formerly": N_("Formerly"),
}
"""The keys of branch.yml that only administrators change, with their names: by them a branch would get rights, a place in
the tree, or addresses that are not its own."""


class Rights:
    """Who may change which path, by one state of the content. Branches are read when they are asked for.

    ``admins`` counts beside those that organization.yml names. ``before`` are the rights by an earlier state: settings that
    are the same are not read again.
    """

    def __init__(self, tree: Tree, admins: Iterable[str] = (), before: Rights | None = None) -> None:
        self._tree = tree
        self._contents: dict[str, bytes | None] = {}
        self._known = (before._contents, before._branches) if before is not None else ({}, {})
        self._branches: dict[str, Mapping[str, Any] | None] = {}
        values = _organization(tree)
        self.admins = tuple(dict.fromkeys((*values.get("admins", ()), *admins)))
        self.inherits: bool = values.get("owners_inherit", False)
        self._folders = tree.names("content")

    def may_change(self, person: Person, path: str) -> bool:
        """Tells whether somebody may change what lies at a path under the root (``content/…``).

        Which keys of a branch.yml may be changed is :func:`guarded_changes`'s affair.
        """
        if self.is_admin(person):
            return True
        slug = self.branch_of(path)
        return bool(slug) and person.is_one_of(self.owners_of(slug))

    def is_admin(self, person: Person) -> bool:
        """Tells whether somebody is an administrator."""
        return person.is_one_of(self.admins)

    def branch_of(self, path: str) -> str:
        """Returns the slug of the branch to whose folder a path belongs; "" for a path of the administrators: outside
        content/, the hub, a folder that is no branch (yet), or the folder itself."""
        content, _, rest = path.partition("/")
        slug, slash, inner = rest.partition("/")
        return slug if content == "content" and slash and inner and self.has_branch(slug) else ""

    def has_branch(self, slug: str) -> bool:
        """Tells whether there is a branch of that very name, with settings of its own."""
        if self._folders.get(slug) != "folder" or not is_slug(slug) or slug == "hub" or is_reserved("branch", slug):
            return False
        return settings_path(self._tree, slug) != ""

    def namesake(self, slug: str) -> str:
        """Returns the branch whose folder has the same name in other letters (case, Unicode form), "" if there is none."""
        own = folded(slug)
        return next((name for name in sorted(self._folders) if name != slug and folded(name) == own), "")

    def branches_of(self, person: Person) -> Iterator[str]:
        """Yields the slugs of the branches that somebody may change, in order."""
        everything = self.is_admin(person)
        for slug in sorted(self._folders):
            if self.has_branch(slug) and (everything or person.is_one_of(self.owners_of(slug))):
                yield slug

    def branches(self) -> Iterator[str]:
        """Yields the slugs of all branches, in order."""
        return (slug for slug in sorted(self._folders) if self.has_branch(slug))

    def owners_of(self, slug: str) -> tuple[str, ...]:
        """Returns the owners of a branch as they are written, without the administrators.

        A branch that names nobody has its parent's owners. With ``owners_inherit`` the owners of all branches above count
        too. Nobody owns a branch whose settings, or those of a branch above that count, cannot be read.
        """
        found: list[str] = []
        seen: set[str] = set()
        while slug and slug not in seen and self.has_branch(slug):
            seen.add(slug)
            values = self._settings(slug)
            if values is None:
                break
            found += values.get("owners", ())
            if found and not self.inherits:
                break
            slug = self._present(values.get("parent", ""))
        names = {account(name): name for name in reversed(found) if account(name)}
        return tuple(reversed(names.values()))

    def depth_of(self, slug: str) -> int:
        """Returns how many branches are above one."""
        seen: set[str] = set()
        while slug and slug not in seen:
            seen.add(slug)
            slug = self._present((self._settings(slug) or {}).get("parent", ""))
        return len(seen) - 1

    def _present(self, slug: str) -> str:
        """Returns the name that a branch has now which has, or had, this one, as the sites have it (``formerly`` is the
        administrators' key)."""
        return slug if not slug or self.has_branch(slug) else self._former.get(folded(slug), slug)

    @cached_property
    def _former(self) -> Mapping[str, str]:
        taken = {folded(slug) for slug in self.branches()}
        found: dict[str, str] = {}
        for slug in self.branches():
            names = (self._settings(slug) or {}).get("formerly", ())
            for name in names if isinstance(names, tuple) else ():
                if folded(name) not in taken:
                    found.setdefault(folded(name), slug)
        return found

    def _settings(self, slug: str) -> Mapping[str, Any] | None:
        if slug not in self._branches:
            path = settings_path(self._tree, slug)
            content = self._tree.read(path) if path else None
            contents, branches = self._known
            same = content is not None and contents.get(slug) == content
            self._branches[slug] = branches[slug] if same else branch_settings(self._tree, slug)
            self._contents[slug] = content
        return self._branches[slug]


def settings_path(tree: Tree, slug: str) -> str:
    """Returns the path of a branch's settings: branch.yml, else one of that name in other letters or with the other ending;
    "" if there is none."""
    path = f"content/{slug}"
    return next((f"{path}/{name}" for name in _likely(tree.names(path), "branch")), "")


def _likely(names: Collection[str], stem: str) -> list[str]:
    known = {f"{stem}{ending}" for ending in YAMLS}
    return sorted((name for name in names if name.lower() in known), key=lambda name: (name != f"{stem}.yml", name))


def _organization(tree: Tree) -> Mapping[str, Any]:
    for name in _likely(tree.names("content"), "organization"):
        return _values(tree.read(f"content/{name}"), ORGANIZATION, ("admins", "owners_inherit", "language")) or {}
    return {}


def language_of(tree: Tree) -> str:
    """Returns the language in which the organization is told something."""
    language: str = _organization(tree).get("language", "zh")
    return language


def branch_settings(tree: Tree, slug: str) -> Mapping[str, Any] | None:
    """Returns the values of the guarded keys in a branch's settings; None if there are none, or they cannot be read."""
    path = settings_path(tree, slug)
    return settings_in(tree, path) if path else None


def settings_in(tree: Tree, path: str) -> Mapping[str, Any] | None:
    """Returns the values of the guarded keys in a file of settings; None if it is none, or they cannot be read."""
    folder, _, name = path.rpartition("/")
    if tree.names(folder).get(name) != "file":
        return None
    return _values(tree.read(path), BRANCH, frozenset(GUARDED_KEYS))


def guarded_changes(before: bytes, after: bytes) -> tuple[str, ...]:
    """Returns the guarded keys whose values a change of a branch.yml changes: all of them if either cannot be read."""
    keys = frozenset(GUARDED_KEYS)
    return changed_keys(_values(before, BRANCH, keys), _values(after, BRANCH, keys))


def changed_keys(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Returns the guarded keys whose values are not the same: all of them if either is not known."""
    if before is None or after is None:
        return tuple(GUARDED_KEYS)
    return tuple(key for key in GUARDED_KEYS if before.get(key) != after.get(key))


def _values(content: bytes | None, schema: Fields, keys: Collection[str]) -> Mapping[str, Any] | None:
    """Returns the values of some keys in a file of settings; None unless those on which rights rest say one thing only.

    Whatever else is wrong in the file does not matter: its owners must be able to correct it.
    """
    if content is None:
        return None
    node, diagnostics = parse_settings(content)
    if node is None or any(severity_of(each.code) == "error" for each in diagnostics):
        return None
    reading = ReadContext(UTC, "content")
    values = {key: value for key, value in (schema.read(node, "", reading) or {}).items() if key in keys}
    broken = {key.partition(".")[0] for key in reading.broken} & set(keys)
    if broken & _RIGHTS or any(each.code == "yaml-duplicate-key" for each in reading.diagnostics):
        return None
    # What is not understood does not count, but it stays a value that may not be exchanged.
    return values | {key: (node.get(key) or node).text for key in broken}


_RIGHTS = frozenset(("owners", "parent", "admins", "owners_inherit"))
