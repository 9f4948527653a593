"""A build that takes nothing on trust: what is known from the last release is made all the same, and compared. For tests."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from builder.formats.feeds import FeedItem
from builder.formats.html.site import Site
from builder.messages.problems import Problem
from builder.pipeline.files import OutputFile
from builder.pipeline.plan import page_keys
from builder.store import Manifest, MediaRecord


def compare_pages(site: Site, whole: Site, theme: str, last: Manifest) -> None:
    """Raises RuntimeError if a page that is known from the last release, and so was not derived, would be another one."""
    keys = page_keys(whole, theme)
    wrong = [page.path for page in site.pages if page.known and keys.get(page.path) != last.pages[page.path]]
    if wrong or {page.path for page in site.pages} != {page.path for page in whole.pages}:
        raise RuntimeError(f"derived from more than is told: {wrong}")


def compare_outputs(made: Iterable[OutputFile], last: Manifest) -> Iterator[OutputFile]:
    """Yields files; raises RuntimeError if one has the key that it had in the last release, and would be another one."""
    for each in made:
        same = last.outputs.get(each.path) == each.key
        if same and hashlib.sha256(each.make()).hexdigest() != last.files[each.path].sha256:
            raise RuntimeError(f"made from more than is told: {each.path}")
        yield each


class ReleaseParts(NamedTuple):
    """The parts of a release beside its pages: the keys of its other files, its feed items, problems, copied files, and what its
    feeds have told."""

    outputs: Mapping[str, str]
    items: Mapping[str, FeedItem]
    problems: Iterable[Problem]
    media: Mapping[str, MediaRecord]
    told: Mapping[str, datetime]


def compare_parts(kept: ReleaseParts, whole: ReleaseParts) -> None:
    """Raises RuntimeError if a part that was ``kept`` where only texts were edited would be another one, made as a ``whole``."""
    for name, one, other in zip(ReleaseParts._fields, map(_plain, kept), map(_plain, whole), strict=True):
        if one != other:
            raise RuntimeError(f"kept though it would be another one: {name}")


def _plain(part: object) -> object:
    """Returns a part as it is stored, without what is found in the search; in which order it was told of is no matter."""
    if isinstance(part, Mapping):
        return {path: msgspec.json.encode(each) for path, each in part.items() if not path.startswith("search/")}
    return sorted(map(msgspec.json.encode, part)) if isinstance(part, Iterable) else part
