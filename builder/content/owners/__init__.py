"""Who may change which path: owners of branches, administrators, and the checks of a change against them."""

from builder.content.owners.people import Members, Person, read_members
from builder.content.owners.rights import GUARDED_KEYS, Rights, guarded_changes
from builder.content.owners.tree import FolderTree, Tree

__all__ = [
    "GUARDED_KEYS",
    "FolderTree",
    "Members",
    "Person",
    "Rights",
    "Tree",
    "guarded_changes",
    "read_members",
]
