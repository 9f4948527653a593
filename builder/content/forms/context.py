"""The facts that the forms of one branch are made from."""

from __future__ import annotations

from typing import Literal

from builder.model.struct import Struct
from builder.model.values import Branch, Organization

Program = Literal["sveltia", "decap"]
"""The program that shows the forms."""


class Choice(Struct, frozen=True):
    """A value that can be chosen, and its name for people."""

    value: str
    label: str


class FormContext(Struct, frozen=True):
    """The branch whose forms are made, and the other branches and topics that they offer.

    ``files`` are the source paths of the branch's texts: a section that has texts of several shapes has a list for each of
    them. ``profile``: whoever opens them may write what branch.yml says of the branch. ``hosted``: the host is Branchpress
    itself, which shows every entry as a folder with an ``index.md`` and every value in its long form.
    """

    organization: Organization
    branch: Branch
    branches: tuple[Choice, ...] = ()
    topics: tuple[Choice, ...] = ()
    files: tuple[str, ...] = ()
    hosted: bool = False
    profile: bool = False
    program: Program = "sveltia"

    @property
    def folder(self) -> str:
        """The branch's folder under the root."""
        return f"content/{self.branch.slug}"
