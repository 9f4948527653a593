"""Folders that come with the program: the theme, and templates for those who run it.

In a checkout they lie beside builder/, installed they are in it (pyproject.toml says so).
"""

from __future__ import annotations

from pathlib import Path


def shipped_folder(name: str) -> Path:
    """Returns the folder ``theme`` or ``deploy`` as it comes with the program."""
    package = Path(__file__).parents[1]
    installed = package / name
    return installed if installed.is_dir() else package.parent / name


def theme_folder(root: Path) -> Path:
    """Returns the theme of an organization: its own folder theme/, or the one that comes with the program."""
    own = root / "theme"
    return (own if own.is_dir() else shipped_folder("theme")).resolve()
