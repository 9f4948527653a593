"""The file format: folders of Markdown and YAML in, typed documents and problems out."""

from builder.content.folder import read_branch, read_hub, shared_settings
from builder.content.settings import find_branches, organization_places, read_organization, read_theme_settings

__all__ = [
    "find_branches",
    "organization_places",
    "read_branch",
    "read_hub",
    "read_organization",
    "read_theme_settings",
    "shared_settings",
]
