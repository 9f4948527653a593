"""The shelf on which the workers of one command lay down what they read of each site, where no build keeps it in the state."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import msgspec

from builder.catalogue.catalogue import Catalogue
from builder.model.published import LiveSite, SiteSummary, summary_of
from builder.model.site_id import SiteId
from builder.model.values import Organization

Value = TypeVar("Value")


class _Part(msgspec.Struct, frozen=True):
    part: LiveSite


class Shelf(msgspec.Struct, frozen=True):
    """A folder that is there as long as a command, with what was read of each site: so each of them is worked on by tasks of its
    own, and the command itself holds little more than summaries. The path of the ``folder`` is never used again."""

    folder: Path
    organization: Organization

    def put(self, kind: str, slug: str, content: object) -> None:
        """Lays down something of a kind about a site."""
        (self.folder / f"{SiteId(slug).folder}.{kind}").write_bytes(msgspec.json.encode(content))

    def take(self, kind: str, slug: str, of: type[Value]) -> Value:
        """Returns what was laid down. Raises OSError where there is nothing."""
        return msgspec.json.decode((self.folder / f"{SiteId(slug).folder}.{kind}").read_bytes(), type=of)

    def put_part(self, part: LiveSite) -> SiteSummary:
        """Lays down what a site publishes; returns the summary of it."""
        self.put("part", part.slug, _Part(part))
        return summary_of(part)

    def put_with_part(self, slug: str, content: bytes) -> None:
        """Lays down what a site publishes in JSON that has it under ``part``, with other things."""
        (self.folder / f"{SiteId(slug).folder}.part").write_bytes(content)

    def draw_up(self, summaries: Iterable[SiteSummary]) -> Catalogue:
        """Lays down the overview of all sites; returns the catalogue that workers have from now on."""
        self.put("overview", "", tuple(summaries))
        return self.catalogue()

    def catalogue(self) -> Catalogue:
        """Returns the catalogue of all sites, whose live sites are loaded when they are needed."""
        return Catalogue(self.organization, _overview(self.folder), lambda slug: _part(self.folder, slug))


@lru_cache(maxsize=1)
def _overview(folder: Path) -> tuple[SiteSummary, ...]:
    return msgspec.json.decode((folder / f"{SiteId('').folder}.overview").read_bytes(), type=tuple[SiteSummary, ...])


@lru_cache(maxsize=128)
def _part(folder: Path, slug: str) -> LiveSite:
    return msgspec.json.decode((folder / f"{SiteId(slug).folder}.part").read_bytes(), type=_Part).part
