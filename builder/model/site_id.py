"""The name of a site, and what follows from it."""

from __future__ import annotations

from typing import NamedTuple

_HUB = "hub"


class SiteId(NamedTuple):
    """The name of a site: a branch's slug, or empty for the hub."""

    slug: str

    @classmethod
    def of(cls, source: str) -> SiteId:
        """Returns the site that a source path (``content/…``) or the name of a site's folder belongs to."""
        folder = source.removeprefix("content/").partition("/")[0]
        return cls("" if folder == _HUB else folder)

    @property
    def folder(self) -> str:
        """The name of its folder in content/ and in the store, and of the site in logs and reports."""
        return self.slug or _HUB

    @property
    def source(self) -> str:
        """The path of its folder under the root."""
        return f"content/{self.folder}"

    @property
    def settings(self) -> str:
        """The path of the file that holds its settings."""
        return f"content/{self.slug}/branch.yml" if self.slug else "content/organization.yml"

    @property
    def home(self) -> str:
        """The path of its home page."""
        return f"/{self.slug}/" if self.slug else "/"
